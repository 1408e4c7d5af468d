"""What went over HTTP inside a call: attempts, statuses and headers that the client hides.

Clients retry silently and drop response headers on the way to the caller. Each HTTP library has one
function that every attempt passes, retries included; watching it from inside an observed call costs
other requests one look at the context.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from opentelemetry import context as otel_context

from cxotel import clock, semconv
from cxotel.engine.call import Call, Exchange
from cxotel.engine.shield import report

if TYPE_CHECKING:
    from collections.abc import Callable

ACTIVE_CALL_KEY = otel_context.create_key("cxotel-call")
"""The context key under which the call in progress is found from inside the client."""
_FIRST_ERROR = 400

WIRES: tuple[tuple[str, str], ...] = (
    # requests, urllib3 and botocore all end in the standard library's connection.
    ("http.client", "HTTPConnection.getresponse"),
    ("aiohttp.client_reqrep", "ClientResponse.start"),
    ("httpx", "HTTPTransport.handle_request"),
    ("httpx", "AsyncHTTPTransport.handle_async_request"),
    ("httpx2", "HTTPTransport.handle_request"),
    ("httpx2", "AsyncHTTPTransport.handle_async_request"),
)
"""The functions that every HTTP attempt passes: module and `Class.method`."""


def active_call() -> Call | None:
    """Return the vendor call that the running code is inside of."""
    return otel_context.get_value(ACTIVE_CALL_KEY)  # type: ignore[return-value] # pyright: ignore[reportReturnType] - only `Life` sets it


def exchange(
    wrapped: Callable[..., Any], instance: object, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Make one HTTP attempt and remember it if it belongs to a vendor call."""
    call = active_call()
    if call is None:
        return wrapped(*args, **kwargs)
    started, host = clock.now_ns(), _host(instance, args)
    try:
        result = wrapped(*args, **kwargs)
    except TypeError:  # no attempt: urllib3 1 asks as for Python 2 first, with `buffering`
        raise
    except BaseException as error:
        _note(call, host, started, error)
        raise
    if hasattr(result, "__await__"):
        return _awaited(call, host, started, result)
    _note(call, host, started, result)
    return result


def aside(
    wrapped: Callable[..., Any], _: object, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Run a function inside of which HTTP attempts do not belong to the vendor call around it."""
    token = otel_context.attach(otel_context.set_value(ACTIVE_CALL_KEY, None))
    try:
        result = wrapped(*args, **kwargs)
    finally:
        otel_context.detach(token)
    return _awaited_aside(result) if hasattr(result, "__await__") else result


async def _awaited_aside(result: Any) -> Any:
    """Await a coroutine in its own context: it runs only when the client awaits it."""
    token = otel_context.attach(otel_context.set_value(ACTIVE_CALL_KEY, None))
    try:
        return await result
    finally:
        otel_context.detach(token)


async def _awaited(call: Call, host: str | None, started: int, result: Any) -> Any:
    try:
        reply = await result
    except BaseException as error:
        _note(call, host, started, error)
        raise
    _note(call, host, started, reply)
    return reply


def _note(call: Call, host: str | None, started: int, reply: Any) -> None:
    """Remember an attempt; one that got an exception for a reply has status 0."""
    try:
        status = getattr(reply, "status", None) or getattr(reply, "status_code", None) or 0
        headers: Any = getattr(reply, "headers", None) or {}
        # Clients wrap what the HTTP library raised in an exception of their own.
        timed_out = "Timeout" in type(reply).__qualname__
        call.exchanged(Exchange(started, clock.now_ns(), int(status), headers, host, timed_out))
    except Exception as error:  # noqa: BLE001 - the reply must reach the client
        report(f"noting an HTTP attempt of {call.vendor.name}", error)


def _host(instance: object, args: tuple[Any, ...]) -> str | None:
    """Return where an attempt goes: the connection knows, or httpx's request does."""
    host = getattr(instance, "host", None)
    if host is None and args:
        host = getattr(getattr(args[0], "url", None), "host", None)
    return host if isinstance(host, str) else None


def wire_attributes(call: Call) -> dict[str, Any]:
    """Return what the attempts inside *call* tell: status, host, retries, waits."""
    exchanges = call.exchanges
    if not exchanges:
        return {}
    last = exchanges[-1]
    attributes: dict[str, Any] = {}
    if last.status:
        attributes[semconv.HTTP_RESPONSE_STATUS_CODE] = last.status
    if last.host:
        attributes[semconv.SERVER_ADDRESS] = last.host
    if last.timed_out:
        attributes[semconv.CX_CALL_TIMED_OUT] = True
    if len(exchanges) > 1:
        attributes[semconv.HTTP_REQUEST_RESEND_COUNT] = len(exchanges) - 1
        attributes[semconv.CX_CALL_RETRY_WAIT] = _between(exchanges) // 1_000_000
        if _succeeded(last) and not all(_succeeded(one) for one in exchanges):
            attributes[semconv.CX_CALL_RECOVERED] = True
    return attributes


def _succeeded(one: Exchange) -> bool:
    return 0 < one.status < _FIRST_ERROR


def _between(exchanges: list[Exchange]) -> int:
    """Return the nanoseconds that passed between attempts."""
    gaps = pairwise(exchanges)
    return sum(max(0, later.started_ns - earlier.ended_ns) for earlier, later in gaps)
