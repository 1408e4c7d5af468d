"""Reliability: did its parts work?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cxotel.experience import reasons
from cxotel.experience.arithmetic import milli
from cxotel.experience.dimensions.priced import Priced, Series, together
from cxotel.experience.dimensions.settings import ceiling

if TYPE_CHECKING:
    from cxotel.experience.dimensions.priced import Rows


@dataclass(frozen=True, slots=True)
class Drop:
    """Price a contact that broke off in the middle.

    Curve: 15 each.
    Kept: count.
    Source: A technical disconnection is "high risk" to a monitor of contact centers (Operata,
        "Technology CX Risks"); no effect on opinion was found, so it is priced like a contact that
        did not resolve: 16 (Phi^-1(.80) - Phi^-1(.47)) = 14.7 points of R (SQM).
    Grade: V by analogy.

    Args:
        points: Points of R for each.
    """

    points: float = 15.0

    def price(self, count: int) -> int:
        """Return the price of *count* drops, in thousandths of a point.

        Example:
            >>> Drop().price(1)
            15000
        """
        return milli(self.points) * count


@dataclass(frozen=True, slots=True)
class MetFailure(Series):
    """Price failed calls that the customer met, because the error reached the journey's own code.

    Curve: 7 for the first, 6 for each further one, at most 20. A failure that a retry or a fallback
        made good costs nothing but its wait.
    Kept: count.
    Source: No direct source. Priced like a repeat contact, whose effect is 15 points of CSAT (SQM):
        16 (Phi^-1(.80) - Phi^-1(.65)) = 7.3 points of R. That a second failure hurts too is shown
        for bots (Lu and Min, JRCS 87, 2025).
    Grade: F by analogy to V.

    Args:
        first: Points of R for the first.
        then: Points of R for each further one.
        at_most: Highest price, points of R.
    """


@dataclass(frozen=True, slots=True)
class Reliability:
    """Did its parts work?

    Args:
        cap: Points of R that reliability can take at most.
        drop: Contacts that broke off.
        failure: Failed calls that the customer met.
    """

    cap: float = ceiling(30.0)
    drop: Drop = field(default_factory=Drop)
    failure: MetFailure = field(default_factory=MetFailure)

    def price(self, rows: Rows) -> Priced:
        """Price the rows of a ledger that are about reliability."""
        single = [
            (key, self.drop.price(entry.number) if key.reason == reasons.DROP else entry.sum)
            for key, entry in rows
            if key.reason == reasons.DROP or reasons.is_declared(key.reason)
        ]
        failures = self.failure.of([row for row in rows if row[0].reason in reasons.FAILURES])
        return together((Priced(0, single), failures), self.cap)
