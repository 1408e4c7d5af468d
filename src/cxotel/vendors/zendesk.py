"""Zendesk through zenpy, seen at the method that all requests of its interfaces pass through.

What the library answers out of its caches never gets here, so it makes no span. What it fetches
when an attribute is read, such as `ticket.requester`, is a call of its own there.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from cxotel import semconv
from cxotel.engine import (
    Operation,
    Target,
    Vendor,
    body,
    count,
    first,
    handed_off,
    header,
    json_text,
    number,
    numeric_id,
    unwaited,
    walk,
)
from cxotel.vendors.families.rest_paths import segments, starred, words

if TYPE_CHECKING:
    from cxotel.engine import Arguments, Call

_KINDS = {
    "tickets": "ticket",
    "users": "user",
    "organizations": "organization",
    "groups": "group",
    "requests": "request",
}
_SOLVED = frozenset({"solved", "closed"})
"""https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/, Ticket statuses."""


def _path(call: Call) -> list[str]:
    """Return what follows the interface's version: `['tickets', '35', 'comments']`."""
    path = call.argument("url").partition("?")[0].removesuffix(".json")
    return segments(path.partition("/api/v2/")[2])


def _identify(call: Call) -> str:
    """Name a call by its verb and path, in which an id is a star: `GET tickets/*/comments`."""
    call.notes["held back"] = _is_held_back(call)
    key = starred(call.argument("http_method").__name__, "/".join(_path(call)), _WORDS)
    return f"{key} {_change(call)}".rstrip() if key == "PUT tickets/*" else key


def _change(call: Call) -> str:
    """Tell updates of a ticket apart: the library sends only what was changed."""
    ticket: dict[str, Any] = walk(call.argument("json"), ("ticket",)) or {}
    if ticket.get("status") in _SOLVED:
        return "solved"
    if ticket.get("assignee_id") or ticket.get("group_id"):
        return "assigned"
    return "comment" if ticket.get("comment") else ""


def _is_held_back(call: Call) -> bool:
    """Tell whether the client is about to wait of its own accord, to spare Zendesk's limit."""
    api = call.instance
    last, remaining = api.callsafety["lastcalltime"], api.callsafety["lastlimitremaining"]
    if api.ratelimit is None or last is None or remaining >= api.ratelimit:
        return False
    return bool(time.time() - last < api.ratelimit_request_interval)


def _waited(call: Call) -> int | None:
    """Read how long the client waited, where it did so before its first attempt too."""
    if not call.notes["held back"]:
        return None
    ends = [call.started_ns, *(one.ended_ns for one in call.exchanges)]
    starts = [one.started_ns for one in call.exchanges] or [call.ended_ns]
    return sum(start - end for end, start in zip(ends, starts, strict=False)) // 1_000_000


def _kind(call: Call) -> str | None:
    return _KINDS.get(_path(call)[0])


def _id(call: Call) -> str | None:
    _, *rest = _path(call)
    return rest[0] if rest and rest[0].isdecimal() and _kind(call) else None


def _carry(call: Call, journey_id: str) -> Arguments:
    """Write the journey id into the change's metadata, and into a new ticket's free external id.

    https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/: both are the caller's.
    """
    sent: dict[str, dict[str, Any]] = call.argument("json")
    metadata: dict[str, Any] = sent["ticket"].get("metadata") or {}
    ticket = {**sent["ticket"], "metadata": {**metadata, "cx_journey_id": journey_id}}
    if call.plan.operation.name == "create_ticket" and not ticket.get("external_id"):
        ticket["external_id"] = journey_id
    return call.replacing("json", {**sent, "ticket": ticket})


def _created(kind: str, name: str, **how: Any) -> Operation:
    return Operation(name, response={semconv.CX_RECORD_ID: numeric_id(body(kind, "id"))}, **how)


def _listed(name: str, *path: str) -> Operation:
    return Operation(name, response={semconv.CX_CALL_ITEMS: count(body(*path))})


QUEUED = handed_off(
    "queue",
    {semconv.CX_QUEUE_ID: numeric_id(body("ticket", "group_id"))},
    when=lambda call: walk(call.argument("json"), ("ticket", "group_id")),
)
FOUND = {semconv.CX_CALL_ITEMS: body("count")}

VENDOR = Vendor(
    name="zendesk",
    layer="business_system",
    requires=("zenpy >= 2.0.41",),
    targets=(
        Target("zenpy.lib.api", "BaseApi._call_api", anchor=lambda call: call.instance.cache),
    ),
    clients=("zenpy",),
    anchor=lambda client: client.cache,
    identify=_identify,
    document=lambda response: json_text(response.content),
    error_code=lambda error: walk(json_text(walk(error, ("response", "content"))), ("error",)),
    request={semconv.CX_RECORD_TYPE: _kind, semconv.CX_RECORD_ID: numeric_id(_id)},
    response={
        semconv.CX_VENDOR_REQUEST_ID: first(header("X-Zendesk-Request-Id"), header("X-Request-Id")),
        semconv.CX_RATE_LIMIT_LIMIT: number(
            first(header("ratelimit-limit"), header("X-Rate-Limit"))
        ),
        semconv.CX_RATE_LIMIT_REMAINING: number(
            first(header("ratelimit-remaining"), header("X-Rate-Limit-Remaining"))
        ),
        semconv.CX_RATE_LIMIT_RESET: number(header("ratelimit-reset")),
        semconv.CX_CALL_RETRY_WAIT: _waited,
    },
    operations={
        "POST tickets": _created("ticket", "create_ticket", carry=_carry),
        "GET tickets/*": Operation("fetch_ticket"),
        "GET tickets": _listed("list_tickets", "tickets"),
        "PUT tickets/*": Operation("update_ticket", carry=_carry),
        "PUT tickets/* comment": Operation("add_comment", carry=_carry),
        "PUT tickets/* solved": Operation("solve_ticket", carry=_carry),
        "PUT tickets/* assigned": Operation(
            "assign_ticket",
            response={semconv.CX_AGENT_ID: numeric_id(body("ticket", "assignee_id"))},
            facts=(QUEUED,),
            carry=_carry,
        ),
        "DELETE tickets/*": Operation("delete_ticket"),
        "GET tickets/*/comments": _listed("list_comments", "comments"),
        "PUT tickets/*/tags": Operation("add_tags"),
        "POST tickets/*/merge": Operation("merge_tickets"),
        "POST tickets/create_many": unwaited("create_tickets"),
        "PUT tickets/update_many": unwaited("update_tickets"),
        "GET job_statuses/*": unwaited("fetch_job"),
        "GET incremental/tickets/cursor": unwaited("export_tickets"),
        "POST requests": _created("request", "create_request"),
        "POST users": _created("user", "create_user"),
        "POST users/create_or_update": _created("user", "upsert_user"),
        "GET users/*": Operation("fetch_user"),
        "PUT users/*": Operation("update_user"),
        "GET users/search": Operation("search_users", response=FOUND),
        "GET users/*/tickets/requested": _listed("list_tickets", "tickets"),
        "GET users/*/identities": _listed("list_identities", "identities"),
        "GET organizations/*": Operation("fetch_organization"),
        "GET groups": _listed("list_groups", "groups"),
        "GET search": Operation("search_records", response=FOUND),
        "POST uploads": Operation("upload_file"),
        "GET help_center/articles/search": Operation(
            "search_articles", layer="knowledge", response=FOUND
        ),
    },
)
_WORDS = words(VENDOR.operations)
