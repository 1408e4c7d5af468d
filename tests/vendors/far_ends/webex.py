"""The far end of wxc_sdk: Webex's calling, reports, meetings and messages over TLS."""

from __future__ import annotations

import ssl
import warnings
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest import mock

from requests.adapters import HTTPAdapter

from cxotel.demo.far_ends.far_end import HttpFarEnd, route
from cxotel.demo.far_ends.faults import Failure
from cxotel.demo.far_ends.memory import Ids
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator, Mapping
    from pathlib import Path

    import requests

with warnings.catch_warnings():
    # Its session inherits from aiohttp's, which aiohttp does not like; older ones use old pydantic.
    warnings.simplefilter("ignore", DeprecationWarning)
    from wxc_sdk import WebexSimpleApi
    from wxc_sdk.as_api import AsWebexSimpleApi
    from wxc_sdk.rest import RestError

__all__ = ["QUALITY", "QUEUE", "RECORD", "RestError", "WebexFarEnd", "async_client", "client"]

QUEUE: dict[str, Any] = {
    "callId": "Y2FsbC0x",
    "origCallId": "Y2FsbC0w",
    "callSessionId": "c0ffee00-0000-4000-8000-000000000001",
    "addTime": "2025-11-24T10:00:00.000Z",
    "removeTime": "2025-11-24T10:00:45.000Z",
    "queueName": "billing",
    "queueNumber": "+15550199",
    "answeringAgentId": "YWdlbnQ",
    "remoteParty": {"name": "Zebulon Quackenbush", "number": "+15558675309"},
}
"""A call that waited for 45 seconds; of the customer, what every list of calls tells."""
RECORD: dict[str, Any] = {
    "Start time": "2025-11-24T10:00:00.000Z",
    "Answer time": "2025-11-24T10:00:10.000Z",
    "Release time": "2025-11-24T10:02:00.000Z",
    "Duration": 110,
    "Answered": "true",
    "Direction": "TERMINATING",
    "User type": "User",
    "Releasing party": "Remote",
    "Call outcome": "Success",
    "Call outcome reason": "Normal",
    "Correlation ID": "c0ffee00-0000-4000-8000-000000000001",
    "Local call ID": "1564410001:0A",
    "Hold Duration": 35,
    "Calling number": "+15558675309",
}
"""A record of the agent's leg of an answered call."""
QUALITY: dict[str, Any] = {
    "meetingInstanceId": "m_I_1",
    "webexUserName": "Zebulon Quackenbush",
    "webexUserEmail": "quill.pomfret@wombat.example",
    "participantId": "m_I_1_p1",
    "participantSessionId": "s-1",
    "audioIn": [
        {
            "samplingInterval": 60,
            "startTime": "2025-11-24T10:00:00Z",
            "packetLoss": [1.0, 3.0],
            "latency": [90, 110],
            "jitter": [4, 6],
            "codec": "PCMU",
        }
    ],
}
"""Two minutes of what one participant heard."""
FAILURES: Mapping[str, Failure] = {
    "throttled": Failure(429, "429", "Too many requests", {"Retry-After": "0"}),
    "unavailable": Failure(503, "5003", "Service unavailable"),
    "server_error": Failure(500, "5000", "Internal error"),
    "unauthorized": Failure(401, "4001", "The request requires a valid access token"),
    "not_found": Failure(404, "4004", "The call was not found"),
    "invalid": Failure(400, "4008", "The destination is not valid"),
    "conflict": Failure(409, "4009", "The call is in another state"),
}


