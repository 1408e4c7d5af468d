"""What never grows beyond a number: a table of entries, and the values of an attribute."""

from __future__ import annotations

import os
from collections import OrderedDict
from threading import RLock
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar
from weakref import WeakSet

if TYPE_CHECKING:
    from collections.abc import Callable

OTHER: Final = "_OTHER"
"""What stands on metrics for a name beyond those that are told apart, as in OpenTelemetry."""

_K = TypeVar("_K")
_V = TypeVar("_V")


class FewValues:
    """Let the first different values through, and call the rest `_OTHER`.

    A metric has a time series for each value of an attribute: one that grows with the calls would
    grow without end.

    Args:
        most: How many values are told apart.

    Example:
        >>> few = FewValues(1)
        >>> few("agent"), few("customer"), few("agent"), few(None)
        ('agent', '_OTHER', 'agent', None)
    """

    __slots__ = ("_known", "_most")

    def __init__(self, most: int) -> None:
        self._known: set[str] = set()
        self._most = most

    def __call__(self, value: str | None) -> str | None:
        """Return the value, or what stands for it."""
        if value is None or value in self._known:
            return value
        if len(self._known) >= self._most:
            return OTHER
        self._known.add(value)
        return value


class BoundedTable(Generic[_K, _V]):
    """Keep the youngest entries, from any thread, and count those dropped.

    Args:
        max_entries: Number of entries kept.
        max_age: Seconds after which an entry is dropped.
        clock: Returns seconds, and never goes back.

    Example:
        >>> table = BoundedTable(max_entries=1, max_age=60.0)
        >>> table.put("a", 1)
        >>> table.put("b", 2)
        >>> table.get("a"), table.get("b"), table.dropped
        (None, 2, 1)
    """

    def __init__(
        self, max_entries: int, max_age: float, clock: Callable[[], float] = monotonic
    ) -> None:
        """Start empty."""
        self._max_entries = max_entries
        self._max_age = max_age
        self._clock = clock
        self._entries: OrderedDict[_K, tuple[float, _V]] = OrderedDict()
        self._lock = RLock()
        self._dropped = 0
        _tables.add(self)

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def dropped(self) -> int:
        """How many entries were dropped so far, for their number or their age."""
        return self._dropped

    def get(self, key: _K) -> _V | None:
        """Return the entry of *key*."""
        with self._lock:
            self._drop_old()
            entry = self._entries.get(key)
        return entry[1] if entry else None

    def put(self, key: _K, value: _V) -> None:
        """Keep *value* as the youngest entry."""
        with self._lock:
            self._put(key, value)

    def put_first(self, key: _K, value: _V) -> bool:
        """Keep *value* where there is no entry of *key* yet, and tell whether there was none."""
        with self._lock:
            self._drop_old()
            if key in self._entries:
                return False
            self._put(key, value)
            return True

    def _put(self, key: _K, value: _V) -> None:
        self._entries[key] = (self._clock(), value)
        self._entries.move_to_end(key)
        self._drop_old()
        while len(self._entries) > self._max_entries:
            self._drop_oldest()

    def _drop_old(self) -> None:
        # Entries stand in the order of their age, so the first young one ends the search.
        horizon = self._clock() - self._max_age
        while self._entries and next(iter(self._entries.values()))[0] <= horizon:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        self._entries.popitem(last=False)
        self._dropped += 1

    def renew_lock(self) -> None:
        """Start with a free lock: in a forked child nobody is left to release the old one."""
        self._lock = RLock()


_tables: WeakSet[BoundedTable[Any, Any]] = WeakSet()


def _renew_locks() -> None:
    for table in _tables:
        table.renew_lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_locks)
