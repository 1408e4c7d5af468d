"""Telnyx: call control, conferences, queues, messages and Verify, through its generated client."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any

from cxotel import semconv
from cxotel.engine import (
    MOVES,
    REACHES,
    Fact,
    Operation,
    Vendor,
    body,
    const,
    ended_at,
    handed_off,
    header,
    item,
    mapped,
    moment,
    named,
    number,
    told,
    unwaited,
    walk,
)
from cxotel.vendors.families import stainless

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.engine import Arguments, Call


def _path(call: Call) -> tuple[str, list[str]]:
    """Return a request's verb and path; a verification is found by its id or by a number."""
    verb, parts = stainless.asked(call)
    return verb, [part for part in parts if part != "by_phone_number"]


def _place(call: Call) -> str:
    """Return the path, in which names and ids alternate."""
    return "/".join(_path(call)[1])


def _identify(call: Call) -> str:
    """Name a call by verb and path, as in `POST calls/*/actions/hangup`.

    Names and ids alternate, but for what stands after `actions`.
    """
    verb, parts = _path(call)
    kept = ("*" if at % 2 and parts[at - 1] != "actions" else part for at, part in enumerate(parts))
    return f"{verb} {'/'.join(kept)}"


def _session(call: Call) -> list[str] | None:
    """Read the id that all legs of one telephone call share."""
    session = walk(call.document, ("data", "call_session_id"))
    return [session] if session else None


def _carrying(field: str) -> Callable[[Call, str], Arguments | None]:
    """Return what writes the journey id into a state that comes back in the call's webhooks.

    A state of the caller's own stays: Telnyx keeps the last one only.
    https://developers.telnyx.com/api-reference/call-commands/update-client-state
    """

    def carry(call: Call, journey_id: str) -> Arguments | None:
        if stainless.sent(field)(call):
            return None
        state = b64encode(json.dumps({"cx_journey_id": journey_id}).encode()).decode()
        return stainless.sending(call, **{field: state})

    return carry


CALL = {
    semconv.CX_CONTACT_ID: body("data", "call_control_id"),
    semconv.CX_CONTACT_ALIASES: _session,
}
OUTBOUND = {semconv.CX_CONTACT_DIRECTION: const("outbound")}
INBOUND = {semconv.CX_CONTACT_DIRECTION: const("inbound")}
COLD = handed_off("transfer_cold", warm=False)
ENQUEUED = told(
    "queue",
    {
        semconv.CX_EVIDENCE_ID: named("calls", _place),
        semconv.CX_QUEUE_NAME: stainless.sent("queue_name"),
        semconv.CX_EVIDENCE_START_TIME: ended_at,
    },
)
WAITING = told(
    "queue",
    {
        semconv.CX_EVIDENCE_ID: named("calls", _place),
        semconv.CX_QUEUE_ID: body("data", "queue_id"),
        semconv.CX_QUEUE_NAME: named("queues", _place),
        semconv.CX_QUEUE_WAIT: number(body("data", "wait_time_secs"), 1000),
        semconv.CX_EVIDENCE_START_TIME: moment(body("data", "enqueued_at")),
    },
)
LEFT = told(
    "queue",
    {semconv.CX_EVIDENCE_ID: named("calls", _place), semconv.CX_EVIDENCE_END_TIME: ended_at},
)
VERIFIED = told(
    "authentication",
    {
        semconv.CX_AUTHENTICATION_ID: named("verifications", _place),
        semconv.CX_AUTHENTICATION_RESULT: mapped(
            body("data", "response_code"), {"accepted": "succeeded", "rejected": "failed"}
        ),
    },
)


def _hold(end: str) -> Fact:
    """Return one end of the holds of those whom a request names; of all at once, nobody knows."""
    return told(
        "hold",
        {semconv.CX_EVIDENCE_ID: item(), end: ended_at},
        each=stainless.sent("call_control_ids"),
    )


def _channel(name: str, **more: Any) -> Operation:
    return Operation(name, layer="channel", **more)


