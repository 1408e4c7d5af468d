"""Plivo, seen at the one method of its client that all requests pass through, and pass again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxotel import semconv
from cxotel.engine import (
    MOVES,
    REACHES,
    Fact,
    Operation,
    Target,
    Vendor,
    body,
    const,
    digest,
    first,
    hold_began,
    hold_ended,
    mapped,
    moment,
    number,
    raised,
    told,
    unwaited,
    walk,
)
from cxotel.vendors.families.rest_paths import words

if TYPE_CHECKING:
    from cxotel.engine import Call, Problem, Reader

LIVE_STATUS = {"queued": "queued", "ringing": "ringing", "in-progress": "connected"}
"""https://www.plivo.com/docs/voice/api/call/retrieve-live-call-details."""

UNANSWERED = {
    1000: "canceled",
    1010: "canceled",
    2000: "failed",
    3000: "no_answer",
    3010: "busy",
    3020: "busy",
    5000: "failed",
    5010: "failed",
    5020: "failed",
}
"""A call's `hangup_cause_code`, of those that tell a call which was not answered.

https://www.plivo.com/docs/voice/troubleshooting/hangup-causes
"""

BROKEN = frozenset({5000, 5010, 5020})
"""The same page: errors of the network, of Plivo and of its routes."""

ENDED_BY = {
    ("inbound", "Caller"): "customer",
    ("outbound", "Callee"): "customer",
    ("inbound", "Callee"): "agent",
    ("outbound", "Caller"): "agent",
    ("inbound", "Carrier"): "network",
    ("outbound", "Carrier"): "network",
    ("inbound", "API Request"): "system",
    ("outbound", "API Request"): "system",
}
"""The same page: who hung up, by the call's direction and its `hangup_source`."""

VERIFIED = {"verified": "succeeded", "expired": "timed_out"}
"""https://www.plivo.com/docs/verify/api/session/the-session-object."""


def _identify(call: Call) -> str:
    """Name a call by its verb and path; two products hide under the names of others."""
    method = call.argument("method")
    if walk(call.argument("data"), ("is_callinsights_request",)):
        return f"{method} Feedback"
    if call.argument("is_lookup_request"):
        return f"{method} Lookup"
    path = [part if part in _WORDS else "*" for part in call.argument("path") or ()]
    key = f"{method} {'/'.join(path)}"
    if key != "POST MultiPartyCall/*/Participant/*":
        return key
    hold = walk(call.argument("data"), ("hold",))
    return key if hold is None else f"{key} {'hold' if hold else 'resume'}"


def _in_path(position: int) -> Reader:
    return lambda call: call.argument("path")[position]


def _party(call: Call) -> str | None:
    """Return the id of a multi-party call, where it is not addressed by a name of the caller's."""
    party: str = call.argument("path")[1]
    return party.removeprefix("uuid_") if party.startswith("uuid_") else None


def _status(call: Call) -> str | None:
    """Read what became of a call from its record, or what it is doing now."""
    live: str | None = LIVE_STATUS.get(walk(call.document, ("call_status",)) or "")
    cause = number(body("hangup_cause_code"))(call)
    if live is not None or cause is None:
        return live
    if walk(call.document, ("answer_time",)):
        return "dropped" if cause in BROKEN else "completed"
    return UNANSWERED.get(cause)


def _ended_by(call: Call) -> str | None:
    direction, source = (walk(call.document, (n,)) for n in ("call_direction", "hangup_source"))
    return ENDED_BY.get((direction, source))


def _seconds(call: Call) -> int | None:
    """Read how long a call was connected, in milliseconds; an unanswered one was not."""
    answered = walk(call.document, ("answer_time",))
    return number(body("call_duration"), 1000)(call) if answered else None


def _wrong_code(call: Call, _: Problem) -> bool:
    """Tell whether a customer has mistyped a code: nothing else in such a request can be wrong."""
    return call.plan.operation.name == "check_code" and call.status == 400


HELD = digest(_party, _in_path(3))
"""Which participant of which call is held."""
ON_CALL: dict[str, Reader] = {semconv.CX_CONTACT_ID: _in_path(1)}
SEEN: dict[str, Reader] = {
    semconv.CX_CONTACT_DIRECTION: first(body("call_direction"), body("direction")),
    semconv.CX_CONTACT_STATUS: _status,
}
RECORD = told(
    "contact",
    {
        **SEEN,
        semconv.CX_CONTACT_ID: _in_path(1),
        semconv.CX_CONTACT_ENDED_BY: _ended_by,
        semconv.CX_CONTACT_CONNECTED_DURATION: _seconds,
        semconv.CX_EVIDENCE_END_TIME: moment(body("end_time")),
    },
)
SESSION: dict[str, Reader] = {semconv.CX_AUTHENTICATION_ID: body("session_uuid")}
ON_SESSION: dict[str, Reader] = {semconv.CX_AUTHENTICATION_ID: _in_path(2)}


