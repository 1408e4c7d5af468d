"""Intercom: the real client, synchronous and asynchronous, held to the contract.

The far end is a loopback server after Intercom's API reference. It proves what the client sends
and makes of replies; it does not prove that Intercom itself answers so.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import httpx
import intercom
import pytest
from intercom.core.api_error import ApiError

import cxotel
from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.testing import ABSENT, Case, Event, Example, VendorContract
from tests.vendors.far_ends.intercom import IntercomFarEnd, async_client, client
from tests.vendors.scored import calls, lost, scored, watching

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cxotel.testing import At

# The library takes seconds to import, which the orders of patching do seven times.
pytestmark = pytest.mark.timeout(300)

CONTACT, RECORD, KIND = semconv.CX_CONTACT_ID, semconv.CX_RECORD_ID, semconv.CX_RECORD_TYPE
ITEMS, STATUS = semconv.CX_CALL_ITEMS, semconv.HTTP_RESPONSE_STATUS_CODE
CHAT, PERSON, TEAM = "215468435", "6762f0dd1bb69f9f2193bb83", "5017691"
IN_CHAT = {CONTACT: CHAT}
OF_TICKET = {KIND: "ticket", RECORD: "64"}
OF_PERSON = {KIND: "contact", RECORD: PERSON}
OPEN = intercom.SingleFilterSearchRequest(field="state", operator="=", value="open")


def create_ticket(at: At, **options: Any) -> Any:
    """Create a ticket, as a service does."""
    contacts: Any = [{"id": PERSON}]
    return at.client.tickets.create(ticket_type_id="53", contacts=contacts, **options)


def manage(kind: str, **values: Any) -> Callable[[At], Any]:
    """Return a call that does something to the conversation."""
    request = {"message_type": kind, "admin_id": "991267460", **values}
    return lambda at: at.client.conversations.manage(CHAT, request=request)


def assign(kind: str, assignee: str) -> Callable[[At], Any]:
    """Return a call that assigns the conversation."""
    return manage("assignment", type=kind, assignee_id=assignee)


def reply(at: At, body: str = "Your refund is on its way.") -> Any:
    """Answer the customer."""
    request = {"message_type": "comment", "type": "admin", "admin_id": "991", "body": body}
    return at.client.conversations.reply(CHAT, request=request)


def passed_on(at: At) -> None:
    """Let somebody have the conversation already."""
    at.far_end.assignments = 2


def fin(state: str) -> Callable[[At], None]:
    """Return a preparation: how Intercom's bot left the conversation."""
    return lambda at: setattr(at.far_end, "fin", state)


def by_external_id(at: At, key: str = "web-42") -> Any:
    """Find a person by the id that they have elsewhere; before release 5 only by hand."""
    find = getattr(at.client.contacts, "show_contact_by_external_id", None)
    if find is not None:
        return find(key)
    http: Any = at.client._client_wrapper.httpx_client  # noqa: SLF001 - what its methods use
    return http.request(f"contacts/find_by_external_id/{key}", method="GET")


def redirect(at: At) -> Any:
    """Send who calls by telephone to the messenger; release 4 names the fields one by one."""
    create = at.client.phone_call_redirects.create
    asked = {"phone": "+15550100"}
    by_request = "request" in inspect.signature(create).parameters
    return create(request=asked) if by_request else create(**asked)


def refuse(at: At) -> None:
    """Let the far end repeat in its error what the customer said."""
    said = at.canary
    words = f"{said.phone} {said.email} {said.name} {said.text}"
    at.far_end.faults.add("intercom", "reply", Fault(failure="invalid", message=words))


def handoff(kind: str, **more: Any) -> Event:
    """Return the event of a handoff."""
    told = {semconv.CX_HANDOFF_KIND: kind, semconv.CX_HANDOFF_RESULT: "requested", **more}
    return Event(semconv.EVENT_CX_HANDOFF, told)


FIN_TIME = {semconv.CX_EVIDENCE_END_TIME: 1_795_000_000_000}
UNLIMITED = {
    semconv.CX_RATE_LIMIT_LIMIT: ABSENT,
    semconv.CX_RATE_LIMIT_REMAINING: ABSENT,
    semconv.CX_RATE_LIMIT_RESET: ABSENT,
    semconv.CX_VENDOR_REQUEST_ID: ABSENT,
}

