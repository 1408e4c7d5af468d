"""Captures made by hand: packets with any link layer, in pcap and pcapng."""

from __future__ import annotations

import io
import struct
from ipaddress import ip_address
from typing import TYPE_CHECKING

from tests.media.captures import rtp

if TYPE_CHECKING:
    from collections.abc import Iterable

ALICE = ("192.0.2.1", 4000)
BOB = ("192.0.2.2", 5000)
ALICE_6 = ("2001:db8::1", 4000)
BOB_6 = ("2001:db8::2", 5000)
SSRC = 0x2468ABCD

Address = tuple[str, int]
Timed = tuple[float, bytes]


def udp(payload: bytes, source: Address = ALICE, target: Address = BOB) -> bytes:
    """Make an IP packet with a UDP datagram."""
    ports = struct.pack("!HHHH", source[1], target[1], 8 + len(payload), 0)
    return _ip(17, ports + payload, source, target)


def tcp(payload: bytes, source: Address = ALICE, target: Address = BOB) -> bytes:
    """Make an IP packet with a TCP segment."""
    header = struct.pack("!HHIIBBHHH", source[1], target[1], 1, 1, 0x50, 0x18, 1000, 0, 0)
    return _ip(6, header + payload, source, target)


def _ip(protocol: int, data: bytes, source: Address, target: Address) -> bytes:
    hosts = ip_address(source[0]).packed + ip_address(target[0]).packed
    if len(hosts) == 8:
        return (
            struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(data), 1, 0, 64, protocol, 0) + hosts + data
        )
    return struct.pack("!IHBB", 0x60000000, len(data), protocol, 64) + hosts + data


def linked(link: int, ip: bytes, *, tags: int = 0) -> bytes:
    """Put a link layer before an IP packet."""
    kind = struct.pack("!H", 0x0800 if ip[0] >> 4 == 4 else 0x86DD)
    tagged = b"".join(struct.pack("!HH", 0x8100, 7) for _ in range(tags)) + kind
    headers = {
        1: bytes(12) + tagged,
        113: bytes(14) + tagged,
        276: kind + bytes(18),
        0: struct.pack("<I", 2),
        108: struct.pack("!I", 2),
    }
    return headers.get(link, b"") + ip


def pcap(
    frames: Iterable[Timed], link: int = 101, *, order: str = "<", nano: bool = False
) -> bytes:
    """Make a classic capture file."""
    magic, units = (0xA1B23C4D, 1e9) if nano else (0xA1B2C3D4, 1e6)
    file = io.BytesIO()
    file.write(struct.pack(f"{order}IHHiIII", magic, 2, 4, 0, 0, 65535, link))
    for time, data in frames:
        ticks = round(time * units)
        sizes = len(data), len(data)
        file.write(struct.pack(f"{order}IIII", *divmod(ticks, int(units)), *sizes) + data)
    return file.getvalue()


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    """Make a block of a pcapng file."""
    padded = body + bytes(-len(body) % 4)
    size = struct.pack(f"{order}I", 12 + len(padded))
    return struct.pack(f"{order}I", kind) + size + padded + size


def section(order: str = "<") -> bytes:
    """Make the block that begins a section."""
    return block(0x0A0D0D0A, struct.pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1), order)


def interface(link: int, options: bytes = b"", order: str = "<") -> bytes:
    """Make the block of an interface."""
    return block(1, struct.pack(f"{order}HHI", link, 0, 65535) + options, order)


def option(code: int, value: bytes, order: str = "<") -> bytes:
    """Make an option of a block, and the one that ends options."""
    padded = value + bytes(-len(value) % 4)
    return struct.pack(f"{order}HH", code, len(value)) + padded + bytes(4)


def packet(number: int, ticks: int, data: bytes, order: str = "<") -> bytes:
    """Make the block of a packet."""
    fields = number, ticks >> 32, ticks & 0xFFFFFFFF, len(data), len(data)
    return block(6, struct.pack(f"{order}IIIII", *fields) + data, order)


def call(
    count: int = 60,
    *,
    kind: int = 0,
    lost: Iterable[int] = (),
    source: Address = ALICE,
    target: Address = BOB,
    ssrc: int = SSRC,
    step: int = 160,
) -> list[Timed]:
    """Make the IP packets of a stream, one each 20 ms."""
    missing = frozenset(lost)
    return [
        (
            1000 + number * 0.02,
            udp(rtp(number, number * step, kind=kind, ssrc=ssrc), source, target),
        )
        for number in range(count)
        if number not in missing
    ]


def sip(sdp: str, first: str = "SIP/2.0 200 OK") -> bytes:
    """Make a SIP message with a session description."""
    head = f"{first}\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n"
    return head.encode() + sdp.replace("\n", "\r\n").encode()
