"""Alerts of how journeys go: escalation, containment, journeys that are stuck or stay away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxotel import semconv
from cxotel.operations import signals
from cxotel.operations.names import series
from cxotel.operations.rules import Alert, Annotations
from cxotel.operations.signals import NAME
from cxotel.operations.telling import journey_owner, of, owner, span, tags, traceql
from cxotel.operations.windows import scaled, seconds
from cxotel.semconv import (
    CxEvidenceKindValues,
    CxHandoffKindValues,
    CxJourneyOutcomeValues,
    CxLayerValues,
    metrics,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.operations.goals import Goals

ESCALATION: Final = "CxEscalationRises"
CONTAINMENT: Final = "CxContainmentFalls"
STUCK: Final = "CxJourneysStuck"
QUIET: Final = "CxJourneysQuiet"

_JOURNEY: Final = of(semconv.CX_JOURNEY_NAME)
_NAMED: Final = span(semconv.CX_JOURNEY_NAME, _JOURNEY)
_SHARE: Final = "{{ $value | humanizePercentage }}"
_NUMBER: Final = "{{ $value | humanize }}"
_DIFFERENCE: Final = 0.1
"""Share by which it must differ at least: from 1 % to 2 % is twice as much, and little."""


def alerts(goals: Goals, scale: float) -> Iterator[Alert]:
    """Return the alerts.

    Args:
        goals: When they speak.
        scale: What windows are multiplied by.
    """
    yield _escalation(goals, scale)
    yield _containment(goals, scale)
    yield _stuck(goals, scale)
    yield _quiet(goals, scale)


def _enough(goals: Goals) -> str:
    minimum = goals.thresholds.minimum
    hour, week = f"{signals.COMPLETED}1h", f"{signals.COMPLETED}1w"
    return f"and {hour} >= {minimum}\nand {week} >= {10 * minimum}"


def _escalation(goals: Goals, scale: float) -> Alert:
    rise = goals.thresholds.escalation_rise
    now, usual = f"{signals.ESCALATED}1h", f"{signals.ESCALATED}1w"
    kind = CxHandoffKindValues.BOT_TO_HUMAN.value
    handed = f'event.{semconv.CX_HANDOFF_KIND} = "{kind}"'
    told = Annotations(
        summary=f"{_SHARE} of {_JOURNEY} are passed from a bot to humans, more than usual",
        meaning="Customers wait in queues and tell their story twice, and humans get what the bot "
        f"used to do. Usual is the share of the week before; this is above {rise:g} times that.",
        owner=owner(goals, CxLayerValues.AI.value),
        look_first="Whether the bot understands less (CxBotDoesNotUnderstand), whether a system "
        "that it asks fails or is slow, and what was released: flags, prompts, models.",
        traceql=traceql(_NAMED, handed),
        jaeger_tags=tags({semconv.CX_JOURNEY_NAME: _JOURNEY, semconv.CX_HANDOFF_KIND: kind}),
    )
    expression = (
        f"{now} > {rise:g} * {usual}\nand {now} > {usual} + {_DIFFERENCE}\n{_enough(goals)}"
    )
    return Alert(ESCALATION, expression, scaled("15m", scale), "ticket", told, scaled("15m", scale))


def _containment(goals: Goals, scale: float) -> Alert:
    fall = goals.thresholds.containment_fall
    now, usual = f"{signals.CONTAINED}1h", f"{signals.CONTAINED}1w"
    outcome = CxJourneyOutcomeValues
    escalated = {
        semconv.CX_JOURNEY_NAME: _JOURNEY,
        semconv.CX_JOURNEY_OUTCOME: outcome.ESCALATED.value,
    }
    told = Annotations(
        summary=f"The bot contains {_SHARE} of {_JOURNEY}, less than usual",
        meaning="Customers whom the bot used to serve are passed on, give up or get nothing. Usual "
        f"is the share of the week before; this is below {fall:g} times that.",
        owner=owner(goals, CxLayerValues.AI.value),
        look_first="How these journeys end instead (cx_journey_completed_total by outcome), and "
        "the bot's turns in them.",
        traceql=traceql(_NAMED, span(semconv.CX_JOURNEY_OUTCOME, outcome.CONTAINED.value, "!=")),
        jaeger_tags=tags(escalated),
    )
    expression = (
        f"{now} < {fall:g} * {usual}\nand {now} < {usual} - {_DIFFERENCE}\n{_enough(goals)}"
    )
    return Alert(
        CONTAINMENT, expression, scaled("15m", scale), "ticket", told, scaled("15m", scale)
    )


def _stuck(goals: Goals, scale: float) -> Alert:
    oldest = f"max by ({NAME}) ({series(metrics.CX_JOURNEY_AGE)})"
    most = seconds(goals.thresholds.longest) * scale
    told = Annotations(
        summary=f"A journey {_JOURNEY} has been open for {{{{ $value | humanizeDuration }}}}",
        meaning="A flow hangs or goes round in circles, and customers with it; or code opened a "
        "journey and never closes it.",
        owner=journey_owner(),
        look_first="What the service is doing. The span of a journey comes when it ends, but the "
        "calls in it are there: one operation again and again is a loop, none is a wait.",
        # The journey's span is not there yet, and only that bears its name: so by many calls.
        traceql=traceql(f"span.{semconv.CX_SYSTEM} != nil")
        + f" | by(span.{semconv.CX_JOURNEY_ID}) | count() > 30",
        jaeger_tags=tags({semconv.CX_EVIDENCE_KIND: CxEvidenceKindValues.CALL.value}),
    )
    expression = (
        f"{oldest} > on ({NAME}) {signals.LONGEST}\n"
        f"or\n({oldest} unless on ({NAME}) {signals.LONGEST}) > {most:g}"
    )
    return Alert(STUCK, expression, scaled("5m", scale), "ticket", told, scaled("5m", scale))


def _quiet(goals: Goals, scale: float) -> Alert:
    count = f"{signals.COMPLETED}1h"
    told = Annotations(
        summary=f"No journey {_JOURNEY} ended in the last hour; a week ago it was {_NUMBER}",
        meaning="Either customers do not get through at all, or the service's telemetry does not "
        "arrive: then the other alerts are silent, too.",
        owner=journey_owner(),
        look_first="cxotel doctor in the service, the Collector, and whether contacts come in at "
        "all.",
        traceql=traceql(_NAMED),
        jaeger_tags=tags({semconv.CX_JOURNEY_NAME: _JOURNEY}),
    )
    expression = (
        f"{count} offset {scaled('1w', scale)} >= {goals.thresholds.minimum}\nunless {count} > 0"
    )
    return Alert(QUIET, expression, scaled("15m", scale), "ticket", told, scaled("5m", scale))