def _checked(result: Reader) -> Fact:
    reads = {**ON_SESSION, semconv.CX_AUTHENTICATION_RESULT: result}
    return told("authentication", reads, when=result)


def _about_call(name: str, **more: Any) -> Operation:
    return Operation(name, request=ON_CALL, **more)


def _identity(name: str, *facts: Fact, **more: Any) -> Operation:
    return Operation(name, layer="identity", facts=facts, **more)


OPERATIONS = {
    "POST Call": Operation(
        "place_call",
        shows=REACHES,
        request={semconv.CX_CONTACT_DIRECTION: const("outbound")},
        response={semconv.CX_CONTACT_ID: body("request_uuid")},
    ),
    "GET Call": unwaited("list_calls"),
    "GET Call/*": _about_call("fetch_call", response=SEEN, facts=(RECORD,)),
    "POST Call/*": _about_call("transfer_call", shows=MOVES),
    "DELETE Call/*": _about_call("end_call"),
    "DELETE Request/*": _about_call("cancel_call"),
    "POST Call/*/Play": _about_call("play_audio"),
    "DELETE Call/*/Play": _about_call("stop_audio"),
    "POST Call/*/Speak": _about_call("speak_text"),
    "DELETE Call/*/Speak": _about_call("stop_text"),
    "POST Call/*/DTMF": _about_call("send_dtmf"),
    "POST Call/*/Record": _about_call("start_recording"),
    "DELETE Call/*/Record": _about_call("stop_recording"),
    "POST Call/*/Stream": _about_call("start_stream"),
    "GET Conference/*": Operation("fetch_conference"),
    "DELETE Conference/*": Operation("end_conference"),
    "DELETE Conference/*/Member/*": Operation("remove_member"),
    "POST Conference/*/Member/*/Mute": Operation("mute_member"),
    "DELETE Conference/*/Member/*/Mute": Operation("unmute_member"),
    "POST Conference/*/Member/*/Deaf": Operation("deafen_member"),
    "DELETE Conference/*/Member/*/Deaf": Operation("undeafen_member"),
    "GET MultiPartyCall/*": Operation("fetch_multi_party_call"),
    "DELETE MultiPartyCall/*": Operation("end_multi_party_call"),
    "POST MultiPartyCall/*/Participant": Operation("add_participant", shows=REACHES),
    "DELETE MultiPartyCall/*/Participant/*": Operation("remove_participant"),
    "POST MultiPartyCall/*/Participant/*": Operation("update_participant"),
    "POST MultiPartyCall/*/Participant/* hold": Operation(
        "hold_participant", shows=("effort",), facts=(hold_began(HELD, when=_party),)
    ),
    "POST MultiPartyCall/*/Participant/* resume": Operation(
        "resume_participant", shows=("effort",), facts=(hold_ended(HELD, when=_party),)
    ),
    "POST Message": Operation("send_message", layer="channel", shows=REACHES),
    "GET Message/*": Operation("fetch_message", layer="channel"),
    "GET Message": unwaited("list_messages"),
    "POST Verify/Session": _identity("start_verification", response=SESSION),
    "POST Verify/Session/*": _identity(
        "check_code",
        _checked(first(const("failed", when=raised), const("succeeded"))),
        request=ON_SESSION,
    ),
    "GET Verify/Session/*": _identity(
        "fetch_verification", _checked(mapped(body("status"), VERIFIED)), request=ON_SESSION
    ),
    "GET Lookup": _identity("look_up_number"),
    "GET Recording": unwaited("list_recordings"),
    "POST Feedback": unwaited("send_call_feedback"),
}
_WORDS = words(OPERATIONS)

VENDOR = Vendor(
    name="plivo",
    layer="contact_center",
    requires=("plivo >= 4.43",),
    targets=(Target("plivo.rest.client", "Client.request"),),
    clients=("plivo.",),
    identify=_identify,
    document=lambda reply: reply,
    refused=_wrong_code,
    response={semconv.CX_VENDOR_REQUEST_ID: body("api_id")},
    operations=OPERATIONS,
)
