"""What the experience processor adds to a span that it only stamps, and to one that is evidence."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.trace import TracerProvider

import cxotel
from bench.measure import Timed, side_by_side
from cxotel import semconv

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

LOOPS = 50
TWELVE: dict[str, Any] = {
    "app.name": "refund-bridge",
    "app.kind": "worker",
    **{f"app.number_{number}": number for number in range(5)},
    **{f"app.text_{number}": "some text of usual length" for number in range(5)},
}
EVIDENCE: dict[str, Any] = {
    semconv.CX_SYSTEM: "salesforce",
    semconv.CX_LAYER: "business_system",
    semconv.CX_OPERATION_NAME: "query_records",
    semconv.CX_EVIDENCE_KIND: "call",
    semconv.CX_EVIDENCE_SHOWS: ("responsiveness", "reliability"),
    **{f"app.text_{number}": "some text of usual length" for number in range(7)},
}


def costs() -> dict[str, float]:
    """Return microseconds for spans with twelve attributes, without and with the processor."""
    bare, watched = TracerProvider(), TracerProvider()
    watched.add_span_processor(cxotel.ExperienceProcessor())
    return side_by_side(
        {
            "bare span": Timed(_span(bare, TWELVE), lambda: _journey(bare)),
            "stamped": Timed(_span(watched, TWELVE), lambda: _journey(watched)),
            "bare evidence": Timed(_span(bare, EVIDENCE), lambda: _journey(bare)),
            "evidence": Timed(_span(watched, EVIDENCE), lambda: _journey(watched)),
        },
        LOOPS,
    )


@contextmanager
def _journey(provider: TracerProvider) -> Generator[None, None, None]:
    """Open a journey for a round; its own span is made once and counts for nothing."""
    from cxotel.journey import set_provider

    set_provider(provider)
    try:
        with cxotel.journey("refund", channel="voice"), cxotel.step("look up"):
            yield
    finally:
        set_provider(None)


def _span(provider: TracerProvider, attributes: dict[str, Any]) -> Callable[[], object]:
    tracer = provider.get_tracer("cxotel.bench")

    def span() -> None:
        with tracer.start_as_current_span("work", attributes=attributes):
            pass

    return span
