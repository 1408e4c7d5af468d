"""Real spans for the tests of the processor: providers in memory, and calls of made-up vendors."""

from __future__ import annotations

import itertools
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, TraceFlags

from cxotel import semconv
from cxotel.context import current, observers
from cxotel.experience.processor import ExperienceProcessor
from cxotel.journey import set_provider

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from types import TracebackType

    from opentelemetry.sdk.trace.sampling import Sampler
    from opentelemetry.trace import Span, Tracer
    from opentelemetry.util.types import AttributeValue
    from typing_extensions import Self

SECOND = 1_000_000_000
_numbers = itertools.count(1)
CALL: dict[str, AttributeValue] = {
    semconv.CX_EVIDENCE_KIND: "call",
    semconv.CX_LAYER: "business_system",
    semconv.CX_SYSTEM: "salesforce",
    semconv.CX_OPERATION_NAME: "query",
}


class World:
    """A process with one tracer provider, its experience processor, and what both have emitted."""

    def __init__(
        self,
        *,
        processor_first: bool = True,
        sampler: Sampler | None = None,
        owners: Mapping[str, str] | None = None,
    ) -> None:
        self.exporter = InMemorySpanExporter()
        self.reader = InMemoryMetricReader()
        self.meters = MeterProvider([self.reader], shutdown_on_exit=False)
        self.provider = TracerProvider(sampler=sampler, shutdown_on_exit=False)
        self.processor = ExperienceProcessor(owners=owners or {}, meter_provider=self.meters)
        processors = [self.processor, SimpleSpanProcessor(self.exporter)]
        for each in processors if processor_first else reversed(processors):
            self.provider.add_span_processor(each)

    def __enter__(self) -> Self:
        set_provider(self.provider)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        set_provider(None)
        self.provider.shutdown()
        self.meters.shutdown()

    @property
    def app(self) -> Tracer:
        """The tracer of a library that knows nothing of journeys."""
        return self.provider.get_tracer("starlette.like")

    @contextmanager
    def request(self, name: str = "POST /calls", **attributes: AttributeValue) -> Generator[Span]:
        """Serve a request as a web framework would, in a trace that another process began."""
        parent = SpanContext(0xABC0 + id(self), 0xDEF, is_remote=True, trace_flags=TraceFlags(1))
        context = trace.set_span_in_context(NonRecordingSpan(parent), Context())
        with self.app.start_as_current_span(
            name, context, kind=SpanKind.SERVER, attributes=attributes
        ) as span:
            yield span

    def call(
        self,
        seconds: float = 0.1,
        *,
        system: str = "salesforce",
        after: float = -60,
        error: str | None = None,
        told: bool = True,
        more: Mapping[str, AttributeValue] | None = None,
    ) -> ReadableSpan:
        """Make a call of a vendor as the engine would.

        Args:
            seconds: How long it took.
            system: The vendor.
            after: When it began, in seconds from now.
            error: Type of the error that it ended with.
            told: Whether observers are told before its end; otherwise its end must do.
            more: Further attributes.
        """
        began = time.time_ns() + int(after * SECOND)
        over = began + int(seconds * SECOND)
        given = dict(more or {})
        now = current()
        if now is not None and now.step:
            given = {semconv.CX_STEP_NAME: now.step, **given}
        span = self.provider.get_tracer(f"cxotel.{system}").start_span(
            f"query {system}",
            kind=SpanKind.CLIENT,
            attributes={**CALL, semconv.CX_SYSTEM: system, **given},
            start_time=began,
        )
        if error is not None:
            span.set_attribute(semconv.ERROR_TYPE, error)
        for observer in observers() if told else ():
            observer.ending(span, began, over)
        span.end(over)
        assert isinstance(span, ReadableSpan)
        return span

    def spans(self) -> list[ReadableSpan]:
        """All spans that were exported, in the order of their ends."""
        return list(self.exporter.get_finished_spans())

    def span(self, name: str) -> ReadableSpan:
        """The only exported span of this name."""
        (found,) = [each for each in self.spans() if each.name == name]
        return found

    def attributes(self, name: str) -> dict[str, Any]:
        """The attributes of the only exported span of this name."""
        return dict(self.span(name).attributes or {})

    def metric(self, name: str) -> list[tuple[dict[str, Any], Any]]:
        """Each point of a metric: its attributes, and its value or (count, sum)."""
        data = self.reader.get_metrics_data()
        return [
            (dict(point.attributes or {}), _value(point))
            for resource in (data.resource_metrics if data else ())
            for scope in resource.scope_metrics
            for metric in scope.metrics
            if metric.name == name
            for point in metric.data.data_points
        ]


def _value(point: Any) -> Any:
    return point.value if hasattr(point, "value") else (point.count, point.sum)


def span_id(span: ReadableSpan | Span) -> int:
    """Return a span's id."""
    context = span.get_span_context()
    assert context is not None
    return context.span_id


def trace_id(span: ReadableSpan | Span) -> str:
    """Return the id of a span's trace, as it is written."""
    context = span.get_span_context()
    assert context is not None
    return f"{context.trace_id:032x}"


def fresh_id() -> str:
    """Return a journey id that no other test uses."""
    return f"fresh-{next(_numbers)}"


def next_millisecond() -> None:
    """Return once the clock shows another millisecond: of two facts in one, the worse counts."""
    now = time.time_ns() // 1_000_000
    while time.time_ns() // 1_000_000 == now:
        pass
