"""The procedures over gRPC: a real server on a loopback port, with faults and Google's errors."""

from __future__ import annotations

import importlib
import itertools
import json
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, cast

import grpc
from google.protobuf import any_pb2, duration_pb2, json_format
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from cxotel.demo.far_ends.dialogflow.methods import FAILURES, Method
from cxotel.demo.far_ends.faults import Failure, Faults
from cxotel.demo.far_ends.replies import Replies, all_changes
from cxotel.demo.far_ends.server import HOST
from cxotel.demo.far_ends.wire import Received, Reply, RequestLog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from typing_extensions import Self

    from cxotel.demo.far_ends.faults import Fault

    Json = dict[str, Any]

SYSTEM = "dialogflow"
DOMAIN = "dialogflow.googleapis.com"
_WORKERS = 32
_INVALID, _UNAVAILABLE = 3, 14
_SUCCESS = (0, 200)
_LIBRARIES = {
    "google.cloud.dialogflow.cx.v3": "google.cloud.dialogflowcx_v3",
    "google.cloud.dialogflow.cx.v3beta1": "google.cloud.dialogflowcx_v3beta1",
    "google.cloud.dialogflow.v2": "google.cloud.dialogflow_v2",
    "google.cloud.dialogflow.v2beta1": "google.cloud.dialogflow_v2beta1",
}


class RpcServer(grpc.GenericRpcHandler):
    """Serve procedures over gRPC.

    Args:
        methods: The procedures.
        faults: What goes wrong, under the system name ``dialogflow``. A failure's status is the
            number of a canonical code, its code the reason in ``google.rpc.ErrorInfo``. A reset
            is told as ``UNAVAILABLE``, which is how gRPC itself reports one.
        received: Where requests are noted, each message of a stream on its own.
        replies: Scripted answers: a body is one message as JSON, or a list of them; header fields
            are sent as leading metadata; a status other than 0 and 200 is a code's number.
        crashes: Where tracebacks of the far end's own errors go.
    """

    def __init__(
        self,
        methods: Sequence[Method],
        faults: Faults,
        received: RequestLog,
        replies: Replies,
        crashes: list[str],
    ) -> None:
        self._methods = {method.path: method for method in methods}
        self._faults, self._received, self._replies = faults, received, replies
        self._crashes = crashes
        self._stopping = threading.Event()
        self._port = 0
        self._server: Any = None

    @property
    def target(self) -> str:
        """Host and port for a channel."""
        return f"{HOST}:{self._port}"

    def start(self) -> Self:
        """Open the port."""
        # Two servers on one port, which gRPC allows by default, would share the requests.
        options = (("grpc.so_reuseport", 0),)
        workers = ThreadPoolExecutor(_WORKERS, thread_name_prefix="loopback-grpc")
        self._server = grpc.server(workers, handlers=[self], options=options)
        self._port = self._server.add_insecure_port(f"{HOST}:0")
        self._server.start()
        return self

    def stop(self) -> None:
        """Close the port, and end calls that hang."""
        self._stopping.set()
        if self._server is not None:
            self._server.stop(grace=0.1).wait()
            self._server = None

    def service(self, handler_call_details: Any) -> Any:
        """Find who handles a call; the message types are imported when the first one comes."""
        method = self._methods.get(handler_call_details.method)
        if method is None:
            return None
        library = importlib.import_module(_LIBRARIES[method.package])
        make = {
            (False, False): grpc.unary_unary_rpc_method_handler,
            (False, True): grpc.unary_stream_rpc_method_handler,
            (True, True): grpc.stream_stream_rpc_method_handler,
        }[method.streams_in, method.streams_out]
        return make(
            self._behaviour(method),
            request_deserializer=_reader(getattr(library, f"{method.messages}Request")),
            response_serializer=_writer(getattr(library, f"{method.messages}Response")),
        )

    def _behaviour(self, method: Method) -> Callable[[Any, Any], Any]:
        def unary(request: Json, context: Any) -> Json:
            # There is no answer when the client gave up meanwhile; nobody will read this one.
            nothing: Json = {}
            return next(iter([*self._run(method, iter([request]), context), nothing]))

        def stream(request: Json, context: Any) -> Iterator[Json]:
            return self._run(method, iter([request]), context)

        def both(requests: Iterator[Json], context: Any) -> Iterator[Json]:
            return self._run(method, requests, context)

        if method.streams_in:
            return both
        return stream if method.streams_out else unary

    def _run(self, method: Method, requests: Iterator[Json], context: Any) -> Iterator[Json]:
        first = next(requests, None)
        if first is None:
            _abort(context, method, Failure(_INVALID, "INVALID_ARGUMENT", "No request was sent."))
            return
        note = _Notes(self._received, method, context)
        faults = self._faults.take(SYSTEM, method.operation, note(first).text)
        self._endure(faults, method, context)
        # A call that was given up while it hung gets no answer.
        if not context.is_active():
            return
        everything = itertools.chain([first], map(note.noted, requests))
        answers = self._answers(method, everything, all_changes(faults), context)
        cut = [fault.truncate for fault in faults if fault.truncate is not None]
        yield from itertools.islice(answers, min(cut)) if cut else answers
        if cut:
            _abort(context, method, Failure(_UNAVAILABLE, "UNAVAILABLE", "Socket closed"))

    def _endure(self, faults: Sequence[Fault], method: Method, context: Any) -> None:
        """Let go wrong what goes wrong before the answer."""
        self._stopping.wait(sum(fault.latency for fault in faults))
        if any(fault.hang for fault in faults):
            given_up = threading.Event()
            if context.add_callback(given_up.set):
                given_up.wait()
            return
        if any(fault.reset for fault in faults):
            failure = Failure(_UNAVAILABLE, "UNAVAILABLE", "Connection reset by peer")
            _abort(context, method, failure)
        failing = next((fault for fault in faults if fault.fails), None)
        if failing is not None:
            _abort(context, method, failing.failure_of(FAILURES))

    def _answers(
        self, method: Method, requests: Iterator[Json], changes: Mapping[str, Any], context: Any
    ) -> Iterator[Json]:
        scripted: Reply | None = self._replies.take(method.operation)
        if scripted is not None:
            yield from _scripted(scripted, method, context)
            return
        try:
            yield from method.answer(requests, changes)
        except grpc.RpcError:
            # The client has gone while its stream was being read.
            return
        except Exception:  # noqa: BLE001 - a far end answers whatever happens, and tells the test
            self._crashes.append(traceback.format_exc())
            _abort(context, method, FAILURES["server_error"])


