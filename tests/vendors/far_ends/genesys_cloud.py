"""Genesys Cloud's platform interface on a loopback port, and the real client that talks to it.

One conversation is always there: the customer waits in a queue, talks to an agent, is put on hold,
and is passed on blindly. What is created gets a new id; what changes it is answered and forgotten.
Nothing is routed, nobody is called, and real limits are not there.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.far_end import HttpFarEnd, route
from cxotel.demo.far_ends.faults import Failure, RefusedError
from cxotel.demo.far_ends.memory import Ids
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

FAILURES: Mapping[str, Failure] = {
    "throttled": Failure(429, "too.many.requests", "Rate limit exceeded the maximum"),
    "unavailable": Failure(503, "service.unavailable", "The service is unavailable"),
    "server_error": Failure(500, "internal.server.error", "The server failed"),
    "unauthorized": Failure(401, "bad.credentials", "Invalid login credentials."),
    "not_found": Failure(404, "not.found", "The requested resource was not found"),
    "invalid": Failure(400, "bad.request", "The request could not be understood"),
    "conflict": Failure(409, "conflict", "The resource was changed by another request"),
}
"""https://developer.genesys.cloud/platform/api/rate-limits and .../platform/api/error-codes."""
CONVERSATION = "32d23263-e5bd-4567-bff3-143e38f7b095"
CUSTOMER = "d3d039dd-f1c5-482f-944d-90a5f184b503"
AGENT = "a845c325-d129-40b2-bf7e-12e4584892c2"
QUEUE = "39988345-a7c5-4ce5-851e-334cb54efc79"
USER = "2eb54224-120e-47b0-aab1-8c2daeac20d9"
CUSTOMER_LEG = "cf755403-a3f3-486d-a4c2-6439ef5a4df4"
QUEUE_LEG = "6c3f058d-27ac-4b5b-889b-aed3ec88a149"
AGENT_LEG = "ea6e6341-bc32-4ae7-86be-b00e81b754fa"
ALLOWED = 300
_C = "/api/v2/conversations"


