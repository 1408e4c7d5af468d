"""Bounded memory: what never ends, what ended long ago, and what a forked child knows."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from opentelemetry.context import Context

import cxotel
from cxotel import clock, semconv
from cxotel import context as journeys
from cxotel.experience import processor
from cxotel.experience.processor import ExperienceProcessor, Shared
from cxotel.experience.tables import Tables
from cxotel.semconv import metrics
from tests.experience.spans import World

if TYPE_CHECKING:
    from collections.abc import Iterator

ID = semconv.CX_JOURNEY_ID


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A process whose tables hold 64 open and 32 ended spans, and 50 records."""
    monkeypatch.setattr(processor, "SHARED", Shared(Tables(max_live=64, max_ended=32), 50))
    with World() as world:
        yield world


def tables() -> Tables:
    """Return the tables in use."""
    return processor.SHARED.registry.tables


def test_spans_that_never_end_are_dropped_oldest_first_and_counted(small: World) -> None:
    """A leak in the application is not one of ours: what was dropped is told in a metric."""
    for _ in range(500):
        small.app.start_span("leaked", Context())
    assert len(tables().live) <= 64
    ((attributes, dropped),) = small.metric(metrics.CX_TELEMETRY_DROPPED)
    assert attributes == {semconv.CX_TELEMETRY_TABLE: "open spans"}
    assert dropped == 500 - len(tables().live)


def test_a_journey_that_was_dropped_is_open_no_more(small: World) -> None:
    """The number of open journeys comes back to zero, and the forgotten journey ends in peace."""
    with cxotel.journey("refund"):
        for _ in range(100):
            small.app.start_span("leaked", Context())
        small.call()
    assert small.metric(metrics.CX_JOURNEY_OPEN) == [({semconv.CX_JOURNEY_NAME: "refund"}, 0)]


def test_a_segment_of_yesterday_is_dropped_for_its_age(
    small: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has been open for more than a day is taken for something that never ends."""
    small.app.start_span("leaked", Context())
    now = clock.now_ns()
    monkeypatch.setattr(clock, "now_ns", lambda: now + 25 * 3600 * 10**9)
    for _ in range(40):
        small.app.start_span("short", Context()).end()
    assert len(tables().live) == 0


def test_spans_that_ended_long_ago_are_forgotten(small: World) -> None:
    """A child of a parent that nobody remembers belongs to no segment, and is left alone."""
    with small.request(**{ID: "j-1"}) as request:
        pass
    for _ in range(100):
        small.app.start_span("other", Context()).end()
    assert tables().find(request.get_span_context().span_id) is None
    assert len(tables()) <= 64


def test_after_the_last_processors_shutdown_nobody_follows_journeys(small: World) -> None:
    """What was set up is undone; one of two that is shut down is not enough."""
    follower = processor.SHARED.follower
    second = ExperienceProcessor()
    small.processor.shutdown()
    assert follower in journeys.observers()
    second.shutdown()
    assert follower not in journeys.observers()


def test_many_journeys_take_no_more_memory_than_few(small: World) -> None:
    """Tables stay within their bounds, and nothing else is kept, however many were served."""

    def serve(number: int) -> Counter[str]:
        for _ in range(number):
            with cxotel.journey("refund", channel="voice"), cxotel.step("find order"):
                small.call(3.0)
                small.call(0.1, error="Timeout")
        small.exporter.clear()
        gc.collect()
        ours = "cxotel.experience"
        return Counter(
            type(each).__name__
            for each in gc.get_objects()
            if str(type(each).__module__).startswith(ours)
        )

    serve(60)
    before, after = serve(10), serve(150)
    assert len(tables()) <= 64 + 64
    assert not after - before  # nothing is more than it was


FORKING = """
import json, os, sys
import cxotel
from cxotel.experience import processor
from tests.experience.spans import World

with World() as world, cxotel.journey("refund", journey_id="j-1", channel="voice"):
    inherited = world.app.start_span("inherited")
    read, write = os.pipe()
    if os.fork() == 0:
        inherited.end()
        known = len(processor.SHARED.registry.tables.live)
        world.call(8.0)
        calls = [s for s in world.spans() if s.name == "query salesforce"]
        told = {key: str(value) for key, value in (calls[-1].attributes or {}).items()}
        record = world.processor.record("j-1")
        os.write(write, json.dumps([known, told, len(record.segments) if record else 0]).encode())
        os._exit(0)
    os.wait()
    sys.stdout.write(os.read(read, 65536).decode())
    inherited.end()
    world.call(8.0)
print()
segments = len(world.processor.record("j-1").segments)
print(json.dumps([segments, world.attributes("refund")["cx.journey.id"]]))
"""


def test_a_forked_child_scores_nothing_of_its_parents() -> None:
    """What was open is the parent's; what the child does is a segment of the same journey."""
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", FORKING], capture_output=True, text=True, check=True
    )
    child, parent = (json.loads(line) for line in ran.stdout.splitlines())
    known, told, segments = child
    assert known == 0
    assert told[ID] == "j-1"
    assert semconv.CX_EXPERIENCE_CLASS in told
    assert segments == 1
    assert parent == [1, "j-1"]
    assert ran.stderr == ""