VENDOR = Vendor(
    name="telnyx",
    layer="contact_center",
    requires=("telnyx >= 4",),
    targets=stainless.targets("telnyx"),
    clients=("telnyx.",),
    identify=_identify,
    document=stainless.document,
    error_code=lambda error: walk(error, ("body", "errors", 0, "code")),
    request={semconv.CX_CONTACT_ID: named("calls", _place)},
    response={
        semconv.CX_VENDOR_REQUEST_ID: header("x-request-id"),
        # https://developers.telnyx.com/development/api-fundamentals/reliability/rate-limiting
        semconv.CX_RATE_LIMIT_LIMIT: number(header("x-ratelimit-limit")),
        semconv.CX_RATE_LIMIT_REMAINING: number(header("x-ratelimit-remaining")),
        semconv.CX_RATE_LIMIT_RESET: number(header("x-ratelimit-reset")),
    },
    operations={
        "POST calls": Operation(
            "place_call",
            shows=REACHES,
            request=OUTBOUND,
            response=CALL,
            carry=_carrying("client_state"),
        ),
        "GET calls/*": Operation("fetch_call", response=CALL),
        "POST calls/*/actions/answer": Operation(
            "answer_call", shows=REACHES, request=INBOUND, carry=_carrying("client_state")
        ),
        "POST calls/*/actions/reject": Operation("reject_call", request=INBOUND),
        "POST calls/*/actions/hangup": Operation("end_call"),
        "POST calls/*/actions/bridge": Operation("bridge_call", shows=REACHES),
        "POST calls/*/actions/transfer": Operation(
            "transfer_call",
            shows=MOVES,
            facts=(COLD,),
            carry=_carrying("target_leg_client_state"),
        ),
        "POST calls/*/actions/refer": Operation("refer_call", shows=MOVES, facts=(COLD,)),
        "POST calls/*/actions/enqueue": Operation("enqueue_call", shows=REACHES, facts=(ENQUEUED,)),
        "POST calls/*/actions/leave_queue": Operation("dequeue_call", shows=REACHES, facts=(LEFT,)),
        "POST calls/*/actions/speak": Operation("speak_text"),
        "POST calls/*/actions/playback_start": Operation("play_audio"),
        "POST calls/*/actions/gather": Operation("gather_digits"),
        "POST calls/*/actions/gather_using_speak": Operation("gather_digits"),
        "POST calls/*/actions/gather_using_audio": Operation("gather_digits"),
        "POST calls/*/actions/record_start": Operation("start_recording"),
        "POST calls/*/actions/ai_assistant_start": Operation("start_assistant", layer="ai"),
        "PUT calls/*/actions/client_state_update": Operation("update_client_state"),
        "POST conferences": Operation("create_conference", shows=REACHES),
        "POST conferences/*/actions/join": Operation("add_participant", shows=REACHES),
        "POST conferences/*/actions/leave": Operation("remove_participant"),
        "POST conferences/*/actions/hold": Operation(
            "hold_participant", shows=("effort",), facts=(_hold(semconv.CX_EVIDENCE_START_TIME),)
        ),
        "POST conferences/*/actions/unhold": Operation(
            "resume_participant", shows=("effort",), facts=(_hold(semconv.CX_EVIDENCE_END_TIME),)
        ),
        "GET queues/*": unwaited("fetch_queue_statistics"),
        "GET queues/*/calls": unwaited("list_queued_calls"),
        "GET queues/*/calls/*": Operation("fetch_queued_call", shows=REACHES, facts=(WAITING,)),
        "DELETE queues/*/calls/*": Operation("dequeue_call", shows=REACHES, facts=(LEFT,)),
        "POST messages": _channel("send_message", shows=REACHES),
        "POST messages/*": _channel("send_message", shows=REACHES),
        "GET messages/*": _channel("fetch_message"),
        "POST verifications/*": Operation("start_verification", layer="identity"),
        "GET verifications/*": Operation("fetch_verification", layer="identity"),
        "POST verifications/*/actions/verify": Operation(
            "check_verification",
            layer="identity",
            shows=("effort", "responsiveness", "reliability"),
            facts=(VERIFIED,),
        ),
    },
)
