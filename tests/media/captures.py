"""RTP of real calls, from capture files of IPv4 and UDP without link header."""

from __future__ import annotations

from struct import unpack_from
from typing import TYPE_CHECKING

from tests.media.vectors import VECTORS

if TYPE_CHECKING:
    from collections.abc import Iterator


def datagrams(name: str) -> Iterator[tuple[float, bytes]]:
    """Read the time and the UDP payload of each packet of a classic pcap file."""
    data = (VECTORS / "pcap" / name).read_bytes()
    at = 24
    while at < len(data):
        seconds, micros, size, _ = unpack_from("<IIII", data, at)
        ip = data[at + 16 : at + 16 + size]
        yield seconds + micros / 1e6, ip[(ip[0] & 15) * 4 + 8 :]
        at += 16 + size


def rtp(
    sequence: int,
    timestamp: int = 0,
    *,
    kind: int = 0,
    ssrc: int = 0x2468ABCD,
    marker: bool = False,
    size: int = 160,
) -> bytes:
    """Make an RTP packet."""
    header = bytes((0x80, kind | marker << 7)) + (sequence & 0xFFFF).to_bytes(2, "big")
    return header + (timestamp % 2**32).to_bytes(4, "big") + ssrc.to_bytes(4, "big") + bytes(size)
