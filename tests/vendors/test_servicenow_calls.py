"""ServiceNow: what is pysnc's own: retries in its adapter, pages, batches, tokens, half replies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pysnc import ServiceNowPasswordGrantFlow
from pysnc.exceptions import RequestException

import cxotel
from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.testing import Telemetry
from cxotel.testing.observed import observing
from cxotel.vendors import load
from tests.vendors.far_ends.servicenow import ServiceNowFarEnd, async_client, client, cut_off
from tests.vendors.scored import calls, lost, scored, watching

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def running() -> Iterator[ServiceNowFarEnd]:
    """One server for all tests of this file."""
    with ServiceNowFarEnd() as far_end:
        yield far_end


@pytest.fixture
def far_end(running: ServiceNowFarEnd) -> Iterator[ServiceNowFarEnd]:
    """The server with nothing wrong; no handler of it may crash."""
    running.clear()
    yield running
    assert running.crashes == []


@pytest.fixture
def servicenow(far_end: ServiceNowFarEnd) -> Iterator[Any]:
    """A real client; untyped, as what it returns is."""
    with client(far_end) as connected:
        yield connected


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    """What ServiceNow's calls tell."""
    with watching("servicenow") as seen:
        yield seen


def told(telemetry: Telemetry) -> dict[str, Any]:
    """Return the attributes of the one span of a call."""
    (span,) = calls(telemetry)
    attributes: dict[str, Any] = span["attributes"]
    return attributes


def test_retries_in_the_adapter_are_seen(
    far_end: ServiceNowFarEnd, servicenow: Any, telemetry: Telemetry
) -> None:
    """The client's adapter tries again below everything that it shows: one span tells of it."""
    row = far_end.add("incident")
    far_end.faults.add("servicenow", "get", Fault(failure="unavailable", times=2))
    assert servicenow.GlideRecord("incident").get(row)
    seen = told(telemetry)
    assert seen[semconv.HTTP_REQUEST_RESEND_COUNT] == 2
    assert seen[semconv.CX_CALL_RECOVERED] is True
    assert seen[semconv.CX_CALL_RETRY_WAIT] >= 300


def test_each_page_of_a_query_is_a_call_in_the_step_that_reads_it(
    far_end: ServiceNowFarEnd, servicenow: Any, telemetry: Telemetry
) -> None:
    """Records are fetched while they are read, and the wait belongs to who reads them."""
    for _ in range(3):
        far_end.add("incident")
    with cxotel.journey("refund"):
        records = servicenow.GlideRecord("incident", batch_size=2)
        with cxotel.step("find"):
            records.query()
        with cxotel.step("compare"):
            assert sum(1 for _ in records) == 3
    steps = [span["attributes"][semconv.CX_STEP_NAME] for span in calls(telemetry)]
    assert steps == ["find", "compare"]


def test_a_batch_is_one_call_that_no_customer_waits_for(
    far_end: ServiceNowFarEnd, servicenow: Any, telemetry: Telemetry
) -> None:
    """However many records are deleted at once, it is one request and one span."""
    for _ in range(3):
        far_end.add("incident")
    records = servicenow.GlideRecord("incident")
    records.query()
    telemetry.clear()
    assert records.delete_multiple()
    seen = told(telemetry)
    assert seen[semconv.CX_OPERATION_NAME] == "run_batch"
    assert seen[semconv.CX_CALL_CUSTOMER_WAITING] is False


def test_renewing_a_token_is_no_attempt_of_the_call(
    far_end: ServiceNowFarEnd, telemetry: Telemetry
) -> None:
    """A client whose token has expired asks for another one on its way; the call is sent once."""
    row = far_end.add("incident")
    flow = ServiceNowPasswordGrantFlow("service", "loopback", "id", "secret")
    with client(far_end, auth=flow) as connected:
        untyped: Any = connected
        assert untyped.GlideRecord("incident").get(row)
    seen = told(telemetry)
    assert far_end.tokens == 2
    assert semconv.HTTP_REQUEST_RESEND_COUNT not in seen
    assert seen[semconv.HTTP_RESPONSE_STATUS_CODE] == 200


@pytest.mark.parametrize(
    ("table", "given", "carried"),
    [
        ("incident", "", "j-1"),
        ("incident", "order-7", "order-7"),
        ("u_loyalty", "", ""),
    ],
)
async def test_a_new_task_carries_the_journey_where_it_has_room(
    far_end: ServiceNowFarEnd, servicenow: Any, table: str, given: str, carried: str
) -> None:
    """Plain and asynchronous clients alike: a free correlation id of a task, and nothing else."""
    with (
        Telemetry() as telemetry,
        observing(load("servicenow"), telemetry, carry=True),
        cxotel.journey("refund", journey_id="j-1"),
    ):
        record = servicenow.GlideRecord(table)
        record.initialize()
        record.set_value("short_description", "Refund")
        record.set_value("correlation_id", given)
        record.insert()
        async with async_client(far_end) as connected:
            untyped: Any = connected
            record = await untyped.GlideRecord(table)
            record.initialize()
            record.set_value("short_description", "Refund")
            record.set_value("correlation_id", given)
            await record.insert()
    rows = far_end.tables[table].values()
    assert [row["correlation_id"] for row in rows] == [carried, carried]
    assert [row["short_description"] for row in rows] == ["Refund", "Refund"]


def test_a_query_that_was_cut_off_is_blamed_though_its_status_is_200(
    far_end: ServiceNowFarEnd, servicenow: Any
) -> None:
    """Half a reply is ServiceNow's failure where the journey meets the client's exception."""
    cut_off(far_end)
    with pytest.raises(RequestException), scored("servicenow") as journey:
        servicenow.GlideRecord("incident").query()
    assert journey[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "servicenow"
    assert "reliability" in lost(journey)


def test_a_record_that_is_not_there_costs_nothing(
    far_end: ServiceNowFarEnd, servicenow: Any
) -> None:
    """The client answers `False`: the span has the 404, and the journey has met no failure."""
    with scored("servicenow") as journey:
        assert servicenow.GlideRecord("incident").get("0" * 32) is False
    assert lost(journey) == set()
