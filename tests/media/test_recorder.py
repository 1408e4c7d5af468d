"""A call is recorded while it runs: interval by interval, with warnings and a summary."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import threading
from contextlib import suppress
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.trace import Link

import cxotel
from cxotel import semconv
from cxotel.engine import shield
from cxotel.experience.record import journey_score
from cxotel.media.quality import Judgement, MediaQuality
from cxotel.media.recorder import MediaRecorder
from cxotel.media.recorder.statistics import negotiated
from cxotel.semconv import metrics
from tests.experience.spans import World, fresh_id, trace_id

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from opentelemetry.sdk.trace import ReadableSpan

LOST = semconv.CX_EXPERIENCE_LOST_MEDIA


@pytest.fixture
def world() -> Generator[World]:
    """Give each test a process of its own."""
    shield.forget()
    with World() as world:
        yield world


def recorder(world: World, connection: object = None, **more: Any) -> MediaRecorder:
    """Make a recorder with the world's providers."""
    return MediaRecorder(
        connection, tracer_provider=world.provider, meter_provider=world.meters, **more
    )


def rated(r: float = 72.0, seconds: float = 5.0, **more: Any) -> MediaQuality:
    """Make an interval that somebody rated."""
    judgement = Judgement("computed", "g107", r, 3.7, "conversational")
    return MediaQuality(source="rtp", duration=seconds, judgements=(judgement,), **more)


def named(span: ReadableSpan, name: str) -> list[dict[str, Any]]:
    """Return what a span's events of one name say."""
    return [dict(event.attributes or {}) for event in span.events if event.name == name]


def warned(span: ReadableSpan) -> list[tuple[Any, Any]]:
    """Return what a span's warnings say."""
    name, state = semconv.CX_MEDIA_WARNING_NAME, semconv.CX_MEDIA_WARNING_STATE
    return [(each[name], each[state]) for each in named(span, semconv.EVENT_CX_MEDIA_WARNING)]


def count(world: World, name: str) -> int:
    """Return how many values a histogram holds."""
    return sum(value[0] for _, value in world.metric(name))


def exemplars(world: World) -> dict[str, set[str]]:
    """Return, by metric of sound, the traces that its exemplars lead to; once."""
    data = world.reader.get_metrics_data()
    return {
        metric.name: {
            f"{exemplar.trace_id or 0:032x}"
            for point in metric.data.data_points
            for exemplar in point.exemplars
        }
        for resource in (data.resource_metrics if data else ())
        for scope in resource.scope_metrics
        for metric in scope.metrics
        if metric.name.startswith("cx.media.")
    }


# Fed by hand


def test_each_interval_is_measured_and_the_call_is_summed_up_once(world: World) -> None:
    """Metrics have every interval; the journey's span has one event for each leg."""
    with cxotel.journey("call", channel="voice", journey_id=fresh_id()), recorder(world) as call:
        for second in range(0, 50, 5):
            call.feed((rated(80.0 if second % 10 else 60.0, leg="a", start=float(second)),))
            call.feed(rated(91.0, leg="b", start=float(second)))
    span = world.span("call")
    a, b = named(span, semconv.EVENT_CX_MEDIA)

    assert count(world, metrics.CX_MEDIA_R) == 20
    assert (a[semconv.CX_MEDIA_LEG_ID], a[semconv.CX_MEDIA_R]) == ("a", 70)
    assert (b[semconv.CX_MEDIA_LEG_ID], b[semconv.CX_MEDIA_R]) == ("b", 91)
    assert a[semconv.CX_MEDIA_TALK_DURATION] == 50_000
    assert world.attributes("call")[LOST] == 23


def test_the_score_falls_while_the_call_runs(world: World) -> None:
    """Who looks at a call that is going badly sees it now, not when it is over."""
    with cxotel.journey("call", channel="voice", journey_id=fresh_id()), recorder(world) as call:
        call.feed(rated(50.0))
        live = cxotel.current_journey()
        from cxotel.context import current

        now = current()
        assert live is not None
        assert now is not None
        assert now.journey.span.attributes[LOST] == 43  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType] - the SDK's


def test_a_day_of_intervals_leaves_the_span_readable(world: World) -> None:
    """However long a call is, its summary is one event, and memory does not grow with it."""
    with cxotel.journey("call", channel="voice", journey_id=fresh_id()), recorder(world) as call:
        for second in range(0, 86_400, 60):
            call.feed(rated(73.2, 60.0, leg="a", start=float(second), jitter=0.1))
    span = world.span("call")

    assert len(named(span, semconv.EVENT_CX_MEDIA)) == 1
    assert warned(span) == [("high_jitter", "raised")]
    assert world.attributes("call")[LOST] == 20


