"""Bounds of the numbers that rules are made of, kept with each field."""

from __future__ import annotations

from dataclasses import field
from typing import Any, Final

HIGHEST: Final = 1e6
"""No number of a rule is larger: eleven days, or far beyond the scale."""


def above_zero(default: float) -> Any:
    """Declare a number that something is divided by."""
    return field(default=default, metadata={"above": 0.0})


def portion(default: float) -> Any:
    """Declare a number from 0 to 1."""
    return field(default=default, metadata={"most": 1.0})


def ceiling(default: float) -> Any:
    """Declare points of R that a dimension can take at most: not more than there are."""
    return field(default=default, metadata={"most": 93.2})
