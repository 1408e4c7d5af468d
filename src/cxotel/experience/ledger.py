"""The ledger of a segment: what hurt whom and how much, in whole numbers that merge."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ledger:
    """Hold what a segment, or several merged ones, lost."""

    rules: str = ""

    def __or__(self, other: Ledger) -> Ledger:
        """Return both ledgers as one."""
        return self

    def to_json(self) -> bytes:
        """Return the canonical JSON of this ledger."""
        return b"{}"

    @classmethod
    def from_json(cls, data: bytes | str) -> Ledger:
        """Read what `to_json` wrote."""
        return cls()
