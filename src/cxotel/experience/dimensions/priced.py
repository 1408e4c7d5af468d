"""What every dimension's price is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from cxotel.experience.arithmetic import milli, share

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cxotel.experience.ledger import Entry, Key

    Rows = list[tuple[Key, Entry]]


class Priced(NamedTuple):
    """Points of R, in thousandths, and how much of them each row of the ledger put in."""

    points: int
    parts: list[tuple[Key, int]]


def by_weight(points: int, weights: list[tuple[Key, int]]) -> Priced:
    """Charge *points* to rows in proportion to their weights."""
    shares = share(points, [weight for _, weight in weights])
    return Priced(points, [(key, part) for (key, _), part in zip(weights, shares, strict=True)])


def together(rules: Iterable[Priced], cap: float) -> Priced:
    """Add up what several rules charge, at most *cap* points in all."""
    parts = [part for rule in rules for part in rule.parts]
    whole = sum(points for _, points in parts)
    ceiling = milli(cap)
    return Priced(whole, parts) if whole <= ceiling else by_weight(ceiling, parts)


@dataclass(frozen=True, slots=True)
class Series:
    """Price events that hurt one by one: so much for the first, so much for each further one."""

    first: float = 7.0
    then: float = 6.0
    at_most: float = 20.0

    def price(self, count: int) -> int:
        """Return the price of *count* events, in thousandths of a point.

        Example:
            >>> [Series().price(n) for n in range(5)]
            [0, 7000, 13000, 19000, 20000]
        """
        if count <= 0:
            return 0
        return milli(min(self.at_most, self.first + self.then * (count - 1)))

    def of(self, rows: Rows) -> Priced:
        """Price the counts of *rows* together, each paying for its share of the count."""
        counts = [(key, entry.number) for key, entry in rows if entry.number]
        return by_weight(self.price(sum(n for _, n in counts)), counts)
