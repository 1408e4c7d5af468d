"""RingCentral, seen where its library sends a request: it has no method for each operation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

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
    named,
    number,
    raised,
    told,
    unwaited,
    walk,
)
from cxotel.vendors.families.rest_paths import segments, starred, words
from cxotel.vendors.ringcentral_records import DIRECTION, RECORDS

if TYPE_CHECKING:
    from cxotel.engine import Call, Problem, Reader

_BESIDE = re.compile(r"restapi|v\d+(?:\.\d+)?")
"""What a path has beside its words and ids: the platform's prefix, and versions."""

RING_OUT = {
    "InProgress": "ringing",
    "Success": "connected",
    "Finished": "completed",
    "Busy": "busy",
    "Rejected": "busy",
    "NoAnswer": "no_answer",
    "GenericError": "failed",
    "Invalid": "failed",
}
"""https://developers.ringcentral.com/api-reference/RingOut/readRingOutCallStatus."""

PARTY = {
    "Setup": "queued",
    "Proceeding": "ringing",
    "Answered": "connected",
    "Hold": "connected",
    "Parked": "connected",
    "Disconnected": "completed",
    "Gone": "completed",
}
"""https://developers.ringcentral.com/api-reference/Call-Control/readCallPartyStatus."""

PERSONAL = frozenset({"password", "authorization_code"})
"""Grants by which a person logs in: RFC 6749, sections 4.1 and 4.3."""


def _path(call: Call) -> str:
    parts = segments(urlsplit(str(call.argument("request").url)).path)
    return "/".join(part for part in parts if not _BESIDE.fullmatch(part))


def _identify(call: Call) -> str:
    """Name a call by its verb and path, and the asking for a token by who asks."""
    key = starred(call.argument("request").method, _path(call), _WORDS)
    if key != "POST oauth/token":
        return key
    grant = parse_qs(_sent(call)).get("grant_type", [""])[0]
    by = "person" if grant in PERSONAL else "again" if grant == "refresh_token" else "service"
    return f"{key} {by}"


def _sent(call: Call) -> str:
    """Return the request's body, of a prepared one too."""
    request = call.argument("request")
    sent: Any = getattr(request, "data", None) or getattr(request, "body", None) or ""
    return sent.decode("utf-8", "replace") if isinstance(sent, bytes) else str(sent)


def _names(name: str) -> Reader:
    """Return a reader that tells whether a request's body has a field."""
    return lambda call: walk(json_text(_sent(call)), (name,)) is not None


def _error_code(error: Any) -> str | None:
    reply = error.api_response().response()
    content = json_text(None if reply is None else reply.text)
    paths = (("errors", 0, "errorCode"), ("errorCode",), ("error",))
    return next((code for path in paths if (code := walk(content, path))), None)


def _cause(error: Any) -> BaseException:
    """Return what broke a request that got no reply: the library's own exception says nothing."""
    answered = error.api_response().response() is not None
    return error if answered else error.__context__ or error


def _not_let_in(call: Call, _: Problem) -> bool:
    """Tell whether a person could not log in; what a service cannot do is a failure."""
    return call.plan.operation.name == "log_in" and call.status in {400, 401}


SESSION: dict[str, Reader] = {semconv.CX_CONTACT_ID: named("sessions", _path)}
RUNG: dict[str, Reader] = {
    semconv.CX_CONTACT_ID: body("id"),
    semconv.CX_CONTACT_STATUS: mapped(body("status", "callStatus"), RING_OUT),
}
OUTBOUND: dict[str, Reader] = {semconv.CX_CONTACT_DIRECTION: const("outbound")}
PARTY_SEEN: dict[str, Reader] = {
    semconv.CX_CONTACT_DIRECTION: mapped(body("direction"), DIRECTION),
    semconv.CX_CONTACT_STATUS: mapped(body("status", "code"), PARTY),
}
LOGGED_IN = told(
    "authentication",
    {semconv.CX_AUTHENTICATION_RESULT: first(const("failed", when=raised), const("succeeded"))},
)
_PARTY = "telephony/sessions/*/parties/*"


def _on_call(name: str, *facts: Fact, **more: Any) -> Operation:
    return Operation(name, request=SESSION, facts=facts, **more)


