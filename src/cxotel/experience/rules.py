"""The rules of the experience score as one typed, validated configuration object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Rules:
    """Hold every cap, weight, threshold and floor of the score."""

    @property
    def fingerprint(self) -> str:
        """Return a short digest of all values."""
        return ""

    @property
    def algorithm(self) -> str:
        """Return ``cxotel/1``, followed by the fingerprint where a value differs from the default."""
        return "cxotel/1"

    @classmethod
    def from_mapping(cls, values: Mapping[str, object]) -> Rules:
        """Return the default rules changed by *values*."""
        return cls()


DEFAULT: Final = Rules()
