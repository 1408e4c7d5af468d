"""The far end of Plivo's client library: its interfaces, after www.plivo.com/docs."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from plivo.rest.client import Client
from requests.adapters import HTTPAdapter

from cxotel.demo.far_ends.far_end import HttpFarEnd, route
from cxotel.demo.far_ends.faults import Failure, RefusedError
from cxotel.demo.far_ends.memory import Ids
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    import requests

ACCOUNT = "MALOOPBACKLOOPBACKLO"
CODE = "123456"
"""The code that a customer has to repeat."""
HOSTS = ("https://api.plivo.com", "https://stats.plivo.com", "https://lookup.plivo.com")
FAILURES: Mapping[str, Failure] = {
    "throttled": Failure(429, "", "too many requests"),
    "unavailable": Failure(503, "", "service unavailable"),
    "server_error": Failure(500, "", "server error"),
    "unauthorized": Failure(401, "", "authentication failed"),
    "not_found": Failure(404, "", "not found"),
    "invalid": Failure(400, "", "a parameter is invalid"),
    "conflict": Failure(409, "", "conflict"),
}
RECORD: dict[str, Any] = {
    "call_direction": "outbound",
    "call_duration": 95,
    "answer_time": "2025-11-24 10:00:10+00:00",
    "end_time": "2025-11-24 10:01:45+00:00",
    "hangup_cause_code": 4000,
    "hangup_cause_name": "Normal Hangup",
    "hangup_source": "Callee",
    "to_number": "15558675309",
}
"""What is left of an answered call."""


class PlivoFarEnd(HttpFarEnd):
    """Plivo's calls, conferences, messages, verification and look-ups."""

    def __init__(self) -> None:
        self._ids = Ids("plivo")
        base = f"/v1/Account/{ACCOUNT}"
        routes = (
            route("place_call", "POST", f"{base}/Call/", self._placed),
            route("fetch_call", "GET", f"{base}/Call/{{id}}/", self._record),
            route("send_message", "POST", f"{base}/Message/", self._sent),
            route("fetch_message", "GET", f"{base}/Message/{{id}}/", self._message),
            route("start", "POST", f"{base}/Verify/Session/", self._session),
            route("check", "POST", f"{base}/Verify/Session/{{id}}/", self._check),
            route("session", "GET", f"{base}/Verify/Session/{{id}}/", self._verified),
            route("look_up", "GET", "/v1/Number/{number}", self._number),
            route("feedback", "POST", "/v1/Call/{id}/Feedback/", self._done),
            route("list", "GET", f"{base}/{{what}}/", self._none),
            route("any", "GET", f"{base}/{{path+}}/", self._done),
            route("any", "POST", f"{base}/{{path+}}/", self._done),
            route("remove", "DELETE", f"{base}/{{path+}}/", lambda _: Reply.of(204)),
        )
        super().__init__("plivo", routes, FAILURES)

    def failed(self, failure: Failure, request: Received) -> Reply:
        """Say it in words alone: Plivo has no codes for errors."""
        content = {"api_id": self._ids.uuid(), "error": failure.message}
        return Reply.of(failure.status, content, failure.headers)

    def _answer_with(self, code: int, /, **content: Any) -> Reply:
        return Reply.of(code, {"api_id": self._ids.uuid(), **content})

    def _placed(self, request: Received) -> Reply:
        return self._answer_with(201, message="call fired", request_uuid=self._ids.uuid())

    def _record(self, request: Received) -> Reply:
        return self._answer_with(200, call_uuid=request.ids["id"], **RECORD)

    def _sent(self, request: Received) -> Reply:
        return self._answer_with(202, message="message(s) queued", message_uuid=[self._ids.uuid()])

    def _message(self, request: Received) -> Reply:
        return self._answer_with(200, message_uuid=request.ids["id"], message_state="delivered")

    def _session(self, request: Received) -> Reply:
        return self._answer_with(202, message="Session initiated", session_uuid=self._ids.uuid())

    def _check(self, request: Received) -> Reply:
        if request.json["otp"] != CODE:
            raise RefusedError(400, "", "incorrect otp")
        return self._answer_with(200, message="session validated successfully.")

    def _verified(self, request: Received) -> Reply:
        return self._answer_with(200, session_uuid=request.ids["id"], status="expired")

    def _number(self, request: Received) -> Reply:
        return self._answer_with(200, phone_number=request.ids["number"], resource_uri="")

    def _none(self, request: Received) -> Reply:
        meta = {"limit": 20, "offset": 0, "next": None, "previous": None, "total_count": 0}
        return self._answer_with(200, meta=meta, objects=[])

    def _done(self, request: Received) -> Reply:
        return self._answer_with(200, message="done")


@contextmanager
def client(far_end: PlivoFarEnd, timeout: float = 5.0) -> Generator[Any, None, None]:
    """Give a real client, whose hosts are built in, and send what it sends there to the far end.

    Args:
        far_end: The far end, running.
        timeout: Seconds until a request is given up.
    """

    class ToFarEnd(HTTPAdapter):
        """Send requests to the far end, whatever host they are for."""

        def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> Any:
            for host in HOSTS:
                request.url = (request.url or "").replace(host, far_end.url)
            return super().send(request, *args, **more)

    kind: Any = Client  # its types say that a time limit is a whole number
    plivo = kind(ACCOUNT, "loopback", timeout=timeout)
    with plivo:
        for session in (plivo.session, plivo.multipart_session):
            session.trust_env = False
            session.mount("https://", ToFarEnd(pool_maxsize=16))
        yield plivo