def _identity(name: str, *facts: Fact) -> Operation:
    return Operation(name, layer="identity", facts=facts)


def _message(name: str) -> Operation:
    return Operation(name, layer="channel", shows=REACHES)


OPERATIONS = {
    "POST oauth/token person": _identity("log_in", LOGGED_IN),
    "POST oauth/token service": _identity("fetch_token"),
    "POST oauth/token again": _identity("refresh_token"),
    "POST oauth/revoke": _identity("revoke_token"),
    "POST account/*/extension/*/ring-out": Operation(
        "place_call", shows=REACHES, request=OUTBOUND, response=RUNG
    ),
    "GET account/*/extension/*/ring-out/*": Operation("fetch_call", response=RUNG),
    "DELETE account/*/extension/*/ring-out/*": Operation("cancel_call"),
    "POST account/*/telephony/call-out": Operation(
        "place_call",
        shows=REACHES,
        request=OUTBOUND,
        response={semconv.CX_CONTACT_ID: body("session", "id")},
    ),
    "GET account/*/telephony/sessions/*": _on_call("fetch_session"),
    "DELETE account/*/telephony/sessions/*": _on_call("end_call"),
    f"GET account/*/{_PARTY}": _on_call("fetch_party", response=PARTY_SEEN),
    f"DELETE account/*/{_PARTY}": _on_call("remove_party"),
    f"POST account/*/{_PARTY}/answer": _on_call("answer_call", shows=REACHES),
    f"POST account/*/{_PARTY}/reject": _on_call("reject_call"),
    f"POST account/*/{_PARTY}/hold": _on_call(
        "hold_party", hold_began(named("parties", _path)), shows=("effort",)
    ),
    f"POST account/*/{_PARTY}/unhold": _on_call(
        "resume_party", hold_ended(named("parties", _path)), shows=("effort",)
    ),
    f"POST account/*/{_PARTY}/transfer": _on_call(
        "transfer_party",
        handed_off("transfer_warm", warm=True, when=_names("sessionId")),
        handed_off("transfer_cold", warm=False, when=_names("phoneNumber")),
        shows=MOVES,
    ),
    f"POST account/*/{_PARTY}/forward": _on_call(
        "forward_party", handed_off("transfer_cold", warm=False), shows=MOVES
    ),
    f"POST account/*/{_PARTY}/park": _on_call("park_party"),
    f"POST account/*/{_PARTY}/flip": _on_call("flip_party"),
    f"POST account/*/{_PARTY}/recordings": _on_call("start_recording"),
    "POST account/*/telephony/conference": Operation("start_conference"),
    "GET account/*/extension/*/presence": Operation("fetch_presence"),
    "GET account/*/call-log": RECORDS,
    "GET account/*/extension/*/call-log": RECORDS,
    "GET account/*/active-calls": unwaited("list_active_calls"),
    "GET account/*/call-queues": unwaited("list_queues"),
    "POST analytics/calls/accounts/*/aggregation/fetch": unwaited("fetch_call_statistics"),
    "POST account/*/extension/*/sms": _message("send_sms"),
    "POST account/*/extension/*/mms": _message("send_mms"),
    "POST account/*/extension/*/fax": _message("send_fax"),
    "GET account/*/extension/*/message-store/*": Operation("fetch_message", layer="channel"),
    "POST team-messaging/chats/*/posts": _message("send_post"),
    "POST rcvideo/account/*/extension/*/bridges": Operation("create_meeting"),
}
_WORDS = words(OPERATIONS)

VENDOR = Vendor(
    name="ringcentral",
    layer="contact_center",
    requires=("ringcentral >= 0.8",),
    targets=(Target("ringcentral.http.client", "Client.send"),),
    clients=("ringcentral.",),
    anchor=lambda client: getattr(client, "_client", client),
    identify=_identify,
    document=lambda reply: json_text(reply.text()),
    error_code=_error_code,
    cause=_cause,
    refused=_not_let_in,
    response={
        semconv.CX_VENDOR_REQUEST_ID: header("RCRequestId"),
        semconv.CX_RATE_LIMIT_LIMIT: number(header("X-Rate-Limit-Limit")),
        semconv.CX_RATE_LIMIT_REMAINING: number(header("X-Rate-Limit-Remaining")),
    },
    operations=OPERATIONS,
)
