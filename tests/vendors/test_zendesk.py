"""Zendesk: the real zenpy, over TLS, held to the contract.

The far end is a loopback server that follows Zendesk's reference of its ticketing interface. It
proves what the client sends and makes of replies; it does not prove that Zendesk answers so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests
from zenpy.lib.api_objects import Comment, Request, Ticket, User
from zenpy.lib.exception import APIException, RecordNotFoundException

from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.testing import ABSENT, Case, Event, Example, VendorContract
from tests.vendors.far_ends.zendesk import ZendeskFarEnd, client

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.testing import At

STATUS, ITEMS = semconv.HTTP_RESPONSE_STATUS_CODE, semconv.CX_CALL_ITEMS
TYPE, RECORD = semconv.CX_RECORD_TYPE, semconv.CX_RECORD_ID
HEADERS = (
    semconv.CX_VENDOR_REQUEST_ID,
    semconv.CX_RATE_LIMIT_LIMIT,
    semconv.CX_RATE_LIMIT_REMAINING,
    semconv.CX_RATE_LIMIT_RESET,
)


def known(kind: str, **fields: Any) -> Callable[[At], int]:
    """Return a preparation: a record that the account has."""
    return lambda at: at.far_end.add(kind, **fields)


def failing(operation: str, fault: Fault) -> Callable[[At], object]:
    """Return a preparation: something goes wrong at the far end."""
    return lambda at: at.far_end.faults.add("zendesk", operation, fault)


def prepared(at: At) -> object:
    """Return the id of the record that was prepared."""
    return at.prepared


def about(kind: str, record: Callable[[At], object] = prepared) -> dict[str, Any]:
    """Return what a span says of the record that it is about."""

    def read(at: At) -> str:
        return str(record(at))

    return {TYPE: kind, RECORD: read}


def updated(*, said: str | None = None, **changes: Any) -> Callable[[At], Any]:
    """Return a call that changes the ticket that was prepared, and may say something about it."""

    def call(at: At) -> Any:
        comment = {} if said is None else {"comment": Comment(body=said, public=True)}
        return at.client.tickets.update(Ticket(id=at.prepared, **changes, **comment))

    return call


def refused(at: At) -> int:
    """Let the far end repeat in its error what the customer said."""
    said = at.canary
    words = f"{said.phone} {said.email} {said.name} {said.text}"
    failing("update", Fault(failure="invalid", message=words))(at)
    return known("tickets")(at)


TICKET = known("tickets", subject="Where is my refund?", comment={"body": "It is late."})
TICKETS = {TYPE: "ticket", ITEMS: 1}

CASE = Case(
    vendor="zendesk",
    far_end=ZendeskFarEnd,
    clients={"sync": client},
    reset=ZendeskFarEnd.clear,
    common={
        STATUS: 200,
        semconv.SERVER_ADDRESS: "127.0.0.1",
        semconv.CX_VENDOR_REQUEST_ID: str,
        semconv.CX_RATE_LIMIT_LIMIT: 700,
        semconv.CX_RATE_LIMIT_REMAINING: int,
        semconv.CX_RATE_LIMIT_RESET: 41,
    },
    examples=(
        Example(
            operation="create_ticket",
            call=lambda at: at.client.tickets.create(
                Ticket(subject="Where is my refund?", comment=Comment(body="It is late."))
            ),
            attributes={**about("ticket", lambda at: at.result.ticket.id), STATUS: 201},
        ),
        Example(
            operation="fetch_ticket",
            prepare=TICKET,
            call=lambda at: at.client.tickets(id=at.prepared),
            attributes=about("ticket"),
        ),
        Example(
            operation="list_tickets",
            prepare=TICKET,
            call=lambda at: list(at.client.tickets()),
            attributes=TICKETS,
        ),
        Example(
            operation="update_ticket",
            prepare=TICKET,
            call=updated(subject="Refund"),
            attributes=about("ticket"),
        ),
        Example(
            operation="add_comment",
            prepare=TICKET,
            call=updated(said="It is on its way."),
            attributes=about("ticket"),
        ),
        Example(
            operation="solve_ticket",
            prepare=TICKET,
            call=updated(said="Done.", status="solved"),
            attributes=about("ticket"),
        ),
        Example(
            operation="assign_ticket",
            prepare=TICKET,
            call=updated(group_id=360000000007),
            attributes=about("ticket"),
            events=(
                Event(
                    semconv.EVENT_CX_HANDOFF,
                    {
                        semconv.CX_HANDOFF_KIND: "queue",
                        semconv.CX_HANDOFF_RESULT: "requested",
                        semconv.CX_QUEUE_ID: "360000000007",
                    },
                ),
            ),
        ),
        Example(
            operation="assign_ticket",
            prepare=TICKET,
            call=updated(assignee_id=360000000009),
            attributes={**about("ticket"), semconv.CX_AGENT_ID: "360000000009"},
        ),
        Example(
            operation="delete_ticket",
            prepare=TICKET,
            call=lambda at: at.client.tickets.delete(Ticket(id=at.prepared)),
            attributes={**about("ticket"), STATUS: 204},
        ),
        Example(
            operation="list_comments",
            prepare=TICKET,
            call=lambda at: list(at.client.tickets.comments(at.prepared)),
            attributes={**about("ticket"), ITEMS: 1},
        ),
        Example(
            operation="add_tags",
            prepare=TICKET,
            call=lambda at: at.client.tickets.add_tags(at.prepared, ["vip"]),
            attributes=about("ticket"),
        ),
        Example(
            operation="merge_tickets",
            prepare=TICKET,
            call=lambda at: at.client.tickets.merge(at.prepared, 360000000009),
            attributes=about("ticket"),
        ),
        Example(
            operation="create_tickets",
            call=lambda at: at.client.tickets.create([Ticket(subject="a"), Ticket(subject="b")]),
            attributes={TYPE: "ticket"},
        ),
        Example(
            operation="update_tickets",
            prepare=TICKET,
            call=lambda at: at.client.tickets.update([Ticket(id=at.prepared, subject="a")]),
            attributes={TYPE: "ticket"},
        ),
        Example(
            operation="fetch_job",
            call=lambda at: at.client.job_status(id="8b726e606741012ffc2d782bcb7848fe"),
        ),
        Example(
            operation="export_tickets",
            prepare=TICKET,
            call=lambda at: list(at.client.tickets.incremental(start_time=1332034771)),
        ),
        Example(
            operation="create_request",
            call=lambda at: at.client.requests.create(
                Request(subject="Refund", comment={"body": "It is late."})
            ),
            attributes={**about("request", lambda at: at.result.id), STATUS: 201},
        ),
        Example(
            operation="create_user",
            call=lambda at: at.client.users.create(User(name="Ada", email="ada@cx.example")),
            attributes={**about("user", lambda at: at.result.id), STATUS: 201},
        ),
        Example(
            operation="upsert_user",
            call=lambda at: at.client.users.create_or_update(User(name="Ada")),
            attributes={**about("user", lambda at: at.result.id), STATUS: 201},
        ),
        Example(
            operation="fetch_user",
            prepare=known("users", name="Ada"),
            call=lambda at: at.client.users(id=at.prepared),
            attributes=about("user"),
        ),
        Example(
            operation="update_user",
            prepare=known("users", name="Ada"),
            call=lambda at: at.client.users.update(User(id=at.prepared, name="Ada L.")),
            attributes=about("user"),
        ),
        Example(
            operation="search_users",
            prepare=known("users", name="Ada"),
            call=lambda at: list(at.client.users.search(query="ada@cx.example")),
            attributes={TYPE: "user", ITEMS: 1},
        ),
        Example(
            operation="list_tickets",
            prepare=TICKET,
            call=lambda at: list(at.client.users.requested(360000000009)),
            attributes={TYPE: "user", RECORD: "360000000009", ITEMS: 1},
        ),
        Example(
            operation="list_identities",
            call=lambda at: list(at.client.users.identities(id=360000000009)),
            attributes={TYPE: "user", RECORD: "360000000009", ITEMS: 1},
        ),
        Example(
            operation="fetch_organization",
            prepare=known("organizations", name="Acme"),
            call=lambda at: at.client.organizations(id=at.prepared),
            attributes=about("organization"),
        ),
        Example(
            operation="list_groups",
            prepare=known("groups", name="billing"),
            call=lambda at: list(at.client.groups()),
            attributes={TYPE: "group", ITEMS: 1},
        ),
        Example(
            operation="search_records",
            prepare=TICKET,
            call=lambda at: list(at.client.search("refund", type="ticket")),
            attributes={ITEMS: 1},
        ),
        Example(
            operation="upload_file",
            call=lambda at: at.client.attachments.upload("hello", target_name="note.txt"),
            attributes={STATUS: 201},
        ),
        Example(
            operation="search_articles",
            call=lambda at: list(at.client.help_center.articles.search(query="refund")),
            attributes={ITEMS: 1},
        ),
        Example(
            operation="fetch_user",
            prepare=lambda at: (
                failing("fetch", Fault(failure="unavailable", times=1))(at),
                known("users", name="Ada")(at),
            )[1],
            call=lambda at: at.client.users(id=at.prepared),
            attributes={
                **about("user"),
                semconv.HTTP_REQUEST_RESEND_COUNT: 1,
                semconv.CX_CALL_RETRY_WAIT: int,
                semconv.CX_CALL_RECOVERED: True,
            },
        ),
        Example(
            operation="fetch_ticket",
            call=lambda at: at.client.tickets(id=12),
            raises=RecordNotFoundException,
            error="RecordNotFoundException",
            attributes={
                **about("ticket", lambda _: 12),
                STATUS: 404,
                semconv.CX_VENDOR_ERROR_CODE: "RecordNotFound",
            },
        ),
        Example(
            operation="create_ticket",
            prepare=failing("create", Fault(failure="throttled")),
            call=lambda at: at.client.tickets.create(Ticket(subject="Refund")),
            raises=APIException,
            error="APIException",
            attributes={
                TYPE: "ticket",
                STATUS: 429,
                semconv.CX_VENDOR_ERROR_CODE: "APIRateLimitExceeded",
                semconv.CX_CALL_THROTTLED: True,
            },
        ),
    ),
    slow=Example(
        operation="create_ticket",
        prepare=failing("create", Fault(hang=True)),
        call=lambda at: at.client.tickets.create(Ticket(subject="Refund")),
        clients={"sync": lambda far_end: client(far_end, timeout=0.3)},
        raises=requests.Timeout,
        error="ReadTimeout",
        attributes={TYPE: "ticket", STATUS: ABSENT, **dict.fromkeys(HEADERS, ABSENT)},
    ),
    canaries=(
        Example(
            operation="create_ticket",
            call=lambda at: at.client.tickets.create(
                Ticket(
                    subject=at.canary.text,
                    requester=User(
                        name=at.canary.name, email=at.canary.email, phone=at.canary.phone
                    ),
                    description=f"{at.canary.name} {at.canary.email} {at.canary.phone}",
                    external_id=at.canary.email,
                )
            ),
        ),
        Example(
            operation="search_users",
            call=lambda at: list(at.client.users.search(query=at.canary.email)),
        ),
        Example(
            operation="update_ticket",
            prepare=refused,
            call=updated(subject="Refund"),
            raises=APIException,
        ),
        Example(
            operation="fetch_ticket",
            call=lambda at: at.client.tickets(id=at.canary.phone),
            raises=RecordNotFoundException,
        ),
    ),
)


class TestZendesk(VendorContract):
    """The contract that every vendor keeps."""

    case = CASE
