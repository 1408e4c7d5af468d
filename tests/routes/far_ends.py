"""Loopback systems that answer as the tables expect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.far_end import HttpFarEnd, route
from cxotel.demo.far_ends.faults import Failure
from cxotel.demo.far_ends.wire import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cxotel.demo.far_ends.far_end import Handler, Route
    from cxotel.demo.far_ends.wire import Received

FAILURES = {
    "not_found": Failure(404, "not_found", "There is no such thing"),
    "throttled": Failure(429, "too_many", "Not so fast"),
    "server_error": Failure(500, "internal", "It is our fault"),
    "invalid": Failure(400, "invalid_value", "That cannot be"),
}


def _plainly(failure: Failure) -> object:
    return {"code": failure.code, "message": failure.message}


class SystemFarEnd(HttpFarEnd):
    """A system that answers each of its routes with a fixed content.

    Args:
        system: Its name.
        answers: A method and a path, to a status and a content.
        headers: Headers of each reply.
        wrap: Puts an error's code and message into the system's own form.
    """

    def __init__(
        self,
        system: str,
        answers: Mapping[str, tuple[int, Any]],
        headers: Mapping[str, str] | None = None,
        wrap: Callable[[Failure], object] | None = None,
    ) -> None:
        self._headers = dict(headers or {})
        self._wrap = wrap or _plainly
        made: list[Route] = []
        for key, (status, content) in answers.items():
            method, _, path = key.partition(" ")
            made.append(route(key, method, path, self._answering(status, content)))
        super().__init__(system, made, FAILURES)

    def _answering(self, status: int, content: Any) -> Handler:
        def answer(_: Received) -> Reply:
            if content is None:
                return Reply(status, headers=self._headers)
            return Reply.of(status, content, self._headers)

        return answer

    def failed(self, failure: Failure, request: Received) -> Reply:
        """Put a failure into the system's own form."""
        return Reply.of(failure.status, self._wrap(failure), failure.headers)
