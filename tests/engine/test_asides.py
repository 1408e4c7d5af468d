"""HTTP requests that a client makes on its way to the one that it was called for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

import cxotel
from cxotel.engine import Operation, Target, Vendor
from tests.engine import toy

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    from tests.engine.conftest import ScriptedServer

HERE = __name__


def log_in(url: str) -> int:
    """Fetch a token, as a library does by itself."""
    return toy.with_requests(url)


def fetch(url: str) -> int:
    """Log in, and then do what was asked for."""
    log_in(url)
    return toy.with_requests(url)


async def log_in_async(url: str) -> int:
    """Fetch a token."""
    return await toy.with_aiohttp(url)


async def fetch_async(url: str) -> int:
    """Log in, and then do what was asked for."""
    await log_in_async(url)
    return await toy.with_aiohttp(url)


TOY = Vendor(
    name="toy",
    layer="channel",
    requires=("pytest",),
    clients=(HERE,),
    targets=(Target(HERE, "fetch"), Target(HERE, "fetch_async")),
    asides=(Target(HERE, "log_in"), Target(HERE, "log_in_async")),
    operations={"fetch": Operation("fetch")},
    identify=lambda _: "fetch",
)


@pytest.mark.parametrize("style", ["sync", "async"])
def test_a_login_on_the_way_is_no_retry(
    style: str, server: ScriptedServer, provider: TracerProvider, spans: InMemorySpanExporter
) -> None:
    """Whatever a library asks for by itself first, the call tells of its own request alone."""
    server.statuses.extend([201, 202])
    cxotel.instrument(TOY, tracer_provider=provider)

    if style == "async":
        asyncio.run(fetch_async(server.url))
    else:
        fetch(server.url)

    (span,) = spans.get_finished_spans()
    told = span.attributes or {}
    assert told["http.response.status_code"] == 202
    assert "http.request.resend_count" not in told
