"""Keep telemetry's own errors away from the application."""

from __future__ import annotations

import logging
import os
import threading

_logger = logging.getLogger("cxotel")
_lock = threading.RLock()
_LIMIT = 256
"""Places that are remembered: each is a spot in the code, so this is hardly ever reached."""
_counts: dict[str, int] = {}


def _renew_lock() -> None:
    """Give a forked child a lock that no thread of its parent holds."""
    global _lock  # noqa: PLW0603 - one lock a process
    _lock = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_lock)


def report(where: str, error: BaseException) -> None:
    """Log a telemetry error the first time it happens at this place, and count it every time.

    The message names the class of the error and the place, never the error's words: they may hold
    what a customer said.

    Args:
        where: What was being done, a fixed text such as `"reading cx.contact.id of place_call"`.
        error: The error that was kept inside.
    """
    if _first(where):
        _logger.warning(
            "telemetry error (%s) while %s; the application is unaffected, repeats are counted",
            type(error).__qualname__,
            where,
        )


def warn_once(where: str, message: str) -> None:
    """Log *message* the first time something was used wrongly at this place."""
    if _first(where):
        _logger.warning("%s", message)


def _first(where: str) -> bool:
    """Count an event at this place; tell whether it was the first, and so is to be logged."""
    with _lock:
        if where not in _counts and len(_counts) >= _LIMIT:
            return False
        _counts[where] = _counts.get(where, 0) + 1
        return _counts[where] == 1


def errors() -> dict[str, int]:
    """Return how many errors were kept inside so far, by place."""
    with _lock:
        return dict(_counts)


def forget() -> None:
    """Forget what was logged, so that it is logged again: for tests."""
    with _lock:
        _counts.clear()


class shielded:  # noqa: N801 - reads as a verb where it is used: `with shielded("...")`
    """Run a block whose errors are logged once and kept inside.

    `KeyboardInterrupt`, cancellation and `SystemExit` pass through.

    Args:
        where: What the block does, a fixed text for the log.

    Example:
        >>> with shielded("dividing by zero"):
        ...     _ = 1 / 1
    """

    __slots__ = ("_where",)

    def __init__(self, where: str) -> None:
        self._where = where

    def __enter__(self) -> None:
        """Enter the block."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> bool:
        """Keep an `Exception` inside; let everything else pass."""
        if isinstance(error, Exception):
            report(self._where, error)
            return True
        return False
