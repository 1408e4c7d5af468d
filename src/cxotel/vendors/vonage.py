"""Vonage 4, seen at the two methods of its HTTP client that every product passes through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxotel import semconv
from cxotel.engine import (
    REACHES,
    Fact,
    Operation,
    Problem,
    Target,
    Vendor,
    body,
    handed_off,
    json_text,
    mapped,
    number,
    told,
    unwaited,
    walk,
)
from cxotel.vendors.families.rest_paths import starred, words
from cxotel.vendors.vonage_identity import IDENTITY, in_path, wrong_code

if TYPE_CHECKING:
    from cxotel.engine import Arguments, Call, Reader

CALL_STATUS = {
    "started": "queued",
    "ringing": "ringing",
    "answered": "connected",
    "machine": "connected",
    "completed": "completed",
    "busy": "busy",
    "timeout": "no_answer",
    "unanswered": "no_answer",
    "cancelled": "canceled",
    "failed": "failed",
    "rejected": "failed",
}
"""https://developer.vonage.com/en/voice/voice-api/webhook-reference#event-webhook."""

_ANSWERED = frozenset({None, "0", "43", "44", "45"})
"""Statuses of replies that are none of a failure; 43 to 45 of Number Insight lack live data.

https://developer.vonage.com/en/api/number-insight#getNumberInsightAdvanced
"""


def _identify(call: Call) -> str:
    """Name a call by its verb and path; calls that change a call, by what they change too."""
    if call.function == "download_file_stream":
        return "GET recording"
    key = starred(call.argument("request_type"), call.argument("request_path", ""), _WORDS)
    does = _VARIANTS.get(key)
    return f"{key} {walk(call.argument('params'), (does,))}" if does else key


_VARIANTS = {"PUT v1/calls/*": "action", "POST verify/control/json": "cmd"}
"""Where one path does several things: the parameter that tells which."""


def _failure(call: Call) -> Problem | None:
    """Find the failure that the older interfaces tell with an HTTP status of success.

    The library raises its own exception for it later, out of our sight.
    """
    if call.plan.operation.name not in _TELLING_STATUS:
        return None
    for reply in walk(call.document, ("messages",)) or [call.document]:
        status = walk(reply, ("status",))
        if status is not None and str(status) not in _ANSWERED:
            return Problem("rejected", str(status))
    return None


def _error_code(error: Any) -> str | None:
    """Read the problem's type (RFC 9457), of which the last part is Vonage's code."""
    content = json_text(walk(error, ("response", "content")))
    kind = walk(content, ("type",)) or walk(content, ("error-code",))
    return kind.rpartition("#")[2].rpartition("/")[2] if isinstance(kind, str) else None


def _connects(call: Call) -> bool:
    """Tell whether a call is moved to instructions that connect it with somebody else."""
    steps = walk(call.argument("params"), ("destination", "ncco")) or ()
    return any(walk(step, ("action",)) == "connect" for step in steps)


def _carry(key: str) -> Any:
    """Return what writes the journey id into the reference that Vonage sends back.

    A reference has at most 100 characters, and the caller's own stays.
    """

    def carry(call: Call, journey_id: str) -> Arguments | None:
        params = call.argument("params")
        return None if params.get(key) else call.replacing("params", {**params, key: journey_id})

    return carry


CALL: dict[str, Reader] = {semconv.CX_CONTACT_ID: in_path(2)}
CONTACT: dict[str, Reader] = {
    semconv.CX_CONTACT_ID: body("uuid"),
    semconv.CX_CONTACT_DIRECTION: body("direction"),
    semconv.CX_CONTACT_STATUS: mapped(body("status"), CALL_STATUS),
}
FETCHED = told(
    "contact",
    {
        **CONTACT,
        semconv.CX_CONTACT_CONNECTED_DURATION: number(body("duration"), 1000),
        semconv.CX_CONTACT_ALIASES: lambda call: [walk(call.document, ("conversation_uuid",))],
    },
)


def _on_call(name: str, *facts: Fact) -> Operation:
    return Operation(name, request=CALL, facts=facts)


OPERATIONS = {
    "POST v1/calls": Operation("place_call", shows=REACHES, response=CONTACT),
    "GET v1/calls": unwaited("list_calls"),
    "GET v1/calls/*": Operation("fetch_call", response=CONTACT, facts=(FETCHED,)),
    "PUT v1/calls/* transfer": Operation(
        "transfer_call",
        shows=("effort", "responsiveness", "reliability"),
        request=CALL,
        facts=(handed_off("transfer_cold", warm=False, when=_connects),),
    ),
    "PUT v1/calls/* hangup": _on_call("end_call"),
    "PUT v1/calls/* mute": _on_call("mute_call"),
    "PUT v1/calls/* unmute": _on_call("unmute_call"),
    "PUT v1/calls/* earmuff": _on_call("earmuff_call"),
    "PUT v1/calls/* unearmuff": _on_call("unearmuff_call"),
    "PUT v1/calls/*/stream": _on_call("play_audio"),
    "DELETE v1/calls/*/stream": _on_call("stop_audio"),
    "PUT v1/calls/*/talk": _on_call("speak_text"),
    "DELETE v1/calls/*/talk": _on_call("stop_text"),
    "PUT v1/calls/*/dtmf": _on_call("send_dtmf"),
    "GET recording": unwaited("download_recording"),
    "POST v1/messages": Operation(
        "send_message", layer="channel", shows=REACHES, carry=_carry("client_ref")
    ),
    "PATCH v1/messages/*": Operation("update_message", layer="channel"),
    "POST sms/json": Operation(
        "send_sms", layer="channel", shows=REACHES, carry=_carry("client-ref")
    ),
    **IDENTITY,
    "POST session/create": Operation("create_video_session", shows=REACHES),
    "POST v2/project/*/dial": Operation("dial_into_video", shows=REACHES),
}
_WORDS = words(OPERATIONS)
_TELLING_STATUS = frozenset(
    {
        "send_sms",
        "start_legacy_verification",
        "check_legacy_code",
        "cancel_legacy_verification",
        "try_next_legacy_event",
        "look_up_number",
    }
)

VENDOR = Vendor(
    name="vonage",
    layer="contact_center",
    requires=("vonage >= 4.2",),
    targets=(
        Target("vonage_http_client.http_client", "HttpClient.make_request"),
        Target("vonage_http_client.http_client", "HttpClient.download_file_stream"),
    ),
    clients=("vonage.", "vonage_http_client."),
    anchor=lambda client: getattr(client, "http_client", client),
    identify=_identify,
    document=lambda reply: reply,
    failure=_failure,
    error_code=_error_code,
    refused=wrong_code,
    raises=("vonage_sms", "vonage_verify_legacy", "vonage_number_insight"),
    throttled=frozenset({"1"}),
    operations=OPERATIONS,
)