class WebexFarEnd(HttpFarEnd):
    """Webex's interfaces, as developer.webex.com describes them."""

    def __init__(self) -> None:
        self._ids = Ids("webex")
        calls = "/v1/telephony/calls"
        routes = (
            route(
                "fetch_member_call", "GET", f"{calls}/members/{{member}}/calls/{{id}}", self._call
            ),
            route("list_member_calls", "GET", f"{calls}/members/{{member}}/calls", self._none),
            route("history", "GET", f"{calls}/members/{{member}}/history", self._none),
            route("control_member", "POST", f"{calls}/members/{{member}}/{{verb}}", self._placed),
            route("queued", "GET", f"{calls}/queues/{{queue}}/calls", self._queued),
            route("history", "GET", f"{calls}/history", self._none),
            route("list_calls", "GET", calls, self._none),
            route("fetch_call", "GET", f"{calls}/{{id}}", self._call),
            route("control", "POST", f"{calls}/{{verb}}", self._placed),
            route("conference", "POST", "/v1/telephony/conference", self._done),
            route("conference", "POST", "/v1/telephony/conference/{verb}", self._done),
            route("end_conference", "DELETE", "/v1/telephony/conference", self._done),
            route("records", "GET", "/v1/cdr_feed", self._records),
            route("records", "GET", "/v1/cdr_stream", self._records),
            # The library puts one address behind the other.
            route("qualities", "GET", "/v1/{prefix+}/v1/meeting/qualities", self._qualities),
            route("send_message", "POST", "/v1/messages", self._message),
            route("fetch_message", "GET", "/v1/messages/{id}", self._message),
            route("meeting", "POST", "/v1/meetings/join", self._any),
            route("any", "GET", "/v1/{path+}", self._any),
            route("any", "POST", "/v1/{path+}", self._any),
            route("any", "PUT", "/v1/{path+}", self._done),
            route("any", "DELETE", "/v1/{path+}", self._done),
        )
        super().__init__("webex", routes, FAILURES, tls=True)

    @property
    def authority(self) -> str:
        """Host and port."""
        return self.server.authority

    @property
    def ca_file(self) -> Path:
        """The certificate authority to trust."""
        return self.server.ca_file

    def failed(self, failure: Failure, request: Received) -> Reply:
        """Say it as the calling interfaces do."""
        error = {"description": failure.message, "errorCode": int(failure.code)}
        content = {
            "message": failure.message,
            "errorCode": int(failure.code),
            "errors": [error],
            "trackingId": "ROUTER_1",
        }
        return Reply.of(failure.status, content, failure.headers)

    def finished(self, reply: Reply, request: Received) -> Reply:
        """Repeat the id by which Cisco finds a request."""
        tracking = {"Trackingid": f"ROUTER_{self._ids.hex(12)}"}
        return Reply(reply.status, {**tracking, **reply.headers}, reply.body)

    def _placed(self, request: Received) -> Reply:
        call = {"callId": f"Y2Fsb{self._ids.hex(8)}", "callSessionId": self._ids.uuid()}
        return Reply.of(201, call)

    def _done(self, request: Received) -> Reply:
        return Reply.of(204)

    def _none(self, request: Received) -> Reply:
        return Reply.of(200, {"items": []})

    def _any(self, request: Received) -> Reply:
        return Reply.of(200, {"id": self._ids.hex(16)})

    def _call(self, request: Received) -> Reply:
        call = {
            "id": request.ids["id"],
            "callSessionId": "c0ffee00-0000-4000-8000-000000000001",
            "personality": "terminator",
            "state": "connected",
            "created": "2025-11-24T10:00:00.000Z",
            "remoteParty": QUEUE["remoteParty"],
        }
        return Reply.of(200, call)

    def _queued(self, request: Received) -> Reply:
        return Reply.of(200, {"items": [QUEUE]})

    def _records(self, request: Received) -> Reply:
        return Reply.of(200, {"items": [RECORD]})

    def _qualities(self, request: Received) -> Reply:
        return Reply.of(200, {"items": [QUALITY]})

    def _message(self, request: Received) -> Reply:
        return Reply.of(200, {"id": self._ids.hex(16), "text": request.json.get("text")})


@contextmanager
def client(
    far_end: WebexFarEnd, timeout: float = 5.0, **options: Any
) -> Generator[Any, None, None]:
    """Give a real client, and close its connections afterwards.

    Args:
        far_end: The far end, running.
        timeout: Seconds until a request is given up.
        options: More arguments for the client.
    """

    class Impatient(HTTPAdapter):
        """The library has no time limit of its own: callers set one so."""

        def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> Any:
            more["timeout"] = timeout
            return super().send(request, *args, **more)

    api: Any = WebexSimpleApi(tokens="loopback", verify=str(far_end.ca_file), **options)
    with api as webex:
        session = webex.session
        session.BASE = f"{far_end.url}/v1"
        session.trust_env = False
        session.mount("https://", Impatient(pool_maxsize=16))
        yield webex


@asynccontextmanager
async def async_client(far_end: WebexFarEnd) -> AsyncGenerator[Any, None]:
    """Give a real asynchronous client.

    Args:
        far_end: The far end, running.
    """
    trusted = ssl.create_default_context(cafile=str(far_end.ca_file))
    # An error repeats its request's random id; two runs of one call are to be compared.
    with mock.patch("wxc_sdk.as_rest.uuid", SimpleNamespace(uuid4=count(1).__next__)):
        api: Any = AsWebexSimpleApi(tokens="loopback", ssl=trusted)
        async with api as webex:
            webex.session.BASE = f"{far_end.url}/v1"
            yield webex
