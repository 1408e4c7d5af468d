"""Objectives of journeys: what counts, what was bad of it, and how fast the budget burns.

Source: Google, "The Site Reliability Workbook", chapter 5, "Alerting on SLOs", table 5-8 and the
method "multiwindow, multi-burn-rate alerts": of 30 days' budget, 2 % in 1 h (14.4 times as fast
as it may), 5 % in 6 h (6 times), 10 % in 1 d (3 times) and 10 % in 3 d (as fast as it may); a short
window of a twelfth ends the alert soon after the cause.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from cxotel import semconv
from cxotel.operations.goals import BELOW
from cxotel.operations.names import label, quoted, select, series
from cxotel.operations.rules import Group, Recording
from cxotel.operations.windows import scaled
from cxotel.semconv import metrics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.operations.goals import Goals, Journey
    from cxotel.operations.rules import Severity

ERRORS: Final = "cx_slo:errors:ratio_rate"
"""What the series of the shares of bad events begin with; their windows follow."""
EVENTS: Final = "cx_slo:events:increase"
"""What the series of the numbers of events begin with; their windows follow."""
BUDGET: Final = "cx_slo:budget:ratio"
OBJECTIVE: Final = "cx_slo:objective:ratio"
REMAINING: Final = "cx_slo:budget_remaining:ratio"
SLO: Final = "cx_slo"
"""The label that names an objective."""


@dataclass(frozen=True, slots=True)
class Burn:
    """A speed at which a budget burns, and what it is worth.

    Args:
        factor: How many times as fast as the budget lasts.
        long: The window that tells that it matters.
        short: The window that tells that it still goes on.
        severity: Whom to call.
    """

    factor: float
    long: str
    short: str
    severity: Severity


BURNS: Final = (
    Burn(14.4, "1h", "5m", "page"),
    Burn(6, "6h", "30m", "page"),
    Burn(3, "1d", "2h", "ticket"),
    Burn(1, "3d", "6h", "ticket"),
)


@dataclass(frozen=True, slots=True)
class Slo:
    """One objective of one journey.

    Args:
        journey: The journey.
        kind: What is promised: how it ends, or how it scores.
        objective: Percentage of events that are good.
    """

    journey: Journey
    kind: Literal["outcome", "score"]
    objective: float

    @property
    def name(self) -> str:
        """Its name."""
        return f"{self.journey.name}-{self.kind}"

    @property
    def description(self) -> str:
        """What is promised, in words."""
        name, share = self.journey.name, f"{self.objective:g} %"
        if self.kind == "outcome":
            return f"{share} of journeys {name} end neither {' nor '.join(self.journey.failing)}"
        return f"{share} of segments of {name} score at least {self.journey.score_at_least}"

    @property
    def labels(self) -> dict[str, str]:
        """What its series are told apart by."""
        owner = {"owner": self.journey.owner} if self.journey.owner else {}
        return {SLO: self.name, label(semconv.CX_JOURNEY_NAME): self.journey.name, **owner}

    @property
    def total(self) -> str:
        """What selects all events."""
        return self._select({})

    @property
    def bad(self) -> str:
        """What selects the bad ones."""
        if self.kind == "outcome":
            return self._select({semconv.CX_JOURNEY_OUTCOME: self.journey.failing})
        return self._select({semconv.CX_EXPERIENCE_CLASS: BELOW[self.journey.score_at_least]})

    def _select(self, among: dict[str, tuple[str, ...]]) -> str:
        if self.kind == "outcome":
            name = series(metrics.CX_JOURNEY_COMPLETED)
        else:
            name = series(metrics.CX_EXPERIENCE_SEGMENT_SCORE, "count")
        return select(name, {semconv.CX_JOURNEY_NAME: self.journey.name}, among)


def slos(goals: Goals) -> Iterator[Slo]:
    """Return the objectives of all journeys."""
    for journey in goals.journeys:
        if journey.outcome is not None:
            yield Slo(journey, "outcome", journey.outcome)
        if journey.score is not None:
            yield Slo(journey, "score", journey.score)


def recordings(goals: Goals, scale: float) -> Iterator[Group]:
    """Return what is recorded of each objective.

    Args:
        goals: What is wanted.
        scale: What windows are multiplied by.
    """
    for slo in slos(goals):
        yield Group(f"cxotel slo {slo.name}", tuple(_fast(slo, scale)))
        # A month is long to read, and its share changes slowly.
        slow = tuple(_slow(slo, goals.window, scale))
        yield Group(f"cxotel slo {slo.name} budget", slow, scaled("2m", scale))


def _fast(slo: Slo, scale: float) -> Iterator[Recording]:
    budget = round(100 - slo.objective, 6) / 100
    yield Recording(OBJECTIVE, f"vector({slo.objective / 100:g})", slo.labels)
    yield Recording(BUDGET, f"vector({budget:g})", slo.labels)
    for window in dict.fromkeys(each for burn in BURNS for each in (burn.short, burn.long)):
        yield Recording(ERRORS + window, _errors(slo, scaled(window, scale)), slo.labels)
    for burn in BURNS:
        events = f"sum(increase({slo.total}[{scaled(burn.long, scale)}]))"
        yield Recording(EVENTS + burn.long, events, slo.labels)


def _slow(slo: Slo, window: str, scale: float) -> Iterator[Recording]:
    yield Recording(ERRORS + window, _errors(slo, scaled(window, scale)), slo.labels)
    of = f"{{{SLO}={quoted(slo.name)}}}"
    yield Recording(REMAINING, f"1 - {ERRORS}{window}{of} / {BUDGET}{of}", slo.labels)


def _errors(slo: Slo, window: str) -> str:
    """Return the share of bad events: 0 where none was bad yet, nothing where there were none."""
    return (
        f"(sum(rate({slo.bad}[{window}])) or vector(0))\n  / (sum(rate({slo.total}[{window}])) > 0)"
    )
