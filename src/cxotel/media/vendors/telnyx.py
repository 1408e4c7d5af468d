"""Telnyx: the statistics of the webhook `call.hangup`.

They are its media server's: `skip_packet_count` counts reads that found no packet, of which calls
without loss have many too, and `jitter_max_variance` is a variance. Neither is loss or jitter as
the standards have them, and both are left out. What was sent tells nothing of what arrived.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxotel.media.fields import Fields, load, report
from cxotel.media.quality import MediaQuality
from cxotel.media.rtp.payload_types import sdp_name
from cxotel.media.vendors.telling import reported, telling

if TYPE_CHECKING:
    from cxotel.media.quality import Direction

_DIRECTIONS: Final[tuple[Direction, ...]] = ("inbound", "outbound")


def hangup(document: object) -> tuple[MediaQuality, ...]:
    """Read the statistics at the end of a call.

    Args:
        document: The webhook, its `data` or `payload`, or its JSON; numbers are text there. Also
            the parameters of a TeXML callback, whose `CallQualityStats` is JSON within text.

    Returns:
        A record for each direction that tells anything.

    Raises:
        MalformedError: It is no object, or the JSON within is none.

    Example:
        >>> stats = {"inbound": {"mos": "4.50", "packet_count": "1350"}}
        >>> (record,) = hangup({"data": {"payload": {"call_quality_stats": stats}}})
        >>> record.packets, record.judgements[0].mos
        (1350, 4.5)

    Source: the schema CallQualityStats of Telnyx's API.
    """
    call = report(document, "telnyx")
    for name in ("data", "payload"):
        call = call if call.raw(name) is None else call.child(name)
    stats = call.child("call_quality_stats")
    if call.raw("CallQualityStats") is not None:
        stats = Fields(load(call.raw("CallQualityStats"), "telnyx"), "telnyx", call.problems)
    leg = call.text("call_leg_id") or call.text("CallSid")
    records = [_quality(stats.child(way), way, leg, call.text("codec")) for way in _DIRECTIONS]
    return telling(records, call.problems)


def _quality(
    told: Fields, direction: Direction, leg: str | None, codec: str | None
) -> MediaQuality:
    inbound = direction == "inbound"
    return MediaQuality(
        source="telnyx",
        system="telnyx",
        leg=leg,
        direction=direction,
        measured_at="local" if inbound else None,
        codec=sdp_name(codec),
        packets=told.count("packet_count") if inbound else None,
        judgements=reported(told.number("mos")),
    )
