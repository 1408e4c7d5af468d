"""One answer of `getStats()`, in whichever shape a library hands it out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Final, Literal, cast

from cxotel.media.errors import MalformedError
from cxotel.media.fields import Fields, load
from cxotel.media.values import parse_number, parse_time
from cxotel.media.webrtc.livekit import flattened, peers

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_STATS: Final = 20_000
"""How many objects one answer may have."""

MAX_BYTES: Final = 32 * 1024 * 1024
"""How long the JSON of an answer, or of a file of them, may be."""

Dialect = Literal["w3c", "aiortc"]
"""Whose units: those of the W3C, or aiortc's RTP timestamp units and 256ths."""

STREAM_WEIGHT: Final = 20
"""How many times the work of another object a stream's object is."""

_STREAMS: Final = ("inbound-rtp", "outbound-rtp")
_LATEST: Final = 1e11
_MICROSECONDS: Final = 1e14
"""From this on a timestamp counts microseconds: as milliseconds it would be in the year 5138."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one peer connection told at one time.

    Args:
        stats: Each object of the answer by its id: a mapping, or an object with attributes.
        peer: Which of several peer connections; empty where there is one.
        system: The vendor whose library told it.
        dialect: Whose units the numbers are in.
    """

    stats: Mapping[str, object]
    peer: str = ""
    system: str | None = None
    dialect: Dialect = "w3c"

    @property
    def weight(self) -> int:
        """How much work it is to read, where an object that tells of no stream is 1."""
        streams = sum(_member(stat, "type") in _STREAMS for stat in self.stats.values())
        return len(self.stats) + (STREAM_WEIGHT - 1) * streams

    def of_type(self, kind: str) -> Iterator[tuple[str, object]]:
        """Go through the objects of one type.

        Args:
            kind: The type's name, as `inbound-rtp`.
        """
        for name, stat in self.stats.items():
            if _member(stat, "type") == kind:
                yield name, stat


def read_snapshots(document: object) -> tuple[Snapshot, ...]:
    """Read one answer of `getStats()`.

    Args:
        document: A browser's report as JSON text or as what was read from it: an object of objects,
            a list of them, or a list of pairs; aiortc's `RTCStatsReport`; LiveKit's `RtcStats`.

    Returns:
        One snapshot; two for LiveKit, which has a peer connection for each direction.

    Raises:
        MalformedError: It is none of these, or holds more than `MAX_STATS` objects.

    Example:
        >>> (snapshot,) = read_snapshots('{"T01": {"type": "transport", "timestamp": 1.5}}')
        >>> list(snapshot.stats), snapshot.dialect
        (['T01'], 'w3c')

    Source: W3C Identifiers for WebRTC's Statistics API; the libraries' own sources.
    """
    content = load(document, "webrtc", MAX_BYTES)
    found = peers(content)
    if found is not None:
        return _livekit(found)
    stats = _by_id(_objects(content))
    return (Snapshot(stats, dialect=_dialect(stats)),)


def _livekit(peers: Mapping[str, Iterable[object]]) -> tuple[Snapshot, ...]:
    """Read each peer connection; one that nothing was sent over has no statistics."""
    listed = {peer: list(islice(stats, MAX_STATS + 1)) for peer, stats in peers.items()}
    told = {peer: stats for peer, stats in listed.items() if stats} or listed
    return tuple(
        Snapshot(_by_id(enumerate(map(flattened, stats))), peer, "livekit")
        for peer, stats in told.items()
    )


def is_snapshot(content: object) -> bool:
    """Tell whether something looks like one answer of `getStats()`.

    Args:
        content: What was read from a document.

    Example:
        >>> is_snapshot([{"id": "T01", "type": "transport"}]), is_snapshot({"sender": {}})
        (True, False)
    """
    if peers(content) is not None:
        return True
    if isinstance(content, Mapping):
        values: Iterable[object] = cast("Mapping[object, object]", content).values()
    elif isinstance(content, list):
        values = (_unpaired(item) for item in cast("list[object]", content))
    else:
        return False
    some = list(islice(values, 64))
    return bool(some) and all(isinstance(_member(value, "type"), str) for value in some)


def seconds(timestamp: object) -> float | None:
    """Return a statistic's timestamp in seconds since 1970.

    Args:
        timestamp: Milliseconds as the W3C has it, microseconds as libwebrtc has it, or a time.

    Returns:
        The time; None where it is none, or beyond all calendars.

    Example:
        >>> seconds(1500.0), seconds(1_700_000_000_000_000)
        (1.5, 1700000000.0)
    """
    number = parse_number(timestamp)
    if number is None:
        return parse_time(timestamp)
    found = number / (1e6 if number >= _MICROSECONDS else 1e3)
    return found if abs(found) < _LATEST else None


def _objects(content: object) -> Iterable[tuple[object, object]]:
    if isinstance(content, Mapping):
        return cast("Mapping[object, object]", content).items()
    if isinstance(content, (list, tuple)):
        items = cast("Iterable[object]", content)
        return ((f"#{number}", _unpaired(item)) for number, item in enumerate(items))
    raise MalformedError(f"webrtc: {type(content).__name__} is no report")


def _unpaired(item: object) -> object:
    # JSON.stringify([...report]) makes pairs of an id and its object.
    if isinstance(item, (list, tuple)):
        pair = cast("list[object]", item)
        return pair[1] if len(pair) == 2 else None
    return item


def _by_id(stats: Iterable[tuple[object, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for number, (key, stat) in enumerate(stats):
        if number == MAX_STATS:
            raise MalformedError(f"webrtc: more than {MAX_STATS} objects are no report")
        if isinstance(_member(stat, "type"), str):
            name = _member(stat, "id")
            found[name if isinstance(name, str) else str(key)] = stat
    if not found:
        raise MalformedError("webrtc: the report has no statistics")
    return found


def _dialect(stats: Mapping[str, object]) -> Dialect:
    """Tell aiortc by its timestamps: everybody else's are numbers."""
    times = (_member(stat, "timestamp") for stat in stats.values())
    # In JSON they are texts, with a T or a blank between day and hour.
    odd = any(isinstance(t, (datetime, str)) and parse_time(t) is not None for t in times)
    return "aiortc" if odd else "w3c"


def _member(stat: object, name: str) -> object:
    # Files hold hundreds of thousands of objects, nearly all of them dictionaries.
    if isinstance(stat, dict):
        return cast("dict[object, object]", stat).get(name)
    return Fields(stat, "webrtc").raw(name)
