"""Lengths of time as Prometheus writes them, and how a test makes them short."""

from __future__ import annotations

import re
from typing import Final

SECONDS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_LENGTH: Final = re.compile(r"([1-9][0-9]{0,5})([smhdw])")


def seconds(text: str) -> float:
    """Return how long something lasts, in seconds.

    Args:
        text: A whole number and a unit: `s`, `m`, `h`, `d` or `w`.

    Raises:
        ValueError: It is written otherwise.

    Example:
        >>> seconds("30m")
        1800
    """
    found = _LENGTH.fullmatch(text)
    if found is None:
        raise ValueError(f'"{text}" is no length of time such as 30m, 6h or 30d')
    return int(found[1]) * SECONDS[found[2]]


def scaled(text: str, scale: float) -> str:
    """Return a length of time multiplied, for a trial that must not take days.

    Args:
        text: The length.
        scale: What it is multiplied by.

    Example:
        >>> scaled("6h", 1.0), scaled("6h", 1 / 60), scaled("5m", 1 / 100)
        ('6h', '360s', '3s')
    """
    return text if scale == 1.0 else f"{max(1, round(seconds(text) * scale))}s"
