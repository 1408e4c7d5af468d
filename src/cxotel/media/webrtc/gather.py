"""The audio streams of one snapshot, gathered from the objects that tell of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxotel.media.fields import MAX_ITEMS, Fields
from cxotel.media.rtp.payload_types import clock_rate_of, sdp_name
from cxotel.media.webrtc.snapshot import seconds
from cxotel.media.webrtc.stream import Stream, Total

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.media.webrtc.snapshot import Snapshot

_SIGNED: Final = -1e12
_LOCAL_OF: Final = {"remote-outbound-rtp": "inbound-rtp", "remote-inbound-rtp": "outbound-rtp"}


class StreamReader:
    """Gather the audio streams of one snapshot.

    Args:
        snapshot: The snapshot.
        codec: Encoding name, for libraries that do not tell it.
        clock_rate: Units of the RTP timestamp a second, for the same.
    """

    __slots__ = ("_clock_rate", "_codec", "_only_pair", "_remotes", "_snapshot")

    def __init__(
        self, snapshot: Snapshot, codec: str | None = None, clock_rate: int | None = None
    ) -> None:
        self._snapshot = snapshot
        self._codec = codec
        self._clock_rate = clock_rate
        self._remotes = {
            (kind, Fields(stat, "webrtc").text("localId")): name
            for kind in _LOCAL_OF
            for name, stat in snapshot.of_type(kind)
        }
        self._only_pair = _only_pair(snapshot)

    def streams(self) -> Iterator[Stream]:
        """Go through the streams: inbound ones, then those outbound that the other end told of."""
        for kind, read in (("inbound-rtp", self._inbound), ("outbound-rtp", self._outbound)):
            for number, (name, stat) in enumerate(self._snapshot.of_type(kind)):
                fields = Fields(stat, f"webrtc: {kind}")
                if number < MAX_ITEMS and "audio" in (fields.raw("kind"), fields.raw("mediaType")):
                    yield from read(name, fields)

    def _inbound(self, name: str, stat: Fields) -> Iterator[Stream]:
        codec, clock_rate = self._codec_of(stat)
        concealed, samples = stat.number("concealedSamples"), stat.number("totalSamplesReceived")
        playout = self._find(stat.text("playoutId"), stat)
        remote = self._linked(name, stat, "remote-outbound-rtp")
        pair, pair_round_trip = self._pair(stat)
        time = seconds(stat.raw("timestamp"))
        yield Stream(
            key=f"{self._snapshot.peer}<{self._identity(name, stat)}",
            direction="inbound",
            time=time,
            snapshot_time=time,
            ssrc=stat.count("ssrc"),
            codec=codec,
            clock_rate=clock_rate,
            packets=stat.count("packetsReceived"),
            lost=_signed(stat, "packetsLost"),
            discarded=stat.count("packetsDiscarded"),
            jitter=self._jitter(stat, clock_rate),
            samples=Total(concealed, samples),
            buffer=_total(stat, "jitterBufferDelay", "jitterBufferEmittedCount"),
            playout=_total(playout, "totalPlayoutDelay", "totalSamplesCount"),
            round_trip=_round_trip(remote),
            pair=pair,
            pair_round_trip=pair_round_trip,
            duration=stat.number("totalSamplesDuration"),
            problems=tuple(stat.problems),
        )

    def _outbound(self, name: str, stat: Fields) -> Iterator[Stream]:
        remote = self._linked(name, stat, "remote-inbound-rtp")
        if not remote:
            return
        codec, clock_rate = self._codec_of(stat)
        pair, pair_round_trip = self._pair(stat)
        yield Stream(
            key=f"{self._snapshot.peer}>{self._identity(name, stat)}",
            direction="outbound",
            time=seconds(remote.raw("timestamp")),
            snapshot_time=seconds(stat.raw("timestamp")),
            ssrc=stat.count("ssrc"),
            codec=codec,
            clock_rate=clock_rate,
            # Browsers do not learn what arrived; LiveKit's messages then say 0.
            packets=remote.count("packetsReceived") or None,
            lost=_signed(remote, "packetsLost"),
            sent=stat.count("packetsSent"),
            loss=self._fraction(remote),
            jitter=self._jitter(remote, clock_rate),
            round_trip=_round_trip(remote),
            pair=pair,
            pair_round_trip=pair_round_trip,
            problems=tuple(stat.problems),
        )

    def _identity(self, name: str, stat: Fields) -> str:
        return str(stat.count("ssrc") or name)

    def _find(self, name: str | None, stat: Fields) -> Fields:
        found = None if name is None else self._snapshot.stats.get(name)
        return Fields(found, "webrtc", stat.problems)

    def _linked(self, name: str, stat: Fields, kind: str) -> Fields:
        """Return what the other end tells of a stream.

        It is linked by `remoteId`, and back by `localId`; aiortc has neither, but the same number
        in both ids: its SSRC is the reporter's.
        """
        linked = self._find(stat.text("remoteId"), stat)
        if linked.raw("type") == kind:
            return linked
        twin = f"{kind}{name.removeprefix(_LOCAL_OF[kind])}"
        linked = self._find(self._remotes.get((kind, name), twin), stat)
        return linked if linked.raw("type") == kind else Fields(None, "webrtc", stat.problems)

    def _codec_of(self, stat: Fields) -> tuple[str | None, int | None]:
        told = self._find(stat.text("codecId"), stat)
        codec = sdp_name(told.text("mimeType")) or self._codec
        rate = told.count("clockRate") or self._clock_rate or clock_rate_of(codec)
        return codec, rate if rate and rate <= 1e7 else None

    def _jitter(self, stat: Fields, clock_rate: int | None) -> float | None:
        if self._snapshot.dialect == "w3c":
            return stat.number("jitter", high=1e6)
        units = stat.number("jitter", high=2**32)
        return None if units is None or clock_rate is None else units / clock_rate

    def _fraction(self, remote: Fields) -> float | None:
        if self._snapshot.dialect == "w3c":
            return remote.number("fractionLost", high=1.0)
        units = remote.number("fractionLost", high=255)
        return None if units is None else units / 256.0

    def _pair(self, stat: Fields) -> tuple[str | None, Total]:
        """Return the candidate pair that carries a stream, and its round trips."""
        transport = self._find(stat.text("transportId"), stat)
        name = transport.text("selectedCandidatePairId") or self._only_pair
        pair = self._find(name, stat)
        total = _total(pair, "totalRoundTripTime", "responsesReceived")
        return name, Total(total.total, total.count, pair.number("currentRoundTripTime"))


def _only_pair(snapshot: Snapshot) -> str | None:
    """Return the candidate pair in use where no transport names it.

    Firefox marks it `selected`. Chromium nominates several: that alone does not tell.
    """
    pairs = [(name, Fields(pair, "webrtc")) for name, pair in snapshot.of_type("candidate-pair")]
    selected = [name for name, pair in pairs if pair.raw("selected") is True]
    nominated = [name for name, pair in pairs if pair.raw("nominated") is True]
    chosen = selected or nominated
    return chosen[0] if len(chosen) == 1 else None


def _total(stat: Fields, total: str, count: str) -> Total:
    return Total(stat.number(total), stat.number(count))


def _round_trip(remote: Fields) -> Total:
    sums = _total(remote, "totalRoundTripTime", "roundTripTimeMeasurements")
    return Total(sums.total, sums.count, remote.number("roundTripTime"))


def _signed(stat: Fields, name: str) -> int | None:
    number = stat.number(name, low=_SIGNED)
    return None if number is None else int(number)
