"""Genesys Cloud: conversation details of its analytics, with `mediaEndpointStats`.

Neither jitter nor lost packets are told. MOS and R are the least of the stream's intervals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxotel.media.fields import reports
from cxotel.media.quality import MediaQuality, ratio
from cxotel.media.rtp.payload_types import sdp_name
from cxotel.media.vendors.telling import reported, telling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.media.fields import Fields


def conversations(document: object) -> tuple[MediaQuality, ...]:
    """Read the details of conversations.

    Args:
        document: A conversation, or the answer of a query with `conversations`: its JSON, or the
            Python library's objects.

    Returns:
        A record for each media endpoint of each session, whose leg is the session and whose name
        is what the participant is to the call: `agent`, `customer`, `external`, `ivr`. For a
        conversation without them one of its least MOS, where that is known.

    Raises:
        MalformedError: It is no object.

    Example:
        >>> stats = [{"minMos": 4.2, "receivedPackets": 200, "discardedPackets": 4}]
        >>> session = {"sessionId": "s1", "mediaEndpointStats": stats}
        >>> call = {"participants": [{"purpose": "agent", "sessions": [session]}]}
        >>> (record,) = conversations(call)
        >>> record.leg, record.leg_name, record.discard, record.judgements[0].mos
        ('s1', 'agent', 0.02, 4.2)

    Source: the models AnalyticsConversation and AnalyticsMediaEndpointStat of Genesys Cloud's API.
    """
    calls, problems = reports(document, "genesys", "conversations")
    return telling((record for call in calls for record in _conversation(call)), problems)


def _conversation(call: Fields) -> Iterator[MediaQuality]:
    told = False
    for person in call.children("participants"):
        for session in person.children("sessions"):
            for endpoint in session.children("mediaEndpointStats"):
                told = True
                yield _endpoint(endpoint, session.text("sessionId"), person.text("purpose"))
    if not told:
        yield MediaQuality(
            source="genesys",
            system="genesys",
            leg=call.text("conversationId"),
            judgements=reported(
                call.number("mediaStatsMinConversationMos"),
                call.number("mediaStatsMinConversationRFactor"),
            ),
        )


def _endpoint(told: Fields, leg: str | None, purpose: str | None) -> MediaQuality:
    received, discarded = told.count("receivedPackets"), told.count("discardedPackets")
    return MediaQuality(
        source="genesys",
        system="genesys",
        leg=leg,
        leg_name=purpose,
        direction="inbound",
        measured_at="local",
        codec=_codec(told),
        # Discarded packets count as received, and those over- and underrun as discarded.
        packets=received,
        discarded=discarded,
        duplicates=told.count("duplicatePackets"),
        discard=ratio(discarded, received),
        one_way_delay=told.number("maxLatencyMs", unit=0.001),
        judgements=reported(told.number("minMos"), told.number("minRFactor")),
    )


def _codec(told: Fields) -> str | None:
    """Return the codec where there was one: what was measured of each is not told apart."""
    codecs = told.values("codecs")
    only = codecs[0] if len(codecs) == 1 else None
    return sdp_name(only) if isinstance(only, str) else None
