"""Which segment each span stands in: bounded tables of live and of lately ended spans."""

from __future__ import annotations

from itertools import islice
from threading import RLock
from typing import TYPE_CHECKING, Final

from cxotel import clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.experience.carriers import Place

MAX_LIVE: Final = 65_536
"""Spans that may be open at once before the oldest is taken for one that never ends."""
MAX_ENDED: Final = 1_024
"""Ended spans that surely are remembered, so that a child that starts late finds its segment."""
MAX_AGE: Final = 24 * 3600
"""Seconds after which a segment that is still open is taken for one that never ends."""


class Tables:
    """Remember where spans stand, without a lock where a span starts or ends.

    Single operations on a dictionary are atomic; only what drops entries takes the lock.

    Args:
        max_live: Number of open spans kept.
        max_ended: Number of ended spans kept, at least.
        max_age: Seconds that an open segment is kept.
    """

    def __init__(
        self,
        *,
        max_live: int = MAX_LIVE,
        max_ended: int = MAX_ENDED,
        max_age: float = MAX_AGE,
    ) -> None:
        self.live: dict[int, Place] = {}
        self.taken: set[int] = set()
        """Live spans whose evidence was taken already."""
        # Two generations, swapped when the younger is full: no bookkeeping per span.
        self.ended: dict[int, Place] = {}
        self._ended_before: dict[int, Place] = {}
        self._inherited: frozenset[int] = frozenset()
        self.on_drop: Callable[[list[tuple[int, Place]]], None] = _ignore
        """Told which open spans were dropped: their ends will find nothing."""
        self.max_live = max_live
        self.max_ended = max_ended
        self._max_age_ns = int(max_age * 1e9)
        # Reentrant: garbage collection may end a span, and so come back here, at any moment.
        self._lock = RLock()

    def __len__(self) -> int:
        return len(self.live) + len(self.ended) + len(self._ended_before) + len(self.taken)

    def find(self, span_id: int) -> Place | None:
        """Return where a live or lately ended span stands."""
        return self.live.get(span_id) or self.find_ended(span_id)

    def find_ended(self, span_id: int) -> Place | None:
        """Return where a lately ended span stands."""
        return self.ended.get(span_id) or self._ended_before.get(span_id)

    def start(self, span_id: int, place: Place) -> None:
        """Remember where a span that starts stands."""
        self.live[span_id] = place
        if len(self.live) > self.max_live:
            self.drop_oldest()

    def drop_oldest(self) -> None:
        """Drop an eighth at once, so that a full table does not cost every span a search."""
        self._drop(self.max_live // 8 + 1)

    def take(self, span_id: int) -> bool:
        """Mark a span's evidence as taken before its end; `False` where it was already."""
        if span_id in self.taken:
            return False
        self.taken.add(span_id)
        return True

    def is_inherited(self, span_id: int) -> bool:
        """Tell whether a span was open when this process was forked off: it is another's."""
        return span_id in self._inherited

    def fork(self) -> Tables:
        """Return the tables of a forked child, which knows its parent's spans only as another's."""
        child = Tables(
            max_live=self.max_live,
            max_ended=self.max_ended,
            max_age=self._max_age_ns / 1e9,
        )
        child.on_drop = self.on_drop
        child._inherited = frozenset(self.live)
        return child

    def turn_page(self) -> None:
        """Forget what ended long ago, now that the page is full, and what is open for too long."""
        with self._lock:
            if len(self.ended) < self.max_ended:
                return
            self._ended_before, self.ended = self.ended, {}
        horizon = clock.now_ns() - self._max_age_ns
        oldest = list(islice(self.live.values(), 1))
        if oldest and oldest[0].carrier.start_ns < horizon:
            self._drop(self.max_live // 8 + 1, older_than_ns=horizon)

    def _drop(self, number: int, older_than_ns: int | None = None) -> None:
        with self._lock:
            # Built by one call into C, during which no other thread can change the dictionary.
            oldest = list(islice(self.live.items(), number))
        dropped = [
            (span_id, place)
            for span_id, place in oldest
            if older_than_ns is None or place.carrier.start_ns < older_than_ns
            if self._forget(span_id)
        ]
        if dropped:
            self.on_drop(dropped)

    def _forget(self, span_id: int) -> bool:
        self.taken.discard(span_id)
        return self.live.pop(span_id, None) is not None


def _ignore(dropped: list[tuple[int, Place]]) -> None:
    """Do nothing about spans that were dropped."""
