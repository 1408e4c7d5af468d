"""Dynamics 365: hidden looks at the schema, retries, logins, and what a journey makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests
from PowerPlatform.Dataverse.core.errors import HttpError

import cxotel
from cxotel import semconv
from cxotel.demo.far_ends import Fault
from tests.vendors.far_ends.dataverse import AsyncClient, DataverseFarEnd, client
from tests.vendors.scored import calls, lost, scored, watching

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def running() -> Iterator[DataverseFarEnd]:
    """One server for all tests of this file."""
    with DataverseFarEnd() as far_end:
        yield far_end


@pytest.fixture
def far_end(running: DataverseFarEnd) -> Iterator[DataverseFarEnd]:
    """The server with nothing wrong; no handler of it may crash."""
    running.clear()
    running.rows.clear()
    yield running
    assert running.crashes == []


@pytest.fixture
def dataverse(far_end: DataverseFarEnd) -> Iterator[Any]:
    """A real client that knows the tables that it needs."""
    with client(far_end) as connected:
        yield connected


def test_first_record_of_a_table_waits_for_its_schema(
    far_end: DataverseFarEnd, dataverse: Any
) -> None:
    """The client looks at the table's schema first, twice, and only once: the wait is told."""
    with watching("dynamics_365") as telemetry:
        dataverse.records.create("cx_ticket", {"name": "refund"})
        first = [span["name"].split()[0] for span in calls(telemetry)]
        telemetry.clear()
        dataverse.records.create("cx_ticket", {"name": "refund"})
        second = [span["name"].split()[0] for span in calls(telemetry)]
    assert first == ["fetch_schema", "fetch_schema", "create_record"]
    assert second == ["create_record"]


def test_slow_schema_costs_responsiveness(far_end: DataverseFarEnd, dataverse: Any) -> None:
    """A customer who waits for the schema waits for Dynamics."""
    far_end.faults.add("dynamics_365", "schema", Fault(latency=5))
    with scored("dynamics_365") as told, cxotel.step("open ticket"):
        dataverse.records.create("cx_slow", {"name": "refund"})
    assert lost(told) == {"responsiveness"}
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "dynamics_365"
    assert told[semconv.CX_EXPERIENCE_BLAME_STEP] == "open ticket"


def test_throttled_call_costs_reliability(far_end: DataverseFarEnd, dataverse: Any) -> None:
    """Service protection limits, when their error reaches the service's code, are Dynamics'."""
    far_end.faults.add("dynamics_365", "create", Fault(failure="throttled"))
    with pytest.raises(HttpError), scored("dynamics_365") as told:
        dataverse.records.create("account", {"name": "a shop"})
    assert lost(told) == {"reliability"}
    assert any("throttled" in reason for reason in told[semconv.CX_EXPERIENCE_REASONS])


def test_dropped_connections_are_attempts_of_one_call(far_end: DataverseFarEnd) -> None:
    """The client tries again where the network fails; the call tells how often and how long."""
    far_end.faults.add("dynamics_365", "query", Fault(reset=True, times=2))
    with (
        client(far_end, http_retries=3, http_backoff=0.05) as patient,
        watching("dynamics_365") as telemetry,
    ):
        patient.records.list("account")
    (span,) = calls(telemetry)
    told = span["attributes"]
    assert told[semconv.HTTP_REQUEST_RESEND_COUNT] == 2
    assert told[semconv.CX_CALL_RETRY_WAIT] >= 100
    assert told[semconv.CX_CALL_RECOVERED] is True


def test_pages_belong_to_the_step_that_reads_them(far_end: DataverseFarEnd, dataverse: Any) -> None:
    """Each page is a call of its own, in the step where the program asks for it."""
    far_end.rows.clear()
    for _ in range(3):
        far_end.add("accounts", name="a shop")
    far_end.page_size = 2
    try:
        with watching("dynamics_365") as telemetry, cxotel.journey("refund", channel="voice"):
            pages = dataverse.records.list_pages("account")
            with cxotel.step("find"):
                next(pages)
            with cxotel.step("compare"):
                assert len(next(pages)) == 1
            steps = [span["attributes"][semconv.CX_STEP_NAME] for span in calls(telemetry)]
    finally:
        far_end.page_size = 5000
    assert steps == ["find", "compare"]


def test_values_of_keys_stay_inside(far_end: DataverseFarEnd, dataverse: Any) -> None:
    """Who is looked up by an address is told by the table alone, whatever the address holds."""
    far_end.replies.push("get", 200, {}, {"contactid": "x"})
    key = "emailaddress1='o''hara(home)/x@example.com'"
    with watching("dynamics_365") as telemetry:
        dataverse.records.retrieve("contact", key)
        (span,) = calls(telemetry)
        exported = telemetry.exported()
    assert span["name"] == "get_record dynamics_365"
    assert span["attributes"][semconv.CX_RECORD_TYPE] == "contacts"
    assert semconv.CX_RECORD_ID not in span["attributes"]
    assert b"hara" not in exported


class Login:
    """A credential that gets its token over HTTP, as Azure's do."""

    def __init__(self, url: str, ca_file: str) -> None:
        self._url, self._ca_file = url, ca_file
        self.logins = 0

    def get_token(self, *_: str, **__: Any) -> Any:
        """Ask the far end for something that is no part of the call."""
        self.logins += 1
        with requests.Session() as session:
            session.trust_env = False
            session.get(f"{self._url}/token", verify=self._ca_file, timeout=5)
        return type("Token", (), {"token": "loopback", "expires_on": 0})


def test_login_is_no_attempt_of_the_call(far_end: DataverseFarEnd, dataverse: Any) -> None:
    """Azure's login, which the client does on its way, neither counts nor tells its status."""
    login = Login(far_end.url, str(far_end.server.ca_file))
    dataverse.auth.credential = login
    with watching("dynamics_365") as telemetry:
        dataverse.records.list("account")
    (span,) = calls(telemetry)
    assert login.logins == 1
    assert span["attributes"][semconv.HTTP_RESPONSE_STATUS_CODE] == 200
    assert semconv.HTTP_REQUEST_RESEND_COUNT not in span["attributes"]


def test_one_client_is_observed_before_it_was_used(far_end: DataverseFarEnd) -> None:
    """A client makes what calls for it only when it is used; it is known all the same."""
    with watching("dynamics_365") as telemetry, client(far_end) as chosen:
        cxotel.uninstrument("dynamics_365")
        telemetry.clear()
        cxotel.instrument_client(chosen, tracer_provider=telemetry.tracer_provider)
        try:
            with client(far_end) as another:
                another.records.list("account")
            chosen.records.list("account")
        finally:
            cxotel.uninstrument("dynamics_365")
        assert [span["name"] for span in calls(telemetry)] == ["query_records dynamics_365"]


async def test_asynchronous_client_tells_the_same(far_end: DataverseFarEnd) -> None:
    """The asynchronous client's record has the id that the reply's header gives."""
    async with AsyncClient(far_end) as dataverse:
        with watching("dynamics_365") as telemetry:
            created = await dataverse.records.create("account", {"name": "a shop"})
    (span,) = calls(telemetry)
    assert span["attributes"][semconv.CX_RECORD_ID] == created
