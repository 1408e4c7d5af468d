"""Webex: the real wxc_sdk, synchronous and asynchronous, over TLS, held to the contract.

The far end is a loopback server that follows developer.webex.com. It proves what the client sends
and makes of replies; it does not prove that Webex itself answers so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests
from aiohttp import ClientResponseError

from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.testing import ABSENT, Case, Event, Example, VendorContract
from tests.vendors.far_ends.webex import QUEUE, RECORD, RestError, WebexFarEnd, async_client, client

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.testing import At

CUSTOMER, MEMBER = "+15550100", "cGVyc29uLTE"
CALL, OTHER = "Y2FsbC0x", "Y2FsbC0y"
STATUS, CONTACT = semconv.HTTP_RESPONSE_STATUS_CODE, semconv.CX_CONTACT_ID
SESSION = "c0ffee00-0000-4000-8000-000000000001"
AT_TEN = 1_763_978_400_000
"""2025-11-24T10:00:00Z, in milliseconds since the epoch."""
ABOUT: dict[str, Any] = {STATUS: 201, CONTACT: CALL}
UNTRACKED = {semconv.CX_VENDOR_REQUEST_ID: ABSENT}


def dial(at: At) -> Any:
    """Place a call as an application does."""
    return at.client.telephony.calls.dial(destination=CUSTOMER)


def asked(method: str, path: str, **more: Any) -> Callable[[At], Any]:
    """Return a request by the client's own session, for what younger versions have methods for."""
    return lambda at: getattr(at.client.session, f"rest_{method}")(
        url=at.client.session.ep(path), **more
    )


def control(operation: str, verb: str, *events: Event, **given: Any) -> Example:
    """Return an example of call control by the user's own client."""
    return Example(
        operation=operation,
        call=asked("post", f"telephony/calls/{verb}", json={"callId": CALL, **given}),
        attributes=ABOUT,
        events=events,
    )


def member(operation: str, verb: str, *events: Event, about: bool = True) -> Example:
    """Return an example of call control for somebody else."""
    path = f"telephony/calls/members/{MEMBER}/{verb}"
    return Example(
        operation=operation,
        call=asked("post", path, json={"callId": CALL} if about else {}),
        attributes=ABOUT if about else {STATUS: 201, CONTACT: lambda at: at.result["callId"]},
        events=events,
    )


def placed(operation: str, verb: str) -> Example:
    """Return an example of a request whose reply tells the call."""
    return Example(
        operation=operation,
        call=asked("post", f"telephony/calls/{verb}", json={}),
        attributes={STATUS: 201, CONTACT: lambda at: at.result["callId"]},
    )


def handoff(kind: str, *, warm: bool) -> Event:
    """Return the event of a handoff that was asked for."""
    return Event(
        semconv.EVENT_CX_HANDOFF,
        {
            semconv.CX_HANDOFF_KIND: kind,
            semconv.CX_HANDOFF_WARM: warm,
            semconv.CX_HANDOFF_RESULT: "requested",
        },
    )


def hold(end: str) -> Event:
    """Return the event of one end of a hold."""
    return Event(semconv.EVENT_CX_HOLD, {semconv.CX_EVIDENCE_ID: CALL, end: int})


def recorded(status: str, **changed: Any) -> Event:
    """Return the event of a contact in a record of calls."""
    told: dict[str, Any] = {
        CONTACT: SESSION,
        semconv.CX_CONTACT_STATUS: status,
        semconv.CX_CONTACT_DIRECTION: "inbound",
        semconv.CX_CONTACT_CONNECTED_DURATION: 110_000,
        semconv.CX_CONTACT_ENDED_BY: "customer",
        semconv.CX_EVIDENCE_END_TIME: AT_TEN + 120_000,
        **changed,
    }
    return Event(semconv.EVENT_CX_CONTACT, told)


HELD = Event(
    semconv.EVENT_CX_HOLD,
    {
        semconv.CX_EVIDENCE_ID: str,
        semconv.CX_HOLD_DURATION: 35_000,
        semconv.CX_EVIDENCE_END_TIME: AT_TEN + 120_000,
    },
)
FETCHED = Event(
    semconv.EVENT_CX_CONTACT,
    {
        CONTACT: CALL,
        semconv.CX_CONTACT_ALIASES: (SESSION,),
        semconv.CX_CONTACT_DIRECTION: "inbound",
        semconv.CX_CONTACT_STATUS: "connected",
    },
)
THE_CALL = {
    CONTACT: CALL,
    semconv.CX_CONTACT_DIRECTION: "inbound",
    semconv.CX_CONTACT_STATUS: "connected",
}


