"""Auth0 over loopback: the Authentication API and the Management API of one tenant.

It answers as https://auth0.com/docs/api says, and knows as much as the tests ask for. It does not
prove that Auth0 itself answers so.
"""

from __future__ import annotations

import time
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

import httpx

from cxotel.demo.far_ends.far_end import HttpFarEnd, route
from cxotel.demo.far_ends.faults import Failure, RefusedError
from cxotel.demo.far_ends.memory import Ids
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator, Mapping

    from auth0.authentication.rest_async import AsyncRestClient
    from auth0.management import AsyncAuth0, Auth0

FAILURES: Mapping[str, Failure] = {
    "throttled": Failure(429, "too_many_requests", "Global limit has been reached"),
    "unavailable": Failure(503, "service_unavailable", "Service Unavailable"),
    "server_error": Failure(500, "internal_error", "Internal error"),
    "unauthorized": Failure(401, "invalid_token", "Invalid token"),
    "not_found": Failure(404, "inexistent_user", "The user does not exist."),
    "invalid": Failure(400, "invalid_body", "Payload validation error"),
    "conflict": Failure(409, "user_exists", "The user already exists."),
}
PASSWORD = "correct horse"
USER = "auth0|507f1f77bcf86cd799439020"
WINDOW_SECONDS = 10


class Auth0FarEnd(HttpFarEnd):
    """One tenant of Auth0.

    Args:
        tls: Serve https: what fetches a token for the management client speaks nothing else.

    Attributes:
        pending: The code with which the next backchannel poll is put off, or None.
    """

    def __init__(self, *, tls: bool = False) -> None:
        self._ids = Ids("auth0")
        self.pending: str | None = None
        api = "/api/v2"
        routes = (
            route("token", "POST", "/oauth/token", self._token),
            route("revoke", "POST", "/oauth/revoke", self._nothing),
            route("par", "POST", "/oauth/par", self._par),
            route("backchannel", "POST", "/bc-authorize", self._backchannel),
            route("send_code", "POST", "/passwordless/start", self._echo),
            route("signup", "POST", "/dbconnections/signup", self._signup),
            route("change_password", "POST", "/dbconnections/change_password", self._mailed),
            route("userinfo", "GET", "/userinfo", self._userinfo),
            route("keys", "GET", "/.well-known/jwks.json", self._keys),
            route("users", "GET", f"{api}/users", self._users),
            route("users", "GET", f"{api}/users-by-email", self._by_email),
            route("create_user", "POST", f"{api}/users", self._user),
            route("user", "GET", f"{api}/users/{{id}}", self._user),
            route("user", "PATCH", f"{api}/users/{{id}}", self._user),
            route("delete_user", "DELETE", f"{api}/users/{{id}}", self._nothing),
            route("enrollments", "GET", f"{api}/users/{{id}}/enrollments", self._no_items),
            route("user_logs", "GET", f"{api}/users/{{id}}/logs", self._logs),
            route("user_block", "GET", f"{api}/user-blocks/{{id}}", self._blocks),
            route("unblock", "DELETE", f"{api}/user-blocks/{{id}}", self._nothing),
            route("ticket", "POST", f"{api}/tickets/{{kind}}", self._ticket),
            route("mail", "POST", f"{api}/jobs/verification-email", self._job),
            route("enroll", "POST", f"{api}/guardian/enrollments/ticket", self._enrolled),
            route("roles", "GET", f"{api}/roles", self._roles),
        )
        super().__init__("auth0", routes, FAILURES, tls=tls)

    @property
    def domain(self) -> str:
        """The tenant's domain, as the clients want it."""
        return self.url.partition("//")[2]

    def clear(self) -> None:
        """Forget what was to go wrong."""
        super().clear()
        self.pending = None

    def failed(self, failure: Failure, request: Received) -> Reply:
        """Put a failure into the form of the API that it is of."""
        if request.path.startswith("/api/"):
            content = {"statusCode": failure.status, "errorCode": failure.code}
            return Reply.of(
                failure.status, {**content, "message": failure.message}, failure.headers
            )
        content = {"error": failure.code, "error_description": failure.message}
        return Reply.of(failure.status, content, failure.headers)

    def finished(self, reply: Reply, request: Received) -> Reply:
        """Add the request's id, and the rate limit with the moment of its next window."""
        told = {
            "x-auth0-requestid": self._ids.hex(20),
            "x-ratelimit-limit": "100",
            "x-ratelimit-remaining": "99",
            "x-ratelimit-reset": str(int(time.time()) + WINDOW_SECONDS),
        }
        return Reply(reply.status, {**told, **reply.headers}, reply.body, reply.created)

    def _token(self, request: Received) -> Reply:
        sent = _sent(request)
        if "password" in sent and sent["password"] != PASSWORD:
            raise RefusedError(403, "invalid_grant", f"Wrong email or password: {sent['username']}")
        if "otp" in sent and sent["otp"] != "17686":
            raise RefusedError(403, "invalid_grant", "Wrong phone number or verification code.")
        if self.pending is not None and "auth_req_id" in sent:
            raise RefusedError(400, self.pending, "The user has not answered")
        content = {"access_token": "eyJ.loopback", "token_type": "Bearer", "expires_in": 86400}
        return Reply.of(200, content)

    def _par(self, request: Received) -> Reply:
        return Reply.of(201, {"request_uri": "urn:ietf:params:oauth:request_uri:1"})

    def _backchannel(self, request: Received) -> Reply:
        return Reply.of(200, {"auth_req_id": "req-1", "expires_in": 300, "interval": 5})

    def _echo(self, request: Received) -> Reply:
        return Reply.of(200, {**_sent(request), "_id": self._ids.hex(24)})

    def _signup(self, request: Received) -> Reply:
        sent = _sent(request)
        if sent.get("username") == "taken":
            raise RefusedError(400, "invalid_signup", f"Invalid sign up: {sent['email']}")
        return Reply.of(200, {"_id": self._ids.hex(24), "email": sent["email"]})

    def _mailed(self, request: Received) -> Reply:
        return Reply.of(200, "We've just sent you an email to reset your password.")

    def _userinfo(self, request: Received) -> Reply:
        return Reply.of(200, {"sub": USER, "name": "Anna Lind", "email": "anna@example.com"})

    def _keys(self, request: Received) -> Reply:
        return Reply.of(200, {"keys": []})

    def _users(self, request: Received) -> Reply:
        return Reply.of(200, {"start": 0, "limit": 50, "total": 1, "users": [{"user_id": USER}]})

    def _by_email(self, request: Received) -> Reply:
        return Reply.of(200, [{"user_id": USER, "email": request.params["email"]}])

    def _user(self, request: Received) -> Reply:
        status = 201 if request.operation == "create_user" else 200
        return Reply.of(status, {**request.json, "user_id": request.ids.get("id", USER)})

    def _no_items(self, request: Received) -> Reply:
        return Reply.of(200, [])

    def _logs(self, request: Received) -> Reply:
        return Reply.of(200, {"start": 0, "limit": 50, "length": 0, "total": 0, "logs": []})

    def _blocks(self, request: Received) -> Reply:
        return Reply.of(200, {"blocked_for": []})

    def _ticket(self, request: Received) -> Reply:
        return Reply.of(201, {"ticket": "https://login.example/lo/reset?ticket=1"})

    def _job(self, request: Received) -> Reply:
        return Reply.of(201, {"type": "verification_email", "status": "pending", "id": "job_1"})

    def _enrolled(self, request: Received) -> Reply:
        return Reply.of(200, {"ticket_id": "t1", "ticket_url": "https://login.example/enroll"})

    def _roles(self, request: Received) -> Reply:
        return Reply.of(200, {"start": 0, "limit": 50, "total": 0, "roles": []})

    def _nothing(self, request: Received) -> Reply:
        return Reply.of(204)


