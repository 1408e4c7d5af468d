"""Read journeys back from where they were sent: a file, Jaeger, Tempo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from cxotel.reading.model import Event, Link, SourceError, Span, in_order, journey_ids, of_journey

if TYPE_CHECKING:
    import os

__all__ = [
    "Event",
    "Link",
    "Source",
    "SourceError",
    "Span",
    "in_order",
    "journey_ids",
    "of_journey",
    "open_source",
]


class Source(Protocol):
    """Where spans are kept."""

    def spans(self, journey_id: str) -> list[Span]:
        """Return the spans of one journey, in the order in which they started."""
        ...


def open_source(
    where: str | os.PathLike[str], endpoint: str | None = None, hours: float = 168.0
) -> Source:
    """Return the source that *where* names.

    Args:
        where: `jaeger`, `tempo`, or the path of a file of OTLP JSON lines.
        endpoint: Base URL of Jaeger or Tempo, where it is not on this machine.
        hours: How many hours back Jaeger and Tempo are searched.

    Example:
        >>> str(open_source("jaeger"))
        'Jaeger at http://localhost:16686'
    """
    if where == "jaeger":
        from cxotel.reading import jaeger

        return jaeger.JaegerSource(endpoint or jaeger.DEFAULT_ENDPOINT, hours)
    if where == "tempo":
        from cxotel.reading import tempo

        return tempo.TempoSource(endpoint or tempo.DEFAULT_ENDPOINT, hours)
    from cxotel.reading.file import FileSource

    return FileSource(where)
