"""A journey of two contacts in two processes, made by the real code on a clock that is set by hand.

The first contact goes wrong at Okta and Salesforce; the second, on the next day, in a web framework
whose span is the carrier, so that no ledger is exported with it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from opentelemetry.trace import SpanKind

import cxotel
from cxotel import semconv
from cxotel.experience.processor import ExperienceProcessor
from cxotel.exporting.json_lines import SpanLines, WholeLines
from cxotel.testing import FixedClock, Telemetry

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from opentelemetry.sdk.trace import ReadableSpan

JOURNEY = "refund-7"
OWNERS = {"salesforce": "crm-team"}
VERIFIED = {
    semconv.CX_EVIDENCE_KIND: "authentication",
    semconv.CX_AUTHENTICATION_RESULT: "succeeded",
}
DAY_MS = 86_400_000


class _Process:
    """One run of a service, with calls that take as long as they are told to."""

    def __init__(self, telemetry: Telemetry, time: FixedClock) -> None:
        self._telemetry = telemetry
        self.time = time

    def call(self, system: str, operation: str, milliseconds: int, **attributes: Any) -> None:
        """Make the span that a vendor call leaves."""
        tracer = self._telemetry.tracer_provider.get_tracer(f"cxotel.{system}")
        span = tracer.start_span(
            f"{operation} {system}",
            kind=SpanKind.CLIENT,
            start_time=self.time.now_ns,
            attributes={
                semconv.CX_EVIDENCE_KIND: "call",
                semconv.CX_EVIDENCE_SHOWS: ["responsiveness", "reliability"],
                semconv.CX_SYSTEM: system,
                semconv.CX_LAYER: "business_system",
                semconv.CX_OPERATION_NAME: operation,
                **attributes,
            },
        )
        self.time.advance(milliseconds)
        span.end(self.time.now_ns)

    @contextmanager
    def request(self, name: str, journey_id: str) -> Generator[None]:
        """Make the span of a web framework around a request that belongs to a journey."""
        tracer = self._telemetry.tracer_provider.get_tracer("framework")
        attributes = {semconv.CX_JOURNEY_ID: journey_id, semconv.CX_CHANNEL: "voice"}
        with tracer.start_as_current_span(
            name, kind=SpanKind.SERVER, attributes=attributes, start_time=self.time.now_ns,
            end_on_exit=False,
        ) as span:  # fmt: skip
            yield
            span.end(self.time.now_ns)


def spans() -> list[ReadableSpan]:
    """Return the spans of the journey, as both processes export them."""
    processor = ExperienceProcessor(owners=OWNERS)
    try:
        with FixedClock() as time, Telemetry(processors=[processor]) as telemetry:
            process = _Process(telemetry, time)
            _first_day(process)
            time.advance(DAY_MS)
            _second_day(process)
            return telemetry.finished
    finally:
        processor.shutdown()


def _first_day(process: _Process) -> None:
    with cxotel.journey("refund", channel="voice", journey_id=JOURNEY, contact_id="c-1"):
        with cxotel.step("authenticate"):
            process.call("okta", "verify_factor", 300, **VERIFIED)
        with cxotel.step("find order"):
            process.call("salesforce", "query_case", 9_000)
            process.call("salesforce", "query_order", 250, **{semconv.ERROR_TYPE: "503"})
        with cxotel.wait("billing"):
            process.time.advance(240_000)
        cxotel.handoff("transfer_cold", queue="billing", reason="no_match")
        process.time.advance(1_000)
        cxotel.feedback("csat", 2, scale=(1, 5))
        cxotel.outcome("unresolved")


def _second_day(process: _Process) -> None:
    with process.request("POST /refund", JOURNEY):
        process.call("salesforce", "update_case", 4_000)
        process.time.advance(100)


def write(path: Path) -> Path:
    """Write the journey to a file of OTLP JSON lines, a line for each span."""
    lines = WholeLines(path)
    exporter = SpanLines(lines)
    for span in spans():
        exporter.export([span])
    lines.close()
    return path
