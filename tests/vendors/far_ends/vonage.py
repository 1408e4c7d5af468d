"""The far end of Vonage's client library: its interfaces over TLS, after developer.vonage.com."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from vonage import Auth, HttpClientOptions, Vonage

from cxotel.demo.far_ends.far_end import HttpFarEnd, route
from cxotel.demo.far_ends.faults import Failure, RefusedError
from cxotel.demo.far_ends.memory import Ids, Table
from cxotel.demo.far_ends.server import CONNECTION
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

    from starlette.types import Receive, Scope, Send

APPLICATION = "78d335fa-323d-4c9d-a0c7-1f8f5b1e7a01"
CODE = "1234"
"""The code that a customer has to repeat."""
_TYPE = "https://developer.vonage.com/api-errors#"
FAILURES: Mapping[str, Failure] = {
    "throttled": Failure(429, "rate-limit", "Rate limit hit"),
    "unavailable": Failure(503, "unavailable", "Service unavailable"),
    "server_error": Failure(500, "internal-error", "Internal error"),
    "unauthorized": Failure(401, "unauthorized", "Invalid credentials"),
    "not_found": Failure(404, "not-found", "Not found"),
    "invalid": Failure(422, "invalid-params", "Invalid params"),
    "conflict": Failure(409, "conflict", "Concurrent verifications to the same number"),
}


class VonageFarEnd(HttpFarEnd):
    """Vonage's voice, messages, verification, number and video interfaces."""

    def __init__(self) -> None:
        self._ids = Ids("vonage")
        self._calls = Table()
        self.hang_ups = 0
        """How many of the next requests get no answer, only the end of their connection."""
        routes = (
            route("place_call", "POST", "/v1/calls", self._place),
            route("list_calls", "GET", "/v1/calls", self._list),
            route("fetch_call", "GET", "/v1/calls/{id}", self._fetch),
            route("change_call", "PUT", "/v1/calls/{id}", self._change),
            route("play", "PUT", "/v1/calls/{id}/{what}", self._play),
            route("stop", "DELETE", "/v1/calls/{id}/{what}", self._play),
            route("recording", "GET", "/vonage.com/{file}", lambda _: Reply.of(200, b"RIFF")),
            route("send_message", "POST", "/v1/messages", self._message),
            route("update_message", "PATCH", "/v1/messages/{id}", lambda _: Reply.of(200)),
            route("send_sms", "POST", "/sms/json", self._sms),
            route("start_verification", "POST", "/v2/verify", self._verify),
            route("check_code", "POST", "/v2/verify/{id}", self._check),
            route("cancel", "DELETE", "/v2/verify/{id}", lambda _: Reply.of(204)),
            route("next", "POST", "/v2/verify/{id}/next_workflow", lambda _: Reply.of(200)),
            route("legacy_check", "POST", "/verify/check/json", self._legacy_check),
            route("legacy_search", "GET", "/verify/search/json", self._legacy_search),
            route("legacy_control", "POST", "/verify/control/json", self._legacy_control),
            route("legacy_verify", "POST", "/verify/{path+}", self._legacy_verify),
            route("insight", "GET", "/ni/{level}/json", self._insight),
            route("identity", "POST", "/identity-insights/v1/requests", self._echo),
            route("authorize", "POST", "/oauth2/bc-authorize", self._authorize),
            route("token", "POST", "/oauth2/token", self._token),
            route("sim_swap", "POST", "/camara/sim-swap/v040/check", self._swapped),
            route("number", "POST", "/camara/number-verification/v031/verify", self._number),
            route("session", "POST", "/session/create", self._session),
            route("dial", "POST", "/v2/project/{application}/dial", self._dial),
        )
        super().__init__("vonage", routes, FAILURES, tls=True)

    @property
    def authority(self) -> str:
        """Host and port."""
        return self.server.authority

    @property
    def ca_file(self) -> Path:
        """The certificate authority to trust."""
        return self.server.ca_file

    def clear(self) -> None:
        """Let nothing go wrong."""
        super().clear()
        self.hang_ups = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hang up."""
        if not self.hang_ups:
            await super().__call__(scope, receive, send)
            return
        self.hang_ups -= 1
        message: Mapping[str, Any] = {"type": "", "more_body": True}
        while message.get("more_body"):
            message = await receive()
        scope[CONNECTION].close()
        while (await receive())["type"] != "http.disconnect":
            pass

    def failed(self, failure: Failure, request: Received) -> Reply:
        """Say it as a problem (RFC 9457)."""
        problem = {
            "type": f"{_TYPE}{failure.code}",
            "title": failure.code,
            "detail": failure.message,
            "instance": self._ids.hex(32),
        }
        return Reply.of(failure.status, problem, failure.headers)

    def _place(self, request: Received) -> Reply:
        call = {
            "uuid": self._ids.uuid(),
            "conversation_uuid": f"CON-{self._ids.uuid()}",
            "status": "started",
            "direction": "outbound",
        }
        if request.json["to"][0]["number"] == "99":
            raise RefusedError(400, "bad-number", "Invalid number")
        self._calls[call["uuid"]] = {**call, "to": request.json["to"][0]}
        return Reply.of(201, call)

    def _list(self, request: Received) -> Reply:
        return Reply.of(
            200,
            {
                "count": 0,
                "page_size": 10,
                "record_index": 0,
                "_embedded": {"calls": []},
                "_links": {"self": {"href": "/calls"}},
            },
        )

    def _fetch(self, request: Received) -> Reply:
        call = self._calls[request.ids["id"]]
        ended = {"status": "completed", "duration": "95", "network": "65512"}
        phone = {"type": "phone", "number": "15550199"}
        links = {"self": {"href": request.path}}
        return Reply.of(200, {**call, **ended, "from": phone, "_links": links})

    def _change(self, request: Received) -> Reply:
        return Reply.of(204)

    def _play(self, request: Received) -> Reply:
        return Reply.of(200, {"message": "Done", "uuid": request.ids["id"]})

    def _message(self, request: Received) -> Reply:
        return Reply.of(202, {"message_uuid": self._ids.uuid()})

    def _sms(self, request: Received) -> Reply:
        paid = {"remaining-balance": "9.50", "message-price": "0.05", "network": "23410"}
        sent = {"to": request.form["to"], "message-id": self._ids.hex(16).upper(), "status": "0"}
        sent = {**sent, **paid}
        return Reply.of(200, {"message-count": "1", "messages": [sent]})

    def _verify(self, request: Received) -> Reply:
        return Reply.of(202, {"request_id": self._ids.uuid()})

    def _check(self, request: Received) -> Reply:
        if request.json["code"] != CODE:
            raise RefusedError(400, "invalid-code", "The code does not match")
        return Reply.of(200, {"request_id": request.ids["id"], "status": "completed"})

    def _legacy_verify(self, request: Received) -> Reply:
        return Reply.of(200, {"request_id": self._ids.hex(32), "status": "0"})

    def _legacy_check(self, request: Received) -> Reply:
        request_id = request.form["request_id"]
        if request.form["code"] != CODE:
            error = {"status": "16", "error_text": "The code provided does not match"}
            return Reply.of(200, {"request_id": request_id, **error})
        paid = {"event_id": self._ids.hex(16), "price": "0.1", "currency": "EUR"}
        return Reply.of(200, {"request_id": request_id, "status": "0", **paid})

    def _legacy_search(self, request: Received) -> Reply:
        return Reply.of(200, {"request_id": request.params["request_id"], "status": "EXPIRED"})

    def _legacy_control(self, request: Received) -> Reply:
        return Reply.of(200, {"status": "0", "command": request.form["cmd"]})

    def _insight(self, request: Received) -> Reply:
        number = request.params["number"]
        content = {"status": 0, "request_id": self._ids.uuid(), "country_name": "Sweden"}
        return Reply.of(200, {**content, "international_format_number": number})

    def _echo(self, request: Received) -> Reply:
        return Reply.of(200, {"request_id": self._ids.uuid(), "insights": {}})

    def _authorize(self, request: Received) -> Reply:
        granted = {"auth_req_id": self._ids.hex(16), "expires_in": "300", "interval": "0"}
        return Reply.of(200, granted)

    def _token(self, request: Received) -> Reply:
        return Reply.of(200, {"access_token": "loopback", "token_type": "bearer"})

    def _swapped(self, request: Received) -> Reply:
        return Reply.of(200, {"swapped": False})

    def _number(self, request: Received) -> Reply:
        return Reply.of(200, {"devicePhoneNumberVerified": True})

    def _session(self, request: Received) -> Reply:
        return Reply.of(200, [{"session_id": f"1_{self._ids.hex(32)}"}])

    def _dial(self, request: Received) -> Reply:
        ids = {name: self._ids.uuid() for name in ("id", "connectionId", "streamId")}
        return Reply.of(200, ids)


@cache
def _private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


@contextmanager
def client(far_end: VonageFarEnd, timeout: int = 5) -> Generator[Vonage, None, None]:
    """Give a real client, and close its connections afterwards.

    Args:
        far_end: The far end, running.
        timeout: Whole seconds until a request is given up.
    """
    auth = Auth(
        api_key="loopback",
        api_secret="loopback",
        application_id=APPLICATION,
        private_key=_private_key(),
    )
    host = far_end.authority
    options = HttpClientOptions(
        api_host=host, rest_host=host, video_host=host, timeout=timeout, pool_maxsize=16
    )
    vonage = Vonage(auth, options)
    session: Any = vars(vonage.http_client)["_session"]
    session.trust_env = False
    session.verify = str(far_end.ca_file)
    for product in (vonage.network_sim_swap, vonage.network_number_verification):
        # Their host is built in, and so is the one of the tokens that they ask for.
        own = vars(product)
        own["_host"] = host
        vars(own["_network_auth"])["_host"] = host
    try:
        yield vonage
    finally:
        session.close()
