"""Spans from Jaeger.

Jaeger finds traces of one service at a time. From version 2.21 on its v3 interface finds them by
attribute; before, only the older interface does, while v3 alone returns a trace unchanged.

Source: `api_v3/query_service.proto` of jaeger-idl; run against Jaeger 2.13.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from cxotel import semconv
from cxotel.reading.http import BAD_REQUEST, NOT_FOUND, Backend, Window
from cxotel.reading.model import of_journey
from cxotel.reading.otlp_json import spans_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.reading.model import Span

DEFAULT_ENDPOINT: Final = "http://localhost:16686"
MOST_TRACES: Final = 1_000
"""Traces of one journey that are asked for, of each service."""


class JaegerSource:
    """Read journeys from Jaeger.

    Args:
        endpoint: Base URL of Jaeger's query interface.
        hours: How many hours back to search.
    """

    def __init__(self, endpoint: str = DEFAULT_ENDPOINT, hours: float = 168.0) -> None:
        self._backend = Backend("Jaeger", endpoint)
        self._window = Window.last(hours)

    def __str__(self) -> str:
        return f"Jaeger at {self._backend.endpoint}"

    def spans(self, journey_id: str) -> list[Span]:
        """Return the spans of one journey.

        Args:
            journey_id: The journey's id.

        Raises:
            SourceError: Jaeger does not answer as Jaeger does.
        """
        found: list[Span] = []
        known: set[str] = set()
        for service in self._services():
            by_attribute = self._by_attribute(service, journey_id)
            if by_attribute is not None:
                found += by_attribute
                continue
            for trace_id in self._by_tag(service, journey_id):
                if trace_id not in known:
                    known.add(trace_id)
                    found += self._trace(trace_id)
        return of_journey(found, journey_id)

    def _services(self) -> list[str]:
        _, answer = self._backend.ask("/api/v3/services")
        return [str(service) for service in self._backend.listed(answer, "services")]

    def _by_attribute(self, service: str, journey_id: str) -> list[Span] | None:
        """Search as later versions do; `None` where this one does not know how."""
        start, end = self._window.rfc3339()
        status, answer = self._backend.ask(
            "/api/v3/traces",
            {
                "query.serviceName": service,
                "query.attributes": json.dumps({semconv.CX_JOURNEY_ID: journey_id}),
                "query.startTimeMin": start,
                "query.startTimeMax": end,
                "query.searchDepth": str(MOST_TRACES),
            },
        )
        if status == BAD_REQUEST:
            return None
        if answer is None:
            raise self._backend.stranger()
        return [] if status == NOT_FOUND else list(spans_of(answer))

    def _by_tag(self, service: str, journey_id: str) -> Iterator[str]:
        _, answer = self._backend.ask(
            "/api/traces",
            {
                "service": service,
                "tags": json.dumps({semconv.CX_JOURNEY_ID: journey_id}),
                "start": str(int(self._window.start * 1e6)),
                "end": str(int(self._window.end * 1e6)),
                "limit": str(MOST_TRACES),
            },
        )
        for trace in self._backend.listed(answer, "data"):
            yield str(trace["traceID"]).zfill(32)

    def _trace(self, trace_id: str) -> Iterator[Span]:
        _, answer = self._backend.ask(f"/api/v3/traces/{quote(trace_id)}")
        return spans_of(answer)
