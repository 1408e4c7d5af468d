"""Keep a wrong argument out at run time, and say so once: the caller's work goes on."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from cxotel.engine.shield import warn_once
from cxotel.journey.words import complaint, known
from cxotel.privacy import code, label

_BEYOND_MEASURE = 1e15
"""No rating, number of points or duration is as large; in milliseconds it still fits an int64."""


def left_out(where: str, problem: str) -> None:
    """Log, once for each problem, that something given to the function *where* is left out."""
    warn_once(f"{where}: {problem}", f"cxotel.{where}: {problem}; left out")


def word(where: str, what: str, value: object, words: tuple[str, ...]) -> str | None:
    """Return *value* where it is one of *words*; anything else that was given is left out.

    Example:
        >>> word("handoff", "result", "accepted", ("accepted", "declined"))
        'accepted'
    """
    problem = complaint(what, value, words)
    if problem:
        left_out(where, problem)
    return known(value, words)


def needed_word(where: str, what: str, value: object, words: tuple[str, ...]) -> str | None:
    """Return *value* where it is one of *words*; say so where it is missing, too."""
    if value is None:
        left_out(where, f"{what} is missing")
    return word(where, what, value, words)


def short_code(where: str, what: str, value: object) -> str | None:
    """Return *value* where it is a short code; anything else that was given is left out."""
    short = code(value)
    if short is None and value is not None:
        left_out(where, f"{what} must be a short code of 1 to 64 characters, without spaces")
    return short


def queue_name(where: str, value: object) -> str | None:
    """Return *value* where it can be the name of a queue; anything else is left out."""
    name = label(value)
    if name is None and value is not None:
        left_out(where, "queue must be a name of 1 to 64 characters, no number and no address")
    return name


def flag(where: str, what: str, value: object) -> bool | None:
    """Return *value* where it is true or false; anything else that was given is left out."""
    if value is None or isinstance(value, bool):
        return value
    left_out(where, f"{what} must be true or false")
    return None


def number(value: object) -> float | None:
    """Return *value* where it is a number that can be measured.

    Example:
        >>> number(4), number(float("nan")), number("4"), number(True)
        (4.0, None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    # Comparing first: a whole number beyond any float would raise when it is converted.
    return float(value) if abs(value) < _BEYOND_MEASURE else None


def milliseconds(where: str, what: str, value: object) -> int | None:
    """Return a duration given in seconds, or as a `timedelta`, in whole milliseconds."""
    if value is None:
        return None
    seconds = number(value.total_seconds() if isinstance(value, timedelta) else value)
    if seconds is None or seconds < 0:
        left_out(where, f"{what} must be seconds, 0 or more")
        return None
    return round(seconds * 1000)


def rating(where: str, value: object, scale: object) -> tuple[float, float, float] | None:
    """Return a rating with the ends of its scale; anything that is no such thing is left out."""
    if isinstance(scale, (tuple, list)):
        numbers = [number(each) for each in (value, *cast("tuple[object, ...]", scale))]
        match numbers:
            case [float(given), float(low), float(high)] if low <= given <= high and low < high:
                return given, low, high
            case _:
                pass
    left_out(where, "value must lie on scale=(lowest, highest), which only nps may leave out")
    return None
