"""LiveKit's statistics: the W3C's members, sorted into messages within messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from cxotel.media.fields import Fields
from cxotel.media.values import snake

_PEERS: Final = {"publisher": "publisherStats", "subscriber": "subscriberStats"}


def peers(content: object) -> dict[str, Iterable[object]] | None:
    """Return the statistics of each peer connection, None for what is not LiveKit's.

    Args:
        content: `RtcStats` of the Python library, or its JSON form.

    Example:
        >>> peers({"publisher_stats": [], "subscriber_stats": []})
        {'publisher': [], 'subscriber': []}
    """
    fields = Fields(content, "livekit")
    found = {peer: fields.raw(name) for peer, name in _PEERS.items()}
    if all(value is None for value in found.values()):
        return None
    return {
        peer: cast("Iterable[object]", value)
        for peer, value in found.items()
        if isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping))
    }


def flattened(stat: object) -> dict[str, object]:
    """Return one statistic as one object, with its type as the W3C names it.

    Args:
        stat: A message of the oneof `stats`, or its JSON form.

    Example:
        >>> flattened({"inboundRtp": {"rtc": {"id": "I1"}, "received": {"packetsLost": "2"}}})
        {'id': 'I1', 'packetsLost': '2', 'type': 'inbound-rtp'}

    Source: livekit-ffi's protocol, `stats.proto`.
    """
    for name, parts in _members(stat).items():
        flat: dict[str, object] = {}
        for part in _members(parts).values():
            flat.update(_members(part))
        return {**flat, "type": snake(name).replace("_", "-")}
    return {}


def _members(message: Any) -> dict[str, Any]:
    """Return what is set in a message: protobuf knows which of its fields were never written."""
    if isinstance(message, Mapping):
        return {str(name): value for name, value in cast("Mapping[Any, Any]", message).items()}
    listed = getattr(message, "ListFields", None)
    if not callable(listed):
        return {}
    fields = cast("Iterable[tuple[Any, Any]]", listed())
    return {field.name: value for field, value in fields}
