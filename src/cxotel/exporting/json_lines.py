"""Append telemetry to a file as OTLP JSON lines, as the Collector's file exporter does.

OpenTelemetry's own file exporter is used where it is installed. It follows one SDK version exactly,
so it cannot be had beside every other; there the same lines are made from OTLP's protobuf messages.

Source: OpenTelemetry Protocol File Exporter, "JSON File serialization"; OTLP, "JSON Protobuf
Encoding": ids in hexadecimal, enumerations as numbers, 64-bit integers as strings.
"""

from __future__ import annotations

import base64
import io
import json
import os
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from opentelemetry.sdk.metrics.export import MetricExporter, MetricExportResult
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opentelemetry.sdk.metrics.export import MetricsData
    from opentelemetry.sdk.trace import ReadableSpan

_IDS: Final = frozenset({"traceId", "spanId", "parentSpanId"})


class WholeLines(io.TextIOBase):
    """A text stream to the end of a file, each write of which arrives in one piece.

    Several exporters, and several processes after a fork, may write to the same file: a write of
    Python's own text streams may be split, and lines would run into each other.

    Args:
        path: The file; it is made where it is not there.

    Raises:
        OSError: The file cannot be written.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._file = -1  # closing comes even where opening fails
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def write(self, text: str, /) -> int:
        """Append *text* with one system call, or few where the disk takes no more at once."""
        rest = text.encode()
        while rest:
            rest = rest[os.write(self._file, rest) :]
        return len(text)

    def writable(self) -> bool:
        """Tell that this stream is for writing."""
        return True

    def close(self) -> None:
        """Close the file; once is enough."""
        file, self._file = self._file, -1
        if file >= 0:
            os.close(file)
        super().close()


def exporters(lines: WholeLines) -> tuple[SpanExporter, MetricExporter]:
    """Return the exporters that write to *lines*: OpenTelemetry's where installed, else ours."""
    try:
        upstream: Any = import_module("opentelemetry.exporter.otlp.json.file")
    except ImportError:
        return SpanLines(lines), MetricLines(lines)
    return upstream.FileSpanExporter(stream=lines), upstream.FileMetricExporter(stream=lines)


class SpanLines(SpanExporter):
    """Append spans to a file.

    Args:
        lines: The file.
    """

    def __init__(self, lines: WholeLines) -> None:
        self._lines = lines

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Append one line that holds all *spans*."""
        from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans

        self._lines.write(_line(encode_spans(spans)))
        return SpanExportResult.SUCCESS


class MetricLines(MetricExporter):
    """Append metrics to a file.

    Args:
        lines: The file.
    """

    def __init__(self, lines: WholeLines) -> None:
        super().__init__()
        self._lines = lines

    def export(
        self, metrics_data: MetricsData, timeout_millis: float = 10_000, **kwargs: Any
    ) -> MetricExportResult:
        """Append one line that holds all of *metrics_data*."""
        from opentelemetry.exporter.otlp.proto.common.metrics_encoder import encode_metrics

        self._lines.write(_line(encode_metrics(metrics_data)))
        return MetricExportResult.SUCCESS

    def force_flush(self, timeout_millis: float = 10_000) -> bool:
        """Do nothing: what was exported is in the file."""
        return True

    def shutdown(self, timeout_millis: float = 30_000, **kwargs: Any) -> None:
        """Do nothing: the file belongs to whoever opened it."""


def _line(message: Any) -> str:
    from google.protobuf.json_format import MessageToDict

    document = MessageToDict(message, use_integers_for_enums=True)
    _write_ids(document)
    return json.dumps(document, separators=(",", ":")) + "\n"


def _write_ids(node: Any) -> None:
    """Write ids as OTLP does, in hexadecimal; protobuf's own JSON has them in base 64."""
    if isinstance(node, list):
        for item in node:  # pyright: ignore[reportUnknownVariableType] - JSON
            _write_ids(item)
    elif isinstance(node, dict):
        for key, value in node.items():  # pyright: ignore[reportUnknownVariableType] - JSON
            if key in _IDS and isinstance(value, str):
                node[key] = base64.b64decode(value).hex()
            else:
                _write_ids(value)
