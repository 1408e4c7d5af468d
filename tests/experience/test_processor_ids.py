"""Which spans bear which journey's id, and which span carries a segment."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from opentelemetry import baggage, trace
from opentelemetry import context as otel_context
from opentelemetry.context import Context
from opentelemetry.sdk.trace import ConcurrentMultiSpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

import cxotel
from cxotel import semconv
from cxotel.experience.processor import ExperienceProcessor
from cxotel.journey import set_provider
from tests.experience.spans import World, span_id, trace_id

ID, SESSION = semconv.CX_JOURNEY_ID, semconv.SESSION_ID


@pytest.mark.parametrize("processor_first", [True, False])
def test_every_span_inside_a_journey_bears_its_id(*, processor_first: bool) -> None:
    """Another library's spans do too, wherever the processor stands among the others."""
    with World(processor_first=processor_first) as world:
        with (
            cxotel.journey("refund", journey_id="j-1"),
            cxotel.step("find order"),
            world.app.start_as_current_span("outer"),
        ):
            world.app.start_span("inner").end()
        for name in ("refund", "find order", "outer", "inner"):
            assert world.attributes(name)[ID] == world.attributes(name)[SESSION] == "j-1"


def test_spans_before_and_after_a_journey_bear_nothing() -> None:
    """A process that serves no journey is left alone."""
    with World() as world:
        world.app.start_span("before", Context()).end()
        with cxotel.journey("refund"):
            pass
        world.app.start_span("after", Context()).end()
        assert world.attributes("before") == world.attributes("after") == {}


def test_a_session_that_the_application_chose_is_kept() -> None:
    """What is on a span already is never overwritten."""
    with World() as world:
        with cxotel.journey("refund", journey_id="j-1"):
            world.app.start_span("a", attributes={SESSION: "mine"}).end()
            world.app.start_span("b", attributes={ID: "theirs"}).end()
        assert world.attributes("a") == {SESSION: "mine", ID: "j-1"}
        assert world.attributes("b") == {ID: "theirs", SESSION: "j-1"}


def test_the_callers_journey_arrives_in_baggage() -> None:
    """A request of another service of yours belongs to its journey, down to its last span."""
    with World() as world:
        token = otel_context.attach(baggage.set_baggage(ID, "j-9", Context()))
        with world.app.start_as_current_span("served"):
            world.app.start_span("child").end()
        otel_context.detach(token)
        assert world.attributes("served") == {ID: "j-9", SESSION: "j-9"}
        assert world.attributes("child") == {ID: "j-9", SESSION: "j-9"}


def test_an_id_on_the_local_root_counts_for_what_is_in_it() -> None:
    """An application that writes the id itself needs nothing else."""
    with World() as world:
        with world.request(**{ID: "own-7"}):
            world.call()
        assert world.attributes("query salesforce")[ID] == "own-7"
        assert world.attributes("POST /calls")[SESSION] == "own-7"


def test_without_any_code_a_vendor_call_makes_its_request_a_journey() -> None:
    """The journey is named after the trace, on the still open request and on all that follows."""
    with World() as world:
        with world.request() as request:
            world.app.start_span("early").end()
            call = world.call()
            world.app.start_span("late").end()
        journey_id = trace_id(request)
        for name in ("POST /calls", "query salesforce", "late"):
            assert world.attributes(name)[ID] == world.attributes(name)[SESSION] == journey_id
        assert world.attributes("early") == {}
        assert call.parent is not None
        assert call.parent.span_id == span_id(request)


def test_without_any_code_and_any_request_a_vendor_call_is_its_own_root() -> None:
    """A script's single call bears an id too."""
    with World() as world:
        call = world.call()
        assert world.attributes("query salesforce")[ID] == trace_id(call)


def test_a_request_that_a_step_or_another_library_answers_is_no_journey() -> None:
    """Only calls of vendors imply a journey; a health check must not."""
    with World() as world:
        with world.request(), cxotel.step("check"):
            world.app.start_span("select").end()
        assert world.attributes("POST /calls") == {}
        assert ID not in world.attributes("check")


def test_the_root_bears_the_id_of_the_one_journey_it_holds() -> None:
    """A request that started before the journey was known shows which it was."""
    with World() as world:
        with world.request(), cxotel.journey("refund", journey_id="j-1"):
            pass
        assert world.attributes("POST /calls") == {ID: "j-1", SESSION: "j-1"}


def test_the_root_keeps_a_session_of_its_own() -> None:
    """A web framework that knows sessions keeps its id."""
    with World() as world:
        with world.request(**{SESSION: "web"}), cxotel.journey("refund", journey_id="j-1"):
            pass
        assert world.attributes("POST /calls") == {SESSION: "web", ID: "j-1"}


