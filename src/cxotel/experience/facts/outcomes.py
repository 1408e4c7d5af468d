"""How a segment came out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxotel.experience import reasons
from cxotel.experience.dimensions.resolution import OUTCOMES
from cxotel.experience.ledger import Verdict

if TYPE_CHECKING:
    from cxotel.experience.evidence import Call, Outcome, Where
    from cxotel.experience.facts.failures import Failures
    from cxotel.experience.facts.queues import Queues

ABANDONED = OUTCOMES.index(reasons.ABANDONED)


class Outcomes:
    """The outcome of a segment: the latest that was declared, or that a queue tells.

    Args:
        start: Start of the segment, ms since the epoch.
        short: Who leaves sooner has abandoned nothing, s.
        queues: The segment's queues: to leave one is to abandon.
        failures: The segment's failed calls, one of which may have led to the outcome.
    """

    def __init__(self, start: int, short: float, queues: Queues, failures: Failures) -> None:
        self._start = start
        self._short = round(short * 1000)
        self._queues = queues
        self._failures = failures
        self._latest: Outcome | None = None

    def put(self, outcome: Outcome) -> bool:
        """Take an outcome, and tell whether it is the latest, or the worse of the latest."""
        if outcome.outcome not in OUTCOMES:
            return False
        if self._latest is not None and _order(outcome) <= _order(self._latest):
            return False
        self._latest = outcome
        return True

    def blames(self, call: Call) -> bool:
        """Tell whether a call is said to have led to the outcome."""
        cause = None if self._latest is None else self._latest.cause
        return cause is not None and cause in {call.id, call.span_id}

    def verdict(self) -> Verdict | None:
        """Return the outcome as the ledger keeps it."""
        latest, left = self._latest, self._queues.abandoned()
        declared = None
        if latest is not None:
            position = OUTCOMES.index(latest.outcome)
            charged = self._charged(position, latest.at)
            declared = Verdict(latest.at, position, charged, *_names(self._culprit(latest)))
        if left is None or (declared is not None and declared[:2] >= (left, ABANDONED)):
            return declared
        return Verdict(left, ABANDONED, self._charged(ABANDONED, left))

    def _charged(self, position: int, at: int) -> bool:
        stayed = max(at - self._start, self._queues.longest())
        return position != ABANDONED or stayed >= self._short

    def _culprit(self, outcome: Outcome) -> Where | None:
        """Return the failed call that led to the outcome, never the nearest one."""
        if outcome.cause is None:
            return outcome.where
        return self._failures.where(outcome.cause) or outcome.where


def _order(outcome: Outcome) -> tuple[int, int, bool, str]:
    known = outcome.cause is not None or outcome.where is not None
    return outcome.at, OUTCOMES.index(outcome.outcome), known, repr(outcome)


def _names(where: Where | None) -> tuple[str, str, str]:
    if where is None:
        return "", "", ""
    return where.layer or "", where.system or "", where.step or ""
