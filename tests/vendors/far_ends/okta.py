"""An Okta organisation on a loopback port, and the real client that talks to it.

One user is always there, with a password, and one factor with a passcode; a second factor is a push
that is confirmed, declined or left waiting. Policies, mails and real limits are not there; what a
limit answers comes when a fault asks for it.
"""

from __future__ import annotations

import os
import time
from contextlib import asynccontextmanager
from email.utils import formatdate
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from cxotel.demo.far_ends.far_end import HttpFarEnd, route
from cxotel.demo.far_ends.faults import Failure, RefusedError
from cxotel.demo.far_ends.memory import Ids
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

FAILURES: Mapping[str, Failure] = {
    "throttled": Failure(429, "E0000047", "API call exceeded rate limit"),
    "unavailable": Failure(503, "E0000010", "Service is in read only mode"),
    "server_error": Failure(500, "E0000009", "Internal Server Error"),
    "unauthorized": Failure(401, "E0000011", "Invalid token provided"),
    "not_found": Failure(404, "E0000007", "Not found: Resource not found"),
    "invalid": Failure(400, "E0000001", "Api validation failed"),
    "conflict": Failure(409, "E0000157", "Cannot execute the request"),
}
"""https://developer.okta.com/docs/reference/error-codes/."""
USER = "00u1ab2cd3ef4gh5ij6k"
LOGIN = "jane@customer.example"
PASSWORD, PASSCODE = "correct horse", "123456"
CODE, PUSH = "ostf2gsyictRQDSGTDZE", "opf3hkfocI4JTLAju0g4"
TRANSACTION = "v2mst.GldKV5VxTrifyeZmWSQguA"
LIMIT = 600
_U = "/api/v1/users/{id}"
_PLAIN = {"OKTA_TESTING_TESTINGDISABLEHTTPSCHECK": "true"}
"""The library's own switch for tests: it insists on https otherwise."""


class OktaFarEnd(HttpFarEnd):
    """One organisation.

    Attributes:
        pushed: What became of the push: `WAITING`, `SUCCESS`, `REJECTED` or `TIMEOUT`.
        resets_in: Seconds until the window of the rate limit begins anew; None to leave it unsaid.
    """

    def __init__(self) -> None:
        self.pushed = "WAITING"
        self.resets_in: int | None = 30
        self._ids = Ids("okta")
        self._count = 0
        super().__init__("okta", self._table(), FAILURES)

    def _table(self) -> list[Any]:
        return [
            route("authn", "POST", "/api/v1/authn", _sign_in),
            route("verify", "POST", "/api/v1/authn/factors/{factor}/verify", _verify),
            route("verify", "POST", f"{_U}/factors/{{factor}}/verify", _verify),
            route("poll", "GET", f"{_U}/factors/{{factor}}/transactions/{{t}}", self._poll),
            route("factors", "GET", f"{_U}/factors", _factors),
            route("enroll", "POST", f"{_U}/factors", _factor),
            route("factor", "POST", f"{_U}/factors/{{factor}}/{{what+}}", _factor),
            route("remove", "DELETE", f"{_U}/{{what+}}", _done),
            route("groups", "GET", f"{_U}/groups", _several),
            route("password", "POST", f"{_U}/credentials/change_password", _change),
            route("do", "POST", f"{_U}/{{what+}}", _nothing),
            route("users", "GET", "/api/v1/users", _users),
            route("create", "POST", "/api/v1/users", self._create),
            route("user", "GET", _U, _user),
            route("update", "POST", _U, _user),
            route("update", "PUT", _U, _user),
            route("delete", "DELETE", _U, _done),
            route("session", "GET", "/api/v1/sessions/{id}", _session),
            route("session", "POST", "/api/v1/sessions/{id}/lifecycle/refresh", _session),
            route("session", "DELETE", "/api/v1/sessions/{id}", _done),
            route("group", "PUT", "/api/v1/groups/{group}/users/{id}", _done),
            route("list", "GET", "/api/v1/{what+}", _several),
            route("token", "POST", "/oauth2/v1/token", _token),
        ]

    def failed(self, failure: Failure, request: Received) -> Reply:
        """Put a failure into the form of Okta."""
        content = {
            "errorCode": failure.code,
            "errorSummary": failure.message,
            "errorLink": failure.code,
            "errorId": self._ids.hex(20),
            "errorCauses": [{"errorSummary": failure.message}],
        }
        return Reply.of(failure.status, content, failure.headers)

    def finished(self, reply: Reply, request: Received) -> Reply:
        """Add the fields that come with each answer, another request id each time."""
        self._count += 1
        now = int(time.time())
        told = {
            "X-Okta-Request-Id": self._ids.hex(20),
            "X-Rate-Limit-Limit": str(LIMIT),
            "X-Rate-Limit-Remaining": str(LIMIT - self._count % LIMIT),
            "Date": formatdate(now, usegmt=True),
        }
        if self.resets_in is not None:
            told["X-Rate-Limit-Reset"] = str(now + self.resets_in)
        return Reply(reply.status, {**told, **reply.headers}, reply.body, reply.created)

    def clear(self) -> None:
        """Forget faults, replies and requests; the push is left waiting."""
        super().clear()
        self.pushed, self.resets_in = "WAITING", 30

    def _create(self, request: Received) -> Reply:
        return Reply.of(200, _about("00u" + self._ids.hex(17), request.json.get("profile")))

    def _poll(self, request: Received) -> Reply:
        return Reply.of(200, {"factorResult": self.pushed})