CASE = Case(
    vendor="intercom",
    far_end=IntercomFarEnd,
    clients={"sync": client, "async": async_client},
    reset=lambda far_end: far_end.clear(),
    common={
        STATUS: 200,
        semconv.SERVER_ADDRESS: "127.0.0.1",
        semconv.CX_VENDOR_REQUEST_ID: str,
        semconv.CX_RATE_LIMIT_LIMIT: 167,
        semconv.CX_RATE_LIMIT_REMAINING: 166,
        semconv.CX_RATE_LIMIT_RESET: int,
    },
    examples=(
        Example(
            operation="create_ticket",
            call=create_ticket,
            attributes={KIND: "ticket", RECORD: CHAT},
        ),
        Example(
            operation="create_conversation",
            call=lambda at: at.client.conversations.create(
                from_={"type": "user", "id": PERSON}, body="Where is my refund?"
            ),
            attributes=IN_CHAT,
        ),
        Example(operation="list_conversations", call=lambda at: at.client.conversations.list()),
        Example(
            operation="search_conversations",
            call=lambda at: at.client.conversations.search(query=OPEN),
            attributes={ITEMS: 1},
        ),
        Example(
            operation="fetch_conversation",
            call=lambda at: at.client.conversations.find(CHAT),
            attributes=IN_CHAT,
        ),
        Example(
            operation="fetch_conversation",
            prepare=fin("routed_to_team"),
            call=lambda at: at.client.conversations.find(CHAT),
            attributes=IN_CHAT,
            events=(handoff("bot_to_human", **FIN_TIME, **{semconv.CX_HANDOFF_ID: CHAT}),),
        ),
        Example(
            operation="fetch_conversation",
            prepare=fin("confirmed_resolution"),
            call=lambda at: at.client.conversations.find(CHAT),
            attributes=IN_CHAT,
            events=(
                Event(
                    semconv.EVENT_CX_OUTCOME,
                    {semconv.CX_JOURNEY_OUTCOME: "contained", **FIN_TIME},
                ),
            ),
        ),
        Example(
            operation="update_conversation",
            call=lambda at: at.client.conversations.update(CHAT, read=True),
            attributes=IN_CHAT,
        ),
        Example(operation="reply_to_conversation", call=reply, attributes=IN_CHAT),
        Example(
            operation="assign_conversation",
            call=assign("team", TEAM),
            attributes=IN_CHAT,
            events=(handoff("queue", **{semconv.CX_QUEUE_ID: TEAM}),),
        ),
        Example(operation="assign_conversation", call=assign("admin", "991"), attributes=IN_CHAT),
        Example(
            operation="assign_conversation",
            prepare=passed_on,
            call=assign("admin", "991"),
            attributes=IN_CHAT,
            events=(handoff("transfer_warm"),),
        ),
        Example(operation="close_conversation", call=manage("close"), attributes=IN_CHAT),
        Example(operation="reopen_conversation", call=manage("open"), attributes=IN_CHAT),
        Example(
            operation="snooze_conversation",
            call=manage("snoozed", snoozed_until=1_795_000_000),
            attributes=IN_CHAT,
        ),
        Example(
            operation="route_conversation",
            call=lambda at: at.client.conversations.run_assignment_rules(CHAT),
            attributes=IN_CHAT,
            events=(handoff("queue"),),
        ),
        Example(
            operation="convert_conversation",
            call=lambda at: at.client.conversations.convert_to_ticket(
                int(CHAT), ticket_type_id="53"
            ),
            attributes=IN_CHAT,
        ),
        Example(
            operation="add_conversation_contact",
            call=lambda at: at.client.conversations.attach_contact_as_admin(CHAT, admin_id="991"),
            attributes=IN_CHAT,
        ),
        Example(
            operation="remove_conversation_contact",
            call=lambda at: at.client.conversations.detach_contact_as_admin(
                CHAT, PERSON, admin_id="991"
            ),
            attributes=IN_CHAT,
        ),
        Example(
            operation="redirect_phone_call",
            call=redirect,
            events=(handoff("channel_switch"),),
        ),
        Example(
            operation="send_message",
            call=lambda at: at.client.messages.create(
                request={"message_type": "inapp", "body": "hello", "from": {"id": "991"}}
            ),
        ),
        Example(
            operation="fetch_ticket",
            call=lambda at: at.client.tickets.get("64"),
            attributes=OF_TICKET,
        ),
        Example(
            operation="update_ticket",
            call=lambda at: at.client.tickets.update("64", open=False),
            attributes=OF_TICKET,
        ),
        Example(
            operation="search_tickets",
            call=lambda at: at.client.tickets.search(query=OPEN),
            attributes={KIND: "ticket", ITEMS: 1},
        ),
        Example(
            operation="reply_to_ticket",
            call=lambda at: at.client.tickets.reply(
                "64", request={"message_type": "comment", "type": "admin", "body": "hello"}
            ),
            attributes=OF_TICKET,
        ),
        Example(
            operation="create_contact",
            call=lambda at: at.client.contacts.create(request={"email": "a@b.example"}),
            attributes=OF_PERSON,
        ),
        Example(
            operation="fetch_contact",
            call=lambda at: at.client.contacts.find(PERSON),
            attributes=OF_PERSON,
        ),
        Example(
            operation="fetch_contact",
            call=by_external_id,
            attributes=OF_PERSON,
        ),
        Example(
            operation="update_contact",
            call=lambda at: at.client.contacts.update(PERSON, name="Lind"),
            attributes=OF_PERSON,
        ),
        Example(
            operation="search_contacts",
            call=lambda at: at.client.contacts.search(query=OPEN),
            attributes={KIND: "contact", ITEMS: 1},
        ),
        Example(
            operation="merge_contacts",
            call=lambda at: at.client.contacts.merge_lead_in_user(lead_id="1", contact_id="2"),
            attributes=OF_PERSON,
        ),
        Example(operation="fetch_article", call=lambda at: at.client.articles.find(7)),
        Example(
            operation="search_articles", call=lambda at: at.client.articles.search(phrase="refund")
        ),
        Example(
            operation="submit_event",
            call=lambda at: at.client.events.create(request={"user_id": "42"}),
            attributes={STATUS: 202},
        ),
        Example(operation="request", call=lambda at: at.client.admins.list()),
        Example(
            operation="fetch_ticket",
            prepare=lambda at: at.far_end.faults.add(
                "intercom", "ticket", Fault(failure="not_found")
            ),
            call=lambda at: at.client.tickets.get("64"),
            raises=ApiError,
            error="404",
            attributes={
                **OF_TICKET,
                STATUS: 404,
                semconv.CX_VENDOR_ERROR_CODE: "not_found",
            },
        ),
    ),
    slow=Example(
        operation="create_ticket",
        prepare=lambda at: at.far_end.faults.add("intercom", "create_ticket", Fault(hang=True)),
        call=create_ticket,
        clients={"sync": lambda far_end: client(far_end, timeout=0.3)},
        raises=httpx.ReadTimeout,
        error="ReadTimeout",
        attributes={KIND: "ticket", **UNLIMITED, STATUS: ABSENT},
    ),
    canaries=(
        Example(
            operation="update_contact",
            call=lambda at: at.client.contacts.update(
                PERSON, name=at.canary.name, email=at.canary.email, phone=at.canary.phone
            ),
        ),
        Example(operation="reply_to_conversation", call=lambda at: reply(at, at.canary.text)),
        Example(
            operation="fetch_contact",
            call=lambda at: by_external_id(at, at.canary.email),
        ),
        Example(
            operation="fetch_contact",
            call=lambda at: at.client.contacts.find(at.canary.phone),
        ),
        Example(operation="reply_to_conversation", prepare=refuse, call=reply, raises=ApiError),
    ),
)


