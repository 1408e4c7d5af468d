r"""What SIP telephones tell of a call's quality, RFC 6035 `application/vq-rtcpxr`.

Local metrics are of the sound that the phone received: records of theirs are `inbound` and
`measured_at` the `local` end, seen from the phone. Remote metrics are what the other end told it
of the sound that it sent: `outbound` and `remote`.

Example:
    >>> body = (
    ...     "VQSessionReport: CallTerm\r\nCallID: 6dg37f1890463\r\nLocalMetrics:\r\n"
    ...     "SessionDesc:PT=9\r\nPacketLoss:NLR=5.0 JDR=2.0\r\nDelay:RTD=200 ESD=140 IAJ=2\r\n"
    ...     "QualityEst:RLQ=90 RCQ=85 MOSLQ=4.2 MOSCQ=4.3\r\n"
    ... )
    >>> reader = VqReader()
    >>> (record,) = reader.feed(body, call_id="3c26a8@192.0.2.21", sequence=3)
    >>> record.leg, record.codec, record.loss, record.jitter
    ('6dg37f1890463', 'G722', 0.05, 0.002)
    >>> reader.feed(body, call_id="3c26a8@192.0.2.21", sequence=3)
    ()
"""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from cxotel.media.emodel.limits import require
from cxotel.media.errors import MalformedError
from cxotel.media.quality import Judgement, MediaQuality
from cxotel.media.rtp.burst import BurstGap
from cxotel.media.rtp.payload_types import clock_rate_of, sdp_name, static_name
from cxotel.media.vq_rtcpxr.message import MAX_ID, Publish, read_publish
from cxotel.media.vq_rtcpxr.metrics import VqMetrics
from cxotel.media.vq_rtcpxr.report import Alert, VqReport, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.media.quality import Direction

WINDOW: Final = 32.0
"""Seconds for which a phone may repeat a request: 64 times T1 (RFC 3261 clause 17.1.2.2)."""

MAX_REQUESTS: Final = 4096
"""How many requests one reader remembers unless told otherwise."""


class VqReader:
    """Read the reports of many phones, each once.

    Args:
        max_requests: How many requests to remember, at least 1; beyond it the oldest is forgotten.

    Raises:
        ValueError: `max_requests` is no number from 1 on.
    """

    __slots__ = ("_max_requests", "_seen")

    def __init__(self, max_requests: int = MAX_REQUESTS) -> None:
        self._max_requests = int(require("max_requests", max_requests, 1, 1e9))
        self._seen: OrderedDict[tuple[str, int], float] = OrderedDict()

    def receive(self, message: bytes, now: float | None = None) -> tuple[MediaQuality, ...]:
        """Read a SIP request as it came from the network.

        Args:
            message: The request, with its headers.
            now: Seconds on a clock that never goes back; by default the computer's.

        Returns:
            As of `feed`.

        Raises:
            MalformedError: It is no PUBLISH or NOTIFY with a voice-quality report.
        """
        publish = read_publish(message)
        return self.feed(publish.body, call_id=publish.call_id, sequence=publish.sequence, now=now)

    def feed(
        self,
        body: str | bytes,
        *,
        call_id: str | None = None,
        sequence: int | None = None,
        now: float | None = None,
    ) -> tuple[MediaQuality, ...]:
        """Read the body of a request.

        Args:
            body: The body.
            call_id: The request's own Call-ID; with `sequence` it tells a retransmission.
            sequence: Number of its CSeq.
            now: Seconds on a clock that never goes back; by default the computer's.

        Returns:
            A record for each end that told of its metrics; none for a retransmission.

        Raises:
            MalformedError: It is no report, or the Call-ID is too long.
        """
        report = parse(body)
        if call_id is not None and sequence is not None:
            moment = time.monotonic() if now is None else require("now", now, -1e15, 1e15)
            if self._repeated(call_id, sequence, moment):
                return ()
        return qualities(report)

    def _repeated(self, call_id: str, sequence: int, now: float) -> bool:
        if len(call_id) > MAX_ID:
            raise MalformedError(f"vq-rtcpxr: {len(call_id)} characters are no Call-ID")
        while self._seen and next(iter(self._seen.values())) < now - WINDOW:
            self._seen.popitem(last=False)
        if (call_id, sequence) in self._seen:
            return True
        self._seen[call_id, sequence] = now
        if len(self._seen) > self._max_requests:
            self._seen.popitem(last=False)
        return False


def qualities(report: VqReport) -> tuple[MediaQuality, ...]:
    """Return the records of a report.

    MOS and R are the phone's own, by whatever model it uses: those of wideband calls often lie on
    the narrowband scale, and some phones cut MOS off below what their R stands for.

    Args:
        report: The report.

    Returns:
        A record for each end that told of its metrics. A report without metrics but with problems
        gives one record that tells the problems.

    Source: RFC 6035 clause 4.6.2.
    """
    records: list[MediaQuality] = []
    if report.local is not None:
        records.append(_quality(report, report.local, "inbound"))
    if report.remote is not None:
        records.append(_quality(report, report.remote, "outbound"))
    if report.local is None and report.remote is None:
        text = "vq-rtcpxr: the report has no metrics"
        records.append(
            MediaQuality(source="vq_rtcpxr", leg=report.call_id, problems=(*report.problems, text))
        )
    return tuple(records)


def _quality(report: VqReport, metrics: VqMetrics, direction: Direction) -> MediaQuality:
    codec = sdp_name(metrics.codec) or static_name(metrics.payload_type)
    return MediaQuality(
        source="vq_rtcpxr",
        leg=report.call_id,
        direction=direction,
        measured_at="local" if direction == "inbound" else "remote",
        codec=codec,
        clock_rate=clock_rate_of(codec) or metrics.clock_rate,
        start=metrics.start,
        duration=metrics.duration,
        loss=metrics.loss,
        discard=metrics.discard,
        concealed=None if metrics.concealment is None else metrics.concealment > 1,
        burst=_burst(metrics),
        jitter=metrics.jitter,
        round_trip=metrics.round_trip,
        end_system_delay=metrics.end_system_delay,
        buffer_delay=metrics.buffer_nominal,
        # Both count the endpoints' delay: they are what the E-model calls Ta.
        mouth_to_ear=metrics.symmetric_one_way_delay or metrics.one_way_delay,
        signal_level=metrics.signal_level,
        noise_level=metrics.noise_level,
        echo_return_loss=metrics.echo_return_loss,
        judgements=tuple(_judgements(metrics)),
        problems=report.problems,
    )


def _burst(metrics: VqMetrics) -> BurstGap | None:
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


def _judgements(metrics: VqMetrics) -> Iterator[Judgement]:
    if metrics.r_lq is not None or metrics.mos_lq is not None:
        yield Judgement("reported", "vendor", metrics.r_lq, metrics.mos_lq, "listening")
    if metrics.r_cq is not None or metrics.mos_cq is not None:
        yield Judgement("reported", "vendor", metrics.r_cq, metrics.mos_cq, "conversational")


__all__ = [
    "MAX_REQUESTS",
    "WINDOW",
    "Alert",
    "Publish",
    "VqMetrics",
    "VqReader",
    "VqReport",
    "parse",
    "qualities",
    "read_publish",
]
