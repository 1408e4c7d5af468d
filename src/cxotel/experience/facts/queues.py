"""Waits in queues."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from cxotel.experience import reasons
from cxotel.experience.evidence import Queue
from cxotel.experience.facts.places import key_of, known
from cxotel.experience.facts.table import Table, earliest, largest
from cxotel.experience.intervals import join_nearest
from cxotel.experience.ledger import Entry, Key, add

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.experience.dimensions.reach import QueueWait
    from cxotel.experience.intervals import Interval

QUEUES: Final = 64
"""Waits in queues that are kept."""

SKEW: Final = 1000
"""Clocks differ: two waits that overlap by less than this follow each other, ms."""


class Choice(NamedTuple):
    """Some of the waits, and what they come to: the price first, then how many a vendor told."""

    price: int = 0
    vendors: int = 0
    queues: tuple[Queue, ...] = ()


class Queues:
    """All waits in queues of a segment.

    Nobody waits in two queues at a time: of reports that overlap, those count that cost most
    together, and of equals the vendor's.

    Args:
        rule: The rule that prices them.
    """

    def __init__(self, rule: QueueWait) -> None:
        self._rule = rule
        self._queues: Table[Queue] = Table(QUEUES, _id, _united, self._forget)
        self._settled: dict[Key, Entry] = {}
        self._old: list[Interval] = []
        self._given_up: int | None = None

    def put(self, queue: Queue) -> bool:
        """Take a wait in a queue, and tell whether it says anything new."""
        return self._queues.put(queue)

    def give_up(self, at: int | None) -> None:
        """Let waits without an end end where the customer gave up, ms since the epoch."""
        self._given_up = at

    def __iter__(self) -> Iterator[Queue]:
        """Go through the waits, each with what is known of its end."""
        for queue in self._queues:
            open_ = queue.start is not None and queue.end is None and queue.wait is None
            yield replace(queue, end=self._given_up) if open_ else queue

    def spans(self) -> list[Interval]:
        """Return the time in queues, as far as it is known."""
        return [*self._old, *filter(None, map(_span, self))]

    def longest(self) -> int:
        """Return the longest wait, ms."""
        return max((waited(queue) or 0 for queue in self), default=0)

    def abandoned(self) -> int | None:
        """Return when the customer left a queue for the last time, ms since the epoch."""
        left = [queue for queue in self._queues if queue.result == "abandoned"]
        return max((_left_at(queue) for queue in left), default=None)

    def rows(self) -> dict[Key, Entry]:
        """Return the ledger's rows for all waits in queues."""
        known = [queue for queue in self if waited(queue) is not None]
        placed = [queue for queue in known if _span(queue) is not None]
        others = [queue for queue in known if _span(queue) is None]
        chosen = (*others, *self._dearest(placed).queues)
        return add(dict(self._settled), map(self._row, chosen))

    def _dearest(self, queues: list[Queue]) -> Choice:
        """Return the waits that cost most together without overlapping."""
        ordered = sorted(queues, key=lambda queue: (queue.end, queue.start, queue.id))
        ends = [queue.end or 0 for queue in ordered]
        best = [Choice()]
        for i, queue in enumerate(ordered):
            before = best[min(i, bisect_right(ends, (queue.start or 0) + SKEW))]
            vendor = queue.where.system is not None
            price, vendors = before.price + self._price(queue), before.vendors + vendor
            taken = Choice(price, vendors, (*before.queues, queue))
            best.append(max(best[i], taken, key=lambda choice: choice[:2]))
        return best[-1]

    def _price(self, queue: Queue) -> int:
        return self._rule.price(waited(queue) or 0, queue.announced)

    def _row(self, queue: Queue) -> tuple[Key, Entry]:
        key = key_of("reach", queue.where, reasons.QUEUE, "contact_center")
        return key, Entry(1, self._price(queue), 0, waited(queue) or 0, queue.name or "")

    def _forget(self, queue: Queue) -> None:
        if waited(queue) is not None:
            add(self._settled, [self._row(queue)])
        self._old = join_nearest([*self._old, *filter(None, [_span(queue)])], QUEUES)


def waited(queue: Queue) -> int | None:
    """Return how long the customer waited, ms, where that is known.

    A wait told while it lasted is only its beginning, so of what two reports say the longer counts.
    """
    span = _span(queue)
    if span is None:
        return queue.wait
    return max(queue.wait or 0, span[1] - span[0])


def _span(queue: Queue) -> Interval | None:
    if queue.start is None or queue.end is None or queue.end <= queue.start:
        return None
    return queue.start, queue.end


def _left_at(queue: Queue) -> int:
    if queue.end is not None:
        return queue.end
    return (queue.start or 0) + (waited(queue) or 0)


def _united(one: Queue, other: Queue) -> Queue:
    """Return what two reports of a wait, or its two ends, say together."""
    return Queue(
        one.id,
        max(one.where, other.where, key=known),
        largest(one.name, other.name),
        earliest(one.start, other.start),
        largest(one.end, other.end),
        largest(one.wait, other.wait),
        largest(one.announced, other.announced),
        max(one.result, other.result, key=_bad),
    )


def _bad(result: str | None) -> tuple[bool, bool, str]:
    return result == "abandoned", result is not None, result or ""


def _id(queue: Queue) -> str:
    return queue.id