def test_sibling_journeys_leave_the_root_without_an_id() -> None:
    """A batch that serves several customers belongs to none of them, and says how many."""
    with World() as world:
        with world.request():
            for number in range(3):
                with cxotel.journey(f"refund {number}", journey_id=f"j-{number}"):
                    world.app.start_span(f"work {number}").end()
            world.call()
        assert world.attributes("POST /calls") == {
            ID: "",
            SESSION: "",
            semconv.CX_JOURNEY_COUNT: 3,
        }
        assert [world.attributes(f"work {n}")[ID] for n in range(3)] == ["j-0", "j-1", "j-2"]
        assert ID not in world.attributes("query salesforce")


def test_one_journey_that_opens_twice_is_still_one() -> None:
    """Two segments of the same journey under one root are not two journeys."""
    with World() as world:
        with world.request():
            for _ in range(2):
                with cxotel.journey("refund", journey_id="j-1"):
                    pass
        assert world.attributes("POST /calls") == {ID: "j-1", SESSION: "j-1"}


def test_a_callback_within_the_same_trace_is_a_segment_of_its_own() -> None:
    """The vendor calls back into this process before its own call has ended."""
    with World() as world:
        with world.request() as request:
            far = trace.SpanContext(
                request.get_span_context().trace_id,
                0xFA,
                is_remote=True,
                trace_flags=trace.TraceFlags(1),
            )
            context = trace.set_span_in_context(trace.NonRecordingSpan(far), Context())
            with world.app.start_as_current_span("callback", context):
                world.call()
        assert world.attributes("callback")[ID] == trace_id(request)
        assert ID not in world.attributes("POST /calls")


def test_work_that_outlives_the_journey_keeps_its_id() -> None:
    """A child that starts after its parent has ended finds its segment."""
    with World() as world:
        with cxotel.journey("refund", journey_id="j-1"):
            context = otel_context.get_current()
        world.app.start_span("late", context).end()
        bare = trace.set_span_in_context(
            trace.NonRecordingSpan(trace.get_current_span(context).get_span_context()), Context()
        )
        world.app.start_span("later, without the running journey", bare).end()
        assert world.attributes("late")[ID] == "j-1"
        assert world.attributes("later, without the running journey")[ID] == "j-1"


def test_threads_and_tasks_do_not_mix_up_ids() -> None:
    """Eight threads and eight tasks at once, each with a journey of its own."""
    ready = threading.Barrier(8)
    world = World()

    def serve(number: int) -> None:
        with cxotel.journey("threaded", journey_id=f"t-{number}"):
            ready.wait(10)
            for _ in range(50):
                world.app.start_span(f"thread {number}").end()

    async def task(number: int) -> None:
        with cxotel.journey("tasked", journey_id=f"a-{number}"):
            for _ in range(50):
                await asyncio.sleep(0)
                world.app.start_span(f"task {number}").end()

    async def tasks() -> None:
        await asyncio.gather(*(task(number) for number in range(8)))

    with world:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(serve, range(8)))
        asyncio.run(tasks())
        for span in world.spans():
            kind, _, number = span.name.partition(" ")
            if number:
                assert (span.attributes or {})[
                    ID
                ] == f"{kind[0] if kind == 'thread' else 'a'}-{number}"


def test_processors_that_run_in_other_threads_find_the_journey_too() -> None:
    """With the SDK's concurrent processors, the running journey is known by the parent."""
    with World() as world:
        world.provider = TracerProvider(
            active_span_processor=ConcurrentMultiSpanProcessor(2), shutdown_on_exit=False
        )
        world.provider.add_span_processor(world.processor)
        world.provider.add_span_processor(SimpleSpanProcessor(world.exporter))
        set_provider(world.provider)
        with cxotel.journey("refund", journey_id="j-1", channel="voice"):
            world.call(9.0)
        assert world.attributes("query salesforce")[ID] == "j-1"
        assert world.attributes("refund")[semconv.CX_EXPERIENCE_SCORE] == 87


def test_two_processors_stamp_once() -> None:
    """Added twice, by hand and by the zero-code hook, the processor does its work once."""
    with World() as world:
        world.provider.add_span_processor(ExperienceProcessor())
        with cxotel.journey("refund", journey_id="j-1"):
            world.app.start_span("inner").end()
        assert world.attributes("inner") == {ID: "j-1", SESSION: "j-1"}


def test_after_its_shutdown_a_processor_does_nothing() -> None:
    """A provider that was shut down no longer follows journeys."""
    with World() as world:
        world.processor.shutdown()
        world.processor.shutdown()
        with world.request():
            world.call()
        assert ID not in world.attributes("POST /calls")
        assert world.processor.force_flush()
