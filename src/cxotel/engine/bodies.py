"""Replies whose body the caller reads later: the call is over when that is done.

An aiohttp call returns with the reply's headers. Its body is read by the caller, so what it tells
is known only then. A reply that nobody reads ended when its headers came.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

from cxotel import clock
from cxotel.engine.shield import report

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Final

    from cxotel.engine.call import Call

READS: Final = (("aiohttp.client_reqrep", "ClientResponse.read"),)
"""Coroutine functions that read a reply's whole body: module and `Class.method`."""
ENDS: Final = (
    ("aiohttp.client_reqrep", "ClientResponse.release"),
    ("aiohttp.client_reqrep", "ClientResponse.close"),
)
"""Functions by which a reply is let go."""


_open: weakref.WeakKeyDictionary[Any, weakref.finalize[..., Any]] = weakref.WeakKeyDictionary()


def is_awaited(call: Call, result: Any) -> bool:
    """Take a reply; keep *call* open where its body is still to be read, and tell whether it is.

    Args:
        call: A call of a vendor that is known by its hosts.
        result: What the library returned.
    """
    try:
        if call.address is None:
            return False
        call.response = call.address.library.reply(call, result)
        if not call.response.is_later:
            return False
        # The reply itself is not kept: whoever forgets it ends the call.
        end = weakref.finalize(result, call.life.close, call, at_ns=clock.now_ns())
        end.atexit = False
        _open[result] = end
    except Exception as error:  # noqa: BLE001 - the reply must reach the caller
        report(f"taking the reply of {call.plan.span_name}", error)
        return False
    return True


def ending(
    wrapped: Callable[..., Any], instance: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Let a reply go, and end its call."""
    end = _open.pop(instance, None)
    if end is not None:
        end()
    return wrapped(*args, **kwargs)


async def reading(
    wrapped: Callable[..., Any], instance: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Read a reply's body, and end its call with it."""
    end = _open.pop(instance, None)
    call: Call | None = None
    found = end.detach() if end is not None else None
    if found is not None:
        call = found[2][0]
    if call is None:
        return await wrapped(*args, **kwargs)
    try:
        body = await wrapped(*args, **kwargs)
    except BaseException as error:
        call.life.close(call, error)
        raise
    call.response = call.response._replace(body=body)
    call.life.close(call)
    return body
