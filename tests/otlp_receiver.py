"""A real OTLP receiver on loopback, over gRPC and over HTTP, that keeps what arrives.

Use it as a context manager, send to `grpc_endpoint` or `http_endpoint`, and ask for `spans()`.
"""

from __future__ import annotations

import gzip
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import grpc
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2 as logs_pb2
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2 as metrics_pb2
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as trace_pb2
from typing_extensions import Self

from backends.listening import Listening, Quiet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
    from opentelemetry.proto.trace.v1 import trace_pb2 as trace_types


class Signal(NamedTuple):
    """One signal: where it arrives, and the messages it is made of."""

    path: str
    service: str
    request: Any
    response: Any


_PACKAGE = "opentelemetry.proto.collector"
SIGNALS: dict[str, Signal] = {
    "traces": Signal(
        "/v1/traces",
        f"{_PACKAGE}.trace.v1.TraceService",
        trace_pb2.ExportTraceServiceRequest,
        trace_pb2.ExportTraceServiceResponse,
    ),
    "metrics": Signal(
        "/v1/metrics",
        f"{_PACKAGE}.metrics.v1.MetricsService",
        metrics_pb2.ExportMetricsServiceRequest,
        metrics_pb2.ExportMetricsServiceResponse,
    ),
    "logs": Signal(
        "/v1/logs",
        f"{_PACKAGE}.logs.v1.LogsService",
        logs_pb2.ExportLogsServiceRequest,
        logs_pb2.ExportLogsServiceResponse,
    ),
}


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """An event of a span, as it arrived."""

    name: str
    attributes: Mapping[str, Any]
    time: int


@dataclass(frozen=True, slots=True)
class ReceivedLink:
    """A link of a span, as it arrived."""

    trace_id: str
    span_id: str
    attributes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReceivedSpan:
    """A span, as it arrived: ids in hexadecimal, times in ns since the epoch."""

    name: str
    kind: str
    trace_id: str
    span_id: str
    parent_id: str
    attributes: Mapping[str, Any]
    events: tuple[ReceivedEvent, ...]
    links: tuple[ReceivedLink, ...]
    status: str
    status_description: str
    start: int
    end: int
    scope: str
    resource: Mapping[str, Any]


@dataclass(slots=True)
class _Box:
    """What has arrived so far, and who waits for more."""

    requests: dict[str, list[Any]] = field(
        default_factory=lambda: {name: list[Any]() for name in SIGNALS}
    )
    bodies: list[bytes] = field(default_factory=list[bytes])
    headers: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def put(self, signal: str, body: bytes, headers: Mapping[str, str]) -> None:
        request = SIGNALS[signal].request.FromString(body)
        with self.arrived:
            self.requests[signal].append(request)
            self.bodies.append(body)
            self.headers.append({name.lower(): value for name, value in headers.items()})
            self.arrived.notify_all()


class OtlpReceiver:
    """Listen on two free ports of loopback while the `with` block runs.

    Args:
        takes: The signals that are taken; the others are refused as an OTLP receiver without a
            pipeline for them does (gRPC `UNIMPLEMENTED`, HTTP 404).
    """

    def __init__(self, takes: Iterable[str] = tuple(SIGNALS)) -> None:
        """Prepare; the ports open when the block is entered."""
        self._takes = frozenset(takes)
        self._box = _Box()
        self._grpc = _grpc_server(self._box, self._takes)
        self._http = Listening(_handler(self._box, self._takes))
        self.grpc_port = int(self._grpc.add_insecure_port("127.0.0.1:0"))
        self.http_port = self._http.port

    def __enter__(self) -> Self:
        self._grpc.start()
        self._http.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._grpc.stop(grace=None).wait()
        self._http.__exit__(None, None, None)

    @property
    def grpc_endpoint(self) -> str:
        """What to configure for the protocol `grpc`."""
        return f"http://127.0.0.1:{self.grpc_port}"

    @property
    def http_endpoint(self) -> str:
        """What to configure for the protocol `http/protobuf`; signals have paths below it."""
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def bodies(self) -> list[bytes]:
        """The uncompressed bytes of every request: to search for what must not leave."""
        with self._box.arrived:
            return list(self._box.bodies)

    @property
    def headers(self) -> list[dict[str, str]]:
        """The headers, or gRPC metadata, of every request."""
        with self._box.arrived:
            return list(self._box.headers)

    def spans(self) -> list[ReceivedSpan]:
        """Return the spans that have arrived so far."""
        with self._box.arrived:
            requests = list(self._box.requests["traces"])
        return [span for request in requests for span in _spans(request)]

    def metric_names(self) -> set[str]:
        """Return the names of the metrics that have arrived so far."""
        with self._box.arrived:
            requests = list(self._box.requests["metrics"])
        return {
            metric.name
            for request in requests
            for resource in request.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }

    def requests(self, signal: str) -> list[Any]:
        """Return the protobuf requests of one signal: `traces`, `metrics` or `logs`."""
        with self._box.arrived:
            return list(self._box.requests[signal])

    def wait_for(self, enough: Callable[[OtlpReceiver], object], timeout: float = 10.0) -> bool:
        """Wait until *enough* is true of this receiver; tell whether it came to that in time.

        Args:
            enough: Asked again whenever something arrives.
            timeout: Seconds.
        """
        limit = time.monotonic() + timeout
        while not enough(self):
            with self._box.arrived:
                left = limit - time.monotonic()
                if left <= 0:
                    return False
                self._box.arrived.wait(min(left, 0.2))
        return True

    def wait_for_span(self, name: str, timeout: float = 10.0) -> ReceivedSpan:
        """Wait for a span called *name* and return it.

        Args:
            name: The span's whole name.
            timeout: Seconds.
        """
        found = self.wait_for(lambda box: any(s.name == name for s in box.spans()), timeout)
        assert found, f"no span {name!r} among {sorted(span.name for span in self.spans())}"
        return next(span for span in self.spans() if span.name == name)


