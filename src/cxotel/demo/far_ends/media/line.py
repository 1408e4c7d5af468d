"""A line with its losses and delays, and what becomes of a stream of sound on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from random import Random

PACKET: Final = 0.02
"""Seconds of sound in a packet."""
_SMOOTHING: Final = 16.0
"""RFC 3550, appendix A.8: how slowly the jitter estimate follows."""


@dataclass(frozen=True, slots=True)
class Line:
    """How a line treats packets.

    Attributes:
        loss: Share of packets that never arrive, 0 to 1.
        jitter: Mean of what each packet is delayed beyond the shortest way, seconds.
        round_trip: Round-trip time, seconds.
        buffer: How long the receiver waits for late packets, seconds.
    """

    loss: float = 0.0005
    jitter: float = 0.001
    round_trip: float = 0.04
    buffer: float = 0.06


@dataclass(frozen=True, slots=True)
class Travel:
    """What became of a stream.

    Attributes:
        sent: Packets that were sent.
        lost: Packets that never arrived.
        discarded: Packets that arrived too late to be played.
        jitter: Interarrival jitter at the end (RFC 3550), seconds.
        jitter_max: The greatest that it was, seconds.
    """

    sent: int
    lost: int
    discarded: int
    jitter: float
    jitter_max: float

    @property
    def arrived(self) -> int:
        """Packets that arrived, in time or not."""
        return self.sent - self.lost


def travel(line: Line, seconds: float, random: Random) -> Travel:
    """Send a stream over a line.

    Args:
        line: The line.
        seconds: How long somebody talks.
        random: Chance.

    Example:
        >>> from random import Random
        >>> calm = travel(Line(loss=0.0, jitter=0.001), 10.0, Random(1))
        >>> calm.sent, calm.lost, calm.discarded
        (500, 0, 0)
    """
    sent = round(seconds / PACKET)
    lost = discarded = 0
    jitter = worst = 0.0
    before: float | None = None
    for _ in range(sent):
        if random.random() < line.loss:
            lost += 1
            continue
        delay = random.expovariate(1.0 / line.jitter)
        if before is not None:
            jitter += (abs(delay - before) - jitter) / _SMOOTHING
            worst = max(worst, jitter)
        before = delay
        discarded += delay > line.buffer
    return Travel(sent, lost, discarded, jitter, worst)
