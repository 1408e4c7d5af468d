"""A web server on loopback, for what is told something over HTTP."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from backends.programs import HOST

if TYPE_CHECKING:
    import ssl
    from types import TracebackType

    from typing_extensions import Self


class Listening:
    """A web server that answers for the length of a `with`.

    Args:
        handler: What answers.
        port: Where it listens; any free port where left out.
        context: With it, the server speaks TLS.

    Attributes:
        port: Where it listens.
    """

    def __init__(
        self,
        handler: type[BaseHTTPRequestHandler],
        port: int = 0,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._server = ThreadingHTTPServer((HOST, port), handler)
        # A client's idle connection must not keep the server from ending.
        self._server.daemon_threads = True
        if context is not None:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self.port = self._server.server_port

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


class Quiet(BaseHTTPRequestHandler):
    """What answers, without a word on standard error."""

    def body(self) -> bytes:
        """Return what came with the request."""
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def reply(self, status: int) -> None:
        """Answer with a status, and without a body."""
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""
