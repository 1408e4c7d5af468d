"""Chromium's `chrome://webrtc-internals` export: a series of values for each member."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, cast

from cxotel.media.errors import MalformedError
from cxotel.media.values import parse_time
from cxotel.media.webrtc.snapshot import Snapshot

MAX_SNAPSHOTS: Final = 4096
"""How many snapshots of one connection are read, the newest; Chromium keeps 1000."""

MAX_OBJECTS: Final = 1000
"""How many objects one connection may have, video left out."""

_MAX_CELLS: Final = 500_000
"""How many values of one connection are looked at."""

_TYPES: Final = frozenset(
    (
        "inbound-rtp",
        "outbound-rtp",
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
        MalformedError: A peer connection has more than `MAX_OBJECTS` objects.

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
    return {
        name: _snapshots(_mapping(_mapping(connection).get("stats")), name)
        for name, connection in _mapping(cast("object", connections)).items()
    }


def _snapshots(stats: dict[str, Any], peer: str) -> list[Snapshot]:
    series = _series(stats)
    if len(series) > MAX_OBJECTS:
        raise MalformedError(f"webrtc: more than {MAX_OBJECTS} objects are no report")
    lengths = {name: max(map(len, stat.values())) for name, stat in series.items()}
    members = sum(map(len, series.values()))
    length = min(max(lengths.values(), default=0), MAX_SNAPSHOTS, 1 + _MAX_CELLS // (members or 1))
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
        found.setdefault(name, {"type": [kind]})[member] = values
        if len(times.get(name, ())) < len(values):
            times[name] = _times(series, len(values))
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


def _times(series: dict[str, Any], count: int) -> list[Any]:
    """Return a time for each value, milliseconds: the export tells the first and the last."""
    start, end = parse_time(series.get("startTime")), parse_time(series.get("endTime"))
    if start is None or end is None or end < start:
        return []
    step = (end - start) / max(1, count - 1)
    return [(end - step * back) * 1000.0 for back in range(count - 1, -1, -1)]


def _at(stat: dict[str, list[Any]], back: int) -> dict[str, Any]:
    """Return an object as it was, counted from the end."""
    now = {name: values[-back] for name, values in stat.items() if back <= len(values)}
    return now | {"type": stat["type"][0]}


def _mapping(value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        return {}
    return {str(key): item for key, item in cast("Mapping[Any, Any]", value).items()}
