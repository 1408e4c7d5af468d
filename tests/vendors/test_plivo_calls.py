"""Plivo: what its client does by itself: it falls back, and hides one product under another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from plivo.exceptions import PlivoRestError, ValidationError

import cxotel
from cxotel import semconv
from cxotel.demo.far_ends import Fault
from tests.vendors.far_ends.plivo import CODE, PlivoFarEnd, client
from tests.vendors.scored import calls, lost, scored, watching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.testing import Telemetry

CALL = "63f61863-4a51-4f6b-86e1-46edebcf9356"


@pytest.fixture(scope="module")
def running() -> Iterator[PlivoFarEnd]:
    """One server for all tests of this file."""
    with PlivoFarEnd() as far_end:
        yield far_end


@pytest.fixture
def far_end(running: PlivoFarEnd) -> Iterator[PlivoFarEnd]:
    """The server with nothing wrong; no handler of it may crash."""
    running.clear()
    yield running
    assert running.crashes == []


@pytest.fixture
def plivo(far_end: PlivoFarEnd) -> Iterator[Any]:
    """A real client."""
    with client(far_end) as connected:
        yield connected


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    """What Plivo's calls tell."""
    with watching("plivo") as seen:
        yield seen


def only(telemetry: Telemetry) -> dict[str, Any]:
    """Return the attributes of the one span of a call."""
    (span,) = calls(telemetry)
    attributes: dict[str, Any] = span["attributes"]
    return attributes


def place_call(plivo: Any) -> Any:
    """Place a call as an application does."""
    return plivo.calls.create(
        from_="15550199", to_="15550100", answer_url="https://app.example/voice"
    )


def test_falling_back_is_one_call(far_end: PlivoFarEnd, plivo: Any, telemetry: Telemetry) -> None:
    """The client calls itself again where Plivo is down: one span, which counts the attempts."""
    far_end.faults.add("plivo", "place_call", Fault(failure="unavailable", times=2))
    place_call(plivo)
    told = only(telemetry)
    assert told[semconv.HTTP_RESPONSE_STATUS_CODE] == 201
    assert told[semconv.HTTP_REQUEST_RESEND_COUNT] == 2
    assert told[semconv.CX_CALL_RECOVERED] is True
    assert semconv.ERROR_TYPE not in told


def test_giving_up_is_one_call_too(far_end: PlivoFarEnd, plivo: Any, telemetry: Telemetry) -> None:
    """After two fallbacks the client gives up, and the span tells its error."""
    far_end.faults.add("plivo", "place_call", Fault(failure="unavailable"))
    with pytest.raises(PlivoRestError):
        place_call(plivo)
    told = only(telemetry)
    assert told[semconv.ERROR_TYPE] == "PlivoRestError"
    assert told[semconv.HTTP_REQUEST_RESEND_COUNT] == 2


def test_feedback_on_a_call_is_no_call(plivo: Any, telemetry: Telemetry) -> None:
    """The client sends feedback under the name of placing a call; the span says what it is."""
    plivo.call_feedback.create(CALL, 4)
    told = only(telemetry)
    assert told[semconv.CX_OPERATION_NAME] == "send_call_feedback"
    assert semconv.CX_CONTACT_DIRECTION not in told


def test_both_ends_of_a_hold_have_one_id(plivo: Any, telemetry: Telemetry) -> None:
    """Holding and resuming a participant are two requests and one hold."""
    for hold in (True, False):
        plivo.multi_party_calls.update_participant(7, uuid=CALL, hold=hold)
    held, resumed = (span["events"][0]["attributes"] for span in calls(telemetry))
    assert held[semconv.CX_EVIDENCE_ID] == resumed[semconv.CX_EVIDENCE_ID]


def test_a_wrong_code_is_no_failure(plivo: Any) -> None:
    """A customer who mistypes a code meets no failure; having to identify again is an effort."""
    with scored("plivo") as told:
        with pytest.raises(ValidationError):
            plivo.verify_session.validate("a" * 32, otp="654321")
        plivo.verify_session.validate("b" * 32, otp=CODE)
    assert lost(told) == {"effort"}


def test_an_error_that_reaches_the_service_costs_reliability(
    far_end: PlivoFarEnd, plivo: Any
) -> None:
    """A call that Plivo cannot place is its failure where the journey meets it."""
    far_end.faults.add("plivo", "place_call", Fault(failure="throttled"))
    with pytest.raises(PlivoRestError), scored("plivo") as told, cxotel.step("call back"):
        place_call(plivo)
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "plivo"
    assert told[semconv.CX_EXPERIENCE_BLAME_STEP] == "call back"
    assert "reliability" in lost(told)