def _grpc_server(box: _Box, takes: frozenset[str]) -> Any:
    api: Any = grpc  # ships no types
    server = api.server(ThreadPoolExecutor(max_workers=4))
    for name in takes:
        signal = SIGNALS[name]

        def export(body: bytes, context: Any, name: str = name, signal: Signal = signal) -> Any:
            metadata: Any = context.invocation_metadata()
            box.put(name, body, {str(key): str(value) for key, value in metadata})
            return signal.response()

        handler = api.unary_unary_rpc_method_handler(
            export, response_serializer=signal.response.SerializeToString
        )
        server.add_generic_rpc_handlers(
            (api.method_handlers_generic_handler(signal.service, {"Export": handler}),)
        )
    return server


def _handler(box: _Box, takes: frozenset[str]) -> type[Quiet]:
    by_path = {SIGNALS[name].path: name for name in takes}

    class Handler(Quiet):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.body()
            name = by_path.get(self.path)
            if name is None:
                self._reply(404, b"")
                return
            box.put(name, _unpacked(body, self.headers.get("Content-Encoding")), dict(self.headers))
            self._reply(200, SIGNALS[name].response().SerializeToString())

        def _reply(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


def _unpacked(body: bytes, encoding: str | None) -> bytes:
    if encoding == "gzip":
        return gzip.decompress(body)
    return zlib.decompress(body) if encoding == "deflate" else body


def _spans(request: Any) -> Iterable[ReceivedSpan]:
    for resource_spans in request.resource_spans:
        resource = _attributes(resource_spans.resource.attributes)
        for scope_spans in resource_spans.scope_spans:
            for span in scope_spans.spans:
                yield _span(span, scope_spans.scope.name, resource)


def _span(span: trace_types.Span, scope: str, resource: Mapping[str, Any]) -> ReceivedSpan:
    return ReceivedSpan(
        name=span.name,
        kind=type(span).SpanKind.Name(span.kind).removeprefix("SPAN_KIND_"),
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        parent_id=span.parent_span_id.hex(),
        attributes=_attributes(span.attributes),
        events=tuple(
            ReceivedEvent(event.name, _attributes(event.attributes), event.time_unix_nano)
            for event in span.events
        ),
        links=tuple(
            ReceivedLink(link.trace_id.hex(), link.span_id.hex(), _attributes(link.attributes))
            for link in span.links
        ),
        status=("UNSET", "OK", "ERROR")[span.status.code],
        status_description=span.status.message,
        start=span.start_time_unix_nano,
        end=span.end_time_unix_nano,
        scope=scope,
        resource=resource,
    )


def _attributes(pairs: Iterable[KeyValue]) -> dict[str, Any]:
    return {pair.key: _value(pair.value) for pair in pairs}


def _value(value: AnyValue) -> Any:
    kind = value.WhichOneof("value")
    if kind is None:
        return None
    if kind == "array_value":
        return [_value(item) for item in value.array_value.values]
    if kind == "kvlist_value":
        return _attributes(value.kvlist_value.values)
    return getattr(value, kind)
