"""Vonage: what its library does by itself: it tries again, twice over, and it raises late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from vonage_http_client.errors import FileStreamingError, HttpRequestError
from vonage_messages.models import Sms
from vonage_sms import SmsMessage
from vonage_sms.errors import SmsError
from vonage_verify_legacy.errors import VerifyError
from vonage_voice.models.common import Phone
from vonage_voice.models.requests import CreateCallRequest

import cxotel
from cxotel import semconv
from cxotel.demo.far_ends import Fault
from tests.vendors.far_ends.vonage import VonageFarEnd, client
from tests.vendors.scored import calls, lost, scored, watching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.testing import Telemetry

NUMBER = "15550100"
CALL: dict[str, Any] = {
    "to": [{"type": "phone", "number": NUMBER}],
    "from_": Phone(number="15550199"),
    "ncco": [{"action": "talk", "text": "One moment please"}],
}


@pytest.fixture(scope="module")
def running() -> Iterator[VonageFarEnd]:
    """One server for all tests of this file."""
    with VonageFarEnd() as far_end:
        yield far_end


@pytest.fixture
def far_end(running: VonageFarEnd) -> Iterator[VonageFarEnd]:
    """The server with nothing wrong; no handler of it may crash."""
    running.clear()
    yield running
    assert running.crashes == []


@pytest.fixture
def vonage(far_end: VonageFarEnd) -> Iterator[Any]:
    """A real client."""
    with client(far_end) as connected:
        yield connected


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    """What Vonage's calls tell."""
    with watching("vonage") as seen:
        yield seen


def only(telemetry: Telemetry) -> dict[str, Any]:
    """Return the attributes of the one span of a call."""
    (span,) = calls(telemetry)
    attributes: dict[str, Any] = span["attributes"]
    return attributes


def test_a_call_that_the_library_places_again_is_one_span(
    far_end: VonageFarEnd, vonage: Any, telemetry: Telemetry
) -> None:
    """The library repeats even a POST where a connection just ends; its span counts how often."""
    far_end.hang_ups = 2
    vonage.voice.create_call(CreateCallRequest(**CALL))
    told = only(telemetry)
    assert told[semconv.HTTP_RESPONSE_STATUS_CODE] == 201
    assert told[semconv.HTTP_REQUEST_RESEND_COUNT] == 2
    assert told[semconv.CX_CALL_RECOVERED] is True
    assert semconv.ERROR_TYPE not in told


def test_a_reset_connection_is_tried_again_below_the_library(
    far_end: VonageFarEnd, vonage: Any, telemetry: Telemetry
) -> None:
    """The retries of urllib3, of which the library itself knows nothing, are counted as well."""
    far_end.faults.add("vonage", "list_calls", Fault(reset=True, times=2))
    vonage.voice.list_calls()
    told = only(telemetry)
    assert told[semconv.HTTP_REQUEST_RESEND_COUNT] == 2
    assert told[semconv.CX_CALL_RECOVERED] is True


def test_a_failed_download_tells_its_error(vonage: Any, telemetry: Telemetry) -> None:
    """A recording is streamed past the usual method, and yet its failure is on the span."""
    with pytest.raises(FileStreamingError):
        vonage.voice.download_recording(
            f"https://{vonage.http_client.api_host}/nexmo.com/gone/r.wav", "/dev/null"
        )
    told = only(telemetry)
    assert told[semconv.ERROR_TYPE] == "FileStreamingError"
    assert told[semconv.HTTP_RESPONSE_STATUS_CODE] == 404


def test_a_reference_of_the_callers_own_stays(
    far_end: VonageFarEnd, vonage: Any, telemetry: Telemetry
) -> None:
    """The journey id goes into a message's reference only where that is free."""
    cxotel.uninstrument()
    message: dict[str, Any] = {"to": NUMBER, "from_": "15550199", "text": "On its way"}
    provider = telemetry.tracer_provider
    with (
        cxotel.instrument("vonage", carry=["vonage"], tracer_provider=provider),
        cxotel.journey("refund", journey_id="j-1"),
    ):
        vonage.messages.send(Sms(**message, client_ref="order-7"))
        vonage.messages.send(Sms(**message))
    first, second = far_end.received.of("send_message")
    assert (first.json["client_ref"], second.json["client_ref"]) == ("order-7", "j-1")


@pytest.mark.parametrize("product", ["verify", "verify_legacy"])
def test_a_wrong_code_is_no_failure_and_a_second_check_is_an_effort(
    vonage: Any, product: str
) -> None:
    """A customer who mistypes a code meets no failure; having to identify again is an effort."""
    verify = getattr(vonage, product)
    with scored("vonage") as told:
        with pytest.raises((VerifyError, HttpRequestError)):
            verify.check_code("a" * 32, "4321")
        verify.check_code("b" * 32, "1234")
    assert lost(told) == {"effort"}


@pytest.mark.parametrize("product", ["verify", "verify_legacy"])
def test_a_wrong_code_that_ends_the_journey_is_not_blamed_on_vonage(
    vonage: Any, product: str
) -> None:
    """Vonage did its work and said no: that the customer is not let in is not its failure."""
    with pytest.raises((VerifyError, HttpRequestError)), scored("vonage") as told:
        getattr(vonage, product).check_code("a" * 32, "4321")
    assert "reliability" not in lost(told)


def test_a_refusal_within_a_success_that_reaches_the_service_costs_reliability(
    far_end: VonageFarEnd, vonage: Any
) -> None:
    """A refused text message has a status of success; the journey knows the later exception."""
    refused = {"message-count": "1", "messages": [{"status": "9", "error-text": "No credit"}]}
    far_end.replies.push("send_sms", 200, {}, refused)
    with pytest.raises(SmsError), scored("vonage") as told:
        vonage.sms.send(SmsMessage(to=NUMBER, from_="15550199", text="On its way"))  # pyright: ignore[reportCallIssue] - its models' defaults are hidden
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "vonage"
    assert "reliability" in lost(told)


def test_a_slow_transfer_costs_responsiveness(far_end: VonageFarEnd, vonage: Any) -> None:
    """A customer who waits five seconds to be moved on has waited for Vonage."""
    far_end.faults.add("vonage", "change_call", Fault(latency=4.5))
    with scored("vonage") as told, cxotel.step("to an agent"):
        vonage.voice.transfer_call_answer_url("63f61863", "https://app.example/agent")
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "vonage"
    assert told[semconv.CX_EXPERIENCE_BLAME_STEP] == "to an agent"
    assert lost(told) == {"responsiveness"}


def test_an_error_of_vonages_that_the_service_copes_with_costs_nothing(
    far_end: VonageFarEnd, vonage: Any
) -> None:
    """An error that the service handles is on the call's span, and not in the score."""
    far_end.faults.add("vonage", "place_call", Fault(failure="throttled"))
    with scored("vonage") as told, pytest.raises(HttpRequestError):
        vonage.voice.create_call(CreateCallRequest(**CALL))
    assert lost(told) == set()
