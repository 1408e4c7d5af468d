"""Files with statistics of WebRTC calls: exports, and snapshots saved by whoever took them.

Example:
    >>> snapshot = {"T1": {"id": "T1", "type": "transport", "timestamp": 0}}
    >>> [session.name for session in sessions({"agent": [snapshot, snapshot]})]
    ['agent']
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, cast

from cxotel.media.errors import MalformedError
from cxotel.media.fields import load
from cxotel.media.webrtc import WebRtcReader, require_rate, stream_quality
from cxotel.media.webrtc.gather import StreamReader
from cxotel.media.webrtc.internals import (
    MAX_CONNECTIONS,
    MAX_SNAPSHOTS,
    MAX_WEIGHT,
    internals,
)
from cxotel.media.webrtc.snapshot import MAX_BYTES, Snapshot, is_snapshot, read_snapshots

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.media.quality import MediaQuality
    from cxotel.media.webrtc.stream import Stream

_DEPTH: Final = 3
MAX_SESSIONS: Final = MAX_CONNECTIONS
"""How many peer connections one file may have."""


@dataclass(frozen=True, slots=True)
class Session:
    """The snapshots of one peer connection.

    Args:
        name: What the file calls it.
        snapshots: The snapshots, oldest first.
    """

    name: str
    snapshots: tuple[Snapshot, ...]

    def totals(
        self, *, codec: str | None = None, clock_rate: int | None = None
    ) -> tuple[MediaQuality, ...]:
        """Return a record for each stream, since its begin.

        Jitter is the mean over the snapshots.

        Args:
            codec: As of `WebRtcReader`.
            clock_rate: As of `WebRtcReader`.
        """
        rate = None if clock_rate is None else int(require_rate(clock_rate))
        last: dict[str, tuple[Stream, str | None]] = {}
        jitters: dict[str, list[float]] = {}
        for snapshot in self.snapshots:
            for stream in StreamReader(snapshot, codec, rate).streams():
                last[stream.key] = (stream, snapshot.system)
                if stream.jitter is not None:
                    jitters.setdefault(stream.key, []).append(stream.jitter)
        return tuple(
            _with_jitter(stream_quality(stream, None, system=system), jitters.get(key, []))
            for key, (stream, system) in last.items()
        )

    def intervals(
        self, *, codec: str | None = None, clock_rate: int | None = None
    ) -> tuple[MediaQuality, ...]:
        """Return a record for each stream and stretch between two snapshots.

        Args:
            codec: As of `WebRtcReader`.
            clock_rate: As of `WebRtcReader`.
        """
        reader = WebRtcReader(codec=codec, clock_rate=clock_rate)
        return tuple(record for snapshot in self.snapshots for record in reader.feed(snapshot))


def sessions(document: object) -> tuple[Session, ...]:
    """Find the peer connections in a file.

    Of a long file the newest snapshots are read (see `MAX_WEIGHT`).

    Args:
        document: JSON text, or what was read from it: an export of `chrome://webrtc-internals`; a
            snapshot of `getStats()` or a list of them; or an object that has such things in it.

    Raises:
        MalformedError: There is none in it, more than `MAX_SESSIONS`, or one snapshot of each
            is already too much.
    """
    content = load(document, "webrtc", MAX_BYTES)
    exported = internals(content)
    if exported is not None:
        found = [Session(name, tuple(snapshots)) for name, snapshots in exported.items()]
    else:
        found = list(_found(content, "", 0))
    if not found:
        raise MalformedError("webrtc: no statistics of getStats() found")
    if len(found) > MAX_SESSIONS:
        raise MalformedError(f"webrtc: more than {MAX_SESSIONS} connections are no report")
    return _newest(found)


def _newest(found: list[Session]) -> tuple[Session, ...]:
    """Keep so many snapshots of each session, the newest, that reading them takes seconds."""
    share = MAX_WEIGHT // len(found)
    total = 0
    kept: list[Session] = []
    for session in found:
        weights = [snapshot.weight for snapshot in session.snapshots]
        first = len(weights)
        weight = 0
        while first and (first == len(weights) or weight + weights[first - 1] <= share):
            first -= 1
            weight += weights[first]
        total += weight
        kept.append(Session(session.name, session.snapshots[first:]))
    if total > 2 * MAX_WEIGHT:
        raise MalformedError("webrtc: so many streams are no report")
    return tuple(kept)


def _found(content: object, name: str, depth: int) -> Iterator[Session]:
    if is_snapshot(content):
        yield from _by_peer(name, [content])
    elif isinstance(content, list):
        items = cast("list[object]", content)
        if items and all(map(is_snapshot, items)):
            yield from _by_peer(name, items[-MAX_SNAPSHOTS:])
    elif isinstance(content, Mapping) and depth < _DEPTH:
        for key, value in cast("Mapping[object, object]", content).items():
            yield from _found(value, str(key), depth + 1)


def _by_peer(name: str, documents: list[object]) -> Iterator[Session]:
    snapshots: dict[str, list[Snapshot]] = {}
    for document in documents:
        for snapshot in read_snapshots(document):
            snapshots.setdefault(snapshot.peer, []).append(snapshot)
    for peer, taken in snapshots.items():
        yield Session(" ".join(part for part in (name, peer) if part), tuple(taken))


def _with_jitter(record: MediaQuality, jitters: list[float]) -> MediaQuality:
    if not jitters:
        return record
    mean = sum(jitters) / len(jitters)
    return replace(record, jitter=mean, jitter_max=max(jitters), jitter_samples=len(jitters))
