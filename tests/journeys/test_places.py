"""Journeys in threads, in tasks, in forked children and in other processes."""

from __future__ import annotations

import asyncio
import contextvars
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import pytest
from opentelemetry import baggage, propagate, trace
from opentelemetry import context as otel_context
from opentelemetry.trace import SpanKind

import cxotel
from backends.listening import Listening, Quiet
from tests.journeys.telemetry import Telemetry, parent_id, spot

if TYPE_CHECKING:
    from collections.abc import Iterator


def _place() -> str | None:
    now = cxotel.current_journey()
    return now.id if now else None


async def test_tasks_started_inside_are_part_of_the_journey(told: Telemetry) -> None:
    """Concurrent tasks of one journey share it; concurrent journeys do not mix."""

    async def look_up(name: str) -> str | None:
        with cxotel.step(name):
            await asyncio.sleep(0)
            return _place()

    @cxotel.journey("refund", journey_id=lambda name: name)
    async def handle(name: str) -> list[str | None]:
        return list(await asyncio.gather(look_up(f"{name}-a"), look_up(f"{name}-b")))

    seen = await asyncio.gather(*(handle(f"j-{n}") for n in range(8)))
    assert seen == [[f"j-{n}"] * 2 for n in range(8)]
    for span in told.spans():
        attributes = span.attributes or {}
        if "cx.step.name" in attributes:
            assert str(attributes["cx.step.name"])[:-2] == attributes["cx.journey.id"]


def test_journeys_in_many_threads_do_not_mix(told: Telemetry) -> None:
    """Each thread that opens a journey has its own."""

    @cxotel.journey("refund", contact_id=lambda name: name)
    def handle(name: str) -> str | None:
        with cxotel.step(f"of {name}"):
            return _place()

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(handle, [f"c-{n}" for n in range(64)]))
    assert len(set(ids)) == 64
    for journey_id, number in zip(ids, range(64), strict=True):
        assert told.attributes(f"of c-{number}")["cx.journey.id"] == journey_id


async def test_a_thread_is_inside_only_where_its_context_is_carried(told: Telemetry) -> None:
    """`asyncio.to_thread` carries the journey; a pool's thread needs a copy of the context."""
    with cxotel.journey("refund", journey_id="j-1"):
        carried = await asyncio.to_thread(_place)
        with ThreadPoolExecutor(1) as pool:
            alone = pool.submit(_place).result()
            copied = pool.submit(contextvars.copy_context().run, _place).result()
    assert (carried, alone, copied) == ("j-1", None, "j-1")


async def test_a_task_that_outlives_its_journey_still_belongs_to_it(
    told: Telemetry, caplog: pytest.LogCaptureFixture
) -> None:
    """Late work keeps the id; what it says comes too late; a block in it is a new segment."""
    go_on = asyncio.Event()

    async def late() -> None:
        await go_on.wait()
        with cxotel.step("late step"):
            pass
        cxotel.outcome("failed")
        cxotel.outcome("failed")
        with cxotel.journey("after-work"):
            cxotel.outcome("resolved")

    with cxotel.journey("refund") as now:
        task = asyncio.create_task(late())
    go_on.set()
    await task
    assert told.names() == ["refund", "late step", "after-work"]
    assert [told.attributes(name)["cx.journey.id"] for name in told.names()] == [now.id] * 3
    assert "cx.journey.outcome" not in told.attributes("refund")
    assert told.attributes("after-work")["cx.journey.outcome"] == "resolved"
    assert told.attributes("after-work")["cx.journey.name"] == "after-work"
    assert told.span("after-work").links == ()
    assert [each.message for each in caplog.records] == [
        "cxotel.outcome: the journey's block has ended, so nothing is recorded"
    ]


CHILD = """
import json, os, sys
from opentelemetry import propagate
from opentelemetry.context import attach
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
import cxotel
from cxotel.journey import set_provider

exporter = InMemorySpanExporter()
provider = TracerProvider(shutdown_on_exit=False)
provider.add_span_processor(SimpleSpanProcessor(exporter))
set_provider(provider)
"""


