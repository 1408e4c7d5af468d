"""Telemetry in a file: OTLP JSON, one document a line, whoever writes it."""

from __future__ import annotations

import json
import os
import sys
import threading
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from cxotel.exporting import json_lines
from cxotel.exporting.json_lines import MetricLines, SpanLines, WholeLines, exporters

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from opentelemetry.sdk.metrics.export import MetricExporter
    from opentelemetry.sdk.trace.export import SpanExporter

UPSTREAM = "opentelemetry.exporter.otlp.json.file"


def _installed() -> bool:
    try:
        return find_spec(UPSTREAM) is not None
    except ModuleNotFoundError:
        return False


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the file will be."""
    return tmp_path / "journeys.jsonl"


@pytest.fixture
def lines(path: Path) -> Iterator[WholeLines]:
    """Open the file."""
    opened = WholeLines(path)
    yield opened
    opened.close()


def documents(path: Path) -> list[dict[str, Any]]:
    """Read the file back."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def write(spans: SpanExporter, metrics: MetricExporter) -> None:
    """Export one span that has everything, and one measurement."""
    resource = Resource({"service.name": "refund-bridge"})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(spans))
    before = SpanContext(1, 2, is_remote=True, trace_flags=TraceFlags(1))
    with provider.get_tracer("scope", "1.0").start_as_current_span(
        "refund",
        kind=SpanKind.CLIENT,
        attributes={
            "score": 58,
            "coverage": 0.83,
            "ok": True,
            "reasons": ["a", "b"],
            "big": 1 << 40,
        },
        links=[Link(before, {"why": "before"})],
    ) as span:
        span.add_event("hurt", {"points": 19})
        span.set_status(Status(StatusCode.ERROR))
    reader = PeriodicExportingMetricReader(metrics, export_interval_millis=3_600_000)
    meters = MeterProvider([reader], resource=resource, shutdown_on_exit=False)
    meters.get_meter("scope").create_counter("journeys").add(3)
    meters.shutdown()


def pruned(node: Any) -> Any:
    """Drop what differs from run to run, and what one writer leaves out as empty."""
    changing = {
        "traceId",
        "spanId",
        "startTimeUnixNano",
        "endTimeUnixNano",
        "timeUnixNano",
        "flags",
    }
    if isinstance(node, dict):
        kept = {k: pruned(v) for k, v in node.items() if k not in changing}  # pyright: ignore[reportUnknownVariableType]
        return {k: v for k, v in kept.items() if v not in ({}, [], "", None)}  # pyright: ignore[reportUnknownVariableType]
    return [pruned(item) for item in node] if isinstance(node, list) else node  # pyright: ignore[reportUnknownVariableType]


def test_a_span_is_one_line_of_otlp_json(path: Path, lines: WholeLines) -> None:
    """Ids are hexadecimal, kinds are numbers, 64-bit integers are strings."""
    write(SpanLines(lines), MetricLines(lines))
    traces, metrics = documents(path)
    (resource,) = traces["resourceSpans"]
    (scope,) = resource["scopeSpans"]
    (span,) = scope["spans"]
    attributes = {pair["key"]: pair["value"] for pair in span["attributes"]}
    assert len(span["traceId"]) == 32
    assert int(span["traceId"], 16)
    assert span["links"][0]["spanId"] == "0000000000000002"
    assert span["kind"] == 3
    assert span["status"]["code"] == 2
    assert attributes["score"] == {"intValue": "58"}
    assert attributes["coverage"] == {"doubleValue": 0.83}
    assert attributes["big"] == {"intValue": str(1 << 40)}
    assert metrics["resourceMetrics"][0]["scopeMetrics"][0]["metrics"][0]["name"] == "journeys"


def test_both_writers_write_the_same(path: Path, lines: WholeLines) -> None:
    """OpenTelemetry's file exporter, where it is installed, and ours give the same documents."""
    write(*exporters(lines))
    upstream = type(exporters(lines)[0]) is not SpanLines
    assert upstream == _installed()
    write(SpanLines(lines), MetricLines(lines))
    theirs_spans, theirs_metrics, our_spans, our_metrics = documents(path)
    assert pruned(our_spans) == pruned(theirs_spans)
    assert pruned(our_metrics) == pruned(theirs_metrics)


def test_without_upstreams_exporter_ours_is_used(
    lines: WholeLines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where OpenTelemetry's file exporter is not installed, nothing else need be."""
    monkeypatch.setitem(sys.modules, UPSTREAM, None)
    spans, metrics = exporters(lines)
    assert (type(spans), type(metrics)) == (SpanLines, MetricLines)


def test_lines_of_many_threads_do_not_run_into_each_other(path: Path) -> None:
    """Two exporters on one file, long lines: every line can be read."""
    text = json.dumps({"x": "y" * 50_000}) + "\n"

    def append() -> None:
        own = WholeLines(path)
        for _ in range(20):
            own.write(text)
        own.close()

    threads = [threading.Thread(target=append) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(documents(path)) == 80


def test_a_file_is_continued(path: Path) -> None:
    """A second run adds to what the first wrote."""
    for _ in range(2):
        opened = WholeLines(path)
        opened.write("{}\n")
        opened.close()
        opened.close()
    assert len(documents(path)) == 2


def test_a_disk_that_takes_little_at_once_gets_all(
    path: Path, lines: WholeLines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write that is cut short is continued."""
    whole = os.write

    def little(file: int, data: bytes) -> int:
        return whole(file, data[:3])

    monkeypatch.setattr(json_lines.os, "write", little)
    lines.write('{"a": 1}\n')
    assert documents(path) == [{"a": 1}]
