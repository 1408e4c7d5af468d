"""A receiver of OTLP over HTTP with moods, and a proxy, both on loopback."""

from __future__ import annotations

import threading
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from opentelemetry.proto.collector.trace.v1 import trace_service_pb2

if TYPE_CHECKING:
    import ssl
    from types import TracebackType

    from typing_extensions import Self


class Listening:
    """A server that runs for the length of a `with`.

    Args:
        port: Where it listens; any free port where left out.
        context: With it, the server speaks TLS.
    """

    def __init__(self, port: int = 0, context: ssl.SSLContext | None = None) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self.handler())
        self._server.daemon_threads = True
        if context is not None:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self.port = self._server.server_port

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """Return what answers."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        """Listen."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Moody(Listening):
    """A receiver that answers with the status that it is told to."""

    status = 200

    def __init__(self, port: int = 0, context: ssl.SSLContext | None = None) -> None:
        self.spans: set[bytes] = set()
        super().__init__(port, context)

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """Return what keeps spans where the mood is good."""
        moody = self

        class Handler(_Quiet):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
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

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """Return what passes a request on."""
        proxy = self

        class Handler(_Quiet):
            def do_POST(self) -> None:
                proxy.passed += 1
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                there = urlsplit(self.path)
                onward = HTTPConnection(there.hostname or "", there.port, timeout=5.0)
                onward.request("POST", there.path, body, dict(self.headers))
                self.reply(onward.getresponse().status)
                onward.close()

        return Handler


class _Quiet(BaseHTTPRequestHandler):
    """An answer without a body, and without a word on standard error."""

    def reply(self, status: int) -> None:
        """Answer with a status."""
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing: a test's output is its own."""


def span_ids(body: bytes) -> set[bytes]:
    """Return the ids of the spans of a request."""
    request: Any = trace_service_pb2.ExportTraceServiceRequest.FromString(body)
    return {
        span.span_id
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    }
