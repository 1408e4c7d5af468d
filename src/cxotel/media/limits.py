"""Which values an argument may take, and which of them a Recommendation covers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def outside(limits: Iterable[Limit], values: Iterable[float]) -> tuple[str, ...]:
    """Check values against their limits and name those that the Recommendation does not cover.

    Args:
        limits: One limit for each value.
        values: What the caller gave.

    Returns:
        The names of the values beyond `low` and `high`, in the order of the limits.

    Raises:
        ValueError: A value is no finite number, or beyond `floor` and `ceiling`.

    Example:
        >>> outside([Limit("ta", 0, 500, 0, 1e6)], [700])
        ('ta',)
    """
    names: tuple[str, ...] = ()
    # This loop runs for every rating: the usual value leaves it after one test.
    for limit, value in zip(limits, values):  # noqa: B905 - both are fixed tuples of one module
        name, low, high, floor, ceiling = limit
        if type(value) in _PLAIN and low <= value <= high:
            continue
        number = require(name, value, floor, ceiling)
        if not low <= number <= high:
            names += (name,)
    return names


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
