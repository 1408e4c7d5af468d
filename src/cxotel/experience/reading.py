"""From a span's or an event's attributes to evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxotel.experience.evidence import Evidence


def read(
    attributes: Mapping[str, object],
    *,
    id: str,  # noqa: A002
    start: int,
    end: int,
    step: str | None,
) -> Evidence | None:
    """Return the evidence that *attributes* carry, or None.

    Args:
        attributes: Attributes of a span or of a span event.
        id: Id to use where the attributes give none: the span's id (and the event's number).
        start: Start of the span or time of the event, ms since the epoch.
        end: End of the span or time of the event, ms since the epoch.
        step: Step that the span belongs to, where the attributes do not say.
    """
    return None
