"""What goes wrong, comes late or is seen by nobody: failures, late evidence, our own errors."""

from __future__ import annotations

import contextlib
import logging
from collections import deque

import pytest
from opentelemetry import context as otel_context
from opentelemetry.context import Context
from opentelemetry.trace import Status, StatusCode

import cxotel
from cxotel import context as journeys
from cxotel import semconv
from cxotel.engine import shield
from cxotel.experience import score
from cxotel.experience.sampler import JourneySampler
from cxotel.semconv import metrics
from tests.experience.spans import World, fresh_id, span_id

SCORE, CLASS = semconv.CX_EXPERIENCE_SCORE, semconv.CX_EXPERIENCE_CLASS
POINTS = semconv.CX_EXPERIENCE_POINTS
SLOW = 9.0


CALLED = {
    semconv.CX_EVIDENCE_KIND: "call",
    semconv.CX_LAYER: "business_system",
    semconv.CX_SYSTEM: "salesforce",
}


def remember(journey: journeys.JourneyState, call: int, error: BaseException) -> None:
    """Do what the engine does for a call that failed."""
    journey.failures = journey.failures or deque(maxlen=32)
    journey.failures.append(journeys.Failure("salesforce", call, id(error), (), type(error)))


def test_a_failure_that_the_journeys_code_met_costs_and_one_it_handled_does_not() -> None:
    """What was caught and never declared cost nobody anything."""

    def fail(world: World) -> None:
        span = world.call(0.2, error="TimeoutError")
        error = TimeoutError()
        now = journeys.current()
        assert now is not None
        remember(now.journey, span_id(span), error)
        raise error

    with World() as world:
        with pytest.raises(TimeoutError), cxotel.journey("met", channel="voice"):
            fail(world)
        with cxotel.journey("handled", channel="voice"), contextlib.suppress(TimeoutError):
            fail(world)
        met, handled = world.attributes("met"), world.attributes("handled")
    assert met[semconv.CX_EXPERIENCE_LOST_RELIABILITY] == 7
    assert met[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "salesforce"
    assert semconv.CX_EXPERIENCE_LOST_RELIABILITY not in handled


@pytest.mark.parametrize("how", ["status", "exception"])
def test_a_failure_that_left_a_request_is_known_only_afterwards(how: str) -> None:
    """The request's span is frozen by then: the loss goes to the record and the metrics."""
    journey_id = fresh_id()
    with World() as world:
        with world.request(**{semconv.CX_JOURNEY_ID: journey_id}) as request:
            world.call(0.2, error="TimeoutError")
            if how == "status":
                request.set_status(Status(StatusCode.ERROR))
            else:
                request.record_exception(TimeoutError())
        record = world.processor.record(journey_id)
        lost = world.metric(metrics.CX_EXPERIENCE_LOST_POINTS)
        assert semconv.CX_EXPERIENCE_LOST_RELIABILITY not in world.attributes("POST /calls")
    assert record is not None
    assert len(record.segments) == 1
    assert [(each[semconv.CX_IMPAIRMENT_DIMENSION], points) for each, points in lost] == [
        ("reliability", 7)
    ]


def test_late_evidence_goes_to_the_record_and_the_metrics(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A call that outlives its journey adds what it cost, and leaves the ended span alone."""
    journey_id = fresh_id()
    with caplog.at_level(logging.WARNING), World() as world:
        with cxotel.journey("refund", channel="voice", journey_id=journey_id):
            world.call(SLOW)
            context = otel_context.get_current()
        before = world.attributes("refund")
        first = world.processor.record(journey_id)
        token = otel_context.attach(context)
        world.call(8.0, after=-40)
        world.call(8.0, after=-30)
        otel_context.detach(token)
        last = world.processor.record(journey_id)
        assert world.attributes("refund") == before
        lost = world.metric(metrics.CX_EXPERIENCE_LOST_POINTS)
        scores = world.metric(metrics.CX_EXPERIENCE_SEGMENT_SCORE)
    assert first is not None
    assert last is not None
    (revised,) = last.segments.values()
    assert [each.revision for each in first.segments.values()] == [0]
    assert revised.revision == 2
    assert sum(points for _, points in lost) == pytest.approx(
        sum(score(revised.ledger).lost.values())
    )
    assert scores[0][1] == (1, 87)
    assert caplog.records == []


def test_a_child_that_ends_after_its_carrier_is_still_evidence() -> None:
    """A journey's block may end before the work that it started."""
    journey_id = fresh_id()
    with World() as world:
        with cxotel.journey("refund", channel="voice", journey_id=journey_id):
            tracer = world.provider.get_tracer("cxotel.salesforce")
            call = tracer.start_span("query", attributes={**CALLED}, start_time=10**18)
        call.end(10**18 + 9 * 10**9)
        record = world.processor.record(journey_id)
    assert record is not None
    (kept,) = record.segments.values()
    assert kept.revision == 1


def test_scoring_is_complete_where_nothing_is_exported() -> None:
    """A sampled-out journey is scored and counted like any other."""
    with World(sampler=JourneySampler(0.0)) as world:
        with cxotel.journey("refund", channel="voice"):
            world.call(SLOW)
            cxotel.outcome("resolved")
        assert world.spans() == []
        scores = world.metric(metrics.CX_EXPERIENCE_SEGMENT_SCORE)
        completed = world.metric(metrics.CX_JOURNEY_COMPLETED)
    assert scores[0][1] == (1, 87)
    assert completed[0][1] == 1


@pytest.mark.parametrize(
    ("part", "where"),
    [
        ("intake.Intake.take", "reading a vendor call"),
        ("intake.Intake.take", "reading a span that ended"),
        ("intake.Intake.take", "taking what a journey noted"),
        ("intake.Intake.close", "writing a journey's score"),
        ("intake.Intake.met", "charging a failure that was met"),
        ("intake.Intake.finish", "reading a span that ended"),
        ("registry.Registry.carry", "following a journey from its start"),
        ("registry.arrived_journey_id", "reading a span that starts"),
    ],
)
def test_an_error_of_ours_never_reaches_the_application(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, part: str, where: str
) -> None:
    """Each place logs once; spans start, end and are exported as if nothing had happened."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("inside")

    def serve(world: World) -> None:
        span, error = world.call(SLOW, error="TimeoutError"), TimeoutError()
        now = journeys.current()
        assert now is not None
        remember(now.journey, span_id(span), error)
        world.call(SLOW, told=False)
        cxotel.handoff("transfer_cold")
        raise error

    with World() as world:
        shield.forget()
        monkeypatch.setattr(f"cxotel.experience.{part}", fail)
        with pytest.raises(TimeoutError), cxotel.journey("refund", channel="voice"):
            serve(world)
        world.app.start_span("outside", Context()).end()
        assert {span.name for span in world.spans()} == {"refund", "query salesforce", "outside"}
    assert where in shield.errors()
    assert "inside" not in caplog.text


def test_what_turns_out_better_later_takes_nothing_back_from_the_metrics(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A counter only rises; a journey whose outcome is known late is counted then."""
    with World() as world:
        with cxotel.journey("refund", channel="voice"):
            cxotel.handoff("transfer_cold")
            context = otel_context.get_current()
        assert world.metric(metrics.CX_JOURNEY_COMPLETED) == []
        token = otel_context.attach(context)
        for number, outcome in enumerate(("unresolved", "resolved")):
            ended = {semconv.CX_EVIDENCE_KIND: "outcome", semconv.CX_JOURNEY_OUTCOME: outcome}
            world.call(0.1, after=60 + number, more=ended)
        otel_context.detach(token)
        lost = world.metric(metrics.CX_EXPERIENCE_LOST_POINTS)
        completed = world.metric(metrics.CX_JOURNEY_COMPLETED)
    by_dimension = {each[semconv.CX_IMPAIRMENT_DIMENSION]: points for each, points in lost}
    assert by_dimension == {"effort": 7, "resolution": 34}
    assert [(each[semconv.CX_JOURNEY_OUTCOME], count) for each, count in completed] == [
        ("unresolved", 1)
    ]
    assert caplog.records == []


def test_a_corrected_report_replaces_the_one_before_it() -> None:
    """A late report names its own segment: its next revision is the same segment, mended."""
    journey_id = fresh_id()
    report = {
        semconv.CX_JOURNEY_ID: journey_id,
        semconv.CX_SEGMENT_ID: "billing_export:C7",
        semconv.CX_EVIDENCE_KIND: "queue",
        semconv.CX_QUEUE_NAME: "billing",
    }
    with World() as world:
        tracer = world.provider.get_tracer("billing-export")
        for revision, wait in enumerate((600_000, 30_000)):
            told = {semconv.CX_SEGMENT_REVISION: revision, semconv.CX_QUEUE_WAIT: wait}
            tracer.start_span("report", Context(), attributes={**report, **told}).end()
        record = world.processor.record(journey_id)
    assert record is not None
    assert [(name, each.revision) for name, each in record.segments.items()] == [
        ("billing_export:C7", 1)
    ]
