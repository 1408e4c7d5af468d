"""Webex through wxc_sdk: calling, queues, records of calls, meetings and messages."""

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
    first,
    handed_off,
    header,
    hold_began,
    hold_ended,
    json_text,
    mapped,
    told,
    unwaited,
    walk,
)
from cxotel.vendors.families.rest_paths import segments, starred, words
from cxotel.vendors.webex_reports import QUALITIES, QUEUED_CALLS, RECORDS

if TYPE_CHECKING:
    from cxotel.engine import Call, Reader

CALL_STATE = {
    "connecting": "ringing",
    "alerting": "ringing",
    "connected": "connected",
    "held": "connected",
    "remoteHeld": "connected",
    "disconnected": "completed",
}
"""https://developer.webex.com/docs/api/v1/call-controls/get-call-details."""

PERSONALITY = {"originator": "outbound", "clickToDial": "outbound", "terminator": "inbound"}
"""The same page: the user's part in the call; users are the contact center's agents."""

ERROR_CODES = (
    ("errors", 0, "errorCode"),
    ("errors", 0, "error_code"),
    ("error", 0, "message", 0, "code"),
    ("errorCode",),
    ("error_code",),
)
"""Where Webex's interfaces put their code: in JSON, and in the asynchronous client's objects."""


def _path(call: Call) -> str:
    """Return the path below the version; the library makes some addresses of two others."""
    return call.argument("url").rpartition("/v1/")[2]


def _identify(call: Call) -> str:
    return starred(call.argument("method"), _path(call), _WORDS)


def _error_code(error: Any) -> str | None:
    told_in = json_text(walk(error, ("response", "text"))) or walk(error, ("detail",))
    for path in ERROR_CODES:
        code = walk(told_in, path)
        if code is not None:
            return str(code)
    return None


def _on_call(call: Call) -> str | None:
    """Read the id of the call that a request is about, from its body or its path."""
    for name in ("callId", "callId1"):
        found: str | None = walk(call.argument("json"), (name,))
        if found:
            return found
    last = segments(_path(call))[-1]
    return last if last not in _WORDS else None


def _blind(call: Call) -> bool:
    """Tell whether a call goes to somebody whom nobody has spoken to."""
    sent = call.argument("json")
    return bool(walk(sent, ("destination",))) and not walk(sent, ("toVoicemail",))


def _consulted(call: Call) -> bool:
    """Tell whether two calls become one: the user has spoken in both."""
    return not walk(call.argument("json"), ("destination",))


PLACED: dict[str, Reader] = {semconv.CX_CONTACT_ID: body("callId")}
ON_CALL: dict[str, Reader] = {semconv.CX_CONTACT_ID: _on_call}
CONTACT: dict[str, Reader] = {
    semconv.CX_CONTACT_DIRECTION: mapped(body("personality"), PERSONALITY),
    semconv.CX_CONTACT_STATUS: mapped(body("state"), CALL_STATE),
}
FETCHED = told(
    "contact",
    {
        **CONTACT,
        semconv.CX_CONTACT_ID: first(body("callId"), body("id")),
        semconv.CX_CONTACT_ALIASES: lambda call: [walk(call.document, ("callSessionId",))],
    },
)


def _about_call(name: str, *facts: Fact, **more: Any) -> Operation:
    return Operation(name, request=ON_CALL, facts=facts, **more)


_CONTROL = {
    "POST dial": Operation(
        "place_call",
        shows=REACHES,
        request={semconv.CX_CONTACT_DIRECTION: const("outbound")},
        response=PLACED,
    ),
    "POST answer": _about_call("answer_call", shows=REACHES),
    "POST reject": _about_call("reject_call"),
    "POST hangup": _about_call("end_call"),
    "POST divert": _about_call(
        "divert_call", handed_off("transfer_cold", warm=False, when=_blind), shows=MOVES
    ),
    "POST transfer": _about_call(
        "transfer_call",
        handed_off("transfer_cold", warm=False, when=_blind),
        handed_off("transfer_warm", warm=True, when=_consulted),
        shows=MOVES,
    ),
    "POST hold": _about_call("hold_call", hold_began(_on_call), shows=("effort",)),
    "POST resume": _about_call("resume_call", hold_ended(_on_call), shows=("effort",)),
    "POST park": _about_call("park_call"),
    "POST retrieve": Operation("retrieve_call", response=PLACED),
    "POST pickup": Operation("pick_up_call", shows=REACHES, response=PLACED),
    "POST mute": _about_call("mute_call"),
    "POST unmute": _about_call("unmute_call"),
    "POST transmitDtmf": _about_call("send_dtmf"),
    "POST startRecording": _about_call("start_recording"),
    "POST pauseRecording": _about_call("pause_recording"),
    "POST resumeRecording": _about_call("resume_recording"),
    "POST stopRecording": _about_call("stop_recording"),
    "GET history": unwaited("list_call_history"),
}
_FETCH = _about_call("fetch_call", FETCHED, response=CONTACT)
_LIST = unwaited("list_calls")
OPERATIONS = {
    **{key.replace(" ", " telephony/calls/"): each for key, each in _CONTROL.items()},
    **{key.replace(" ", " telephony/calls/members/*/"): each for key, each in _CONTROL.items()},
    "GET telephony/calls": _LIST,
    "GET telephony/calls/*": _FETCH,
    "GET telephony/calls/members/*/calls": _LIST,
    "GET telephony/calls/members/*/calls/*": _FETCH,
    "GET telephony/calls/queues/*/calls": QUEUED_CALLS,
    "POST telephony/conference": Operation("start_conference"),
    "POST telephony/conference/addParticipant": _about_call("add_participant"),
    "POST telephony/conference/hold": Operation("hold_conference"),
    "POST telephony/conference/resume": Operation("resume_conference"),
    "DELETE telephony/conference": Operation("end_conference"),
    "GET telephony/config/queues": unwaited("list_queues"),
    "GET telephony/config/locations/*/queues/*": unwaited("fetch_queue"),
    "PUT telephony/config/locations/*/queues/*": unwaited("update_queue"),
    "GET cdr_feed": RECORDS,
    "GET cdr_stream": RECORDS,
    "POST meetings": Operation("create_meeting"),
    "GET meetings/*": Operation("fetch_meeting"),
    "POST meetings/join": Operation("join_meeting", shows=REACHES),
    "DELETE meetings/*": Operation("cancel_meeting"),
    "GET meeting/qualities": QUALITIES,
    "POST messages": Operation("send_message", layer="channel", shows=REACHES),
    "GET messages/*": Operation("fetch_message", layer="channel"),
}
_WORDS = words(OPERATIONS)

VENDOR = Vendor(
    name="webex",
    layer="contact_center",
    requires=("wxc-sdk >= 1.30",),
    targets=(
        Target("wxc_sdk.rest", "RestSession._request_w_response"),
        Target("wxc_sdk.as_rest", "AsRestSession._request_w_response"),
    ),
    clients=("wxc_sdk",),
    anchor=lambda client: getattr(client, "session", client),
    identify=_identify,
    document=lambda reply: reply[1],
    error_code=_error_code,
    response={semconv.CX_VENDOR_REQUEST_ID: header("Trackingid")},
    operations=OPERATIONS,
)
