"""The score on the span that carries a segment, kept current while it is open."""

from __future__ import annotations

import contextlib
import json
import logging
from collections import deque
from typing import Any

import pytest
from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Status, StatusCode

import cxotel
from cxotel import context as journeys
from cxotel import semconv
from cxotel.engine import shield
from cxotel.experience import Ledger, Rules, processor, score
from cxotel.experience.processor import ExperienceProcessor
from cxotel.experience.sampler import JourneySampler
from cxotel.semconv import metrics
from tests.experience.spans import World, fresh_id, next_millisecond, span_id, trace_id

SCORE, CLASS = semconv.CX_EXPERIENCE_SCORE, semconv.CX_EXPERIENCE_CLASS
POINTS = semconv.CX_EXPERIENCE_POINTS
SLOW = 9.0


def impairments(world: World, name: str) -> list[dict[str, Any]]:
    """Return the attributes of each impairment event of a span."""
    events = world.span(name).events
    return [
        dict(event.attributes or {})
        for event in events
        if event.name == semconv.EVENT_CX_IMPAIRMENT
    ]


@pytest.mark.parametrize("processor_first", [True, False])
def test_a_journeys_span_bears_a_score_that_explains_itself(*, processor_first: bool) -> None:
    """Score, class, coverage, losses, reasons, blame and its owner are there before any export."""
    owners = {"salesforce": "crm-team", "identity": "iam-team"}
    with World(processor_first=processor_first, owners=owners) as world:
        with cxotel.journey("refund", channel="voice"):
            with cxotel.step("find order"):
                world.call(SLOW)
            cxotel.outcome("resolved")
        told = world.attributes("refund")
    assert told[SCORE] == 87
    assert told[CLASS] == "satisfied"
    assert told[semconv.CX_EXPERIENCE_COVERAGE] == 0.5
    assert told[semconv.CX_EXPERIENCE_ALGORITHM] == "cxotel/1"
    assert told[semconv.CX_EXPERIENCE_LOST_RESPONSIVENESS] == 7
    assert told[semconv.CX_EXPERIENCE_BLAME_LAYER] == "business_system"
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "salesforce"
    assert told[semconv.CX_EXPERIENCE_BLAME_STEP] == "find order"
    assert told[semconv.CX_EXPERIENCE_BLAME_OWNER] == "crm-team"
    assert len(told[semconv.CX_EXPERIENCE_REASONS]) == 1


def test_blame_is_owned_by_the_layer_where_the_system_has_no_owner() -> None:
    """An owner of a whole layer answers for every system in it."""
    with World(owners={"business_system": "integrations"}) as world:
        with cxotel.journey("refund", channel="voice"):
            world.call(SLOW)
        assert world.attributes("refund")[semconv.CX_EXPERIENCE_BLAME_OWNER] == "integrations"


def test_the_exact_ledger_is_written_once_at_the_end() -> None:
    """Machines merge the ledger; it names its segment and revision."""
    journey_id = fresh_id()
    with World() as world:
        with cxotel.journey("refund", channel="voice", journey_id=journey_id):
            world.call(SLOW)
        told = world.attributes("refund")
        ledger = Ledger.from_json(told[semconv.CX_EXPERIENCE_LEDGER])
        record = world.processor.record(journey_id)
    assert json.loads(told[semconv.CX_EXPERIENCE_LEDGER])
    assert told[semconv.CX_SEGMENT_REVISION] == 0
    assert record is not None
    (kept,) = record.segments.items()
    assert kept[0] == told[semconv.CX_SEGMENT_ID]
    assert kept[1].ledger == ledger


def test_a_journey_without_evidence_has_no_score() -> None:
    """Nothing observed is not a good score."""
    with World() as world:
        with cxotel.journey("refund", channel="voice"):
            pass
        told = world.attributes("refund")
    assert SCORE not in told
    assert told[CLASS] == "unclassified"
    assert told[semconv.CX_EXPERIENCE_COVERAGE] == 0.0


def test_a_vendors_span_bears_the_points_that_it_added() -> None:
    """Each call bears what the price rose by, rounded up; a fast one bears none."""
    with World() as world:
        with cxotel.journey("refund", channel="voice"):
            with cxotel.step("find order"):
                first = world.call(SLOW, after=-60)
                second = world.call(7.0, after=-40)
            with cxotel.step("authenticate"):
                third = world.call(0.1, system="okta", after=-20)
        assert [(each.attributes or {}).get(POINTS) for each in (first, second, third)] == [
            7,
            3,
            None,
        ]
        told = impairments(world, "refund")
    assert [each[semconv.CX_IMPAIRMENT_POINTS] for each in told] == [7, 3]
    assert told[0] == {
        semconv.CX_IMPAIRMENT_DIMENSION: "responsiveness",
        semconv.CX_IMPAIRMENT_REASON: "wait",
        semconv.CX_IMPAIRMENT_POINTS: 7,
        semconv.CX_IMPAIRMENT_SPAN_ID: f"{span_id(first):016x}",
        semconv.CX_LAYER: "business_system",
        semconv.CX_SYSTEM: "salesforce",
        semconv.CX_STEP_NAME: "find order",
    }