def records(at: At) -> Any:
    """Fetch records of calls."""
    found = at.client.cdr.get_cdr_history(host=at.far_end.authority)
    return found if hasattr(found, "__await__") else list(found)


def qualities(at: At) -> Any:
    """Fetch what participants of a meeting heard."""
    found = at.client.meetings.qualities.meeting_qualities("m_I_1")
    return found if hasattr(found, "__await__") else list(found)


def failing(operation: str, fault: Fault) -> Callable[[At], object]:
    """Return a preparation: something goes wrong at the far end."""
    return lambda at: at.far_end.faults.add("webex", operation, fault)


def words(at: At) -> str:
    """Return everything that a customer may have said."""
    said = at.canary
    return f"{said.phone} {said.email} {said.name} {said.text}"


def refused(at: At) -> object:
    """Let the far end repeat in its error what the customer said."""
    return failing("send_message", Fault(failure="invalid", message=words(at)))(at)


REFUSED: dict[str, Any] = {
    STATUS: 400,
    semconv.CX_CONTACT_DIRECTION: "outbound",
    semconv.CX_VENDOR_ERROR_CODE: "4008",
}

CASE = Case(
    vendor="webex",
    far_end=WebexFarEnd,
    clients={"sync": client, "async": async_client},
    reset=WebexFarEnd.clear,
    common={
        STATUS: 200,
        semconv.SERVER_ADDRESS: "127.0.0.1",
        semconv.CX_VENDOR_REQUEST_ID: str,
    },
    examples=(
        Example(
            operation="place_call",
            call=dial,
            attributes={
                STATUS: 201,
                semconv.CX_CONTACT_DIRECTION: "outbound",
                CONTACT: lambda at: at.result.call_id,
            },
        ),
        Example(
            operation="place_call",
            call=dial,
            prepare=failing("control", Fault(failure="invalid")),
            raises=RestError,
            error="RestError",
            variants=("sync",),
            attributes=REFUSED,
        ),
        Example(
            operation="place_call",
            call=dial,
            prepare=failing("control", Fault(failure="invalid")),
            raises=ClientResponseError,
            error="AsRestError",
            variants=("async",),
            attributes=REFUSED,
        ),
        Example(
            operation="place_call",
            call=dial,
            prepare=failing("control", Fault(failure="throttled", times=2)),
            attributes={
                STATUS: 201,
                semconv.CX_CONTACT_DIRECTION: "outbound",
                CONTACT: lambda at: at.result.call_id,
                semconv.CX_CALL_THROTTLED: True,
                semconv.CX_CALL_RECOVERED: True,
                semconv.CX_CALL_RETRY_WAIT: int,
                semconv.HTTP_REQUEST_RESEND_COUNT: 2,
            },
        ),
        control("answer_call", "answer"),
        control("reject_call", "reject"),
        control("end_call", "hangup"),
        control(
            "divert_call", "divert", handoff("transfer_cold", warm=False), destination=CUSTOMER
        ),
        control("divert_call", "divert", destination=CUSTOMER, toVoicemail=True),
        Example(
            operation="transfer_call",
            call=lambda at: at.client.telephony.calls.transfer(call_id1=CALL, call_id2=OTHER),
            attributes=ABOUT,
            events=(handoff("transfer_warm", warm=True),),
        ),
        Example(
            operation="transfer_call",
            call=lambda at: at.client.telephony.calls.transfer(call_id1=CALL, destination=CUSTOMER),
            attributes=ABOUT,
            events=(handoff("transfer_cold", warm=False),),
        ),
        Example(
            operation="hold_call",
            call=lambda at: at.client.telephony.calls.hold(CALL),
            attributes=ABOUT,
            events=(hold(semconv.CX_EVIDENCE_START_TIME),),
        ),
        Example(
            operation="resume_call",
            call=lambda at: at.client.telephony.calls.resume(CALL),
            attributes=ABOUT,
            events=(hold(semconv.CX_EVIDENCE_END_TIME),),
        ),
        control("park_call", "park"),
        placed("retrieve_call", "retrieve"),
        placed("pick_up_call", "pickup"),
        control("mute_call", "mute"),
        control("unmute_call", "unmute"),
        control("send_dtmf", "transmitDtmf", dtmf="1#"),
        control("start_recording", "startRecording"),
        control("pause_recording", "pauseRecording"),
        control("resume_recording", "resumeRecording"),
        control("stop_recording", "stopRecording"),
        Example(
            operation="list_call_history",
            call=lambda at: at.client.telephony.calls.call_history(),
        ),
        Example(
            operation="place_call",
            call=asked("post", f"telephony/calls/members/{MEMBER}/dial", json={}),
            attributes={
                STATUS: 201,
                semconv.CX_CONTACT_DIRECTION: "outbound",
                CONTACT: lambda at: at.result["callId"],
            },
        ),
        *(
            member(operation, verb)
            for operation, verb in (
                ("answer_call", "answer"),
                ("reject_call", "reject"),
                ("end_call", "hangup"),
                ("divert_call", "divert"),
                ("park_call", "park"),
                ("mute_call", "mute"),
                ("unmute_call", "unmute"),
                ("send_dtmf", "transmitDtmf"),
                ("start_recording", "startRecording"),
                ("pause_recording", "pauseRecording"),
                ("resume_recording", "resumeRecording"),
                ("stop_recording", "stopRecording"),
            )
        ),
        member("hold_call", "hold", hold(semconv.CX_EVIDENCE_START_TIME)),
        member("resume_call", "resume", hold(semconv.CX_EVIDENCE_END_TIME)),
        member("transfer_call", "transfer", handoff("transfer_warm", warm=True)),
        member("retrieve_call", "retrieve", about=False),
        member("pick_up_call", "pickup", about=False),
        Example(
            operation="list_call_history",
            call=asked("get", f"telephony/calls/members/{MEMBER}/history"),
        ),
        Example(operation="list_calls", call=lambda at: at.client.telephony.calls.list_calls()),
        Example(
            operation="list_calls",
            call=asked("get", f"telephony/calls/members/{MEMBER}/calls"),
        ),
        Example(
            operation="fetch_call",
            call=lambda at: at.client.telephony.calls.call_details(CALL),
            attributes=THE_CALL,
            events=(FETCHED,),
        ),
        Example(
            operation="fetch_call",
            call=asked("get", f"telephony/calls/members/{MEMBER}/calls/{CALL}"),
            attributes=THE_CALL,
            events=(FETCHED,),
        ),
        Example(
            operation="list_queued_calls",
            call=asked("get", "telephony/calls/queues/cXVldWU/calls"),
            events=(
                Event(
                    semconv.EVENT_CX_QUEUE,
                    {
                        semconv.CX_EVIDENCE_ID: QUEUE["origCallId"],
                        CONTACT: CALL,
                        semconv.CX_QUEUE_NAME: "billing",
                        semconv.CX_EVIDENCE_START_TIME: AT_TEN,
                        semconv.CX_EVIDENCE_END_TIME: AT_TEN + 45_000,
                        semconv.CX_QUEUE_RESULT: "answered",
                    },
                ),
            ),
        ),
        Example(
            operation="start_conference",
            call=asked("post", "telephony/conference", json={"callIds": [CALL, OTHER]}),
            attributes={STATUS: 204},
        ),
        Example(
            operation="add_participant",
            call=asked("post", "telephony/conference/addParticipant", json={"callId": CALL}),
            attributes={STATUS: 204, CONTACT: CALL},
        ),
        Example(
            operation="hold_conference",
            call=asked("post", "telephony/conference/hold", json={}),
            attributes={STATUS: 204},
        ),
        Example(
            operation="resume_conference",
            call=asked("post", "telephony/conference/resume", json={}),
            attributes={STATUS: 204},
        ),
        Example(
            operation="end_conference",
            call=asked("delete", "telephony/conference"),
            attributes={STATUS: 204},
        ),
        Example(operation="list_queues", call=asked("get", "telephony/config/queues")),
        Example(
            operation="fetch_queue",
            call=asked("get", "telephony/config/locations/bG9j/queues/cXVldWU"),
        ),
        Example(
            operation="update_queue",
            call=asked("put", "telephony/config/locations/bG9j/queues/cXVldWU", json={}),
            attributes={STATUS: 204},
        ),
        Example(
            operation="list_call_records",
            call=records,
            attributes={semconv.CX_CALL_ITEMS: 1},
            events=(recorded("completed"), HELD),
        ),
        Example(
            operation="list_call_records",
            call=asked("get", "cdr_stream"),
            attributes={semconv.CX_CALL_ITEMS: 1},
            events=(recorded("completed"), HELD),
        ),
        Example(operation="create_meeting", call=asked("post", "meetings", json={"title": "x"})),
        Example(operation="fetch_meeting", call=asked("get", "meetings/m_1")),
        Example(operation="join_meeting", call=asked("post", "meetings/join", json={})),
        Example(
            operation="cancel_meeting",
            call=asked("delete", "meetings/m_1"),
            attributes={STATUS: 204},
        ),
        Example(
            operation="list_meeting_qualities",
            call=qualities,
            events=(
                Event(
                    semconv.EVENT_CX_MEDIA,
                    {
                        semconv.CX_MEDIA_LEG_ID: "s-1",
                        semconv.CX_MEDIA_DIRECTION: "inbound",
                        semconv.CX_MEDIA_CODEC: "pcmu",
                        semconv.CX_MEDIA_LOSS: 0.02,
                        semconv.CX_MEDIA_JITTER: 0.005,
                        semconv.CX_MEDIA_ROUND_TRIP: 0.1,
                        semconv.CX_MEDIA_R: 86,
                        semconv.CX_MEDIA_MOS: float,
                        semconv.CX_MEDIA_MODEL: "g107",
                        semconv.CX_MEDIA_ORIGIN: "computed",
                        semconv.CX_MEDIA_SOURCE: "webex",
                        semconv.CX_EVIDENCE_START_TIME: AT_TEN,
                        semconv.CX_EVIDENCE_END_TIME: AT_TEN + 120_000,
                    },
                ),
            ),
        ),
        Example(
            operation="send_message",
            call=lambda at: at.client.messages.create(room_id="cm9vbQ", text="On its way"),
        ),
        Example(
            operation="fetch_message",
            call=asked("get", "messages/bXNn"),
        ),
        Example(operation="request", call=asked("get", "people/me")),
    ),
    slow=Example(
        operation="place_call",
        prepare=failing("control", Fault(hang=True)),
        call=dial,
        clients={"sync": lambda far_end: client(far_end, timeout=0.3)},
        raises=requests.Timeout,
        error="ReadTimeout",
        attributes={STATUS: ABSENT, **UNTRACKED},
    ),
    canaries=(
        Example(
            operation="send_message",
            call=lambda at: at.client.messages.create(
                to_person_email=at.canary.email, text=words(at)
            ),
        ),
        Example(
            operation="send_message",
            prepare=refused,
            call=lambda at: at.client.messages.create(
                to_person_email=at.canary.email, text=words(at)
            ),
            variants=("sync",),
            raises=RestError,
        ),
        Example(
            operation="send_message",
            prepare=refused,
            call=lambda at: at.client.messages.create(
                to_person_email=at.canary.email, text=words(at)
            ),
            variants=("async",),
            raises=ClientResponseError,
        ),
        Example(
            operation="list_queued_calls",
            call=asked("get", "telephony/calls/queues/cXVldWU/calls"),
        ),
        Example(operation="list_meeting_qualities", call=qualities),
    ),
)


class TestWebex(VendorContract):
    """The contract that every vendor keeps."""

    case = CASE


@pytest.mark.parametrize(
    ("record", "status"),
    [
        ({"Call outcome": "Failure"}, "dropped"),
        ({"Answered": "false", "Direction": "ORIGINATING", "Call outcome": "Failure"}, "failed"),
        (
            {"Answered": "false", "Direction": "ORIGINATING", "Call outcome reason": "NoAnswer"},
            "no_answer",
        ),
        (
            {"Answered": "false", "Direction": "ORIGINATING", "Call outcome reason": "UserBusy"},
            "busy",
        ),
        ({"Answered": "false", "Call outcome reason": "NoAnswer"}, None),
    ],
)
def test_a_record_of_one_leg_tells_of_the_contact_what_it_can(
    record: dict[str, str], status: str | None
) -> None:
    """A call that fails once answered was cut off; an agent who does not answer is no contact."""
    from types import SimpleNamespace

    from cxotel.vendors.webex_reports import RECORDED

    call: Any = SimpleNamespace(item={**RECORD, **record})
    assert RECORDED.reads[semconv.CX_CONTACT_STATUS](call) == status
