"""Twilio: the real client, synchronous and asynchronous, held to the contract.

The far end is a loopback server that follows Twilio's published OpenAPI description. It proves what
the client sends and makes of replies; it does not prove that Twilio itself answers so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

import cxotel
from cxotel import semconv
from cxotel.demo.far_ends import Fault, closed_port
from cxotel.demo.far_ends.twilio import TwilioFarEnd, async_client, client
from cxotel.testing import ABSENT, Case, Event, Example, Telemetry, VendorContract

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.testing import At

# The library's own use of aiohttp; nothing of ours to mend.
pytestmark = [
    pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The 'auth' parameter is deprecated:DeprecationWarning"),
]

CUSTOMER, CENTER = "+15550100", "+15550199"
WORKSPACE = "WS" + "0" * 32


def place_call(at: At, to: str = CUSTOMER) -> Any:
    """Place a call as an application does."""
    return at.client.calls.create(to=to, from_=CENTER, url="https://app.example/voice")


def place_call_async(at: At, to: str = CUSTOMER) -> Any:
    """Place a call as an asynchronous application does."""
    return at.client.calls.create_async(to=to, from_=CENTER, url="https://app.example/voice")


def operate(find: Callable[[At], Any], verb: str, **values: Any) -> dict[str, Any]:
    """Return a call of a resource's method, for both clients: `fetch` and `fetch_async`."""

    def given(at: At) -> dict[str, Any]:
        return {name: value(at) if callable(value) else value for name, value in values.items()}

    def call(at: At) -> Any:
        return getattr(find(at), verb)(**given(at))

    def call_async(at: At) -> Any:
        return getattr(find(at), f"{verb}_async")(**given(at))

    return {"call": call, "call_async": call_async}


def prepared(make: Callable[[Any], Any]) -> Callable[[At], Any]:
    """Return a preparation that a synchronous client makes, whatever the example's own is."""

    def prepare(at: At) -> Any:
        with client(at.far_end.url) as twilio:
            return make(twilio)

    return prepare


def workspace(twilio: Any) -> Any:
    """Return the TaskRouter workspace."""
    return twilio.taskrouter.v1.workspaces(WORKSPACE)


def a_call(twilio: Any) -> Any:
    """Place a call to work on."""
    return twilio.calls.create(to=CUSTOMER, from_=CENTER, url="https://app.example/voice")


def a_participant(twilio: Any) -> Any:
    """Put somebody into a conference."""
    room = twilio.conferences("refund-42")
    return room.participants.create(to=CUSTOMER, from_=CENTER, label="customer")


def a_task(twilio: Any) -> Any:
    """Put a task into a queue."""
    return workspace(twilio).tasks.create(attributes='{"queue": "returns"}', task_channel="voice")


def a_reservation(twilio: Any) -> Any:
    """Let a worker be reserved for a task."""
    task = a_task(twilio)
    return workspace(twilio).tasks(task.sid).reservations.list()[0]


def a_served_task(twilio: Any) -> Any:
    """Let a worker accept a task."""
    reservation = a_reservation(twilio)
    task = workspace(twilio).tasks(reservation.task_sid)
    task.reservations(reservation.sid).update(reservation_status="accepted")
    return task.fetch()


def a_chat(twilio: Any) -> Any:
    """Begin a conversation."""
    return twilio.conversations.v1.conversations.create(friendly_name="refund")


def the_call(at: At) -> Any:
    """Return the resource of the call that was prepared."""
    return at.client.calls(at.prepared.sid)


def the_participant(at: At) -> Any:
    """Return the resource of the participant that was prepared."""
    room = at.client.conferences(at.prepared.conference_sid)
    return room.participants(at.prepared.call_sid)


def the_reservation(at: At) -> Any:
    """Return the resource of the reservation that was prepared."""
    return workspace(at.client).tasks(at.prepared.task_sid).reservations(at.prepared.sid)


def milliseconds(moment: Any) -> int:
    """Return a time as evidence has it."""
    return round(moment.timestamp() * 1000)


def reset(far_end: TwilioFarEnd) -> None:
    """Let nothing go wrong."""
    far_end.faults.clear()
    far_end.replies.clear()


def refuse(at: At) -> None:
    """Let the far end repeat in its error what the customer said."""
    said = at.canary
    words = f"{said.phone} {said.email} {said.name} {said.text}"
    at.far_end.faults.add("twilio", "create_message", Fault(failure="invalid", message=words))


OK = {semconv.HTTP_RESPONSE_STATUS_CODE: 200}


def sid(at: At) -> str:
    """Return the id of what was prepared."""
    return at.prepared.sid


