"""What an observed call costs, against a span by hand and upstream's instrumentations."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from opentelemetry.instrumentation import grpc as upstream_grpc
from opentelemetry.instrumentation.botocore import BotocoreInstrumentor
from opentelemetry.instrumentation.grpc import grpcext
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import SpanKind

import cxotel
from bench.clients import CLIENTS, dialogflow
from bench.measure import Timed, side_by_side

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from opentelemetry.instrumentation.instrumentor import BaseInstrumentor

LOOPS = 40


class Cost(NamedTuple):
    """What observing one vendor's call costs, in microseconds a call."""

    vendor: str
    bare: float
    observed: float
    sampled_out: float
    by_hand: float
    upstream: float

    @property
    def over_by_hand(self) -> float:
        """What we add, over what a span by hand with the same attributes and a record adds."""
        return (self.observed - self.bare) / (self.by_hand - self.bare)

    @property
    def over_upstream(self) -> float:
        """What we add, over what upstream's instrumentation of the layer below adds."""
        return (self.observed - self.bare) / (self.upstream - self.bare)


def costs() -> list[Cost]:
    """Measure every vendor."""
    return [_cost(name) for name in CLIENTS]


def _cost(name: str) -> Cost:
    provider, meters = TracerProvider(), MeterProvider([InMemoryMetricReader()])
    dark = TracerProvider(sampler=ALWAYS_OFF)
    call = CLIENTS[name]()
    timed = side_by_side(
        {
            "bare": Timed(call),
            "observed": Timed(call, lambda: _observed(name, provider, meters)),
            "sampled_out": Timed(call, lambda: _observed(name, dark, meters)),
            "by_hand": Timed(_by_hand(call, provider, meters, _attributes(name, call))),
            "upstream": _upstream(name, call, provider, meters),
        },
        LOOPS,
    )
    return Cost(name, **timed)


def _observed(name: str, provider: TracerProvider, meters: MeterProvider) -> Any:
    return cxotel.instrument(name, tracer_provider=provider, meter_provider=meters)


def _attributes(name: str, call: Callable[[], object]) -> dict[str, Any]:
    """Return the attributes that we give this call: a span by hand gets the same."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with _observed(name, provider, MeterProvider()):
        call()
    return dict(exporter.get_finished_spans()[0].attributes or {})


def _by_hand(
    call: Callable[[], object],
    provider: TracerProvider,
    meters: MeterProvider,
    attributes: dict[str, Any],
) -> Callable[[], object]:
    """Return the call inside a span made by hand: the same attributes, and a histogram's record."""
    tracer = provider.get_tracer("by hand")
    histogram = meters.get_meter("by hand").create_histogram("duration", unit="s")
    about = {key: attributes[key] for key in ("cx.system", "cx.layer", "cx.operation.name")}

    def by_hand() -> None:
        with tracer.start_as_current_span("call", kind=SpanKind.CLIENT, attributes=attributes):
            call()
            histogram.record(0.1, about)

    return by_hand


def _upstream(
    name: str, call: Callable[[], object], provider: TracerProvider, meters: MeterProvider
) -> Timed:
    """Return the same call under OpenTelemetry's own instrumentation of the layer below."""
    if name == "dialogflow":
        untyped: Any = upstream_grpc
        theirs = untyped.client_interceptor(provider)
        around: Any = grpcext
        return Timed(dialogflow(lambda channel: around.intercept_channel(channel, theirs)))
    instrumentor = BotocoreInstrumentor() if name == "amazon_connect" else RequestsInstrumentor()
    return Timed(call, lambda: _switched_on(instrumentor, provider, meters))


@contextmanager
def _switched_on(
    instrumentor: BaseInstrumentor, provider: TracerProvider, meters: MeterProvider
) -> Generator[None, None, None]:
    instrumentor.instrument(tracer_provider=provider, meter_provider=meters)
    try:
        yield
    finally:
        instrumentor.uninstrument()
