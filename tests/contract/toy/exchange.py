"""The far end: Switchboard's HTTP interface on a free port of this machine."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from typing_extensions import Self


class Exchange:
    """A loopback server; `with Exchange() as exchange: Client(exchange.url)`."""

    def __init__(self) -> None:
        self.slow = False
        """Whether it never answers."""
        self.cut = False
        """Whether it hangs up in the middle of a transcript."""
        self.ids = count(1)
        self.stopping = threading.Event()
        self._server = _Server(self)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def reset(self) -> None:
        """Answer as usual again."""
        self.slow = self.cut = False

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that hang up."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def exchange(self) -> Exchange:
        """The exchange that answers."""
        return cast("_Server", self.server).exchange

    def do_POST(self) -> None:
        """Place a call."""
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        exchange = self.exchange
        if exchange.slow:
            exchange.stopping.wait()
        elif sent["to"].startswith("+"):
            self._answer(201, {"id": f"C{next(exchange.ids)}", "state": "dialing", **sent})
        else:
            message = f"{sent['to']} cannot be called ({sent['note']})"
            self._answer(400, {"code": "bad_number", "message": message})

    def do_GET(self) -> None:
        """Tell of a call, or what was said in it."""
        if self.path.endswith("/transcript"):
            self._transcript()
        else:
            queue = {"name": "billing", "waited_ms": 240_000}
            call_id = self.path.rpartition("/")[2]
            self._answer(200, {"id": call_id, "state": "talking", "queue": queue})

    def _transcript(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for text in ("hello", "my order is late", "I see"):
            line = json.dumps({"text": text}).encode() + b"\n"
            self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
            if self.exchange.cut:
                self.close_connection = True
                return
        self.wfile.write(b"0\r\n\r\n")

    def _answer(self, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its parent's name
        """Print nothing."""
