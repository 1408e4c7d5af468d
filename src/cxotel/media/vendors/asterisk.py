"""Asterisk: the channel variable RTPAUDIOQOS, and RTP statistics of its REST interface.

Asterisk calls the other end "them": what it lost is `rlp`, what we lost is `lp`. Its media
experience score (MES), 0 to 100, is no R and no MOS, and left out.
"""

from __future__ import annotations

from typing import Final

from cxotel.media.errors import MalformedError
from cxotel.media.fields import Fields, report
from cxotel.media.quality import MediaQuality, ratio
from cxotel.media.vendors.telling import telling

_LONGEST: Final = 8192
_WRAP: Final = 1 << 32
_HALF: Final = 1 << 31

_ARI: Final = {"lost": "rxploss", "remote_lost": "txploss", "ssrc": "remote_ssrc"}
_QOS: Final = {"lost": "lp", "remote_lost": "rlp", "ssrc": "themssrc"}


def audio_qos(text: str) -> tuple[MediaQuality, ...]:
    """Read the variable RTPAUDIOQOS, also with what RTPAUDIOQOSJITTER and others say behind it.

    Args:
        text: Its value: `key=value` pairs with semicolons between.

    Returns:
        A record of what came in, and where the other end reported one of what went out.

    Raises:
        MalformedError: It has no such pairs, or is too long.

    Example:
        >>> inbound, outbound = audio_qos(
        ...     "ssrc=1;themssrc=2;lp=1;rxjitter=0.012;rxcount=1516;txjitter=0;txcount=1520;"
        ...     "rlp=0;rtt=0.129104;rxmes=83.194"
        ... )
        >>> inbound.lost, inbound.jitter, inbound.round_trip, outbound.loss
        (1, 0.012, 0.129104, 0.0)

    Source: Asterisk, main/rtp_engine.c.
    """
    if len(text) > _LONGEST:
        raise MalformedError(f"asterisk: {len(text)} characters are no RTPAUDIOQOS")
    parts = (part.partition("=") for part in text.replace("|", ";").split(";"))
    pairs = {key.strip().lower(): value for key, found, value in parts if found}
    if not pairs.keys() & {"lp", "rxcount", "txcount", "rxjitter", "avgrxjitter"}:
        raise MalformedError("asterisk: no RTPAUDIOQOS")
    told = Fields(pairs, "asterisk")
    return _qualities(told, _QOS, "avgrxjitter", "maxrxjitter")


def rtp_statistics(document: object) -> tuple[MediaQuality, ...]:
    """Read the answer of `GET /channels/{id}/rtp_statistics`.

    Args:
        document: The answer, or its JSON.

    Returns:
        As of `audio_qos`.

    Raises:
        MalformedError: It is no object.

    Example:
        >>> (inbound,) = rtp_statistics({"rxcount": 98, "rxploss": 2, "rtt": 0, "txploss": 0})
        >>> inbound.loss, inbound.round_trip
        (0.02, None)

    Source: Asterisk, rest-api/api-docs/channels.json, model RTPstat; seconds and packets.
    """
    told = report(document, "asterisk")
    return _qualities(told, _ARI, "local_normdevjitter", "local_maxjitter")


def _qualities(
    told: Fields, names: dict[str, str], mean: str, peak: str
) -> tuple[MediaQuality, ...]:
    ssrc = told.count(names["ssrc"])
    leg = told.text("channel_uniqueid") or (f"{ssrc % _WRAP:08x}" if ssrc else None)
    packets, lost = told.count("rxcount"), _lost(told, names["lost"])
    sent, remote_lost = told.count("txcount"), _lost(told, names["remote_lost"])
    average = told.number(mean)
    # Without RTCP there was no round trip, and it is written as 0.
    round_trip = told.number("rtt", high=1e5) or None
    inbound = MediaQuality(
        source="asterisk",
        system="asterisk",
        leg=leg,
        direction="inbound",
        measured_at="local",
        packets=packets,
        lost=lost,
        loss=None if packets is None or lost is None else ratio(lost, packets + lost),
        jitter=told.number("rxjitter") if average is None else average,
        jitter_max=told.number(peak),
        round_trip=round_trip,
    )
    # Jitter and loss of the other end come with its reports, of which the round trip is a sign.
    heard = round_trip is not None or bool(remote_lost) or bool(told.number("txjitter"))
    outbound = MediaQuality(
        source="asterisk",
        system="asterisk",
        leg=leg,
        direction="outbound",
        measured_at="remote",
        lost=remote_lost if heard else None,
        loss=ratio(remote_lost, sent) if heard else None,
        jitter=told.number("txjitter") if heard else None,
        round_trip=round_trip,
    )
    return telling((inbound, outbound), told.problems)


def _lost(told: Fields, name: str) -> int | None:
    lost = told.count(name)
    # Duplicates make losses negative; printed without a sign that is four billion.
    return 0 if lost is not None and _HALF <= lost < _WRAP else lost