class GenesysFarEnd(HttpFarEnd):
    """One organisation.

    Attributes:
        expired: Whether the next call is refused for its token.
        correlated: The last correlation id of each path.
    """

    def __init__(self) -> None:
        self.expired = False
        self.correlated: dict[str, str] = {}
        self._ids = Ids("genesys")
        self._count = 0
        super().__init__("genesys_cloud", self._table(), FAILURES)

    def _table(self) -> list[Any]:
        place = f"{_C}/{{id}}/participants/{{who}}"
        media = f"{_C}/{{media}}/{{id}}"
        return [
            route("token", "POST", "/oauth/token", self._token),
            route("place_call", "POST", f"{_C}/calls", self._created),
            route("create_email", "POST", f"{_C}/emails", self._created),
            route("start_messaging", "POST", f"{_C}/messages", self._created),
            route("create_callback", "POST", f"{_C}/callbacks", self._callback),
            route("send_message", "POST", f"{_C}/messages/agentless", self._agentless),
            route("receive", "POST", f"{_C}/messages/{{i}}/inbound/open/message", _received),
            route("list", "GET", _C, _nothing),
            route("list", "GET", f"{_C}/calls", _nothing),
            route("fetch_call", "GET", f"{_C}/calls/{{id}}", _call),
            route("fetch", "GET", f"{_C}/{{id}}", _conversation),
            route("end", "POST", f"{_C}/{{id}}/disconnect", _done),
            route("attributes", "PATCH", f"{place}/attributes", _done),
            route("consult", "POST", f"{media}/participants/{{who}}/consult{{rest+}}", _consulted),
            route("consult", "POST", f"{media}/participants/{{who}}/consult", _consulted),
            route("estimate", "GET", "/api/v2/routing/queues/{id}/estimatedwaittime", _estimate),
            route("wrapup_codes", "GET", "/api/v2/routing/queues/{id}/wrapupcodes", _nothing),
            route("wrapup_codes", "GET", "/api/v2/routing/wrapupcodes", _nothing),
            route("queues", "GET", "/api/v2/routing/queues", _nothing),
            route("queue", "GET", "/api/v2/routing/queues/{id}", _queue),
            route("status", "GET", "/api/v2/users/{id}/routingstatus", _status),
            route("status", "PUT", "/api/v2/users/{id}/routingstatus", _status),
            route("details", "GET", "/api/v2/analytics/conversations/{id}/details", _details),
            route("query", "GET", "/api/v2/analytics/{what+}", _nothing),
            route("query", "POST", "/api/v2/analytics/{what+}", _nothing),
            route("post", "POST", f"{_C}/{{what+}}", _done),
            route("change", "PATCH", f"{_C}/{{what+}}", _done),
            route("delete", "DELETE", f"{_C}/{{what+}}", _done),
            route("other", "GET", "/api/v2/{what+}", _nothing),
        ]

    def admit(self, request: Received) -> None:
        """Refuse a token that has expired."""
        if self.expired and request.operation != "token":
            self.expired = False
            raise RefusedError(401, "bad.credentials", "Invalid login credentials.")

    def failed(self, failure: Failure, request: Received) -> Reply:
        """Put a failure into the form of Genesys Cloud."""
        content: dict[str, Any] = {
            "message": failure.message,
            "code": failure.code,
            "status": failure.status,
            "contextId": self._ids.uuid(),
            "details": [],
            "errors": [],
        }
        return Reply.of(failure.status, content, failure.headers)

    def finished(self, reply: Reply, request: Received) -> Reply:
        """Add the fields that come with each answer, another correlation id each time."""
        self._count += 1
        self.correlated[request.path] = self._ids.uuid()
        told = {
            "ININ-Correlation-Id": self.correlated[request.path],
            "inin-ratelimit-allowed": str(ALLOWED),
            "inin-ratelimit-count": str(self._count % ALLOWED),
            "inin-ratelimit-reset": "60",
        }
        return Reply(reply.status, {**told, **reply.headers}, reply.body, reply.created)

    def clear(self) -> None:
        """Forget faults, replies and requests; no token has expired."""
        super().clear()
        self.expired = False

    def _token(self, request: Received) -> Reply:
        return Reply.of(200, {"access_token": self._ids.hex(64), "refresh_token": "again"})

    def _created(self, request: Received) -> Reply:
        return Reply.of(200, {"id": self._ids.uuid(), "selfUri": "/api/v2/conversations"})

    def _callback(self, request: Received) -> Reply:
        said: dict[str, Any] = request.json or {}
        conversation = {"id": self._ids.uuid(), "name": said.get("callbackUserName")}
        return Reply.of(200, {"conversation": conversation, "callbackIdentifiers": []})

    def _agentless(self, request: Received) -> Reply:
        said = request.json
        told = {"fromAddress": said.get("fromAddress"), "toAddress": said.get("toAddress")}
        ids = {"id": self._ids.uuid(), "conversationId": self._ids.uuid()}
        return Reply.of(200, {**ids, **told, "message": {"textBody": said.get("textBody")}})


def _done(request: Received) -> Reply:
    return Reply.of(202, {})


def _nothing(request: Received) -> Reply:
    return Reply.of(200, {"entities": [], "results": [], "conversations": [], "total": 0})


def _received(request: Received) -> Reply:
    said = {"id": "m1", "type": "Text", "text": request.json["text"]}
    return Reply.of(202, {**said, "conversationId": CONVERSATION})


def _consulted(request: Received) -> Reply:
    return Reply.of(202, {"destinationParticipantId": USER})


def _queue(request: Received) -> Reply:
    return Reply.of(200, {"id": request.ids["id"], "name": "billing"})


def _estimate(request: Received) -> Reply:
    return Reply.of(200, {"results": [{"intent": "CALL", "estimatedWaitTimeSeconds": 240}]})


def _status(request: Received) -> Reply:
    return Reply.of(200, {"userId": request.ids["id"], "status": "IDLE"})


LEG = {
    "state": "disconnected",
    "direction": "inbound",
    "connectedTime": "2026-04-29T17:30:43.320Z",
    "disconnectType": "endpoint",
}


def _call(request: Received) -> Reply:
    who = {"id": CUSTOMER, "purpose": "customer"}
    customer = {**who, "state": "contacting", "direction": "inbound"}
    return Reply.of(200, {"id": request.ids["id"], "participants": [customer]})


def _conversation(request: Received) -> Reply:
    customer = {"id": CUSTOMER, "purpose": "customer", "name": "Zoe", "calls": [LEG]}
    agent = {"id": AGENT, "purpose": "agent", "userId": USER}
    return Reply.of(200, {"id": request.ids["id"], "participants": [agent, customer]})


