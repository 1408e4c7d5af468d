"""Daily's network statistics, which are intervals already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxotel.media.fields import Fields, report
from cxotel.media.quality import MediaQuality

if TYPE_CHECKING:
    from cxotel.media.quality import Direction

INTERVAL: Final = 2.0
"""Seconds that the newest statistics are of."""

_DIRECTIONS: Final[tuple[tuple[Direction, str], ...]] = (("inbound", "Recv"), ("outbound", "Send"))


def network_stats(document: object) -> tuple[MediaQuality, ...]:
    """Read what Daily's `get_network_stats()` or `getNetworkStats()` returned.

    Its `quality` of 1 to 100 is a label of the network, video included, and no judgement of sound.

    Args:
        document: What it returned, or its JSON text.

    Returns:
        A record for each direction that tells anything; none before a call.

    Raises:
        MalformedError: It is no object.

    Example:
        >>> latest = {"audioRecvPacketLoss": 0.02, "networkRoundTripTime": 0.08}
        >>> (record,) = network_stats({"stats": {"latest": latest}})
        >>> record.loss, record.round_trip, record.direction
        (0.02, 0.08, 'inbound')

    Source: docs.daily.co, instance method getNetworkStats(): from WebRTC's statistics, in seconds
    and shares.
    """
    latest = report(document, "daily").child("stats").child("latest")
    records = (_quality(latest, direction, word) for direction, word in _DIRECTIONS)
    return tuple(record for record in records if record is not None)


def _quality(latest: Fields, direction: Direction, word: str) -> MediaQuality | None:
    loss = latest.number(f"audio{word}PacketLoss", high=1.0)
    jitter = latest.number(f"audio{word}Jitter", high=1e3)
    if loss is None and jitter is None and not latest.problems:
        return None
    end = latest.number("timestamp", high=1e11)
    return MediaQuality(
        source="webrtc",
        system="daily",
        direction=direction,
        measured_at="local" if direction == "inbound" else "remote",
        start=None if end is None else end - INTERVAL,
        duration=INTERVAL,
        loss=loss,
        jitter=jitter,
        round_trip=latest.number("networkRoundTripTime", high=1e3),
        problems=tuple(latest.problems),
    )
