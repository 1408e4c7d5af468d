"""Media legs and their intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxotel.experience import reasons
from cxotel.experience.arithmetic import milli
from cxotel.experience.dimensions.media import BASE
from cxotel.experience.facts.places import key_of
from cxotel.experience.facts.table import Table, larger
from cxotel.experience.ledger import Entry, Key, add

if TYPE_CHECKING:
    from collections.abc import Hashable

    from cxotel.experience.dimensions.media import WorstLeg
    from cxotel.experience.evidence import Media

INTERVALS: Final = 512
"""Intervals that are kept, over all legs."""

LEGS: Final = 64
"""Legs whose forgotten intervals are remembered."""

Leg = tuple[str, str, str, str]
"""Id, name, direction and source: each edge of a call, what either side hears there, and what each
report says of it is judged on its own. Of two reports of the same the worse one counts."""


class Legs:
    """All media legs of a segment; one leg's loss is the mean over its intervals.

    Args:
        rule: The rule that prices them.
    """

    def __init__(self, rule: WorstLeg) -> None:
        self._rule = rule
        self._intervals: Table[Media] = Table(INTERVALS, _key, larger(self._size), self._forget)
        self._old: dict[Leg, tuple[int, int, Key, str]] = {}
        self._settled: dict[Key, Entry] = {}

    def put(self, media: Media) -> bool:
        """Take an interval of a leg, and tell whether it says anything new."""
        return self._weight(media) > 0 and self._intervals.put(media)

    def shows(self, media: Media) -> bool:
        """Tell whether an interval is able to show an impairment."""
        return self._weight(media) > 0

    def rows(self) -> dict[Key, Entry]:
        """Return the ledger's rows for all legs."""
        legs = dict(self._old)
        for media in self._intervals:
            self._count(legs, media)
        rows = dict(self._settled)
        for leg in legs.values():
            add(rows, [_row(*leg)])
        if legs:
            add(rows, [(Key("reach", reason=reasons.CONNECTED), Entry(len(legs)))])
        return rows

    def _count(self, legs: dict[Leg, tuple[int, int, Key, str]], media: Media) -> None:
        key = key_of("media", media.where, reasons.LEG, "connectivity")
        leg = _leg(media)
        lost, weight, known, name = legs.get(leg, (0, 0, key, ""))
        legs[leg] = (
            lost + self._lost(media),
            weight + self._weight(media),
            min(key, known),
            max(name, media.name or media.direction or ""),
        )

    def _talk(self, media: Media) -> int:
        """Return the time that the interval's rating speaks for, ms."""
        if media.r is None:
            return 0
        if media.talk is not None:
            return media.talk
        return max(1, media.end - media.start - (media.silent or 0))

    def _weight(self, media: Media) -> int:
        return self._talk(media) + (media.silent or 0)

    def _lost(self, media: Media) -> int:
        """Return points (thousandths) times ms; silence that should not be one loses everything."""
        rated = 0 if media.r is None else self._rule.loss(media.r, media.model) * self._talk(media)
        return rated + milli(BASE) * (media.silent or 0)

    def _size(self, media: Media) -> tuple[float, int]:
        return self._lost(media) / max(1, self._weight(media)), self._weight(media)

    def _forget(self, media: Media) -> None:
        self._count(self._old, media)
        if len(self._old) > LEGS:
            add(self._settled, [_row(*self._old.pop(next(iter(self._old))))])


def _row(lost: int, weight: int, key: Key, name: str) -> tuple[Key, Entry]:
    return key, Entry(1, maximum=(2 * lost + weight) // (2 * weight), owner=name)


def _leg(media: Media) -> Leg:
    return media.id, media.name or "", media.direction or "", media.source or ""


def _key(media: Media) -> Hashable:
    return (*_leg(media), media.start)
