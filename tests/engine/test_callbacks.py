"""Clients that deliver a reply to a function of the caller's, on a thread of their own."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

import cxotel
from cxotel.engine import Operation, Target, Vendor, body
from tests.engine import toy

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    from tests.engine.conftest import ScriptedServer

VENDOR = Vendor(
    name="toy",
    layer="channel",
    requires=("pytest",),
    clients=("tests.engine.toy",),
    targets=(
        Target("tests.engine.toy", "tell", callback="done"),
        Target("tests.engine.toy", "fetch"),
    ),
    scopes=(Target("tests.engine.toy", "tell_later"),),
    identify=lambda call: call.function,
    document=lambda reply: {"status": reply},
    operations={
        "tell": Operation("tell", response={"toy.status": body("status")}),
        "fetch": Operation("fetch"),
    },
)


def parents(spans: InMemorySpanExporter) -> dict[str, int | None]:
    """Return the parent of each span that ended, by the span's name."""
    return {
        span.name: span.parent.span_id if span.parent else None
        for span in spans.get_finished_spans()
    }


def test_a_call_ends_before_its_callback_runs(
    server: ScriptedServer, provider: TracerProvider, spans: InMemorySpanExporter
) -> None:
    """What the caller does with the reply is not the vendor's time, and its calls are its own."""
    cxotel.instrument(VENDOR, tracer_provider=provider)
    ended: list[str] = []

    def done(status: int) -> None:
        ended.extend(span.name for span in spans.get_finished_spans())
        toy.fetch(server.url)
        assert status == 200

    with provider.get_tracer("app").start_as_current_span("caller") as caller:
        toy.tell_later(server.url, done).join()

    assert ended == ["tell toy"]
    mine = caller.get_span_context().span_id
    assert parents(spans) == {"tell toy": mine, "fetch toy": mine, "caller": None}
    told = next(span for span in spans.get_finished_spans() if span.name == "tell toy")
    assert (told.attributes or {})["toy.status"] == 200


def test_without_a_callback_the_reply_is_what_was_returned(
    server: ScriptedServer, provider: TracerProvider, spans: InMemorySpanExporter
) -> None:
    """The same function, called without one, is observed like any other."""
    cxotel.instrument(VENDOR, tracer_provider=provider)

    assert toy.tell(server.url) == 200

    (span,) = spans.get_finished_spans()
    assert (span.attributes or {})["toy.status"] == 200


def test_a_callback_that_fails_is_no_failure_of_the_vendors(
    server: ScriptedServer, provider: TracerProvider, spans: InMemorySpanExporter
) -> None:
    """The vendor had answered; the exception goes where it would have gone."""
    cxotel.instrument(VENDOR, tracer_provider=provider)

    def done(_: Any) -> None:
        raise LookupError(threading.current_thread().name)

    with pytest.raises(LookupError):
        toy.tell(server.url, done)

    (span,) = spans.get_finished_spans()
    assert span.status.status_code.name == "UNSET"
