"""What a failed call says of its failure: classes and codes, never words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import cxotel
from cxotel.engine import Operation, Target, Vendor, shield
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


def test_a_reader_of_codes_that_fails_costs_the_code_alone(
    provider: TracerProvider, spans: InMemorySpanExporter, caplog: pytest.LogCaptureFixture
) -> None:
    """The span still ends as failed, with the error's class, and the log has one line."""
    vendor = Vendor(
        name="toy",
        layer="channel",
        requires=("pytest",),
        clients=("tests.engine.toy",),
        targets=(Target("tests.engine.toy", "fetch"),),
        operations={"": Operation("fetch")},
        error_code=lambda error: error.no_such_attribute,
    )
    shield.forget()
    cxotel.instrument(vendor, tracer_provider=provider)

    for _ in range(2):
        with pytest.raises(ValueError, match="unknown url type"):
            toy.fetch("nowhere")

    assert [(span.attributes or {}).get("error.type") for span in spans.get_finished_spans()] == [
        "ValueError",
        "ValueError",
    ]
    assert [span.status.status_code.name for span in spans.get_finished_spans()] == ["ERROR"] * 2
    assert len(caplog.messages) == 1


def test_a_failure_is_named_by_what_the_client_only_wraps(
    provider: TracerProvider, spans: InMemorySpanExporter
) -> None:
    """A call that was given up says that it timed out, whatever the client's own exception."""
    wrapped = Vendor(
        name="toy",
        layer="channel",
        requires=("pytest",),
        clients=("tests.engine.toy",),
        targets=(Target("tests.engine.toy", "fetch"),),
        operations={"": Operation("fetch")},
        cause=lambda _: TimeoutError(),
    )
    cxotel.instrument(wrapped, tracer_provider=provider)

    with pytest.raises(ValueError, match="unknown url type"):
        toy.fetch("nowhere")

    (span,) = spans.get_finished_spans()
    assert (span.attributes or {})["error.type"] == "TimeoutError"
    assert (span.attributes or {})["cx.call.timed_out"] is True
