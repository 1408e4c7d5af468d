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
    const,
    first,
    handed_off,
    item,
    json_text,
    mapped,
    number,
    told,
    unwaited,
    walk,
)
from cxotel.vendors.rest_paths import segments, starred, words

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

VERIFY_RESULT = {"completed": "succeeded", "expired": "timed_out", "failed": "failed"}
"""https://developer.vonage.com/en/api/verify.v2#webhooks."""

LEGACY_RESULT = {
    "0": "succeeded",
    "16": "failed",
    "17": "failed",
    "SUCCESS": "succeeded",
    "FAILED": "failed",
    "EXPIRED": "timed_out",
}
"""A check's status and a search's: https://developer.vonage.com/en/api/verify#verifyCheck."""

_WRONG_CODE = frozenset({400, 410})
"""HTTP statuses of a check of a wrong code, and of one too many.

https://developer.vonage.com/en/api/verify.v2#checkVerification
"""
_WRONG_LEGACY_CODE = frozenset({"16", "17"})

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


def _in_path(position: int) -> Reader:
    """Return a reader of the id at one place of the path."""
    return lambda call: segments(call.argument("request_path"))[position]


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


def _raised(call: Call) -> bool:
    return call.error is not None


def _refused(call: Call, problem: Problem) -> bool:
    """Tell whether a customer has mistyped a code."""
    if call.plan.operation.name == "check_legacy_code":
        return problem.code in _WRONG_LEGACY_CODE
    return call.plan.operation.name == "check_code" and call.status in _WRONG_CODE


def _checked(request_id: Reader, result: Reader, *, each: Reader | None = None) -> Fact:
    """Return the fact that somebody's identity was checked."""
    reads = {
        semconv.CX_AUTHENTICATION_ID: request_id,
        semconv.CX_AUTHENTICATION_RESULT: result,
    }
    return told("authentication", reads, each=each, when=result)


CALL: dict[str, Reader] = {semconv.CX_CONTACT_ID: _in_path(2)}
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
VERIFICATION: dict[str, Reader] = {semconv.CX_AUTHENTICATION_ID: body("request_id")}
ON_VERIFICATION: dict[str, Reader] = {semconv.CX_AUTHENTICATION_ID: _in_path(2)}
NUMBER_IS_THEIRS = mapped(body("devicePhoneNumberVerified"), {True: "succeeded", False: "failed"})


def _on_call(name: str, *facts: Fact) -> Operation:
    return Operation(name, request=CALL, facts=facts)


def _identity(
    name: str,
    *facts: Fact,
    request: dict[str, Reader] | None = None,
    response: dict[str, Reader] | None = None,
) -> Operation:
    return Operation(
        name, layer="identity", request=request or {}, response=response or {}, facts=facts
    )


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
    "POST v2/verify": _identity("start_verification", response=VERIFICATION),
    "POST v2/verify/*": _identity(
        "check_code",
        _checked(
            _in_path(2),
            first(mapped(body("status"), VERIFY_RESULT), const("failed", when=_raised)),
        ),
        request=ON_VERIFICATION,
    ),
    "DELETE v2/verify/*": _identity("cancel_verification", request=ON_VERIFICATION),
    "POST v2/verify/*/next_workflow": _identity("try_next_workflow", request=ON_VERIFICATION),
    "POST verify/json": _identity("start_legacy_verification", response=VERIFICATION),
    "POST verify/psd2/json": _identity("start_legacy_verification", response=VERIFICATION),
    "POST verify/check/json": _identity(
        "check_legacy_code",
        _checked(body("request_id"), mapped(body("status"), LEGACY_RESULT)),
        response=VERIFICATION,
    ),
    "GET verify/search/json": _identity(
        "fetch_legacy_verification",
        _checked(
            item("request_id"),
            mapped(item("status"), LEGACY_RESULT),
            each=lambda call: walk(call.document, ("verification_requests",)) or [call.document],
        ),
    ),
    "POST verify/control/json cancel": _identity("cancel_legacy_verification"),
    "POST verify/control/json trigger_next_event": _identity("try_next_legacy_event"),
    "GET ni/basic/json": _identity("look_up_number"),
    "GET ni/standard/json": _identity("look_up_number"),
    "GET ni/advanced/json": _identity("look_up_number"),
    "POST identity-insights/v1/requests": _identity("look_up_identity"),
    "POST oauth2/bc-authorize": _identity("request_network_access"),
    "POST oauth2/token": _identity("fetch_network_token"),
    "POST camara/sim-swap/v040/check": _identity("check_sim_swap"),
    "POST camara/number-verification/v031/verify": _identity(
        "verify_number",
        told("authentication", {semconv.CX_AUTHENTICATION_RESULT: NUMBER_IS_THEIRS}),
    ),
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
    refused=_refused,
    raises=("vonage_sms", "vonage_verify_legacy", "vonage_number_insight"),
    throttled=frozenset({"1"}),
    operations=OPERATIONS,
)