class TestIntercom(VendorContract):
    """The contract that every vendor keeps."""

    case = CASE


@pytest.fixture
def far_end() -> Iterator[IntercomFarEnd]:
    """A server of one's own; no handler of it may crash."""
    with IntercomFarEnd() as running:
        yield running
    assert running.crashes == []


def test_a_method_that_calls_itself_again_is_one_call(far_end: IntercomFarEnd) -> None:
    """The library's repeats are recursive: one span all the same, with their number."""
    throttled = Fault(failure="throttled", times=1, retry_after=1)
    far_end.faults.add("intercom", "ticket", throttled)
    with client(far_end) as connected, watching("intercom") as telemetry:
        # The library counts its repeats from two, so three allow one.
        connected.tickets.get("64", request_options={"max_retries": 3})
    (span,) = calls(telemetry)
    told = span["attributes"]
    assert told[semconv.HTTP_REQUEST_RESEND_COUNT] == 1
    assert told[semconv.CX_CALL_RECOVERED] is True
    assert told[semconv.CX_CALL_THROTTLED] is True


def test_each_page_is_a_call(far_end: IntercomFarEnd) -> None:
    """Whoever goes through a list asks page by page; the last one is told too."""
    pages = {"pages": {"next": {"starting_after": "x"}}}
    content = {"type": "list", "data": [{"type": "contact", "id": PERSON}]}
    far_end.replies.push("search_contacts", 200, {}, {**content, **pages})
    with client(far_end) as connected, watching("intercom") as telemetry:
        found = list(connected.contacts.search(query=OPEN))
    assert [person.id for person in found] == [PERSON, PERSON]
    assert [span["name"] for span in calls(telemetry)] == ["search_contacts intercom"] * 2


def test_an_attribute_of_ones_own_stays(far_end: IntercomFarEnd) -> None:
    """Who already gives a ticket attributes, or a journey id, keeps them."""
    own = {"cx_journey_id": "mine", "order": "70001"}
    with client(far_end) as connected, cxotel.instrument("intercom", carry=["intercom"]):
        contacts: Any = [{"id": PERSON}]
        with cxotel.journey("refund", journey_id="j-1"):
            connected.tickets.create(ticket_type_id="53", contacts=contacts)
            connected.tickets.create(
                ticket_type_id="53",
                contacts=contacts,
                request_options={"additional_body_parameters": {"ticket_attributes": own}},
            )
    first, second = (request.json["ticket_attributes"] for request in far_end.received)
    assert first == {"cx_journey_id": "j-1"}
    assert second == own


def test_an_error_that_the_library_raises_later_is_blamed_on_intercom(
    far_end: IntercomFarEnd,
) -> None:
    """The exception is made out of our sight; the journey knows it by where it is from."""
    far_end.faults.add("intercom", "reply", Fault(failure="unavailable"))
    request: Any = {"message_type": "comment", "type": "admin", "admin_id": "991", "body": "hi"}
    with client(far_end) as connected, pytest.raises(ApiError), scored("intercom") as told:
        connected.conversations.reply(CHAT, request=request)
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "intercom"
    assert "reliability" in lost(told)
