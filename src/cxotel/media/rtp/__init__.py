"""What an RTP receiver can tell of the streams that reach it, packet by packet.

One receiver serves one pair of addresses and ports: the same source id may appear on both ways of
a call, or on both sides of a relay.

Example:
    >>> receiver = RtpReceiver(payloads=dict([rtpmap("111 opus/48000/2")]))
    >>> for number in (7, 8, 10):
    ...     datagram = bytes((128, 111, 0, number)) + bytes(8) + b"sound"
    ...     stream = receiver.feed(datagram, arrival=number / 50)
    >>> (record,) = receiver.records()
    >>> record.codec, record.packets, record.lost
    ('opus', 3, 1)
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from cxotel.media.emodel.limits import require
from cxotel.media.rtp.burst import GMIN
from cxotel.media.rtp.packet import Payload, RtpPacket, is_rtcp, parse, rtpmap
from cxotel.media.rtp.stream import RtpStream

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxotel.media.quality import Direction, MediaQuality

MAX_STREAMS: Final = 32
"""How many streams one receiver follows unless told otherwise."""


class RtpReceiver:
    """Measure all streams that arrive at one port from one address.

    A source that changes its id becomes a new stream. Streams beyond the limit take the place of
    the one that has been silent longest.

    Args:
        payloads: What payload types mean, from SDP (see `rtpmap`); the static ones are known.
        max_streams: How many streams to follow, at least 1.
        gmin: Consecutive packets received that end a burst.

    Raises:
        ValueError: `max_streams` is less than 1.

    Example:
        >>> receiver = RtpReceiver()
        >>> datagram = bytes.fromhex("8000d2140000a0002468abcd") + bytes(160)
        >>> receiver.feed(datagram, arrival=0.0).quality().leg
        '2468abcd'
    """

    def __init__(
        self,
        payloads: Mapping[int, Payload] | None = None,
        *,
        max_streams: int = MAX_STREAMS,
        gmin: int = GMIN,
    ) -> None:
        self._payloads = dict(payloads or {})
        self._max_streams = int(require("max_streams", max_streams, 1, 1e6))
        self._gmin = gmin
        self._streams: OrderedDict[int, RtpStream] = OrderedDict()
        self.dropped = 0
        """Streams given up because there were too many."""

    @property
    def streams(self) -> tuple[RtpStream, ...]:
        """The streams that are followed, the one heard last at the end."""
        return tuple(self._streams.values())

    def feed(self, data: bytes, arrival: float) -> RtpStream:
        """Take note of one datagram.

        Args:
            data: The datagram.
            arrival: When it arrived, seconds.

        Returns:
            The stream that it belongs to.

        Raises:
            MalformedError: It is no RTP packet.
            ValueError: The time of arrival is no finite number.
        """
        packet = parse(data)
        stream = self._streams.get(packet.ssrc)
        if stream is None:
            stream = self._open(packet.ssrc)
        else:
            self._streams.move_to_end(packet.ssrc)
        stream.add(packet, arrival)
        return stream

    def records(self, *, direction: Direction | None = "inbound") -> tuple[MediaQuality, ...]:
        """Return a record for each stream since it began.

        Args:
            direction: The way that the streams go, seen from the measuring party.
        """
        return tuple(stream.quality(direction=direction) for stream in self._streams.values())

    def _open(self, ssrc: int) -> RtpStream:
        if len(self._streams) >= self._max_streams:
            self._streams.popitem(last=False)
            self.dropped += 1
        stream = RtpStream(ssrc, self._payloads, gmin=self._gmin)
        self._streams[ssrc] = stream
        return stream


__all__ = [
    "MAX_STREAMS",
    "Payload",
    "RtpPacket",
    "RtpReceiver",
    "RtpStream",
    "is_rtcp",
    "parse",
    "rtpmap",
]
