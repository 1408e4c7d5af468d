"""What somebody who has a file knows beyond what is in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cxotel.media import codecs
from cxotel.media.emodel.limits import require
from cxotel.media.rtp import Payload
from cxotel.media.rtp.payload_types import clock_rate_of, sdp_name

if TYPE_CHECKING:
    from cxotel.media.codecs import Impairment, Table
    from cxotel.media.quality import MediaQuality


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What is known beyond the file.

    Args:
        codec: The codec of streams whose codec the file does not tell.
        bitrate: Kilobits a second, for codecs whose values depend on it.
        table: Who published the codec values to judge with.
        delay: One-way delay from mouth to ear, seconds, of every stream.

    Raises:
        ValueError: A number is out of its range, or there is no such table.

    Example:
        >>> Hints(codec="G.711 A-law", delay=0.18).codec
        'PCMA'
    """

    codec: str | None = None
    bitrate: float | None = None
    table: Table = "itu"
    delay: float | None = None

    def __post_init__(self) -> None:
        if self.table not in codecs.TABLES:
            known = ", ".join(codecs.TABLES)
            raise ValueError(f"table must be one of {known}, got {self.table!r}")
        if self.bitrate is not None:
            require("bitrate", self.bitrate, 0.1, 10_000)
        if self.delay is not None:
            require("delay", self.delay, 0.0, 60.0)
        object.__setattr__(self, "codec", sdp_name(self.codec))

    def payload(self) -> Payload | None:
        """Return what a payload type means that nobody names; None where that is not known."""
        rate = clock_rate_of(self.codec)
        return None if self.codec is None or rate is None else Payload(self.codec, rate)

    def added(self, record: MediaQuality) -> MediaQuality:
        """Return a record with what is known beyond it.

        Args:
            record: The record.
        """
        if record.codec is None and self.codec is not None:
            rate = record.clock_rate or clock_rate_of(self.codec)
            record = replace(record, codec=self.codec, clock_rate=rate)
        return record if self.delay is None else replace(record, mouth_to_ear=self.delay)

    def values(self, record: MediaQuality) -> Impairment:
        """Return Ie and Bpl for a record's codec, or why there are none.

        Args:
            record: The record.
        """
        codec = record.codec or ""
        plain = record.concealed is False and codecs.lookup(codec).codec == "G.711"
        variant = "no PLC" if plain else None
        found = codecs.lookup(codec, bitrate=record.bitrate, variant=variant, table=self.table)
        # The values of most codecs hold for any bitrate: one that is given would match none.
        if not found.available and self.bitrate is not None:
            found = codecs.lookup(codec, bitrate=self.bitrate, variant=variant, table=self.table)
        if not found.available and self.table != "itu":
            ours = codecs.lookup(codec, bitrate=record.bitrate, variant=variant)
            return ours if ours.available else found
        return found
