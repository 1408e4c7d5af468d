"""What is counted: as it arrives, at the end of a segment, and each thing once."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from opentelemetry import context as otel_context
from opentelemetry import trace

import cxotel
from cxotel import context as journeys
from cxotel import semconv
from cxotel.bounded import OTHER
from cxotel.engine import shield
from cxotel.experience import processor
from cxotel.experience.arrivals import Arrivals, waited
from cxotel.experience.emit import MOST_VALUES
from cxotel.experience.evidence import Queue
from cxotel.semconv import metrics
from tests.experience.spans import SECOND, World, fresh_id

NAME, CHANNEL = semconv.CX_JOURNEY_NAME, semconv.CX_CHANNEL
WAITS, POINTS = metrics.CX_QUEUE_WAIT_DURATION, metrics.CX_EXPERIENCE_LOST_POINTS


def tell(world: World, event: str, **attributes: str | int) -> None:
    """Let a vendor's span tell of an event, as the engine does."""
    told = {key.replace("__", "."): value for key, value in attributes.items()}
    span = world.provider.get_tracer("cxotel.genesys_cloud").start_span("get_conversation")
    span.set_attribute(semconv.CX_EVIDENCE_KIND, "call")
    span.add_event(event, told)
    for observer in journeys.observers():
        observer.ending(span, SECOND, SECOND)
        observer.ending(span, SECOND, SECOND)
    span.end()


def test_only_a_segment_that_declares_an_outcome_counts_a_journey() -> None:
    """Of two segments of one journey, one knows how it came out."""
    journey_id = fresh_id()
    with World() as world:
        with cxotel.journey("refund", channel="voice", journey_id=journey_id):
            world.call(0.1)
        with cxotel.journey("refund", channel="voice", journey_id=journey_id):
            world.call(0.1)
            cxotel.outcome("resolved")
        completed = world.metric(metrics.CX_JOURNEY_COMPLETED)
        ((attributes, (count, seconds)),) = world.metric(metrics.CX_JOURNEY_DURATION)
    assert completed == [
        (
            {
                NAME: "refund",
                CHANNEL: "voice",
                semconv.CX_JOURNEY_OUTCOME: "resolved",
                semconv.CX_EXPERIENCE_CLASS: "very_satisfied",
            },
            1,
        )
    ]
    assert attributes == {NAME: "refund", CHANNEL: "voice", semconv.CX_JOURNEY_OUTCOME: "resolved"}
    assert count == 1
    assert 0 < seconds < 5


def test_open_journeys_are_counted_while_they_are() -> None:
    """A gauge of what is going on now, by name."""
    with World() as world:
        with cxotel.journey("refund"), cxotel.journey("refund", journey_id="other"):
            assert world.metric(metrics.CX_JOURNEY_OPEN) == [({NAME: "refund"}, 2)]
        assert world.metric(metrics.CX_JOURNEY_OPEN) == [({NAME: "refund"}, 0)]


def test_the_age_of_the_oldest_open_journey_is_told_until_it_ends() -> None:
    """A journey that hangs shows before it is over, and nothing stays behind when it ends."""
    begun = time.time_ns()
    with World() as world:
        with cxotel.journey("refund"), cxotel.journey("refund", journey_id="other"):
            ((attributes, age),) = world.metric(metrics.CX_JOURNEY_AGE)
            assert attributes == {NAME: "refund"}
            assert 0 < age <= (time.time_ns() - begun) / SECOND
        assert world.metric(metrics.CX_JOURNEY_AGE) == [({NAME: "refund"}, 0.0)]


def test_names_without_end_make_no_series_without_end() -> None:
    """A name per customer, from code or from another library, ends as one value: `_OTHER`."""
    many = MOST_VALUES[NAME] + 50
    with World() as world:
        for number in range(many):
            with cxotel.journey(f"refund {number}", channel="voice"):
                world.call(9.0, system=f"crm-{number}")
                cxotel.handoff("bot_to_human")
                with cxotel.wait(f"queue {number}"):
                    pass
                cxotel.outcome("resolved")
        for name in (metrics.CX_JOURNEY_OPEN, metrics.CX_HANDOFF_COUNT, metrics.CX_JOURNEY_AGE):
            names = [attributes[NAME] for attributes, _ in world.metric(name)]
            assert len(names) <= MOST_VALUES[NAME] + 1, name
        queues = {point[semconv.CX_QUEUE_NAME] for point, _ in world.metric(WAITS)}
        systems = {point[semconv.CX_SYSTEM] for point, _ in world.metric(POINTS)}
        ended = world.metric(metrics.CX_JOURNEY_COMPLETED)
    assert len(queues) == MOST_VALUES[semconv.CX_QUEUE_NAME] + 1
    assert len(systems) == MOST_VALUES[semconv.CX_SYSTEM] + 1
    assert sum(count for _, count in ended) == many
    others = [count for attributes, count in ended if attributes[NAME] == OTHER]
    assert sum(others) == 50


