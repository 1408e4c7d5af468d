"""Freshdesk: the real python-freshdesk, over TLS, held to the contract.

The far end is a loopback server that follows Freshdesk's reference. It proves what the client
sends and makes of replies; it does not prove that Freshdesk itself answers so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests
from freshdesk.v2.errors import (
    FreshdeskBadRequest,
    FreshdeskError,
    FreshdeskNotFound,
    FreshdeskRateLimited,
)

from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.testing import ABSENT, Case, Event, Example, VendorContract
from tests.vendors.far_ends.freshdesk import FreshdeskFarEnd, client

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.testing import At

STATUS, ITEMS = semconv.HTTP_RESPONSE_STATUS_CODE, semconv.CX_CALL_ITEMS
TYPE, RECORD = semconv.CX_RECORD_TYPE, semconv.CX_RECORD_ID
HEADERS = (
    semconv.CX_VENDOR_REQUEST_ID,
    semconv.CX_RATE_LIMIT_LIMIT,
    semconv.CX_RATE_LIMIT_REMAINING,
)
GROUP, AGENT, TICKET = 82000000007, 82000000009, 82000000011


def known(kind: str, **fields: Any) -> Callable[[At], int]:
    """Return a preparation: a record that the account has."""
    return lambda at: int(at.far_end.add(kind, **fields))


def failing(operation: str, fault: Fault) -> Callable[[At], object]:
    """Return a preparation: something goes wrong at the far end."""
    return lambda at: at.far_end.faults.add("freshdesk", operation, fault)


def prepared(at: At) -> int:
    """Return the id of the record that was prepared."""
    return int(at.prepared)


def made(at: At) -> int:
    """Return the id of the record that the call made."""
    return int(at.result.id)


def about(kind: str, record: Callable[[At], int] = prepared) -> dict[str, Any]:
    """Return what a span says of the record that it is about."""

    def read(at: At) -> str:
        return str(record(at))

    return {TYPE: kind, RECORD: read}


def updated(**fields: Any) -> Callable[[At], Any]:
    """Return a call that changes the ticket that was prepared."""
    return lambda at: at.client.tickets.update_ticket(at.prepared, **fields)


def search_contacts(query: str) -> Callable[[At], Any]:
    """Return a search, as `filter_contacts` makes it; releases before 1.3.9 do not have that."""
    return lambda at: at.client._get(f'search/contacts?page=1&query="{query}"', {})  # noqa: SLF001


def refused(at: At) -> int:
    """Let the far end repeat in its error what the customer said."""
    said = at.canary
    words = f"{said.phone} {said.email} {said.name} {said.text}"
    failing("update", Fault(failure="invalid", message=words))(at)
    return known("tickets")(at)


TICKETS = known("tickets", subject="Where is my refund?")
FAILED = {STATUS: 400, semconv.CX_VENDOR_ERROR_CODE: "invalid_value"}

CASE = Case(
    vendor="freshdesk",
    far_end=FreshdeskFarEnd,
    clients={"sync": client},
    reset=FreshdeskFarEnd.clear,
    common={
        STATUS: 200,
        semconv.SERVER_ADDRESS: "127.0.0.1",
        semconv.CX_VENDOR_REQUEST_ID: str,
        semconv.CX_RATE_LIMIT_LIMIT: 1000,
        semconv.CX_RATE_LIMIT_REMAINING: int,
    },
    examples=(
        Example(
            operation="create_ticket",
            call=lambda at: at.client.tickets.create_ticket(
                "Where is my refund?", email="ada@cx.example", description="It is late."
            ),
            attributes={**about("ticket", made), STATUS: 201},
        ),
        Example(
            operation="fetch_ticket",
            prepare=TICKETS,
            call=lambda at: at.client.tickets.get_ticket(at.prepared),
            attributes=about("ticket"),
        ),
        Example(
            operation="list_tickets",
            prepare=TICKETS,
            call=lambda at: at.client.tickets.list_tickets(),
            attributes={TYPE: "ticket", ITEMS: 1},
        ),
        Example(
            operation="update_ticket",
            prepare=TICKETS,
            call=updated(subject="Refund"),
            attributes=about("ticket"),
        ),
        Example(
            operation="solve_ticket",
            prepare=TICKETS,
            call=updated(status=4, responder_id=AGENT),
            attributes=about("ticket"),
        ),
        Example(
            operation="assign_ticket",
            prepare=TICKETS,
            call=updated(group_id=GROUP, responder_id=AGENT),
            attributes={**about("ticket"), semconv.CX_AGENT_ID: str(AGENT)},
            events=(
                Event(
                    semconv.EVENT_CX_HANDOFF,
                    {
                        semconv.CX_HANDOFF_KIND: "queue",
                        semconv.CX_HANDOFF_RESULT: "requested",
                        semconv.CX_QUEUE_ID: str(GROUP),
                    },
                ),
            ),
        ),
        Example(
            operation="delete_ticket",
            prepare=TICKETS,
            call=lambda at: at.client.tickets.delete_ticket(at.prepared),
            attributes={**about("ticket"), STATUS: 204},
        ),
        Example(
            operation="send_email",
            call=lambda at: at.client.tickets.create_outbound_email(
                "Refund", "It is on its way.", "ada@cx.example", 1
            ),
            attributes={**about("ticket", made), STATUS: 201},
        ),
        Example(
            operation="list_comments",
            prepare=TICKETS,
            call=lambda at: at.client.comments.list_comments(at.prepared),
            attributes={**about("ticket"), ITEMS: 1},
        ),
        Example(
            operation="add_note",
            prepare=TICKETS,
            call=lambda at: at.client.comments.create_note(at.prepared, "Called again."),
            attributes={**about("ticket"), STATUS: 201},
        ),
        Example(
            operation="send_reply",
            prepare=TICKETS,
            call=lambda at: at.client.comments.create_reply(at.prepared, "It is on its way."),
            attributes={**about("ticket"), STATUS: 201},
        ),
        Example(
            operation="search_tickets",
            prepare=TICKETS,
            call=lambda at: at.client.tickets.filter_tickets("tag:'refund'"),
            attributes={ITEMS: 1},
        ),
        Example(
            operation="list_contacts",
            prepare=known("contacts", name="Ada"),
            call=lambda at: at.client.contacts.list_contacts(email="ada@cx.example"),
            attributes={TYPE: "contact", ITEMS: 1},
        ),
        Example(
            operation="fetch_contact",
            prepare=known("contacts", name="Ada"),
            call=lambda at: at.client.contacts.get_contact(at.prepared),
            attributes=about("contact"),
        ),
        Example(
            operation="create_contact",
            call=lambda at: at.client.contacts.create_contact(name="Ada", email="ada@cx.example"),
            attributes={**about("contact", made), STATUS: 201},
        ),
        Example(
            operation="update_contact",
            prepare=known("contacts", name="Ada"),
            call=lambda at: at.client.contacts.update_contact(at.prepared, name="Ada Lind"),
            attributes=about("contact"),
        ),
        Example(
            operation="search_contacts",
            prepare=known("contacts", name="Ada"),
            call=search_contacts("email:'ada@cx.example'"),
            attributes={ITEMS: 1},
        ),
        Example(
            operation="fetch_company",
            prepare=known("companies", name="Acme"),
            call=lambda at: at.client.companies.get_company(at.prepared),
            attributes=about("company"),
        ),
        Example(
            operation="list_groups",
            prepare=known("groups", name="billing"),
            call=lambda at: at.client.groups.list_groups(),
            attributes={TYPE: "group", ITEMS: 1},
        ),
        Example(
            operation="fetch_agent",
            prepare=known("agents", contact={"name": "Bo"}),
            call=lambda at: at.client.agents.get_agent(at.prepared),
            attributes=about("agent"),
        ),
        Example(
            operation="list_ticket_fields",
            call=lambda at: at.client.ticket_fields.list_ticket_fields(),
        ),
        Example(
            operation="search_articles",
            prepare=known("solutions", title="Refunds"),
            call=lambda at: at.client.solutions.articles.search("refund"),
            attributes={ITEMS: 1},
        ),
        Example(
            operation="fetch_article",
            call=lambda at: at.client.solutions.articles.get_article(GROUP),
        ),
        Example(operation="request", call=lambda at: at.client.roles.list_roles()),
        Example(
            operation="fetch_ticket",
            call=lambda at: at.client.tickets.get_ticket(TICKET),
            raises=FreshdeskNotFound,
            error="FreshdeskNotFound",
            attributes={**about("ticket", lambda _: TICKET), STATUS: 404},
        ),
        Example(
            operation="update_ticket",
            prepare=lambda at: (
                failing("update", Fault(failure="invalid"))(at),
                TICKETS(at),
            )[1],
            call=updated(priority=9),
            raises=FreshdeskBadRequest,
            error="FreshdeskBadRequest",
            attributes={**about("ticket"), **FAILED},
        ),
        Example(
            operation="create_ticket",
            prepare=failing("create", Fault(failure="throttled", retry_after=30)),
            call=lambda at: at.client.tickets.create_ticket("Refund"),
            raises=FreshdeskRateLimited,
            error="FreshdeskRateLimited",
            attributes={TYPE: "ticket", STATUS: 429, semconv.CX_CALL_THROTTLED: True},
        ),
        Example(
            operation="create_ticket",
            prepare=failing("create", Fault(failure="server_error")),
            call=lambda at: at.client.tickets.create_ticket("Refund"),
            raises=FreshdeskError,
            error="FreshdeskError",
            attributes={TYPE: "ticket", STATUS: 500},
        ),
    ),
    slow=Example(
        operation="create_ticket",
        prepare=failing("create", Fault(hang=True)),
        call=lambda at: at.client.tickets.create_ticket("Refund"),
        clients={"sync": lambda far_end: client(far_end, timeout=0.3)},
        raises=requests.Timeout,
        error="ReadTimeout",
        attributes={TYPE: "ticket", STATUS: ABSENT, **dict.fromkeys(HEADERS, ABSENT)},
    ),
    canaries=(
        Example(
            operation="create_ticket",
            call=lambda at: at.client.tickets.create_ticket(
                at.canary.text,
                name=at.canary.name,
                email=at.canary.email,
                phone=at.canary.phone,
            ),
        ),
        Example(
            operation="search_contacts",
            call=lambda at: search_contacts(f"phone:'{at.canary.phone}'")(at),
        ),
        Example(
            operation="update_ticket",
            prepare=refused,
            call=updated(priority=9),
            raises=FreshdeskBadRequest,
        ),
        Example(
            operation="fetch_agent",
            call=lambda at: at.client.agents.get_agent(at.canary.phone),
            raises=FreshdeskNotFound,
        ),
    ),
)


class TestFreshdesk(VendorContract):
    """The contract that every vendor keeps."""

    case = CASE