def _in_child(code: str, *args: str) -> Any:
    """Run code in a process of its own, and return the JSON that it prints."""
    # From Python 3.12 on, forking beside another thread warns; doing so is what is tested.
    warnings = ("-W", "error::UserWarning", "-W", "ignore::DeprecationWarning")
    done = subprocess.run(
        [sys.executable, *warnings, "-c", CHILD + code, *args],
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout)


CONTINUES = """
attach(propagate.extract(json.loads(sys.argv[1])))
with cxotel.journey("shipping") as now, cxotel.step("print label"):
    pass
print(json.dumps([json.loads(span.to_json()) for span in exporter.get_finished_spans()]))
"""


def test_another_process_continues_the_journey_in_the_same_trace(told: Telemetry) -> None:
    """With headers that W3C propagation wrote, another process is a segment of the journey."""
    with cxotel.journey("refund", journey_id="j-1") as now, cxotel.step("ship"):
        headers: dict[str, str] = {}
        propagate.inject(headers)
        label, shipping = _in_child(CONTINUES, json.dumps(headers))
    assert now.id == "j-1"
    assert set(headers) == {"traceparent", "baggage"}
    assert shipping["attributes"]["cx.journey.id"] == "j-1"
    assert label["attributes"]["cx.journey.id"] == label["attributes"]["session.id"] == "j-1"
    ship = spot(told.span("ship"))
    assert shipping["parent_id"] == f"0x{ship.span_id:016x}"
    assert shipping["context"]["trace_id"] == f"0x{ship.trace_id:032x}"


def test_another_process_continues_the_journey_in_a_trace_of_its_own(told: Telemetry) -> None:
    """With the journey id alone, as after a queue, another process starts a new trace."""
    with cxotel.journey("refund") as now:
        headers: dict[str, str] = {}
        propagate.inject(headers)
    del headers["traceparent"]
    _, shipping = _in_child(CONTINUES, json.dumps(headers))
    assert shipping["attributes"]["cx.journey.id"] == now.id
    assert shipping["parent_id"] is None
    assert shipping["context"]["trace_id"] != f"0x{spot(told.span('refund')).trace_id:032x}"


@pytest.fixture
def service(told: Telemetry) -> Iterator[str]:
    """A service of our own on loopback, with a span for each request and a journey in it."""

    class Handler(Quiet):
        def do_GET(self) -> None:
            headers = {name.lower(): text for name, text in self.headers.items()}
            token = otel_context.attach(propagate.extract(headers))
            with (
                told.tracer.start_as_current_span("GET", kind=SpanKind.SERVER),
                cxotel.journey("shipping"),
            ):
                cxotel.outcome("resolved")
            otel_context.detach(token)
            # The answer comes last, so that whoever has it finds the spans ended.
            self.send_response(204)
            self.end_headers()

    with Listening(Handler) as server:
        yield f"http://127.0.0.1:{server.port}/"


def _get(url: str, headers: dict[str, str]) -> None:
    with urlopen(Request(url, headers=headers), timeout=10) as response:  # noqa: S310 - our own server
        assert response.status == 204


def test_a_call_to_an_own_service_over_http_is_one_journey(told: Telemetry, service: str) -> None:
    """Over a real connection, the service's journey is a segment of ours, under its server span."""
    with cxotel.journey("refund") as now:
        headers: dict[str, str] = {}
        propagate.inject(headers)
        _get(service, headers)
    assert told.attributes("shipping")["cx.journey.id"] == now.id
    assert parent_id(told.span("shipping")) == spot(told.span("GET")).span_id
    assert parent_id(told.span("GET")) == spot(told.span("refund")).span_id
    assert "cx.journey.outcome" not in told.attributes("refund")


