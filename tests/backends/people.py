"""Customers whose journeys are known beforehand, made by the real code on a clock set by hand.

Each kind of journey is bad for one reason, or for none, so that a test can tell which reason it was
kept for. Every journey is of two traces: the customer asks, and is called back later.
"""

from __future__ import annotations

import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from opentelemetry import trace
from opentelemetry.sdk.resources import SERVICE_INSTANCE_ID, SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, Status, StatusCode

import cxotel
from cxotel import semconv
from cxotel.experience.processor import ExperienceProcessor
from cxotel.journey.journey import set_provider
from cxotel.testing import FixedClock

if TYPE_CHECKING:
    from collections.abc import Generator

    from opentelemetry.sdk.trace import ReadableSpan

    from cxotel.semconv import CxJourneyOutcome

KINDS: Final = ("good", "poor", "abandoned", "failed", "unresolved", "error")
BAD: Final = KINDS[1:]
_OUTCOMES: Final[dict[str, CxJourneyOutcome]] = {
    "abandoned": "abandoned",
    "failed": "failed",
    "unresolved": "unresolved",
}
_LASTS: Final = {"poor": 345}
"""Seconds that a journey lasts at most, 15 if not named. All end a short while ago: backends do not
expect spans from the future, and Tempo does not find those of long ago."""


@dataclass(frozen=True, slots=True)
class Person:
    """A customer's journey.

    Attributes:
        journey: Its id.
        kind: One of `KINDS`.
        spans: All of its spans, of both traces.
    """

    journey: str
    kind: str
    spans: tuple[ReadableSpan, ...]

    @property
    def traces(self) -> dict[str, int]:
        """How many spans each of its traces has."""
        ids = [trace_id(span) for span in self.spans]
        return {each: ids.count(each) for each in ids}

    @property
    def first(self) -> ReadableSpan:
        """The carrier of the first trace, in which it goes as its kind says."""
        return next(span for span in self.spans if span.name == "refund")


class Service:
    """A service that looks after customers.

    Args:
        name: What it is called.
        clock: The clock that it goes by.
    """

    def __init__(self, name: str, clock: FixedClock) -> None:
        instance = str(uuid.uuid4())
        resource = Resource({SERVICE_NAME: name, SERVICE_INSTANCE_ID: instance})
        self.provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self.score = ExperienceProcessor()
        self.kept = InMemorySpanExporter()
        self.provider.add_span_processor(self.score)
        self.provider.add_span_processor(SimpleSpanProcessor(self.kept))
        self.clock = clock

    def call(
        self, system: str, operation: str, milliseconds: int, *, failing: bool = False, **more: Any
    ) -> None:
        """Make the span that a vendor call leaves."""
        attributes: dict[str, Any] = {
            semconv.CX_EVIDENCE_KIND: "call",
            semconv.CX_EVIDENCE_SHOWS: ["responsiveness", "reliability"],
            semconv.CX_SYSTEM: system,
            semconv.CX_LAYER: "business_system",
            semconv.CX_OPERATION_NAME: operation,
            semconv.SERVICE_PEER_NAME: system,
            **more,
        }
        if failing:
            attributes[semconv.ERROR_TYPE] = "503"
        tracer = self.provider.get_tracer(f"cxotel.{system}")
        span = tracer.start_span(
            f"{operation} {system}",
            kind=SpanKind.CLIENT,
            start_time=self.clock.now_ns,
            attributes=attributes,
        )
        if failing:
            span.set_status(Status(StatusCode.ERROR))
        self.clock.advance(milliseconds)
        span.end(self.clock.now_ns)


@contextmanager
def service(name: str) -> Generator[Service]:
    """Run a service on a clock that is set by hand, and shows a second ago at first."""
    with FixedClock(_ago(1)) as clock:
        running = Service(name, clock)
        set_provider(running.provider)
        try:
            yield running
        finally:
            set_provider(None)
            running.provider.shutdown()


def _ago(seconds: int) -> int:
    return time.time_ns() - seconds * 1_000_000_000


def people(name: str, each: int = 1, kinds: tuple[str, ...] = KINDS) -> list[Person]:
    """Return customers of a service, some of each kind.

    Args:
        name: The service's name.
        each: How many of each kind.
        kinds: Which kinds.
    """
    with service(name) as running:
        return [_person(running, kind) for kind in kinds for _ in range(each)]


def _person(running: Service, kind: str) -> Person:
    journey = uuid.uuid4().hex
    running.kept.clear()
    running.clock.now_ns = _ago(_LASTS.get(kind, 15))
    with cxotel.journey(
        "refund", channel="voice", journey_id=journey, contact_id=str(uuid.uuid4())
    ):
        _ask(running, kind)
    with cxotel.journey("call back", channel="voice", journey_id=journey):
        running.call("twilio", "place_call", 300)
    return Person(journey, kind, tuple(running.kept.get_finished_spans()))


def _ask(running: Service, kind: str) -> None:
    with cxotel.step("find order"):
        running.call("salesforce", "query_order", 90_000 if kind == "poor" else 250)
        if kind == "error":
            running.call("stripe", "create_refund", 250, failing=True)
    if kind == "poor":
        with cxotel.wait("billing"):
            running.clock.advance(240_000)
        for _ in range(3):
            cxotel.handoff("transfer_cold", queue="billing", reason="no_match")
    running.clock.advance(1_000)
    cxotel.outcome(_OUTCOMES.get(kind, "resolved"))


def trace_id(span: ReadableSpan) -> str:
    """Return a span's trace id, 32 hexadecimal digits."""
    context = span.get_span_context()
    return f"{context.trace_id:032x}" if context else ""


def shop(times: int) -> list[ReadableSpan]:
    """Return traces over two services, the second of which calls a vendor."""
    spans: list[ReadableSpan] = []
    for _ in range(times):
        with service("shop") as front, service("orders") as back:
            call = _within(front, "GET /orders", None)
            _within(back, "orders", call, vendor="stripe")
            spans += [*front.kept.get_finished_spans(), *back.kept.get_finished_spans()]
    return spans


def _within(running: Service, name: str, parent: Any, vendor: str | None = None) -> Any:
    """Make a server's span with a client's in it, and return the client's."""
    tracer = running.provider.get_tracer("http")
    above = None if parent is None else trace.set_span_in_context(parent)
    server = tracer.start_span(name, above, kind=SpanKind.SERVER)
    with trace.use_span(server, end_on_exit=True):
        if vendor:
            running.call(vendor, "create_refund", 1)
            return None
        client = tracer.start_span("GET", kind=SpanKind.CLIENT)
        client.end()
        return client
