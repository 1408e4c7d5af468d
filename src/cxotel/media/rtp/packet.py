"""The header of an RTP packet, RFC 3550 clause 5.1, and what payload types stand for."""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from typing import Final

from cxotel.media.emodel.limits import require
from cxotel.media.errors import MalformedError

_FIXED: Final = Struct("!BBHII")
_RTCP_TYPES: Final = range(192, 224)


@dataclass(frozen=True, slots=True)
class RtpPacket:
    """The part of an RTP header that quality is measured from.

    Args:
        ssrc: The stream's source.
        sequence: Sequence number, 16 bits.
        timestamp: Sampling instant in units of the payload's clock, 32 bits.
        payload_type: 0 to 127.
        marker: For audio: the first packet after silence.
        payload_size: Bytes of payload, without header and, where it is not encrypted, padding.
    """

    ssrc: int
    sequence: int
    timestamp: int
    payload_type: int
    marker: bool
    payload_size: int


@dataclass(frozen=True, slots=True)
class Payload:
    """What a payload type carries.

    Args:
        codec: Encoding name as in SDP.
        clock_rate: Units of the RTP timestamp a second. G.722's is 8000 though it samples at
            16000 (RFC 3551 clause 4.5.2), and Opus's is always 48000 (RFC 7587).

    Raises:
        ValueError: The clock rate is no number from 1 to 10 million.
    """

    codec: str
    clock_rate: int

    def __post_init__(self) -> None:
        require("clock_rate", self.clock_rate, 1, 10_000_000)

    @property
    def sound(self) -> bool:
        """Whether it is sound: a telephone event's timestamp stands still while it lasts."""
        return self.codec.lower() != "telephone-event"


STATIC_PAYLOADS: Final[dict[int, Payload]] = {
    0: Payload("PCMU", 8000),
    3: Payload("GSM", 8000),
    4: Payload("G723", 8000),
    5: Payload("DVI4", 8000),
    6: Payload("DVI4", 16000),
    7: Payload("LPC", 8000),
    8: Payload("PCMA", 8000),
    9: Payload("G722", 8000),
    10: Payload("L16", 44100),
    11: Payload("L16", 44100),
    12: Payload("QCELP", 8000),
    13: Payload("CN", 8000),
    15: Payload("G728", 8000),
    16: Payload("DVI4", 11025),
    17: Payload("DVI4", 22050),
    18: Payload("G729", 8000),
}
"""The audio payload types that need no SDP, RFC 3551 table 4."""


def rtpmap(value: str) -> tuple[int, Payload]:
    """Read what an SDP `rtpmap` attribute says.

    Args:
        value: The attribute's value, with or without `a=rtpmap:` before it.

    Returns:
        The payload type and what it carries.

    Raises:
        MalformedError: It is no such attribute.

    Example:
        >>> rtpmap("a=rtpmap:111 opus/48000/2")
        (111, Payload(codec='opus', clock_rate=48000))

    Source: RFC 8866 clause 6.6.
    """
    number, _, encoding = value.strip().removeprefix("a=rtpmap:").partition(" ")
    codec, _, clock = encoding.strip().partition("/")
    clock = clock.partition("/")[0]
    plain = all(text.isascii() and text.isdigit() and len(text) < 9 for text in (number, clock))
    if not plain or not codec or int(number) > 127 or not 0 < int(clock) <= 10_000_000:
        raise MalformedError(f"SDP: no rtpmap: {value[:60]!r}")
    return int(number), Payload(codec, int(clock))


def is_rtcp(data: bytes) -> bool:
    """Tell RTCP from RTP where both use one port.

    Args:
        data: A datagram.

    Example:
        >>> is_rtcp(bytes.fromhex("81c90007"))
        True

    Source: RFC 5761 clause 4.
    """
    return len(data) > 1 and data[0] >> 6 == 2 and data[1] in _RTCP_TYPES


def parse(data: bytes) -> RtpPacket:
    """Read the header of an RTP packet.

    SRTP is read as well: its header is in the clear. How much padding it has is not, so that a
    count of padding that cannot be is no reason to refuse a packet.

    Args:
        data: A datagram.

    Raises:
        MalformedError: It is no RTP packet.

    Example:
        >>> parse(bytes.fromhex("8000d2140000a0002468abcd") + bytes(160)).payload_size
        160

    Source: RFC 3550 clause 5.1; RFC 3711 clause 3.1.
    """
    if len(data) < 12:
        raise MalformedError(f"RTP: {len(data)} bytes are no header")
    flags, kind, sequence, timestamp, ssrc = _FIXED.unpack_from(data)
    if flags >> 6 != 2:
        raise MalformedError(f"RTP: version {flags >> 6}, not 2")
    if kind in _RTCP_TYPES:
        raise MalformedError("RTP: this is RTCP")
    size = len(data) - _header_size(data, flags)
    if size < 0:
        raise MalformedError("RTP: the header is longer than the packet")
    if flags & 0x20 and size:
        size -= data[-1] if data[-1] <= size else 0
    return RtpPacket(ssrc, sequence, timestamp, kind & 0x7F, kind > 127, size)


def _header_size(data: bytes, flags: int) -> int:
    size = 12 + 4 * (flags & 0x0F)
    if flags & 0x10:
        # A missing length reads as 0, and the packet is found too short.
        size += 4 + 4 * int.from_bytes(data[size + 2 : size + 4], "big")
    return size
