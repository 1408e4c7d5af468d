"""Media: could they hear each other?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cxotel.experience import reasons
from cxotel.experience.arithmetic import milli
from cxotel.experience.dimensions.priced import Priced, together
from cxotel.experience.dimensions.settings import ceiling

if TYPE_CHECKING:
    from cxotel.experience.dimensions.priced import Rows

BASE: Final = 93.2
"""R of a connection on which nothing is wrong: the default of ITU-T G.107."""

SCALES: Final = {"g107": 1.0, "g107.1": 1.29, "g107.2": 1.48, "vendor": 1.0}
"""How much longer than G.107's each model's scale is (G.107.1 and G.107.2, their MOS formulas)."""


@dataclass(frozen=True, slots=True)
class WorstLeg:
    """Price the worst media leg.

    Curve: 93.2 - r, where r is R (narrowband), R/1.29 (wideband) or R/1.48 (fullband), between
        0 and 93.2. A leg's r is the mean over its intervals, weighted by talk time; time in which
        nothing was heard that should have been (one-way audio) counts as r = 0.
    Kept: maximum, with its leg.
    Source: ITU-T G.107, G.107.1 and G.107.2. That the worst leg decides is how contact centers
        read it (Genesys Cloud: the lowest MOS of all legs).
    Grade: S; the choice of the worst leg V.
    """

    def loss(self, r: float, model: str | None = None) -> int:
        """Return what a rating of *r* loses, in thousandths of a point.

        Args:
            r: Transmission rating on the scale of *model*.
            model: ``g107``, ``g107.1``, ``g107.2`` or ``vendor``.

        Example:
            >>> WorstLeg().loss(72)
            21200
            >>> WorstLeg().loss(116.1, "g107.1")
            3200
        """
        narrowband = r / SCALES.get(model or "g107", 1.0)
        return milli(BASE) - min(milli(BASE), max(0, milli(narrowband)))


@dataclass(frozen=True, slots=True)
class Media:
    """Could they hear each other?

    Args:
        cap: Points of R that media can take at most: everything, because R is about media.
        worst_leg: The worst media leg.
    """

    cap: float = ceiling(BASE)
    worst_leg: WorstLeg = field(default_factory=WorstLeg)

    def price(self, rows: Rows) -> Priced:
        """Price the rows of a ledger that are about media."""
        legs = [(key, entry.maximum) for key, entry in rows if key.reason == reasons.LEG]
        worst = [max(legs, key=lambda leg: leg[1])] if legs else []
        declared = [(key, entry.sum) for key, entry in rows if reasons.is_declared(key.reason)]
        return together((Priced(0, worst), Priced(0, declared)), self.cap)