def leg(at: At) -> str:
    """Return the id of the participant's call."""
    return at.prepared.call_sid


def chat(at: At) -> Any:
    """Return the resource of the conversation that was prepared."""
    return at.client.conversations.v1.conversations(at.prepared.sid)


def measured(at: At) -> Any:
    """Place a call that lasted as long as two samples."""
    at.far_end.conditions.talk.set(25, scope=CUSTOMER)
    return prepared(a_call)(at)


def handoff(kind: str) -> Event:
    """Return the event of a transfer that was asked for."""
    return Event(
        semconv.EVENT_CX_HANDOFF,
        {
            semconv.CX_HANDOFF_KIND: kind,
            semconv.CX_HANDOFF_WARM: False,
            semconv.CX_HANDOFF_RESULT: "requested",
        },
    )


def hold(end: str) -> Event:
    """Return the event of one end of a hold."""
    return Event(semconv.EVENT_CX_HOLD, {semconv.CX_EVIDENCE_ID: leg, end: int})


def waiting(task: Callable[[At], str], result: str | None = None) -> Event:
    """Return the event of a task in its queue."""
    ended = {semconv.CX_QUEUE_RESULT: result} if result else {}
    return Event(
        semconv.EVENT_CX_QUEUE,
        {
            semconv.CX_EVIDENCE_ID: task,
            semconv.CX_QUEUE_NAME: "returns",
            semconv.CX_EVIDENCE_START_TIME: lambda at: milliseconds(
                at.result.task_queue_entered_date
            ),
            **ended,
        },
    )


def accepted() -> Event:
    """Return the event of a wait that a worker ended."""
    return Event(
        semconv.EVENT_CX_QUEUE,
        {
            semconv.CX_EVIDENCE_ID: lambda at: at.prepared.task_sid,
            semconv.CX_EVIDENCE_END_TIME: lambda at: milliseconds(at.result.date_updated),
            semconv.CX_QUEUE_RESULT: "answered",
        },
    )


def sample() -> Event:
    """Return the event of one sample of a call's quality."""
    return Event(
        semconv.EVENT_CX_MEDIA,
        {
            semconv.CX_EVIDENCE_ID: str,
            semconv.CX_EVIDENCE_END_TIME: int,
            semconv.CX_MEDIA_LEG_ID: sid,
            semconv.CX_MEDIA_LEG_NAME: "carrier_edge",
            semconv.CX_MEDIA_DIRECTION: "inbound",
            semconv.CX_MEDIA_MOS: 4.3,
            semconv.CX_MEDIA_R: 88,
            semconv.CX_MEDIA_MODEL: "vendor",
            semconv.CX_MEDIA_ORIGIN: "reported",
            semconv.CX_MEDIA_SOURCE: "twilio_voice_insights",
            semconv.CX_MEDIA_TALK_DURATION: 10_000,
        },
    )


