"""Systems that are only known by a table, inside a journey: who is to blame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

import cxotel
from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.demo.far_ends.far_end import HttpFarEnd, route
from cxotel.demo.far_ends.wire import Reply
from cxotel.experience.processor import ExperienceProcessor
from cxotel.routes import Route, RouteTable
from cxotel.testing import Telemetry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.demo.far_ends.wire import Received


def answer(_: Received) -> Reply:
    """Answer with nothing in particular."""
    return Reply.of(200, {"id": "c-1"})


@pytest.fixture
def crm() -> Iterator[HttpFarEnd]:
    """An in-house CRM that also signs customers in."""
    routes = (
        route("sign_in", "POST", "/oauth/token", answer),
        route("get_customer", "GET", "/customers/{id}", answer),
    )
    with HttpFarEnd("crm", routes, {}) as running:
        yield running


def told(crm: HttpFarEnd) -> dict[str, Any]:
    """Make a journey of two calls, and return what its span says."""
    table = RouteTable(
        system="crm",
        layer="business_system",
        hosts=[crm.url.removeprefix("http://")],
        routes={
            "POST /oauth/token": Route(operation="sign_in", layer="identity"),
            "GET /customers/{id}": "get_customer",
        },
    )
    processor = ExperienceProcessor()
    with (
        Telemetry(processors=(processor,)) as telemetry,
        cxotel.instrument(table.vendor, tracer_provider=telemetry.tracer_provider),
        requests.Session() as session,
    ):
        with cxotel.journey("refund", channel="voice"):
            with cxotel.step("authenticate"):
                session.post(f"{crm.url}/oauth/token")
            with cxotel.step("find customer"):
                session.get(f"{crm.url}/customers/c-1")
        processor.shutdown()
        return telemetry.spans[0]["attributes"]


def test_the_customer_record_was_fine_and_sign_in_was_slow(crm: HttpFarEnd) -> None:
    """A route's own layer takes the blame, not the layer of the system that it belongs to."""
    crm.faults.add("crm", "sign_in", Fault(latency=4.5))

    found = told(crm)

    assert found[semconv.CX_EXPERIENCE_LOST_RESPONSIVENESS] > 0
    assert found[semconv.CX_EXPERIENCE_BLAME_LAYER] == "identity"
    assert found[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "crm"
    assert found[semconv.CX_EXPERIENCE_BLAME_STEP] == "authenticate"


def test_a_slow_customer_record_is_the_business_systems_fault(crm: HttpFarEnd) -> None:
    """The same system, another route: now the layer of the table is to blame."""
    crm.faults.add("crm", "get_customer", Fault(latency=4.5))

    found = told(crm)

    assert found[semconv.CX_EXPERIENCE_BLAME_LAYER] == "business_system"
    assert found[semconv.CX_EXPERIENCE_BLAME_STEP] == "find customer"


def test_nothing_is_blamed_where_all_is_well(crm: HttpFarEnd) -> None:
    """Two quick calls cost nobody anything."""
    found = told(crm)

    assert semconv.CX_EXPERIENCE_BLAME_LAYER not in found
    assert semconv.CX_EXPERIENCE_LOST_RESPONSIVENESS not in found
