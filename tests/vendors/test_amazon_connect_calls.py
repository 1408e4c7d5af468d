"""Amazon Connect beside OpenTelemetry's botocore instrumentation, and what is botocore's own."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, ParamValidationError
from opentelemetry import trace
from opentelemetry.instrumentation import botocore as upstream

import cxotel
from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.demo.far_ends.connect import INSTANCE, ConnectFarEnd, async_client, client
from cxotel.engine.instrumentation import instrument, instrumented, uninstrument
from cxotel.testing import Telemetry
from tests.vendors.scored import calls, lost, scored, watching

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

CUSTOMER = "+15550100"
VOICE: dict[str, Any] = {
    "InstanceId": INSTANCE,
    "ContactFlowId": "f0f0f0f0-0000-4000-8000-000000000000",
    "DestinationPhoneNumber": CUSTOMER,
}
ONCE: dict[str, Any] = {"retries": {"max_attempts": 0}}
OTHERS = "opentelemetry.instrumentation.botocore"


THEIRS: tuple[Any, ...] = tuple(
    vars(upstream)[name]
    for name in ("BotocoreInstrumentor", "AiobotocoreInstrumentor")
    if name in vars(upstream)
)
"""OpenTelemetry's own instrumentations; its older releases know botocore alone."""


@pytest.fixture(scope="module")
def running() -> Iterator[ConnectFarEnd]:
    """One server for all tests of this file."""
    with ConnectFarEnd() as far_end:
        yield far_end


@pytest.fixture
def far_end(running: ConnectFarEnd) -> Iterator[ConnectFarEnd]:
    """The server with nothing wrong; no handler of it may crash."""
    running.clear()
    yield running
    assert running.crashes == []


@pytest.fixture(scope="module")
def connect(running: ConnectFarEnd) -> Iterator[Any]:
    """A real boto3 client; making one takes a quarter of a second."""
    with client(running.url, **ONCE) as connected:
        yield connected


@contextmanager
def beside_opentelemetry(*, ours_first: bool = False) -> Generator[Telemetry, None, None]:
    """Observe with OpenTelemetry's instrumentations of botocore and aiobotocore on too."""
    with Telemetry() as telemetry, ExitStack() as undoing:

        def ours() -> None:
            instrument("amazon_connect", tracer_provider=telemetry.tracer_provider)
            undoing.callback(uninstrument, "amazon_connect")

        def theirs() -> None:
            for instrumentor in THEIRS:
                instrumentor().instrument(tracer_provider=telemetry.tracer_provider)
                undoing.callback(instrumentor().uninstrument)

        for switch in (ours, theirs) if ours_first else (theirs, ours):
            switch()
        yield telemetry


def ensure_enriched(telemetry: Telemetry, contact: str) -> None:
    """Make sure that OpenTelemetry's span of the call is the only one, and says what we know."""
    (span,) = calls(telemetry)
    assert (span["scope"], span["name"]) == (OTHERS, "Connect.DescribeContact")
    told = span["attributes"]
    assert told["rpc.method"] == "DescribeContact"
    assert told[semconv.CX_SYSTEM] == "amazon_connect"
    assert told[semconv.CX_OPERATION_NAME] == "fetch_contact"
    assert told[semconv.CX_CONTACT_ID] == contact
    assert told[semconv.CX_JOURNEY_ID] == "j-1"
    assert [event["name"] for event in span["events"]] == ["cx.queue", "cx.contact"]


@pytest.mark.parametrize("ours_first", [False, True])
def test_span_of_otels_botocore_is_enriched(
    far_end: ConnectFarEnd, connect: Any, *, ours_first: bool
) -> None:
    """Whichever was switched on first, the call has one span, with both's attributes."""
    contact = connect.start_outbound_voice_contact(**VOICE)["ContactId"]
    with (
        beside_opentelemetry(ours_first=ours_first) as telemetry,
        cxotel.journey("refund", journey_id="j-1"),
    ):
        connect.describe_contact(InstanceId=INSTANCE, ContactId=contact)
        ensure_enriched(telemetry, contact)