def test_warnings_are_events_and_are_counted(world: World) -> None:
    """A problem that lasts is told when it begins and when it is over, with its numbers."""
    jittery = rated(
        90.0, leg="a", leg_name="agent", direction="inbound", jitter=0.0456, codec="PCMU"
    )
    with cxotel.journey("call", channel="voice", journey_id=fresh_id()), recorder(world) as call:
        for _ in range(4):
            call.feed(jittery)
        assert call.warnings == ("high_jitter",)
        for _ in range(5):
            call.feed(rated(90.0, leg="a", leg_name="agent", direction="inbound", jitter=0.001))
        assert call.warnings == ()
    span = world.span("call")

    assert warned(span) == [("high_jitter", "raised"), ("high_jitter", "cleared")]
    assert named(span, semconv.EVENT_CX_MEDIA_WARNING)[0] == {
        semconv.CX_MEDIA_WARNING_NAME: "high_jitter",
        semconv.CX_MEDIA_WARNING_STATE: "raised",
        semconv.CX_MEDIA_WARNING_VALUE: 0.0456,
        semconv.CX_MEDIA_WARNING_THRESHOLD: 0.03,
        semconv.CX_MEDIA_SOURCE: "rtp",
        semconv.CX_MEDIA_LEG_ID: "a",
        semconv.CX_MEDIA_LEG_NAME: "agent",
        semconv.CX_MEDIA_DIRECTION: "inbound",
    }
    assert world.metric(metrics.CX_MEDIA_WARNING_COUNT) == [
        (
            {
                semconv.CX_MEDIA_WARNING_NAME: "high_jitter",
                semconv.CX_MEDIA_SOURCE: "rtp",
                semconv.CX_MEDIA_LEG_NAME: "agent",
                semconv.CX_MEDIA_DIRECTION: "inbound",
            },
            1,
        )
    ]


def test_a_flood_of_warnings_does_not_push_out_the_applications_events(world: World) -> None:
    """Beyond 32 they are counted, and what was dropped is counted too."""
    with cxotel.journey("call", journey_id=fresh_id()), recorder(world) as call:
        for number in range(50):
            call.feed(rated(91.0, leg=f"leg-{number}", loss=0.5))

    assert len(warned(world.span("call"))) == 32
    ((_, raised),) = world.metric(metrics.CX_MEDIA_WARNING_COUNT)
    assert raised == 50
    assert ({semconv.CX_TELEMETRY_TABLE: "media warnings"}, 18) in world.metric(
        metrics.CX_TELEMETRY_DROPPED
    )


def one_way(start: float, packets: int) -> tuple[MediaQuality, ...]:
    """Make a moment in which the far end hears us, and sends this many packets."""
    inbound = MediaQuality(
        source="webrtc",
        leg="a",
        direction="inbound",
        codec="PCMU",
        start=start,
        duration=5.0,
        packets=packets,
        loss=0.0 if packets else None,
    )
    outbound = MediaQuality(
        source="webrtc", leg="b", direction="outbound", codec="PCMU", loss=0.0, duration=5.0
    )
    return inbound, outbound


def test_one_way_audio_counts_from_when_it_began(world: World) -> None:
    """Once it is sure that only one side hears, the seconds before count too: R = 0 for them."""
    with cxotel.journey("call", channel="voice", journey_id=fresh_id()), recorder(world) as call:
        for number, packets in enumerate((250, 250, 250, 250, 0, 0, 0, 0)):
            call.feed(one_way(number * 5.0, packets))
    span = world.span("call")
    inbound, outbound = named(span, semconv.EVENT_CX_MEDIA)

    assert warned(span) == [("one_way_audio", "raised")]
    assert inbound[semconv.CX_MEDIA_SILENT_DURATION] == 20_000
    assert semconv.CX_MEDIA_SILENT_DURATION not in outbound
    assert world.attributes("call")[LOST] == 47  # half of the time, all of 93.2


def test_a_call_on_hold_is_no_one_way_audio(world: World) -> None:
    """Media may stop where the application says that it does."""
    with cxotel.journey("call", channel="voice", journey_id=fresh_id()), recorder(world) as call:
        call.feed(one_way(0.0, 250))
        with call.on_hold():
            for number in range(1, 9):
                call.feed(one_way(number * 5.0, 0))

    assert warned(world.span("call")) == []
    assert LOST not in world.attributes("call")


