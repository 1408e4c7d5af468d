"""The clock of RTCP, and the round trips that reports show."""

from __future__ import annotations

from typing import Final

NTP_EPOCH: Final = 2_208_988_800
"""Seconds from 1900, where NTP begins, to 1970."""

_WRAP: Final = 1 << 32
_LONGEST: Final = 60 << 16


def middle_ntp(time: float) -> int:
    """Return the middle 32 bits of a time's NTP form, in which RTCP measures round trips.

    Args:
        time: Seconds since 1970.

    Example:
        >>> hex(middle_ntp(0.5))
        '0x7e808000'

    Source: RFC 3550 clause 4.
    """
    return round((time + NTP_EPOCH) * 65536.0) % _WRAP


def round_trip(arrival: int, last: int, delay: int) -> float | None:
    """Return the network round trip that a report shows.

    Args:
        arrival: When the report arrived, middle 32 bits of NTP time.
        last: The time that the report sends back: LSR, or LRR in a DLRR block.
        delay: How long it was kept there, units of 1/65536 s: DLSR or DLRR.

    Returns:
        Seconds; None where the other side had nothing to send back, and where it would be more
        than a minute or less than nothing: a clock was set between.

    Example:
        >>> round_trip(0xB7108000, 0xB7052000, 0x00054000)
        6.125

    Source: RFC 3550 clause 6.4.1 and figure 2; RFC 3611 clause 4.5.
    """
    if not last or not delay:
        return None
    units = (arrival - last - delay) % _WRAP
    return units / 65536.0 if units < _LONGEST else None
