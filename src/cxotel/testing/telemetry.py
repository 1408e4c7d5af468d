"""Telemetry that stays in memory: what your code emits, as plain values and as exported bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.metrics import (
    Counter,
    Histogram,
    MeterProvider,
    ObservableCounter,
    ObservableUpDownCounter,
    UpDownCounter,
)
from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    InMemoryMetricReader,
    MetricsData,
)
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor, TracerProvider

from cxotel.journey import set_provider
from cxotel.testing.ids import SequentialIds
from cxotel.testing.logs import LogKeeper, log_request
from cxotel.testing.plain import plain_metrics, plain_span

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from opentelemetry.context import Context
    from opentelemetry.sdk.trace.sampling import Sampler
    from typing_extensions import Self

_KINDS = (
    Counter,
    Histogram,
    ObservableCounter,
    ObservableUpDownCounter,
    UpDownCounter,
)


class _SpanKeeper(SpanProcessor):
    """Keeps spans in the order they were started, and knows which are still open."""

    def __init__(self) -> None:
        self.started: list[int] = []
        self.ended: list[ReadableSpan] = []

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        self.started.append(span.get_span_context().span_id)

    def on_end(self, span: ReadableSpan) -> None:
        self.ended.append(span)

    def in_order(self) -> list[ReadableSpan]:
        position = {span_id: place for place, span_id in enumerate(list(self.started))}
        return sorted(self.ended, key=lambda span: position.get(_span_id(span), -1))


def _span_id(span: ReadableSpan) -> int:
    context = span.get_span_context()
    return context.span_id if context else 0


class Telemetry:
    """A tracer provider, a meter provider and telemetry's own log, all kept in memory.

    While it is entered, journeys use it, and ids count from 1. Hand its providers to whatever
    else is to be watched: `cxotel.instrument("twilio", tracer_provider=telemetry.tracer_provider)`.

    Args:
        processors: Span processors that run before spans are kept, such as `ExperienceProcessor`.
        sampler: Which spans are kept; all if left out.

    Example:
        >>> import cxotel
        >>> with Telemetry() as telemetry:
        ...     with cxotel.journey("refund", channel="voice"):
        ...         pass
        >>> [(span["name"], span["span_id"][-1]) for span in telemetry.spans]
        [('refund', '1')]
        >>> b"refund" in telemetry.exported()
        True
    """

    def __init__(
        self, *, processors: Iterable[SpanProcessor] = (), sampler: Sampler | None = None
    ) -> None:
        resource = Resource({SERVICE_NAME: "cxotel-testing"})
        self._spans = _SpanKeeper()
        self._logs = LogKeeper()
        self._reader = InMemoryMetricReader(
            preferred_temporality=dict.fromkeys(_KINDS, AggregationTemporality.DELTA)
        )
        self._collected: list[MetricsData] = []
        self.tracer_provider = TracerProvider(
            sampler=sampler,
            resource=resource,
            id_generator=SequentialIds(),
            shutdown_on_exit=False,
        )
        for processor in (*processors, self._spans):
            self.tracer_provider.add_span_processor(processor)
        self.meter_provider = MeterProvider(
            [self._reader], resource=resource, shutdown_on_exit=False
        )

    @property
    def finished(self) -> list[ReadableSpan]:
        """The ended spans as the SDK has them, in the order they were started."""
        return self._spans.in_order()

    @property
    def spans(self) -> list[dict[str, Any]]:
        """The ended spans as dictionaries, in the order they were started."""
        return [plain_span(span) for span in self.finished]

    @property
    def open_spans(self) -> int:
        """How many spans were started and have not ended."""
        return len(self._spans.started) - len(self._spans.ended)

    @property
    def metrics(self) -> list[dict[str, Any]]:
        """The metrics recorded so far, as dictionaries."""
        self._collect()
        return plain_metrics(self._collected)

    @property
    def logs(self) -> list[dict[str, Any]]:
        """The lines that cxotel and OpenTelemetry logged while this was entered."""
        return list(self._logs.lines)

    def clear(self) -> None:
        """Forget everything that was kept; ids go on counting."""
        self._collect()
        self._collected.clear()
        self._spans.started.clear()
        self._spans.ended.clear()
        self._logs.lines.clear()

    def exported(self) -> bytes:
        """Return traces, metrics and logs as the OTLP exporters would put them on the wire."""
        from opentelemetry.exporter.otlp.proto.common.metrics_encoder import encode_metrics
        from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans

        self._collect()
        sampled = [
            span
            for span in self.finished
            if (context := span.get_span_context()) and context.trace_flags.sampled
        ]
        return b"".join(
            [
                encode_spans(sampled).SerializeToString(),
                *(encode_metrics(data).SerializeToString() for data in self._collected),
                log_request(self._logs.lines).SerializeToString(),
            ]
        )

    def _collect(self) -> None:
        data = self._reader.get_metrics_data()
        if data is not None:
            self._collected.append(data)

    def __enter__(self) -> Self:
        """Watch journeys and telemetry's log."""
        self._logs.start()
        set_provider(self.tracer_provider)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Watch no longer; what was kept can still be read."""
        set_provider(None)
        self._logs.stop()
        self._collect()
        self.meter_provider.shutdown()
        self.tracer_provider.shutdown()
