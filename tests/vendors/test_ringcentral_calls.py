"""RingCentral: what its library does by itself: it renews its token, and it hides what broke."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ringcentral import SDK
from ringcentral.http.api_exception import ApiException

import cxotel
from cxotel import semconv
from cxotel.demo.far_ends import Fault, closed_port
from tests.vendors.far_ends.ringcentral import RingCentralFarEnd, client
from tests.vendors.scored import calls, lost, scored, watching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.testing import Telemetry

pytestmark = pytest.mark.filterwarnings("ignore:username-password login:UserWarning")
PARTY = "/account/~/telephony/sessions/s-a0d16d2e9f4b4/parties/p-a0d16d2e9f4b4-2"


@pytest.fixture(scope="module")
def running() -> Iterator[RingCentralFarEnd]:
    """One server for all tests of this file."""
    with RingCentralFarEnd() as far_end:
        yield far_end


@pytest.fixture
def far_end(running: RingCentralFarEnd) -> Iterator[RingCentralFarEnd]:
    """The server with nothing wrong; no handler of it may crash."""
    running.clear()
    yield running
    assert running.crashes == []


@pytest.fixture
def ringcentral(far_end: RingCentralFarEnd) -> Iterator[Any]:
    """A real client."""
    with client(far_end) as connected:
        yield connected


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    """What RingCentral's calls tell."""
    with watching("ringcentral") as seen:
        yield seen


def test_a_token_that_has_run_out_is_renewed_in_a_call_of_its_own(
    ringcentral: Any, telemetry: Telemetry
) -> None:
    """The customer waits for both, and sees which of them took how long."""
    ringcentral.auth().set_data({"expires_in": -1, "expire_time": 0})
    ringcentral.get("/account/~/active-calls")
    spans = calls(telemetry)
    told = [
        (s["attributes"][semconv.CX_OPERATION_NAME], s["attributes"]["cx.layer"]) for s in spans
    ]
    assert told == [("refresh_token", "identity"), ("list_active_calls", "contact_center")]


def test_what_broke_a_request_is_named_although_the_library_hides_it(
    telemetry: Telemetry,
) -> None:
    """Of a refused connection the library says "Unknown error"; the span says what it was."""
    kind: Any = SDK
    platform = kind("loopback", "loopback", f"http://127.0.0.1:{closed_port()}").platform()
    with pytest.raises(ApiException):
        platform.login(jwt="loopback")
    (span,) = calls(telemetry)
    assert span["attributes"][semconv.ERROR_TYPE] == "ConnectionError"


def test_a_wrong_password_is_not_ringcentrals_failure(ringcentral: Any) -> None:
    """A person who is not let in met no failure of the vendor's."""
    with pytest.raises(ApiException), scored("ringcentral") as told:
        ringcentral.login(username="agent@cx.example", password="wrong")
    assert "reliability" not in lost(told)


def test_a_service_that_cannot_log_in_met_a_failure(
    far_end: RingCentralFarEnd, ringcentral: Any
) -> None:
    """A token that a service does not get is a failure where the journey meets it."""
    far_end.faults.add("ringcentral", "token", Fault(failure="unauthorized"))
    with pytest.raises(ApiException), scored("ringcentral") as told:
        ringcentral.login(jwt="loopback")
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "ringcentral"
    assert told[semconv.CX_EXPERIENCE_BLAME_LAYER] == "identity"
    assert "reliability" in lost(told)


def test_a_blind_transfer_costs_more_than_a_consulted_one(ringcentral: Any) -> None:
    """Whether somebody explained the matter is told by where a party is sent."""
    scores: list[int] = []
    for target in ({"phoneNumber": "+15550111"}, {"sessionId": "s-a0d16d2e9f4b5"}):
        with scored("ringcentral") as told, cxotel.step("to an expert"):
            ringcentral.post(f"{PARTY}/transfer", body=target)
        assert lost(told) == {"effort"}
        scores.append(told[semconv.CX_EXPERIENCE_SCORE])
    assert scores[0] < scores[1]
