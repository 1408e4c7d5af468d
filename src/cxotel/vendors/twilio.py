"""Twilio calls, seen at the one method that every resource of the client passes through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxotel import semconv
from cxotel.engine import (
    Operation,
    Problem,
    Target,
    Vendor,
    body,
    const,
    json_text,
    mapped,
)

if TYPE_CHECKING:
    from cxotel.engine import Call

_FIRST_ERROR = 400


def _identify(call: Call) -> str:
    """Name a call by verb and resource, as in `POST Conversations/Messages`.

    In Twilio's paths names and ids alternate, so ids need not be recognised to be left out.
    """
    path = call.argument("uri").partition("?")[0].removesuffix(".json")
    parts = [part for part in path.partition("//")[2].split("/")[1:] if part]
    names, ends_in_id = parts[1::2], len(parts) % 2 == 1
    key = f"{call.argument('method').upper()} {'/'.join(names)}{'/*' if ends_in_id else ''}"
    return _variant(key, call.argument("data") or {})


def _variant(key: str, data: dict[str, Any]) -> str:
    """Tell updates of one resource apart by what they set."""
    if key == "POST Accounts/Calls/*":
        return (
            f"{key} end" if data.get("Status") in {"completed", "canceled"} else f"{key} redirect"
        )
    return key


def _failure(call: Call) -> Problem | None:
    """Twilio returns a 4xx here and raises only later, out of our sight."""
    status = call.response.status_code
    if status < _FIRST_ERROR:
        return None
    code = call.document.get("code") if isinstance(call.document, dict) else None
    return Problem(str(status), None if code is None else str(code))


STATUS = {
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
"""Call status values: https://www.twilio.com/docs/voice/api/call-resource#call-status-values."""

CONTACT = {
    semconv.CX_CONTACT_ID: body("sid"),
    semconv.CX_CONTACT_STATUS: mapped(body("status"), STATUS),
}

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
    response={
        semconv.CX_VENDOR_REQUEST_ID: lambda call: (call.response.headers or {}).get(
            "Twilio-Request-Id"
        )
    },
    operations={
        "POST Accounts/Calls": Operation(
            "place_call",
            shows=("reach", "responsiveness", "reliability"),
            request={semconv.CX_CONTACT_DIRECTION: const("outbound")},
            response=CONTACT,
        ),
    },
)