@pytest.mark.skipif(
    "AiobotocoreInstrumentor" not in vars(upstream),
    reason="this release of OpenTelemetry's botocore instrumentation has no part for aiobotocore",
)
@pytest.mark.parametrize("ours_first", [False, True])
async def test_span_of_otels_aiobotocore_is_enriched(
    far_end: ConnectFarEnd, *, ours_first: bool
) -> None:
    """The same holds for the asynchronous client."""
    async with async_client(far_end.url, **ONCE) as connect:
        contact = (await connect.start_outbound_voice_contact(**VOICE))["ContactId"]
        with (
            beside_opentelemetry(ours_first=ours_first) as telemetry,
            cxotel.journey("refund", journey_id="j-1"),
        ):
            await connect.describe_contact(InstanceId=INSTANCE, ContactId=contact)
            ensure_enriched(telemetry, contact)


def test_failure_in_otels_span_names_its_class_and_not_its_words(
    far_end: ConnectFarEnd, connect: Any
) -> None:
    """What AWS repeats of the customer is neither in the status nor in the exception's event."""
    words = "Invalid phone number +15558675309"
    far_end.faults.add("amazon_connect", "*", Fault(failure="invalid", message=words))
    with beside_opentelemetry() as telemetry:
        with pytest.raises(ClientError, match="8675309"):
            connect.start_outbound_voice_contact(**VOICE)
        (span,) = calls(telemetry)
        assert b"8675309" not in telemetry.exported()
    assert (span["status"], span["description"]) == ("ERROR", None)
    assert span["attributes"][semconv.ERROR_TYPE] == "InvalidParameterException"
    (event,) = span["events"]
    assert set(event["attributes"]) == {"exception.type"}


def test_call_that_fails_validation_is_no_call(connect: Any) -> None:
    """What botocore refuses by itself makes no span of ours, and leaves the context as it was."""
    with watching("amazon_connect") as telemetry:
        with cxotel.journey("refund", channel="voice"):
            before = trace.get_current_span()
            with pytest.raises(ParamValidationError):
                connect.describe_contact(InstanceId=INSTANCE)
            assert trace.get_current_span() is before
        assert [span["name"] for span in telemetry.spans] == ["refund"]


def test_failed_validation_leaves_otels_span_alone(connect: Any) -> None:
    """OpenTelemetry's own span of it stays as it was: nothing went to Amazon Connect."""
    with beside_opentelemetry() as telemetry:
        with pytest.raises(ParamValidationError):
            connect.describe_contact(InstanceId=INSTANCE)
        (span,) = calls(telemetry)
    assert span["scope"] == OTHERS
    assert semconv.CX_SYSTEM not in span["attributes"]


async def test_task_goes_on_after_a_cancelled_call(far_end: ConnectFarEnd) -> None:
    """A call given up by its own task ends its span; the next one belongs to the journey again."""
    far_end.faults.add("amazon_connect", "StartOutboundVoiceContact", Fault(hang=True, times=1))
    with watching("amazon_connect") as telemetry:
        async with async_client(far_end.url, **ONCE) as connect:
            with cxotel.journey("refund", channel="voice"):
                before = trace.get_current_span()
                with pytest.raises(asyncio.TimeoutError):
                    await asyncio.wait_for(connect.start_outbound_voice_contact(**VOICE), 0.5)
                assert trace.get_current_span() is before
                await connect.start_outbound_voice_contact(**VOICE)
        journey, given_up, placed = telemetry.spans
    assert given_up["attributes"][semconv.ERROR_TYPE] == "CancelledError"
    assert semconv.ERROR_TYPE not in placed["attributes"]
    assert {given_up["parent_id"], placed["parent_id"]} == {journey["span_id"]}