def _about(user_id: str, profile: Any = None) -> dict[str, Any]:
    return {"id": user_id, "status": "ACTIVE", "profile": profile or {"login": LOGIN}}


def _user(request: Received) -> Reply:
    if request.ids["id"] not in {USER, LOGIN, "me"}:
        raise RefusedError(404, "E0000007", f"Not found: {request.ids['id']} (User)")
    return Reply.of(200, _about(USER))


def _users(request: Received) -> Reply:
    return Reply.of(200, [_about(USER)])


def _sign_in(request: Received) -> Reply:
    said = request.json
    if said.get("password") != PASSWORD:
        raise RefusedError(401, "E0000004", "Authentication failed")
    return Reply.of(200, {"status": said.get("then", "SUCCESS"), "sessionToken": "00s"})


def _verify(request: Received) -> Reply:
    """Check a passcode; without one, send it or the push."""
    passcode = request.json.get("passCode")
    if passcode is None:
        pushed = request.ids["factor"] == PUSH
        return Reply.of(201, {"factorResult": "WAITING" if pushed else "CHALLENGE"})
    if passcode != PASSCODE:
        raise RefusedError(403, "E0000068", "Invalid Passcode/Answer")
    return Reply.of(200, {"factorResult": "SUCCESS"})


def _factors(request: Received) -> Reply:
    kinds = {"id": CODE, "factorType": "sms", "provider": "OKTA", "status": "ACTIVE"}
    return Reply.of(200, [kinds])


def _factor(request: Received) -> Reply:
    told = {"factorType": "sms", "provider": "OKTA", "status": "PENDING_ACTIVATION"}
    return Reply.of(200, {"id": CODE, **told})


def _change(request: Received) -> Reply:
    if request.json["oldPassword"]["value"] != PASSWORD:
        raise RefusedError(403, "E0000014", "Update of credentials failed")
    return Reply.of(200, {"provider": {"type": "OKTA", "name": "OKTA"}})


def _session(request: Received) -> Reply:
    return Reply.of(200, {"id": request.ids["id"], "userId": USER, "status": "ACTIVE"})


def _token(request: Received) -> Reply:
    return Reply.of(200, {"access_token": "t", "token_type": "Bearer", "expires_in": 3600})


def _several(request: Received) -> Reply:
    return Reply.of(200, [])


def _nothing(request: Received) -> Reply:
    return Reply.of(200, {})


def _done(request: Received) -> Reply:
    return Reply.of(204)


@asynccontextmanager
async def client(far_end: OktaFarEnd, **config: Any) -> AsyncGenerator[Any, None]:
    """Give a client, and close its connections afterwards.

    Args:
        far_end: Whom it talks to.
        config: More of the client's own configuration.
    """
    from okta.client import Client

    with patch.dict(os.environ, _PLAIN):
        made: Any = Client({"orgUrl": far_end.url, "token": "loopback", **config})
    async with made:
        yield made


async def ask(connected: Any, method: str, path: str, content: object = None) -> Any:
    """Make a request of one's own, as Okta's guide to its client shows, and return its reply.

    Args:
        connected: The client.
        method: The verb.
        path: The path, from `/api` on.
        content: What to send.
    """
    executor = connected.get_request_executor()
    request, _ = await executor.create_request(method, path, content)
    return await executor.execute(request)
