"""The packets of a capture file, pcap or pcapng, one after another.

dpkt reads the headers of files, blocks and packets. Its own reader of pcapng knows one interface
only and would time the packets of others wrongly, so that the blocks are walked through here.
"""

from __future__ import annotations

import struct
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cxotel.media.errors import MalformedError
from cxotel.media.files.errors import MissingLibraryError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.media.files.source import Source

_PCAP: Final = frozenset(
    bytes.fromhex(magic) for magic in ("a1b2c3d4", "d4c3b2a1", "a1b23c4d", "4d3cb2a1")
)
_SECTION: Final = bytes.fromhex("0a0d0d0a")
_LITTLE: Final = bytes.fromhex("4d3c2b1a")
_BIG: Final = bytes.fromhex("1a2b3c4d")
_INTERFACE, _OLD_PACKET, _PACKET = 1, 2, 6
_RESOLUTION, _OFFSET = 9, 14
_MAX_INTERFACES: Final = 4096


class Frame(NamedTuple):
    """One packet as it was captured.

    Args:
        time: When, seconds since 1970.
        link: What kind of header it begins with, as numbered by tcpdump.org.
        data: Its bytes, perhaps not all of them.
    """

    time: float
    link: int
    data: bytes


class _Interface(NamedTuple):
    link: int
    units: float
    offset: int


def container(head: bytes) -> str | None:
    """Return which kind of capture a file is, None where it is none.

    Args:
        head: Its first bytes.

    Example:
        >>> container(bytes.fromhex("0a0d0d0a1c000000")), container(b"{}")
        ('pcapng', None)
    """
    if head[:4] in _PCAP:
        return "pcap"
    return "pcapng" if head[:4] == _SECTION else None


class Capture:
    """A capture file.

    Args:
        source: The file.

    Raises:
        MissingLibraryError: dpkt is not installed.
        MalformedError: It is no capture.

    Source: IETF drafts draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng.
    """

    __slots__ = ("_dpkt", "_source", "problem")

    def __init__(self, source: Source) -> None:
        if container(source.head) is None:
            raise MalformedError("capture: neither pcap nor pcapng")
        self._dpkt: dict[str, Any] = {
            name: _library(f"dpkt.{name}") for name in ("dpkt", "pcap", "pcapng")
        }
        self._source = source
        self.problem: str | None = None
        """Why the file could not be read to its end."""

    def frames(self) -> Iterator[Frame]:
        """Go through the packets, in the order of the file.

        A file that breaks off, as when the program that captured was killed, ends there.
        """
        classic = self._source.head[:4] in _PCAP
        try:
            yield from self._pcap() if classic else self._pcapng()
        except MalformedError as error:
            self.problem = f"it cannot be read further: {error}"
        except (self._dpkt["dpkt"].Error, struct.error, ValueError, ArithmeticError):
            self.problem = "it cannot be read further: a header is damaged"
        if self._source.cut:
            self.problem = "the file ends inside a packet"

    def _pcap(self) -> Iterator[Frame]:
        reader = self._dpkt["pcap"].Reader(self._source)
        # The upper bits tell of checksums at the end of each packet.
        link = int(reader.datalink()) & 0xFFFF
        for time, data in reader:
            yield Frame(float(time), link, data)

    def _pcapng(self) -> Iterator[Frame]:
        interfaces: list[_Interface] = []
        order = "<"
        while len(head := self._source.read(8)) == 8:
            rest = b""
            if head[:4] == _SECTION:
                rest = self._source.read(4)
                order = _order(rest)
                interfaces.clear()
            kind, size = struct.unpack(f"{order}II", head)
            if size < 12 or size % 4:
                raise MalformedError(f"a block of {size} bytes")
            block = head + rest + self._source.read(size - 8 - len(rest))
            if len(block) < size:
                return
            if kind == _INTERFACE and len(interfaces) < _MAX_INTERFACES:
                interfaces.append(self._interface(block, order))
            elif kind in {_PACKET, _OLD_PACKET}:
                frame = self._packet(kind, block, order, interfaces)
                if frame is not None:
                    yield frame

    def _interface(self, block: bytes, order: str) -> _Interface:
        found = self._block("InterfaceDescriptionBlock", block, order)
        units, offset = 1e6, 0
        for option in found.opts:
            if option.code == _RESOLUTION and option.data:
                exponent = option.data[0]
                units = float(2 ** (exponent & 127) if exponent > 127 else 10**exponent)
            elif option.code == _OFFSET and len(option.data) == 8:
                (offset,) = struct.unpack(f"{order}q", option.data)
        return _Interface(found.linktype, units, offset)

    def _packet(
        self, kind: int, block: bytes, order: str, interfaces: list[_Interface]
    ) -> Frame | None:
        name = "EnhancedPacketBlock" if kind == _PACKET else "PacketBlock"
        packet = self._block(name, block, order)
        number = int(packet.iface_id)
        if number >= len(interfaces):
            return None
        where = interfaces[number]
        ticks = (packet.ts_high << 32) | packet.ts_low
        return Frame(where.offset + ticks / where.units, where.link, packet.pkt_data)

    def _block(self, name: str, block: bytes, order: str) -> Any:
        return getattr(self._dpkt["pcapng"], name + ("LE" if order == "<" else ""))(block)


def _order(mark: bytes) -> str:
    if mark == _LITTLE:
        return "<"
    if mark == _BIG:
        return ">"
    raise MalformedError("a section without byte order")


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingLibraryError("dpkt", "pcap") from error
