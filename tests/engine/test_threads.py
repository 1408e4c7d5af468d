"""Work that a client hands to threads belongs to the caller's trace, in the named functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry import trace

import cxotel
from cxotel.engine import Operation, Target, Vendor
from tests.engine import toy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    from tests.engine.conftest import ScriptedServer


@pytest.fixture(autouse=True)
def no_pool() -> Iterator[None]:
    """End the pool that stays, so that each test begins without one."""
    yield
    while toy.POOL:
        pool = toy.POOL.pop()
        pool.close()
        pool.join()


def vendor(*scopes: str) -> Vendor:
    """Return the toy's description, with *scopes* that hand work to threads."""
    return Vendor(
        name="toy",
        layer="channel",
        requires=("pytest",),
        clients=("tests.engine.toy",),
        targets=(Target("tests.engine.toy", "fetch"),),
        scopes=tuple(Target("tests.engine.toy", name) for name in scopes),
        operations={"": Operation("fetch")},
    )


@pytest.mark.parametrize(
    ("style", "calls"), [("in_a_pool", 2), ("in_a_pool_that_stays", 1), ("in_a_thread", 1)]
)
def test_calls_on_threads_join_the_callers_trace(
    style: str,
    calls: int,
    server: ScriptedServer,
    provider: TracerProvider,
    spans: InMemorySpanExporter,
) -> None:
    """Each call made on a thread is a child of the span that was current."""
    cxotel.instrument(vendor(style), tracer_provider=provider)
    function: Any = getattr(toy, style)

    with provider.get_tracer("app").start_as_current_span("caller") as caller:
        function(server.url)

    made = [span for span in spans.get_finished_spans() if span.name == "fetch toy"]
    assert [span.parent and span.parent.span_id for span in made] == [
        caller.get_span_context().span_id
    ] * calls


def test_other_threads_are_left_alone(
    server: ScriptedServer, provider: TracerProvider, spans: InMemorySpanExporter
) -> None:
    """A pool that no table names starts with an empty context, as Python has it."""
    cxotel.instrument(vendor("in_a_thread"), tracer_provider=provider)

    with provider.get_tracer("app").start_as_current_span("caller"):
        toy.in_a_pool(server.url)

    made = [span for span in spans.get_finished_spans() if span.name == "fetch toy"]
    assert [span.parent for span in made] == [None, None]
    assert trace.get_current_span() is trace.INVALID_SPAN


def test_a_pool_that_stays_belongs_to_nobody(
    server: ScriptedServer, provider: TracerProvider, spans: InMemorySpanExporter
) -> None:
    """Work is its caller's, also on threads that were started for an earlier caller."""
    cxotel.instrument(vendor("in_a_pool_that_stays"), tracer_provider=provider)
    tracer = provider.get_tracer("app")

    with tracer.start_as_current_span("first"):
        toy.in_a_pool_that_stays(server.url)
    with tracer.start_as_current_span("second") as second:
        toy.in_a_pool_that_stays(server.url)
    toy.POOL[0].apply(toy.fetch, (server.url,))

    parents = [span.parent for span in spans.get_finished_spans() if span.name == "fetch toy"]
    assert parents[1] is not None
    assert parents[1].span_id == second.get_span_context().span_id
    assert parents[2] is None