def test_a_recorder_that_outlives_its_journey_tells_late(world: World) -> None:
    """The media of a call may end after its handler: then the summary is linked to it."""
    journey_id = fresh_id()
    call = recorder(world)
    with cxotel.journey("call", channel="voice", journey_id=journey_id, contact_id="CA1"):
        call.start()
        call.feed(rated(91.0, start=0.0, leg="a"))
        cxotel.outcome("resolved")
    call.feed(rated(51.2, start=5.0, leg="a"))
    call.close()
    call.close()
    late = world.span("media_quality rtp")
    (link,) = late.links

    assert isinstance(link, Link)
    assert f"{link.context.trace_id:032x}" == trace_id(world.span("call"))
    assert dict(late.attributes or {})[semconv.CX_MEDIA_R] == 71
    assert count(world, metrics.CX_MEDIA_R) == 2
    record = world.processor.record(journey_id)
    assert record is not None
    assert journey_score(record).value == 71


def test_outside_of_a_journey_the_span_that_runs_gets_the_summary(world: World) -> None:
    """Whoever traces calls by other means finds warnings and quality on them."""
    with world.request("POST /calls"), recorder(world) as call:
        call.feed(rated(loss=0.5))
    span = world.span("POST /calls")

    assert len(named(span, semconv.EVENT_CX_MEDIA)) == 1
    assert warned(span) == [("loss_burst", "raised")]


def test_outside_of_everything_there_are_metrics(world: World) -> None:
    """A media server needs no traces to have its dashboards."""
    with recorder(world) as call:
        call.feed(rated())
    call.feed(rated())

    assert count(world, metrics.CX_MEDIA_R) == 1  # what comes after the end is not recorded
    assert world.spans() == []


def test_intervals_may_come_from_any_thread(world: World) -> None:
    """Packets are read in threads of their own; nothing is lost and the journey is the same."""
    with cxotel.journey("call", channel="voice", journey_id=fresh_id()), recorder(world) as call:

        def work(name: str) -> None:
            for second in range(100):
                call.feed(rated(73.2, 1.0, leg=name, start=float(second), jitter=0.01))

        threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    here = {trace_id(world.span("call"))}
    assert exemplars(world) == dict.fromkeys(
        (metrics.CX_MEDIA_R, metrics.CX_MEDIA_MOS, metrics.CX_MEDIA_JITTER), here
    )
    assert count(world, metrics.CX_MEDIA_R) == 400
    assert len(named(world.span("call"), semconv.EVENT_CX_MEDIA)) == 4
    assert world.attributes("call")[LOST] == 20


def test_more_legs_than_a_call_has_are_let_go_and_counted(world: World) -> None:
    """A source that changes its id with every packet costs no memory without end."""
    with cxotel.journey("call", journey_id=fresh_id()), recorder(world) as call:
        for number in range(100):
            call.feed(rated(leg=f"leg-{number}"))

    assert len(named(world.span("call"), semconv.EVENT_CX_MEDIA)) == 64
    assert ({semconv.CX_TELEMETRY_TABLE: "media legs"}, 36) in world.metric(
        metrics.CX_TELEMETRY_DROPPED
    )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_leaves_its_parents_call_alone(world: World) -> None:
    """The parent sums its call up; the child neither adds to it nor hangs on its lock."""
    with cxotel.journey("call", journey_id=fresh_id()), recorder(world) as call:
        call.feed(rated())
        child = os.fork()
        if child == 0:
            call.feed(rated())
            call.close()
            os._exit(0 if count(world, metrics.CX_MEDIA_R) <= 1 else 1)
        _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert len(named(world.span("call"), semconv.EVENT_CX_MEDIA)) == 1


# Wrong use


