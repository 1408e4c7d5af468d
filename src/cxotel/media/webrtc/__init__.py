"""What WebRTC's `getStats()` says of a call's sound.

Browsers, aiortc and LiveKit count from the begin of a stream: two snapshots make an interval.
Inbound streams are measured here; of outbound ones the other end reports by RTCP, so that their
intervals go from report to report.

Example:
    >>> def snapshot(milliseconds, received, lost):
    ...     return {
    ...         "I1": {
    ...             "type": "inbound-rtp",
    ...             "id": "I1",
    ...             "kind": "audio",
    ...             "ssrc": 7,
    ...             "timestamp": milliseconds,
    ...             "packetsReceived": received,
    ...             "packetsLost": lost,
    ...         }
    ...     }
    >>> reader = WebRtcReader()
    >>> reader.feed(snapshot(1000.0, 50, 0))
    ()
    >>> (record,) = reader.feed(snapshot(2000.0, 98, 2))
    >>> record.packets, record.lost, record.loss, record.duration
    (48, 2, 0.04, 1.0)
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from cxotel.media.emodel.limits import require
from cxotel.media.quality import MediaQuality, ratio
from cxotel.media.webrtc.gather import StreamReader
from cxotel.media.webrtc.snapshot import Snapshot, is_snapshot, read_snapshots
from cxotel.media.webrtc.stream import Stream, Total

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_STREAMS: Final = 1024
"""How many streams one reader remembers unless told otherwise."""

_START: Final = Stream(key="", direction="inbound")


class WebRtcReader:
    """Follow the audio streams of one connection from snapshot to snapshot.

    Args:
        codec: Encoding name as in SDP, for libraries that do not tell it: aiortc.
        clock_rate: Units of the RTP timestamp a second, for the same; by default the codec's.
            aiortc's jitter is unknown without either.
        max_streams: How many streams to remember; beyond it the one silent for longest is
            forgotten.

    Raises:
        ValueError: `clock_rate` or `max_streams` is no number in its range.
    """

    __slots__ = ("_before", "_clock_rate", "_codec", "_fed", "_max_streams")

    def __init__(
        self,
        *,
        codec: str | None = None,
        clock_rate: int | None = None,
        max_streams: int = MAX_STREAMS,
    ) -> None:
        self._codec = codec
        self._clock_rate = None if clock_rate is None else int(require_rate(clock_rate))
        self._max_streams = int(require("max_streams", max_streams, 1, 1e6))
        self._before: OrderedDict[str, Stream] = OrderedDict()
        self._fed = False

    def feed(self, document: object) -> tuple[MediaQuality, ...]:
        """Read the next snapshot.

        Args:
            document: What `getStats()` returned, or its JSON text; also LiveKit's `RtcStats` and
                a `Snapshot`.

        Returns:
            A record for each stream of what happened since the snapshot before; none for the
            first snapshot, and none for outbound streams without a new report.

        Raises:
            MalformedError: It is no answer of `getStats()`.
        """
        snapshots = (document,) if isinstance(document, Snapshot) else read_snapshots(document)
        records = tuple(record for snapshot in snapshots for record in self._records(snapshot))
        self._fed = True
        return records

    def _records(self, snapshot: Snapshot) -> Iterator[MediaQuality]:
        for stream in StreamReader(snapshot, self._codec, self._clock_rate).streams():
            before = self._before.pop(stream.key, None)
            if before is not None and not _is_later(stream, before):
                self._before[stream.key] = before
                continue
            self._before[stream.key] = stream
            if len(self._before) > self._max_streams:
                self._before.popitem(last=False)
            # A stream that came since the snapshot before began since then.
            if before is not None or self._fed:
                yield stream_quality(stream, before, system=snapshot.system)


def totals(
    document: object, *, codec: str | None = None, clock_rate: int | None = None
) -> tuple[MediaQuality, ...]:
    """Return what one snapshot tells of each stream since its begin.

    Args:
        document: As for `WebRtcReader.feed`.
        codec: As of `WebRtcReader`.
        clock_rate: As of `WebRtcReader`.

    Raises:
        MalformedError: It is no answer of `getStats()`.
        ValueError: `clock_rate` is no number in its range.
    """
    snapshots = (document,) if isinstance(document, Snapshot) else read_snapshots(document)
    rate = None if clock_rate is None else int(require_rate(clock_rate))
    return tuple(
        stream_quality(stream, None, system=snapshot.system)
        for snapshot in snapshots
        for stream in StreamReader(snapshot, codec, rate).streams()
    )


def stream_quality(
    stream: Stream, before: Stream | None, *, system: str | None = None
) -> MediaQuality:
    """Return the record of what happened to a stream between two snapshots.

    Args:
        stream: The stream at the end.
        before: The stream at the begin; None for all since it began. One whose counters are
            greater is another stream, and counts as None.
        system: The vendor whose library told it.

    Source: W3C Identifiers for WebRTC's Statistics API, clauses 8.2 to 8.5 and 8.17.
    """
    if before is not None and _restarted(stream, before):
        before = None
    start = before or _START
    lost, expected, packets = _losses(stream, start, fresh=before is None)
    buffer = stream.buffer.mean_since(start.buffer)
    playout = stream.playout.mean_since(start.playout)
    return MediaQuality(
        source="webrtc",
        system=system,
        leg=None if stream.ssrc is None else f"{stream.ssrc:08x}",
        direction=stream.direction,
        measured_at="local" if stream.direction == "inbound" else "remote",
        codec=stream.codec,
        clock_rate=stream.clock_rate,
        start=None if before is None else before.time,
        duration=stream.duration if before is None else _difference(stream.time, before.time),
        packets=packets,
        lost=lost,
        discarded=_grown(stream.discarded, start.discarded),
        loss=stream.loss if lost is None else ratio(lost, expected),
        discard=ratio(_grown(stream.discarded, start.discarded), expected),
        concealment=_share(stream.samples, start.samples),
        # Whoever counts concealed samples conceals.
        concealed=True if stream.samples.count else None,
        jitter=stream.jitter,
        round_trip=_round_trip(stream, start),
        end_system_delay=None if buffer is None or playout is None else buffer + playout,
        buffer_delay=buffer,
        problems=stream.problems,
    )


def require_rate(clock_rate: int) -> float:
    """Return a clock rate that may be one, or say why it is not.

    Args:
        clock_rate: Units of the RTP timestamp a second.

    Raises:
        ValueError: It is no number from 1 to ten million.
    """
    return require("clock_rate", clock_rate, 1, 1e7)


def _losses(
    stream: Stream, start: Stream, *, fresh: bool
) -> tuple[int | None, float | None, int | None]:
    """Return how many packets were lost, how many were expected, and how many arrived."""
    lost = _grown(stream.lost, start.lost)
    packets = _grown(stream.packets, start.packets)
    if packets is not None:
        return lost, None if lost is None else packets + lost, packets
    # Browsers do not tell what the other end received. What was sent between two snapshots is
    # scaled to the time between the two reports.
    sent = _grown(stream.sent, start.sent)
    if sent is None or fresh:
        return lost, sent, None
    reports = _difference(stream.time, start.time)
    snapshots = _difference(stream.snapshot_time, start.snapshot_time)
    return lost, sent * reports / snapshots if reports and snapshots else sent, None


def _round_trip(stream: Stream, start: Stream) -> float | None:
    by_rtcp = stream.round_trip.mean_since(start.round_trip)
    if by_rtcp is not None:
        return by_rtcp
    same = stream.pair == start.pair
    by_stun = stream.pair_round_trip.mean_since(start.pair_round_trip if same else None)
    return stream.pair_round_trip.latest if by_stun is None else by_stun


def _share(after: Total, before: Total) -> float | None:
    if after.total is None or after.count is None:
        return None
    return ratio(after.total - (before.total or 0.0), after.count - (before.count or 0.0))


def _is_later(stream: Stream, before: Stream) -> bool:
    if stream.time is None or before.time is None:
        return stream != before
    return stream.time > before.time or _restarted(stream, before)


def _restarted(stream: Stream, before: Stream) -> bool:
    pairs = ((stream.packets, before.packets), (stream.sent, before.sent))
    return any(a is not None and b is not None and a < b for a, b in pairs)


def _grown(after: int | None, before: int | None) -> int | None:
    # Late packets and duplicates take losses back: that is no gain.
    return None if after is None else max(0, after - (before or 0))


def _difference(after: float | None, before: float | None) -> float | None:
    return None if after is None or before is None else max(0.0, after - before)


__all__ = [
    "MAX_STREAMS",
    "Snapshot",
    "Stream",
    "StreamReader",
    "WebRtcReader",
    "is_snapshot",
    "read_snapshots",
    "stream_quality",
    "totals",
]