def test_an_impairment_is_an_event_at_the_moment_it_hurt() -> None:
    """The event's time is the end of the call that hurt."""
    with World() as world:
        with cxotel.journey("refund", channel="voice"):
            call = world.call(SLOW)
        (event,) = world.span("refund").events
    assert event.timestamp == call.end_time


def test_a_call_whose_end_nobody_announced_is_read_from_its_span() -> None:
    """The score is the same; only the call's own span, frozen by then, bears no points."""
    with World() as world:
        with cxotel.journey("refund", channel="voice"):
            call = world.call(SLOW, told=False)
        assert POINTS not in (call.attributes or {})
        assert world.attributes("refund")[SCORE] == 87


def test_without_any_code_the_request_bears_the_score() -> None:
    """A web framework's own span carries the segment, live, whoever exports it."""
    with World(processor_first=False) as world:
        with world.request():
            world.call(SLOW)
        told = world.attributes("POST /calls")
    assert told[SCORE] == 87
    assert semconv.CX_EXPERIENCE_LEDGER not in told
    assert len(impairments(world, "POST /calls")) == 1


def test_a_call_that_is_its_own_root_bears_score_and_points() -> None:
    """A script's single call is a whole segment; nobody waits for a script."""
    with World() as world:
        call = world.call(SLOW)
        told = dict(call.attributes or {})
    assert told[CLASS] == "unclassified"
    assert POINTS not in told


def test_the_score_follows_what_happens_later() -> None:
    """A journey that looked lost and was resolved shows no trace of it but its events."""
    with World() as world:
        with cxotel.journey("refund", channel="chat"):
            world.call(0.1)
            cxotel.outcome("unresolved")
            next_millisecond()
            cxotel.outcome("resolved")
        told = world.attributes("refund")
    assert told[semconv.CX_EXPERIENCE_LOST_RESOLUTION] == 0
    assert told[semconv.CX_EXPERIENCE_REASONS] == ()


def test_the_root_was_scored_before_a_journey_opened_under_it() -> None:
    """It is marked, keeps what it bore, and the journey starts a segment of its own."""
    with World() as world:
        with world.request():
            world.call(SLOW)
            with cxotel.journey("refund", channel="voice"):
                world.call(0.5, after=-30)
            world.call(SLOW, after=-20)
        root, own = world.attributes("POST /calls"), world.attributes("refund")
    assert root[semconv.CX_EXPERIENCE_SUPERSEDED] is True
    assert root[SCORE] == 87
    assert root[semconv.CX_JOURNEY_ID] == own[semconv.CX_JOURNEY_ID]
    assert semconv.CX_EXPERIENCE_LOST_RESPONSIVENESS not in own
    assert len(world.metric(metrics.CX_EXPERIENCE_LOST_POINTS)) == 0


def test_of_sibling_journeys_each_carries_its_own_score_and_the_root_none() -> None:
    """One slow journey in a batch does not spoil the others'."""
    with World() as world:
        with world.request():
            with cxotel.journey("slow", channel="voice", journey_id="j-1"):
                world.call(SLOW)
            with cxotel.journey("fast", channel="voice", journey_id="j-2"):
                world.call(0.1)
                cxotel.outcome("resolved")
        slow, fast = world.attributes("slow"), world.attributes("fast")
        assert slow[SCORE] == 87
        assert SCORE not in world.attributes("POST /calls")
    assert fast[SCORE] == 100


def test_a_journey_within_another_has_a_segment_of_its_own() -> None:
    """A block with another id is another customer's journey."""
    with World() as world:
        with cxotel.journey("outer", channel="voice", journey_id="j-1"):
            with cxotel.journey("inner", channel="voice", journey_id="j-2"):
                world.call(SLOW)
            world.call(0.1, after=-20)
        assert world.attributes("inner")[SCORE] == 87
        assert semconv.CX_EXPERIENCE_LOST_RESPONSIVENESS not in world.attributes("outer")


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


def remember(journey: journeys.JourneyState, call: int, error: BaseException) -> None:
    """Do what the engine does for a call that failed."""
    journey.failures = journey.failures or deque(maxlen=32)
    journey.failures.append(journeys.Failure("salesforce", call, id(error), (), type(error)))


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


