"""A vendor's HTTP interface as a table of operations, with faults, scripted replies and a log."""

from __future__ import annotations

import json
import re
import traceback
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from starlette.requests import Request

from cxotel.demo.far_ends.delivery import Delivery
from cxotel.demo.far_ends.faults import Faults, RefusedError
from cxotel.demo.far_ends.memory import Lineage
from cxotel.demo.far_ends.replies import Replies, all_changes, merged
from cxotel.demo.far_ends.server import LoopbackServer
from cxotel.demo.far_ends.wire import Received, Reply, RequestLog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from types import TracebackType

    from starlette.types import Receive, Scope, Send
    from typing_extensions import Self

    from cxotel.demo.far_ends.faults import Failure, Fault

    Handler = Callable[[Received], Reply]

UNKNOWN = "unknown"
"""The operation of a request that no route matches."""
_NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of a vendor: how its request looks, and who answers it."""

    operation: str
    method: str
    path: re.Pattern[str]
    handler: Handler


def route(operation: str, method: str, template: str, handler: Handler) -> Route:
    """Make a route from a path template.

    Args:
        operation: The name by which faults, replies and tests know it.
        method: The HTTP verb.
        template: A path in which ``{name}`` stands for one segment and ``{name+}`` for several; a
            ``/?`` at its end may be left out.
        handler: Who answers.

    Example:
        >>> calls = route("fetch_call", "GET", "/Calls/{call}.json", lambda request: Reply())
        >>> calls.path.fullmatch("/Calls/CA7.json")["call"]
        'CA7'
    """
    pattern, optional = "", "/?" if template.endswith("/?") else ""
    fixed = template.removesuffix(optional)
    for literal, name, rest in re.findall(r"([^{]*)(?:\{(\w+)(\+?)\})?", fixed):
        pattern += re.escape(literal)
        if name:
            pattern += f"(?P<{name}>{'.+?' if rest else '[^/]+?'})"
    return Route(operation, method, re.compile(pattern + optional), handler)


class HttpFarEnd:
    """The far end of one vendor's HTTP interface; an ASGI application with a server of its own.

    Args:
        system: The vendor's name in the `Faults` table.
        routes: Its operations; the first that matches answers.
        failures: The vendor's usual answer to each kind of failure.
        faults: What goes wrong; a table of its own when not given.
        ids: How the vendor's ids look, to follow a contact through them.
        tls: Serve https.
    """

    def __init__(
        self,
        system: str,
        routes: Iterable[Route],
        failures: Mapping[str, Failure],
        *,
        faults: Faults | None = None,
        ids: re.Pattern[str] = _NOTHING,
        tls: bool = False,
    ) -> None:
        self.system = system
        self.received = RequestLog()
        self.replies = Replies()
        self.faults = Faults() if faults is None else faults
        self.lineage = Lineage(ids)
        self.crashes: list[str] = []
        self.server = LoopbackServer(self, tls=tls)
        self.routes = tuple(routes)
        self._failures = failures

    # What a vendor may say differently

    def admit(self, request: Received) -> None:
        """Refuse a request by raising `RefusedError`, before anybody answers it."""

    def respond(self, handler: Handler, request: Received, changes: Mapping[str, Any]) -> Reply:
        """Answer a request that is admitted and not failed by a fault.

        Args:
            handler: Who answers.
            request: What was asked.
            changes: What faults change about the answer.
        """
        return _changed(handler(request), changes)

    def candidates(self, method: str, path: str, headers: Mapping[str, str]) -> Iterable[Route]:
        """Return the routes that a request may be for, the likeliest first."""
        return [known for known in self.routes if known.method == method]

    def failed(self, failure: Failure, request: Received) -> Reply:
        """Put a failure into the vendor's own form."""
        content = {"code": failure.code, "message": failure.message}
        return Reply.of(failure.status, content, failure.headers)

    def finished(self, reply: Reply, request: Received) -> Reply:
        """Add the header fields that the vendor sends with every answer."""
        return reply

    def belongs_to(self, request: Received) -> str:
        """Return what is known of whom a request is about: its text and its ids' origins."""
        return self.lineage.expand(request.text)

    # Life

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return self.server.url

    def start(self) -> Self:
        """Open the port and return when it accepts connections."""
        self.server.start()
        return self

    def stop(self) -> None:
        """Close the port."""
        self.server.stop()

    def clear(self) -> None:
        """Forget faults, scripted replies and requests; what was created stays."""
        self.faults.clear()
        self.replies.clear()
        self.received.clear()

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()

    # One request

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request of a client."""
        request, handler = self.routed(
            scope["method"],
            scope["raw_path"].decode("latin-1"),
            scope["query_string"].decode("latin-1"),
            _joined(scope["headers"]),
            await Request(scope, receive).body(),
        )
        self.received.add(request)
        faults = self.faults.take(self.system, request.operation, self.belongs_to(request))
        wire = Delivery(scope, receive, send)
        await wire.wait(sum(fault.latency for fault in faults))
        if any(fault.hang for fault in faults):
            await wire.hang()
        elif any(fault.reset for fault in faults):
            await wire.reset()
        else:
            reply = self._answer(request, handler, faults)
            cut = [fault.truncate for fault in faults if fault.truncate is not None]
            await (wire.truncate(reply, min(cut)) if cut else wire.reply(reply))

    def routed(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[Received, Handler]:
        """Find what a request asks for, and who answers.

        Args:
            method: The HTTP verb.
            path: The path as it was sent, so that a slash within an id is told from one between
                segments.
            query: The query string.
            headers: Header fields, their names in lower case.
            body: The body.
        """
        operation, ids, handler = UNKNOWN, {}, self._unknown
        for known in self.candidates(method, path, headers):
            match = known.path.fullmatch(path)
            if match is not None:
                operation, handler = known.operation, known.handler
                ids = {key: unquote(value) for key, value in match.groupdict().items()}
                break
        request = Received(self.system, operation, method, unquote(path), query, headers, body, ids)
        return request, handler

    def _unknown(self, request: Received) -> Reply:
        raise RefusedError(404, self._failures["not_found"].code, f"{request.path} was not found")

    def _answer(self, request: Received, handler: Handler, faults: Sequence[Fault]) -> Reply:
        failing = next((fault for fault in faults if fault.fails), None)
        if failing is not None:
            return self._refused(failing.failure_of(self._failures), request)
        scripted: Reply | None = self.replies.take(request.operation)
        if scripted is not None:
            return scripted
        try:
            self.admit(request)
            reply = self.respond(handler, request, all_changes(faults))
        except RefusedError as refused:
            return self._refused(refused.failure, request)
        except Exception:  # noqa: BLE001 - a far end answers whatever happens, and tells the test
            self.crashes.append(traceback.format_exc())
            return self._refused(self._failures["server_error"], request)
        for new_id in reply.created:
            self.lineage.remember(new_id, request.text)
        return self.finished(reply, request)

    def _refused(self, failure: Failure, request: Received) -> Reply:
        return self.finished(self.failed(failure, request), request)


def _joined(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in pairs:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


def _changed(reply: Reply, changes: Mapping[str, Any]) -> Reply:
    if not changes:
        return reply
    return replace(reply, body=json.dumps(merged(json.loads(reply.body), changes)).encode())
