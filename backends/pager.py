"""What stands for a pager: it takes what Alertmanager sends."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from backends.programs import HOST

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from typing_extensions import Self


class Notice(NamedTuple):
    """One alert that was told.

    Attributes:
        path: `/` for a page, `/tickets` for a ticket.
        alert: The alert, as Alertmanager's webhook has it.
        at: When it was told, on the monotonic clock.
    """

    path: str
    alert: dict[str, Any]
    at: float


class Pager:
    """A web server on a free port of loopback, for the length of a `with`.

    Args:
        told: Called with each notice.

    Attributes:
        url: Where it is told, with a slash at the end.
        notices: What it was told.
    """

    def __init__(self, told: Callable[[Notice], object] | None = None) -> None:
        self.notices: Queue[Notice] = Queue()
        self._server = _Server((HOST, 0), _Handler)
        self._server.told = told or self.notices.put
        self.url = f"http://{HOST}:{self._server.server_port}/"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def page(self, seconds: float) -> Notice:
        """Return the next page; tickets are passed over.

        Args:
            seconds: How long to wait for it.

        Raises:
            TimeoutError: None came.
        """
        end = time.monotonic() + seconds
        while True:
            try:
                notice = self.notices.get(timeout=max(0.01, end - time.monotonic()))
            except Empty:
                raise TimeoutError(f"no page within {seconds:.0f} s") from None
            if notice.path == "/":
                return notice

    def __enter__(self) -> Self:
        """Serve."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    told: Callable[[Notice], object]


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        """Take what is told."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        for alert in body["alerts"]:
            cast("_Server", self.server).told(Notice(self.path, alert, time.monotonic()))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its parent's name
        """Say nothing."""
