"""The table of Freshdesk, held to the contract with a synchronous and an asynchronous library.

The far end is a loopback server that answers as Freshdesk's reference says. It proves what is
sent, and what the table makes of replies; it does not prove that Freshdesk itself answers so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.demo.far_ends.far_end import HttpFarEnd
from cxotel.testing import ABSENT, Case, Example, VendorContract
from tests.routes.clients import CLIENTS, asking, impatient
from tests.routes.far_ends import SystemFarEnd

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.demo.far_ends.faults import Failure
    from cxotel.testing import At

BASE = "/api/v2"
USED = ("requests", "aiohttp")
STATUS, METHOD = semconv.HTTP_RESPONSE_STATUS_CODE, semconv.HTTP_REQUEST_METHOD
TYPE, RECORD, ITEMS = semconv.CX_RECORD_TYPE, semconv.CX_RECORD_ID, semconv.CX_CALL_ITEMS
REQUEST_ID = semconv.CX_VENDOR_REQUEST_ID
HEADERS = {
    "X-Ratelimit-Total": "700",
    "X-Ratelimit-Remaining": "699",
    "X-Request-Id": "8f14e45fceea167a5a36dedd4bea2543",
}
WITHOUT = {
    semconv.CX_RATE_LIMIT_LIMIT: ABSENT,
    semconv.CX_RATE_LIMIT_REMAINING: ABSENT,
    REQUEST_ID: ABSENT,
}
LONG = 154_000_123_456
"""Freshdesk's ids are as long as telephone numbers, and its own."""
FOUND = {"total": 2, "results": [{"id": 1}, {"id": 2}]}

CALLS: tuple[tuple[str, str, str, int, Any, dict[str, Any]], ...] = (
    ("get_ticket", "GET /tickets/7", "/tickets/{ticket_id}", 200, {"id": 7}, {RECORD: "7"}),
    ("create_ticket", "POST /tickets", "/tickets", 201, {"id": LONG}, {RECORD: str(LONG)}),
    ("list_tickets", "GET /tickets", "/tickets", 200, [], {}),
    (
        "update_ticket",
        f"PUT /tickets/{LONG}",
        "/tickets/{ticket_id}",
        200,
        {"id": LONG, "responder_id": LONG},
        {RECORD: str(LONG), semconv.CX_AGENT_ID: str(LONG)},
    ),
    ("delete_ticket", "DELETE /tickets/7", "/tickets/{ticket_id}", 204, None, {RECORD: "7"}),
    (
        "send_email",
        "POST /tickets/outbound_email",
        "/tickets/outbound_email",
        201,
        {"id": 8},
        {RECORD: "8"},
    ),
    ("search_tickets", "GET /search/tickets", "/search/tickets", 200, FOUND, {ITEMS: 2}),
    (
        "list_conversations",
        "GET /tickets/7/conversations",
        "/tickets/{ticket_id}/conversations",
        200,
        [],
        {RECORD: "7"},
    ),
    (
        "send_reply",
        "POST /tickets/7/reply",
        "/tickets/{ticket_id}/reply",
        201,
        {"id": 9},
        {RECORD: "7"},
    ),
    (
        "add_note",
        "POST /tickets/7/notes",
        "/tickets/{ticket_id}/notes",
        201,
        {"id": 9},
        {RECORD: "7"},
    ),
    (
        "create_rating",
        "POST /tickets/7/satisfaction_ratings",
        "/tickets/{ticket_id}/satisfaction_ratings",
        201,
        {"id": 9},
        {RECORD: "7"},
    ),
    (
        "list_ratings",
        "GET /surveys/satisfaction_ratings",
        "/surveys/satisfaction_ratings",
        200,
        [],
        {TYPE: ABSENT},
    ),
    ("create_contact", "POST /contacts", "/contacts", 201, {"id": 5}, {RECORD: "5"}),
    ("list_contacts", "GET /contacts", "/contacts", 200, [], {}),
    ("get_contact", "GET /contacts/5", "/contacts/{contact_id}", 200, {"id": 5}, {RECORD: "5"}),
    ("update_contact", "PUT /contacts/5", "/contacts/{contact_id}", 200, {"id": 5}, {RECORD: "5"}),
    ("search_contacts", "GET /search/contacts", "/search/contacts", 200, FOUND, {ITEMS: 2}),
    ("search_contacts", "GET /contacts/autocomplete", "/contacts/autocomplete", 200, [], {}),
    ("get_company", "GET /companies/3", "/companies/{company_id}", 200, {"id": 3}, {RECORD: "3"}),
    (
        "get_article",
        "GET /solutions/articles/4",
        "/solutions/articles/{article_id}",
        200,
        {"id": 4},
        {TYPE: ABSENT},
    ),
    ("search_articles", "GET /search/solutions", "/search/solutions", 200, [], {TYPE: ABSENT}),
    ("list_agents", "GET /agents", "/agents", 200, [], {TYPE: ABSENT}),
    (
        "get_agent",
        "GET /agents/12",
        "/agents/{agent_id}",
        200,
        {"id": 12},
        {TYPE: ABSENT, semconv.CX_AGENT_ID: "12"},
    ),
)
"""Operation, request, template, status, content, and what the span says beyond the usual."""


