"""Telemetry that does not arrive: one line says why, and the program goes on."""

from __future__ import annotations

import logging
import socket
import ssl
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import trustme
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from cxotel.exporting.delivery import Delivery, watched
from cxotel.exporting.destination import Destination, resolve
from cxotel.exporting.diagnosis import diagnose
from tests.otlp_receiver import OtlpReceiver

if TYPE_CHECKING:
    from collections.abc import Generator

    from opentelemetry.sdk.trace import ReadableSpan


def grpc_at(port: int) -> Destination:
    """Return a destination on loopback that is spoken to in gRPC."""
    return resolve("traces", endpoint=f"http://127.0.0.1:{port}", protocol="grpc", environ={})


def http_at(port: int) -> Destination:
    """Return a destination on loopback that is spoken to in HTTP."""
    endpoint = f"http://127.0.0.1:{port}"
    return resolve("traces", endpoint=endpoint, protocol="http/protobuf", environ={})


@pytest.fixture
def spans() -> tuple[ReadableSpan, ...]:
    """Return an ended span, ready to be exported."""
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor

    kept, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(kept))
    provider.get_tracer("test").start_span("a").end()
    return kept.get_finished_spans()


@pytest.fixture
def receiver() -> Generator[OtlpReceiver]:
    """Run an OTLP receiver that takes traces only."""
    with OtlpReceiver(takes=["traces"]) as running:
        yield running


@pytest.fixture
def closed_port() -> int:
    """Return a port of loopback where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def saying(words: bytes, context: ssl.SSLContext | None = None) -> Generator[int]:
    """Run a server that says *words* to whoever connects, and nothing else."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            try:
                if context:
                    connection = context.wrap_socket(connection, server_side=True)
                connection.recv(1)
                connection.sendall(words)
            except OSError:
                continue
            finally:
                connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(server.getsockname()[1])
    finally:
        # Closing alone does not wake a thread that waits in accept.
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()


def code(destination: Destination, **given: Any) -> str | None:
    """Return the code of what is wrong at *destination*."""
    found = diagnose(destination, timeout=1.0, **given)
    return found.code if found else None


def test_a_receiver_that_is_well_has_no_diagnosis(receiver: OtlpReceiver) -> None:
    """Nothing is said of a receiver that answers in the right protocol."""
    assert diagnose(grpc_at(receiver.grpc_port)) is None
    assert diagnose(http_at(receiver.http_port)) is None


def test_the_wrong_port_is_told_from_the_right_one(receiver: OtlpReceiver) -> None:
    """gRPC spoken to the HTTP port, and HTTP to the gRPC port, each name the other."""
    grpc_to_http = diagnose(grpc_at(receiver.http_port))
    http_to_grpc = diagnose(http_at(receiver.grpc_port))
    assert grpc_to_http
    assert "speaks HTTP, not gRPC. Set OTEL_EXPORTER_OTLP_PROTOCOL=http/" in str(grpc_to_http)
    assert http_to_grpc
    assert "speaks gRPC, not HTTP. Set OTEL_EXPORTER_OTLP_PROTOCOL=grpc" in str(http_to_grpc)


def test_nobody_there(closed_port: int) -> None:
    """Where nothing listens, that is said, with where to name another receiver."""
    found = diagnose(grpc_at(closed_port))
    assert found
    assert found.code == "refused"
    assert f"nothing listens at 127.0.0.1:{closed_port}" in found.problem
    assert "OTEL_TRACES_EXPORTER=none" in found.remedy
    assert code(http_at(closed_port)) == "refused"


def test_no_such_host() -> None:
    """A host that no name server knows is called by its name."""
    endpoint = "http://collector.invalid:4317"
    found = diagnose(resolve("traces", endpoint=endpoint, environ={}))
    assert found
    assert "no host is called collector.invalid" in found.problem


def test_a_receiver_that_does_not_take_the_signal(receiver: OtlpReceiver) -> None:
    """A backend for traces only is told from one that is broken."""
    metrics = resolve("metrics", endpoint=receiver.http_endpoint, protocol="http/protobuf")
    found = diagnose(metrics)
    assert found
    assert "takes no metrics. Set OTEL_METRICS_EXPORTER=none" in str(found)
    overheard = "error code: StatusCode.UNIMPLEMENTED"
    assert code(grpc_at(receiver.grpc_port), words=overheard) == "signal"


def test_credentials_that_are_refused() -> None:
    """A receiver that wants a token is told from one that is not there."""
    answer = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    with saying(answer) as port:
        found = diagnose(http_at(port))
    assert found
    assert "OTEL_EXPORTER_OTLP_HEADERS" in found.remedy


def test_a_receiver_in_trouble() -> None:
    """An error of the receiver's own is passed on as a number."""
    answer = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    with saying(answer) as port:
        found = diagnose(http_at(port))
    assert found
    assert "answers 503" in found.problem


def test_tls_where_none_is_and_none_where_tls_is(receiver: OtlpReceiver) -> None:
    """A scheme that does not fit the port is named with the one that does."""
    endpoint = f"https://127.0.0.1:{receiver.grpc_port}"
    assert code(resolve("traces", endpoint=endpoint, environ={})) == "tls"
    bare = {"OTEL_EXPORTER_OTLP_ENDPOINT": f"127.0.0.1:{receiver.grpc_port}"}
    found = diagnose(resolve("traces", environ=bare))
    assert found
    assert "Write http:// before" in found.remedy
    with saying(b"\x15\x03\x03\x00\x02\x02\x16") as port:
        assert code(grpc_at(port)) == "tls"


