"""What takes time in a journey: its steps, and the customer's waits in queues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry.context import get_current

from cxotel import clock, semconv
from cxotel.context import current
from cxotel.engine.shield import shielded
from cxotel.journey.around import Around
from cxotel.journey.checks import milliseconds, queue_name, word
from cxotel.journey.details import NAME_IS_WRONG, usable
from cxotel.journey.endings import Stage, Unseen
from cxotel.journey.journey import start_span, start_stage
from cxotel.journey.words import QUEUE_RESULTS
from cxotel.semconv import CxEvidenceKindValues

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from opentelemetry.util.types import AttributeValue

    from cxotel.journey.around import Opened
    from cxotel.semconv import CxQueueResult


class step(Around[None]):  # noqa: N801 - reads as a word: `with step("authenticate"):`
    """Name a stage of a journey: a block, or each call of a function.

    What the customer waits for is counted by step, and points lost are shown by step. Outside any
    journey it is a span like any other.

    Args:
        name: What is being done; few different values. The span's name.

    Raises:
        ValueError: When it decorates a function, if the name is no string or is empty.

    Example:
        >>> with step("authenticate"):
        ...     pass
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def _check(self) -> None:
        if not usable(self._name):
            raise ValueError(NAME_IS_WRONG)

    def _subject(self, opened: Opened) -> None:
        return None

    def _start(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Opened:
        with shielded("starting a step"):
            return start_stage(self._name if usable(self._name) else "step", {})
        return Unseen(get_current())


class QueueWait:
    """A wait that is under way, to say how it ended."""

    __slots__ = ("result",)

    def __init__(self) -> None:
        self.result: str | None = None

    def ended(self, result: CxQueueResult) -> None:
        """Say how the wait ended: `answered`, `abandoned`, `overflowed`, `timed_out` or `canceled`.

        Anything else is logged once and left out.
        """
        self.result = word("wait", "result", result, QUEUE_RESULTS)


class _WaitStage(Stage):
    """A wait's span."""

    __slots__ = ("since", "wait")

    def conclude(self, ended: int) -> None:
        """Write how long the customer waited, and how it ended where the application said so."""
        waited = max(0, ended - self.since) // 1_000_000
        self.span.set_attribute(semconv.CX_QUEUE_WAIT, waited)
        if self.wait.result:
            self.span.set_attribute(semconv.CX_QUEUE_RESULT, self.wait.result)


class wait(Around[QueueWait]):  # noqa: N801 - reads as a word: `with wait("billing"):`
    """Let the time of a block count as the customer's wait in a queue.

    Outside any journey it is a span like any other. Where a client library that is instrumented
    reports the wait, do not report it again.

    Args:
        queue: The queue's name, at most 64 characters; a number or an address is left out.
        announced: How long the customer was told it would take, in seconds or as a `timedelta`.

    Example:
        >>> with wait("billing", announced=60) as waiting:
        ...     waiting.ended("answered")
    """

    def __init__(self, queue: str, *, announced: float | timedelta | None = None) -> None:
        super().__init__()
        self._queue = queue
        self._announced = announced

    def _subject(self, opened: Opened) -> QueueWait:
        return opened.wait if isinstance(opened, _WaitStage) else QueueWait()

    def _start(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Opened:
        with shielded("starting a wait"):
            attributes: dict[str, AttributeValue] = {
                semconv.CX_EVIDENCE_KIND: CxEvidenceKindValues.QUEUE.value
            }
            queue = queue_name("wait", self._queue)
            if queue:
                attributes[semconv.CX_QUEUE_NAME] = queue
            announced = milliseconds("wait", "announced", self._announced)
            if announced is not None:
                attributes[semconv.CX_QUEUE_ANNOUNCED_WAIT] = announced
            since = clock.now_ns()
            span, context = start_span(f"wait {queue}" if queue else "wait", attributes, since)
            stage = _WaitStage(span, context, current(context))
            stage.since, stage.wait = since, QueueWait()
            return stage
        return Unseen(get_current())
