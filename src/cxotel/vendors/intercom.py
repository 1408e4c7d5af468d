"""Intercom: conversations, tickets, contacts and articles, through its generated client."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cxotel import semconv
from cxotel.engine import (
    MOVES,
    REACHES,
    Operation,
    Vendor,
    body,
    const,
    count,
    handed_off,
    header,
    number,
    numeric_id,
    seconds_until,
    told,
    unwaited,
    walk,
)
from cxotel.vendors.families import fern
from cxotel.vendors.families.rest_paths import segments, starred, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.engine import Arguments, Call, Reader

_ID = re.compile(r"\d+|[0-9a-f]{24}")
_KINDS = {"contacts": "contact", "tickets": "ticket"}


def _identify(call: Call) -> str:
    """Name a call by its verb and path; what is done to a conversation is in what is sent."""
    key = starred(*fern.asked(call), WORDS)
    return f"{key} {fern.sent('message_type')(call)}" if key.endswith("*/parts") else key


def _id_in(*collections: str) -> Reader:
    """Return a reader of the id that the path has after the name of what it is an id of."""

    def read(call: Call) -> str | None:
        name, *rest = segments(fern.asked(call)[1])
        return rest[0] if name in collections and rest and _ID.fullmatch(rest[0]) else None

    return numeric_id(read)


def _kind(call: Call) -> str | None:
    return _KINDS.get(segments(fern.asked(call)[1])[0])


def _is_to_team(call: Call) -> bool:
    return fern.sent("type")(call) == "team"


def _is_passed_on(call: Call) -> bool:
    """Tell whether a conversation that somebody had goes to somebody else."""
    assignments = walk(call.document, ("statistics", "count_assignments")) or 0
    return not _is_to_team(call) and assignments > 1


def _fin(state: str) -> Callable[[Call], bool]:
    """Return what tells whether Intercom's bot left a conversation in a state."""
    return lambda call: walk(call.document, ("ai_agent", "resolution_state")) == state


def _carry(call: Call, journey_id: str) -> Arguments:
    """Write the journey id among the attributes of a ticket, whose type has to have such a one."""
    sent: dict[str, Any] = call.argument("json")
    own: dict[str, Any] = fern.sent("ticket_attributes")(call) or {}
    attributes = {"cx_journey_id": journey_id, **own}
    return call.replacing("json", {**sent, "ticket_attributes": attributes})


TO_TEAM = handed_off(
    "queue", {semconv.CX_QUEUE_ID: numeric_id(fern.sent("assignee_id"))}, when=_is_to_team
)
PASSED_ON = handed_off("transfer_warm", when=_is_passed_on)
"""Whoever gets a conversation has all of it before them."""
FIN_TIME = number(body("ai_agent", "updated_at"), 1000)
FIN_GAVE_UP = handed_off(
    "bot_to_human",
    {
        semconv.CX_HANDOFF_ID: numeric_id(body("id")),
        semconv.CX_EVIDENCE_END_TIME: FIN_TIME,
    },
    when=_fin("routed_to_team"),
)
FIN_HELPED = told(
    "outcome",
    {semconv.CX_JOURNEY_OUTCOME: const("contained"), semconv.CX_EVIDENCE_END_TIME: FIN_TIME},
    when=_fin("confirmed_resolution"),
)
CONVERSATION = {semconv.CX_CONTACT_ID: numeric_id(body("conversation_id"))}
RECORD = {semconv.CX_RECORD_ID: numeric_id(body("id"))}
FOUND = {semconv.CX_CALL_ITEMS: count(body("data"))}

OPERATIONS = {
    "POST conversations": Operation("create_conversation", shows=REACHES, response=CONVERSATION),
    "GET conversations": Operation("list_conversations"),
    "POST conversations/search": Operation(
        "search_conversations",
        response={semconv.CX_CALL_ITEMS: count(body("conversations"))},
    ),
    "GET conversations/*": Operation(
        "fetch_conversation", shows=MOVES, facts=(FIN_GAVE_UP, FIN_HELPED)
    ),
    "PUT conversations/*": Operation("update_conversation"),
    "POST conversations/*/reply": Operation("reply_to_conversation", shows=REACHES),
    "POST conversations/*/parts assignment": Operation(
        "assign_conversation", shows=MOVES, facts=(TO_TEAM, PASSED_ON)
    ),
    "POST conversations/*/parts close": Operation("close_conversation"),
    "POST conversations/*/parts open": Operation("reopen_conversation"),
    "POST conversations/*/parts snoozed": Operation("snooze_conversation"),
    "POST conversations/*/run_assignment_rules": Operation(
        "route_conversation", shows=MOVES, facts=(handed_off("queue"),)
    ),
    "POST conversations/*/convert": Operation("convert_conversation"),
    "POST conversations/*/customers": Operation("add_conversation_contact"),
    "DELETE conversations/*/customers/*": Operation("remove_conversation_contact"),
    "POST phone_call_redirects": Operation(
        "redirect_phone_call", shows=MOVES, facts=(handed_off("channel_switch"),)
    ),
    "POST messages": Operation("send_message", layer="channel", shows=REACHES),
    "POST tickets": Operation(
        "create_ticket", layer="business_system", response=RECORD, carry=_carry
    ),
    "GET tickets/*": Operation("fetch_ticket", layer="business_system"),
    "PUT tickets/*": Operation("update_ticket", layer="business_system"),
    "POST tickets/search": Operation(
        "search_tickets",
        layer="business_system",
        response={semconv.CX_CALL_ITEMS: count(body("tickets"))},
    ),
    "POST tickets/*/reply": Operation("reply_to_ticket", layer="business_system"),
    "POST contacts": Operation("create_contact", layer="business_system", response=RECORD),
    "GET contacts/*": Operation("fetch_contact", layer="business_system"),
    "GET contacts/find_by_external_id/*": Operation(
        "fetch_contact", layer="business_system", response=RECORD
    ),
    "PUT contacts/*": Operation("update_contact", layer="business_system"),
    "POST contacts/search": Operation("search_contacts", layer="business_system", response=FOUND),
    "POST contacts/merge": Operation("merge_contacts", layer="business_system", response=RECORD),
    "GET articles/*": Operation("fetch_article", layer="knowledge"),
    "GET articles/search": Operation("search_articles", layer="knowledge"),
    "POST events": unwaited("submit_event"),
}
WORDS = words(OPERATIONS)

VENDOR = Vendor(
    name="intercom",
    layer="contact_center",
    requires=("python-intercom >= 4",),
    targets=fern.targets("intercom"),
    clients=("intercom.",),
    anchor=fern.anchor,
    identify=_identify,
    document=fern.document,
    failure=fern.failing("errors", 0, "code"),
    raises=("intercom",),
    throttled=frozenset({"rate_limit_exceeded"}),
    request={
        semconv.CX_CONTACT_ID: _id_in("conversations"),
        semconv.CX_RECORD_TYPE: _kind,
        semconv.CX_RECORD_ID: _id_in(*_KINDS),
    },
    response={
        semconv.CX_VENDOR_REQUEST_ID: header("X-Request-Id"),
        semconv.CX_RATE_LIMIT_LIMIT: number(header("X-RateLimit-Limit")),
        semconv.CX_RATE_LIMIT_REMAINING: number(header("X-RateLimit-Remaining")),
        # https://developers.intercom.com/docs/references/rest-api/errors/rate-limiting
        semconv.CX_RATE_LIMIT_RESET: seconds_until(header("X-RateLimit-Reset")),
    },
    operations=OPERATIONS,
)
