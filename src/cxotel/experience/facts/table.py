"""A bounded memory of facts by their id: the same fact from two sources is one fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

Fact = TypeVar("Fact")
Known = TypeVar("Known", int, str)

REMEMBERED: Final = 8
"""For each fact that is kept, this many ids of forgotten ones are remembered."""


class Table(Generic[Fact]):
    """Keep facts by their id, the oldest being forgotten when there are too many.

    Args:
        limit: Number of facts that are kept.
        key: Returns the id of a fact.
        join: Returns what two reports of the same fact say together. It must be commutative,
            associative and idempotent, or the order of arrival would matter.
        forget: Called with each fact that is forgotten, before it goes.
    """

    __slots__ = ("_facts", "_forget", "_gone", "_join", "_key", "_limit")

    def __init__(
        self,
        limit: int,
        key: Callable[[Fact], Hashable],
        join: Callable[[Fact, Fact], Fact],
        forget: Callable[[Fact], None],
    ) -> None:
        self._facts: dict[Hashable, Fact] = {}
        self._gone: dict[Hashable, None] = {}
        self._limit = limit
        self._key = key
        self._join = join
        self._forget = forget

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._facts.values())

    def __len__(self) -> int:
        return len(self._facts)

    def get(self, key: Hashable) -> Fact | None:
        """Return the fact with this id, if it is kept."""
        return self._facts.get(key)

    @property
    def complete(self) -> bool:
        """Whether no fact was forgotten."""
        return not self._gone

    def put(self, fact: Fact) -> bool:
        """Take a report of a fact, and tell whether it says anything new."""
        key = self._key(fact)
        present = self._facts.get(key)
        if present is not None:
            joined = self._join(present, fact)
            self._facts[key] = joined
            return joined != present
        if key in self._gone:
            return False
        self._facts[key] = fact
        if len(self._facts) > self._limit:
            self._drop_oldest()
        return True

    def _drop_oldest(self) -> None:
        oldest = next(iter(self._facts))
        self._forget(self._facts[oldest])
        del self._facts[oldest]
        self._gone[oldest] = None
        if len(self._gone) > self._limit * REMEMBERED:
            del self._gone[next(iter(self._gone))]


def larger(size: Callable[[Fact], object]) -> Callable[[Fact, Fact], Fact]:
    """Return a join that keeps the report with the larger *size*; ties go by the whole fact."""

    def join(one: Fact, other: Fact) -> Fact:
        if one == other:
            return one
        return max(one, other, key=lambda fact: (size(fact), repr(fact)))

    return join


def earliest(one: int | None, other: int | None) -> int | None:
    """Return the earlier of two times; a known one before an unknown one."""
    return min((at for at in (one, other) if at is not None), default=None)


def largest(one: Known | None, other: Known | None) -> Known | None:
    """Return the larger of two values, the later of two times; a known one before an unknown."""
    return max((value for value in (one, other) if value is not None), default=None)
