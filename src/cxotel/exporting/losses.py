"""Count the spans that never arrive: for want of room in the queue, or in a batch that failed."""

from __future__ import annotations

import os
import weakref
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter

from cxotel.engine.shield import shielded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.export import SpanExportResult

QUEUE: Final = "export queue"
"""The table of `cx.telemetry.dropped` for spans that found no room."""
FAILED: Final = "failed exports"
"""The table of `cx.telemetry.dropped` for spans of batches that nobody took."""
_ROOM: Final = 2048
"""Spans that wait at most: OpenTelemetry's default of `OTEL_BSP_MAX_QUEUE_SIZE`."""
_BATCH: Final = 512
"""Spans sent at once at most: its default of `OTEL_BSP_MAX_EXPORT_BATCH_SIZE`."""


def lost(table: str, number: int) -> None:
    """Count spans that will not arrive.

    Args:
        table: `QUEUE` or `FAILED`.
        number: How many.
    """
    from cxotel.experience.processor import SHARED

    with shielded("counting what was lost"):
        SHARED.publisher.meters.dropped(table, number)


class CountedQueue(BatchSpanProcessor):
    """The SDK's queue of bounded size, which counts what it had no room for.

    The SDK drops the oldest spans without a count, unless its own metrics are switched on. How many
    those are is known for certain once the queue has been empty; until then the count may lag
    behind, by no more than the queue has room for.

    Args:
        exporter: Where spans go.
    """

    def __init__(self, exporter: SpanExporter) -> None:
        self._room = _whole("OTEL_BSP_MAX_QUEUE_SIZE", _ROOM)
        self._batch = min(_whole("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", _BATCH), self._room)
        self._start()
        super().__init__(
            _Passing(exporter, self),
            max_queue_size=self._room,
            max_export_batch_size=self._batch,
        )
        if hasattr(os, "register_at_fork"):
            restart = weakref.WeakMethod(self._start)
            os.register_at_fork(after_in_child=lambda: (again := restart()) and again())

    def _start(self) -> None:
        """Begin to count: a forked child's queue is empty."""
        self._numbers = count(1)
        self._taken = self._given = self._missing = self._before = 0

    def on_end(self, span: ReadableSpan) -> None:
        """Put a span that is sampled into the queue."""
        super().on_end(span)
        if span.context and span.context.trace_flags.sampled:
            # `next` is one step for all threads; a lock could be held while another thread forks.
            self._taken = next(self._numbers)

    def passed(self, number: int) -> None:
        """Note that spans left the queue, and count those that must have been dropped.

        Args:
            number: How many left.
        """
        self._given += number
        # A batch that is not full left the queue empty, so all that came before the last is gone.
        emptied = number < self._batch
        self._count(self._before if emptied else self._taken - self._room)
        self._before = self._taken

    def force_flush(self, timeout_millis: int | None = None) -> bool:
        """Send all that waits."""
        before = self._taken
        flushed = super().force_flush(timeout_millis)
        if flushed:
            self._count(before)
        return flushed

    def shutdown(self) -> None:
        """Send what is left; whatever has not been sent by then is lost."""
        super().shutdown()
        self._count(self._taken)

    def _count(self, gone: int) -> None:
        """Count as dropped what is no longer in the queue and was not given to the exporter."""
        missing = gone - self._given
        if missing > self._missing:
            lost(QUEUE, missing - self._missing)
            self._missing = missing


class _Passing(SpanExporter):
    """Tell the queue what leaves it."""

    def __init__(self, exporter: Any, queue: CountedQueue) -> None:
        self._exporter = exporter
        self._queue = weakref.ref(queue)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        queue = self._queue()
        if queue is not None:
            queue.passed(len(spans))
        return self._exporter.export(spans)

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return bool(self._exporter.force_flush(timeout_millis))


def _whole(variable: str, default: int) -> int:
    given = os.environ.get(variable, "").strip()
    return int(given) if given.isdigit() and int(given) > 0 else default
