"""What a failed call says of its failure: classes and codes, never words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import cxotel
from cxotel.engine import Operation, Target, Vendor
from tests.engine import toy

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("REQUEST_LIMIT_EXCEEDED", "REQUEST_LIMIT_EXCEEDED"),
        ("20429", "20429"),
        ("Jane Doe has no account", None),
        ("+15558675309", None),
        (None, None),
    ],
)
def test_a_code_that_is_words_stays_inside(
    code: str | None, expected: str | None, provider: TracerProvider, spans: InMemorySpanExporter
) -> None:
    """A vendor's table that takes a message for a code gives nothing away."""
    vendor = Vendor(
        name="toy",
        layer="channel",
        requires=("pytest",),
        clients=("tests.engine.toy",),
        targets=(Target("tests.engine.toy", "fetch"),),
        operations={"": Operation("fetch")},
        error_code=lambda _: code,
    )
    cxotel.instrument(vendor, tracer_provider=provider)

    with pytest.raises(ValueError, match="unknown url type"):
        toy.fetch("nowhere")

    (span,) = spans.get_finished_spans()
    assert (span.attributes or {})["error.type"] == "ValueError"
    assert (span.attributes or {}).get("cx.vendor.error_code") == expected
