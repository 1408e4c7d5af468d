"""Zendesk: what is zenpy's own: caches, lazy attributes, pages, waits; and carrying."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from zenpy.lib.api_objects import Comment, Ticket
from zenpy.lib.exception import APIException

import cxotel
from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.testing import Telemetry
from cxotel.testing.observed import observing
from cxotel.vendors import load
from tests.vendors.far_ends.zendesk import ZendeskFarEnd, client
from tests.vendors.scored import calls, lost, scored, watching

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def running() -> Iterator[ZendeskFarEnd]:
    """One server for all tests of this file."""
    with ZendeskFarEnd() as far_end:
        yield far_end


@pytest.fixture
def far_end(running: ZendeskFarEnd) -> Iterator[ZendeskFarEnd]:
    """The server with nothing wrong; no handler of it may crash."""
    running.clear()
    yield running
    assert running.crashes == []


@pytest.fixture
def zendesk(far_end: ZendeskFarEnd) -> Iterator[Any]:
    """A real client that keeps no cache; untyped, as the library is."""
    with client(far_end) as connected:
        yield connected


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    """What Zendesk's calls tell."""
    with watching("zendesk") as seen:
        yield seen


def names(telemetry: Telemetry) -> list[str]:
    """Return what was called, in order."""
    return [span["attributes"][semconv.CX_OPERATION_NAME] for span in calls(telemetry)]


def told(telemetry: Telemetry) -> dict[str, Any]:
    """Return the attributes of the one span of a call."""
    (span,) = calls(telemetry)
    attributes: dict[str, Any] = span["attributes"]
    return attributes


def test_what_comes_from_the_cache_is_no_call(far_end: ZendeskFarEnd, telemetry: Telemetry) -> None:
    """The library answers the second time by itself: Zendesk was asked once, so it is told once."""
    user = far_end.add("users", name="Ada")
    with client(far_end, disable_cache=False) as connected:
        zendesk: Any = connected
        assert zendesk.users(id=user) is zendesk.users(id=user)
    assert len(far_end.received) == 1
    assert names(telemetry) == ["fetch_user"]


def test_an_attribute_that_is_fetched_is_a_call_where_it_is_read(
    far_end: ZendeskFarEnd, zendesk: Any, telemetry: Telemetry
) -> None:
    """`ticket.requester` asks Zendesk when it is read: its span is in the step that reads it."""
    ticket = far_end.add("tickets", requester_id=far_end.add("users", name="Ada"))
    with cxotel.journey("refund"):
        with cxotel.step("find ticket"):
            found = zendesk.tickets(id=ticket)
        with cxotel.step("greet"):
            assert found.requester.name == "Ada"
    steps = [span["attributes"][semconv.CX_STEP_NAME] for span in calls(telemetry)]
    assert list(zip(names(telemetry), steps, strict=True)) == [
        ("fetch_ticket", "find ticket"),
        ("fetch_user", "greet"),
    ]


def test_each_page_of_a_list_is_a_call(
    far_end: ZendeskFarEnd, zendesk: Any, telemetry: Telemetry
) -> None:
    """A list asks for its next page while it is read: each page has a span, and counts its own."""
    far_end.add("tickets")
    more = f"{far_end.url}/api/v2/tickets.json?page%5Bafter%5D=xyz"
    first = {"tickets": [{"id": 1}], "meta": {"has_more": True}, "links": {"next": more}}
    far_end.replies.push("list", 200, {}, first)
    assert len(list(zendesk.tickets())) == 2
    assert names(telemetry) == ["list_tickets", "list_tickets"]
    items = [span["attributes"][semconv.CX_CALL_ITEMS] for span in calls(telemetry)]
    assert items == [1, 1]


