"""What is evidence: spans of vendors and of other libraries, their events, and what code says."""

from __future__ import annotations

from opentelemetry import trace

import cxotel
from cxotel import context as journeys
from cxotel import semconv
from cxotel.semconv import metrics
from tests.experience.spans import World, trace_id

SCORE, CLASS = semconv.CX_EXPERIENCE_SCORE, semconv.CX_EXPERIENCE_CLASS
POINTS = semconv.CX_EXPERIENCE_POINTS
SLOW = 9.0


CALLED = {
    semconv.CX_EVIDENCE_KIND: "call",
    semconv.CX_LAYER: "business_system",
    semconv.CX_SYSTEM: "salesforce",
}


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
