"""Replies that a client delivers to a function of the caller's, in place of returning them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry import context as otel_context

if TYPE_CHECKING:
    from cxotel.engine.call import Call


def answering(
    call: Call, name: str, given: tuple[tuple[Any, ...], dict[str, Any]]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return the arguments with a function that ends the call before the caller's own is told.

    What the caller does with the reply is no time of the vendor's, and calls in it are its own.

    Args:
        call: The call.
        name: The parameter that is the caller's function; without one nothing changes.
        given: The arguments for the call.
    """
    function = call.argument(name)
    if not callable(function):
        return given
    outside = otel_context.get_current()

    def answer(*reply: Any, **named: Any) -> Any:
        call.response = reply[0] if reply else None
        call.life.close(call)
        token = otel_context.attach(outside)
        try:
            return function(*reply, **named)
        finally:
            otel_context.detach(token)

    call.args, call.kwargs = given
    return call.replacing(name, answer)
