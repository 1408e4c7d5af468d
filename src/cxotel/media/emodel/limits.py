"""Which values an argument may take, and which of them a Recommendation covers."""

from __future__ import annotations

import math
from operator import le
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLAIN = frozenset((float, int))


class Limit(NamedTuple):
    """The limits of one argument.

    Args:
        name: The argument's name.
        low: The least value that the Recommendation covers.
        high: The greatest value that the Recommendation covers.
        floor: The least value that means anything. Below it the caller made a mistake.
        ceiling: The greatest value that means anything.
    """

    name: str
    low: float
    high: float
    floor: float
    ceiling: float


class Limits:
    """The limits of several arguments, in the order in which their values are given.

    Args:
        limits: One for each argument.

    Example:
        >>> Limits(Limit("ta", 0, 500, 0, 1e6)).outside((700,))
        ('ta',)
    """

    __slots__ = ("_highs", "_limits", "_lows")

    def __init__(self, *limits: Limit) -> None:
        self._limits = limits
        self._lows = tuple(limit.low for limit in limits)
        self._highs = tuple(limit.high for limit in limits)

    def __iter__(self) -> Iterator[Limit]:
        return iter(self._limits)

    def outside(self, values: tuple[float, ...]) -> tuple[str, ...]:
        """Check values and name those that the Recommendation does not cover.

        Args:
            values: What the caller gave, one for each limit.

        Raises:
            ValueError: A value is no finite number, or beyond `floor` and `ceiling`.
        """
        # This runs for every rating: the usual values leave it without a loop in Python.
        if (
            _PLAIN.issuperset(map(type, values))
            and all(map(le, self._lows, values))
            and all(map(le, values, self._highs))
        ):
            return ()
        return tuple(
            limit.name
            for limit, value in zip(self._limits, values, strict=True)
            if not limit.low <= require(limit.name, value, limit.floor, limit.ceiling) <= limit.high
        )


def require(name: str, value: object, floor: float, ceiling: float) -> float:
    """Return a number that lies between two bounds, or say which argument does not.

    Args:
        name: The argument's name, for the message.
        value: What the caller gave.
        floor: The least value allowed.
        ceiling: The greatest value allowed.

    Raises:
        ValueError: The value is no finite number between the bounds.

    Example:
        >>> require("ppl", 1.5, 0, 100)
        1.5
        >>> require("ppl", -1, 0, 100)
        Traceback (most recent call last):
        ValueError: ppl must lie between 0 and 100, got -1
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"{name} must be a number, got {type(value).__name__}")  # noqa: TRY004
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not floor <= number <= ceiling:
        raise ValueError(f"{name} must lie between {floor:g} and {ceiling:g}, got {number:g}")
    return number
