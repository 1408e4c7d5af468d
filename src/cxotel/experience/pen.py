"""Write on a live span from any thread, in order, without holding a lock while doing so."""

from __future__ import annotations

from threading import Condition, get_ident
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from opentelemetry.trace import Span
    from opentelemetry.util.types import AttributeValue

PATIENCE: Final = 0.1
"""Seconds that the end of a span waits for another thread that is just writing on it."""


class SpanEvent(NamedTuple):
    """An event to be added to a span."""

    name: str
    attributes: Mapping[str, AttributeValue]
    time_ns: int


class Pen:
    """Write on one span.

    Attributes are queued where they are computed, under whatever lock orders them, and written by
    `flush` outside of it: a span's setters may log, and what handles the log may start spans.
    One thread writes at a time; what others queue meanwhile is written by that one.

    Args:
        span: The span to write on, while it records.
    """

    __slots__ = ("_attributes", "_events", "_idle", "_span", "_writer")

    def __init__(self, span: Span) -> None:
        self._span: Span | None = span
        self._attributes: dict[str, AttributeValue] = {}
        self._events: list[SpanEvent] = []
        # Reentrant: garbage collection may end a span, and so come back here, at any moment.
        self._idle = Condition()
        self._writer = 0

    def queue(
        self, attributes: Mapping[str, AttributeValue], events: Iterable[SpanEvent] = ()
    ) -> None:
        """Note what to write; later values replace earlier ones that are still queued."""
        with self._idle:
            if self._span is not None:
                self._attributes.update(attributes)
                self._events.extend(events)

    def flush(self) -> None:
        """Write what is queued, unless another thread is at it: that one will."""
        while (span := self._begin()) is not None:
            try:
                self._write(span)
            finally:
                with self._idle:
                    self._writer = 0
                    self._idle.notify_all()

    def close(self) -> None:
        """Write what is queued and nothing any more, also if another thread is just writing."""
        self.flush()
        with self._idle:
            if self._writer != get_ident():
                self._idle.wait_for(lambda: not self._writer, PATIENCE)
        self.flush()
        with self._idle:
            self._span = None

    def _begin(self) -> Span | None:
        with self._idle:
            if self._writer or self._span is None or not (self._attributes or self._events):
                return None
            self._writer = get_ident()
            return self._span

    def _write(self, span: Span) -> None:
        with self._idle:
            attributes, self._attributes = self._attributes, {}
            events, self._events = self._events, []
        if not span.is_recording():
            return
        if attributes:
            span.set_attributes(attributes)
        for event in events:
            span.add_event(event.name, event.attributes, event.time_ns)
