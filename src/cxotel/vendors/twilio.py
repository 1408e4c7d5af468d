"""Twilio calls, seen at the one method that every resource of the client passes through."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cxotel import semconv
from cxotel.engine import (
    MOVES,
    REACHES,
    Operation,
    Problem,
    Target,
    Vendor,
    body,
    const,
    digest,
    first,
    handed_off,
    heard,
    hold_began,
    hold_ended,
    item,
    json_text,
    mapped,
    moment,
    number,
    told,
    unwaited,
    walk,
)
from cxotel.media.emodel.opinion import r_from_mos

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.engine import Call, Reader

_FIRST_ERROR = 400

CALL_STATUS = {
    "queued": "queued",
    "initiated": "queued",
    "ringing": "ringing",
    "in-progress": "connected",
    "completed": "completed",
    "busy": "busy",
    "no-answer": "no_answer",
    "failed": "failed",
    "canceled": "canceled",
}
"""https://www.twilio.com/docs/voice/api/call-resource#call-status-values."""

TASK_RESULT = {
    "assigned": "answered",
    "wrapping": "answered",
    "completed": "answered",
    "canceled": "canceled",
}
"""https://www.twilio.com/docs/taskrouter/api/task#task-status-values; while it waits: none yet."""


def _identify(call: Call) -> str:
    """Name a call by verb and resource, as in `POST Conversations/Messages`.

    In Twilio's paths names and ids alternate, so ids need not be recognised to be left out.
    """
    path = call.argument("uri").partition("?")[0].removesuffix(".json")
    parts = [part for part in path.partition("//")[2].split("/")[1:] if part]
    names, ends_in_id = parts[1::2], len(parts) % 2 == 1
    key = f"{call.argument('method').upper()} {'/'.join(names)}{'/*' if ends_in_id else ''}"
    tell = _VARIANTS.get(key)
    return f"{key} {tell(call.argument('data') or {})}" if tell else key


_VARIANTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "POST Accounts/Calls/*": lambda data: (
        "end" if data.get("Status") in {"completed", "canceled"} else "redirect"
    ),
    "POST Accounts/Conferences/Participants/*": lambda data: (
        "update" if data.get("Hold") is None else "hold" if _true(data["Hold"]) else "resume"
    ),
    # An instruction (dequeue, conference, …) is how a worker's phone accepts.
    "POST Workspaces/Tasks/Reservations/*": lambda data: (
        "accepted" if data.get("Instruction") else str(data.get("ReservationStatus"))
    ),
}
"""Updates of one resource, told apart by what they set."""


def _true(value: object) -> bool:
    return str(value).lower() == "true"


def _failure(call: Call) -> Problem | None:
    """Twilio returns a 4xx here and raises only later, out of our sight."""
    status = call.response.status_code
    if status < _FIRST_ERROR:
        return None
    code = walk(call.document, ("code",))
    return Problem(str(status), None if code is None else str(code))


def _sid(prefix: str) -> Reader:
    """Return a reader of an id in the path: Twilio's ids tell by two letters what they are of."""
    pattern = re.compile(rf"/({prefix}[0-9a-f]{{32}})(?=[/.?]|$)")
    return lambda call: (found := pattern.search(call.argument("uri"))) and found[1]


def _twiml(verb: str) -> Reader:
    """Return a reader that tells whether the TwiML sent with a call uses *verb*."""
    return lambda call: f"<{verb}" in (walk(call.argument("data"), ("Twiml",)) or "")


CALL = {
    semconv.CX_CONTACT_ID: body("sid"),
    semconv.CX_CONTACT_STATUS: mapped(body("status"), CALL_STATUS),
}
ON_CALL = {semconv.CX_CONTACT_ID: _sid("CA")}
QUEUE = {
    semconv.CX_EVIDENCE_ID: body("sid"),
    semconv.CX_QUEUE_NAME: first(body("task_queue_friendly_name"), body("workflow_friendly_name")),
    semconv.CX_EVIDENCE_START_TIME: moment(
        first(body("task_queue_entered_date"), body("date_created"))
    ),
}
WAITING = told("queue", QUEUE)
WAITED = told(
    "queue",
    {**QUEUE, semconv.CX_QUEUE_RESULT: mapped(body("assignment_status"), TASK_RESULT)},
)
ACCEPTED = told(
    "queue",
    {
        semconv.CX_EVIDENCE_ID: body("task_sid"),
        semconv.CX_EVIDENCE_END_TIME: moment(body("date_updated")),
        semconv.CX_QUEUE_RESULT: const("answered"),
    },
)


def _mos(call: Call) -> Any:
    """Read the mean opinion score of one sample, at the edge that the sample is of."""
    return walk(call.item, (walk(call.item, ("edge",)), "interval", "mos", "value"))


