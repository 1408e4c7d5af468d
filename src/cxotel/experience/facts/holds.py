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
        self._holds: Table[Hold] = Table(HOLDS, _id, larger(_length), self._forget)
        self._old: list[Interval] = []

    def put(self, hold: Hold) -> bool:
        """Take a hold, and tell whether it says anything new."""
        self.end = max(self.end, hold.end)
        return self._holds.put(hold)

    def spans(self, queued: list[Interval]) -> list[Interval]:
        """Return the time on hold that is priced: outside of queues, and long enough.

        Args:
            queued: Time in queues, as `intervals.union` returns it.
        """
        held = union([*self._old, *((hold.start, hold.end) for hold in self._holds)])
        pieces = (piece for each in held for piece in without(*each, queued))
        return [piece for piece in pieces if piece[1] - piece[0] >= self._shortest]

    def touch(self, start: int, end: int) -> bool:
        """Tell whether a call from *start* to *end* lies within a hold."""
        return any(hold.start < end and hold.end > start for hold in self._holds)

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
        for hold in self._holds:
            key = key_of("effort", hold.where, reasons.HOLD, "contact_center")
            by[key] = by.get(key, 0) + max(0, min(end, hold.end) - max(start, hold.start))
        return max(by, key=lambda key: (by[key], key))

    def _forget(self, hold: Hold) -> None:
        self._old = join_nearest([*self._old, (hold.start, hold.end)], HOLDS)


def _length(hold: Hold) -> int:
    return hold.end - hold.start


def _id(hold: Hold) -> str:
    return hold.id
