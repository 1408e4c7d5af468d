"""Chromium's `chrome://webrtc-internals` export: a series of values for each member."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, cast

from cxotel.media.errors import MalformedError
from cxotel.media.values import parse_time
from cxotel.media.webrtc.snapshot import STREAM_WEIGHT, Snapshot

MAX_CONNECTIONS: Final = 256
"""How many peer connections one file may have."""

MAX_SNAPSHOTS: Final = 4096
"""How many snapshots of one connection are read, the newest; Chromium keeps 1000."""

MAX_OBJECTS: Final = 1000
"""How many objects one connection may have, video left out."""

MAX_WEIGHT: Final = 400_000
"""How much of one file is read: the newest snapshots whose weights add up to this."""

_STREAMS: Final = ("inbound-rtp", "outbound-rtp")
_TYPES: Final = frozenset(
    (
        *_STREAMS,
        "remote-inbound-rtp",
        "remote-outbound-rtp",
        "media-playout",
        "candidate-pair",
        "transport",
        "codec",
    )
)


def internals(content: object) -> dict[str, list[Snapshot]] | None:
    """Return the snapshots of each peer connection, None for what is no such export.

    Series that began later are shorter: they are aligned at their end.

    Args:
        content: What was read from the file's JSON.

    Raises:
        MalformedError: There are more than `MAX_CONNECTIONS`, or one has more than `MAX_OBJECTS`
            objects.

    Example:
        >>> series = {"statsType": "inbound-rtp", "values": "[40, 90]"}
        >>> export = {"PeerConnections": {"7-1": {"stats": {"I1-packetsReceived": series}}}}
        >>> [s.stats["I1"]["packetsReceived"] for s in internals(export)["7-1"]]
        [40, 90]

    Source: Chromium, content/browser/webrtc/resources.
    """
    connections = _mapping(content).get("PeerConnections")
    if not isinstance(connections, Mapping):
        return None
    found = _mapping(cast("object", connections))
    if len(found) > MAX_CONNECTIONS:
        raise MalformedError(f"webrtc: more than {MAX_CONNECTIONS} connections are no report")
    share = MAX_WEIGHT // max(1, len(found))
    return {
        name: _snapshots(_mapping(_mapping(connection).get("stats")), name, share)
        for name, connection in found.items()
    }


def _snapshots(stats: dict[str, Any], peer: str, share: int) -> list[Snapshot]:
    series = _series(stats)
    if len(series) > MAX_OBJECTS:
        raise MalformedError(f"webrtc: more than {MAX_OBJECTS} objects are no report")
    lengths = {name: max(map(len, stat.values())) for name, stat in series.items()}
    streams = sum(stat["type"][0] in _STREAMS for stat in series.values())
    weight = len(series) + (STREAM_WEIGHT - 1) * streams
    length = min(max(lengths.values(), default=0), MAX_SNAPSHOTS, 1 + share // (weight or 1))
    return [
        Snapshot(
            {
                name: _at(stat, back) | {"id": name}
                for name, stat in series.items()
                if back <= lengths[name]
            },
            peer=peer,
        )
        for back in range(length, 0, -1)
    ]


def _series(stats: dict[str, Any]) -> dict[str, dict[str, list[Any]]]:
    """Gather the series by object and member: `IT01A123-packetsLost` is a member of `IT01A123`."""
    found: dict[str, dict[str, list[Any]]] = {}
    times: dict[str, list[Any]] = {}
    for key, told in stats.items():
        name, _, member = key.rpartition("-")
        series = _mapping(told)
        # What stands in brackets is what the page computed for its graphs.
        kind = series.get("statsType")
        if not name or member.startswith("[") or not isinstance(kind, str) or kind not in _TYPES:
            continue
        values = _values(series.get("values"))
        if not values:
            continue
        kept = values[-MAX_SNAPSHOTS:]
        found.setdefault(name, {"type": [kind]})[member] = kept
        if len(times.get(name, ())) < len(kept):
            times[name] = _times(series, len(values), len(kept))
    for name, stat in found.items():
        stat.setdefault("timestamp", times[name])
    return {name: stat for name, stat in found.items() if stat.get("kind", [""])[-1] != "video"}


def _values(values: object) -> list[Any]:
    """Return a series; it is JSON within JSON."""
    if isinstance(values, str):
        try:
            values = json.loads(values)
        except (ValueError, RecursionError):
            return []
    return cast("list[Any]", values) if isinstance(values, list) else []


def _times(series: dict[str, Any], count: int, kept: int) -> list[Any]:
    """Return a time for each value kept, milliseconds.

    The export tells the first and the last of all.
    """
    start, end = parse_time(series.get("startTime")), parse_time(series.get("endTime"))
    if start is None or end is None or end < start:
        return []
    step = (end - start) / max(1, count - 1)
    return [(end - step * back) * 1000.0 for back in range(kept - 1, -1, -1)]


def _at(stat: dict[str, list[Any]], back: int) -> dict[str, Any]:
    """Return an object as it was, counted from the end."""
    now = {name: values[-back] for name, values in stat.items() if back <= len(values)}
    return now | {"type": stat["type"][0]}


def _mapping(value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        return {}
    return {str(key): item for key, item in cast("Mapping[Any, Any]", value).items()}
