"""Salesforce through aiosalesforce: logging in, and pages that are read later."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

import cxotel
from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.demo.far_ends.salesforce import SalesforceFarEnd
from tests.vendors.scored import calls, lost, scored, watching

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(
    find_spec("aiosalesforce") is None, reason="aiosalesforce needs Python 3.11"
)


@pytest.fixture(scope="module")
def running() -> Iterator[SalesforceFarEnd]:
    """One server for all tests of this file."""
    with SalesforceFarEnd() as far_end:
        yield far_end


@pytest.fixture
def far_end(running: SalesforceFarEnd) -> Iterator[SalesforceFarEnd]:
    """The server with nothing wrong; no handler of it may crash."""
    running.clear()
    running.rest.page_size = 2000
    yield running
    assert running.crashes == []


def connect(far_end: SalesforceFarEnd) -> Any:
    """Give a real client, to be entered; it is imported where Python is new enough for it."""
    from tests.vendors.far_ends.aiosalesforce import AsyncClient

    return AsyncClient(far_end)


async def test_first_login_is_no_attempt_of_the_call(far_end: SalesforceFarEnd) -> None:
    """The client logs in on its way to the first query: one span, with the query's own status."""
    with watching("salesforce") as telemetry:
        async with connect(far_end) as salesforce:
            assert await salesforce.sobject.create("Case", {"Subject": "refund"})
    (span,) = calls(telemetry)
    assert far_end.logins == 1
    assert span["attributes"][semconv.HTTP_RESPONSE_STATUS_CODE] == 201
    assert semconv.HTTP_REQUEST_RESEND_COUNT not in span["attributes"]


async def test_login_after_an_expiry_is_no_attempt_either(far_end: SalesforceFarEnd) -> None:
    """A session that ended costs a second attempt of the call, and the login is not counted."""
    async with connect(far_end) as salesforce:
        await salesforce.get_limits()
        far_end.expire()
        with watching("salesforce") as telemetry:
            await salesforce.get_limits()
    (span,) = calls(telemetry)
    assert far_end.logins == 2
    assert span["attributes"][semconv.HTTP_REQUEST_RESEND_COUNT] == 1
    assert span["attributes"][semconv.CX_CALL_RECOVERED] is True


async def test_pages_belong_to_the_step_that_reads_them(far_end: SalesforceFarEnd) -> None:
    """Each page is a call of its own, in the step where the program asks for it."""
    for _ in range(3):
        far_end.records.add("Lead", {"LastName": "Lind", "Company": "Acme"})
    far_end.rest.page_size = 2
    with watching("salesforce") as telemetry, cxotel.journey("refund", channel="voice"):
        async with connect(far_end) as salesforce:
            rows = salesforce.query("SELECT Id FROM Lead")
            with cxotel.step("find"):
                await anext(rows)
            with cxotel.step("compare"):
                assert len([row async for row in rows]) == 2
        steps = [span["attributes"][semconv.CX_STEP_NAME] for span in calls(telemetry)]
    assert steps == ["find", "compare"]


async def test_slow_record_costs_responsiveness(far_end: SalesforceFarEnd) -> None:
    """A customer who waits five seconds for a record has waited for Salesforce."""
    record = far_end.records.add("Case", {"Subject": "refund"})
    far_end.faults.add("salesforce", "get", Fault(latency=4.5))
    async with connect(far_end) as salesforce:
        with scored("salesforce") as told, cxotel.step("find case"):
            await salesforce.sobject.get("Case", record)
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "salesforce"
    assert lost(told) == {"responsiveness"}