def _segment(kind: str, start: str, end: str, ended: str | None = None) -> dict[str, Any]:
    """Return a segment of that afternoon, between two times after 17 hours."""
    times = {"segmentStart": f"2026-04-29T17:{start}Z", "segmentEnd": f"2026-04-29T17:{end}Z"}
    how = {"disconnectType": ended} if ended else {}
    return {"segmentType": kind, **times, **how, "queueId": QUEUE}


def _metric(name: str, value: int, at: str) -> dict[str, Any]:
    return {"name": name, "value": value, "emitDate": f"2026-04-29T17:{at}Z"}


def _session(session_id: str, *segments: dict[str, Any], **more: Any) -> dict[str, Any]:
    common = {"sessionId": session_id, "mediaType": "voice", "direction": "inbound"}
    return {**common, "metrics": [], "segments": segments, **more}


def _details(request: Received) -> Reply:
    """Return what analytics knows of a conversation, once it is over."""
    customer = _session(
        CUSTOMER_LEG,
        _segment("interact", "30:43.320", "38:14.971", "endpoint"),
        ani="tel:+15550100",
        metrics=[_metric("tConnected", 451_651, "38:14.971")],
        mediaEndpointStats=[_endpoint("audio/opus", 4.88, 92.4), _endpoint("audio/PCMU", 2.6, 48)],
    )
    waiting = _session(
        QUEUE_LEG,
        _segment("delay", "31:47.638", "31:47.652"),
        _segment("interact", "31:47.652", "35:47.638", "transfer"),
        selectedAgentId=USER,
        metrics=[_metric("tAcd", 239_986, "35:47.638")],
    )
    talking = _session(
        AGENT_LEG,
        _segment("interact", "35:47.638", "36:10.000"),
        _segment("hold", "36:10.000", "37:40.000"),
        _segment("interact", "37:40.000", "38:00.000", "transfer"),
        metrics=[_metric("nBlindTransferred", 1, "38:00.000")],
    )
    queue = {"participantId": QUEUE, "participantName": "billing"}
    people = [
        {"participantId": CUSTOMER, "purpose": "customer", "sessions": [customer]},
        {**queue, "purpose": "acd", "sessions": [waiting]},
        {"participantId": AGENT, "purpose": "agent", "userId": USER, "sessions": [talking]},
    ]
    told = {
        "conversationId": request.ids["id"],
        "conversationStart": "2026-04-29T17:30:43.090Z",
        "conversationEnd": "2026-04-29T17:38:17.974Z",
        "originatingDirection": "inbound",
        "participants": people,
    }
    return Reply.of(200, told)


def _endpoint(codec: str, mos: float, r: float) -> dict[str, Any]:
    return {
        "codecs": [codec],
        "minMos": mos,
        "minRFactor": r,
        "maxLatencyMs": 55,
        "receivedPackets": 1000,
        "discardedPackets": 40,
    }


def library() -> Any:
    """Import the client library, which takes seconds: nothing else imports it."""
    with warnings.catch_warnings():
        # Most releases have escapes that Python calls deprecated when it compiles them.
        warnings.simplefilter("ignore")
        return import_module("PureCloudPlatformClientV2")


def interface(connected: Any, name: str = "ConversationsApi") -> Any:
    """Return one of the client's interfaces.

    Args:
        connected: The client.
        name: The interface's class.
    """
    return getattr(library(), name)(connected)


@contextmanager
def client(far_end: GenesysFarEnd, *, timeout: float | None = None) -> Generator[Any, None, None]:
    """Give a client, and close its connections afterwards.

    Args:
        far_end: Whom it talks to.
        timeout: Seconds until a request is given up, without another attempt; the library itself
            waits for ever, and has no option for it.
    """
    connected = library().ApiClient(host=far_end.url)
    connected.access_token = "loopback"
    newer = hasattr(connected, "get_http_client")
    rest: Any = connected.get_http_client().rest_client if newer else connected.rest_client
    if timeout is not None:
        from urllib3 import Retry

        rest.pool_manager.connection_pool_kw.update(
            timeout=timeout, retries=Retry(0, allowed_methods=None)
        )
    try:
        yield connected
    finally:
        rest.pool_manager.clear()
