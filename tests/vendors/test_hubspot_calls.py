"""What is special about HubSpot's client: sixty classes, threads that stay, parts that fail.

The far end is the one of the contract: what is said there of its limits goes for these too.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import files
from inspect import getattr_static
from typing import TYPE_CHECKING, Any

import pytest
from hubspot.crm.tickets import ApiClient, BasicApi, Configuration
from urllib3 import Retry
from wrapt import FunctionWrapper

import cxotel
from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.engine.instrumentation import instrument_client, uninstrument_client
from cxotel.testing import Telemetry
from cxotel.vendors.hubspot import PACKAGES
from tests.vendors.far_ends.hubspot import HubSpotFarEnd, client
from tests.vendors.scored import calls, lost, scored, watching

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.timeout(120),  # importing sixty packages takes seconds
    pytest.mark.filterwarnings("ignore:invalid escape sequence"),
    pytest.mark.filterwarnings("ignore:HTTPResponse.getheader:DeprecationWarning"),
]

SUBJECT: dict[str, Any] = {"properties": {"subject": "Where is my refund?"}}


@pytest.fixture(scope="module")
def running() -> Iterator[HubSpotFarEnd]:
    """One server for all tests of this file."""
    with HubSpotFarEnd() as far_end:
        yield far_end


@pytest.fixture
def far_end(running: HubSpotFarEnd) -> Iterator[HubSpotFarEnd]:
    """The server with nothing wrong and no objects; no handler of it may crash."""
    running.clear()
    running.objects.clear()
    yield running
    assert running.crashes == []


@pytest.fixture
def hubspot(far_end: HubSpotFarEnd) -> Iterator[Any]:
    """A real client."""
    with client(far_end) as made:
        yield made


def test_every_generated_client_is_observed() -> None:
    """No package of the installed release has a client that nobody watches."""
    paths = [str(path) for path in files("hubspot-api-client") or ()]
    generated = {
        path.removesuffix("/api_client.py").replace("/", ".")
        for path in paths
        if path.endswith("/api_client.py")
    }
    assert generated <= set(PACKAGES)

    with watching("hubspot"):
        for package in sorted(generated):
            made: Any = import_module(f"{package}.api_client").ApiClient
            replaced = getattr_static(made, "_ApiClient__call_api")
            assert type(replaced) is FunctionWrapper, package


def test_work_on_the_clients_own_threads_is_its_callers(
    far_end: HubSpotFarEnd, hubspot: Any
) -> None:
    """Its pool stays from one journey to the next; each call belongs to the one that made it."""
    api = hubspot.crm.tickets.basic_api
    ids = [far_end.add("tickets") for _ in range(2)]

    with watching("hubspot") as telemetry:
        for number, ticket in enumerate(ids):
            with cxotel.journey("refund", journey_id=f"journey-{number}"):
                api.get_by_id(ticket, async_req=True).get()
        api.get_by_id(ids[0], async_req=True).get()
    api.api_client.close()

    told = [span["attributes"].get(semconv.CX_JOURNEY_ID) for span in calls(telemetry)]
    assert told == ["journey-0", "journey-1", None]


def test_a_part_of_a_batch_that_fails_is_a_failure(hubspot: Any) -> None:
    """HubSpot answers 207, and the client raises nothing; the span says what went wrong."""
    inputs: list[dict[str, Any]] = [{"properties": {"subject": "a"}}, {"properties": {}}]

    with watching("hubspot") as telemetry:
        answer = hubspot.crm.tickets.batch_api.create({"inputs": inputs})

    (created,) = calls(telemetry)
    assert answer.num_errors == 1
    assert created["status"] == "ERROR"
    assert created["attributes"][semconv.ERROR_TYPE] == "207"
    assert created["attributes"][semconv.CX_CALL_ITEMS] == 1


def test_each_page_is_a_call(far_end: HubSpotFarEnd, hubspot: Any) -> None:
    """The client asks for a hundred at a time, however many the caller wants."""
    for _ in range(150):
        far_end.add("tickets")

    with watching("hubspot") as telemetry:
        assert len(hubspot.crm.tickets.get_all()) == 150

    told = [span["attributes"][semconv.CX_CALL_ITEMS] for span in calls(telemetry)]
    assert told == [100, 50]


def test_attempts_of_the_users_own_retry_are_counted(far_end: HubSpotFarEnd) -> None:
    """Retries that a `retry=` of urllib3 makes are within one span."""
    far_end.faults.add("hubspot", "get", Fault(failure="throttled", retry_after=0, times=2))
    ticket = far_end.add("tickets")

    with (
        client(far_end, retry=Retry(3, status_forcelist=[429])) as hubspot,
        watching("hubspot") as telemetry,
    ):
        hubspot.crm.tickets.basic_api.get_by_id(ticket)

    (got,) = calls(telemetry)
    assert got["attributes"][semconv.HTTP_REQUEST_RESEND_COUNT] == 2
    assert got["attributes"][semconv.CX_CALL_THROTTLED] is True


def test_a_client_alone_covers_what_it_makes(far_end: HubSpotFarEnd) -> None:
    """Its interfaces are other objects each time, with their own clients, and the same token."""
    with client(far_end) as chosen, client(far_end) as other, Telemetry() as telemetry:
        instrument_client(chosen, tracer_provider=telemetry.tracer_provider)
        try:
            for each in (chosen, other):
                each.crm.contacts.basic_api.get_page()
                each.api_request({"path": "/crm/v3/owners/"})
        finally:
            uninstrument_client(chosen)

    assert [span["name"] for span in telemetry.spans] == [
        "list_records hubspot",
        "list_owners hubspot",
    ]


def test_an_interface_built_by_hand_is_observed(far_end: HubSpotFarEnd) -> None:
    """Who builds a generated client without `HubSpot` is observed as well."""
    made: Any = BasicApi(ApiClient(Configuration(host=far_end.url)))

    with watching("hubspot") as telemetry:
        made.create(SUBJECT)

    (created,) = calls(telemetry)
    assert created["name"] == "create_ticket hubspot"


def test_a_failure_of_hubspots_is_blamed_on_it(far_end: HubSpotFarEnd, hubspot: Any) -> None:
    """A ticket that could not be opened costs the journey reliability, at HubSpot's expense."""
    far_end.faults.add("hubspot", "create", Fault(failure="unavailable"))

    with pytest.raises(Exception, match="503"), scored("hubspot") as told:
        hubspot.crm.tickets.basic_api.create(SUBJECT)

    assert lost(told) == {"reliability"}
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "hubspot"


@pytest.mark.parametrize("path", ["generated", "own"])
def test_the_journey_id_is_carried_in_a_property(
    path: str, far_end: HubSpotFarEnd, hubspot: Any
) -> None:
    """It goes out beside the ticket's own properties, where the user switched it on."""
    with (
        cxotel.instrument("hubspot", carry=["hubspot"]),
        cxotel.journey("refund", journey_id="journey-7"),
    ):
        if path == "generated":
            hubspot.crm.tickets.basic_api.create(SUBJECT)
        else:
            asked = {"method": "POST", "path": "/crm/v3/objects/tickets", "body": SUBJECT}
            hubspot.api_request(asked)

    (properties,) = far_end.objects["tickets"].values()
    assert properties == {"subject": "Where is my refund?", "cx_journey_id": "journey-7"}
    assert "cx_journey_id" not in SUBJECT["properties"]