def test_points_are_counted_by_dimension_layer_and_system() -> None:
    """Who took how much, over all segments."""
    with World() as world:
        for _ in range(2):
            with cxotel.journey("refund", channel="voice"):
                world.call(9.0)
        ((attributes, points),) = world.metric(metrics.CX_EXPERIENCE_LOST_POINTS)
    assert attributes == {
        semconv.CX_IMPAIRMENT_DIMENSION: "responsiveness",
        semconv.CX_LAYER: "business_system",
        semconv.CX_SYSTEM: "salesforce",
    }
    assert points == pytest.approx(13.0, abs=0.1)


def test_seconds_of_customers_who_were_hurt_are_counted_by_whom_to_blame() -> None:
    """A segment below 60 counts with its whole duration; a good one does not."""
    with World() as world:
        with cxotel.journey("good", channel="voice"):
            world.call(0.1)
            cxotel.outcome("resolved")
        with cxotel.journey("bad", channel="voice"):
            cxotel.handoff("transfer_cold")
            cxotel.impairment("media", points=40, reason="echo", layer="connectivity")
        ((attributes, seconds),) = world.metric(metrics.CX_EXPERIENCE_IMPACT_DURATION)
        scores = world.metric(metrics.CX_EXPERIENCE_SEGMENT_SCORE)
    assert attributes == {semconv.CX_LAYER: "connectivity"}
    assert 0 < seconds < 5
    assert {attributes[NAME] for attributes, _ in scores} == {"good", "bad"}


def test_handoffs_turns_and_feedback_are_counted_as_they_arrive() -> None:
    """They are in the metrics before the journey is over."""
    with World() as world, cxotel.journey("refund", channel="voice"):
        cxotel.handoff("bot_to_human", result="accepted")
        cxotel.feedback("csat", 4, scale=(1, 5))
        tell(
            world,
            semconv.EVENT_CX_TURN,
            cx__evidence__kind="turn",
            cx__system="dialogflow",
            cx__bot__turn__duration=1500,
            cx__bot__turn__result="matched",
        )
        assert world.metric(metrics.CX_HANDOFF_COUNT) == [
            (
                {
                    semconv.CX_HANDOFF_KIND: "bot_to_human",
                    semconv.CX_HANDOFF_RESULT: "accepted",
                    NAME: "refund",
                },
                1,
            )
        ]
        assert world.metric(metrics.CX_FEEDBACK_VALUE) == [
            ({semconv.CX_FEEDBACK_KIND: "csat", NAME: "refund"}, (1, 4.0))
        ]
        assert world.metric(metrics.CX_BOT_TURN_DURATION) == [
            (
                {semconv.CX_SYSTEM: "dialogflow", semconv.CX_BOT_TURN_RESULT: "matched"},
                (1, 1.5),
            )
        ]


def test_a_wait_that_is_told_in_halves_is_counted_once_when_it_is_whole() -> None:
    """A vendor tells when the customer entered the queue, and later when an agent answered."""
    arrivals = Arrivals()
    entered, answered = Queue("q", start=1_000, name="billing"), Queue("q", end=46_000)
    assert arrivals.whole(entered) is None
    whole = arrivals.whole(replace(answered, result="answered"))
    assert whole == Queue("q", name="billing", start=1_000, end=46_000, result="answered")
    assert arrivals.whole(answered) is None
    assert arrivals.whole(entered) is None


def test_the_halves_of_a_wait_may_come_in_any_order() -> None:
    """The end of a wait may be known before its beginning."""
    arrivals = Arrivals()
    assert arrivals.whole(Queue("q", end=46_000)) is None
    whole = arrivals.whole(Queue("q", start=1_000))
    assert isinstance(whole, Queue)
    assert waited(whole) == 45_000