CALLED = {
    semconv.CX_EVIDENCE_KIND: "call",
    semconv.CX_LAYER: "business_system",
    semconv.CX_SYSTEM: "salesforce",
}


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


def test_two_processors_take_each_span_once() -> None:
    """On one provider or on two, by hand and by the zero-code hook."""
    with World() as world:
        world.provider.add_span_processor(ExperienceProcessor())
        with cxotel.journey("refund", channel="voice"):
            world.call(SLOW)
            world.call(SLOW, told=False, after=-30)
            cxotel.handoff("transfer_cold")
        told = world.attributes("refund")
        handoffs = world.metric(metrics.CX_HANDOFF_COUNT)
    assert len(json.loads(told[semconv.CX_EXPERIENCE_LEDGER])["entries"]) == 2
    assert told[semconv.CX_EXPERIENCE_LOST_EFFORT] == 7
    assert handoffs[0][1] == 1


def test_other_libraries_spans_are_evidence_too() -> None:
    """A model's call and a voice bot's turn within a journey count without a line of code."""
    with World() as world:
        with cxotel.journey("refund", channel="voice"):
            model = world.provider.get_tracer("opentelemetry.instrumentation.openai_v2")
            attributes = {"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai"}
            model.start_span("chat", attributes=attributes, start_time=10**18).end(
                10**18 + 9 * 10**9
            )
            bot = world.provider.get_tracer("pipecat.turn")
            turn = bot.start_span("turn", attributes={"turn.user_bot_latency_seconds": 4.0})
            turn.end()
        told = world.attributes("refund")
        turns = world.metric(metrics.CX_BOT_TURN_DURATION)
    assert told[semconv.CX_EXPERIENCE_BLAME_LAYER] == "ai"
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "pipecat"
    assert turns == [({semconv.CX_SYSTEM: "pipecat"}, (1, 4.0))]


def test_other_libraries_alone_make_no_journey() -> None:
    """A service that calls a model and no vendor is not scored."""
    with World() as world:
        with world.request():
            attributes = {"gen_ai.operation.name": "chat"}
            world.app.start_span("chat", attributes=attributes).end()
        assert world.attributes("POST /calls") == {}
        assert world.metric(metrics.CX_EXPERIENCE_SEGMENT_SCORE) == []


def test_a_span_of_your_own_may_be_evidence() -> None:
    """Attributes of the registry are enough: any library may speak them."""
    with World() as world:
        with world.request():
            world.app.start_span(
                "wait",
                attributes={semconv.CX_EVIDENCE_KIND: "queue", semconv.CX_QUEUE_WAIT: 240_000},
            ).end()
        told = world.attributes("POST /calls")
    assert told[semconv.CX_EXPERIENCE_LOST_REACH] == 9


def test_events_of_a_vendors_span_are_evidence() -> None:
    """One reply may tell of a queue and a handoff; both are read before the span ends."""
    with World() as world:
        with cxotel.journey("refund", channel="voice"):
            tracer = world.provider.get_tracer("cxotel.genesys_cloud")
            call = tracer.start_span("get_conversation", attributes=CALLED)
            call.add_event(
                semconv.EVENT_CX_QUEUE,
                {semconv.CX_EVIDENCE_KIND: "queue", semconv.CX_QUEUE_WAIT: 240_000},
            )
            call.add_event(
                semconv.EVENT_CX_HANDOFF,
                {semconv.CX_EVIDENCE_KIND: "handoff", semconv.CX_HANDOFF_KIND: "transfer_cold"},
            )
            call.add_event("exception", {"exception.type": "ValueError"})
            for observer in journeys.observers():
                observer.ending(call, 10**18, 10**18)
                observer.ending(call, 10**18, 10**18)
            call.end()
        told = world.attributes("refund")
        assert world.attributes("get_conversation")[POINTS] == 16
    assert told[semconv.CX_EXPERIENCE_LOST_REACH] == 9
    assert told[semconv.CX_EXPERIENCE_LOST_EFFORT] == 7


def test_a_span_of_botocore_that_was_enriched_is_a_vendors_call() -> None:
    """It is not known for one at its start; before its end it bears journey and points."""
    with World() as world:
        with world.request() as request:
            other = world.provider.get_tracer("opentelemetry.instrumentation.botocore")
            span = other.start_span("Connect.StartChat", start_time=10**18)
            span.set_attributes(CALLED)
            for observer in journeys.observers():
                observer.ending(span, 10**18, 10**18 + 9 * 10**9)
            span.end(10**18 + 9 * 10**9)
        told = world.attributes("Connect.StartChat")
        assert world.attributes("POST /calls")[SCORE] == 87
    assert told[semconv.CX_JOURNEY_ID] == trace_id(request)
    assert told[POINTS] == 7


