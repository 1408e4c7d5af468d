"""What RTCP reports say of a call's quality.

Reports that arrive tell how the other side receives what this side sends: their records are
`outbound` and `measured_at` the `remote` end.

Example:
    >>> reader = RtcpReader(clock_rate=8000)
    >>> datagram = bytes.fromhex(
    ...     "81c90007e1aa86db02cec6751300000200005a2d0000000500000000" + "0" * 8
    ... )
    >>> (record,) = reader.feed(datagram)
    >>> record.loss, record.jitter, record.round_trip
    (0.07421875, 0.000625, None)
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cxotel.media.emodel.limits import require
from cxotel.media.quality import Judgement, MediaQuality, ratio
from cxotel.media.rtcp.packet import (
    ExtendedReport,
    Goodbye,
    OtherPacket,
    ReceiverReport,
    ReportBlock,
    SenderReport,
    SourceDescription,
)
from cxotel.media.rtcp.parse import Compound, parse
from cxotel.media.rtcp.time import middle_ntp, round_trip
from cxotel.media.rtcp.xr import DelaySinceReceiverTime, OtherBlock, ReceiverTime, VoipMetrics
from cxotel.media.rtp.burst import BurstGap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.media.rtcp.packet import RtcpPacket

MAX_SOURCES: Final = 64
"""How many pairs of reporter and source one reader remembers unless told otherwise."""

_WRAP: Final = 1 << 32
_LATEST: Final = 1 << 31


def report_quality(
    block: ReportBlock,
    *,
    clock_rate: int | None = None,
    before: ReportBlock | None = None,
    arrival: float | None = None,
) -> MediaQuality:
    """Return the record of one report block.

    Args:
        block: The block.
        clock_rate: Units of the RTP timestamp a second; without it the jitter is unknown.
        before: The block before of the same reporter on the same source; without it only the
            share of packets lost is known, not their number.
        arrival: When the report arrived, seconds since 1970, on the clock of the sender reports;
            without it the round trip is unknown.

    Example:
        >>> first = ReportBlock(1, 0, 2, 100, 80, 0, 0)
        >>> record = report_quality(ReportBlock(1, 5, 3, 150, 80, 0, 0), before=first)
        >>> record.packets, record.lost, record.loss
        (49, 1, 0.02)

    Source: RFC 3550 clause 6.4.1.
    """
    record = MediaQuality(
        source="rtcp",
        leg=f"{block.ssrc:08x}",
        direction="outbound",
        measured_at="remote",
        clock_rate=clock_rate,
        loss=block.fraction_lost / 256,
        jitter=block.jitter / clock_rate if clock_rate else None,
        round_trip=None if arrival is None else block.round_trip(arrival),
    )
    return record if before is None else _since(record, block, before)


def _since(record: MediaQuality, block: ReportBlock, before: ReportBlock) -> MediaQuality:
    expected = (block.highest_sequence - before.highest_sequence) % _WRAP
    # A source that restarted has nothing in common with the report before.
    if not 0 < expected < _LATEST:
        return record
    lost = block.cumulative_lost - before.cumulative_lost
    return replace(
        record,
        packets=expected - min(expected, max(0, lost)),
        lost=min(expected, max(0, lost)),
        duplicates=-lost if lost < 0 else None,
        loss=ratio(lost, expected),
    )


def voip_quality(metrics: VoipMetrics) -> MediaQuality:
    """Return the record of a VoIP metrics block.

    MOS and R are the reporter's own, by whatever model it uses.

    Args:
        metrics: The block.

    Source: RFC 3611 clause 4.7.
    """
    plc = metrics.concealment
    return MediaQuality(
        source="rtcp_xr",
        leg=f"{metrics.ssrc:08x}",
        direction="outbound",
        measured_at="remote",
        loss=metrics.loss,
        discard=metrics.discard,
        concealed=None if plc is None else plc != "disabled",
        burst=_burst(metrics),
        round_trip=metrics.round_trip,
        end_system_delay=metrics.end_system_delay,
        buffer_delay=metrics.buffer_nominal,
        signal_level=metrics.signal_level,
        noise_level=metrics.noise_level,
        echo_return_loss=metrics.echo_return_loss,
        judgements=tuple(_judgements(metrics)),
    )


def _burst(metrics: VoipMetrics) -> BurstGap | None:
    # Whatever was received was in a burst or in a gap: without both, nothing was measured.
    if not metrics.burst_duration and not metrics.gap_duration:
        return None
    return BurstGap(
        burst_density=metrics.burst_density,
        gap_density=metrics.gap_density,
        burst_duration=metrics.burst_duration,
        gap_duration=metrics.gap_duration,
        gmin=metrics.gmin,
    )


def _judgements(metrics: VoipMetrics) -> Iterator[Judgement]:
    if metrics.mos_lq is not None:
        yield Judgement("reported", "vendor", mos=metrics.mos_lq, kind="listening")
    if metrics.mos_cq is not None or metrics.r is not None:
        yield Judgement("reported", "vendor", metrics.r, metrics.mos_cq, "conversational")


class RtcpReader:
    """Read the reports of one call, remembering what the last ones said.

    Memory is bounded: beyond `max_sources`, the pair of reporter and source that has been silent
    longest is forgotten.

    Args:
        clock_rate: Units of the RTP timestamp a second; without it the jitter is unknown.
        max_sources: How many pairs of reporter and source to remember, at least 1.

    Raises:
        ValueError: `clock_rate` or `max_sources` is less than 1.
    """

    def __init__(self, *, clock_rate: int | None = None, max_sources: int = MAX_SOURCES) -> None:
        if clock_rate is not None:
            require("clock_rate", clock_rate, 1, 10_000_000)
        self._clock_rate = clock_rate
        self._max_sources = int(require("max_sources", max_sources, 1, 1e6))
        self._before: OrderedDict[tuple[int, int], ReportBlock] = OrderedDict()

    def feed(self, data: bytes, arrival: float | None = None) -> tuple[MediaQuality, ...]:
        """Read one datagram.

        Args:
            data: The datagram.
            arrival: When it arrived, seconds since 1970.

        Returns:
            A record for each report block, VoIP metrics block and measured round trip. Where the
            datagram is damaged, the records are marked as partial, and there is at least one.

        Raises:
            MalformedError: Nothing of it is RTCP.
            ValueError: The time of arrival is no finite number.
        """
        if arrival is not None:
            require("arrival", arrival, -1e12, 1e12)
        compound = parse(data)
        records = [
            record for packet in compound.packets for record in self._records(packet, arrival)
        ]
        if compound.problem is None:
            return tuple(records)
        problems = (compound.problem,)
        partial = records or [MediaQuality(source="rtcp")]
        return tuple(replace(record, problems=problems) for record in partial)

    def _records(self, packet: RtcpPacket, arrival: float | None) -> Iterator[MediaQuality]:
        if isinstance(packet, (SenderReport, ReceiverReport)):
            for block in packet.reports:
                yield self._report(packet.ssrc, block, arrival)
        elif isinstance(packet, ExtendedReport):
            yield from _extended(packet, arrival)
        elif isinstance(packet, Goodbye):
            self._forget(packet.ssrcs)

    def _report(self, reporter: int, block: ReportBlock, arrival: float | None) -> MediaQuality:
        key = reporter, block.ssrc
        before = self._before.pop(key, None)
        self._before[key] = block
        if len(self._before) > self._max_sources:
            self._before.popitem(last=False)
        return report_quality(block, clock_rate=self._clock_rate, before=before, arrival=arrival)

    def _forget(self, ssrcs: tuple[int, ...]) -> None:
        for key in [key for key in self._before if key[0] in ssrcs or key[1] in ssrcs]:
            del self._before[key]


def _extended(packet: ExtendedReport, arrival: float | None) -> Iterator[MediaQuality]:
    for block in packet.blocks:
        if isinstance(block, VoipMetrics):
            yield voip_quality(block)
        elif isinstance(block, tuple) and arrival is not None:
            yield from _answers(block, packet.ssrc, arrival)


def _answers(
    block: tuple[DelaySinceReceiverTime, ...], sender: int, arrival: float
) -> Iterator[MediaQuality]:
    """Turn answers to our own clock into round trips to the sender that we receive."""
    for answer in block:
        measured = answer.round_trip(arrival)
        if measured is not None:
            yield MediaQuality(
                source="rtcp_xr",
                leg=f"{sender:08x}",
                direction="inbound",
                measured_at="local",
                round_trip=measured,
            )


__all__ = [
    "MAX_SOURCES",
    "Compound",
    "DelaySinceReceiverTime",
    "ExtendedReport",
    "Goodbye",
    "OtherBlock",
    "OtherPacket",
    "ReceiverReport",
    "ReceiverTime",
    "ReportBlock",
    "RtcpReader",
    "SenderReport",
    "SourceDescription",
    "VoipMetrics",
    "middle_ntp",
    "parse",
    "report_quality",
    "round_trip",
    "voip_quality",
]