def test_throttled_calls_are_counted(far_end: ConnectFarEnd) -> None:
    """Amazon's own code for too many calls is seen, and the client's silent retries are."""
    fault = Fault(failure="throttled", times=2)
    far_end.faults.add("amazon_connect", "StartOutboundVoiceContact", fault)
    settings: dict[str, Any] = {"retries": {"mode": "standard", "max_attempts": 3}}
    with client(far_end.url, **settings) as patient, watching("amazon_connect") as telemetry:
        patient.start_outbound_voice_contact(**VOICE)
        (span,) = calls(telemetry)
        names = {metric["name"] for metric in telemetry.metrics}
    told = span["attributes"]
    assert told[semconv.HTTP_REQUEST_RESEND_COUNT] == 2
    assert told[semconv.CX_CALL_THROTTLED] is True
    assert told[semconv.CX_CALL_RECOVERED] is True
    assert told[semconv.CX_CALL_RETRY_WAIT] > 0
    assert "cx.vendor.throttled" in names


@pytest.mark.parametrize("beside", [False, True])
def test_other_services_of_aws_are_none_of_our_business(
    far_end: ConnectFarEnd, *, beside: bool
) -> None:
    """A call to S3 makes no span of ours, and nothing of ours is on OpenTelemetry's."""
    content = b"<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>"
    far_end.replies.push("unknown", 200, {"content-type": "application/xml"}, content)
    observed = beside_opentelemetry() if beside else watching("amazon_connect")
    with client(far_end.url, "s3", **ONCE) as storage, observed as telemetry:
        assert storage.list_buckets()["Buckets"] == []
        spans = calls(telemetry)
    assert len(spans) == beside
    assert not any(key.startswith("cx.") for span in spans for key in span["attributes"])


@contextmanager
def carrying() -> Generator[None, None, None]:
    """Observe with the journey id written into contacts' attributes, inside a journey."""
    with Telemetry() as telemetry:
        instrument(
            "amazon_connect", tracer_provider=telemetry.tracer_provider, carry=["amazon_connect"]
        )
        try:
            with cxotel.journey("refund", journey_id="j-1"):
                yield
        finally:
            uninstrument("amazon_connect")


def test_journey_id_goes_along_where_switched_on(far_end: ConnectFarEnd, connect: Any) -> None:
    """The contact's attributes carry it beside the caller's own, whose objects stay as they are."""
    attributes = {"queue": "returns"}
    with carrying():
        contact = connect.start_outbound_voice_contact(**VOICE, Attributes=attributes)["ContactId"]
    sent = {"queue": "returns", "cx_journey_id": "j-1"}
    assert far_end.received.last.json["Attributes"] == sent
    assert far_end.contacts.rows[contact]["Attributes"] == sent
    assert attributes == {"queue": "returns"}


