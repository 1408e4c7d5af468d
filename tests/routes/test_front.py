"""The table of Front, held to the contract through every HTTP library that it applies to.

The far end is a loopback server that answers as Front's reference says. It proves what libraries
send, and what the table makes of replies; it does not prove that Front itself answers so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.instrumentation import httpx as otel_httpx

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

pytestmark = pytest.mark.timeout(300)  # the orders start every library seven times
STATUS, METHOD = semconv.HTTP_RESPONSE_STATUS_CODE, semconv.HTTP_REQUEST_METHOD
TYPE, RECORD, ITEMS = semconv.CX_RECORD_TYPE, semconv.CX_RECORD_ID, semconv.CX_CALL_ITEMS
LIMITS = {"X-RateLimit-Limit": "50", "X-RateLimit-Remaining": "49"}
UNLIMITED = {semconv.CX_RATE_LIMIT_LIMIT: ABSENT, semconv.CX_RATE_LIMIT_REMAINING: ABSENT}
THREE = {"_results": [{"id": f"cnv_{number}"} for number in range(3)]}
ACCEPTED = {"status": "accepted", "message_uid": "f1a2b3"}

ANSWERS: dict[str, tuple[int, Any]] = {
    "GET /conversations": (200, THREE),
    "POST /conversations": (201, {"id": "cnv_new"}),
    "GET /conversations/search/{query}": (200, THREE),
    "GET /conversations/{id}": (200, {"id": "cnv_7", "assignee": {"id": "tea_3"}}),
    "PATCH /conversations/{id}": (204, None),
    "PUT /conversations/{id}/assignee": (204, None),
    "GET /conversations/{id}/messages": (200, THREE),
    "POST /conversations/{id}/messages": (202, ACCEPTED),
    "POST /conversations/{id}/comments": (201, {"id": "com_1"}),
    "POST /conversations/{id}/tags": (204, None),
    "POST /channels/{id}/messages": (202, ACCEPTED),
    "POST /channels/{id}/incoming_messages": (202, ACCEPTED),
    "GET /messages/{id}": (200, {"id": "msg_1"}),
    "GET /contacts": (200, THREE),
    "POST /contacts": (201, {"id": "crd_new"}),
    "GET /contacts/{id}": (200, {"id": "crd_1"}),
    "PATCH /contacts/{id}": (204, None),
    "GET /contacts/{id}/conversations": (200, THREE),
    "POST /analytics/reports": (201, {"status": "running"}),
    "GET /analytics/reports/{id}": (200, {"status": "done"}),
    "GET /company/rules": (200, THREE),
}


def wrapped(failure: Failure) -> dict[str, Any]:
    """Put a failure as Front does."""
    return {"_error": {"status": failure.status, "title": failure.code, "message": failure.message}}


def front() -> SystemFarEnd:
    """Make a far end."""
    return SystemFarEnd("front", ANSWERS, LIMITS, wrapped)


def tell(operation: str, request: str, template: str, status: int = 200, **more: Any) -> Example:
    """Return an example: a request and what its span says.

    Args:
        operation: The operation's name.
        request: A method and a path.
        template: The path as the table has it.
        status: The status that comes back.
        more: `json` of the request, and `about`, the attributes.
    """
    method, path = request.split(" ")
    return Example(
        operation=operation,
        call=asking(method, path, more.get("json")),
        attributes={
            METHOD: method,
            semconv.URL_TEMPLATE: template,
            STATUS: status,
            **more.get("about", {}),
        },
    )


def conversation(record: str | None = None, items: int | None = None) -> dict[str, Any]:
    """Return what spans say of a conversation."""
    return {
        TYPE: "conversation",
        **({} if record is None else {RECORD: record}),
        **({} if items is None else {ITEMS: items}),
    }


ONE = "/conversations/{conversation_id}"
EXAMPLES = (
    tell(
        "get_conversation",
        "GET /conversations/cnv_7",
        ONE,
        about={**conversation("cnv_7"), semconv.CX_AGENT_ID: "tea_3"},
    ),
    tell(
        "list_conversations",
        "GET /conversations",
        "/conversations",
        about=conversation(items=3),
    ),
    tell(
        "create_conversation",
        "POST /conversations",
        "/conversations",
        201,
        json={"subject": "refund"},
        about=conversation("cnv_new"),
    ),
    tell(
        "search_conversations",
        "GET /conversations/search/refund",
        "/conversations/search/{query}",
        about=conversation(items=3),
    ),
    tell(
        "update_conversation",
        "PATCH /conversations/cnv_7",
        ONE,
        204,
        json={"status": "archived"},
        about=conversation("cnv_7"),
    ),
    tell(
        "assign_conversation",
        "PUT /conversations/cnv_7/assignee",
        f"{ONE}/assignee",
        204,
        json={"assignee_id": "tea_9"},
        about={**conversation("cnv_7"), semconv.CX_AGENT_ID: "tea_9"},
    ),
    tell(
        "list_messages",
        "GET /conversations/cnv_7/messages",
        f"{ONE}/messages",
        about=conversation("cnv_7", 3),
    ),
    tell(
        "send_reply",
        "POST /conversations/cnv_7/messages",
        f"{ONE}/messages",
        202,
        json={"body": "on its way"},
        about=conversation("cnv_7"),
    ),
    tell(
        "add_comment",
        "POST /conversations/cnv_7/comments",
        f"{ONE}/comments",
        201,
        about=conversation("cnv_7"),
    ),
    tell(
        "add_tags",
        "POST /conversations/cnv_7/tags",
        f"{ONE}/tags",
        204,
        json={"tag_ids": ["tag_1"]},
        about=conversation("cnv_7"),
    ),
    tell("send_message", "POST /channels/cha_1/messages", "/channels/{channel_id}/messages", 202),
    tell(
        "receive_message",
        "POST /channels/cha_1/incoming_messages",
        "/channels/{channel_id}/incoming_messages",
        202,
    ),
    tell(
        "get_message",
        "GET /messages/msg_1",
        "/messages/{message_id}",
        about={TYPE: "message", RECORD: "msg_1"},
    ),
    tell("list_contacts", "GET /contacts", "/contacts", about={TYPE: "contact", ITEMS: 3}),
    tell(
        "create_contact",
        "POST /contacts",
        "/contacts",
        201,
        about={TYPE: "contact", RECORD: "crd_new"},
    ),
    tell(
        "get_contact",
        "GET /contacts/alt:email:jane@example.com",
        "/contacts/{contact_id}",
        about={TYPE: "contact", RECORD: "crd_1"},
    ),
    tell(
        "update_contact",
        "PATCH /contacts/crd_1",
        "/contacts/{contact_id}",
        204,
        about={TYPE: "contact", RECORD: "crd_1"},
    ),
    tell(
        "list_contact_conversations",
        "GET /contacts/crd_1/conversations",
        "/contacts/{contact_id}/conversations",
        about={TYPE: "contact", RECORD: "crd_1", ITEMS: 3},
    ),
    tell("create_report", "POST /analytics/reports", "/analytics/reports", 201),
    tell("get_report", "GET /analytics/reports/rep_1", "/analytics/reports/{report_id}"),
    # A path that the table does not name: one operation for all of them, and nothing of the path.
    Example(
        operation="request",
        call=asking("GET", "/company/rules"),
        attributes={METHOD: "GET", STATUS: 200},
    ),
)


def failing(operation: str, fault: Fault) -> Callable[[At], object]:
    """Return a preparation: something goes wrong at the far end."""
    return lambda at: at.far_end.faults.add("front", operation, fault)


NOT_FOUND = Example(
    operation="get_contact",
    prepare=failing("GET /contacts/{id}", Fault(failure="not_found")),
    call=asking("GET", "/contacts/crd_9"),
    attributes={
        **UNLIMITED,
        METHOD: "GET",
        semconv.URL_TEMPLATE: "/contacts/{contact_id}",
        STATUS: 404,
        TYPE: "contact",
    },
)
"""A look-up that finds nobody has failed nothing."""
THROTTLED = Example(
    operation="get_conversation",
    prepare=failing("GET /conversations/{id}", Fault(failure="throttled")),
    call=asking("GET", "/conversations/cnv_7"),
    error="429",
    attributes={
        **conversation("cnv_7"),
        **UNLIMITED,
        METHOD: "GET",
        semconv.URL_TEMPLATE: ONE,
        STATUS: 429,
        semconv.CX_VENDOR_ERROR_CODE: "too_many",
        semconv.CX_CALL_THROTTLED: True,
    },
)


def refused(at: At) -> object:
    """Let the far end repeat in its error what the customer said."""
    said = at.canary
    words = f"{said.phone} {said.email} {said.name} {said.text}"
    return failing("POST /contacts", Fault(failure="invalid", message=words))(at)


def repeated(at: At) -> object:
    """Let the far end's reply hold what the customer said."""
    said = at.canary
    content = {"id": said.phone, "name": said.name, "email": said.email, "note": said.text}
    return at.far_end.replies.push("GET /contacts/{id}", 200, LIMITS, content)


