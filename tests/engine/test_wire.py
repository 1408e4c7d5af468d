"""What is told of HTTP attempts that a client makes inside one call."""

from __future__ import annotations

import asyncio
import http.client
import socket
from typing import TYPE_CHECKING, Any

import pytest

import cxotel
from cxotel.engine import Operation, Target, Vendor
from tests.engine import toy

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    from tests.engine.conftest import ScriptedServer

STYLES = ("with_requests", "with_httpx", "with_aiohttp", "with_httpx_async")
ALL = (*STYLES, "like_urllib3_1")
TOY = Vendor(
    name="toy",
    layer="channel",
    requires=("pytest",),
    clients=("tests.engine.toy",),
    targets=tuple(Target("tests.engine.toy", name) for name in (*ALL, "impatiently")),
    operations={"fetch": Operation("fetch")},
    identify=lambda _: "fetch",
)


def run(style: str, url: str) -> int:
    """Make the call in a style, sync or async."""
    result: Any = getattr(toy, style)(url)
    return asyncio.run(result) if asyncio.iscoroutine(result) else result


@pytest.mark.parametrize("style", STYLES)
def test_silent_retries_become_visible(
    style: str, server: ScriptedServer, provider: TracerProvider, spans: InMemorySpanExporter
) -> None:
    """Two refused attempts and a good one: one span that tells of all three."""
    server.statuses.extend([429, 503])
    cxotel.instrument(TOY, tracer_provider=provider)

    assert run(style, server.url) == 200

    (span,) = spans.get_finished_spans()
    told = {
        key: (span.attributes or {}).get(key)
        for key in (
            "http.request.resend_count",
            "http.response.status_code",
            "cx.call.throttled",
            "cx.call.recovered",
            "server.address",
        )
    }
    assert told == {
        "http.request.resend_count": 2,
        "http.response.status_code": 200,
        "cx.call.throttled": True,
        "cx.call.recovered": True,
        "server.address": "127.0.0.1",
    }


@pytest.mark.parametrize("style", ALL)
def test_a_call_without_retries_tells_of_none(
    style: str, server: ScriptedServer, provider: TracerProvider, spans: InMemorySpanExporter
) -> None:
    """No retry count of zero, nothing throttled, nothing recovered."""
    cxotel.instrument(TOY, tracer_provider=provider)

    run(style, server.url)

    (span,) = spans.get_finished_spans()
    assert (span.attributes or {})["http.response.status_code"] == 200
    assert not {
        "http.request.resend_count",
        "cx.call.throttled",
        "cx.call.recovered",
        "cx.call.retry_wait",
    } & set(span.attributes or {})


def test_an_attempt_without_a_reply_counts_as_one(
    server: ScriptedServer, provider: TracerProvider, spans: InMemorySpanExporter
) -> None:
    """A refused connection leaves no status, only the error."""
    url = server.url
    server.shutdown()
    server.server_close()
    cxotel.instrument(TOY, tracer_provider=provider)

    with pytest.raises(Exception, match=r"refused|Connection"):
        run("with_httpx", url)

    (span,) = spans.get_finished_spans()
    assert (span.attributes or {})["error.type"] == "ConnectError"
    assert "http.response.status_code" not in (span.attributes or {})


def test_a_timeout_is_one_whatever_the_client_calls_it(
    provider: TracerProvider, spans: InMemorySpanExporter
) -> None:
    """A server that never answers: the client's own exception does not say it, the span does."""
    cxotel.instrument(TOY, tracer_provider=provider)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port: int = silent.getsockname()[1]
        with pytest.raises(toy.UnreachableError):
            run("impatiently", f"http://127.0.0.1:{port}/")

    (span,) = spans.get_finished_spans()
    assert (span.attributes or {})["error.type"] == "UnreachableError"
    assert (span.attributes or {})["cx.call.timed_out"] is True


def test_a_failure_that_is_no_timeout_is_not_called_one(
    server: ScriptedServer, provider: TracerProvider, spans: InMemorySpanExporter
) -> None:
    """Where nobody listens nothing timed out."""
    url = server.url
    server.shutdown()
    server.server_close()
    cxotel.instrument(TOY, tracer_provider=provider)

    with pytest.raises(toy.UnreachableError):
        run("impatiently", url)

    (span,) = spans.get_finished_spans()
    assert "cx.call.timed_out" not in (span.attributes or {})


def test_requests_of_others_are_left_alone(
    server: ScriptedServer, provider: TracerProvider
) -> None:
    """HTTP outside of an observed call works as ever, and in the end the class is as it was."""
    before = identities()
    with cxotel.instrument(TOY, tracer_provider=provider):
        assert toy.fetch(server.url) == 200
        assert identities() != before

    assert identities() == before


def identities() -> dict[str, int]:
    """Return what the standard library's connection defines; a wrapper *equals* what it wraps."""
    return {name: id(value) for name, value in vars(http.client.HTTPConnection).items()}
