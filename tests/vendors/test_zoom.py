"""Zoom: the real pyzoom held to the contract.

The far end is a loopback server that follows developers.zoom.us. It proves what the client sends
and makes of replies; it does not prove that Zoom itself answers so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.testing import Case, Event, Example, VendorContract
from tests.vendors.far_ends.zoom import CALL, HISTORY, MEETING, ZoomFarEnd, client, err

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.testing import At

# The library's own use of pydantic; nothing of ours to mend.
pytestmark = pytest.mark.filterwarnings("ignore:The `dict` method is deprecated:DeprecationWarning")

STATUS, CONTACT = semconv.HTTP_RESPONSE_STATUS_CODE, semconv.CX_CONTACT_ID
AT_TEN = 1_763_978_400_000
"""2025-11-24T10:00:00Z, in milliseconds since the epoch."""
ON_MEETING: dict[str, Any] = {CONTACT: str(MEETING)}
DONE: dict[str, Any] = {STATUS: 204}


def create_meeting(at: At) -> Any:
    """Plan a meeting as an application does."""
    return at.client.meetings.create_meeting(
        "Refund", start_time="2025-11-24T10:00:00Z", duration_min=30
    )


def raw(method: str, path: str, **more: Any) -> Callable[[At], Any]:
    """Return a request for what the client has no method of its own for."""
    return lambda at: getattr(at.client.raw, method)(path, **more)


def failing(operation: str, fault: Fault) -> Callable[[At], object]:
    """Return a preparation: something goes wrong at the far end."""
    return lambda at: at.far_end.faults.add("zoom", operation, fault)


def words(at: At) -> str:
    """Return everything that a customer may have said."""
    said = at.canary
    return f"{said.phone} {said.email} {said.name} {said.text}"


def send_message(at: At) -> Any:
    """Send what the customer said."""
    return at.client.raw.post("/chat/users/me/messages", body={"message": words(at)})


def called(**changed: Any) -> Event:
    """Return the event of a contact in a history of calls."""
    told: dict[str, Any] = {
        CONTACT: CALL,
        semconv.CX_CONTACT_DIRECTION: "inbound",
        semconv.CX_CONTACT_STATUS: "completed",
        semconv.CX_CONTACT_CONNECTED_DURATION: 110_000,
        semconv.CX_EVIDENCE_END_TIME: AT_TEN + 120_000,
        **changed,
    }
    return Event(semconv.EVENT_CX_CONTACT, told)


IN_MEETING = Event(
    semconv.EVENT_CX_MEDIA,
    {
        semconv.CX_MEDIA_LEG_ID: "p1",
        semconv.CX_MEDIA_DIRECTION: "inbound",
        semconv.CX_MEDIA_LOSS: 0.015,
        semconv.CX_MEDIA_JITTER: 0.008,
        semconv.CX_MEDIA_ROUND_TRIP: 0.09,
        semconv.CX_MEDIA_MODEL: "vendor",
        semconv.CX_MEDIA_ORIGIN: "reported",
        semconv.CX_MEDIA_SOURCE: "zoom",
        semconv.CX_EVIDENCE_START_TIME: AT_TEN,
        semconv.CX_EVIDENCE_END_TIME: AT_TEN + 60_000,
    },
)
ON_PHONE = Event(
    semconv.EVENT_CX_MEDIA,
    {
        semconv.CX_MEDIA_LEG_ID: CALL,
        semconv.CX_MEDIA_LEG_NAME: "caller",
        semconv.CX_MEDIA_DIRECTION: "inbound",
        semconv.CX_MEDIA_LOSS: 0.02,
        semconv.CX_MEDIA_JITTER: 0.003,
        semconv.CX_MEDIA_R: int,
        semconv.CX_MEDIA_MOS: 3.2,
        semconv.CX_MEDIA_MODEL: "vendor",
        semconv.CX_MEDIA_ORIGIN: "reported",
        semconv.CX_MEDIA_SOURCE: "zoom_phone",
        semconv.CX_EVIDENCE_START_TIME: AT_TEN,
    },
)
ENGAGED = {CONTACT: "_gK7Wl2OSBeL7yXTYkTeLg", semconv.CX_CONTACT_DIRECTION: "inbound"}

CASE = Case(
    vendor="zoom",
    far_end=ZoomFarEnd,
    clients={"sync": client},
    reset=ZoomFarEnd.clear,
    common={
        STATUS: 200,
        semconv.SERVER_ADDRESS: "127.0.0.1",
        semconv.CX_VENDOR_REQUEST_ID: str,
        semconv.CX_RATE_LIMIT_LIMIT: 60_000,
        semconv.CX_RATE_LIMIT_REMAINING: 59_999,
    },
    examples=(
        Example(
            operation="create_meeting",
            call=create_meeting,
            attributes={**ON_MEETING, STATUS: 201},
        ),
        Example(
            operation="create_meeting",
            prepare=failing("create_meeting", Fault(failure="invalid")),
            call=create_meeting,
            raises=err.BadRequest,
            error="BadRequest",
            attributes={STATUS: 400, semconv.CX_VENDOR_ERROR_CODE: "300"},
        ),
        Example(
            operation="fetch_meeting",
            prepare=failing("meeting", Fault(failure="throttled")),
            call=raw("get", f"/meetings/{MEETING}", raise_on_error=False),
            error="429",
            attributes={
                **ON_MEETING,
                STATUS: 429,
                semconv.CX_VENDOR_ERROR_CODE: "429",
                semconv.CX_CALL_THROTTLED: True,
            },
        ),
        Example(operation="list_meetings", call=lambda at: at.client.meetings.list_meetings()),
        Example(
            operation="fetch_meeting",
            call=lambda at: at.client.meetings.get_meeting(MEETING),
            attributes=ON_MEETING,
        ),
        Example(
            operation="update_meeting",
            call=lambda at: at.client.meetings.update_meeting(
                "Refund", start_time="2025-11-24T11:00:00Z", duration_min=30, meeting_id=MEETING
            ),
            attributes={**ON_MEETING, **DONE},
        ),
        Example(
            operation="cancel_meeting",
            call=lambda at: at.client.meetings.delete_meeting(MEETING),
            attributes={**ON_MEETING, **DONE},
        ),
        Example(
            operation="end_meeting",
            call=raw("put", f"/meetings/{MEETING}/status", body={"action": "end"}),
            attributes={**ON_MEETING, **DONE},
        ),
        Example(
            operation="add_registrant",
            call=lambda at: at.client.meetings.add_meeting_registrant(
                MEETING, first_name="A", last_name="B", email="a@cx.example"
            ),
            attributes={**ON_MEETING, STATUS: 201},
        ),
        Example(
            operation="list_registrants",
            call=lambda at: at.client.meetings.list_meeting_registrants(MEETING),
        ),
        Example(
            operation="update_registrants",
            call=lambda at: at.client.meetings.approve_registration(
                MEETING, registrant_id="fdgsfh2ey82fuh", email="a@cx.example"
            ),
            attributes={**ON_MEETING, **DONE},
        ),
        Example(
            operation="list_participants",
            call=lambda at: at.client.meetings.past_meeting_participants(MEETING),
            attributes={semconv.CX_CALL_ITEMS: 1},
        ),
        Example(
            operation="list_meeting_quality",
            call=raw("get", f"/metrics/meetings/{MEETING}/participants/qos"),
            events=(IN_MEETING,),
        ),
        Example(
            operation="list_meeting_quality",
            call=raw("get", f"/metrics/meetings/{MEETING}/participants/p1/qos"),
            events=(IN_MEETING,),
        ),
        Example(
            operation="fetch_call_quality",
            call=raw("get", f"/phone/metrics/call_logs/{CALL}/qos"),
            events=(ON_PHONE,),
        ),
        Example(
            operation="list_calls",
            call=raw("get", "/phone/call_history"),
            attributes={semconv.CX_CALL_ITEMS: 1},
            events=(called(),),
        ),
        Example(
            operation="list_calls",
            prepare=lambda at: at.far_end.replies.push("histories", 200, HEADERS, {}),
            call=raw("get", "/phone/users/me/call_history"),
            attributes={semconv.CX_CALL_ITEMS: 0},
        ),
        Example(
            operation="fetch_call_history",
            call=raw("get", "/phone/call_history/20251124-1"),
            events=(called(),),
        ),
        Example(operation="list_queues", call=raw("get", "/phone/call_queues")),
        Example(operation="list_engagements", call=raw("get", "/contact_center/engagements")),
        Example(
            operation="fetch_engagement",
            call=raw("get", f"/contact_center/engagements/{ENGAGED[CONTACT]}"),
            attributes=ENGAGED,
            events=(
                Event(
                    semconv.EVENT_CX_CONTACT,
                    {**ENGAGED, semconv.CX_EVIDENCE_END_TIME: AT_TEN + 120_000},
                ),
            ),
        ),
        Example(
            operation="start_engagement",
            call=raw("post", "/contact_center/engagement", body={"channel": "work_item"}),
        ),
        Example(
            operation="control_agent_call",
            call=raw("post", "/contact_center/users/u1/commands", body={"command": "hold"}),
        ),
        Example(operation="fetch_queue", call=raw("get", "/contact_center/queues/q1")),
        Example(
            operation="send_message",
            call=raw("post", "/chat/users/me/messages", body={"message": "On its way"}),
        ),
        Example(operation="request", call=raw("get", "/users/me")),
    ),
    slow=Example(
        operation="create_meeting",
        prepare=failing("create_meeting", Fault(hang=True)),
        call=create_meeting,
        clients={"sync": lambda far_end: client(far_end, hurried=True)},
        raises=requests.Timeout,
        error="ReadTimeout",
    ),
    canaries=(
        Example(operation="send_message", call=send_message),
        Example(
            operation="send_message",
            prepare=lambda at: failing("message", Fault(failure="invalid", message=words(at)))(at),
            call=send_message,
            raises=err.BadRequest,
        ),
        Example(
            operation="fetch_meeting",
            call=lambda at: at.client.raw.get(f"/meetings/{at.canary.email}"),
        ),
    ),
)
HEADERS = {
    "x-zm-trackingid": "v=2.0;clid=us06;rid=WEB_1a2b",
    "X-RateLimit-Limit": "60000",
    "X-RateLimit-Remaining": "59999",
}


class TestZoom(VendorContract):
    """The contract that every vendor keeps."""

    case = CASE


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ({}, "completed"),
        ({"answer_time": None, "call_result": "ring_timeout"}, None),
        ({"answer_time": None, "call_result": "busy", "direction": "outbound"}, "busy"),
        ({"answer_time": None, "call_result": "call_failed", "direction": "outbound"}, "failed"),
    ],
)
def test_a_history_tells_of_the_contact_what_it_can(
    row: dict[str, str], status: str | None
) -> None:
    """One agent who did not answer is no failed contact: the queue goes on to the next."""
    from types import SimpleNamespace

    from cxotel.vendors.zoom import CALLED

    call: Any = SimpleNamespace(item={**HISTORY, **row})
    assert CALLED.reads[semconv.CX_CONTACT_STATUS](call) == status
