"""Look at where telemetry goes, and send a test span to see whether it arrives."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cxotel.cli.findings import Finding
from cxotel.exporting.choose import Exporters, load, sent_headers
from cxotel.exporting.destination import HTTP
from cxotel.exporting.diagnosis import Diagnosis, diagnose

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan

    from cxotel.exporting.destination import Destination, Signal
    from cxotel.settings import Export

AREA: Final = "telemetry"
TIMEOUT: Final = 5.0
"""Seconds that a test span has to arrive in."""
_CLASS_OF: Final = {"grpc": "otlp_proto_grpc", HTTP: "otlp_proto_http"}


def telemetry(export: Export, *, send: bool = True) -> list[Finding]:
    """Return where traces and metrics go, and whether they arrive.

    Args:
        export: What the settings say.
        send: Whether to send a test span.
    """
    if os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        remedy = "Unset OTEL_SDK_DISABLED"
        return [Finding(AREA, "SDK", "OTEL_SDK_DISABLED switches all off", "problem", remedy)]
    file = os.environ.get("OTEL_CONFIG_FILE")
    if file:
        return [_declared(file)]
    exporters = Exporters(export=export)
    found = [
        finding
        for signal in ("traces", "metrics")
        for finding in _signal(exporters, signal, send=send)
    ]
    if exporters.path is not None:
        found.append(_file(Path(exporters.path)))
    return found


def _declared(file: str) -> Finding:
    from importlib.util import find_spec

    if find_spec("opentelemetry.configuration") is None:
        return Finding(
            AREA,
            "OTEL_CONFIG_FILE",
            f"{file} is to say where telemetry goes, but what reads it is not installed",
            "problem",
            "Run: pip install opentelemetry-configuration",
        )
    if not Path(file).is_file():
        return Finding(
            AREA, "OTEL_CONFIG_FILE", f"there is no file {file}", "problem", "Correct the path"
        )
    return Finding(AREA, "OTEL_CONFIG_FILE", f"{file} says where telemetry goes", "note")


def _signal(exporters: Exporters, signal: Signal, *, send: bool) -> list[Finding]:
    names = exporters.names(signal)
    if not names and exporters.path is None:
        text = f"OTEL_{signal.upper()}_EXPORTER=none: nothing is sent"
        return [Finding(AREA, signal, text, "note")]
    return [_exporter(exporters, name, signal, send=send) for name in names]


def _exporter(exporters: Exporters, name: str, signal: Signal, *, send: bool) -> Finding:
    protocols = {"otlp_proto_grpc": "grpc", "otlp_proto_http": HTTP}
    if name != "otlp" and name not in protocols:
        try:
            load(name, signal)
        except LookupError as error:
            variable = f"OTEL_{signal.upper()}_EXPORTER"
            return Finding(AREA, signal, str(error), "problem", f"Correct {variable}")
        return Finding(AREA, signal, f"to the exporter {name}")
    destination = exporters.destination(signal, protocols.get(name))
    if not send:
        return Finding(AREA, signal, f"to {destination}")
    problem = _arrives(destination)
    if problem is None:
        return Finding(AREA, signal, f"to {destination}: a test {_thing(signal)} arrived")
    text = f"to {destination}: {problem.problem}"
    return Finding(AREA, signal, text, "problem", problem.remedy)


def _thing(signal: Signal) -> str:
    return "span" if signal == "traces" else "request"


def _arrives(destination: Destination) -> Diagnosis | None:
    """Send a test; return what is wrong, or `None` where it arrived."""
    headers = sent_headers(destination.signal)
    problem = diagnose(destination, headers=headers)
    if problem is not None:
        return problem
    words: list[str] = []
    if _sent(destination, words):
        return None
    said = " ".join(words)
    known = diagnose(destination, words=said, headers=headers)
    return known or Diagnosis("export", said or "the test is refused", "Look at its log")


def _sent(destination: Destination, words: list[str]) -> bool:
    from cxotel.exporting.delivery import overhearing

    kind: Any = load(_CLASS_OF[destination.protocol], destination.signal)
    with overhearing(kind, words):
        exporter = kind(endpoint=destination.url, timeout=TIMEOUT)
        try:
            result = exporter.export(_test_of(destination.signal))
        except Exception as error:  # noqa: BLE001 - whatever an exporter raises is what is wrong
            words.append(f"{type(error).__name__}: {error}")
            return False
        finally:
            exporter.shutdown()
    return result.name == "SUCCESS"


def _test_of(signal: Signal) -> Any:
    if signal == "traces":
        return [_test_span()]
    from opentelemetry.sdk.metrics.export import MetricsData

    return MetricsData(resource_metrics=[])


def _test_span() -> ReadableSpan:
    """Make a span without a tracer: it goes nowhere else."""
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
    from opentelemetry.trace import SpanContext, TraceFlags

    ids, now = RandomIdGenerator(), time.time_ns()
    flags = TraceFlags(TraceFlags.SAMPLED)
    context = SpanContext(ids.generate_trace_id(), ids.generate_span_id(), False, flags)
    resource = Resource.create({SERVICE_NAME: "cxotel-doctor"})
    return ReadableSpan(
        name="cxotel doctor", context=context, resource=resource, start_time=now, end_time=now
    )


def _file(path: Path) -> Finding:
    at = path if path.exists() else path.parent
    if not os.access(at, os.W_OK) or path.is_dir():
        return Finding(
            AREA, "file", f"{path} cannot be written", "problem", "Name another in CXOTEL_FILE"
        )
    return Finding(AREA, "file", f"traces and metrics are appended to {path}")
