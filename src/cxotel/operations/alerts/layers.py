"""Alerts of layers: bots, media, vendors, and how much customers suffer from which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxotel import semconv
from cxotel.operations import signals
from cxotel.operations.rules import Alert, Annotations
from cxotel.operations.telling import below, of, owner, span, tags, traceql
from cxotel.operations.windows import scaled
from cxotel.semconv import CxBotTurnResultValues, CxLayerValues

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.operations.goals import Goals

NOT_UNDERSTOOD: Final = "CxBotDoesNotUnderstand"
LOOPS: Final = "CxBotLoops"
MEDIA: Final = "CxMediaPoor"
THROTTLED: Final = "CxVendorThrottles"
HURT: Final = "CxCustomersHurt"

_SYSTEM: Final = of(semconv.CX_SYSTEM)
_LAYER: Final = of(semconv.CX_LAYER)
_LEG: Final = of(semconv.CX_MEDIA_LEG_NAME)
_REGION: Final = f"{{{{ with $labels.{signals.REGION} }}}} in {{{{ . }}}}{{{{ end }}}}"
_SHARE: Final = "{{ $value | humanizePercentage }}"


def alerts(goals: Goals, scale: float) -> Iterator[Alert]:
    """Return the alerts.

    Args:
        goals: When they speak.
        scale: What windows are multiplied by.
    """
    yield _not_understood(goals, scale)
    yield _loops(goals, scale)
    yield _media(goals, scale)
    yield _throttled(goals, scale)
    yield _hurt(goals, scale)


def _not_understood(goals: Goals, scale: float) -> Alert:
    result = CxBotTurnResultValues
    turns = span(
        semconv.CX_BOT_TURN_RESULT, f"{result.NO_MATCH.value}|{result.FALLBACK.value}", "=~"
    )
    missed = {
        semconv.CX_BOT_TURN_RESULT: result.NO_MATCH.value,
        semconv.CX_SYSTEM: _SYSTEM,
    }
    told = Annotations(
        summary=f"{_SYSTEM} did not understand {_SHARE} of the customers' turns",
        meaning="Customers say what they want and the bot asks again, or answers with its stopgap.",
        owner=owner(goals, CxLayerValues.AI.value),
        look_first="The flow and page of the turns below; what was released; whether customers ask "
        "for something new, such as an outage; whether speech arrives at all (CxMediaPoor).",
        traceql=traceql(turns, span(semconv.CX_SYSTEM, _SYSTEM)),
        jaeger_tags=tags(missed),
    )
    expression = (
        f"{signals.NOT_UNDERSTOOD} > {goals.thresholds.not_understood:g}\n"
        f"and {signals.TURNS} >= {goals.thresholds.minimum}"
    )
    return Alert(
        NOT_UNDERSTOOD, expression, scaled("10m", scale), "ticket", told, scaled("15m", scale)
    )


def _loops(goals: Goals, scale: float) -> Alert:
    told = Annotations(
        summary=f"A turn of {_SYSTEM} costs {{{{ $value | humanize }}}} points of effort",
        meaning="Customers go round in circles with the bot: a loop of three re-prompts costs a "
        "journey 19 points.",
        owner=owner(goals, CxLayerValues.AI.value),
        look_first="The page or slot that asks again: cx.bot.page.name and cx.bot.loop.id on the "
        "turns below.",
        traceql=traceql(span(semconv.CX_SYSTEM, _SYSTEM), f"span.{semconv.CX_BOT_LOOP_ID} != nil"),
        jaeger_tags=tags(
            {
                semconv.CX_SYSTEM: _SYSTEM,
                semconv.CX_BOT_TURN_RESULT: CxBotTurnResultValues.NO_MATCH.value,
            }
        ),
    )
    expression = (
        f"{signals.EFFORT} > {goals.thresholds.looping:g}\n"
        f"and {signals.TURNS} >= {goals.thresholds.minimum}"
    )
    return Alert(LOOPS, expression, scaled("10m", scale), "ticket", told, scaled("15m", scale))


def _media(goals: Goals, scale: float) -> Alert:
    leg = f'event.{semconv.CX_MEDIA_LEG_NAME} = "{_LEG}"'
    told = Annotations(
        summary=f"{_SHARE} of the legs {_LEG} of {_SYSTEM}{_REGION} are poor",
        meaning="Customers and agents hear each other badly: most of those who hear this are "
        "dissatisfied (R below 60, or a vendor's MOS of at most 3.5).",
        owner=owner(goals, CxLayerValues.CONNECTIVITY.value),
        look_first="Loss, jitter and round trips of this leg (cx_media_loss, cx_media_jitter, "
        "cx_media_round_trip). One region: its network. All regions: the carrier or codec.",
        traceql=traceql(
            f'event:name = "{semconv.EVENT_CX_MEDIA}"', leg, f"event.{semconv.CX_MEDIA_R} < 60"
        ),
        jaeger_tags=tags({semconv.CX_EXPERIENCE_BLAME_LAYER: CxLayerValues.CONNECTIVITY.value}),
    )
    expression = (
        f"{signals.POOR} > {goals.thresholds.poor_media:g}\n"
        f"and {signals.LEGS} >= {goals.thresholds.minimum}"
    )
    return Alert(MEDIA, expression, scaled("10m", scale), "ticket", told, scaled("15m", scale))


def _throttled(goals: Goals, scale: float) -> Alert:
    told = Annotations(
        summary=f"{_SYSTEM} throttles {_SHARE} of our calls",
        meaning="Calls wait or fail because a vendor's limit is used up, and customers wait with "
        "them. It gets worse with the load.",
        owner=owner(goals),
        look_first="Which operation is called most (cx_vendor_call_duration_seconds_count by "
        "operation), and who else uses the same account's limit.",
        traceql=traceql(
            span(semconv.CX_SYSTEM, _SYSTEM), f"span.{semconv.CX_CALL_THROTTLED} = true"
        ),
        jaeger_tags=tags({semconv.CX_SYSTEM: _SYSTEM, semconv.CX_CALL_THROTTLED: "true"}),
    )
    expression = (
        f"{signals.THROTTLED} > {goals.thresholds.throttled:g}\n"
        f"and {signals.CALLS} >= {goals.thresholds.minimum}"
    )
    return Alert(THROTTLED, expression, scaled("5m", scale), "ticket", told, scaled("15m", scale))


def _hurt(goals: Goals, scale: float) -> Alert:
    system = (
        f"{{{{ with $labels.{signals.SYSTEM} }}}} && span.{semconv.CX_EXPERIENCE_BLAME_SYSTEM} = "
        f'"{{{{ . }}}}"{{{{ end }}}}'
    )
    told = Annotations(
        summary=f"Customers spent {{{{ $value | humanize }}}} minutes in journeys that {_LAYER} "
        f"{_SYSTEM} hurt",
        meaning="These journeys score below 60, at which nearly all customers are dissatisfied, "
        "and this layer took most of their points.",
        owner=owner(goals),
        look_first="cx_experience_lost_points_total of this layer by dimension; calls, errors and "
        "duration of the system (cx_vendor_call_duration_seconds).",
        traceql=traceql(
            below(semconv.CX_EXPERIENCE_SCORE, 60),
            span(semconv.CX_EXPERIENCE_BLAME_LAYER, _LAYER) + system,
        ),
        jaeger_tags=tags({semconv.CX_EXPERIENCE_BLAME_LAYER: _LAYER}),
    )
    expression = (
        f"{signals.IMPACT} > {goals.thresholds.impact:g}\n"
        f"and on () {signals.HURT} >= {goals.thresholds.minimum}"
    )
    return Alert(HURT, expression, scaled("2m", scale), "page", told, scaled("5m", scale))
