"""From a captured frame to the UDP datagram in it: link layers, IPv4 and IPv6."""

from __future__ import annotations

from ipaddress import ip_address
from struct import Struct
from typing import Final, NamedTuple

_ETHERNET, _COOKED, _COOKED_2 = 1, 113, 276
_RAW: Final = frozenset((12, 14, 101, 228, 229))
_LOOPBACK: Final = frozenset((0, 108))
LINKS: Final = frozenset((_ETHERNET, _COOKED, _COOKED_2)) | _RAW | _LOOPBACK
"""The link layers that are read, as tcpdump.org numbers them."""

_IP: Final = frozenset((0x0800, 0x86DD))
_TAGS: Final = frozenset((0x8100, 0x88A8, 0x9100))
_PPPOE: Final = 0x8864
_MAX_TAGS: Final = 4
_MAX_EXTENSIONS: Final = 8
_EXTENSIONS: Final = frozenset((0, 43, 60))
_FRAGMENT: Final = 44
UDP: Final = 17
TCP: Final = 6
_PORTS: Final = Struct("!HHHH")


class Endpoint(NamedTuple):
    """An address and a port.

    Args:
        host: The address, 4 or 16 bytes.
        port: The port.
    """

    host: bytes
    port: int

    def __str__(self) -> str:
        host = ip_address(self.host)
        return f"{host}:{self.port}" if host.version == 4 else f"[{host}]:{self.port}"


class Datagram(NamedTuple):
    """What went from one endpoint to another.

    Args:
        protocol: 17 for UDP, 6 for TCP.
        origin: Who sent it.
        target: Who it was sent to.
        payload: What it carries, perhaps cut by the capture.
    """

    protocol: int
    origin: Endpoint
    target: Endpoint
    payload: bytes


def datagram(link: int, frame: bytes) -> Datagram | None:
    """Return the datagram in a frame, None where there is none that is whole.

    The first fragment of a datagram counts, for SIP messages are often longer than a packet.

    Args:
        link: The link layer, as tcpdump.org numbers it.
        frame: The frame.

    Example:
        >>> ip = bytes.fromhex("4500001e0000000040110000c0000201c000020213c413c4000a00006869")
        >>> found = datagram(101, ip)
        >>> str(found.origin), str(found.target), found.payload
        ('192.0.2.1:5060', '192.0.2.2:5060', b'hi')

    Source: RFC 791, RFC 8200, RFC 768; tcpdump.org/linktypes.html; IEEE 802.1Q; RFC 2516.
    """
    start = _network(link, frame)
    if start is None or len(frame) <= start:
        return None
    version = frame[start] >> 4
    if version == 4:
        return _ipv4(frame, start)
    return _ipv6(frame, start) if version == 6 else None


def _network(link: int, frame: bytes) -> int | None:
    """Return where the IP header begins."""
    if link == _ETHERNET:
        return _typed(frame, 12)
    if link in _RAW:
        return 0
    if link == _COOKED:
        return _typed(frame, 14)
    if link == _COOKED_2:
        return 20 if _short(frame, 0) in _IP else None
    return 4 if link in _LOOPBACK else None


def _typed(frame: bytes, at: int) -> int | None:
    """Return where the IP header begins after a field that tells what follows, and tags."""
    for _ in range(_MAX_TAGS):
        kind = _short(frame, at)
        if kind in _IP:
            return at + 2
        if kind == _PPPOE:
            return at + 10
        if kind not in _TAGS:
            return None
        at += 4
    return None


def _ipv4(frame: bytes, start: int) -> Datagram | None:
    if len(frame) < start + 20:
        return None
    size = (frame[start] & 15) * 4
    # Behind the first fragment there is no header.
    if size < 20 or _short(frame, start + 6) & 0x1FFF:
        return None
    hosts = frame[start + 12 : start + 16], frame[start + 16 : start + 20]
    total = _short(frame, start + 2)
    end = start + total if total >= size else len(frame)
    return _transport(frame[start + size : end], frame[start + 9], *hosts)


def _ipv6(frame: bytes, start: int) -> Datagram | None:
    if len(frame) < start + 40:
        return None
    hosts = frame[start + 8 : start + 24], frame[start + 24 : start + 40]
    kind, at = frame[start + 6], start + 40
    for _ in range(_MAX_EXTENSIONS):
        if kind not in _EXTENSIONS and kind != _FRAGMENT:
            break
        if len(frame) < at + 8 or (kind == _FRAGMENT and _short(frame, at + 2) & 0xFFF8):
            return None
        size = 8 if kind == _FRAGMENT else 8 + 8 * frame[at + 1]
        kind, at = frame[at], at + size
    length = _short(frame, start + 4)
    return _transport(frame[at : start + 40 + length if length else len(frame)], kind, *hosts)


def _transport(data: bytes, protocol: int, origin: bytes, target: bytes) -> Datagram | None:
    if protocol == UDP and len(data) >= 8:
        source, port, size, _ = _PORTS.unpack_from(data)
        payload = data[8:size] if size >= 8 else data[8:]
    elif protocol == TCP and len(data) >= 20:
        source, port = _short(data, 0), _short(data, 2)
        payload = data[(data[12] >> 4) * 4 :]
    else:
        return None
    return Datagram(protocol, Endpoint(origin, source), Endpoint(target, port), payload)


def _short(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "big")
