"""The far end of twilio: all products on one port, told apart by their paths."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cxotel.demo.far_ends.far_end import HttpFarEnd
from cxotel.demo.far_ends.faults import Failure, Faults, RefusedError
from cxotel.demo.far_ends.memory import Ids
from cxotel.demo.far_ends.twilio.conferences import Conferences
from cxotel.demo.far_ends.twilio.conversations import Conversations
from cxotel.demo.far_ends.twilio.desk import Conditions, Desk
from cxotel.demo.far_ends.twilio.insights import Insights
from cxotel.demo.far_ends.twilio.messages import Messages
from cxotel.demo.far_ends.twilio.taskrouter import TaskRouter
from cxotel.demo.far_ends.twilio.voice import Calls
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

FAILURES: Mapping[str, Failure] = {
    "throttled": Failure(429, "20429", "Too Many Requests"),
    "unavailable": Failure(503, "20503", "Service is unavailable. Please try again."),
    "server_error": Failure(500, "20500", "An internal server error has occurred"),
    "unauthorized": Failure(401, "20003", "Authenticate"),
    "not_found": Failure(404, "20404", "The requested resource was not found"),
    "invalid": Failure(400, "20001", "Invalid parameter"),
    "conflict": Failure(409, "20409", "The resource was changed by another request"),
}
"""What Twilio says to each kind of failure: https://www.twilio.com/docs/api/errors."""
_SIDS = re.compile(r"[A-Z]{2}[0-9a-f]{32}")


class TwilioFarEnd(HttpFarEnd):
    """Twilio's REST interfaces over loopback.

    Args:
        faults: What goes wrong, under the system name ``twilio``; the operations are the names in
            the ``routes`` of each product.
        seed: Ids are the same in every run with the same seed.

    Attributes:
        conditions: How contacts fare.
        calls: Calls, as everything that follows by sid.
        messages: Messages.
        conferences: Conferences.
        taskrouter: Tasks, reservations and queues.
        conversations: Conversations.
    """

    def __init__(self, faults: Faults | None = None, *, seed: str = "twilio") -> None:
        self._ids = Ids(seed)
        self.conditions = Conditions()
        desk = Desk(self.conditions, self._ids, self.belongs_to, lambda: self.url)
        self.calls = Calls(desk)
        self.messages = Messages(desk)
        self.conferences = Conferences(desk, self.calls)
        self.taskrouter = TaskRouter(desk)
        self.conversations = Conversations(desk)
        self.insights = Insights(desk, self.calls)
        products = (
            self.calls,
            self.messages,
            self.conferences,
            self.taskrouter,
            self.conversations,
            self.insights,
        )
        routes = [route for product in products for route in product.routes()]
        super().__init__("twilio", routes, FAILURES, faults=faults, ids=_SIDS)

    def clear(self) -> None:
        """Forget faults, conditions, scripted replies and requests; what was created stays."""
        super().clear()
        self.conditions.clear()

    def admit(self, request: Received) -> None:
        """Refuse a request that carries no credentials."""
        if not request.headers.get("authorization", "").startswith(("Basic ", "Bearer ")):
            unauthorized = FAILURES["unauthorized"]
            raise RefusedError(unauthorized.status, unauthorized.code, unauthorized.message)

    def failed(self, failure: Failure, request: Received) -> Reply:
        """Say it as Twilio does: code, message, where to read more, and the status again."""
        content = {
            "code": int(failure.code),
            "message": failure.message,
            "more_info": f"https://www.twilio.com/docs/errors/{failure.code}",
            "status": failure.status,
        }
        return Reply.of(failure.status, content, failure.headers)

    def finished(self, reply: Reply, request: Received) -> Reply:
        """Add Twilio's own header fields."""
        own = {
            "Twilio-Request-Id": "RQ" + self._ids.hex(32),
            "Twilio-Concurrent-Requests": "1",
            "Twilio-Request-Duration": "0.034",
        }
        return Reply(reply.status, {**own, **reply.headers}, reply.body)
