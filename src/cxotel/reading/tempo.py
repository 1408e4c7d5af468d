"""Spans from Grafana Tempo.

Source: Tempo's HTTP API, "Search" and "Query V2"; run against Tempo 3.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from cxotel import semconv
from cxotel.reading.http import BAD_REQUEST, NOT_FOUND, Backend, Window
from cxotel.reading.model import SourceError, of_journey
from cxotel.reading.otlp_json import spans_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.reading.model import Span

DEFAULT_ENDPOINT: Final = "http://localhost:3200"
MOST_TRACES: Final = 1_000
"""Traces of one journey that are asked for."""


class TempoSource:
    """Read journeys from Tempo, which knows a trace some seconds after it was sent.

    Args:
        endpoint: Base URL of Tempo.
        hours: How many hours back to search: Tempo's default limit is 168.
    """

    def __init__(self, endpoint: str = DEFAULT_ENDPOINT, hours: float = 168.0) -> None:
        self._backend = Backend("Tempo", endpoint)
        self._window = Window.last(hours)
        self._hours = hours

    def __str__(self) -> str:
        return f"Tempo at {self._backend.endpoint}"

    def spans(self, journey_id: str) -> list[Span]:
        """Return the spans of one journey.

        Args:
            journey_id: The journey's id.

        Raises:
            SourceError: Tempo does not answer as Tempo does, or is asked for too long a time.
        """
        found = [span for trace_id in self._search(journey_id) for span in self._trace(trace_id)]
        return of_journey(found, journey_id)

    def _search(self, journey_id: str) -> Iterator[str]:
        # Without both ends of the time only the latest minutes are searched.
        status, answer = self._backend.ask(
            "/api/search",
            {
                "q": f'{{ span.{semconv.CX_JOURNEY_ID} = "{journey_id}" }}',
                "limit": str(MOST_TRACES),
                "start": str(int(self._window.start)),
                "end": str(int(self._window.end)),
            },
        )
        if status == BAD_REQUEST:
            raise SourceError(
                f"{self} does not search {self._hours:g} hours at once. Search fewer with --hours"
            )
        for trace in self._backend.listed(answer, "traces"):
            yield str(trace["traceID"]).zfill(32)

    def _trace(self, trace_id: str) -> Iterator[Span]:
        status, answer = self._backend.ask(f"/api/v2/traces/{quote(trace_id)}")
        if status == NOT_FOUND:
            _, answer = self._backend.ask(f"/api/traces/{quote(trace_id)}")
        return spans_of(answer)
