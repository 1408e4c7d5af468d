"""Writing on a live span from several threads: in order, without a lock, and never afterwards."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from opentelemetry.trace import INVALID_SPAN_CONTEXT, NonRecordingSpan

from cxotel.experience.pen import Pen, SpanEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from opentelemetry.util.types import Attributes, AttributeValue


class Paper(NonRecordingSpan):
    """A span that remembers what is written on it, and can be made slow."""

    def __init__(self, on_write: Callable[[], None] = lambda: None) -> None:
        super().__init__(INVALID_SPAN_CONTEXT)
        self.written: dict[str, AttributeValue] = {}
        self.events: list[str] = []
        self.open = True
        self._on_write = on_write

    def is_recording(self) -> bool:
        """Tell whether the span is open."""
        return self.open

    def set_attributes(self, attributes: Mapping[str, AttributeValue]) -> None:
        """Remember attributes."""
        self._on_write()
        self.written.update(attributes)

    def add_event(
        self, name: str, attributes: Attributes = None, timestamp: int | None = None
    ) -> None:
        """Remember an event."""
        self.events.append(name)


def test_what_is_queued_is_written_in_order() -> None:
    """The later of two values stands."""
    paper = Paper()
    pen = Pen(paper)
    pen.queue({"a": 1, "b": 1})
    pen.queue({"a": 2}, [SpanEvent("hurt", {}, 1)])
    pen.flush()
    assert paper.written == {"b": 1, "a": 2}
    assert paper.events == ["hurt"]


def test_a_thread_that_comes_while_another_writes_leaves_its_word_and_goes() -> None:
    """Nobody waits for a span that is slow to write on, and the later value is the last."""
    writing, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        writing.set()
        assert go_on.wait(10)

    paper = Paper(slow)
    pen = Pen(paper)
    pen.queue({"a": 1})
    first = threading.Thread(target=pen.flush)
    first.start()
    assert writing.wait(10)
    pen.queue({"a": 2})
    pen.flush()
    assert paper.written == {}
    go_on.set()
    first.join(10)
    assert paper.written == {"a": 2}


def test_the_end_waits_for_a_thread_that_is_just_writing() -> None:
    """A stale value never lands on top of the last word."""
    writing, closing = threading.Event(), threading.Event()

    def slow() -> None:
        writing.set()
        closing.wait(0.02)

    paper = Paper(slow)
    pen = Pen(paper)
    pen.queue({"a": "stale"})
    first = threading.Thread(target=pen.flush)
    first.start()
    assert writing.wait(10)
    pen.queue({"a": "last"})
    pen.close()
    assert paper.written == {"a": "last"}
    first.join(10)
    assert paper.written == {"a": "last"}


def test_after_the_end_nothing_is_written() -> None:
    """What arrives late is not written on a span that has ended."""
    paper = Paper()
    pen = Pen(paper)
    pen.close()
    pen.queue({"a": 1})
    pen.flush()
    assert paper.written == {}


def test_a_span_that_ended_without_us_is_left_alone() -> None:
    """A web framework ends its span when it likes."""
    paper = Paper()
    pen = Pen(paper)
    paper.open = False
    pen.queue({"a": 1}, [SpanEvent("hurt", {}, 1)])
    pen.flush()
    assert paper.written == {}
    assert paper.events == []


def test_writing_may_come_back_to_itself() -> None:
    """What logs a write may start spans, whose evidence is written on the same span."""
    pen: Pen
    again = [{"b": 2}]

    def come_back() -> None:
        if again:
            pen.queue(again.pop())
            pen.flush()
            pen.close()

    paper = Paper(come_back)
    pen = Pen(paper)
    pen.queue({"a": 1})
    pen.flush()
    assert paper.written == {"a": 1}


def test_a_span_that_refuses_to_be_written_on_is_tried_again() -> None:
    """An error while writing does not block the pen for ever."""
    faults = [OSError]

    def fail() -> None:
        if faults:
            raise faults.pop()

    paper = Paper(fail)
    pen = Pen(paper)
    pen.queue({"a": 1})
    try:
        pen.flush()
    except OSError:
        pen.queue({"b": 2})
        pen.flush()
    assert paper.written == {"b": 2}
