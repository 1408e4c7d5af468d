"""Time on hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxotel.experience import reasons
from cxotel.experience.arithmetic import share
from cxotel.experience.evidence import NOWHERE, Hold
from cxotel.experience.facts.places import key_of
from cxotel.experience.facts.table import Table, larger
from cxotel.experience.intervals import join_nearest, union, without
from cxotel.experience.ledger import Entry, add

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from cxotel.experience.facts.waits import Waits
    from cxotel.experience.intervals import Interval
    from cxotel.experience.ledger import Key
    from cxotel.experience.rules import Rules

HOLDS: Final = 64
"""Holds that are kept."""


class Holds:
    """All holds of a segment.

    Time in a queue is the queue's. What the customer waited for on hold is blamed: the systems
    whose calls failed or were slow in that time, otherwise whoever put them on hold.

    Args:
        rules: The rules that price them.
        waits: The segment's calls, some of which lie within holds.
    """

    def __init__(self, rules: Rules, waits: Waits) -> None:
        self.end = 0
        """When the last hold ended: a call that began later lies in none."""
        self._shortest = round(rules.effort.hold.shortest * 1000)
        self._slow = round(rules.responsiveness.wait.free * 1000)
        self._waits = waits
        self._holds: Table[Hold] = Table(HOLDS, _key, larger(_length), self._forget)
        self._old: list[Interval] = []

    def put(self, hold: Hold) -> bool:
        """Take a hold, and tell whether it says anything new."""
        self.end = max(self.end, hold.end or 0)
        return self._holds.put(hold)

    def _whole(self) -> Iterator[tuple[Hold, int, int]]:
        """Yield the holds of which both ends are known, and these.

        Where a vendor tells only that a hold began, and later that one ended, each end belongs to
        the first beginning since the end before it.
        """
        moments: list[tuple[str, int, bool, Hold]] = []
        for hold in self._holds:
            if hold.start is not None and hold.end is not None:
                yield hold, hold.start, hold.end
            elif (at := hold.start if hold.end is None else hold.end) is not None:
                moments.append((hold.id, at, hold.end is not None, hold))
        began: Hold | None = None
        for id_, at, ends, hold in sorted(moments, key=lambda moment: moment[:3]):
            if began is not None and began.id != id_:
                began = None
            if not ends:
                began = began or hold
            elif began is not None:
                yield began, began.start or 0, at
                began = None

    def spans(self, queued: list[Interval]) -> list[Interval]:
        """Return the time on hold that is priced: outside of queues, and long enough.

        Args:
            queued: Time in queues, as `intervals.union` returns it.
        """
        held = union([*self._old, *((start, end) for _, start, end in self._whole())])
        pieces = (piece for each in held for piece in without(*each, queued))
        return [piece for piece in pieces if piece[1] - piece[0] >= self._shortest]

    def touch(self, start: int, end: int) -> bool:
        """Tell whether a call from *start* to *end* lies within a hold."""
        return any(began < end and ended > start for _, began, ended in self._whole())

    def rows(self, queued: list[Interval]) -> dict[Key, Entry]:
        """Return the ledger's rows for all holds.

        Args:
            queued: Time in queues, as `intervals.union` returns it.
        """
        rows: dict[Key, Entry] = {}
        for start, end in self.spans(queued):
            who = self._causes(start, end)
            times = share(end - start, list(who.values()))
            shares = zip(who, times, strict=True)
            add(rows, [(key, Entry(sum=time)) for key, time in shares if time])
        return rows

    def _causes(self, start: int, end: int) -> dict[Key, int]:
        """Return whom the time on hold is blamed on, with their weights."""
        own: dict[Key, int] = {}
        holder = self._holder(start, end)
        for step, wait in self._waits.during(start, end):
            if wait.failed or wait.own >= self._slow:
                layer, system = wait.owner
                key = holder._replace(layer=layer, system=system, step=step or holder.step)
                own[key] = own.get(key, 0) + max(1, wait.own)
        return {key: own[key] for key in sorted(own)} or {holder: 1}

    def _holder(self, start: int, end: int) -> Key:
        """Return who put the customer on hold for most of the time from *start* to *end*."""
        by = {key_of("effort", NOWHERE, reasons.HOLD, "contact_center"): 0}
        for hold, began, ended in self._whole():
            key = key_of("effort", hold.where, reasons.HOLD, "contact_center")
            by[key] = by.get(key, 0) + max(0, min(end, ended) - max(start, began))
        return max(by, key=lambda key: (by[key], key))

    def _forget(self, hold: Hold) -> None:
        if hold.start is not None and hold.end is not None:
            self._old = join_nearest([*self._old, (hold.start, hold.end)], HOLDS)


def _length(hold: Hold) -> int:
    return (hold.end or 0) - (hold.start or 0)


def _key(hold: Hold) -> Hashable:
    """Return what a report is of: a hold, or one end of a hold."""
    whole = hold.start is not None and hold.end is not None
    return hold.id if whole else (hold.id, hold.start, hold.end)
