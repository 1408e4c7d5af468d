"""The far end of pyzoom: Zoom's meetings, phone, reports and Contact Center."""

from __future__ import annotations

import re
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.far_end import HttpFarEnd, route
from cxotel.demo.far_ends.faults import Failure
from cxotel.demo.far_ends.memory import Ids
from cxotel.demo.far_ends.wire import Received, Reply
from tests.vendors.far_ends.impatience import impatient

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

with warnings.catch_warnings():
    # Its models are written for pydantic 1.
    warnings.simplefilter("ignore", DeprecationWarning)
    from pyzoom import ZoomClient, err

__all__ = ["CALL", "HISTORY", "MEETING", "ZoomFarEnd", "client", "err"]

SETTINGS: dict[str, Any] = {
    "host_video": True,
    "participant_video": True,
    "cn_meeting": False,
    "in_meeting": False,
    "join_before_host": True,
    "mute_upon_entry": True,
    "watermark": False,
    "use_pmi": False,
    "approval_type": 0,
    "audio": "voip",
    "auto_recording": "none",
    "enforce_login": False,
    "waiting_room": True,
    "registrants_email_notification": False,
    "meeting_authentication": False,
}
MEETING = 85_746_065_432
CALL = "7198353298765490123"
HISTORY: dict[str, Any] = {
    "call_id": CALL,
    "direction": "inbound",
    "start_time": "2025-11-24T10:00:00Z",
    "answer_time": "2025-11-24T10:00:10Z",
    "end_time": "2025-11-24T10:02:00Z",
    "call_result": "answered",
    "caller_name": "Zebulon Quackenbush",
    "caller_did_number": "+15558675309",
}
"""One attempt at a call, which somebody answered."""
FAILURES: Mapping[str, Failure] = {
    "throttled": Failure(429, "429", "You have exceeded the daily rate limit"),
    "unavailable": Failure(503, "503", "Service unavailable"),
    "server_error": Failure(500, "500", "Internal error"),
    "unauthorized": Failure(401, "124", "Invalid access token"),
    "not_found": Failure(404, "3001", "Meeting does not exist"),
    "invalid": Failure(400, "300", "Validation failed"),
    "conflict": Failure(409, "3003", "You are not the meeting's host"),
}


