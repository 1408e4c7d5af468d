"""A receiver of OTLP over HTTP with moods, and a proxy, both on loopback."""

from __future__ import annotations

from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from opentelemetry.proto.collector.trace.v1 import trace_service_pb2

from backends.listening import Listening, Quiet

if TYPE_CHECKING:
    import ssl


class Moody(Listening):
    """A receiver that answers with the status that it is told to."""

    status = 200

    def __init__(self, port: int = 0, context: ssl.SSLContext | None = None) -> None:
        self.spans: set[bytes] = set()
        super().__init__(self._handler(), port, context)

    def _handler(self) -> type[Quiet]:
        """Return what keeps spans where the mood is good."""
        moody = self

        class Handler(Quiet):
            def do_POST(self) -> None:
                body = self.body()
                if moody.status == 200:
                    moody.spans |= span_ids(body)
                self.reply(moody.status)

        return Handler


class Proxy(Listening):
    """A forward proxy for plain HTTP.

    Attributes:
        passed: How many requests it passed on.
    """

    passed = 0

    def __init__(self, port: int = 0) -> None:
        super().__init__(self._handler(), port)

    def _handler(self) -> type[Quiet]:
        """Return what passes a request on."""
        proxy = self

        class Handler(Quiet):
            def do_POST(self) -> None:
                proxy.passed += 1
                there = urlsplit(self.path)
                onward = HTTPConnection(there.hostname or "", there.port, timeout=5.0)
                onward.request("POST", there.path, self.body(), dict(self.headers))
                self.reply(onward.getresponse().status)
                onward.close()

        return Handler


def span_ids(body: bytes) -> set[bytes]:
    """Return the ids of the spans of a request."""
    request: Any = trace_service_pb2.ExportTraceServiceRequest.FromString(body)
    return {
        span.span_id
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    }