class _Notes:
    """Note each message of one call as it comes in."""

    def __init__(self, log: RequestLog, method: Method, context: Any) -> None:
        self._log, self._method = log, method
        self._metadata = {
            key: value.hex() if isinstance(value, bytes) else value
            for key, value in context.invocation_metadata()
        }

    def __call__(self, message: Json) -> Received:
        body, method = json.dumps(message).encode(), self._method
        received = Received(SYSTEM, method.operation, "GRPC", method.path, "", self._metadata, body)
        self._log.add(received)
        return received

    def noted(self, message: Json) -> Json:
        self(message)
        return message


def _scripted(reply: Reply, method: Method, context: Any) -> Iterator[Json]:
    if reply.headers:
        fields = [(key.lower(), value) for key, value in reply.headers.items()]
        context.send_initial_metadata([field for field in fields if field[0] != "content-type"])
    content = json.loads(reply.body or b"{}")
    if reply.status not in _SUCCESS:
        reason, message = content.get("reason", "UNKNOWN"), content.get("message", "")
        _abort(context, method, Failure(reply.status, reason, message))
    yield from content if isinstance(content, list) else [content]


def _abort(context: Any, method: Method, failure: Failure) -> None:
    """End a call with a code, and say why as Google does: in the details of the status."""
    service = {"service": DOMAIN, "method": f"{method.package}.Sessions.{method.name}"}
    info = error_details_pb2.ErrorInfo(reason=failure.code, domain=DOMAIN, metadata=service)
    details = [_packed(info)]
    if "Retry-After" in failure.headers:
        delay = duration_pb2.Duration()
        delay.FromMilliseconds(round(float(failure.headers["Retry-After"]) * 1000))
        details.append(_packed(error_details_pb2.RetryInfo(retry_delay=delay)))
    status = status_pb2.Status(code=failure.status, message=failure.message, details=details)
    context.abort_with_status(cast("Any", rpc_status).to_status(status))


def _packed(message: Any) -> any_pb2.Any:
    packed = any_pb2.Any()
    packed.Pack(message)
    return packed


def _reader(kind: Any) -> Callable[[bytes], Json]:
    return lambda data: json_format.MessageToDict(kind.pb(kind.deserialize(data)))


def _writer(kind: Any) -> Callable[[Json], bytes]:
    def write(message: Json) -> bytes:
        # Older releases of the library know fewer fields.
        empty = kind.pb(kind())
        return json_format.ParseDict(message, empty, ignore_unknown_fields=True).SerializeToString()

    return write
