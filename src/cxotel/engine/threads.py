"""Threads that a client library starts on the caller's behalf: they work in the caller's context.

Context variables stay behind when a library hands work to a pool, so its calls would belong to no
journey. Only inside the functions that a vendor's table names as *scopes* do threads inherit it.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

from opentelemetry import context as otel_context

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.context import Context

_SCOPE = otel_context.create_key("cxotel-threads")

STARTS: tuple[tuple[str, str], ...] = (
    ("concurrent.futures.thread", "ThreadPoolExecutor.submit"),
    ("multiprocessing.pool", "Pool.__init__"),
    ("multiprocessing.pool", "Pool.apply_async"),
    ("threading", "Thread.start"),
)
"""Where threads get their work: module and `Class.method`."""


def inheriting(
    wrapped: Callable[..., Any], _: object, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Run a function inside of which new threads inherit the caller's context."""
    token = otel_context.attach(otel_context.set_value(_SCOPE, value=True))
    try:
        return wrapped(*args, **kwargs)
    finally:
        otel_context.detach(token)


def start(
    wrapped: Callable[..., Any], instance: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Hand work to a thread, with the caller's context where it is in such a function."""
    context = otel_context.get_current()
    if not context.get(_SCOPE):
        return wrapped(*args, **kwargs)
    if isinstance(instance, threading.Thread):
        instance.run = _within(context, instance.run)
        return wrapped(*args, **kwargs)
    if args and callable(args[0]) and not _in_processes(instance):
        args = (_within(context, args[0]), *args[1:])
    # The pool's own threads outlive this call, and work for others after it.
    token = otel_context.attach(otel_context.set_value(_SCOPE, value=False))
    try:
        return wrapped(*args, **kwargs)
    finally:
        otel_context.detach(token)


def _in_processes(pool: object) -> bool:
    """Tell whether a pool sends its work to processes: that has to stay as it is."""
    pools: Any = sys.modules.get("multiprocessing.pool")  # where there is one, it is imported
    return (
        pools is not None
        and isinstance(pool, pools.Pool)
        and not isinstance(pool, pools.ThreadPool)
    )


def _within(context: Context, work: Callable[..., Any]) -> Callable[..., Any]:
    def run(*args: Any, **kwargs: Any) -> Any:
        token = otel_context.attach(context)
        try:
            return work(*args, **kwargs)
        finally:
            otel_context.detach(token)

    return run