def test_long_request_keeps_all_that_the_caller_sends(
    far_end: ConnectFarEnd, connect: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a body is too long to be read for telemetry, nothing of it is lost."""
    monkeypatch.setattr("cxotel.engine.readers._body_limit", 10)
    with carrying():
        connect.start_outbound_voice_contact(**VOICE)
    sent = far_end.received.last.json
    assert sent["DestinationPhoneNumber"] == CUSTOMER
    assert sent["Attributes"] == {"cx_journey_id": "j-1"}


def test_journey_id_stays_where_not_switched_on(far_end: ConnectFarEnd, connect: Any) -> None:
    """Unasked, nothing is added to what the caller sends."""
    with watching("amazon_connect"), cxotel.journey("refund", journey_id="j-1"):
        connect.start_outbound_voice_contact(**VOICE)
    assert "Attributes" not in far_end.received.last.json


def test_full_attributes_are_left_alone(far_end: ConnectFarEnd, connect: Any) -> None:
    """Where the journey id would take a contact over Amazon's limit, the call goes out as it is."""
    full = {"notes": "x" * (32_768 - len("notes"))}
    with carrying():
        connect.start_outbound_voice_contact(**VOICE, Attributes=full)
    assert far_end.received.last.json["Attributes"] == full


def test_slow_queue_and_transfer_cost_points(far_end: ConnectFarEnd, connect: Any) -> None:
    """A wait of ten minutes and a cold transfer reach the score, and Amazon Connect is blamed."""
    far_end.conditions.queue_wait.set(600.0, scope=CUSTOMER)
    with scored("amazon_connect") as told:
        contact = connect.start_outbound_voice_contact(**VOICE)["ContactId"]
        connect.describe_contact(InstanceId=INSTANCE, ContactId=contact)
        connect.transfer_contact(
            InstanceId=INSTANCE, ContactId=contact, ContactFlowId=VOICE["ContactFlowId"]
        )
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "amazon_connect"
    assert lost(told) == {"reach", "effort"}


def test_throttled_call_costs_reliability(far_end: ConnectFarEnd, connect: Any) -> None:
    """A call refused for its rate, when that reaches the service's code, is Connect's failure."""
    far_end.faults.add("amazon_connect", "StartOutboundVoiceContact", Fault(failure="throttled"))
    with pytest.raises(ClientError), scored("amazon_connect") as told:
        connect.start_outbound_voice_contact(**VOICE)
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "amazon_connect"
    assert "reliability" in lost(told)
    assert any("throttled" in reason for reason in told[semconv.CX_EXPERIENCE_REASONS])


def test_contact_that_nobody_answered_was_abandoned(far_end: ConnectFarEnd, connect: Any) -> None:
    """A customer who hung up in the queue has waited all the same."""
    far_end.conditions.answered.set(value=False, scope=CUSTOMER)
    far_end.conditions.ended.set(value=True, scope=CUSTOMER)
    far_end.conditions.queue_wait.set(300.0, scope=CUSTOMER)
    with scored("amazon_connect") as told:
        contact = connect.start_outbound_voice_contact(**VOICE)["ContactId"]
        connect.describe_contact(InstanceId=INSTANCE, ContactId=contact)
    assert "reach" in lost(told)


@pytest.mark.parametrize("service", ["connect", "connectcases", "customer-profiles"])
def test_one_client_is_known_by_its_service(far_end: ConnectFarEnd, service: str) -> None:
    """boto3 makes the clients of all services in one module; each is told by its class."""
    with Telemetry() as telemetry, client(far_end.url, service, **ONCE) as chosen:
        cxotel.instrument_client(chosen, tracer_provider=telemetry.tracer_provider)
        try:
            assert set(instrumented()) == {"amazon_connect"}
        finally:
            cxotel.uninstrument()


def test_slow_profile_is_blamed_on_the_business_layer(far_end: ConnectFarEnd) -> None:
    """A customer profile that takes five seconds is Connect's, and not its contact center's."""
    far_end.faults.add("amazon_connect", "SearchProfiles", Fault(latency=4.5))
    with (
        client(far_end.url, "customer-profiles", **ONCE) as profiles,
        scored("amazon_connect") as told,
        cxotel.step("find customer"),
    ):
        profiles.search_profiles(DomainName="support", KeyName="_phone", Values=[CUSTOMER])
    assert lost(told) == {"responsiveness"}
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "amazon_connect"
    assert told[semconv.CX_EXPERIENCE_BLAME_LAYER] == "business_system"


def test_chats_secrets_and_words_stay_inside(far_end: ConnectFarEnd) -> None:
    """Of a chat's message neither its words nor the token of its connection are told."""
    with (
        client(far_end.url, "connectparticipant", **ONCE) as chat,
        watching("amazon_connect") as telemetry,
    ):
        chat.send_message(
            ConnectionToken="bearer-of-a-secret",
            ContentType="text/plain",
            Content="my card is 4242",
        )
        (span,) = calls(telemetry)
        exported = telemetry.exported()
    assert span["name"] == "send_message amazon_connect"
    assert b"bearer-of-a-secret" not in exported
    assert b"my card" not in exported
