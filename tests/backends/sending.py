"""Send spans to a backend as services do, and ask it as people do."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.sdk.trace.export import SpanExportResult

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from opentelemetry.sdk.trace import ReadableSpan

Answer = TypeVar("Answer")


def over_grpc(spans: Sequence[ReadableSpan], otlp_grpc: str) -> None:
    """Send spans by OTLP over gRPC, to a URL."""
    _send(GrpcExporter(endpoint=otlp_grpc, insecure=True), spans)


def over_http(spans: Sequence[ReadableSpan], otlp_http: str) -> None:
    """Send spans by OTLP over HTTP, to a URL without a path."""
    _send(HttpExporter(endpoint=f"{otlp_http}/v1/traces"), spans)


def _send(exporter: Any, spans: Sequence[ReadableSpan]) -> None:
    try:
        assert exporter.export(spans) is SpanExportResult.SUCCESS
    finally:
        exporter.shutdown()


def replay(file: Path, otlp_http: str) -> None:
    """Send what is in a file of OTLP JSON lines, to a URL without a path."""
    for line in file.read_text("utf-8").splitlines():
        signal = "traces" if "resourceSpans" in json.loads(line) else "metrics"
        if signal == "traces":
            headers = {"Content-Type": "application/json"}
            request = Request(f"{otlp_http}/v1/traces", line.encode(), headers)  # noqa: S310
            with urlopen(request, timeout=10.0) as reply:  # noqa: S310 - our own http address
                assert reply.status == 200


def ask(url: str, path: str, **query: str) -> Any:
    """Return the JSON document that a backend answers with."""
    with urlopen(f"{url}{path}?{urlencode(query)}", timeout=10.0) as reply:  # noqa: S310 - http
        return json.loads(reply.read())


def text_of(url: str) -> str:
    """Return the text at a URL."""
    with urlopen(url, timeout=10.0) as reply:  # noqa: S310 - our own http address
        return reply.read().decode()


def until(
    look: Callable[[], Answer], enough: Callable[[Answer], object] = bool, timeout: float = 15.0
) -> Answer:
    """Look again until it is enough, and return what was seen last.

    Args:
        look: Looks.
        enough: Whether what was seen is enough.
        timeout: Seconds after which it is returned in any case.
    """
    limit = time.monotonic() + timeout
    while True:
        seen = look()
        if enough(seen) or time.monotonic() > limit:
            return seen
        time.sleep(0.1)
