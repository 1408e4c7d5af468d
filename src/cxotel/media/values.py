"""Read a single value that somebody else wrote: a number, a time."""

from __future__ import annotations

import math
import re
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any, Final

MAX_TEXT: Final = 256
"""How many characters of a text are looked at or kept."""

_UNKNOWN: Final = frozenset(("", "-", "n/a", "na", "null", "none", "unknown"))
_NUMBER: Final = re.compile(
    r"([+-]?\d{1,30}(?:\.\d{0,30})?(?:[eE][+-]?\d{1,3})?)\s{0,4}[%A-Za-z]{0,8}"
)
_FRACTION: Final = re.compile(r"\.(\d{1,12})")
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_OFFSET: Final = re.compile(r"([+-]\d\d)(\d\d)$")


def parse_number(value: Any) -> float | None:
    """Return a finite number, also from text with a unit behind it; None where there is none.

    Args:
        value: Anything.

    Example:
        >>> parse_number("27.15 kbps"), parse_number(True), parse_number("about 3")
        (27.15, None, None)
    """
    if isinstance(value, str):
        match = _NUMBER.fullmatch(value.strip()) if len(value) <= MAX_TEXT else None
        value = match[1] if match else None
    if value is None or isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def parse_time(value: object) -> float | None:
    """Return seconds since 1970 for a `datetime` or ISO 8601 text, in UTC unless it says otherwise.

    Args:
        value: Anything.

    Example:
        >>> parse_time("2015-02-23T02:35:46Z")
        1424658946.0
    """
    if isinstance(value, str) and 10 <= len(value.strip()) <= 40:
        # Python 3.10 knows neither Z nor fractions of other than three or six digits.
        text = _FRACTION.sub(lambda found: "." + found[1][:6].ljust(6, "0"), value.strip())
        text = f"{text[:-1]}+0000" if text[-1] in "zZ" else text
        text = _OFFSET.sub(r"\1:\2", text) if ":" in text else text
        try:
            value = datetime.fromisoformat(text)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return (value if value.tzinfo else value.replace(tzinfo=timezone.utc)).timestamp()


def is_unknown(value: object) -> bool:
    """Tell whether a value says nothing, as opposed to something that makes no sense.

    Args:
        value: Anything.

    Example:
        >>> is_unknown("N/A"), is_unknown(float("nan")), is_unknown(0)
        (True, True, False)
    """
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return True
    return isinstance(value, str) and value.strip().lower() in _UNKNOWN


# Only names that stand in our readers are asked for, again and again.
@lru_cache(maxsize=1024)
def snake(name: str) -> str:
    """Return a camel-case name in snake case.

    Args:
        name: The name.

    Example:
        >>> snake("mediaEndpointStats"), snake("minRFactor")
        ('media_endpoint_stats', 'min_r_factor')
    """
    return _HUMP.sub("_", name).lower()