CASE = Case(
    vendor="twilio",
    far_end=TwilioFarEnd,
    clients={
        "sync": lambda far_end: client(far_end.url),
        "async": lambda far_end: async_client(far_end.url),
    },
    reset=reset,
    common={
        semconv.HTTP_RESPONSE_STATUS_CODE: 201,
        semconv.SERVER_ADDRESS: "127.0.0.1",
        semconv.CX_VENDOR_REQUEST_ID: str,
    },
    examples=(
        Example(
            operation="place_call",
            call=place_call,
            call_async=place_call_async,
            attributes={
                semconv.CX_CONTACT_DIRECTION: "outbound",
                semconv.CX_CONTACT_ID: lambda at: at.result.sid,
                semconv.CX_CONTACT_STATUS: "queued",
            },
        ),
        Example(
            operation="fetch_call",
            prepare=prepared(a_call),
            **operate(the_call, "fetch"),
            attributes={**OK, semconv.CX_CONTACT_ID: sid, semconv.CX_CONTACT_STATUS: "queued"},
        ),
        Example(
            operation="list_calls",
            **operate(lambda at: at.client.calls, "list", limit=5),
            attributes=OK,
        ),
        Example(
            operation="end_call",
            prepare=prepared(a_call),
            **operate(the_call, "update", status="completed"),
            attributes={**OK, semconv.CX_CONTACT_ID: sid, semconv.CX_CONTACT_STATUS: "completed"},
        ),
        Example(
            operation="redirect_call",
            prepare=prepared(a_call),
            **operate(the_call, "update", twiml="<Response><Dial>+15550123</Dial></Response>"),
            attributes={**OK, semconv.CX_CONTACT_ID: sid, semconv.CX_CONTACT_STATUS: str},
            events=(handoff("transfer_cold"),),
        ),
        Example(
            operation="redirect_call",
            prepare=prepared(a_call),
            **operate(the_call, "update", twiml="<Response><Enqueue>billing</Enqueue></Response>"),
            attributes={**OK, semconv.CX_CONTACT_ID: sid, semconv.CX_CONTACT_STATUS: str},
            events=(handoff("queue"),),
        ),
        Example(
            operation="redirect_call",
            prepare=prepared(a_call),
            **operate(the_call, "update", url="https://app.example/music"),
            attributes={**OK, semconv.CX_CONTACT_ID: sid, semconv.CX_CONTACT_STATUS: str},
        ),
        Example(
            operation="add_participant",
            **operate(
                lambda at: at.client.conferences("refund-42").participants,
                "create",
                to=CUSTOMER,
                from_=CENTER,
            ),
            attributes={semconv.CX_CONTACT_DIRECTION: "outbound"},
        ),
        Example(
            operation="update_participant",
            prepare=prepared(a_participant),
            **operate(the_participant, "update", muted=True),
            attributes={**OK, semconv.CX_CONTACT_ID: leg},
        ),
        Example(
            operation="hold_participant",
            prepare=prepared(a_participant),
            **operate(the_participant, "update", hold=True),
            attributes={**OK, semconv.CX_CONTACT_ID: leg},
            events=(hold(semconv.CX_EVIDENCE_START_TIME),),
        ),
        Example(
            operation="resume_participant",
            prepare=prepared(a_participant),
            **operate(the_participant, "update", hold=False),
            attributes={**OK, semconv.CX_CONTACT_ID: leg},
            events=(hold(semconv.CX_EVIDENCE_END_TIME),),
        ),
        Example(
            operation="remove_participant",
            prepare=prepared(a_participant),
            **operate(the_participant, "delete"),
            attributes={semconv.HTTP_RESPONSE_STATUS_CODE: 204, semconv.CX_CONTACT_ID: leg},
        ),
        Example(
            operation="list_conferences",
            **operate(lambda at: at.client.conferences, "list", limit=5),
            attributes=OK,
        ),
        Example(
            operation="end_conference",
            prepare=prepared(a_participant),
            **operate(
                lambda at: at.client.conferences(at.prepared.conference_sid),
                "update",
                status="completed",
            ),
            attributes=OK,
        ),
        Example(
            operation="send_message",
            **operate(
                lambda at: at.client.messages,
                "create",
                to=CUSTOMER,
                from_=CENTER,
                body="On its way",
            ),
        ),
        Example(
            operation="fetch_message",
            prepare=prepared(
                lambda twilio: twilio.messages.create(to=CUSTOMER, from_=CENTER, body="On its way")
            ),
            **operate(lambda at: at.client.messages(at.prepared.sid), "fetch"),
            attributes=OK,
        ),
        Example(
            operation="create_task",
            **operate(
                lambda at: workspace(at.client).tasks, "create", attributes='{"queue": "returns"}'
            ),
            events=(waiting(lambda at: at.result.sid),),
        ),
        Example(
            operation="fetch_task",
            prepare=prepared(a_task),
            **operate(lambda at: workspace(at.client).tasks(at.prepared.sid), "fetch"),
            attributes=OK,
            events=(waiting(lambda at: at.result.sid),),
        ),
        Example(
            operation="fetch_task",
            prepare=prepared(a_served_task),
            **operate(lambda at: workspace(at.client).tasks(at.prepared.sid), "fetch"),
            attributes=OK,
            events=(waiting(lambda at: at.result.sid, result="answered"),),
        ),
        Example(
            operation="update_task",
            prepare=prepared(a_task),
            **operate(
                lambda at: workspace(at.client).tasks(at.prepared.sid),
                "update",
                assignment_status="canceled",
            ),
            attributes=OK,
            events=(waiting(lambda at: at.result.sid, result="canceled"),),
        ),
        Example(
            operation="list_reservations",
            prepare=prepared(a_task),
            **operate(
                lambda at: workspace(at.client).tasks(at.prepared.sid).reservations, "list", limit=5
            ),
            attributes=OK,
        ),
        Example(
            operation="accept_reservation",
            prepare=prepared(a_reservation),
            **operate(the_reservation, "update", reservation_status="accepted"),
            attributes=OK,
            events=(accepted(),),
        ),
        Example(
            operation="accept_reservation",
            prepare=prepared(a_reservation),
            **operate(the_reservation, "update", instruction="conference", from_=CENTER),
            attributes=OK,
            events=(accepted(),),
        ),
        Example(
            operation="reject_reservation",
            prepare=prepared(a_reservation),
            **operate(the_reservation, "update", reservation_status="rejected"),
            attributes=OK,
        ),
        Example(
            operation="fetch_queue_statistics",
            prepare=prepared(a_task),
            **operate(
                lambda at: (
                    workspace(at.client)
                    .task_queues(at.prepared.task_queue_sid)
                    .real_time_statistics()
                ),
                "fetch",
            ),
            attributes=OK,
        ),
        Example(
            operation="create_conversation",
            **operate(lambda at: at.client.conversations.v1.conversations, "create"),
        ),
        Example(
            operation="add_conversation_participant",
            prepare=prepared(a_chat),
            **operate(lambda at: chat(at).participants, "create", identity="agent-3"),
        ),
        Example(
            operation="send_conversation_message",
            prepare=prepared(a_chat),
            **operate(lambda at: chat(at).messages, "create", author="bot", body="Let me look"),
        ),
        Example(
            operation="update_conversation",
            prepare=prepared(a_chat),
            **operate(chat, "update", state="closed"),
            attributes=OK,
        ),
        Example(
            operation="fetch_call_summary",
            prepare=prepared(a_call),
            **operate(lambda at: at.client.insights.v1.calls(at.prepared.sid).summary(), "fetch"),
            attributes={**OK, semconv.CX_CONTACT_ID: sid},
            events=(
                Event(
                    semconv.EVENT_CX_CONTACT,
                    {
                        semconv.CX_EVIDENCE_ID: sid,
                        semconv.CX_CONTACT_ID: sid,
                        semconv.CX_CONTACT_POST_DIAL_DELAY: 1250,
                        semconv.CX_CONTACT_CONNECTED_DURATION: 95_000,
                    },
                ),
            ),
        ),
        Example(
            operation="list_call_metrics",
            prepare=measured,
            **operate(
                lambda at: at.client.insights.v1.calls(at.prepared.sid).metrics, "list", limit=2
            ),
            attributes={**OK, semconv.CX_CONTACT_ID: sid},
            events=(sample(), sample()),
        ),
        Example(
            operation="place_call",
            call=lambda at: place_call(at, to="nobody"),
            call_async=lambda at: place_call_async(at, to="nobody"),
            raises=TwilioRestException,
            error="400",
            attributes={
                semconv.CX_CONTACT_DIRECTION: "outbound",
                semconv.HTTP_RESPONSE_STATUS_CODE: 400,
                semconv.CX_VENDOR_ERROR_CODE: "21211",
            },
        ),
    ),
    slow=Example(
        operation="place_call",
        prepare=lambda at: at.far_end.faults.add("twilio", "create_call", Fault(hang=True)),
        call=place_call,
        call_async=place_call_async,
        clients={"sync": lambda far_end: client(far_end.url, timeout=0.3)},
        raises=requests.Timeout,
        error="ReadTimeout",
        attributes={semconv.HTTP_RESPONSE_STATUS_CODE: ABSENT},
    ),
    canaries=(
        Example(
            operation="send_message",
            call=lambda at: at.client.messages.create(
                to=at.canary.phone,
                from_=CENTER,
                body=f"{at.canary.name} {at.canary.email}: {at.canary.text}",
            ),
            call_async=lambda at: at.client.messages.create_async(
                to=at.canary.phone,
                from_=CENTER,
                body=f"{at.canary.name} {at.canary.email}: {at.canary.text}",
            ),
        ),
        Example(
            operation="send_message",
            prepare=refuse,
            call=lambda at: at.client.messages.create(to=at.canary.phone, from_=CENTER, body="hi"),
            call_async=lambda at: at.client.messages.create_async(
                to=at.canary.phone, from_=CENTER, body="hi"
            ),
            raises=TwilioRestException,
        ),
    ),
)


class TestTwilio(VendorContract):
    """The contract that every vendor keeps."""

    case = CASE


def test_a_refused_connection_tells_its_error_and_nothing_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """There is no reply to read, so nothing is said of one, not even in the log."""
    with Telemetry() as telemetry, client(f"http://127.0.0.1:{closed_port()}") as twilio:
        cxotel.instrument("twilio", tracer_provider=telemetry.tracer_provider)
        try:
            with pytest.raises(requests.ConnectionError):
                a_call(twilio)
        finally:
            cxotel.uninstrument()

    (span,) = telemetry.spans
    assert span["attributes"][semconv.ERROR_TYPE] == "ConnectionError"
    assert semconv.HTTP_RESPONSE_STATUS_CODE not in span["attributes"]
    assert caplog.messages == []
