"""OpenTelemetry's own instrumentations of HTTP, gRPC and AWS, switched on beside a vendor's."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator

    from cxotel.testing.telemetry import Telemetry

INSTRUMENTORS = (
    ("opentelemetry.instrumentation.requests", "RequestsInstrumentor"),
    ("opentelemetry.instrumentation.urllib3", "URLLib3Instrumentor"),
    ("opentelemetry.instrumentation.httpx", "HTTPXClientInstrumentor"),
    ("opentelemetry.instrumentation.httpx", "HTTPX2ClientInstrumentor"),
    ("opentelemetry.instrumentation.aiohttp_client", "AioHttpClientInstrumentor"),
    ("opentelemetry.instrumentation.grpc", "GrpcInstrumentorClient"),
    ("opentelemetry.instrumentation.grpc", "GrpcAioInstrumentorClient"),
    ("opentelemetry.instrumentation.botocore", "BotocoreInstrumentor"),
    ("opentelemetry.instrumentation.botocore", "AiobotocoreInstrumentor"),
)
"""Modules and classes of those that may be installed."""


@contextmanager
def neighbours(telemetry: Telemetry) -> Generator[list[str], None, None]:
    """Switch on all of OpenTelemetry's client instrumentations that are installed.

    Clients that are made before are not seen by all of them.

    Args:
        telemetry: Where their spans and metrics go.

    Yields:
        The names of those that are on.
    """
    with ExitStack() as undoing:
        names: list[str] = []
        for module, name in INSTRUMENTORS:
            instrumentor = _load(module, name)
            if instrumentor is None:
                continue
            instrumentor.instrument(
                tracer_provider=telemetry.tracer_provider,
                meter_provider=telemetry.meter_provider,
                skip_dep_check=True,
            )
            undoing.callback(instrumentor.uninstrument)
            names.append(name)
        yield names


def _load(module: str, name: str) -> Any:
    try:
        kind = getattr(import_module(module), name, None)
    except ImportError:  # it, or the library that it observes, is not installed
        return None
    return kind() if kind is not None else None
