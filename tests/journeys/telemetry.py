"""Spans as plain values, and an observer that writes down what it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.sampling import Sampler
    from opentelemetry.trace import Span, SpanContext, Tracer
    from opentelemetry.util.types import AttributeValue

    from cxotel.context import Current, Failure, JourneyState


class Telemetry:
    """A tracer provider whose ended spans can be looked at."""

    def __init__(self, sampler: Sampler | None = None) -> None:
        self.exporter = InMemorySpanExporter()
        self.provider = TracerProvider(sampler=sampler, shutdown_on_exit=False)
        self.provider.add_span_processor(SimpleSpanProcessor(self.exporter))

    @property
    def tracer(self) -> Tracer:
        """What another library would make its spans with."""
        return self.provider.get_tracer("another.library")

    def spans(self) -> tuple[ReadableSpan, ...]:
        """All spans that ended, in that order."""
        return self.exporter.get_finished_spans()

    def names(self) -> list[str]:
        """The names of all spans that ended, in that order."""
        return [span.name for span in self.spans()]

    def span(self, name: str) -> ReadableSpan:
        """The only span of this name."""
        (found,) = [span for span in self.spans() if span.name == name]
        return found

    def attributes(self, name: str) -> dict[str, AttributeValue]:
        """The attributes of the only span of this name."""
        return dict(self.span(name).attributes or {})

    def events(self, name: str) -> list[tuple[str, dict[str, AttributeValue]]]:
        """The events of the only span of this name."""
        return [(event.name, dict(event.attributes or {})) for event in self.span(name).events]

    def text(self) -> str:
        """Everything that an exporter sees, as text."""
        return "\n".join(span.to_json() for span in self.spans())


def spot(span: ReadableSpan) -> SpanContext:
    """Where a span is: its trace's id and its own."""
    assert span.context is not None
    return span.context


def parent_id(span: ReadableSpan) -> int | None:
    """The id of the span that this one is in."""
    return span.parent.span_id if span.parent else None


class Witness:
    """Writes down what observers are told."""

    def __init__(self) -> None:
        self.seen: list[tuple[Any, ...]] = []

    def opened(self, journey: JourneyState) -> None:
        """Write down a journey that starts."""
        self.seen.append(("opened", journey.name))

    def noted(
        self, now: Current, event: str, attributes: Mapping[str, AttributeValue], time_ns: int
    ) -> None:
        """Write down an event, its step and its attributes."""
        assert time_ns > 0
        self.seen.append(("noted", event, now.step, dict(attributes)))

    def met(self, now: Current, failure: Failure) -> None:
        """Write down a failure that was met."""
        self.seen.append(("met", now.step, failure.span_id))

    def ending(self, span: Span, start_ns: int, end_ns: int) -> None:
        """Write down a vendor call that ends."""
        self.seen.append(("ending",))

    def closing(self, journey: JourneyState) -> None:
        """Write down a journey that ends, and whether its span is live."""
        self.seen.append(("closing", journey.name, journey.span.is_recording()))