SUMMARY = told(
    "contact",
    {
        semconv.CX_EVIDENCE_ID: body("call_sid"),
        semconv.CX_CONTACT_ID: body("call_sid"),
        semconv.CX_CONTACT_POST_DIAL_DELAY: number(body("properties", "pdd_ms")),
        semconv.CX_CONTACT_CONNECTED_DURATION: number(body("connect_duration"), 1000),
    },
)
SAMPLES = heard(
    "twilio_voice_insights",
    {
        semconv.CX_MEDIA_LEG_ID: item("call_sid"),
        semconv.CX_MEDIA_LEG_NAME: item("edge"),
        semconv.CX_MEDIA_DIRECTION: item("direction"),
        semconv.CX_MEDIA_MOS: _mos,
        semconv.CX_MEDIA_R: lambda call: round(r_from_mos(_mos(call))),
        semconv.CX_MEDIA_TALK_DURATION: const(10_000),
        semconv.CX_EVIDENCE_END_TIME: moment(item("timestamp")),
        semconv.CX_EVIDENCE_ID: digest(
            item("call_sid"), item("edge"), item("direction"), item("timestamp")
        ),
    },
    each=body("metrics"),
    when=_mos,
)
"""Voice Insights samples each edge every ten seconds; a sample without a MOS tells nothing.

https://www.twilio.com/docs/voice/voice-insights/api/call/call-metrics-resource
"""

VENDOR = Vendor(
    name="twilio",
    layer="contact_center",
    requires=("twilio >= 8",),
    targets=(
        Target("twilio.base.client_base", "ClientBase.request"),
        Target("twilio.base.client_base", "ClientBase.request_async"),
    ),
    clients=("twilio.",),
    identify=_identify,
    document=lambda response: json_text(response.text),
    failure=_failure,
    raises=("twilio",),
    throttled=frozenset({"20429"}),
    request=ON_CALL,
    response={
        # Without a connection there is no response to read either from.
        semconv.HTTP_RESPONSE_STATUS_CODE: lambda call: walk(call.response, ("status_code",)),
        semconv.CX_VENDOR_REQUEST_ID: lambda call: walk(
            call.response, ("headers", "Twilio-Request-Id")
        ),
    },
    operations={
        "POST Accounts/Calls": Operation(
            "place_call",
            shows=REACHES,
            request={semconv.CX_CONTACT_DIRECTION: const("outbound")},
            response=CALL,
        ),
        "GET Accounts/Calls/*": Operation("fetch_call", response=CALL),
        "GET Accounts/Calls": unwaited("list_calls"),
        "POST Accounts/Calls/* end": Operation("end_call", response=CALL),
        "POST Accounts/Calls/* redirect": Operation(
            "redirect_call",
            shows=MOVES,
            response=CALL,
            facts=(
                handed_off("transfer_cold", warm=False, when=_twiml("Dial")),
                handed_off("queue", warm=False, when=_twiml("Enqueue")),
            ),
        ),
        "POST Accounts/Conferences/Participants": Operation(
            "add_participant", request={semconv.CX_CONTACT_DIRECTION: const("outbound")}
        ),
        "POST Accounts/Conferences/Participants/* update": Operation("update_participant"),
        "POST Accounts/Conferences/Participants/* hold": Operation(
            "hold_participant", shows=("effort",), facts=(hold_began(body("call_sid")),)
        ),
        "POST Accounts/Conferences/Participants/* resume": Operation(
            "resume_participant", shows=("effort",), facts=(hold_ended(body("call_sid")),)
        ),
        "DELETE Accounts/Conferences/Participants/*": Operation("remove_participant"),
        "GET Accounts/Conferences": unwaited("list_conferences"),
        "POST Accounts/Conferences/*": Operation("end_conference"),
        "POST Accounts/Messages": Operation("send_message", shows=REACHES),
        "GET Accounts/Messages/*": Operation("fetch_message"),
        "POST Workspaces/Tasks": Operation("create_task", shows=REACHES, facts=(WAITING,)),
        "GET Workspaces/Tasks/*": Operation("fetch_task", shows=REACHES, facts=(WAITED,)),
        "POST Workspaces/Tasks/*": Operation("update_task", shows=REACHES, facts=(WAITED,)),
        "GET Workspaces/Tasks/Reservations": Operation("list_reservations"),
        "POST Workspaces/Tasks/Reservations/* accepted": Operation(
            "accept_reservation", shows=REACHES, facts=(ACCEPTED,)
        ),
        "POST Workspaces/Tasks/Reservations/* rejected": Operation("reject_reservation"),
        "GET Workspaces/TaskQueues/RealTimeStatistics": unwaited("fetch_queue_statistics"),
        "POST Conversations": Operation("create_conversation", shows=REACHES),
        "POST Conversations/Participants": Operation("add_conversation_participant"),
        "POST Conversations/Messages": Operation("send_conversation_message"),
        "POST Conversations/*": Operation("update_conversation"),
        "GET Voice/Summary": unwaited("fetch_call_summary", SUMMARY, shows=("reach",)),
        "GET Voice/Metrics": unwaited("list_call_metrics", SAMPLES, shows=("media",)),
    },
)
