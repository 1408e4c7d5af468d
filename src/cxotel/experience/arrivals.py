"""Which facts were counted as they arrived: each once, whoever reports it, and waits when whole."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cxotel.experience.evidence import Handoff, Queue, Turn

if TYPE_CHECKING:
    from cxotel.experience.evidence import Evidence

REMEMBERED: Final = 128
"""Facts of one segment that are remembered, so that the second report of one is not counted."""


class Arrivals:
    """Remember which facts of a segment were counted. Locks are somebody else's business.

    A wait in a queue may be told in halves, its beginning and its end, by reports of the same id.

    Example:
        >>> arrivals = Arrivals()
        >>> arrivals.whole(Queue("q", start=1_000))
        >>> waited(arrivals.whole(Queue("q", end=46_000)))
        45000
        >>> arrivals.whole(Queue("q", wait=45_000))
    """

    __slots__ = ("_facts",)

    def __init__(self) -> None:
        self._facts: OrderedDict[tuple[type, str], Queue | None] | None = None

    def whole(self, evidence: Evidence) -> Evidence | None:
        """Return what is to be counted now: nothing the second time, or before a wait is over."""
        if not isinstance(evidence, (Queue, Handoff, Turn)):
            return evidence
        facts = self._facts = OrderedDict() if self._facts is None else self._facts
        key = (type(evidence), evidence.id)
        half = facts.get(key)
        if half is None and key in facts:
            return None
        if isinstance(evidence, Queue):
            evidence = evidence if half is None else _united(half, evidence)
            if waited(evidence) is None:
                self._remember(key, evidence)
                return None
        self._remember(key, None)
        return evidence

    def _remember(self, key: tuple[type, str], half: Queue | None) -> None:
        if self._facts is not None:
            self._facts[key] = half
            if len(self._facts) > REMEMBERED:
                self._facts.popitem(last=False)


def waited(queue: Queue) -> int | None:
    """Return how long a customer waited in a queue, ms, where that is known."""
    if queue.wait is not None:
        return max(0, queue.wait)
    if queue.start is None or queue.end is None or queue.end < queue.start:
        return None
    return queue.end - queue.start


def _united(one: Queue, other: Queue) -> Queue:
    return replace(
        other,
        start=other.start if one.start is None else one.start,
        end=one.end if other.end is None else other.end,
        name=other.name or one.name,
        result=other.result or one.result,
    )
