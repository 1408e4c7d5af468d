"""From a capture to the streams of sound in it and what their receivers reported."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from cxotel.media.errors import MalformedError
from cxotel.media.files.capture import Capture
from cxotel.media.files.network import LINKS, TCP, datagram
from cxotel.media.files.reports import ReportFinder, Series, Way
from cxotel.media.files.sdp import announced, is_sip
from cxotel.media.files.streams import Followed, StreamFinder
from cxotel.media.rtp import is_rtcp
from cxotel.media.vq_rtcpxr import VqReader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.media.files.network import Datagram
    from cxotel.media.files.source import Source
    from cxotel.media.quality import MediaQuality
    from cxotel.media.rtp import Payload

_MAX_PHONES = 1024


class Heard(NamedTuple):
    """One stream, as one party saw it.

    Args:
        name: Whence and whither, and who says so.
        record: How it fared.
        whole_way: Whether its round trip is that of the whole way.
        discards_seen: Whether that party knows what a jitter buffer discarded.
    """

    name: str
    record: MediaQuality
    whole_way: bool = True
    discards_seen: bool = False


@dataclass(frozen=True, slots=True)
class Calls:
    """What a capture holds.

    Args:
        heard: The streams.
        notes: What was left out, and why.
    """

    heard: tuple[Heard, ...]
    notes: tuple[str, ...]


def calls(source: Source, unnamed: Payload | None = None) -> Calls:
    """Find the sound in a capture.

    Args:
        source: The capture file.
        unnamed: What dynamic payload types mean that no SDP in the capture names.

    Raises:
        MissingLibraryError: What reads captures is not installed.
        MalformedError: It is no capture.
    """
    finder = _Finder(unnamed)
    capture = Capture(source)
    for time, link, data in capture.frames():
        finder.frame(time, link, data)
    if capture.problem is not None:
        finder.notes.append(capture.problem)
    return finder.found()


class _Finder:
    def __init__(self, unnamed: Payload | None) -> None:
        self._streams = StreamFinder(unnamed)
        self._reports = ReportFinder()
        self._phones = VqReader()
        self._told: list[Heard] = []
        self._strange_links: set[int] = set()
        self._frames = 0
        self.notes: list[str] = []

    def frame(self, time: float, link: int, data: bytes) -> None:
        self._frames += 1
        if link not in LINKS:
            self._strange_links.add(link)
            return
        found = datagram(link, data)
        if found is None or not -1e12 < time < 1e12:
            return
        payload = found.payload
        if payload[:1].isalpha() and is_sip(payload):
            self._sip(found)
        elif found.protocol == TCP:
            return
        elif is_rtcp(payload):
            self._reports.add(found, time)
        elif payload and payload[0] >> 6 == 2:
            self._streams.add(found, time)

    def _sip(self, message: Datagram) -> None:
        for media in announced(message.payload):
            self._streams.announce(media)
        if message.payload.startswith((b"PUBLISH ", b"NOTIFY ")):
            try:
                records = self._phones.receive(message.payload)
            except MalformedError:
                return
            name = f"as the phone at {message.origin} reported"
            if len(self._told) < _MAX_PHONES:
                self._told += [Heard(name, record, discards_seen=True) for record in records]

    def found(self) -> Calls:
        audible = [each for each in self._streams.streams if not each.pictures]
        sound = [each for each in audible if not each.keys]
        heard = [*self._captured(sound), *self._reported(sound), *self._told]
        if pictures := len(self._streams.streams) - len(audible):
            self.notes.append(f"{pictures} streams of video are left out")
        if keys := len(audible) - len(sound):
            self.notes.append(f"{keys} streams of pressed keys are left out")
        if self._streams.left_out:
            self.notes.append(f"{self._streams.left_out} packets of further streams are left out")
        if self._strange_links:
            numbers = ", ".join(map(str, sorted(self._strange_links)[:8]))
            self.notes.append(f"packets of link layers that are not read: {numbers}")
        if not heard:
            why = "".join(f"; {note}" for note in self.notes)
            raise MalformedError(f"capture: no RTP in {self._frames} packets{why}")
        return Calls(tuple(heard), tuple(self.notes))

    def _captured(self, sound: list[Followed]) -> Iterator[Heard]:
        ways = Counter((each.key.origin, each.key.target) for each in sound)
        for each in sound:
            record = each.stream.quality(direction=None)
            way = Way.of(each.key.origin, each.key.target)
            round_trip, whole = self._reports.round_trip(way)
            name = f"{each.key.origin} > {each.key.target}"
            if ways[each.key.origin, each.key.target] > 1:
                name += f", source {each.key.ssrc:08x}"
            if record.codec is None:
                name += f", payload type {each.kind}"
            whole = whole or round_trip is None
            yield Heard(name, replace(record, round_trip=round_trip), whole)

    def _reported(self, sound: list[Followed]) -> Iterator[Heard]:
        by_source: dict[int, list[Followed]] = {}
        for each in sound:
            by_source.setdefault(each.key.ssrc, []).append(each)
        for ssrc, series in self._reports.series(by_source):
            stream = _reported_on(series, by_source.get(ssrc, []))
            yield from self._told_by(series, stream)

    def _told_by(self, series: Series, stream: Followed | None) -> Iterator[Heard]:
        seen = None if stream is None else stream.stream.quality(direction=None)
        round_trip, whole = self._reports.round_trip(series.way.back())
        whole = whole or round_trip is None
        name = f"as {series.origin} reported"
        if stream is not None:
            name = f"{stream.key.origin} > {stream.key.target}, {name}"
        for record in series.records(None if seen is None else seen.clock_rate):
            told = record.round_trip if round_trip is None else round_trip
            known = replace(record, codec=seen.codec if seen else None, round_trip=told)
            yield Heard(name, known, whole, record.source == "rtcp_xr")


def _reported_on(series: Series, streams: list[Followed]) -> Followed | None:
    """Return the stream that a report is on: the same id may pass through several hops."""
    back = series.way.back()
    same = [each for each in streams if Way.of(each.key.origin, each.key.target) == back]
    return next(iter(same or streams), None)
