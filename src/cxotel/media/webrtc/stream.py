"""An audio stream as `getStats()` knows it at one time: counters that grow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cxotel.media.quality import Direction


@dataclass(frozen=True, slots=True)
class Total:
    """A sum and how many values it is of; their mean is that of any stretch between two.

    Args:
        total: The sum.
        count: How many.
        latest: The newest of the values.
    """

    total: float | None = None
    count: float | None = None
    latest: float | None = None

    def mean_since(self, before: Total | None) -> float | None:
        """Return the mean of what came since.

        Args:
            before: The same before; None for all of it.

        Returns:
            The mean; the newest value where the source does not sum up; None where nothing came.
        """
        if self.total is None or self.count is None:
            return self.latest or None
        earlier = before or Total(0.0, 0.0)
        count = self.count - (earlier.count or 0.0)
        total = self.total - (earlier.total or 0.0)
        # Whatever is counted, a part of one is none.
        return total / count if count >= 1 and total >= 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One audio stream. Counters are since its begin; what is not told is None.

    Args:
        key: What it is known by from snapshot to snapshot.
        direction: Whether its sound comes here or goes from here.
        time: When it was told, seconds; for an outbound one when the other end's report came.
        snapshot_time: When the snapshot was taken, seconds.
        ssrc: RTP's id of it.
        codec: Encoding name as in SDP.
        clock_rate: Units of the RTP timestamp a second.
        packets: Packets that arrived.
        lost: Packets that did not; below 0 with duplicates.
        discarded: Packets that the jitter buffer discarded.
        sent: Packets sent.
        loss: Share of packets lost of late, where the source tells it itself.
        jitter: Interarrival jitter, seconds.
        samples: Samples played, and of them those made up.
        buffer: Seconds that samples spent in the jitter buffer.
        playout: Seconds that samples took to be played.
        round_trip: Round trips by RTCP, seconds.
        pair: Id of the candidate pair that carries it.
        pair_round_trip: Round trips by STUN, seconds.
        duration: Length of what was played, seconds.
        problems: What could not be read.
    """

    key: str
    direction: Direction
    time: float | None = None
    snapshot_time: float | None = None
    ssrc: int | None = None
    codec: str | None = None
    clock_rate: int | None = None
    packets: int | None = None
    lost: int | None = None
    discarded: int | None = None
    sent: int | None = None
    loss: float | None = None
    jitter: float | None = None
    samples: Total = Total()
    buffer: Total = Total()
    playout: Total = Total()
    round_trip: Total = Total()
    pair: str | None = None
    pair_round_trip: Total = Total()
    duration: float | None = None
    problems: tuple[str, ...] = ()
