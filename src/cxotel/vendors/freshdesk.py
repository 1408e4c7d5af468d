"""Freshdesk through python-freshdesk, seen at the four methods that all its interfaces use.

Its exceptions keep neither response nor headers; those are seen on the wire, inside the call.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cxotel import semconv
from cxotel.engine import (
    REACHES,
    Operation,
    Target,
    Vendor,
    body,
    count,
    handed_off,
    header,
    json_text,
    number,
    numeric_id,
)
from cxotel.vendors.families.rest_paths import segments, starred, words

if TYPE_CHECKING:
    from cxotel.engine import Call, Reader

_KINDS = {
    "tickets": "ticket",
    "contacts": "contact",
    "companies": "company",
    "groups": "group",
    "agents": "agent",
}
_SOLVED = frozenset({4, 5})
"""https://developers.freshdesk.com/api/#tickets: 4 is resolved, 5 is closed."""
_CODE = re.compile(
    r"'code': '(missing_field|invalid_value|duplicate_value|datatype_mismatch|invalid_field"
    r"|invalid_size|incompatible_value|inconsistent_state|readonly_field|invalid_json)'"
)
"""https://developers.freshdesk.com/api/#error: codes, which the client keeps only in its words."""


def _path(call: Call) -> list[str]:
    """Return the parts of the path: `['tickets', '35', 'notes']`."""
    return segments(call.argument("url"))


def _identify(call: Call) -> str:
    """Name a call by its verb and path, in which an id is a star: `POST tickets/*/notes`."""
    key = starred(call.function.strip("_"), call.argument("url"), _WORDS)
    return f"{key} {_change(call)}".rstrip() if key == "PUT tickets/*" else key


def _change(call: Call) -> str:
    """Tell updates of a ticket apart by what they set."""
    fields = _sent(call)
    if fields.get("status") in _SOLVED:
        return "solved"
    return "assigned" if fields.get("responder_id") or fields.get("group_id") else ""


def _sent(call: Call) -> dict[str, Any]:
    """Return the fields that an update sends."""
    return json_text(call.argument("data")) or {}


def _asked(field: str) -> Reader:
    return lambda call: _sent(call).get(field)


def _code(error: Exception) -> str | None:
    found = _CODE.search(str(error))
    return found[1] if found else None


def _kind(call: Call) -> str | None:
    return _KINDS.get(_path(call)[0])


def _id(call: Call) -> str | None:
    _, *rest = _path(call)
    return rest[0] if rest and rest[0].isdecimal() and _kind(call) else None


QUEUED = handed_off(
    "queue", {semconv.CX_QUEUE_ID: numeric_id(_asked("group_id"))}, when=_asked("group_id")
)
CREATED = {semconv.CX_RECORD_ID: numeric_id(body("id"))}
FOUND = {semconv.CX_CALL_ITEMS: body("total")}
LISTED = {semconv.CX_CALL_ITEMS: count(body())}

VENDOR = Vendor(
    name="freshdesk",
    layer="business_system",
    requires=("python-freshdesk >= 1.3.8",),
    targets=tuple(
        Target("freshdesk.v2.api", f"API.{name}") for name in ("_get", "_post", "_put", "_delete")
    ),
    clients=("freshdesk.v2.",),
    identify=_identify,
    document=lambda response: response,
    error_code=_code,
    request={semconv.CX_RECORD_TYPE: _kind, semconv.CX_RECORD_ID: numeric_id(_id)},
    response={
        semconv.CX_VENDOR_REQUEST_ID: header("X-Request-Id"),
        semconv.CX_RATE_LIMIT_LIMIT: number(header("X-RateLimit-Total")),
        semconv.CX_RATE_LIMIT_REMAINING: number(header("X-RateLimit-Remaining")),
    },
    operations={
        "POST tickets": Operation("create_ticket", response=CREATED),
        "GET tickets/*": Operation("fetch_ticket"),
        "GET tickets": Operation("list_tickets", response=LISTED),
        "PUT tickets/*": Operation("update_ticket"),
        "PUT tickets/* solved": Operation("solve_ticket"),
        "PUT tickets/* assigned": Operation(
            "assign_ticket",
            request={semconv.CX_AGENT_ID: numeric_id(_asked("responder_id"))},
            facts=(QUEUED,),
        ),
        "DELETE tickets/*": Operation("delete_ticket"),
        "POST tickets/outbound_email": Operation("send_email", shows=REACHES, response=CREATED),
        "GET tickets/*/conversations": Operation("list_comments", response=LISTED),
        "POST tickets/*/notes": Operation("add_note"),
        "POST tickets/*/reply": Operation("send_reply"),
        "GET search/tickets": Operation("search_tickets", response=FOUND),
        "GET contacts": Operation("list_contacts", response=LISTED),
        "GET contacts/*": Operation("fetch_contact"),
        "POST contacts": Operation("create_contact", response=CREATED),
        "PUT contacts/*": Operation("update_contact"),
        "GET search/contacts": Operation("search_contacts", response=FOUND),
        "GET companies/*": Operation("fetch_company"),
        "GET groups": Operation("list_groups", response=LISTED),
        "GET agents/*": Operation("fetch_agent"),
        "GET ticket_fields": Operation("list_ticket_fields"),
        "GET search/solutions": Operation("search_articles", layer="knowledge", response=LISTED),
        "GET solutions/articles/*": Operation("fetch_article", layer="knowledge"),
    },
)
_WORDS = words(VENDOR.operations)