def _sent(request: Received) -> dict[str, Any]:
    is_form = request.headers.get("content-type", "").startswith("application/x-www-form")
    content: dict[str, Any] = request.form if is_form else request.json
    return content


def ask(kind: Any, far_end: Auth0FarEnd, **options: Any) -> Any:
    """Return a client of the Authentication API that talks to the far end.

    Args:
        kind: Its class, such as `auth0.authentication.GetToken`.
        far_end: Whom to talk to.
        options: More arguments for it.
    """
    return kind(far_end.domain, "client-1", client_secret="secret", protocol="http", **options)


@contextmanager
def login_client(far_end: Auth0FarEnd, timeout: float = 5.0) -> Generator[Any, None, None]:
    """Give a client that gets tokens; it is synchronous.

    Args:
        far_end: Whom to talk to.
        timeout: Seconds until a request is given up.
    """
    from auth0.authentication import GetToken

    yield ask(GetToken, far_end, timeout=timeout)


@asynccontextmanager
async def rest_client(far_end: Auth0FarEnd) -> AsyncGenerator[AsyncRestClient, None]:
    """Give what makes the Authentication API's asynchronous requests.

    Args:
        far_end: Whom to talk to.
    """
    from auth0.authentication.rest_async import AsyncRestClient

    yield AsyncRestClient(None)


@contextmanager
def management(far_end: Auth0FarEnd, timeout: float = 5.0) -> Generator[Auth0, None, None]:
    """Give a synchronous client of the Management API.

    Args:
        far_end: Whom to talk to.
        timeout: Seconds until a request is given up.
    """
    from auth0.management import Auth0

    with httpx.Client(trust_env=False, timeout=timeout) as http:
        yield Auth0(base_url=f"{far_end.url}/api/v2", token="loopback", httpx_client=http)


@asynccontextmanager
async def async_management(far_end: Auth0FarEnd) -> AsyncGenerator[AsyncAuth0, None]:
    """Give an asynchronous client of the Management API.

    Args:
        far_end: Whom to talk to.
    """
    from auth0.management import AsyncAuth0

    async with httpx.AsyncClient(trust_env=False) as http:
        yield AsyncAuth0(base_url=f"{far_end.url}/api/v2", token="loopback", httpx_client=http)