def everything(at: At) -> dict[str, Any]:
    """Return a content with all that a customer may say."""
    said = at.canary
    return {"id": said.phone, "name": said.name, "email": said.email, "description": said.text}


CANARIES = (
    Example(
        operation="get_contact",
        prepare=repeated,
        call=asking(
            "GET",
            lambda at: f"/contacts/alt:email:{at.canary.email}",
            params=lambda at: {"q": at.canary.name, "phone": at.canary.phone},
        ),
    ),
    Example(
        operation="search_conversations",
        call=asking("GET", lambda at: f"/conversations/search/{at.canary.phone}"),
    ),
    Example(
        operation="request",
        call=asking("GET", lambda at: f"/company/{at.canary.email}/rules"),
    ),
    Example(
        operation="create_contact",
        prepare=refused,
        call=asking("POST", "/contacts", everything),
        error="400",
    ),
)


SEEN = {
    name: made
    for name, made in CLIENTS.items()
    if "httpx2" not in name or hasattr(otel_httpx, "HTTPX2ClientInstrumentor")
}
"""The clients, without httpx2 where OpenTelemetry's instrumentation of it does not exist yet."""


def spread(examples: tuple[Example, ...]) -> tuple[Example, ...]:
    """Let the first examples run with every library, and each of the others with one of them."""
    libraries = list(SEEN)
    others = (
        replace(one, variants=(libraries[number % len(libraries)],))
        for number, one in enumerate(examples[3:])
    )
    return (*examples[:3], *others)


CASE = Case(
    vendor="tests.routes.tables:FRONT",
    far_end=front,
    clients=SEEN,
    reset=HttpFarEnd.clear,
    common={
        semconv.SERVER_ADDRESS: "127.0.0.1",
        semconv.CX_RATE_LIMIT_LIMIT: 50,
        semconv.CX_RATE_LIMIT_REMAINING: 49,
    },
    examples=(*spread(EXAMPLES), NOT_FOUND, THROTTLED),
    slow=Example(
        operation="get_conversation",
        prepare=failing("GET /conversations/{id}", Fault(hang=True)),
        call=asking("GET", "/conversations/cnv_7"),
        clients=impatient(),
        raises=Exception,
    ),
    canaries=CANARIES,
)


class TestFront(VendorContract):
    """The contract that every vendor keeps, with every HTTP library."""

    case = CASE
