"""Set everything up in one call: providers, exporters, the score, and what crosses to others."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

from cxotel.engine.shield import shielded, warn_once
from cxotel.exporting.handle import Handle
from cxotel.exporting.setup import Setup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.sdk.metrics.export import MetricReader
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.sdk.trace.sampling import Sampler

    from cxotel.settings import Protocol, Settings

_lock = threading.Lock()
_handle: Handle | None = None
_given: dict[str, object] = {}


def configure(
    service_name: str | None = None,
    *,
    endpoint: str | None = None,
    protocol: Protocol | None = None,
    headers: Mapping[str, str] | None = None,
    file: str | os.PathLike[str] | None = None,
    exporter: SpanExporter | None = None,
    metric_reader: MetricReader | None = None,
    sampler: Sampler | None = None,
    resource: Mapping[str, str | bool | int | float] | None = None,
    settings: Settings | Mapping[str, Any] | str | os.PathLike[str] | None = None,
) -> Handle:
    """Set up traces and metrics, where they go, and the score: once for the whole process.

    What is left out is taken from OpenTelemetry's `OTEL_*` variables, then from the settings.
    Where a tracer provider is there already, it stays, with its exporters: it gets the score, and
    *file* and *exporter* where they are given. A second call returns what the first set up.

    Nothing here breaks an application: what cannot be used costs one log line that says what to do.

    Args:
        service_name: The service's name.
        endpoint: Base URL of an OTLP receiver, such as `http://collector:4317`.
        protocol: `grpc` or `http/protobuf`; left out and not configured, by the endpoint's port.
        headers: Headers to send over OTLP, such as a token.
        file: Path of a file that spans and metrics are appended to, as OTLP JSON lines.
        exporter: An exporter of your own for spans.
        metric_reader: A metric reader of your own.
        sampler: A sampler of your own, in place of cxotel's, which records every journey and
            exports the configured share of them.
        resource: Attributes of the resource.
        settings: Settings, or the path of their file, or a mapping of the same shape; left out,
            those of the environment.

    Returns:
        A handle that flushes and shuts down.

    Raises:
        ValueError: *protocol* is neither `grpc` nor `http/protobuf`.

    Example:
        >>> from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
        >>> import cxotel
        >>> spans = InMemorySpanExporter()
        >>> handle = cxotel.configure("refund-bridge", exporter=spans)
        >>> with cxotel.journey("refund", channel="chat"):
        ...     cxotel.outcome("resolved")
        >>> handle.flush()
        True
        >>> [span.name for span in spans.get_finished_spans()]
        ['refund']

    Source:
        OpenTelemetry specification, "Environment Variable Specification".
    """
    arguments = {key: value for key, value in locals().items() if value is not None}
    global _handle  # noqa: PLW0603 - once for the whole process
    with _lock:
        if _handle is not None:
            _compare(arguments)
            return _handle
        setup = Setup(arguments)
        made = Handle()
        with shielded("setting up"):
            made = setup.run()
        _handle = made
        _given.update(arguments)
    return made


def post_instrument() -> None:
    """Complete what `opentelemetry-instrument` set up; called by it through an entry point."""
    names = os.environ.get("OTEL_PYTHON_DISABLED_INSTRUMENTATIONS", "")
    if "cxotel" in (name.strip() for name in names.split(",")):
        return
    with shielded("completing opentelemetry-instrument's set-up"):
        configure()


def _compare(arguments: dict[str, object]) -> None:
    differing = [key for key, value in arguments.items() if _given.get(key) != value]
    if differing:
        warn_once(
            "configuring twice",
            f"cxotel is set up already: {', '.join(differing)} of the later call is not used. "
            "Configure once, at the start of the program",
        )
