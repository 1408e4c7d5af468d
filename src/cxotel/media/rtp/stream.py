"""What one RTP stream shows of its quality, packet by packet, in constant memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cxotel.media.emodel.limits import require
from cxotel.media.quality import MediaQuality, ratio
from cxotel.media.rtp.burst import GMIN, Tally
from cxotel.media.rtp.jitter import JitterMeter
from cxotel.media.rtp.packet import STATIC_PAYLOADS, Payload
from cxotel.media.rtp.sequence import SequenceMeter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxotel.media.quality import Direction
    from cxotel.media.rtp.packet import RtpPacket

_BESIDE: Final = frozenset(("CN", "telephone-event"))
_NOTHING: Final = Tally()


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where the last interval ended."""

    arrival: float | None = None
    packets: int = 0
    lost: int = 0
    duplicates: int = 0
    reordered: int = 0
    jitter_total: float = 0.0
    jitter_count: int = 0
    tally: Tally = _NOTHING


class RtpStream:
    """Measure one stream: the packets of one source.

    Memory does not grow with the stream. Telephone events are counted as packets and left out of
    the jitter, for their timestamp stands still.

    Args:
        ssrc: The source.
        payloads: What payload types mean, from SDP; the static ones are known.
        gmin: Consecutive packets received that end a burst.

    Example:
        >>> from cxotel.media.rtp.packet import RtpPacket
        >>> stream = RtpStream(0x2468ABCD)
        >>> for number in (1, 2, 4):
        ...     stream.add(RtpPacket(0x2468ABCD, number, 160 * number, 0, False, 160), number / 50)
        >>> record = stream.quality()
        >>> record.codec, record.packets, record.lost, record.loss
        ('PCMU', 3, 1, 0.25)

    Source: RFC 3550 clause 6.4.1, Appendices A.1, A.3 and A.8; RFC 3611 clause 4.7.2.
    """

    __slots__ = (
        "_counts",
        "_first",
        "_head_timestamp",
        "_jitter",
        "_last",
        "_mark",
        "_payloads",
        "_sequence",
        "_step",
        "_trusted_step",
        "gmin",
        "ssrc",
    )

    def __init__(
        self, ssrc: int, payloads: Mapping[int, Payload] | None = None, *, gmin: int = GMIN
    ) -> None:
        self.ssrc = ssrc
        self.gmin = gmin
        self._payloads = {**STATIC_PAYLOADS, **(payloads or {})}
        self._sequence = SequenceMeter(gmin)
        self._jitter = JitterMeter()
        # Packets by payload type: there are 128.
        self._counts: dict[int, int] = {}
        self._first: float | None = None
        self._last: float | None = None
        self._mark = _Mark()
        # Timestamp units between consecutive packets, believed once seen twice in a row.
        self._head_timestamp = 0
        self._step: int = 0
        self._trusted_step = 0

    def add(self, packet: RtpPacket, arrival: float) -> None:
        """Take note of one packet.

        Args:
            packet: Its header.
            arrival: When it arrived, seconds: since 1970, or on a steady clock.

        Raises:
            ValueError: The time of arrival is no finite number.
        """
        require("arrival", arrival, -1e12, 1e12)
        if self._last is None:
            self._first = self._last = arrival
            self._mark = _Mark(arrival)
        self._last = max(self._last, arrival)
        ahead = self._sequence.add(packet.sequence)
        if ahead is None:
            return
        kind = packet.payload_type
        self._counts[kind] = self._counts.get(kind, 0) + 1
        payload = self._payloads.get(kind)
        if payload is None or not payload.sound:
            return
        if ahead == 0:
            self._jitter.restart()
        self._jitter.add(packet.timestamp, arrival, payload.clock_rate, marker=packet.marker)
        if ahead >= 0:
            self._see_step(packet.timestamp, ahead)

    @property
    def jitter(self) -> float | None:
        """The jitter as RTCP would report it now, seconds; None where it is unknown."""
        return self._jitter.jitter if self._jitter.count else None

    @property
    def cumulative_lost(self) -> int:
        """The loss as RTCP would report it now; duplicates make it negative."""
        return self._sequence.cumulative_lost

    @property
    def highest_sequence(self) -> int:
        """The newest sequence number with its wraps, as RTCP would report it."""
        return self._sequence.highest

    @property
    def packet_duration(self) -> float | None:
        """Seconds of sound in a packet; None until it is known."""
        payload = self._payload()
        return (
            None
            if payload is None or not self._trusted_step
            else self._trusted_step / payload.clock_rate
        )

    def quality(self, *, direction: Direction | None = "inbound") -> MediaQuality:
        """Return the record of everything since the stream began.

        Args:
            direction: The way that the stream goes, seen from the measuring party.
        """
        sequence, jitter = self._sequence, self._jitter
        return self._record(
            direction,
            _Mark(self._first),
            _Mark(
                self._last,
                sequence.packets,
                sequence.lost,
                sequence.duplicates,
                sequence.reordered,
                jitter.total,
                jitter.count,
                sequence.tally(),
            ),
            jitter.maximum,
        )

    def interval(
        self, *, direction: Direction | None = "inbound", final: bool = False
    ) -> MediaQuality:
        """Return the record of what was decided since the last interval ended, and end one.

        A hole in the newest 100 packets may still be reordering: those packets are part of a
        later interval. The intervals of a stream, the last one final, add up to its `quality`.

        Args:
            direction: The way that the stream goes, seen from the measuring party.
            final: Whether the stream ends here, and nothing can be late any more.
        """
        sequence, jitter, before = self._sequence, self._jitter, self._mark
        decided = sequence.decided - sequence.decided_lost
        self._mark = now = _Mark(
            self._last,
            sequence.packets if final else decided,
            sequence.lost if final else sequence.decided_lost,
            sequence.duplicates,
            sequence.reordered,
            jitter.total,
            jitter.count,
            sequence.tally(final=final),
        )
        peak, jitter.peak = jitter.peak, 0.0
        return self._record(direction, before, now, peak)

    def _record(
        self, direction: Direction | None, before: _Mark, now: _Mark, peak: float
    ) -> MediaQuality:
        payload = self._payload()
        packets, lost = now.packets - before.packets, now.lost - before.lost
        compared = now.jitter_count - before.jitter_count
        step = self.packet_duration
        return MediaQuality(
            source="rtp",
            leg=f"{self.ssrc:08x}",
            direction=direction,
            measured_at="local",
            codec=payload.codec if payload else None,
            clock_rate=payload.clock_rate if payload else None,
            start=before.arrival,
            duration=_between(before.arrival, now.arrival),
            talk_duration=None if step is None else (packets + lost) * step,
            packets=packets,
            lost=lost,
            duplicates=now.duplicates - before.duplicates,
            reordered=now.reordered - before.reordered,
            loss=ratio(lost, packets + lost),
            burst=(now.tally - before.tally).burst_gap(step, self.gmin) if packets + lost else None,
            jitter=(now.jitter_total - before.jitter_total) / compared if compared else None,
            jitter_max=peak if compared else None,
            jitter_samples=compared,
        )

    def _payload(self) -> Payload | None:
        """Return what most packets carry; comfort noise and events only if nothing else came."""
        known = [kind for kind in self._counts if kind in self._payloads]
        speech = [kind for kind in known if self._payloads[kind].codec not in _BESIDE]
        if not known:
            return None
        return self._payloads[max(speech or known, key=lambda kind: self._counts[kind])]

    def _see_step(self, timestamp: int, ahead: int) -> None:
        step = (timestamp - self._head_timestamp) & 0xFFFFFFFF
        self._head_timestamp = timestamp
        # A longer step is a pause, or holes.
        if ahead == 1 and 0 < step < 0x80000000:
            if step == self._step:
                self._trusted_step = step
            self._step = step


def _between(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else max(0.0, end - start)
