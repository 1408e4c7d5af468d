"""What stands for a pager: it takes what Alertmanager sends."""

from __future__ import annotations

import json
import time
from queue import Empty, Queue
from typing import TYPE_CHECKING, Any, NamedTuple

from backends.listening import Listening, Quiet
from backends.programs import HOST

if TYPE_CHECKING:
    from collections.abc import Callable


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


class Pager(Listening):
    """A web server on a free port of loopback, for the length of a `with`.

    Args:
        told: Called with each notice.

    Attributes:
        url: Where it is told, with a slash at the end.
        notices: What it was told.
    """

    def __init__(self, told: Callable[[Notice], object] | None = None) -> None:
        self.notices: Queue[Notice] = Queue()
        super().__init__(_handler(told or self.notices.put))
        self.url = f"http://{HOST}:{self.port}/"

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


def _handler(told: Callable[[Notice], object]) -> type[Quiet]:
    class Handler(Quiet):
        def do_POST(self) -> None:
            """Take what is told."""
            for alert in json.loads(self.body())["alerts"]:
                told(Notice(self.path, alert, time.monotonic()))
            self.reply(200)

    return Handler
