"""The far end of RingCentral's library: tokens, calls, call control, messages and records."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ringcentral import SDK

from cxotel.demo.far_ends.far_end import HttpFarEnd, route
from cxotel.demo.far_ends.faults import Failure, RefusedError
from cxotel.demo.far_ends.memory import Ids
from cxotel.demo.far_ends.wire import Received, Reply
from tests.vendors.far_ends.impatience import impatient

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

PASSWORD = "loopback"
RECORD: dict[str, Any] = {
    "id": "IcYI7e9b2tMAY0U",
    "telephonySessionId": "s-a0d16d2e9f4b4",
    "startTime": "2025-11-24T10:00:00.000Z",
    "duration": 95,
    "direction": "Inbound",
    "result": "Accepted",
    "from": {"phoneNumber": "+15558675309", "name": "Zebulon Quackenbush"},
}
"""A call that an agent answered."""
TOKEN: dict[str, Any] = {
    "access_token": "loopback",
    "token_type": "bearer",
    "expires_in": 3600,
    "refresh_token": "loopback",
    "refresh_token_expires_in": 604_800,
    "owner_id": "o1",
    "endpoint_id": "e1",
    "scope": "RingOut",
}
FAILURES: Mapping[str, Failure] = {
    "throttled": Failure(429, "CMN-301", "Request rate exceeded", {"Retry-After": "60"}),
    "unavailable": Failure(503, "CMN-211", "Service temporarily unavailable"),
    "server_error": Failure(500, "CMN-203", "Internal server error"),
    "unauthorized": Failure(401, "TokenInvalid", "Token not found"),
    "not_found": Failure(404, "CMN-102", "Resource for parameter is not found"),
    "invalid": Failure(400, "CMN-101", "Parameter value is invalid"),
    "conflict": Failure(409, "TAS-102", "Party is in another state"),
}


class RingCentralFarEnd(HttpFarEnd):
    """RingCentral's platform, as developers.ringcentral.com describes it."""

    def __init__(self) -> None:
        self._ids = Ids("ringcentral")
        base = "/restapi/v1.0/account/{account}"
        party = f"{base}/telephony/sessions/{{session}}/parties/{{party}}"
        extension = f"{base}/extension/{{extension}}"
        routes = (
            route("token", "POST", "/restapi/oauth/token", self._token),
            route("revoke", "POST", "/restapi/oauth/revoke", lambda _: Reply.of(200, {})),
            route("ring_out", "POST", f"{extension}/ring-out", self._rung),
            route("ringing", "GET", f"{extension}/ring-out/{{id}}", self._ringing),
            route("call_out", "POST", f"{base}/telephony/call-out", self._called),
            route("party", "GET", party, self._party),
            route("control", "POST", f"{party}/{{verb}}", self._party),
            route("records", "GET", f"{base}/call-log", self._records),
            route("records", "GET", f"{extension}/call-log", self._records),
            route("sms", "POST", f"{extension}/sms", self._sms),
            route("any", "GET", "/{path+}", self._any),
            route("any", "POST", "/{path+}", self._any),
            route("remove", "DELETE", "/{path+}", lambda _: Reply.of(204)),
        )
        super().__init__("ringcentral", routes, FAILURES)

    def failed(self, failure: Failure, request: Received) -> Reply:
        """Say it by codes; of tokens as OAuth has it (RFC 6749, section 5.2), and by codes."""
        error = {"errorCode": failure.code, "message": failure.message}
        content: dict[str, Any] = {**error, "errors": [error]}
        if request.operation == "token":
            content["error"] = "invalid_grant"
        return Reply.of(failure.status, content, failure.headers)

    def finished(self, reply: Reply, request: Received) -> Reply:
        """Add what RingCentral says with every answer."""
        extra = {
            "RCRequestId": self._ids.uuid(),
            "X-Rate-Limit-Limit": "40",
            "X-Rate-Limit-Remaining": "39",
        }
        return Reply(reply.status, {**extra, **reply.headers}, reply.body)

    def _token(self, request: Received) -> Reply:
        if request.form.get("password", PASSWORD) != PASSWORD:
            raise RefusedError(400, "OAU-140", "Invalid resource owner credentials.")
        return Reply.of(200, TOKEN)

    def _rung(self, request: Received) -> Reply:
        return Reply.of(200, {"id": f"Y3MxNzI{self._ids.hex(8)}", **self._status("InProgress")})

    def _ringing(self, request: Received) -> Reply:
        return Reply.of(200, {"id": request.ids["id"], **self._status("Success")})

    def _status(self, status: str) -> dict[str, Any]:
        return {"status": {"callStatus": status, "callerStatus": status, "calleeStatus": status}}

    def _called(self, request: Received) -> Reply:
        return Reply.of(201, {"session": {"id": f"s-{self._ids.hex(13)}", "parties": []}})

    def _party(self, request: Received) -> Reply:
        content = {
            "id": request.ids["party"],
            "direction": "Inbound",
            "status": {"code": "Answered"},
            "from": RECORD["from"],
        }
        return Reply.of(200, content)

    def _records(self, request: Received) -> Reply:
        return Reply.of(200, {"records": [RECORD], "paging": {"page": 1, "perPage": 100}})

    def _sms(self, request: Received) -> Reply:
        told = request.json
        return Reply.of(200, {"id": 315_458_412_010, "to": told["to"], "subject": told["text"]})

    def _any(self, request: Received) -> Reply:
        return Reply.of(200, {"id": self._ids.hex(16)})


@contextmanager
def client(far_end: RingCentralFarEnd, *, hurried: bool = False) -> Generator[Any, None, None]:
    """Give a real client that is logged in.

    Args:
        far_end: The far end, running.
        hurried: Whether it gives up soon; the library itself never does.
    """
    url = far_end.url.replace("127.0.0.1", "localhost") if hurried else far_end.url
    kind: Any = SDK
    platform = kind("loopback", "loopback", url).platform()
    platform.auth().set_data(TOKEN)
    with impatient():
        yield platform