def test_feeding_before_the_begin_is_said_once(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """A recorder that nobody entered records nothing, and says so."""
    call = recorder(world)
    with caplog.at_level(logging.WARNING):
        call.feed(rated())
        call.feed(rated())

    assert [record.getMessage() for record in caplog.records] == [
        "cxotel.MediaRecorder: feed() before `with` or start() records nothing"
    ]


@pytest.mark.parametrize("garbage", [None, 7, "rtp", [object()], {"a": 1}])
def test_garbage_does_not_reach_the_application(world: World, garbage: Any) -> None:
    """What is no record is left out."""
    with recorder(world) as call:
        call.feed(garbage)

    assert count(world, metrics.CX_MEDIA_R) == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"interval": 0.0}, "interval"),
        ({"interval": "5"}, "interval"),
        ({"interval": float("nan")}, "interval"),
        ({"longest": -1}, "longest"),
        ({"layer": "cellar"}, "layer"),
    ],
)
def test_a_wrong_option_is_left_out(
    world: World, wrong: dict[str, Any], said: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A typing error costs an option and a log line, never the call."""
    with caplog.at_level(logging.WARNING), recorder(world, **wrong) as call:
        call.feed(rated())

    assert said in caplog.text
    assert count(world, metrics.CX_MEDIA_R) == 1


@pytest.mark.parametrize("connection", [object(), "room", 7])
def test_a_connection_without_statistics_is_said_once(
    world: World, connection: object, caplog: pytest.LogCaptureFixture
) -> None:
    """What cannot be asked is not asked; feeding works all the same."""

    async def call() -> None:
        async with recorder(world, connection) as running:
            running.feed(rated())

    with caplog.at_level(logging.WARNING):
        asyncio.run(call())
        asyncio.run(call())

    assert len(caplog.records) == 1
    assert count(world, metrics.CX_MEDIA_R) == 2


def test_a_connection_needs_a_loop(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """A plain `with` cannot ask a connection; it says how to."""
    with caplog.at_level(logging.WARNING), recorder(world, dict) as call:
        call.feed(rated())

    assert "async with" in caplog.text
    assert count(world, metrics.CX_MEDIA_R) == 1


# Asking a connection


class FarEnd:
    """A connection whose statistics are as the test wants them."""

    def __init__(self, *, hang: bool = False, fail: int = 0) -> None:
        self.connectionState = "connected"
        self.asked = 0
        self.failing = fail
        self.hang = hang

    async def getStats(self) -> dict[str, Any]:  # noqa: N802 - the W3C's name
        """Answer as a browser would."""
        self.asked += 1
        if self.hang:
            await asyncio.Event().wait()
        if self.failing > 0:
            self.failing -= 1
            raise RuntimeError("the transport is gone: +15558675309")
        return {
            "I1": {
                "type": "inbound-rtp",
                "id": "I1",
                "kind": "audio",
                "ssrc": 7,
                "timestamp": 1000.0 * self.asked,
                "packetsReceived": 50 * self.asked,
                "packetsLost": 0,
                "jitter": 0.001,
                "codecId": "C1",
            },
            "C1": {
                "type": "codec",
                "id": "C1",
                "mimeType": "audio/PCMU",
                "clockRate": 8000,
                "timestamp": 1000.0 * self.asked,
            },
        }


async def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    """Let the loop run until something is true."""
    for _ in range(int(seconds * 100)):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came true")


def test_the_connection_is_asked_beside_everything_else(world: World) -> None:
    """Intervals come while the call's own code awaits other things; the last one at the end."""

    async def call() -> None:
        far = FarEnd()
        with cxotel.journey("call", channel="voice", journey_id=fresh_id()):
            async with recorder(world, far, interval=0.1):
                await until(lambda: far.asked >= 3)
            before = far.asked
            await asyncio.sleep(0.25)
            assert far.asked == before
            assert before >= 4

    asyncio.run(call())
    (event,) = named(world.span("call"), semconv.EVENT_CX_MEDIA)

    assert count(world, metrics.CX_MEDIA_R) >= 3
    assert event[semconv.CX_MEDIA_R] == 93
    assert event[semconv.CX_MEDIA_CODEC] == "pcmu"


def test_statistics_that_fail_are_logged_once_and_asked_again(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """A hiccup costs an interval; the log has no word of the library's, which may be a number."""

    async def call() -> None:
        far = FarEnd(fail=3)
        async with recorder(world, far, interval=0.1):
            await until(lambda: count(world, metrics.CX_MEDIA_R) >= 1)

    with caplog.at_level(logging.WARNING):
        asyncio.run(call())

    (line,) = [record.getMessage() for record in caplog.records]
    assert "RuntimeError" in line
    assert "5558675309" not in line


def test_statistics_that_keep_failing_are_given_up(world: World) -> None:
    """A connection that is gone without a word is not asked for ever."""

    async def call() -> int:
        far = FarEnd(fail=10_000)
        async with recorder(world, far, interval=0.1) as running:
            await until(lambda: not running.asking)
        return far.asked

    assert asyncio.run(call()) <= 6


def test_statistics_that_never_come_do_not_hold_the_call_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The block ends although the library's answer does not come."""
    monkeypatch.setattr("cxotel.media.recorder.statistics.LONGEST_WAIT", 0.2)

    async def call() -> None:
        far = FarEnd(hang=True)
        async with recorder(world, far, interval=0.1) as running:
            await until(lambda: far.asked >= 1)
            running.feed(rated())

    asyncio.run(asyncio.wait_for(call(), 20))
    assert count(world, metrics.CX_MEDIA_R) >= 1


def test_a_connection_that_closes_ends_the_record(world: World) -> None:
    """The summary is there when the call is over, although the block goes on."""

    async def call() -> None:
        far = FarEnd()
        with cxotel.journey("call", journey_id=fresh_id()):
            async with recorder(world, far, interval=0.1) as running:
                await until(lambda: far.asked >= 3)
                far.connectionState = "closed"
                await until(lambda: not running.asking)
                asked = far.asked
            assert far.asked == asked

    asyncio.run(call())
    assert len(named(world.span("call"), semconv.EVENT_CX_MEDIA)) == 1


def test_a_recorder_does_not_run_for_ever(world: World) -> None:
    """Who forgets to close it pays for so many hours and no more."""

    async def call() -> None:
        far = FarEnd()
        running = recorder(world, far, interval=0.1, longest=0.3)
        running.start()
        await until(lambda: not running.asking)
        assert 2 <= far.asked <= 6

    asyncio.run(call())


def test_a_cancelled_call_is_summed_up(world: World) -> None:
    """Cancellation passes through, and what was heard until then is told."""

    async def call() -> None:
        far = FarEnd()

        async def handle() -> None:
            with cxotel.journey("call", journey_id=fresh_id()):
                async with recorder(world, far, interval=0.1):
                    await asyncio.Event().wait()

        task = asyncio.create_task(handle())
        await until(lambda: count(world, metrics.CX_MEDIA_R) >= 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(call())
    assert len(named(world.span("call"), semconv.EVENT_CX_MEDIA)) == 1


def test_a_loop_that_ends_sums_up_what_nobody_closed(world: World) -> None:
    """The program may end in the middle of a call: no warning of asyncio, and no loss."""

    async def call() -> None:
        far = FarEnd()
        recorder(world, far, interval=0.1).start()
        await until(lambda: far.asked >= 3)

    with world.request("POST /calls"):
        asyncio.run(call())
        gc.collect()

    assert len(named(world.span("POST /calls"), semconv.EVENT_CX_MEDIA)) == 1
    assert count(world, metrics.CX_MEDIA_R) >= 2
    assert shield.errors() == {}


def test_closing_after_the_loop_has_ended_is_no_trouble(world: World) -> None:
    """A `finally` of the program may come late."""
    loop = asyncio.new_event_loop()
    far = FarEnd()
    running = recorder(world, far, interval=0.1)

    async def begin() -> None:
        running.start()
        await until(lambda: far.asked >= 2)

    loop.run_until_complete(begin())
    task = running._task  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    assert task is not None
    task.cancel()
    with suppress(asyncio.CancelledError):
        loop.run_until_complete(task)
    loop.close()
    running.close()

    assert count(world, metrics.CX_MEDIA_R) >= 1


@pytest.mark.parametrize("nothing", [{}, [], [{"no": "type"}]])
def test_a_connection_without_streams_yet_is_no_error(world: World, nothing: Any) -> None:
    """Before there is sound, libraries answer in odd ways; the log stays quiet."""
    far = FarEnd()
    answers = [nothing, nothing]

    async def ask() -> Any:
        return answers.pop() if answers else await far.getStats()

    async def call() -> None:
        async with recorder(world, ask, interval=0.1):
            await until(lambda: count(world, metrics.CX_MEDIA_R) >= 1)

    asyncio.run(call())
    assert shield.errors() == {}


@pytest.mark.parametrize("answered", ["local", "remote"])
def test_the_codec_is_the_one_that_was_answered(answered: str) -> None:
    """An offer lists what one side can do; the answer begins with what both will do."""
    offer = SimpleNamespace(
        type="offer",
        sdp="m=video 9 RTP/AVP 0\r\na=rtpmap:0 VP8/90000\r\n"
        "m=audio 9 RTP/AVP 96 8\r\na=rtpmap:96 opus/48000/2\r\na=rtpmap:8 PCMA/8000\r\n",
    )
    answer = SimpleNamespace(type="answer", sdp="m=audio 9 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n")
    local, remote = (answer, offer) if answered == "local" else (offer, answer)
    connection = SimpleNamespace(localDescription=local, remoteDescription=remote)

    assert negotiated(connection) == ("PCMA", 8000)


def test_a_plain_function_may_give_the_statistics(world: World) -> None:
    """Statistics that a browser sent are recorded like those of a library."""
    far = FarEnd()

    async def call() -> None:
        async with recorder(world, far.getStats, interval=0.1):
            await until(lambda: far.asked >= 3)

    asyncio.run(call())
    assert count(world, metrics.CX_MEDIA_R) >= 2