def test_a_certificate_that_nobody_trusts() -> None:
    """An unknown authority is named with the variable that makes it known."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate: Any = trustme.CA().issue_cert("127.0.0.1")
    certificate.configure_cert(context)
    with saying(b"", context) as port:
        endpoint = f"https://127.0.0.1:{port}"
        found = diagnose(resolve("traces", endpoint=endpoint, environ={}))
    assert found
    assert "OTEL_EXPORTER_OTLP_CERTIFICATE" in found.remedy


def test_a_server_that_does_not_answer() -> None:
    """A receiver that takes connections and says nothing is told from one that is not there."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = int(server.getsockname()[1])
        for destination in (grpc_at(port), http_at(port)):
            found = diagnose(destination, timeout=0.1)
            assert found
            assert f"127.0.0.1:{port} does not answer within 0.1 s" in found.problem


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("StatusCode.UNAUTHENTICATED", "credentials"),
        ("StatusCode.PERMISSION_DENIED", "credentials"),
        ("StatusCode.RESOURCE_EXHAUSTED", "overloaded"),
        ("StatusCode.INTERNAL", None),
    ],
)
def test_what_a_grpc_receiver_refuses(
    said: str, expected: str | None, receiver: OtlpReceiver
) -> None:
    """Where the receiver is there, the exporter's own words tell why it refused."""
    assert code(grpc_at(receiver.grpc_port), words=f"error code: {said}") == expected


def test_a_server_that_speaks_neither() -> None:
    """A server of quite another kind is not taken for a receiver."""
    with saying(b"220 mail ready\r\n") as port:
        assert code(grpc_at(port)) == "protocol"
        assert code(http_at(port)) == "protocol"


@pytest.mark.parametrize("kind", [GrpcExporter, HttpExporter])
def test_one_line_and_one_when_it_arrives_again(
    kind: Any,
    receiver: OtlpReceiver,
    spans: tuple[ReadableSpan, ...],
    closed_port: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """However often the exporter fails, one line is logged; its own many are not."""
    caplog.set_level(logging.DEBUG)
    over_grpc = kind is GrpcExporter
    delivery = Delivery(grpc_at(closed_port) if over_grpc else http_at(closed_port))
    url = delivery.destination.url
    down = watched(kind, delivery, SpanExportResult.FAILURE)(endpoint=url, timeout=0.2)
    assert down.export(spans) is SpanExportResult.FAILURE
    assert down.export(spans) is SpanExportResult.FAILURE
    assert delivery.troubled
    (line,) = [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]
    assert line.startswith(f"traces do not arrive at {url}")
    right = receiver.grpc_endpoint if over_grpc else f"{receiver.http_endpoint}/v1/traces"
    up = watched(kind, delivery, SpanExportResult.FAILURE)(endpoint=right)
    assert up.export(spans) is SpanExportResult.SUCCESS
    assert not delivery.troubled
    assert "traces arrive again" in caplog.records[-1].getMessage()
    down.shutdown()
    up.shutdown()


def test_two_signals_with_one_problem_share_one_line(
    closed_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    """A receiver that is down is one problem, for traces and metrics alike."""
    told: set[tuple[str, int, str]] = set()
    for signal in ("traces", "metrics"):
        endpoint = f"http://127.0.0.1:{closed_port}"
        delivery = Delivery(resolve(signal, endpoint=endpoint, environ={}), told)
        delivery.watch(lambda: SpanExportResult.FAILURE, SpanExportResult.FAILURE)
    assert len(caplog.records) == 1


def test_a_receiver_that_recovers_meanwhile(
    receiver: OtlpReceiver, closed_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    """A batch that fails while the receiver comes back adds no line about nothing in particular."""
    delivery = Delivery(grpc_at(closed_port))
    delivery.watch(lambda: SpanExportResult.FAILURE, SpanExportResult.FAILURE)
    delivery.destination = grpc_at(receiver.grpc_port)
    delivery.watch(lambda: SpanExportResult.FAILURE, SpanExportResult.FAILURE)
    assert len(caplog.records) == 1


def test_an_exporter_that_raises_costs_its_batch(
    receiver: OtlpReceiver, caplog: pytest.LogCaptureFixture
) -> None:
    """An error inside an exporter stays inside, and is named where nothing else is wrong."""

    def broken() -> SpanExportResult:
        raise RuntimeError("no room")

    delivery = Delivery(grpc_at(receiver.grpc_port))
    assert delivery.watch(broken, SpanExportResult.FAILURE) is SpanExportResult.FAILURE
    assert "RuntimeError: no room" in caplog.text


def test_the_end_of_the_process_waits_for_nobody(closed_port: int) -> None:
    """At the end nothing is tried where a look shows that nobody listens."""
    delivery = Delivery(grpc_at(closed_port))
    delivery.closing = True
    tried: list[str] = []

    def attempt() -> SpanExportResult:
        tried.append("export")
        return SpanExportResult.SUCCESS

    assert delivery.watch(attempt, SpanExportResult.FAILURE) is SpanExportResult.FAILURE
    assert not tried


def test_other_exporters_keep_their_own_words(
    closed_port: int, spans: tuple[ReadableSpan, ...], caplog: pytest.LogCaptureFixture
) -> None:
    """What the user's own exporter logs is never swallowed."""
    watched(GrpcExporter, Delivery(grpc_at(closed_port)), SpanExportResult.FAILURE)
    own: Any = GrpcExporter(endpoint=f"http://127.0.0.1:{closed_port}", timeout=0.2)
    own.export(spans)
    own.shutdown()
    assert any("grpc" in record.name for record in caplog.records)