def test_the_wait_that_zendesk_asks_for_is_seen(
    far_end: ZendeskFarEnd, zendesk: Any, telemetry: Telemetry
) -> None:
    """The library sleeps and tries again behind the caller's back: one span says how long."""
    user = far_end.add("users", name="Ada")
    far_end.faults.add("zendesk", "fetch", Fault(failure="throttled", retry_after=1, times=1))
    zendesk.users(id=user)
    seen = told(telemetry)
    assert seen[semconv.CX_CALL_RETRY_WAIT] >= 1000
    assert seen[semconv.HTTP_REQUEST_RESEND_COUNT] == 1
    assert (seen[semconv.CX_CALL_THROTTLED], seen[semconv.CX_CALL_RECOVERED]) == (True, True)


def test_the_wait_that_the_client_chooses_is_seen(
    far_end: ZendeskFarEnd, telemetry: Telemetry
) -> None:
    """A client that spares the limit sleeps before it sends: that wait has a number too."""
    user = far_end.add("users", name="Ada")
    options = {"proactive_ratelimit": 700, "proactive_ratelimit_request_interval": 1}
    with client(far_end, **options) as connected:
        zendesk: Any = connected
        zendesk.users(id=user)
        first = told(telemetry)
        telemetry.clear()
        started = time.monotonic()
        zendesk.users(id=user)
        elapsed = (time.monotonic() - started) * 1000
    second = told(telemetry)
    assert semconv.CX_CALL_RETRY_WAIT not in first
    assert 900 <= second[semconv.CX_CALL_RETRY_WAIT] <= elapsed
    assert semconv.HTTP_REQUEST_RESEND_COUNT not in second


def test_a_budget_that_is_spent_before_anything_is_sent_is_told(
    far_end: ZendeskFarEnd, telemetry: Telemetry
) -> None:
    """A client out of patience sends nothing: the span has the error, and no status."""
    user = far_end.add("users", name="Ada")
    options = {
        "proactive_ratelimit": 700,
        "proactive_ratelimit_request_interval": 60,
        "ratelimit_budget": 1,
    }
    with client(far_end, **options) as connected:
        zendesk: Any = connected
        zendesk.users(id=user)
        telemetry.clear()
        with pytest.raises(Exception, match="budget"):
            zendesk.users(id=user)
    seen = told(telemetry)
    assert seen[semconv.ERROR_TYPE] == "RatelimitBudgetExceeded"
    assert semconv.HTTP_RESPONSE_STATUS_CODE not in seen


@pytest.mark.parametrize(("external_id", "expected"), [(None, "j-1"), ("order-7", "order-7")])
def test_a_new_ticket_carries_the_journey_where_it_has_room(
    far_end: ZendeskFarEnd, zendesk: Any, external_id: str | None, expected: str
) -> None:
    """An external id of the caller's own stays; the change's metadata has the journey anyway."""
    ticket: Any = Ticket(subject="Refund", comment=Comment(body="Late."), external_id=external_id)
    with (
        Telemetry() as telemetry,
        observing(load("zendesk"), telemetry, carry=True),
        cxotel.journey("refund", journey_id="j-1"),
    ):
        zendesk.tickets.create(ticket)
    sent = far_end.received.last.json["ticket"]
    assert sent["external_id"] == expected
    assert sent["metadata"] == {"cx_journey_id": "j-1"}
    assert ticket.external_id == external_id


def test_an_assignment_costs_no_effort_by_itself(far_end: ZendeskFarEnd, zendesk: Any) -> None:
    """Putting a ticket into a group's queue passes nobody on who had been talking."""
    ticket = far_end.add("tickets")
    with scored("zendesk") as journey:
        zendesk.tickets.update(Ticket(id=ticket, group_id=360000000007))
    assert lost(journey) == set()


def test_a_refusal_that_reaches_the_service_costs_reliability(
    far_end: ZendeskFarEnd, zendesk: Any
) -> None:
    """A ticket that cannot be made is Zendesk's failure where the journey meets it."""
    far_end.faults.add("zendesk", "create", Fault(failure="server_error"))
    with pytest.raises(APIException), scored("zendesk") as journey:
        zendesk.tickets.create(Ticket(subject="Refund"))
    assert journey[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "zendesk"
    assert "reliability" in lost(journey)
