"""The RTP streams among the datagrams of a capture: found by how they look, named by SDP."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final, NamedTuple

from cxotel.media.errors import MalformedError
from cxotel.media.rtp import Payload, RtpStream, parse
from cxotel.media.rtp.packet import STATIC_PAYLOADS

if TYPE_CHECKING:
    from cxotel.media.files.network import Datagram, Endpoint
    from cxotel.media.files.sdp import Media
    from cxotel.media.rtp import RtpPacket

PROBATION: Final = 5
"""How many packets with near numbers it takes to believe that it is RTP, without SDP."""

ANNOUNCED_PROBATION: Final = 2
"""How many it takes where SDP announced it (RFC 3550 Appendix A.1)."""

MAX_STREAMS: Final = 4096
MAX_CANDIDATES: Final = 4096
MAX_ANNOUNCED: Final = 4096

_NEAR: Final = 64
"""How far the number of a packet may be from the one before while a stream is on probation."""

_MOST: Final = 32
"""How many packets may wait: many with few numbers are no stream."""

_VIDEO: Final = frozenset((25, 26, 28, 31, 32, 33, 34))
_DYNAMIC: Final = frozenset((*range(35, 64), *range(96, 128)))
_FRAME_SHARE: Final = 0.2


class Key(NamedTuple):
    """What tells streams apart.

    Args:
        origin: Who sends it.
        target: Who it is sent to.
        ssrc: RTP's id of it.
    """

    origin: Endpoint
    target: Endpoint
    ssrc: int


class Followed:
    """A stream that is believed to be one.

    Args:
        key: What it is known by.
        payloads: What its payload types mean.
        video: Whether SDP announced it as video.
    """

    __slots__ = (
        "_timestamp",
        "frames",
        "key",
        "kind",
        "packets",
        "payloads",
        "sounded",
        "stream",
        "video",
    )

    def __init__(self, key: Key, payloads: dict[int, Payload], *, video: bool = False) -> None:
        self.key = key
        self.video = video
        self.payloads = payloads
        self.stream = RtpStream(key.ssrc, payloads)
        self.kind = 0
        """The payload type of the newest packet."""
        self.packets = 0
        self.frames = 0
        """Packets with the timestamp of the one before: parts of one picture, if not padding."""
        self.sounded = False
        """Whether there was anything but key presses."""
        self._timestamp = -1

    def add(self, packet: RtpPacket, time: float, *, padded: bool = False) -> None:
        """Take note of a packet.

        Args:
            packet: The packet.
            time: When it was captured, seconds.
            padded: Whether it has padding, as those by which browsers probe the network.
        """
        self.packets += 1
        self.frames += packet.timestamp == self._timestamp and not padded
        self._timestamp = packet.timestamp
        self.kind = packet.payload_type
        payload = self.payloads.get(self.kind)
        self.sounded = self.sounded or payload is None or payload.sound
        self.stream.add(packet, time)

    @property
    def pictures(self) -> bool:
        """Whether it looks like video: pictures take several packets, sound takes one."""
        known = self.payloads.get(self.kind) or STATIC_PAYLOADS.get(self.kind)
        guessed = self.kind in _VIDEO or self.frames > self.packets * _FRAME_SHARE
        return self.video or (guessed and known is None)

    @property
    def keys(self) -> bool:
        """Whether all of it is key presses (RFC 4733)."""
        payload = self.payloads.get(self.kind)
        return payload is not None and not payload.sound and not self.sounded


class StreamFinder:
    """Find streams and follow them, in bounded memory.

    Args:
        unnamed: What dynamic payload types mean that no SDP names.
    """

    def __init__(self, unnamed: Payload | None = None) -> None:
        self._unnamed = unnamed
        self._followed: dict[Key, Followed] = {}
        self._candidates: OrderedDict[Key, list[tuple[RtpPacket, float]]] = OrderedDict()
        self._announced: OrderedDict[Endpoint, Media] = OrderedDict()
        self._named: dict[int, set[Payload]] = {}
        self._video: set[int] = set()
        self.left_out = 0
        """Packets of streams beyond the limit."""

    @property
    def streams(self) -> tuple[Followed, ...]:
        """The streams, in the order in which they began."""
        return tuple(self._followed.values())

    def announce(self, media: Media) -> None:
        """Take note of what SDP announces.

        Args:
            media: What it announces.
        """
        self._announced[media.endpoint] = media
        if len(self._announced) > MAX_ANNOUNCED:
            self._announced.popitem(last=False)
        if media.kind == "video":
            self._video |= media.payloads.keys()
            return
        for number, payload in media.payloads.items():
            self._named.setdefault(number, set()).add(payload)

    def add(self, datagram: Datagram, time: float) -> None:
        """Look at a datagram.

        Args:
            datagram: The datagram.
            time: When it was captured, seconds.
        """
        try:
            packet = parse(datagram.payload)
        except MalformedError:
            return
        key = Key(datagram.origin, datagram.target, packet.ssrc)
        followed = self._followed.get(key)
        if followed is not None:
            followed.add(packet, time, padded=bool(datagram.payload[0] & 0x20))
        else:
            self._try(key, packet, time)

    def _try(self, key: Key, packet: RtpPacket, time: float) -> None:
        waiting = self._candidates.pop(key, [])
        if len(waiting) == _MOST or (waiting and not _is_near(packet, waiting[-1][0])):
            waiting = []
        waiting.append((packet, time))
        needed = ANNOUNCED_PROBATION if key.target in self._announced else PROBATION
        # What is captured at two interfaces comes twice.
        if len({each.sequence for each, _ in waiting}) < needed:
            self._candidates[key] = waiting
            if len(self._candidates) > MAX_CANDIDATES:
                self._candidates.popitem(last=False)
        elif len(self._followed) >= MAX_STREAMS:
            self.left_out += len(waiting)
        else:
            self._follow(key, waiting)

    def _follow(self, key: Key, waiting: list[tuple[RtpPacket, float]]) -> None:
        kind = waiting[-1][0].payload_type
        payloads = self._payloads(key, kind)
        followed = Followed(key, payloads, video=self._is_video(key, kind, payloads))
        self._followed[key] = followed
        for packet, time in waiting:
            followed.add(packet, time)

    def _payloads(self, key: Key, kind: int) -> dict[int, Payload]:
        """Return what payload types mean: as the receiver said, else as everybody said.

        Behind address translation the addresses in SDP are not those of the packets.
        """
        agreed = {number: next(iter(of)) for number, of in self._named.items() if len(of) == 1}
        for endpoint in (key.origin, key.target):
            media = self._announced.get(endpoint)
            agreed |= {} if media is None or media.kind == "video" else media.payloads
        if self._unnamed is not None and kind in _DYNAMIC and kind not in agreed:
            agreed[kind] = self._unnamed
        return agreed

    def _is_video(self, key: Key, kind: int, payloads: dict[int, Payload]) -> bool:
        media = self._announced.get(key.target) or self._announced.get(key.origin)
        if media is not None:
            return media.kind == "video"
        return kind in self._video and kind not in payloads


def _is_near(packet: RtpPacket, before: RtpPacket) -> bool:
    """Tell whether two packets may be of one stream, perhaps in disorder."""
    step = (packet.sequence - before.sequence + _NEAR) & 0xFFFF
    return step <= 2 * _NEAR and packet.payload_size > 0
