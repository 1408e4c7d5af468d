"""Telnyx over loopback: call control, conferences, queues, messages and Verify.

It answers as https://developers.telnyx.com/api-reference says, and knows as much as the tests ask
for. It does not prove that Telnyx itself answers so.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.far_end import HttpFarEnd, route
from cxotel.demo.far_ends.faults import Failure, RefusedError
from cxotel.demo.far_ends.memory import Ids, Table
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telnyx import AsyncTelnyx, Telnyx

FAILURES: Mapping[str, Failure] = {
    "throttled": Failure(429, "10011", "Too many requests"),
    "unavailable": Failure(503, "10007", "Unexpected error"),
    "server_error": Failure(500, "10007", "Unexpected error"),
    "unauthorized": Failure(401, "10009", "Authentication failed"),
    "not_found": Failure(404, "10005", "Resource not found"),
    "invalid": Failure(422, "10015", "Bad Request"),
}
"""https://developers.telnyx.com/development/api-fundamentals/api-errors."""
WAITED_SECONDS = 240


class TelnyxFarEnd(HttpFarEnd):
    """Telnyx's REST interface; its operations are named in `routes`."""

    def __init__(self) -> None:
        self._ids = Ids("telnyx")
        self.calls = Table()
        routes = (
            route("dial", "POST", "/v2/calls", self._dial),
            route("status", "GET", "/v2/calls/{call}", self._status),
            route("command", "POST", "/v2/calls/{call}/actions/{action}", self._command),
            route("command", "PUT", "/v2/calls/{call}/actions/{action}", self._command),
            route("create_conference", "POST", "/v2/conferences", self._conference),
            route("conference", "POST", "/v2/conferences/{room}/actions/{action}", self._ok),
            route("queue", "GET", "/v2/queues/{queue}", self._queue),
            route("queued_calls", "GET", "/v2/queues/{queue}/calls", self._queued_calls),
            route("queued_call", "GET", "/v2/queues/{queue}/calls/{call}", self._queued_call),
            route("dequeue", "DELETE", "/v2/queues/{queue}/calls/{call}", self._gone),
            route("send", "POST", "/v2/messages", self._message),
            route("send", "POST", "/v2/messages/{kind}", self._message),
            route("message", "GET", "/v2/messages/{message}", self._message),
            route("verify", "POST", "/v2/verifications/by_phone_number/{number}/actions/verify",
                  self._verify),
            route("verify", "POST", "/v2/verifications/{verification}/actions/verify",
                  self._verify),
            route("verification", "POST", "/v2/verifications/{kind}", self._verification),
            route("verification", "GET", "/v2/verifications/{verification}", self._verification),
            route("balance", "GET", "/v2/balance", self._ok),
        )  # fmt: skip
        super().__init__("telnyx", routes, FAILURES)

    def admit(self, request: Received) -> None:
        """Refuse a request without a key, and a command to a call that there is not."""
        if not request.headers.get("authorization", "").startswith("Bearer "):
            raise RefusedError(401, "10009", "Authentication failed")
        call = request.ids.get("call")
        if call is not None and call not in self.calls:
            raise RefusedError(422, "10006", f"{call} is no call_control_id")

    def failed(self, failure: Failure, request: Received) -> Reply:
        """Put a failure into Telnyx's list of errors."""
        errors = [{"code": failure.code, "title": failure.message, "detail": failure.message}]
        return Reply.of(failure.status, {"errors": errors}, failure.headers)

    def finished(self, reply: Reply, request: Received) -> Reply:
        """Add the id of the request, and what is left of the rate limit."""
        told = {
            "x-request-id": self._ids.uuid(),
            "x-ratelimit-limit": "200",
            "x-ratelimit-remaining": "199",
            "x-ratelimit-reset": "1",
        }
        return Reply(reply.status, {**told, **reply.headers}, reply.body, reply.created)

    def _dial(self, request: Received) -> Reply:
        call = {
            "record_type": "call",
            "call_control_id": f"v3:{self._ids.hex(20)}_{self._ids.hex(20)}",
            "call_leg_id": self._ids.uuid(),
            "call_session_id": self._ids.uuid(),
            "client_state": request.json.get("client_state"),
            "is_alive": False,
        }
        self.calls[str(call["call_control_id"])] = call
        return Reply.of(200, {"data": {**call, "to": request.json["to"]}})

    def _status(self, request: Received) -> Reply:
        return Reply.of(200, {"data": {**self.calls[request.ids["call"]], "is_alive": True}})

    def _command(self, request: Received) -> Reply:
        if request.ids["action"] == "enqueue":
            call = self.calls[request.ids["call"]]
            call["enqueued_at"] = datetime.now(timezone.utc).isoformat()
            call["queue_id"] = self._ids.uuid()
        return self._ok(request)

    def _ok(self, request: Received) -> Reply:
        return Reply.of(200, {"data": {"result": "ok"}})

    def _conference(self, request: Received) -> Reply:
        room = {"record_type": "conference", "id": self._ids.uuid(), "name": request.json["name"]}
        return Reply.of(200, {"data": room})

    def _queue(self, request: Received) -> Reply:
        queue = {"record_type": "queue", "name": request.ids["queue"], "current_size": 1}
        return Reply.of(200, {"data": queue})

    def _waiting(self, call: Mapping[str, Any]) -> dict[str, Any]:
        waiting = {
            "record_type": "queue_call",
            "wait_time_secs": WAITED_SECONDS,
            "from": "+15550100",
        }
        return {**call, **waiting}

    def _queued_calls(self, request: Received) -> Reply:
        waiting = [self._waiting(call) for call in self.calls.values() if "queue_id" in call]
        return Reply.of(200, {"data": waiting, "meta": {"page_number": 1, "total_pages": 1}})

    def _queued_call(self, request: Received) -> Reply:
        return Reply.of(200, {"data": self._waiting(self.calls[request.ids["call"]])})

    def _gone(self, request: Received) -> Reply:
        return Reply.of(204)

    def _message(self, request: Received) -> Reply:
        message = {"record_type": "message", "id": self._ids.uuid(), **request.json}
        return Reply.of(200, {"data": message})

    def _verification(self, request: Received) -> Reply:
        about = {"record_type": "verification", "status": "pending", "timeout_secs": 300}
        return Reply.of(200, {"data": {**about, "id": self._ids.uuid(), **request.json}})

    def _verify(self, request: Received) -> Reply:
        code = "accepted" if request.json.get("code") == "17686" else "rejected"
        return Reply.of(200, {"data": {"phone_number": "+15550100", "response_code": code}})


def client(far_end: TelnyxFarEnd, **options: Any) -> Telnyx:
    """Return a synchronous client that talks to the far end.

    Args:
        far_end: Whom to talk to.
        options: More arguments for the client.
    """
    from telnyx import Telnyx

    return Telnyx(api_key="KEY-loopback", base_url=f"{far_end.url}/v2", **options)


def async_client(far_end: TelnyxFarEnd, **options: Any) -> AsyncTelnyx:
    """Return an asynchronous client that talks to the far end.

    Args:
        far_end: Whom to talk to.
        options: More arguments for the client.
    """
    from telnyx import AsyncTelnyx

    return AsyncTelnyx(api_key="KEY-loopback", base_url=f"{far_end.url}/v2", **options)
