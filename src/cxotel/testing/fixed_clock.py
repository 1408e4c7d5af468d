"""A clock that stands still until it is told to move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxotel import clock

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

NOON = 1_767_268_800_000_000_000
"""2026-01-01 12:00:00 UTC, in nanoseconds since the epoch."""


class FixedClock:
    """Replace the clock that cxotel reads; spans that other libraries time themselves keep theirs.

    Args:
        now_ns: What it shows first, nanoseconds since the epoch.

    Example:
        >>> with FixedClock() as time:
        ...     start = clock.now_ns()
        ...     time.advance(250)
        ...     (clock.now_ns() - start) // 1_000_000
        250
    """

    def __init__(self, now_ns: int = NOON) -> None:
        self.now_ns = now_ns
        self._kept = clock.now_ns

    def advance(self, milliseconds: float) -> None:
        """Move the clock forward by *milliseconds*."""
        self.now_ns += round(milliseconds * 1_000_000)

    def __enter__(self) -> Self:
        """Put this clock in place of the real one."""
        self._kept = clock.now_ns
        clock.now_ns = lambda: self.now_ns
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put the real clock back."""
        clock.now_ns = self._kept
