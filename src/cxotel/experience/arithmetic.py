"""Whole-number arithmetic: floating point addition is not associative, and ledgers must merge."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

MILLI: Final = 1000
"""Points are kept in thousandths, times in thousandths of a second."""


def milli(value: float) -> int:
    """Return *value* in whole thousandths.

    Example:
        >>> milli(5.8496)
        5850
    """
    return round(value * MILLI)


def doublings(value: float, unit: float) -> float:
    """Return how often *unit* doubles to reach *value*; zero where it does not reach it once.

    Example:
        >>> doublings(8, 2)
        2.0
        >>> doublings(1, 2)
        0.0
    """
    return math.log2(value / unit) if value > unit else 0.0


def cube_root(cubes: int, count: int = 1) -> int:
    """Return the cubic mean of *count* whole numbers whose cubes sum to *cubes*.

    Example:
        >>> cube_root(5850**3)
        5850
    """
    return round((cubes / count) ** (1 / 3)) if cubes > 0 else 0


def share(total: int, weights: Sequence[int]) -> list[int]:
    """Split *total* in proportion to *weights*, into whole numbers that sum to it again.

    What rounding down leaves goes to the largest remainders, the earlier first. Where all weights
    are zero, the first takes everything.

    Example:
        >>> share(100, [1, 1, 1])
        [34, 33, 33]
    """
    whole = sum(weights)
    if not whole:
        return [total, *[0] * (len(weights) - 1)] if weights else []
    parts = [total * weight // whole for weight in weights]
    left = total - sum(parts)
    if left:
        by_remainder = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % whole))
        for i in by_remainder[:left]:
            parts[i] += 1
    return parts