def freshdesk() -> SystemFarEnd:
    """Make a far end."""
    answers: dict[str, tuple[int, Any]] = {
        f"{request.split(' ')[0]} {BASE}{request.split(' ')[1]}": (status, content)
        for _, request, _, status, content, _ in CALLS
    }
    return SystemFarEnd("freshdesk", answers, HEADERS, wrapped)


def wrapped(failure: Failure) -> dict[str, Any]:
    """Put a failure as Freshdesk does: codes of fields where what was sent is invalid."""
    if failure.status == 400:
        errors = [{"field": "email", "code": failure.code, "message": failure.message}]
        return {"description": "Validation failed", "errors": errors}
    return {"code": failure.code, "message": failure.message}


def example(number: int) -> Example:
    """Return an example of one of the calls."""
    operation, request, template, status, _, about = CALLS[number]
    method, path = request.split(" ")
    kind = template.split("/")[1].removesuffix("s") if "search" not in template else ""
    types = {"ticket": "ticket", "contact": "contact", "companie": "company"}
    known = types.get(kind) or types.get(template.rsplit("/", 1)[-1].removesuffix("s"))
    return Example(
        operation=operation,
        call=asking(method, BASE + path),
        attributes={
            METHOD: method,
            STATUS: status,
            semconv.URL_TEMPLATE: template,
            **({TYPE: known} if known else {}),
            **about,
        },
        variants=() if number < 2 else (USED[number % 2],),
    )


def failing(operation: str, fault: Fault) -> Callable[[At], object]:
    """Return a preparation: something goes wrong at the far end."""
    return lambda at: at.far_end.faults.add("freshdesk", operation, fault)


def failed(failure: Any, status: int, code: str, **more: Any) -> Example:
    """Return an example of a contact that cannot be created."""
    return Example(
        operation="create_contact",
        prepare=failing(f"POST {BASE}/contacts", Fault(failure=failure)),
        call=asking("POST", f"{BASE}/contacts", {"name": "Jane"}),
        error=str(status),
        attributes={
            **WITHOUT,
            METHOD: "POST",
            STATUS: status,
            semconv.URL_TEMPLATE: "/contacts",
            TYPE: "contact",
            semconv.CX_VENDOR_ERROR_CODE: code,
            **more,
        },
    )


def refused(at: At) -> object:
    """Let the far end repeat in its error what the customer said."""
    said = at.canary
    words = f"{said.phone} {said.email} {said.name} {said.text}"
    return failing(f"POST {BASE}/contacts", Fault(failure="invalid", message=words))(at)


def everything(at: At) -> dict[str, Any]:
    """Return a content with all that a customer may say."""
    said = at.canary
    return {"phone": said.phone, "name": said.name, "email": said.email, "note": said.text}


def repeated(at: At) -> object:
    """Let the far end's reply hold what the customer said."""
    return at.far_end.replies.push(
        f"GET {BASE}/contacts/autocomplete", 200, HEADERS, [everything(at)]
    )


CASE = Case(
    vendor="tests.routes.tables:FRESHDESK",
    far_end=freshdesk,
    clients={name: CLIENTS[name] for name in USED},
    reset=HttpFarEnd.clear,
    common={
        semconv.SERVER_ADDRESS: "127.0.0.1",
        semconv.CX_RATE_LIMIT_LIMIT: 700,
        semconv.CX_RATE_LIMIT_REMAINING: 699,
        REQUEST_ID: HEADERS["X-Request-Id"],
    },
    examples=(
        *(example(number) for number in range(len(CALLS))),
        failed("invalid", 400, "invalid_value"),
        failed("throttled", 429, "too_many", **{semconv.CX_CALL_THROTTLED: True}),
    ),
    slow=Example(
        operation="get_ticket",
        prepare=failing(f"GET {BASE}/tickets/7", Fault(hang=True)),
        call=asking("GET", f"{BASE}/tickets/7"),
        clients={name: made for name, made in impatient().items() if name in USED},
        raises=Exception,
    ),
    canaries=(
        Example(
            operation="create_contact",
            prepare=refused,
            call=asking("POST", f"{BASE}/contacts", everything),
            error="400",
        ),
        Example(
            operation="search_contacts",
            prepare=repeated,
            call=asking(
                "GET",
                f"{BASE}/contacts/autocomplete",
                params=lambda at: {"term": at.canary.name, "phone": at.canary.phone},
            ),
        ),
        Example(
            operation="get_contact",
            call=asking("GET", lambda at: f"{BASE}/contacts/{at.canary.email}"),
            error="404",
        ),
    ),
)


class TestFreshdesk(VendorContract):
    """The contract that every vendor keeps."""

    case = CASE