@pytest.mark.parametrize(
    "garbage", ["", "a%20b", "x" * 65, "%3Cscript%3E", "j%2F1", "%F0%9F%93%9E"]
)
def test_garbage_in_baggage_is_dropped_with_one_line(
    told: Telemetry, service: str, caplog: pytest.LogCaptureFixture, garbage: str
) -> None:
    """What cannot be a journey id is not believed: the service's journey is a new one."""
    for _ in range(2):
        _get(service, {"baggage": f"cx.journey.id={garbage}"})
    first, second = [span for span in told.spans() if span.name == "shipping"]
    for span in (first, second):
        assert (span.attributes or {})["cx.journey.id"] == f"{spot(span).trace_id:032x}"
    ours = [each.message for each in caplog.records if each.name == "cxotel"]
    assert len(ours) == 1
    assert "1 to 64 letters" in ours[0]


def test_only_the_journey_id_crosses(told: Telemetry) -> None:
    """Headers hold the journey id and nothing else that we know; outside a journey, nothing."""
    with cxotel.journey("refund", journey_id="j-1", contact_id="c-1", channel="voice"):
        assert dict(baggage.get_all()) == {"cx.journey.id": "j-1"}
        with cxotel.journey("other", journey_id="j-2"):
            assert dict(baggage.get_all()) == {"cx.journey.id": "j-2"}
    assert dict(baggage.get_all()) == {}


def test_the_applications_own_baggage_stays(told: Telemetry) -> None:
    """A journey adds its id to the baggage that is there."""
    token = otel_context.attach(baggage.set_baggage("tenant", "t-1"))
    with cxotel.journey("refund", journey_id="j-1"):
        assert dict(baggage.get_all()) == {"tenant": "t-1", "cx.journey.id": "j-1"}
    assert dict(baggage.get_all()) == {"tenant": "t-1"}
    otel_context.detach(token)


FORKS = """
def names():
    return [(span.name, span.attributes.get("cx.journey.outcome")) for span in
            exporter.get_finished_spans()]

reading, writing = os.pipe()
with cxotel.journey("refund", journey_id="j-1"):
    child = os.fork()
    if child == 0:
        with cxotel.journey("child's work") as inner:
            cxotel.outcome("resolved")
    else:
        os.waitpid(child, 0)
        cxotel.outcome("unresolved")
if child == 0:
    os.write(writing, json.dumps([names(), inner.id]).encode())
    os._exit(0)
print(json.dumps([names(), json.loads(os.read(reading, 10_000))]))
"""


FORKS_WHILE_BUSY = """
import signal, threading
from cxotel import store

held, done = threading.Event(), threading.Event()

class Slow(store.InMemoryContactStore):
    pass

def keep_busy():
    with busy._table._lock:
        held.set()
        done.wait(30)

busy = Slow()
store.set_store(busy)
thread = threading.Thread(target=keep_busy)
thread.start()
held.wait(30)
child = os.fork()
if child == 0:
    signal.alarm(20)
    with cxotel.journey("refund", contact_id="c-1"):
        pass
    os._exit(0)
status = os.waitpid(child, 0)[1]
done.set()
thread.join()
print(json.dumps(status))
"""


def test_a_fork_while_the_store_is_busy_blocks_nobody() -> None:
    """A child that was forked while another thread used the store can use it all the same."""
    assert _in_child(FORKS_WHILE_BUSY) == 0


def test_a_forked_child_ends_no_span_of_its_parent() -> None:
    """A child's blocks are segments of the journey; the parent's span is ended by the parent."""
    parent, (child, inner_id) = _in_child(FORKS)
    assert parent == [["refund", "unresolved"]]
    assert child == [["child's work", "resolved"]]
    assert inner_id == "j-1"


def test_a_journeys_span_is_current_inside(told: Telemetry) -> None:
    """Other libraries' spans are made under the journey's, and under its step's."""
    with cxotel.journey("refund"):
        with told.tracer.start_as_current_span("GET"):
            pass
        with cxotel.step("look up"), told.tracer.start_as_current_span("SELECT"):
            pass
    assert parent_id(told.span("GET")) == spot(told.span("refund")).span_id
    assert parent_id(told.span("SELECT")) == spot(told.span("look up")).span_id
    assert not trace.get_current_span().get_span_context().is_valid
