"""Plivo: the real client library held to the contract.

The far end is a loopback server that follows www.plivo.com/docs. It proves what the client sends
and makes of replies; it does not prove that Plivo itself answers so.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import requests
from plivo.exceptions import InvalidRequestError, PlivoRestError, ValidationError

from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.testing import ABSENT, Case, Event, Example, VendorContract
from cxotel.vendors.plivo import RECORD as CONTACT_FACT
from tests.vendors.far_ends.plivo import CODE, RECORD, PlivoFarEnd, client

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.testing import At

CUSTOMER, CENTER = "15550100", "15550199"
CALL = "63f61863-4a51-4f6b-86e1-46edebcf9356"
SESSION = "c11236f4-00bf-4b89-84ba-88b25df97315"
PARTY = "9aa1c5e4-52bd-4b65-8f3b-bd8ac2a0b1ce"
STATUS, CONTACT = semconv.HTTP_RESPONSE_STATUS_CODE, semconv.CX_CONTACT_ID
AUTHENTICATION = semconv.CX_AUTHENTICATION_ID
DONE: dict[str, Any] = {STATUS: 204, semconv.CX_VENDOR_REQUEST_ID: ABSENT}
FAILED: dict[str, Any] = {semconv.CX_VENDOR_REQUEST_ID: ABSENT}


def place_call(at: At, to: str = CUSTOMER) -> Any:
    """Place a call as an application does."""
    return at.client.calls.create(from_=CENTER, to_=to, answer_url="https://app.example/voice")


def send_message(at: At) -> Any:
    """Send what the customer said."""
    return at.client.messages.create(src=CENTER, dst=at.canary.phone, text=words(at))


def words(at: At) -> str:
    """Return everything that a customer may have said."""
    said = at.canary
    return f"{said.phone} {said.email} {said.name} {said.text}"


def failing(operation: str, fault: Fault) -> Callable[[At], object]:
    """Return a preparation: something goes wrong at the far end."""
    return lambda at: at.far_end.faults.add("plivo", operation, fault)


def on_call(operation: str, call: Callable[[Any], Any], *, removes: bool = False) -> Example:
    """Return an example of a request about a call."""
    return Example(
        operation=operation,
        call=lambda at: call(at.client.calls),
        attributes={CONTACT: CALL, **(DONE if removes else {})},
    )


def authenticated(result: str) -> Event:
    """Return the event of somebody whose identity was checked."""
    return Event(
        semconv.EVENT_CX_AUTHENTICATION,
        {AUTHENTICATION: SESSION, semconv.CX_AUTHENTICATION_RESULT: result},
    )


def hold(end: str) -> Event:
    """Return the event of one end of a hold."""
    return Event(semconv.EVENT_CX_HOLD, {semconv.CX_EVIDENCE_ID: str, end: int})


def placed(at: At) -> str:
    """Return the id of the call that was placed."""
    return at.result.request_uuid


PLACED: dict[str, Any] = {
    STATUS: 201,
    semconv.CX_CONTACT_DIRECTION: "outbound",
    CONTACT: placed,
}
SEEN: dict[str, Any] = {
    CONTACT: CALL,
    semconv.CX_CONTACT_DIRECTION: "outbound",
    semconv.CX_CONTACT_STATUS: "completed",
}

CASE = Case(
    vendor="plivo",
    far_end=PlivoFarEnd,
    clients={"sync": client},
    reset=PlivoFarEnd.clear,
    common={
        STATUS: 200,
        semconv.SERVER_ADDRESS: "127.0.0.1",
        semconv.CX_VENDOR_REQUEST_ID: lambda at: at.result.api_id,
    },
    examples=(
        Example(operation="place_call", call=place_call, attributes=PLACED),
        Example(
            operation="place_call",
            call=place_call,
            prepare=failing("place_call", Fault(failure="invalid")),
            raises=ValidationError,
            error="ValidationError",
            attributes={**FAILED, STATUS: 400, semconv.CX_CONTACT_DIRECTION: "outbound"},
        ),
        Example(
            operation="place_call",
            call=place_call,
            prepare=failing("place_call", Fault(failure="throttled")),
            raises=PlivoRestError,
            error="PlivoRestError",
            attributes={
                **FAILED,
                STATUS: 429,
                semconv.CX_CONTACT_DIRECTION: "outbound",
                semconv.CX_CALL_THROTTLED: True,
            },
        ),
        Example(operation="list_calls", call=lambda at: at.client.calls.list()),
        Example(
            operation="fetch_call",
            call=lambda at: at.client.calls.get(CALL),
            attributes=SEEN,
            events=(
                Event(
                    semconv.EVENT_CX_CONTACT,
                    {
                        **SEEN,
                        semconv.CX_CONTACT_ENDED_BY: "customer",
                        semconv.CX_CONTACT_CONNECTED_DURATION: 95_000,
                        semconv.CX_EVIDENCE_END_TIME: 1_763_978_505_000,
                    },
                ),
            ),
        ),
        on_call(
            "transfer_call",
            lambda calls: calls.transfer(CALL, legs="aleg", aleg_url="https://app.example/agent"),
        ),
        on_call("end_call", lambda calls: calls.hangup(CALL), removes=True),
        on_call("cancel_call", lambda calls: calls.cancel(CALL), removes=True),
        on_call("play_audio", lambda calls: calls.play(CALL, ["https://app.example/a.mp3"])),
        on_call("stop_audio", lambda calls: calls.play_stop(CALL), removes=True),
        on_call("speak_text", lambda calls: calls.speak(CALL, "Still here")),
        on_call("stop_text", lambda calls: calls.speak_stop(CALL), removes=True),
        on_call("send_dtmf", lambda calls: calls.send_digits(CALL, "1")),
        on_call("start_recording", lambda calls: calls.record(CALL)),
        on_call("stop_recording", lambda calls: calls.record_stop(CALL), removes=True),
        on_call("start_stream", lambda calls: calls.start_stream(CALL, "wss://app.example/s")),
        Example(
            operation="fetch_conference",
            call=lambda at: at.client.conferences.get("refund-42"),
        ),
        Example(
            operation="end_conference",
            call=lambda at: at.client.conferences.hangup("refund-42"),
            attributes=DONE,
        ),
        Example(
            operation="remove_member",
            call=lambda at: at.client.conferences.member_hangup("refund-42", "7"),
            attributes=DONE,
        ),
        Example(
            operation="mute_member",
            call=lambda at: at.client.conferences.member_mute("refund-42", "7"),
        ),
        Example(
            operation="unmute_member",
            call=lambda at: at.client.conferences.member_mute_stop("refund-42", "7"),
            attributes=DONE,
        ),
        Example(
            operation="deafen_member",
            call=lambda at: at.client.conferences.member_deaf("refund-42", "7"),
        ),
        Example(
            operation="undeafen_member",
            call=lambda at: at.client.conferences.member_deaf_stop("refund-42", "7"),
            attributes=DONE,
        ),
        Example(
            operation="fetch_multi_party_call",
            call=lambda at: at.client.multi_party_calls.get(uuid=PARTY),
        ),
        Example(
            operation="end_multi_party_call",
            call=lambda at: at.client.multi_party_calls.stop(uuid=PARTY),
            attributes=DONE,
        ),
        Example(
            operation="add_participant",
            call=lambda at: at.client.multi_party_calls.add_participant(
                "Agent", uuid=PARTY, from_=CENTER, to_="15550111"
            ),
        ),
        Example(
            operation="remove_participant",
            call=lambda at: at.client.multi_party_calls.kick_participant(7, uuid=PARTY),
            attributes=DONE,
        ),
        Example(
            operation="update_participant",
            call=lambda at: at.client.multi_party_calls.update_participant(
                7, uuid=PARTY, mute=True
            ),
        ),
        Example(
            operation="hold_participant",
            call=lambda at: at.client.multi_party_calls.update_participant(
                7, uuid=PARTY, hold=True
            ),
            events=(hold(semconv.CX_EVIDENCE_START_TIME),),
        ),
        Example(
            operation="resume_participant",
            call=lambda at: at.client.multi_party_calls.update_participant(
                7, uuid=PARTY, hold=False
            ),
            events=(hold(semconv.CX_EVIDENCE_END_TIME),),
        ),
        Example(
            operation="hold_participant",
            call=lambda at: at.client.multi_party_calls.update_participant(
                7, friendly_name="refund-42", hold=True
            ),
        ),
        Example(
            operation="send_message",
            call=lambda at: at.client.messages.create(src=CENTER, dst=CUSTOMER, text="On its way"),
            attributes={STATUS: 202},
        ),
        Example(operation="fetch_message", call=lambda at: at.client.messages.get(CALL)),
        Example(operation="list_messages", call=lambda at: at.client.messages.list()),
        Example(
            operation="start_verification",
            call=lambda at: at.client.verify_session.create(recipient=CUSTOMER),
            attributes={STATUS: 202, AUTHENTICATION: lambda at: at.result.session_uuid},
        ),
        Example(
            operation="check_code",
            call=lambda at: at.client.verify_session.validate(SESSION, otp=CODE),
            attributes={AUTHENTICATION: SESSION},
            events=(authenticated("succeeded"),),
        ),
        Example(
            operation="check_code",
            call=lambda at: at.client.verify_session.validate(SESSION, otp="654321"),
            raises=ValidationError,
            attributes={**FAILED, AUTHENTICATION: SESSION, STATUS: 400},
            events=(authenticated("failed"),),
        ),
        Example(
            operation="fetch_verification",
            call=lambda at: at.client.verify_session.get(SESSION),
            attributes={AUTHENTICATION: SESSION},
            events=(authenticated("timed_out"),),
        ),
        Example(
            operation="look_up_number",
            call=lambda at: at.client.lookup.get(CUSTOMER),
        ),
        Example(operation="list_recordings", call=lambda at: at.client.recordings.list()),
        Example(
            operation="send_call_feedback",
            call=lambda at: at.client.call_feedback.create(CALL, 4),
        ),
        Example(
            operation="request",
            call=lambda at: at.client.applications.update("1234567890", "https://app.example/v"),
            prepare=failing("any", Fault(failure="conflict")),
            raises=InvalidRequestError,
            error="InvalidRequestError",
            attributes={**FAILED, STATUS: 409},
        ),
    ),
    slow=Example(
        operation="place_call",
        prepare=failing("place_call", Fault(hang=True)),
        call=place_call,
        clients={"sync": lambda far_end: client(far_end, timeout=0.3)},
        raises=requests.Timeout,
        error="ReadTimeout",
        attributes={STATUS: ABSENT, **FAILED},
    ),
    canaries=(
        Example(
            operation="send_message",
            prepare=lambda at: at.far_end.replies.push(
                "send_message", 202, {}, {"message": words(at), "message_uuid": [CALL]}
            ),
            call=send_message,
        ),
        Example(
            operation="send_message",
            prepare=lambda at: failing("send_message", Fault(failure="invalid", message=words(at)))(
                at
            ),
            call=send_message,
            raises=ValidationError,
        ),
        Example(
            operation="look_up_number",
            call=lambda at: at.client.lookup.get(at.canary.phone),
        ),
        Example(
            operation="fetch_conference",
            call=lambda at: at.client.conferences.get(at.canary.name),
        ),
    ),
)


class TestPlivo(VendorContract):
    """The contract that every vendor keeps."""

    case = CASE


@pytest.mark.parametrize(
    ("record", "status", "ended_by"),
    [
        ({}, "completed", "customer"),
        ({"hangup_cause_code": "5010", "hangup_source": "Plivo"}, "dropped", None),
        ({"answer_time": None, "hangup_cause_code": 3000}, "no_answer", "customer"),
        ({"call_direction": "inbound", "hangup_source": "Carrier"}, "completed", "network"),
        ({"call_status": "ringing", "hangup_cause_code": None}, "ringing", "customer"),
    ],
)
def test_a_record_tells_how_a_call_ended(
    record: dict[str, Any], status: str, ended_by: str | None
) -> None:
    """Plivo's codes say what became of a call; an error of its own cuts an answered call off."""
    call: Any = SimpleNamespace(document={**RECORD, **record})
    assert CONTACT_FACT.reads[semconv.CX_CONTACT_STATUS](call) == status
    assert CONTACT_FACT.reads[semconv.CX_CONTACT_ENDED_BY](call) == ended_by
