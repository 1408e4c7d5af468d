"""Freshdesk: what is python-freshdesk's own: pages in one call, exceptions without a reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from freshdesk.v2.errors import FreshdeskError, FreshdeskRateLimited

from cxotel import semconv
from cxotel.demo.far_ends import Fault
from tests.vendors.far_ends.freshdesk import FreshdeskFarEnd, client
from tests.vendors.scored import calls, lost, scored, watching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.testing import Telemetry


@pytest.fixture(scope="module")
def running() -> Iterator[FreshdeskFarEnd]:
    """One server for all tests of this file."""
    with FreshdeskFarEnd() as far_end:
        yield far_end


@pytest.fixture
def far_end(running: FreshdeskFarEnd) -> Iterator[FreshdeskFarEnd]:
    """The server with nothing wrong; no handler of it may crash."""
    running.clear()
    yield running
    assert running.crashes == []


@pytest.fixture
def freshdesk(far_end: FreshdeskFarEnd) -> Iterator[Any]:
    """A real client; untyped, as the library is."""
    with client(far_end) as connected:
        yield connected


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    """What Freshdesk's calls tell."""
    with watching("freshdesk") as seen:
        yield seen


def test_each_page_that_the_library_reads_is_a_call(
    far_end: FreshdeskFarEnd, freshdesk: Any, telemetry: Telemetry
) -> None:
    """One `list_tickets` reads all pages before it returns: each is a wait, and has a span."""
    full = [{"id": 7, "created_at": "2026-01-07", "updated_at": "2026-01-07"}] * 100
    far_end.replies.push("list", 200, {}, full)
    far_end.add("tickets")
    assert len(freshdesk.tickets.list_tickets()) == 101
    items = [span["attributes"][semconv.CX_CALL_ITEMS] for span in calls(telemetry)]
    assert items == [100, 1]


def test_what_the_exception_has_lost_is_on_the_span(
    far_end: FreshdeskFarEnd, freshdesk: Any, telemetry: Telemetry
) -> None:
    """The library's exceptions have neither status nor headers; the span of the call has both."""
    far_end.faults.add("freshdesk", "create", Fault(failure="throttled", retry_after=30))
    with pytest.raises(FreshdeskRateLimited) as raised:
        freshdesk.tickets.create_ticket("Refund")
    assert getattr(raised.value, "response", None) is None
    (span,) = calls(telemetry)
    told = span["attributes"]
    assert told[semconv.HTTP_RESPONSE_STATUS_CODE] == 429
    assert told[semconv.CX_RATE_LIMIT_REMAINING] >= 0
    assert told[semconv.CX_VENDOR_REQUEST_ID]


def test_a_code_is_one_of_freshdesks_and_nothing_that_was_said(
    far_end: FreshdeskFarEnd, freshdesk: Any, telemetry: Telemetry
) -> None:
    """The code is found in the exception's words, where a customer's words could be as well."""
    said = "'code': 'quackenbush' is what I typed"
    far_end.faults.add("freshdesk", "create", Fault(failure="invalid", message=said))
    with pytest.raises(FreshdeskError):
        freshdesk.tickets.create_ticket("Refund")
    (span,) = calls(telemetry)
    assert span["attributes"][semconv.CX_VENDOR_ERROR_CODE] == "invalid_value"


def test_a_refusal_that_reaches_the_service_costs_reliability(
    far_end: FreshdeskFarEnd, freshdesk: Any
) -> None:
    """A ticket that cannot be made is Freshdesk's failure where the journey meets it."""
    far_end.faults.add("freshdesk", "create", Fault(failure="server_error"))
    with pytest.raises(FreshdeskError), scored("freshdesk") as journey:
        freshdesk.tickets.create_ticket("Refund")
    assert journey[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "freshdesk"
    assert "reliability" in lost(journey)
