"""Bursts and gaps of packet loss, by the definition of RFC 3611, from a stream without end.

A burst is the longest run of packets that starts and ends with a lost one and in which no `gmin`
consecutive packets arrived. A single loss between such runs belongs to the gap around it. The
counters of RFC 3611 Appendix A.2 are another thing: they call one isolated loss a burst.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from cxotel.media.emodel.limits import require

GMIN: Final = 16
"""The number of consecutive packets received that ends a burst (RFC 3611 clause 4.7.2)."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts from which burst metrics follow. Those of two stretches of a stream add up.

    Args:
        bursts: Bursts.
        burst_packets: Packets in bursts, lost or not.
        burst_lost: Packets lost in bursts.
        gaps: Gaps.
        gap_packets: Packets in gaps, lost or not.
        gap_lost: Packets lost in gaps.
        received_runs: Times that a loss followed a received packet.
        received: Received packets that another packet followed.
        lost_runs: Times that a received packet followed a loss.
        lost: Lost packets that another packet followed.
    """

    bursts: int = 0
    burst_packets: int = 0
    burst_lost: int = 0
    gaps: int = 0
    gap_packets: int = 0
    gap_lost: int = 0
    received_runs: int = 0
    received: int = 0
    lost_runs: int = 0
    lost: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(a + b for a, b in zip(_values(self), _values(other), strict=True)))

    def __sub__(self, other: Tally) -> Tally:
        return Tally(*(a - b for a, b in zip(_values(self), _values(other), strict=True)))

    def burst_gap(self, packet_duration: float | None = None, gmin: int = GMIN) -> BurstGap:
        """Return the metrics that these counts make.

        Args:
            packet_duration: Seconds of sound in a packet; durations are None without.
            gmin: The Gmin that was counted with.

        Example:
            >>> Tally(bursts=1, burst_packets=10, burst_lost=5).burst_gap(0.02).burst_duration
            0.2
        """
        return BurstGap(
            burst_density=_share(self.burst_lost, self.burst_packets),
            gap_density=_share(self.gap_lost, self.gap_packets),
            burst_duration=_mean(self.burst_packets, self.bursts, packet_duration),
            gap_duration=_mean(self.gap_packets, self.gaps, packet_duration),
            gmin=gmin,
            burst_r=self._burst_r(),
            tally=self,
        )

    def _burst_r(self) -> float:
        p = _share(self.received_runs, self.received)
        q = _share(self.lost_runs, self.lost)
        return max(1.0, 1.0 / (p + q)) if p + q else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BurstGap:
    """How losses clump together. A field is None where its source does not tell.

    Args:
        burst_density: Share of packets lost within bursts, 0 to 1; 0 without bursts.
        gap_density: Share of packets lost within gaps, 0 to 1; 0 without gaps.
        burst_duration: Mean duration of a burst, seconds; 0 without bursts.
        gap_duration: Mean duration of a gap, seconds; 0 without gaps.
        gmin: Consecutive packets received that end a burst.
        burst_r: The E-model's burst ratio, at least 1: how much longer losses run than they would
            by chance.
        tally: The counts behind the metrics.

    Source: RFC 3611 clause 4.7.2; ITU-T G.107 (06/2015) clause 7.5 for the burst ratio.
    """

    burst_density: float | None = None
    gap_density: float | None = None
    burst_duration: float | None = None
    gap_duration: float | None = None
    gmin: int | None = None
    burst_r: float | None = None
    tally: Tally | None = None


class BurstMeter:
    """Follow one stream, packet by packet or run by run, in constant memory.

    Args:
        gmin: Consecutive packets received that end a burst, 1 to 255.

    Raises:
        ValueError: `gmin` is no number from 1 to 255.

    Example:
        >>> meter = BurstMeter()
        >>> for arrived in "1" * 40 + "0010" + "1" * 40:
        ...     meter.received() if arrived == "1" else meter.lost()
        >>> metrics = meter.tally().burst_gap(packet_duration=0.02)
        >>> metrics.burst_density, metrics.burst_duration
        (0.75, 0.08)
    """

    __slots__ = (
        "_closed",
        "_gap",
        "_gmin",
        "_last_lost",
        "_length",
        "_losses",
        "_lost",
        "_lost_runs",
        "_received",
        "_received_runs",
        "_run",
    )

    def __init__(self, gmin: int = GMIN) -> None:
        self._gmin = int(require("gmin", gmin, 1, 255))
        self._closed = Tally()
        # The run that may turn out a burst, from its first loss to its last.
        self._length = 0
        self._losses = 0
        # Packets received since the last loss, and packets of the gap before the run.
        self._run = 0
        self._gap = 0
        # For the burst ratio: what came before, and how often which followed which.
        self._last_lost: bool | None = None
        self._received_runs = 0
        self._received = 0
        self._lost_runs = 0
        self._lost = 0

    def received(self, count: int = 1) -> None:
        """Take note of packets that arrived one after the other.

        Args:
            count: How many, at least 1.
        """
        if self._last_lost:
            self._lost_runs += 1
            self._lost += 1
        self._received += count if self._last_lost is False else count - 1
        self._last_lost = False
        self._run += count

    def lost(self, count: int = 1) -> None:
        """Take note of packets that were lost one after the other.

        Args:
            count: How many, at least 1.
        """
        if self._last_lost is False:
            self._received_runs += 1
            self._received += 1
        self._lost += count if self._last_lost else count - 1
        self._last_lost = True
        if self._losses and self._run < self._gmin:
            self._length += self._run
        else:
            settled, self._gap = self._settled()
            self._closed += settled
            self._length = self._losses = 0
        self._run = 0
        self._length += count
        self._losses += count

    def tally(self, *, final: bool = True) -> Tally:
        """Return the counts so far.

        Args:
            final: Whether the stream ends here. Otherwise the losses that may still grow into a
                burst, and what has arrived since, wait for the next time; such counts never fall,
                so that the difference of two makes an interval.
        """
        counts = self._closed + Tally(
            received_runs=self._received_runs,
            received=self._received,
            lost_runs=self._lost_runs,
            lost=self._lost,
        )
        if not final:
            return counts
        settled, gap = self._settled()
        return counts + settled + Tally(gaps=int(gap > 0))

    def _settled(self) -> tuple[Tally, int]:
        """Return what the open run of losses turns out to be, and the length of the gap behind."""
        if self._losses > 1:
            burst = Tally(
                bursts=1,
                burst_packets=self._length,
                burst_lost=self._losses,
                gaps=int(self._gap > 0),
                gap_packets=self._run,
            )
            return burst, self._run
        more = self._length + self._run
        return Tally(gap_packets=more, gap_lost=self._losses), self._gap + more


def _values(tally: Tally) -> list[int]:
    return [getattr(tally, field.name) for field in fields(tally)]


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _mean(packets: int, stretches: int, packet_duration: float | None) -> float | None:
    # Packets of a stretch that has not ended yet say nothing of how long it will be.
    if packet_duration is None or (packets and not stretches):
        return None
    return packets * packet_duration / stretches if stretches else 0.0
