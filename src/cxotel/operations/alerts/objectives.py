"""Alerts of objectives whose budget burns too fast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxotel import semconv
from cxotel.operations import slo
from cxotel.operations.rules import Alert, Annotations
from cxotel.operations.telling import below, journey_owner, of, span, tags, traceql
from cxotel.operations.windows import scaled
from cxotel.semconv import CxJourneyOutcomeValues

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.operations.goals import Goals
    from cxotel.operations.rules import Severity

BURNS_FAST: Final = "CxJourneyBudgetBurnsFast"
BURNS: Final = "CxJourneyBudgetBurns"

_JOURNEY: Final = of(semconv.CX_JOURNEY_NAME)
_ALERTS: Final[dict[str, tuple[Severity, str]]] = {
    BURNS_FAST: ("page", "2m"),
    BURNS: ("ticket", "15m"),
}
"""Alert to whom it calls, and how long it must hold first."""


def alerts(goals: Goals, scale: float) -> Iterator[Alert]:
    """Return an alert for each way to call somebody; it speaks for each objective on its own.

    Args:
        goals: When they speak.
        scale: What windows are multiplied by.
    """
    for name, (severity, lasting) in _ALERTS.items():
        burns = [burn for burn in slo.BURNS if burn.severity == severity]
        yield Alert(
            name,
            "\nor\n".join(_burning(burn, goals.thresholds.minimum) for burn in burns),
            scaled(lasting, scale),
            severity,
            _told(" or ".join(map(_pace, burns))),
            scaled("5m", scale),
        )


def _burning(burn: slo.Burn, minimum: int) -> str:
    most = slo.BUDGET if burn.factor == 1 else f"{burn.factor:g} * {slo.BUDGET}"
    return (
        f"({slo.ERRORS}{burn.long} > {most}\n"
        f"  and {slo.ERRORS}{burn.short} > {most}\n"
        f"  and {slo.EVENTS}{burn.long} >= {minimum})"
    )


def _pace(burn: slo.Burn) -> str:
    speed = "faster than" if burn.factor == 1 else f"{burn.factor:g} times as fast as"
    return f"{speed} it may over {burn.long}, and still over {burn.short},"


def _told(pace: str) -> Annotations:
    score = below(semconv.CX_EXPERIENCE_SCORE, 60)
    ended = span(semconv.CX_JOURNEY_OUTCOME, "failed|abandoned", "=~")
    failed = {
        semconv.CX_JOURNEY_NAME: _JOURNEY,
        semconv.CX_JOURNEY_OUTCOME: CxJourneyOutcomeValues.FAILED.value,
    }
    return Annotations(
        summary=f"{of(slo.SLO)}: {{{{ $value | humanizePercentage }}}} of {_JOURNEY} go badly",
        meaning=f"Customers do not get what {_JOURNEY} promises: the budget burns {pace} so the "
        "objective will be missed.",
        owner=journey_owner(),
        look_first="Which layer and system took the points (cx_experience_lost_points_total), "
        "then the journeys: the blame on each names the culprit.",
        traceql=traceql(span(semconv.CX_JOURNEY_NAME, _JOURNEY), f"({score} || {ended})"),
        jaeger_tags=tags(failed),
    )