def test_facts_are_remembered_within_bounds() -> None:
    """A segment of a thousand queues remembers the latest."""
    arrivals = Arrivals()
    for number in range(1000):
        assert arrivals.whole(Queue(f"q-{number}", wait=1)) is not None
    assert arrivals.whole(Queue("q-999", wait=1)) is None
    assert arrivals.whole(Queue("q-0", wait=1)) is not None


def test_a_fact_from_two_sources_is_counted_once() -> None:
    """The same handoff, told by the bot and by the contact center."""
    with World() as world, cxotel.journey("refund", channel="voice"):
        for _ in range(2):
            tell(
                world,
                semconv.EVENT_CX_HANDOFF,
                cx__evidence__kind="handoff",
                cx__evidence__id="h-1",
                cx__handoff__kind="transfer_warm",
            )
        ((_, count),) = world.metric(metrics.CX_HANDOFF_COUNT)
        assert count == 1


def test_feedback_that_a_vendor_tells_is_counted_once() -> None:
    """A span whose end was announced is not read again when it ends."""
    with World() as world, cxotel.journey("refund"):
        tell(
            world,
            semconv.EVENT_CX_FEEDBACK,
            cx__evidence__kind="feedback",
            cx__feedback__kind="nps",
            cx__feedback__value=9,
            cx__feedback__scale_min=0,
            cx__feedback__scale_max=10,
        )
        ((_, counted),) = world.metric(metrics.CX_FEEDBACK_VALUE)
        assert counted == (1, 9)


def test_a_journey_that_nobody_opened_is_counted_when_a_vendor_tells_its_outcome() -> None:
    """Zero code: the contact center's own record says how it came out."""
    with World() as world:
        with world.request():
            world.call(0.1)
            tell(
                world,
                semconv.EVENT_CX_OUTCOME,
                cx__evidence__kind="outcome",
                cx__journey__outcome="contained",
            )
        ((attributes, count),) = world.metric(metrics.CX_JOURNEY_COMPLETED)
    assert attributes[semconv.CX_JOURNEY_OUTCOME] == "contained"
    assert NAME not in attributes
    assert count == 1


def test_eight_threads_in_one_journey_lose_nothing_and_count_nothing_twice() -> None:
    """The order in which evidence arrives makes no difference to the ledger."""

    def ledger(threads: int) -> object:
        world, ready = World(), threading.Barrier(threads)

        def work(number: int) -> None:
            token = otel_context.attach(context)
            ready.wait(10)
            for call in range(number, 40, threads):
                world.call(0.5, after=-100 + call, system=f"system-{call % 4}")
            otel_context.detach(token)

        with world:
            with cxotel.journey("refund", channel="voice"):
                context = otel_context.get_current()
                with ThreadPoolExecutor(threads) as pool:
                    list(pool.map(work, range(threads)))
            told = json.loads(world.attributes("refund")[semconv.CX_EXPERIENCE_LEDGER])
        assert told["entries"]
        return told["entries"]

    assert ledger(8) == ledger(1)


def test_errors_of_the_telemetry_itself_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """What never reached the application is seen in a metric, by what was being done."""
    with World() as world:
        with monkeypatch.context() as broken, cxotel.journey("refund"):
            broken.setattr(processor.SHARED.intake, "take", None)
            world.call(0.1)
            world.call(0.1)
        shield.forget()
        errors = world.metric(metrics.CX_TELEMETRY_ERRORS)
    assert ({semconv.CX_TELEMETRY_COMPONENT: "reading a vendor call"}, 2) in errors


def test_metrics_point_to_the_trace_of_their_journey() -> None:
    """An exemplar of a bad score leads to the trace that explains it."""
    with World() as world:
        with cxotel.journey("refund", channel="voice"):
            world.call(9.0)
            carrier = trace.get_current_span().get_span_context()
        data = world.reader.get_metrics_data()
    assert data is not None
    exemplars = [
        exemplar
        for resource in data.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
        if metric.name == metrics.CX_EXPERIENCE_SEGMENT_SCORE
        for point in metric.data.data_points
        for exemplar in point.exemplars or ()
    ]
    assert [(each.trace_id, each.span_id) for each in exemplars] == [
        (carrier.trace_id, carrier.span_id)
    ]
