"""Which journey and step the running code belongs to, and who wants to know what happens there."""

from __future__ import annotations

import os
from contextvars import Token
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, Protocol

from opentelemetry import context as otel_context
from opentelemetry.context import Context

if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Mapping

    from opentelemetry.trace import Span
    from opentelemetry.util.types import AttributeValue

_CURRENT = otel_context.create_key("cxotel-current")
_OUTSIDE = otel_context.create_key("cxotel-outside")


class Failure(NamedTuple):
    """A vendor call that failed, as the journey remembers it until its code has been seen to react.

    Only the identity of the exception is kept: holding the exception would keep its frames alive.
    """

    system: str
    span_id: int
    error: int | None
    """`id()` of the exception that left the call, if one did."""
    raises: tuple[str, ...]
    """Modules whose exceptions the client raises later for a failure that the call returned."""
    error_type: type[BaseException] | None = None
    """Class of that exception: its `id()` may be another's once it has been freed."""


@dataclass(slots=True, eq=False)
class JourneyState:
    """What all parts of one segment share while its journey span is open."""

    id: str
    name: str
    span: Span
    channel: str | None = None
    contact_id: str | None = None
    outcome: str | None = None
    outcome_at: int = 0
    """When the outcome was declared, in ns since the epoch; 0 without one."""
    failures: deque[Failure] | None = field(default=None)
    ended: bool = False
    lock: Lock = field(default_factory=Lock, repr=False)
    """Held while the outcome changes."""
    process: int = field(default_factory=os.getpid)

    def is_open(self) -> bool:
        """Tell whether the journey span still runs here: a forked child holds a dead copy of it."""
        return not self.ended and self.process == os.getpid()


@dataclass(frozen=True, slots=True)
class Current:
    """The journey and the step that a piece of code runs in."""

    journey: JourneyState
    step: str | None = None
    step_span: Span | None = None


def current(context: Context | None = None) -> Current | None:
    """Return the journey and step of *context*, or of the running code."""
    return otel_context.get_value(_CURRENT, context)  # type: ignore[return-value]


def with_current(value: Current | None, context: Context | None = None) -> Context:
    """Return *context* with *value* as its journey and step."""
    return otel_context.set_value(_CURRENT, value, context)


def enter(context: Context) -> Token[Context]:
    """Make *context* the running code's own, until `leave`."""
    return otel_context.attach(context)


def leave(token: Token[Context], entered: Context) -> None:
    """Put back what was there before `enter`, also from another task or thread, and log nothing.

    A coroutine that is thrown away is closed wherever the garbage collector runs. There the token
    is not valid, and `opentelemetry.context.detach` would log an error with a traceback.
    """
    try:
        token.var.reset(token)
    except ValueError:
        # A copy of the context we entered came along to this task: what was before is put into it.
        if otel_context.get_current() is entered:
            before = token.old_value
            otel_context.attach(Context() if before is Token.MISSING else before)


class Outside(NamedTuple):
    """The vendor that a call in progress goes to, and what may cross to it."""

    system: str
    traceparent: bool


def outside(context: Context | None = None) -> Outside | None:
    """Return the vendor whose call *context* belongs to, if it belongs to one."""
    return otel_context.get_value(_OUTSIDE, context)  # type: ignore[return-value]


OUTSIDE_KEY = _OUTSIDE
"""The context key under which the engine marks a call to a vendor; see `outside`."""


class Observer(Protocol):
    """What follows journeys while they are open: the experience processor."""

    def opened(self, journey: JourneyState) -> None:
        """Take note of a journey whose span has just started."""

    def noted(
        self, now: Current, event: str, attributes: Mapping[str, AttributeValue], time_ns: int
    ) -> None:
        """Take evidence that the journey's own code gave: a handoff, an outcome, feedback."""

    def met(self, now: Current, failure: Failure) -> None:
        """Learn that a failed call's error reached the journey's code; may be told twice."""

    def ending(self, span: Span, start_ns: int, end_ns: int) -> None:
        """Read a vendor call's span, and write on it, while it is live and about to end."""

    def closing(self, journey: JourneyState) -> None:
        """Write the last word on a journey whose span is about to end."""


_observers: list[Observer] = []


def observe(observer: Observer) -> None:
    """Tell *observer* of every journey from now on; once is enough."""
    if observer not in _observers:
        _observers.append(observer)


def ignore(observer: Observer) -> None:
    """Tell *observer* of nothing any more."""
    if observer in _observers:
        _observers.remove(observer)


def observers() -> tuple[Observer, ...]:
    """Return those who follow journeys now."""
    return tuple(_observers)
