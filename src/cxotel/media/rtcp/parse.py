"""From the bytes of an RTCP datagram to its packets."""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from typing import TYPE_CHECKING, Final

from cxotel.media.errors import MalformedError
from cxotel.media.rtcp.packet import (
    ExtendedReport,
    Goodbye,
    OtherPacket,
    ReceiverReport,
    ReportBlock,
    SenderReport,
    SourceDescription,
)
from cxotel.media.rtcp.xr import xr_blocks

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.media.rtcp.packet import RtcpPacket

MAX_DATAGRAM: Final = 65_535
"""More than this is no datagram."""

_HEADER: Final = Struct("!BBH")
_SENDER: Final = Struct("!IQIII")
_BLOCK: Final = Struct("!IB3sIIII")
_ID: Final = Struct("!I")


@dataclass(frozen=True, slots=True)
class Compound:
    """The packets of one datagram.

    Args:
        packets: What could be read, in its order.
        problem: Why the rest could not; None where all was read.
    """

    packets: tuple[RtcpPacket, ...]
    problem: str | None = None


def parse(data: bytes) -> Compound:
    """Read an RTCP datagram, compound or reduced-size.

    Args:
        data: The datagram, in the clear: the reports of SRTCP are encrypted.

    Returns:
        Its packets. Where it is damaged, those before the damage and what is wrong.

    Raises:
        MalformedError: Not even the first packet can be read.

    Example:
        >>> data = bytes.fromhex("81c90007112233442468abcd00fffffe000001f4000000080000000000000000")
        >>> parse(data).packets[0].reports[0].cumulative_lost
        -2

    Source: RFC 3550 clause 6 and Appendix A.2; RFC 5506 for datagrams without a report.
    """
    if len(data) > MAX_DATAGRAM:
        raise MalformedError(f"RTCP: {len(data)} bytes are no datagram")
    packets: list[RtcpPacket] = []
    at = 0
    while at < len(data) or not packets:
        try:
            packet, at = _packet(data, at)
        except MalformedError as error:
            if not packets:
                raise
            return Compound(tuple(packets), str(error))
        packets.append(packet)
    return Compound(tuple(packets))


def _packet(data: bytes, at: int) -> tuple[RtcpPacket, int]:
    if len(data) - at < 4:
        raise MalformedError(f"RTCP: {len(data) - at} bytes are no header")
    flags, kind, words = _HEADER.unpack_from(data, at)
    if flags >> 6 != 2:
        raise MalformedError(f"RTCP: version {flags >> 6}, not 2")
    if not 192 <= kind <= 223:
        raise MalformedError(f"RTCP: {kind} is no packet type")
    end = at + 4 + 4 * words
    if end > len(data):
        raise MalformedError("RTCP: a packet is longer than the datagram")
    body = data[at + 4 : end]
    if flags & 0x20:
        body = _unpadded(body)
    read = _READERS.get(kind)
    return (read(body, flags & 0x1F) if read else OtherPacket(kind)), end


def _unpadded(body: bytes) -> bytes:
    if not body or not 0 < body[-1] <= len(body):
        raise MalformedError("RTCP: the padding is longer than the packet")
    return body[: -body[-1]]


def _fits(body: bytes, size: int, what: str) -> None:
    if len(body) < size:
        raise MalformedError(f"RTCP: a {what} is cut off")


def _reports(body: bytes, at: int, count: int) -> tuple[ReportBlock, ...]:
    _fits(body, at + 24 * count, "report block")
    return tuple(_report(body, at + 24 * index) for index in range(count))


def _report(body: bytes, at: int) -> ReportBlock:
    ssrc, fraction, lost, highest, jitter, lsr, dlsr = _BLOCK.unpack_from(body, at)
    signed = int.from_bytes(lost, "big", signed=True)
    return ReportBlock(ssrc, fraction, signed, highest, jitter, lsr, dlsr)


def _sender_report(body: bytes, count: int) -> SenderReport:
    _fits(body, 24, "sender report")
    ssrc, ntp, timestamp, packets, octets = _SENDER.unpack_from(body)
    return SenderReport(ssrc, ntp, timestamp, packets, octets, _reports(body, 24, count))


def _receiver_report(body: bytes, count: int) -> ReceiverReport:
    _fits(body, 4, "receiver report")
    return ReceiverReport(_ID.unpack_from(body)[0], _reports(body, 4, count))


def _source_description(body: bytes, count: int) -> SourceDescription:
    chunks: list[tuple[int, tuple[tuple[int, str], ...]]] = []
    at = 0
    for _ in range(count):
        _fits(body, at + 5, "source description")
        items, end = _items(body, at + 4)
        chunks.append((_ID.unpack_from(body, at)[0], items))
        at = end
    return SourceDescription(tuple(chunks))


def _items(body: bytes, at: int) -> tuple[tuple[tuple[int, str], ...], int]:
    """Read the items of one chunk, which a zero ends, and find the next multiple of four."""
    items: list[tuple[int, str]] = []
    while at < len(body) and body[at]:
        _fits(body, at + 2, "source description")
        end = at + 2 + body[at + 1]
        _fits(body, end, "source description")
        items.append((body[at], body[at + 2 : end].decode("utf-8", "replace")))
        at = end
    return tuple(items), at + 4 - at % 4


def _goodbye(body: bytes, count: int) -> Goodbye:
    _fits(body, 4 * count, "goodbye")
    ssrcs = tuple(_ID.unpack_from(body, 4 * index)[0] for index in range(count))
    rest = body[4 * count :]
    if not rest:
        return Goodbye(ssrcs)
    _fits(rest, 1 + rest[0], "goodbye")
    return Goodbye(ssrcs, rest[1 : 1 + rest[0]].decode("utf-8", "replace"))


def _extended_report(body: bytes, _count: int) -> ExtendedReport:
    _fits(body, 4, "extended report")
    return ExtendedReport(_ID.unpack_from(body)[0], xr_blocks(body, 4))


_READERS: dict[int, Callable[[bytes, int], RtcpPacket]] = {
    200: _sender_report,
    201: _receiver_report,
    202: _source_description,
    203: _goodbye,
    207: _extended_report,
}