class ZoomFarEnd(HttpFarEnd):
    """Zoom's interfaces, as developers.zoom.us describes them."""

    def __init__(self) -> None:
        self._ids = Ids("zoom")
        routes = (
            route("create_meeting", "POST", "/v2/users/{user}/meetings", self._meeting),
            route("list_meetings", "GET", "/v2/users/{user}/meetings", self._meetings),
            route("meeting", "GET", "/v2/meetings/{id}", self._meeting),
            route("registrants", "GET", "/v2/meetings/{id}/registrants", self._registrants),
            route("register", "POST", "/v2/meetings/{id}/registrants", self._registered),
            route("participants", "GET", "/v2/past_meetings/{id}/participants", self._participants),
            route("meeting_qos", "GET", "/v2/metrics/meetings/{path+}/qos", self._meeting_qos),
            route("phone_qos", "GET", "/v2/phone/metrics/call_logs/{id}/qos", self._phone_qos),
            route("history", "GET", "/v2/phone/call_history/{id}", self._path),
            route("histories", "GET", "/v2/phone/{path+}", self._history),
            route("engagement", "GET", "/v2/contact_center/engagements/{id}", self._engagement),
            route("message", "POST", "/v2/chat/users/{user}/messages", self._any),
            route("any", "GET", "/v2/{path+}", self._any),
            route("any", "POST", "/v2/{path+}", self._any),
            route("change", "PATCH", "/v2/{path+}", lambda _: Reply.of(204)),
            route("change", "PUT", "/v2/{path+}", lambda _: Reply.of(204)),
            route("remove", "DELETE", "/v2/{path+}", lambda _: Reply.of(204)),
        )
        super().__init__("zoom", routes, FAILURES)

    def failed(self, failure: Failure, request: Received) -> Reply:
        """Say it by a number."""
        content = {"code": int(failure.code), "message": failure.message}
        return Reply.of(failure.status, content, failure.headers)

    def finished(self, reply: Reply, request: Received) -> Reply:
        """Add what Zoom says with every answer."""
        extra = {
            "x-zm-trackingid": f"v=2.0;clid=us06;rid=WEB_{self._ids.hex(16)}",
            "X-RateLimit-Limit": "60000",
            "X-RateLimit-Remaining": "59999",
        }
        return Reply(reply.status, {**extra, **reply.headers}, reply.body)

    def _meeting(self, request: Received) -> Reply:
        words = ("password", "h323_password", "pstn_password", "encrypted_password")
        meeting: dict[str, Any] = {
            **dict.fromkeys(words, "loopback"),
            "id": MEETING,
            "uuid": "aDYlohsHRtCd4ii1uC2+hA==",
            "topic": request.json.get("topic", "Refund"),
            "type": 2,
            "duration": 30,
            "timezone": "UTC",
            "created_at": "2025-11-24T09:00:00Z",
            "start_time": "2025-11-24T10:00:00Z",
            "start_url": "https://zoom.example/s/1",
            "join_url": "https://zoom.example/j/1",
            "host_id": "h1",
            "host_email": "desk@cx.example",
            "status": "waiting",
            "agenda": "",
            "settings": SETTINGS,
        }
        return Reply.of(201 if request.method == "POST" else 200, meeting)

    def _meetings(self, request: Received) -> Reply:
        page = {"page_count": 1, "page_number": 1, "page_size": 30, "total_records": 0}
        return Reply.of(200, {**page, "meetings": []})

    def _registrants(self, request: Received) -> Reply:
        page = {"page_count": 1, "page_number": 1, "page_size": 30, "total_records": 0}
        return Reply.of(200, {**page, "registrants": []})

    def _registered(self, request: Received) -> Reply:
        content = {
            "id": MEETING,
            "registrant_id": "fdgsfh2ey82fuh",
            "topic": "Refund",
            "start_time": "2025-11-24T10:00:00Z",
            "join_url": "https://zoom.example/j/1",
            "email": request.json.get("email"),
        }
        return Reply.of(201, content)

    def _participants(self, request: Received) -> Reply:
        content = {"page_count": 1, "page_size": 30, "total_records": 1, "next_page_token": ""}
        person = {"id": "p1", "name": "Zebulon Quackenbush", "user_email": ""}
        return Reply.of(200, {**content, "participants": [person]})

    def _meeting_qos(self, request: Received) -> Reply:
        told = {"latency": "90 ms", "jitter": "8 ms", "avg_loss": "1.5%", "bitrate": "27.15 kbps"}
        minute = {"date_time": "2025-11-24T10:00:00Z", "audio_output": told}
        person = {"id": "p1", "user_name": "Zebulon Quackenbush", "user_qos": [minute]}
        whole = {"participants": [person]} if request.path.endswith("participants/qos") else person
        return Reply.of(200, whole)

    def _phone_qos(self, request: Received) -> Reply:
        told = {"mos": "3.2", "network_delay": "22 ms", "jitter": "3 ms", "avg_loss": "2%"}
        sample = {"date_time": "2025-11-24T10:00:00Z", "qos": told}
        return Reply.of(200, {"call_id": CALL, "caller_qos": {"receiving": [sample]}})

    def _history(self, request: Received) -> Reply:
        if request.path.endswith("call_history"):
            return Reply.of(200, {"call_history": [HISTORY]})
        return Reply.of(200, {})

    def _path(self, request: Received) -> Reply:
        return Reply.of(200, {"call_id": CALL, "call_elements": [HISTORY]})

    def _engagement(self, request: Received) -> Reply:
        content = {
            "engagement_id": request.ids["id"],
            "direction": "inbound",
            "start_time": "2025-11-24T10:00:00Z",
            "end_time": "2025-11-24T10:02:00Z",
            "consumers": [{"consumer_display_name": "Zebulon Quackenbush"}],
        }
        return Reply.of(200, content)

    def _any(self, request: Received) -> Reply:
        said = re.sub(r"[{}\"]", "", request.body.decode())
        return Reply.of(200, {"id": self._ids.hex(16), "about": said})


@contextmanager
def client(far_end: ZoomFarEnd, *, hurried: bool = False) -> Generator[ZoomClient, None, None]:
    """Give a real client.

    Args:
        far_end: The far end, running.
        hurried: Whether it gives up soon; the library itself never does.
    """
    url = far_end.url.replace("127.0.0.1", "localhost") if hurried else far_end.url
    with impatient():
        yield ZoomClient("loopback", base_url=f"{url}/v2")
