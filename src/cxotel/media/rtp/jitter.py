"""Interarrival jitter, RFC 3550, where timestamps can be trusted."""

from __future__ import annotations

from typing import Final

PAUSE: Final = 0.5
"""Seconds by which the first packet after silence may be off before its timestamp is disbelieved.

Some senders hold the timestamp while they are silent; their pause is no jitter.
"""

BREAK: Final = 5.0
"""Seconds by which any packet may be off: more is a new clock, not a late packet."""


class JitterMeter:
    """Follow the arrival times of one stream.

    Example:
        >>> meter = JitterMeter()
        >>> for number, arrival in enumerate((0.0, 0.02, 0.056, 0.06)):
        ...     meter.add(160 * number, arrival, 8000, marker=False)
        >>> round(meter.jitter * 1000, 3)
        1.938

    Source: RFC 3550 clause 6.4.1 and Appendix A.8, in seconds instead of timestamp units.
    """

    __slots__ = ("_arrival", "_rate", "_timestamp", "count", "jitter", "maximum", "peak", "total")

    def __init__(self) -> None:
        self.jitter = 0.0
        # Sum and number of all values of the jitter, its greatest, and the greatest since `peak`
        # was last set to 0.
        self.total = 0.0
        self.count = 0
        self.maximum = 0.0
        self.peak = 0.0
        self._arrival = 0.0
        self._timestamp = 0
        self._rate = 0

    def add(self, timestamp: int, arrival: float, rate: int, *, marker: bool) -> None:
        """Take note of one packet, in the order of arrival.

        Args:
            timestamp: Its RTP timestamp, 32 bits.
            arrival: When it arrived, seconds on any steady clock.
            rate: The payload's clock rate. Another than before begins anew (RFC 7160).
            marker: Whether it is the first after silence.
        """
        if rate == self._rate:
            # More packets of one instant are padding by which browsers probe the network.
            if timestamp == self._timestamp:
                return
            sent = (timestamp - self._timestamp) & 0xFFFFFFFF
            if sent > 0x7FFFFFFF:
                sent -= 0x100000000
            off = abs(arrival - self._arrival - sent / rate)
            if off < (PAUSE if marker else BREAK):
                self._count(off)
        self._arrival = arrival
        self._timestamp = timestamp
        self._rate = rate

    def restart(self) -> None:
        """Forget the last packet: the next has nothing to do with it."""
        self._rate = 0

    def _count(self, off: float) -> None:
        self.jitter = jitter = self.jitter + (off - self.jitter) / 16.0
        self.total += jitter
        self.count += 1
        if jitter > self.peak:
            self.peak = jitter
            self.maximum = max(self.maximum, jitter)
