"""The metrics of journeys: what is counted as it arrives, and what at the end of a segment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from opentelemetry.metrics import Observation
from opentelemetry.trace import NonRecordingSpan, set_span_in_context

from cxotel import semconv
from cxotel.bounded import FewValues
from cxotel.engine.shield import shielded
from cxotel.experience.arrivals import waited
from cxotel.experience.evidence import Feedback, Handoff, Queue, Turn
from cxotel.semconv import metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from opentelemetry.context import Context
    from opentelemetry.metrics import CallbackOptions, Meter
    from opentelemetry.util.types import AttributeValue

    from cxotel.experience.account import Statement
    from cxotel.experience.carriers import Carrier
    from cxotel.experience.evidence import Evidence
    from cxotel.experience.publishing import Due
    from cxotel.experience.score import Blame

MOST_VALUES: Final = {
    semconv.CX_JOURNEY_NAME: 64,
    semconv.CX_QUEUE_NAME: 64,
    semconv.CX_SYSTEM: 64,
    semconv.CX_LAYER: 16,
    semconv.CX_HANDOFF_KIND: 16,
    semconv.CX_HANDOFF_RESULT: 16,
    semconv.CX_QUEUE_RESULT: 16,
    semconv.CX_BOT_TURN_RESULT: 16,
    semconv.CX_FEEDBACK_KIND: 16,
}
"""How many values of an attribute metrics tell apart: code and other libraries choose them."""


class Meters:
    """Hold the instruments.

    Args:
        meter: The meter that makes them.
        ages: Returns by journey how long the oldest that is open has been, seconds.
    """

    def __init__(self, meter: Meter, ages: Callable[[], Mapping[str, float]] = dict) -> None:
        self._few = {key: FewValues(most) for key, most in MOST_VALUES.items()}
        self._ages, self._aged = ages, set[str]()
        metrics.create_cx_journey_age(meter, self._observe_ages)
        self._queue_wait = metrics.create_cx_queue_wait_duration(meter)
        self._handoffs = metrics.create_cx_handoff_count(meter)
        self._turns = metrics.create_cx_bot_turn_duration(meter)
        self._feedback = metrics.create_cx_feedback_value(meter)
        self._open = metrics.create_cx_journey_open(meter)
        self._completed = metrics.create_cx_journey_completed(meter)
        self._duration = metrics.create_cx_journey_duration(meter)
        self._score = metrics.create_cx_experience_segment_score(meter)
        self._points = metrics.create_cx_experience_lost_points(meter)
        self._impact = metrics.create_cx_experience_impact_duration(meter)
        self._dropped = metrics.create_cx_telemetry_dropped(meter)
        self._errors = metrics.create_cx_telemetry_errors(meter)

    def dropped(self, table: str, number: int) -> None:
        """Count what a bounded table dropped."""
        self._dropped.add(number, {semconv.CX_TELEMETRY_TABLE: table})

    def errors(self, component: str, number: int) -> None:
        """Count errors of the telemetry itself that were kept from the application."""
        self._errors.add(number, {semconv.CX_TELEMETRY_COMPONENT: component})

    def journeys_open(self, name: str, change: int) -> None:
        """Count a journey as open, or no longer."""
        told = self._few[semconv.CX_JOURNEY_NAME](name) or ""
        self._aged.add(told)
        self._open.add(change, {semconv.CX_JOURNEY_NAME: told})

    def _observe_ages(self, options: CallbackOptions) -> list[Observation]:
        """Return the age of the oldest open journey by name, and 0 once none is open."""
        with shielded("reading the age of open journeys"):
            oldest: dict[str, float] = {}
            for name, age in self._ages().items():
                told = self._few[semconv.CX_JOURNEY_NAME](name) or ""
                oldest[told] = max(age, oldest.get(told, 0.0))
            return [
                Observation(oldest.get(name, 0.0), {semconv.CX_JOURNEY_NAME: name})
                for name in list(self._aged)
            ]
        return []

    def arrived(self, evidence: Evidence, carrier: Carrier) -> None:
        """Count a queue, a handoff, a turn of a bot or feedback, at the moment it is known."""
        if isinstance(evidence, Queue):
            self._queued(evidence, carrier)
        elif isinstance(evidence, Handoff):
            self._handoffs.add(
                1,
                self._told(
                    {
                        semconv.CX_HANDOFF_KIND: evidence.kind,
                        semconv.CX_HANDOFF_RESULT: evidence.result,
                        semconv.CX_JOURNEY_NAME: carrier.journey_name,
                    }
                ),
                _place(carrier),
            )
        elif isinstance(evidence, Turn):
            self._turned(evidence, carrier)
        elif isinstance(evidence, Feedback):
            attributes = self._told(
                {
                    semconv.CX_FEEDBACK_KIND: evidence.kind,
                    semconv.CX_JOURNEY_NAME: carrier.journey_name,
                }
            )
            self._feedback.record(evidence.value, attributes, _place(carrier))

    def _queued(self, queue: Queue, carrier: Carrier) -> None:
        wait = waited(queue)
        if wait is not None:
            attributes = self._told(
                {semconv.CX_QUEUE_NAME: queue.name, semconv.CX_QUEUE_RESULT: queue.result}
            )
            self._queue_wait.record(wait / 1000, attributes, _place(carrier))

    def _turned(self, turn: Turn, carrier: Carrier) -> None:
        if turn.duration is not None and turn.duration >= 0:
            attributes = self._told(
                {semconv.CX_SYSTEM: turn.where.system, semconv.CX_BOT_TURN_RESULT: turn.result}
            )
            self._turns.record(turn.duration / 1000, attributes, _place(carrier))

    def segment(self, carrier: Carrier, stated: Statement, due: Due) -> None:
        """Count what is due of a segment that has ended.

        Args:
            carrier: The segment's carrier.
            stated: What is known of the segment.
            due: What of it was not counted before.
        """
        context = _place(carrier)
        score = stated.score
        seconds = max(0, (carrier.end_ns or carrier.start_ns) - carrier.start_ns) / 1e9
        for key, points in due.points.items():
            names = (semconv.CX_IMPAIRMENT_DIMENSION, semconv.CX_LAYER, semconv.CX_SYSTEM)
            self._points.add(points, self._told(dict(zip(names, key, strict=True))), context)
        if due.impact:
            self._impact.add(seconds, self._told(_blamed(score.blame)), context)
        attributes = self._told(
            {semconv.CX_JOURNEY_NAME: carrier.journey_name, semconv.CX_CHANNEL: _channel(carrier)}
        )
        judged = {**attributes, semconv.CX_EXPERIENCE_CLASS: score.class_}
        if due.score and score.value is not None:
            self._score.record(score.value, judged, context)
        if due.completed and stated.outcome:
            outcome = {semconv.CX_JOURNEY_OUTCOME: stated.outcome}
            self._duration.record(seconds, {**attributes, **outcome}, context)
            self._completed.add(1, {**judged, **outcome}, context)

    def _told(self, attributes: Mapping[str, str | None]) -> dict[str, AttributeValue]:
        """Return what is known, with `_OTHER` for what would be one value too many."""
        told: dict[str, AttributeValue] = {}
        for key, value in attributes.items():
            if value:
                few = self._few.get(key)
                told[key] = (few(value) if few else None) or value
        return told


def _blamed(blame: Blame | None) -> dict[str, str | None]:
    if blame is None:
        return {}
    return {semconv.CX_LAYER: blame.layer, semconv.CX_SYSTEM: blame.system}


def _place(carrier: Carrier) -> Context:
    """Return the context by which an exemplar points to the carrier's trace."""
    return set_span_in_context(NonRecordingSpan(carrier.context))


def _channel(carrier: Carrier) -> str | None:
    return carrier.account.segment.channel if carrier.account else None
