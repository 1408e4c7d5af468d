"""From a record of media quality to the E-model's judgement of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cxotel.media import codecs, emodel
from cxotel.media.quality import Judgement

if TYPE_CHECKING:
    from cxotel.media.codecs import Impairment
    from cxotel.media.quality import MediaQuality

_ROBUST: Final = 16.0
"""The Bpl from which on ITU-T G.107 recommends burst ratios other than 1."""


def judged(
    record: MediaQuality, codec: Impairment | None = None, *, a: float = 0.0
) -> MediaQuality:
    """Add the judgement of the codec's own E-model to a record.

    Packets that the jitter buffer discarded count as lost. Where any delay is known, the judgement
    is `conversational`; where mouth-to-ear delay itself is not, it is put together from what is
    (`delay_of`), and the real one can only be longer. Without any it is of `listening` alone.
    Bursts count for narrowband codecs robust enough for the model's burst ratio.

    Args:
        record: The record.
        codec: Ie and Bpl; looked up in the ITU's table by the record's codec where not given.
        a: Advantage factor.

    Returns:
        The record with one judgement more; the same record where loss or the codec's values are
        unknown.

    Example:
        >>> from cxotel.media.quality import MediaQuality
        >>> record = judged(MediaQuality(source="rtp", codec="PCMU", loss=0.02, round_trip=0.3))
        >>> (judgement,) = record.judgements
        >>> judgement.model, round(judgement.r, 1), judgement.kind
        ('g107', 86.0, 'conversational')

    Source: ITU-T G.107 (06/2015) clause 7.5, G.107.1, G.107.2.
    """
    loss = record.lost_or_discarded
    values = codec or _values(record)
    if loss is None:
        return record
    delay = delay_of(record)
    rating = emodel.rate(
        values,
        ta=0.0 if delay is None else delay * 1000.0,
        ppl=loss * 100.0,
        burst_r=_burst_r(record, values),
        a=a,
    )
    if rating is None:
        return record
    judgement = Judgement(
        "computed",
        rating.model,
        rating.r,
        rating.mos,
        "listening" if delay is None else "conversational",
        rating.outside,
    )
    return replace(record, judgements=(*record.judgements, judgement))


def delay_of(record: MediaQuality) -> float | None:
    """Return the one-way delay from mouth to ear that a record lets one know at least.

    Args:
        record: The record.

    Returns:
        Seconds: the mouth-to-ear delay; else the network's delay one way, or half its round trip,
        with the delay of the endpoint or its jitter buffer where that is known. None where
        neither is known.

    Example:
        >>> from cxotel.media.quality import MediaQuality
        >>> delay_of(MediaQuality(source="rtcp_xr", round_trip=0.25, end_system_delay=0.0625))
        0.1875
    """
    if record.mouth_to_ear is not None:
        return record.mouth_to_ear
    network = record.one_way_delay
    if network is None and record.round_trip is not None:
        network = record.round_trip / 2.0
    if network is None:
        return None
    return network + (record.end_system_delay or record.buffer_delay or 0.0)


def _values(record: MediaQuality) -> Impairment:
    unconcealed = record.concealed is False and codecs.lookup(record.codec or "").codec == "G.711"
    return codecs.lookup(
        record.codec or "", bitrate=record.bitrate, variant="no PLC" if unconcealed else None
    )


def _burst_r(record: MediaQuality, codec: Impairment) -> float:
    burst_r = record.burst.burst_r if record.burst else None
    robust = codec.model == "g107" and codec.bpl is not None and codec.bpl >= _ROBUST
    return burst_r if burst_r is not None and robust else 1.0
