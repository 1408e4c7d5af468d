"""Telnyx: the real client, synchronous and asynchronous, held to the contract.

The far end is a loopback server after Telnyx's API reference. It proves what the client sends and
makes of replies; it does not prove that Telnyx itself answers so.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

import pytest
import telnyx

import cxotel
from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.engine import shield
from cxotel.testing import ABSENT, At, Case, Event, Example, VendorContract
from cxotel.testing.observed import observing
from cxotel.testing.telemetry import Telemetry
from cxotel.vendors import load
from tests.vendors.far_ends.telnyx import TelnyxFarEnd, async_client, client
from tests.vendors.scored import calls, lost, scored, watching

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# The library takes seconds to import, which the orders of patching do seven times.
pytestmark = pytest.mark.timeout(300)

CUSTOMER, CENTER = "+15550100", "+15550199"
CONTACT = semconv.CX_CONTACT_ID
VERIFICATION = "12ade33a-21c0-473b-b055-b3c836e1c292"


def dial(at: At) -> Any:
    """Place a call as an application does."""
    return at.client.calls.dial(connection_id="7", to=CUSTOMER, from_=CENTER)


def command(name: str, **values: Any) -> Callable[[At], Any]:
    """Return a call of one of the commands to the prepared call."""
    return lambda at: getattr(at.client.calls.actions, name)(at.prepared, **values)


def a_call(at: At) -> str:
    """Place a call to work on."""
    with client(at.far_end) as connected:
        placed = connected.calls.dial(connection_id="7", to=CUSTOMER, from_=CENTER)
    assert placed.data is not None
    return placed.data.call_control_id


def a_waiting_call(at: At) -> str:
    """Put a call into a queue."""
    call = a_call(at)
    with client(at.far_end) as connected:
        connected.calls.actions.enqueue(call, queue_name="billing")
    return call


def prepared(at: At) -> str:
    """Return the id of the call that was prepared."""
    return str(at.prepared)


def refuse(at: At) -> None:
    """Let the far end repeat in its error what the customer said."""
    said = at.canary
    words = f"{said.phone} {said.email} {said.name} {said.text}"
    at.far_end.faults.add("telnyx", "send", Fault(failure="invalid", message=words))


def session(at: At) -> list[str]:
    """Return the id that all legs of the call share."""
    return [at.result.data.call_session_id]


def about(operation: str, name: str, *events: Event, **values: Any) -> Example:
    """Return an example of a command that says nothing but which call it is for."""
    return Example(
        operation=operation,
        prepare=a_call,
        call=command(name, **values),
        attributes={CONTACT: prepared},
        events=events,
    )


def handoff() -> Event:
    """Return the event of a transfer."""
    return Event(
        semconv.EVENT_CX_HANDOFF,
        {
            semconv.CX_HANDOFF_KIND: "transfer_cold",
            semconv.CX_HANDOFF_WARM: False,
            semconv.CX_HANDOFF_RESULT: "requested",
        },
    )


def queue(**more: Any) -> Event:
    """Return the event of a call in its queue."""
    keys = {"name": semconv.CX_QUEUE_NAME, "start": semconv.CX_EVIDENCE_START_TIME}
    keys |= {"end": semconv.CX_EVIDENCE_END_TIME, "wait": semconv.CX_QUEUE_WAIT}
    keys |= {"number": semconv.CX_QUEUE_ID}
    told = {keys[key]: value for key, value in more.items()}
    return Event(semconv.EVENT_CX_QUEUE, {semconv.CX_EVIDENCE_ID: prepared, **told})


def hold(end: str) -> Event:
    """Return the event of one end of a hold."""
    return Event(semconv.EVENT_CX_HOLD, {semconv.CX_EVIDENCE_ID: prepared, end: int})


def verified(result: str, **more: Any) -> Event:
    """Return the event of a customer who entered a code."""
    return Event(
        semconv.EVENT_CX_AUTHENTICATION, {semconv.CX_AUTHENTICATION_RESULT: result, **more}
    )


NO_LIMIT = {
    semconv.CX_RATE_LIMIT_LIMIT: ABSENT,
    semconv.CX_RATE_LIMIT_REMAINING: ABSENT,
    semconv.CX_RATE_LIMIT_RESET: ABSENT,
    semconv.CX_VENDOR_REQUEST_ID: ABSENT,
}
OUTBOUND = {semconv.CX_CONTACT_DIRECTION: "outbound"}

CASE = Case(
    vendor="telnyx",
    far_end=TelnyxFarEnd,
    clients={"sync": client, "async": async_client},
    reset=lambda far_end: far_end.clear(),
    common={
        semconv.HTTP_RESPONSE_STATUS_CODE: 200,
        semconv.SERVER_ADDRESS: "127.0.0.1",
        semconv.CX_VENDOR_REQUEST_ID: str,
        semconv.CX_RATE_LIMIT_LIMIT: 200,
        semconv.CX_RATE_LIMIT_REMAINING: 199,
        semconv.CX_RATE_LIMIT_RESET: 1,
    },
    examples=(
        Example(
            operation="place_call",
            call=dial,
            attributes={
                **OUTBOUND,
                CONTACT: lambda at: at.result.data.call_control_id,
                semconv.CX_CONTACT_ALIASES: session,
            },
        ),
        Example(
            operation="fetch_call",
            prepare=a_call,
            call=lambda at: at.client.calls.retrieve_status(at.prepared),
            attributes={CONTACT: prepared, semconv.CX_CONTACT_ALIASES: session},
        ),
        Example(
            operation="answer_call",
            prepare=a_call,
            call=command("answer"),
            attributes={CONTACT: prepared, semconv.CX_CONTACT_DIRECTION: "inbound"},
        ),
        Example(
            operation="reject_call",
            prepare=a_call,
            call=command("reject", cause="USER_BUSY"),
            attributes={CONTACT: prepared, semconv.CX_CONTACT_DIRECTION: "inbound"},
        ),
        about("end_call", "hangup"),
        about("transfer_call", "transfer", handoff(), to=CENTER),
        about("refer_call", "refer", handoff(), sip_address="sip:agent@center.example"),
        about("enqueue_call", "enqueue", queue(name="billing", start=int), queue_name="billing"),
        about("dequeue_call", "leave_queue", queue(end=int)),
        about("speak_text", "speak", payload="Please hold", voice="Telnyx.KokoroTTS.af"),
        about("play_audio", "start_playback", audio_url="https://app.example/wait.mp3"),
        about("gather_digits", "gather"),
        about("gather_digits", "gather_using_speak", payload="Your number?", voice="female"),
        about("gather_digits", "gather_using_audio", audio_url="https://app.example/ask.mp3"),
        about("start_recording", "start_recording", channels="single", format="mp3"),
        about("start_assistant", "start_ai_assistant"),
        about("update_client_state", "update_client_state", client_state="aGVsbG8="),
        Example(
            operation="bridge_call",
            prepare=a_call,
            call=lambda at: at.client.calls.actions.bridge(
                at.prepared, call_control_id_to_bridge_with="v3:other"
            ),
            attributes={CONTACT: prepared},
        ),
        Example(
            operation="create_conference",
            call=lambda at: at.client.conferences.create(call_control_id="v3:1", name="refund"),
        ),
        Example(
            operation="add_participant",
            call=lambda at: at.client.conferences.actions.join("c1", call_control_id="v3:1"),
        ),
        Example(
            operation="remove_participant",
            call=lambda at: at.client.conferences.actions.leave("c1", call_control_id="v3:1"),
        ),
        Example(
            operation="hold_participant",
            prepare=a_call,
            call=lambda at: at.client.conferences.actions.hold(
                "c1", call_control_ids=[at.prepared]
            ),
            events=(hold(semconv.CX_EVIDENCE_START_TIME),),
        ),
        Example(
            operation="hold_participant",
            call=lambda at: at.client.conferences.actions.hold("c1"),
        ),
        Example(
            operation="resume_participant",
            prepare=a_call,
            call=lambda at: at.client.conferences.actions.unhold(
                "c1", call_control_ids=[at.prepared]
            ),
            events=(hold(semconv.CX_EVIDENCE_END_TIME),),
        ),
        Example(
            operation="fetch_queue_statistics",
            call=lambda at: at.client.queues.retrieve("billing"),
        ),
        Example(
            operation="list_queued_calls",
            prepare=a_waiting_call,
            call=lambda at: at.client.queues.calls.list("billing"),
        ),
        Example(
            operation="fetch_queued_call",
            prepare=a_waiting_call,
            call=lambda at: at.client.queues.calls.retrieve(at.prepared, queue_name="billing"),
            attributes={CONTACT: prepared},
            events=(queue(name="billing", start=int, wait=240_000, number=str),),
        ),
        Example(
            operation="fetch_queued_call",
            prepare=a_waiting_call,
            call=lambda at: at.client.queues.calls.with_raw_response.retrieve(
                at.prepared, queue_name="billing"
            ),
            attributes={CONTACT: prepared},
            events=(queue(name="billing", start=int, wait=240_000, number=str),),
        ),
        Example(
            operation="dequeue_call",
            prepare=a_waiting_call,
            call=lambda at: at.client.queues.calls.remove(at.prepared, queue_name="billing"),
            attributes={CONTACT: prepared, semconv.HTTP_RESPONSE_STATUS_CODE: 204},
            events=(queue(end=int),),
        ),
        Example(
            operation="send_message",
            call=lambda at: at.client.messages.send(to=CUSTOMER, from_=CENTER, text="hello"),
        ),
        Example(
            operation="send_message",
            call=lambda at: at.client.messages.schedule(to=CUSTOMER, from_=CENTER, text="hello"),
        ),
        Example(operation="fetch_message", call=lambda at: at.client.messages.retrieve("m1")),
        Example(
            operation="start_verification",
            call=lambda at: at.client.verifications.trigger_sms(
                phone_number=CUSTOMER, verify_profile_id="p1"
            ),
        ),
        Example(
            operation="fetch_verification",
            call=lambda at: at.client.verifications.retrieve(VERIFICATION),
        ),
        Example(
            operation="check_verification",
            call=lambda at: at.client.verifications.actions.verify(VERIFICATION, code="17686"),
            events=(verified("succeeded", **{semconv.CX_AUTHENTICATION_ID: VERIFICATION}),),
        ),
        Example(
            operation="check_verification",
            call=lambda at: at.client.verifications.by_phone_number.actions.verify(
                CUSTOMER, code="00000", verify_profile_id="p1"
            ),
            events=(verified("failed"),),
        ),
        Example(operation="request", call=lambda at: at.client.balance.retrieve()),
        Example(
            operation="end_call",
            call=lambda at: at.client.calls.actions.hangup("v3:gone"),
            raises=telnyx.UnprocessableEntityError,
            error="UnprocessableEntityError",
            attributes={
                CONTACT: "v3:gone",
                semconv.HTTP_RESPONSE_STATUS_CODE: 422,
                semconv.CX_VENDOR_ERROR_CODE: "10006",
            },
        ),
    ),
    slow=Example(
        operation="place_call",
        prepare=lambda at: at.far_end.faults.add("telnyx", "dial", Fault(hang=True)),
        call=dial,
        clients={"sync": lambda far_end: client(far_end, timeout=0.3, max_retries=0)},
        raises=telnyx.APITimeoutError,
        error="APITimeoutError",
        attributes={**OUTBOUND, **NO_LIMIT, semconv.HTTP_RESPONSE_STATUS_CODE: ABSENT},
    ),
    canaries=(
        Example(
            operation="place_call",
            call=lambda at: at.client.calls.dial(
                connection_id="7",
                to=at.canary.phone,
                from_=CENTER,
                from_display_name=at.canary.name,
            ),
        ),
        Example(
            operation="send_message",
            call=lambda at: at.client.messages.send(
                to=at.canary.phone,
                from_=CENTER,
                subject=f"{at.canary.name} {at.canary.email}",
                text=at.canary.text,
            ),
        ),
        Example(
            operation="send_message",
            prepare=refuse,
            call=lambda at: at.client.messages.send(to=at.canary.phone, text=at.canary.text),
            raises=telnyx.UnprocessableEntityError,
        ),
        Example(
            operation="check_verification",
            call=lambda at: at.client.verifications.by_phone_number.actions.verify(
                at.canary.phone, code="17686", verify_profile_id="p1"
            ),
        ),
    ),
)


class TestTelnyx(VendorContract):
    """The contract that every vendor keeps."""

    case = CASE


@pytest.fixture(scope="module")
def running() -> Iterator[TelnyxFarEnd]:
    """One server for all tests of this file."""
    with TelnyxFarEnd() as far_end:
        yield far_end


@pytest.fixture
def far_end(running: TelnyxFarEnd) -> Iterator[TelnyxFarEnd]:
    """The server with nothing wrong; no handler of it may crash."""
    running.clear()
    yield running
    assert running.crashes == []


def test_retries_within_the_client_are_one_call(far_end: TelnyxFarEnd) -> None:
    """The library tries again by itself: one span, with the number of repeats."""
    throttled = Fault(failure="throttled", times=1, retry_after=0.01)
    far_end.faults.add("telnyx", "send", throttled)
    with client(far_end) as connected, watching("telnyx") as telemetry:
        connected.messages.send(to=CUSTOMER, text="hello")
    (span,) = calls(telemetry)
    told = span["attributes"]
    assert told[semconv.HTTP_REQUEST_RESEND_COUNT] == 1
    assert told[semconv.CX_CALL_RECOVERED] is True
    assert told[semconv.CX_CALL_THROTTLED] is True


def test_a_reply_that_the_caller_streams_is_not_read(far_end: TelnyxFarEnd) -> None:
    """Whoever asked for the bytes gets them: none of them is read for us."""
    shield.forget()
    with client(far_end) as connected, watching("telnyx") as telemetry:
        placed = connected.calls.with_streaming_response.dial(
            connection_id="7", to=CUSTOMER, from_=CENTER
        )
        with placed as reply:
            assert not reply.is_closed
            assert b"call_control_id" in reply.read()
        assert telemetry.logs == []
    (span,) = calls(telemetry)
    assert span["name"] == "place_call telnyx"
    assert CONTACT not in span["attributes"]


def test_an_own_client_state_is_left_alone(far_end: TelnyxFarEnd) -> None:
    """The journey's id goes into an empty client state only: what the application keeps is its."""
    own = b64encode(b"mine").decode()
    with (
        Telemetry() as telemetry,
        client(far_end) as connected,
        observing(load("telnyx"), telemetry, carry=True),
        cxotel.journey("refund", journey_id="j-1"),
    ):
        connected.calls.dial(connection_id="7", to=CUSTOMER, from_=CENTER, client_state=own)
        connected.calls.dial(connection_id="7", to=CUSTOMER, from_=CENTER)
    first, second = (request.json["client_state"] for request in far_end.received)
    assert first == own
    assert json.loads(b64decode(second)) == {"cx_journey_id": "j-1"}


def test_time_in_a_queue_counts_without_a_line_of_code(far_end: TelnyxFarEnd) -> None:
    """How long the customer has waited is in Telnyx's reply, and the queue's in the score."""
    call = a_waiting_call(At(None, far_end))
    with client(far_end) as connected, scored("telnyx") as told:
        connected.queues.calls.retrieve(call, queue_name="billing")
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "telnyx"
    assert lost(told) == {"reach"}


def test_a_failed_transfer_is_blamed_on_telnyx(far_end: TelnyxFarEnd) -> None:
    """An outage that the journey meets costs reliability, and the score says whose it was."""
    far_end.faults.add("telnyx", "dial", Fault(failure="unavailable"))
    with (
        client(far_end, max_retries=0) as connected,
        pytest.raises(telnyx.InternalServerError),
        scored("telnyx") as told,
    ):
        connected.calls.dial(connection_id="7", to=CUSTOMER, from_=CENTER)
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "telnyx"
    assert "reliability" in lost(told)
