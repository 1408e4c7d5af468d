"""Five9: what is zeep's own: services of other people, faults, results that are refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import zeep
from zeep.exceptions import Fault as SoapFault

import cxotel
from cxotel import semconv
from cxotel.demo.far_ends import Fault
from tests.vendors.far_ends.five9 import Five9FarEnd, client
from tests.vendors.scored import calls, lost, scored, watching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.testing import Telemetry


@pytest.fixture(scope="module")
def running() -> Iterator[Five9FarEnd]:
    """One server for all tests of this file."""
    with Five9FarEnd() as far_end:
        yield far_end


@pytest.fixture
def far_end(running: Five9FarEnd) -> Iterator[Five9FarEnd]:
    """The server with nothing wrong; no handler of it may crash."""
    running.clear()
    yield running
    assert running.crashes == []


@pytest.fixture
def five9(far_end: Five9FarEnd) -> Iterator[Any]:
    """A real client; untyped, as its operations are those of the WSDL."""
    with client(far_end) as connected:
        yield connected


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    """What Five9's calls tell."""
    with watching("five9") as seen:
        yield seen


def test_other_services_are_left_alone(telemetry: Telemetry) -> None:
    """zeep is for anybody's SOAP: a service that is not Five9's makes no span."""
    with Five9FarEnd(namespace="http://acme.example/") as acme, client(acme) as connected:
        service: Any = connected.service
        assert service.getSkills(".*") == ["billing", "returns"]
    assert calls(telemetry) == []


def test_a_client_class_of_ones_own_is_five9s_too(
    far_end: Five9FarEnd, telemetry: Telemetry
) -> None:
    """Everybody who uses Five9 from Python has a class around zeep's: its calls are seen."""

    class Five9Client(zeep.Client):
        """What the samples for Five9 do."""

    with client(far_end) as made:
        connected: Any = made
        own: Any = Five9Client(connected.wsdl, transport=connected.transport)
        cxotel.uninstrument("five9")
        cxotel.instrument_client(own, tracer_provider=telemetry.tracer_provider)
        connected.service.getSkills(".*")
        own.service.getCampaigns(".*")
    (span,) = calls(telemetry)
    assert span["attributes"][semconv.CX_OPERATION_NAME] == "list_campaigns"


def test_a_faults_name_is_told_and_not_its_words(
    far_end: Five9FarEnd, five9: Any, telemetry: Telemetry
) -> None:
    """The detail of a fault is named by what went wrong; its message repeats what was sent."""
    far_end.faults.add("five9", "updateContacts", Fault(failure="conflict", message="Ada Lind"))
    with pytest.raises(SoapFault):
        five9.service.updateContacts(["5550100"])
    (span,) = calls(telemetry)
    assert span["attributes"][semconv.CX_VENDOR_ERROR_CODE] == "ConcurrentModificationException"
    assert "Ada" not in str(span)


def test_a_fault_that_reaches_the_service_costs_reliability(
    far_end: Five9FarEnd, five9: Any
) -> None:
    """A callback that cannot be queued is Five9's failure where the journey meets it."""
    far_end.faults.add("five9", "addRecordToListSimple", Fault(failure="server_error"))
    with pytest.raises(SoapFault), scored("five9") as journey:
        five9.service.addRecordToListSimple("callbacks", ["5550100"])
    assert journey[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "five9"
    assert "reliability" in lost(journey)


def test_a_report_is_no_wait_of_the_customers(far_end: Five9FarEnd, five9: Any) -> None:
    """However long a report takes, nobody on the line waits for it."""
    far_end.faults.add("five9", "runReport", Fault(latency=2.5))
    with scored("five9") as journey, cxotel.step("report"):
        five9.service.runReport("Call Log Reports", "Call Log")
    assert lost(journey) == set()
