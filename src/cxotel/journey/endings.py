"""What is under way while a journey, a step or a wait runs, and how each of them ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opentelemetry.trace import Status, StatusCode

from cxotel import clock, semconv
from cxotel.context import Current, observers
from cxotel.engine.shield import shielded
from cxotel.journey.failures import find_failure
from cxotel.journey.words import OUTCOMES_BEST_FIRST
from cxotel.semconv import CxEvidenceKindValues, CxJourneyCauseValues, CxJourneyOutcomeValues

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.context import Context
    from opentelemetry.trace import Span
    from opentelemetry.util.types import AttributeValue

    from cxotel.context import JourneyState


class Unseen:
    """A block that runs without telemetry, because starting it failed."""

    __slots__ = ("context",)

    def __init__(self, context: Context) -> None:
        self.context = context

    def end(self, error: BaseException | None) -> None:
        """Do nothing."""


class Stage:
    """A step, a nested journey or a wait: a span, maybe inside a journey."""

    __slots__ = ("context", "now", "span")

    def __init__(self, span: Span, context: Context, now: Current | None) -> None:
        self.span = span
        self.context = context
        self.now = now

    def end(self, error: BaseException | None) -> None:
        """End the span; an exception makes it an error."""
        ended = clock.now_ns()
        with shielded("concluding a step"):
            if isinstance(error, Exception):
                mark_failed(self.span, error)
                if self.now:
                    _tell_met(self.now, error)
            self.conclude(ended)
        with shielded("ending a step's span"):
            self.span.end(ended)

    def conclude(self, ended: int) -> None:
        """Write the live span's last attributes; *ended* is the time, in ns since the epoch."""


class Segment:
    """The outermost run of a journey in this process: its span carries the journey's score."""

    __slots__ = ("context", "journey")

    def __init__(self, journey: JourneyState, context: Context) -> None:
        self.journey = journey
        self.context = context

    def end(self, error: BaseException | None) -> None:
        """End the journey's span, with the outcome that *error* means where none was declared."""
        journey = self.journey
        if not journey.is_open():
            return  # a forked child: the span is its parent's to end
        with shielded("concluding a journey"):
            self._conclude(error)
        for observer in observers():
            with shielded("telling that a journey ends"):
                observer.closing(journey)
        journey.ended = True
        with shielded("ending a journey's span"):
            journey.span.end(clock.now_ns())

    def _conclude(self, error: BaseException | None) -> None:
        if isinstance(error, Exception):
            self._fail(error)
        elif error is not None and self.journey.outcome is None:
            closed = isinstance(error, GeneratorExit)
            cause = CxJourneyCauseValues.CLOSED if closed else CxJourneyCauseValues.CANCELLED
            self.journey.span.set_attribute(semconv.CX_JOURNEY_CAUSE, cause.value)

    def _fail(self, error: Exception) -> None:
        now = Current(self.journey)
        mark_failed(self.journey.span, error)
        _tell_met(now, error)
        if self.journey.outcome is None:
            declare(now, CxJourneyOutcomeValues.FAILED.value, CxJourneyCauseValues.EXCEPTION, error)


def mark_failed(span: Span, error: Exception) -> None:
    """Make *span* an error with the exception's class; its words may be a customer's."""
    span.set_status(Status(StatusCode.ERROR))
    span.set_attribute(semconv.ERROR_TYPE, type(error).__qualname__)


def _tell_met(now: Current, error: Exception) -> None:
    failure = find_failure(now.journey, error)
    for observer in observers() if failure else ():
        with shielded("telling that a failure was met"):
            observer.met(now, failure)  # pyright: ignore[reportArgumentType] - not None in this loop


def declare(
    now: Current, outcome: str, cause: CxJourneyCauseValues, error: BaseException | None
) -> None:
    """Record an outcome: the latest counts, and of two at the same time the worse.

    Args:
        now: The journey and the step that it is declared in.
        outcome: One of the registry's outcomes.
        cause: How it came about.
        error: The exception that is being handled, if one is.
    """
    time = clock.now_ns()
    failure = find_failure(now.journey, error)
    attributes: dict[str, AttributeValue] = {
        semconv.CX_EVIDENCE_KIND: CxEvidenceKindValues.OUTCOME.value,
        semconv.CX_JOURNEY_OUTCOME: outcome,
    }
    if failure:
        attributes[semconv.CX_EVIDENCE_CAUSE] = f"{failure.span_id:016x}"
    with now.journey.lock:
        if _counts(now.journey, outcome, time):
            now.journey.outcome, now.journey.outcome_at = outcome, time
            now.journey.span.set_attributes(
                {semconv.CX_JOURNEY_OUTCOME: outcome, semconv.CX_JOURNEY_CAUSE: cause.value}
            )
    note(now, semconv.EVENT_CX_OUTCOME, attributes, time)


def _counts(journey: JourneyState, outcome: str, time: int) -> bool:
    if journey.outcome is None or time != journey.outcome_at:
        return journey.outcome is None or time > journey.outcome_at
    order = OUTCOMES_BEST_FIRST.index
    return order(outcome) > order(journey.outcome)


def note(now: Current, event: str, attributes: Mapping[str, AttributeValue], time: int) -> None:
    """Add an event to the step or journey that runs, and hand it to those who follow the journey.

    Args:
        now: The journey and the step.
        event: The event's name.
        attributes: What it says.
        time: When it happened, in ns since the epoch.
    """
    step = now.step_span
    span = step if step is not None and step.is_recording() else now.journey.span
    span.add_event(event, attributes, time)
    for observer in observers():
        with shielded("telling what a journey noted"):
            observer.noted(now, event, attributes, time)
