"""The RTCP reports of a capture: what receivers told, and how long answers took.

A capture sees a sender report pass and its answer come back. The time between them, less what the
receiver says it waited, is the round trip from the place of the capture to that receiver, whatever
the clocks of the two ends say. The round trips to both ends add up to that of the call.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from cxotel.media.errors import MalformedError
from cxotel.media.rtcp import (
    ExtendedReport,
    ReceiverReport,
    ReportBlock,
    SenderReport,
    VoipMetrics,
    parse,
    report_quality,
    voip_quality,
)

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from cxotel.media.files.network import Datagram, Endpoint
    from cxotel.media.quality import MediaQuality
    from cxotel.media.rtcp.packet import RtcpPacket

MAX_SERIES: Final = 4096
_MAX_SENT: Final = 8192
_MAX_ROUND_TRIP: Final = 30.0


class Way(NamedTuple):
    """From where to where, with RTP and its RTCP taken together: their ports are neighbours."""

    origin: tuple[bytes, int]
    target: tuple[bytes, int]

    @classmethod
    def of(cls, origin: Endpoint, target: Endpoint) -> Way:
        """Return the way between two endpoints.

        Args:
            origin: Who sends.
            target: Who it is sent to.
        """
        return cls((origin.host, origin.port & ~1), (target.host, target.port & ~1))

    def back(self) -> Way:
        """Return the way of the answers."""
        return Way(self.target, self.origin)


@dataclass(slots=True)
class Series:
    """All reports of one receiver on one source.

    Args:
        way: The way of the reports.
        origin: Who reports.
        first: The first report.
        last: The newest report.
        jitter: The sum of the jitter of all reports, units of the RTP timestamp.
        jitter_max: The greatest of them.
        count: How many reports.
        metrics: The newest VoIP metrics.
        damaged: Whether a report was in a packet that could not be read to its end.
    """

    way: Way
    origin: Endpoint
    first: ReportBlock | None = None
    last: ReportBlock | None = None
    jitter: int = 0
    jitter_max: int = 0
    count: int = 0
    metrics: VoipMetrics | None = None
    damaged: bool = False

    def add(self, block: ReportBlock | VoipMetrics) -> None:
        """Take note of a report.

        Args:
            block: The report.
        """
        if isinstance(block, VoipMetrics):
            self.metrics = block
            return
        self.first = self.first or block
        self.last = block
        self.jitter += block.jitter
        self.jitter_max = max(self.jitter_max, block.jitter)
        self.count += 1

    def records(self, clock_rate: int | None) -> Iterator[MediaQuality]:
        """Return what the receiver told, from its first report to its last.

        Args:
            clock_rate: Units of the RTP timestamp a second; without it the jitter is unknown.
        """
        if self.last is not None:
            before = None if self.first is self.last else self.first
            record = report_quality(self.last, clock_rate=clock_rate, before=before)
            if clock_rate is not None:
                record = replace(
                    record,
                    jitter=self.jitter / self.count / clock_rate,
                    jitter_max=self.jitter_max / clock_rate,
                    jitter_samples=self.count,
                )
            yield replace(record, direction=None)
        if self.metrics is not None:
            yield replace(voip_quality(self.metrics), direction=None, clock_rate=clock_rate)


class ReportFinder:
    """Gather the reports of a capture, in bounded memory."""

    def __init__(self) -> None:
        self._sent: OrderedDict[tuple[int, int], float] = OrderedDict()
        self._series: OrderedDict[tuple[Way, int, int], Series] = OrderedDict()
        self._round_trips: dict[Way, tuple[float, int]] = {}

    def add(self, datagram: Datagram, time: float) -> None:
        """Look at a datagram of RTCP.

        Args:
            datagram: The datagram.
            time: When it was captured, seconds.
        """
        try:
            compound = parse(datagram.payload)
        except MalformedError:
            return
        sound = compound.problem is None
        for packet in compound.packets:
            if isinstance(packet, SenderReport):
                self._remember(packet, time)
            for reporter, block in _blocks(packet):
                series = self._of(datagram, reporter, block.ssrc)
                series.damaged = series.damaged or not sound
                series.add(block)
                if isinstance(block, ReportBlock):
                    self._answered(series.way, block, time)

    def series(self, known: Container[int]) -> Iterator[tuple[int, Series]]:
        """Go through the reports by source.

        Args:
            known: The sources that the capture holds. Reports on others count only where their
                packets are sound: what is encrypted reads as damage.
        """
        for (_, _, ssrc), series in self._series.items():
            if ssrc in known or not series.damaged:
                yield ssrc, series

    def round_trip(self, way: Way) -> tuple[float | None, bool]:
        """Return the round trip of a stream's way.

        Args:
            way: The way of the stream.

        Returns:
            The mean, seconds, None where nobody answered; and whether it is of the whole way, not
            only between the capture and one of the ends.
        """
        parts = [self._round_trips.get(each) for each in (way, way.back())]
        means = [total / count for total, count in (part for part in parts if part is not None)]
        return (sum(means) if means else None), len(means) == len(parts)

    def _remember(self, report: SenderReport, time: float) -> None:
        self._sent[report.ssrc, (report.ntp >> 16) & 0xFFFFFFFF] = time
        if len(self._sent) > _MAX_SENT:
            self._sent.popitem(last=False)

    def _answered(self, way: Way, block: ReportBlock, time: float) -> None:
        sent = self._sent.get((block.ssrc, block.lsr))
        if sent is None or not block.lsr:
            return
        took = time - sent - block.dlsr / 65536.0
        if -0.001 < took < _MAX_ROUND_TRIP and (
            way in self._round_trips or len(self._round_trips) < MAX_SERIES
        ):
            total, count = self._round_trips.get(way, (0.0, 0))
            self._round_trips[way] = (total + max(0.0, took), count + 1)

    def _of(self, datagram: Datagram, reporter: int, source: int) -> Series:
        key = Way.of(datagram.origin, datagram.target), reporter, source
        series = self._series.pop(key, None) or Series(key[0], datagram.origin)
        self._series[key] = series
        # What is encrypted reads as ever new reporters: those heard last stay.
        if len(self._series) > MAX_SERIES:
            self._series.popitem(last=False)
        return series


def _blocks(packet: RtcpPacket) -> Iterator[tuple[int, ReportBlock | VoipMetrics]]:
    if isinstance(packet, (SenderReport, ReceiverReport)):
        for report in packet.reports:
            yield packet.ssrc, report
    elif isinstance(packet, ExtendedReport):
        for block in packet.blocks:
            if isinstance(block, VoipMetrics):
                yield packet.ssrc, block


__all__ = ["MAX_SERIES", "ReportFinder", "Series", "Way"]