def test_what_the_code_said_is_not_read_again_from_its_spans() -> None:
    """A handoff is an event of the step that ran, and counted as it was told: once."""
    with World() as world:
        with cxotel.journey("refund", channel="voice"), cxotel.step("pass on"):
            cxotel.handoff("transfer_cold")
        assert world.attributes("refund")[semconv.CX_EXPERIENCE_LOST_EFFORT] == 7


def test_a_wait_is_read_when_its_span_ends() -> None:
    """`cxotel.wait` is a span of its own."""
    with World() as world:
        with cxotel.journey("refund", channel="voice"), cxotel.wait("billing"):
            pass
        waits = world.metric(metrics.CX_QUEUE_WAIT_DURATION)
    ((attributes, (count, _)),) = waits
    assert attributes[semconv.CX_QUEUE_NAME] == "billing"
    assert count == 1


def test_what_the_code_said_on_the_journeys_own_span_is_one_event() -> None:
    """A declared impairment is an event already; it is not told twice on the same span."""
    with World() as world:
        with cxotel.journey("refund", channel="voice"):
            cxotel.impairment("effort", points=5, reason="clumsy_form")
        assert len(impairments(world, "refund")) == 1
        assert world.attributes("refund")[semconv.CX_EXPERIENCE_LOST_EFFORT] == 5


def test_a_carrier_bears_at_most_32_impairment_events() -> None:
    """The application's own events are not pushed out; what found no room is counted."""
    with World() as world:
        with cxotel.journey("refund", channel="voice"), cxotel.step("form"):
            for _ in range(40):
                cxotel.impairment("effort", points=1, reason="clumsy_form")
        assert len(impairments(world, "refund")) == 32
        ((attributes, dropped),) = world.metric(metrics.CX_TELEMETRY_DROPPED)
    assert attributes == {semconv.CX_TELEMETRY_TABLE: "impairment events"}
    assert dropped > 0


def test_your_own_rules_price_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The algorithm's name tells that a rule differs from the default."""
    monkeypatch.setattr(processor.SHARED.intake, "rules", processor.SHARED.intake.rules)
    with World() as world:
        ExperienceProcessor(rules=Rules.from_mapping({"responsiveness": {"cap": 3.0}}))
        with cxotel.journey("refund", channel="voice"):
            world.call(SLOW)
        told = world.attributes("refund")
    assert told[semconv.CX_EXPERIENCE_ALGORITHM].startswith("cxotel/1+")
    assert told[semconv.CX_EXPERIENCE_LOST_RESPONSIVENESS] == 3


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


def test_a_step_is_known_to_other_libraries_spans_too() -> None:
    """A model's call is charged to the step that it was made in."""
    with World() as world:
        with cxotel.journey("refund", channel="voice"), cxotel.step("summarise"):
            attributes = {"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai"}
            world.app.start_span("chat", attributes=attributes, start_time=10**18).end(
                10**18 + 9 * 10**9
            )
        assert world.attributes("refund")[semconv.CX_EXPERIENCE_BLAME_STEP] == "summarise"


def test_a_step_that_is_evidence_does_not_repeat_what_the_code_said() -> None:
    """Whoever makes a step evidence does not have its events counted twice."""
    with World() as world:
        with cxotel.journey("refund", channel="voice"), cxotel.step("authenticate"):
            trace.get_current_span().set_attribute(semconv.CX_EVIDENCE_KIND, "authentication")
            cxotel.handoff("transfer_cold")
        assert world.attributes("refund")[semconv.CX_EXPERIENCE_LOST_EFFORT] == 7


def test_a_call_that_is_evidence_of_something_else_was_waited_for_too() -> None:
    """A transfer that took nine seconds to be placed is a handoff and a wait."""
    with World() as world:
        with cxotel.journey("refund", channel="voice"):
            kind = {semconv.CX_HANDOFF_KIND: "transfer_cold", semconv.CX_EVIDENCE_KIND: "handoff"}
            world.call(SLOW, more=kind)
        told = world.attributes("refund")
    assert told[semconv.CX_EXPERIENCE_LOST_EFFORT] == 7
    assert told[semconv.CX_EXPERIENCE_LOST_RESPONSIVENESS] == 7


def test_nobody_waits_in_a_channel_that_a_vendor_tells_is_not_live() -> None:
    """Zero code: the request alone would be taken for somebody waiting; an e-mail is not."""
    with World() as world:
        with world.request():
            world.call(SLOW, more={semconv.CX_CHANNEL: "email"})
        assert semconv.CX_EXPERIENCE_LOST_RESPONSIVENESS not in world.attributes("POST /calls")


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
