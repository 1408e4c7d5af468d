"""From a record of media quality to the attributes of an event, as the score reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from cxotel import semconv
from cxotel.media.folding import LegFold, talk_of
from cxotel.media.recorder.names import codec_of, leg_id_of, leg_name_of, source_of
from cxotel.media.verdict import verdict
from cxotel.privacy import code, permitted
from cxotel.semconv import CxEvidenceKindValues, CxLayerValues

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from opentelemetry.util.types import AttributeValue

    from cxotel.media.quality import MediaQuality

_SINCE_1970: Final = 1e9
"""From this on a time is no uptime: in seconds since 1970 it was 2001."""
_DIGITS: Final = 6


class Span(NamedTuple):
    """When something began and ended, ms since the epoch."""

    start: int
    end: int


def when(record: MediaQuality, now_ns: int, offset: float | None = None) -> Span:
    """Return when a record was measured.

    Args:
        record: The record.
        now_ns: The time now, ns since the epoch.
        offset: What the caller's own clock is short of the wall's, seconds, for a record that is
            on it; None where the record ends now.

    Example:
        >>> from cxotel.media.quality import MediaQuality
        >>> when(MediaQuality(source="rtp", start=7.0, duration=2.0), 60_000_000_000)
        Span(start=58000, end=60000)
    """
    length = record.duration or 0.0
    start = record.start
    if start is None:
        start = now_ns / 1e9 - length
    elif start < _SINCE_1970:
        start += (offset_of((record,), now_ns) or 0.0) if offset is None else offset
    return Span(round(max(0.0, start) * 1000), round(max(0.0, start + length) * 1000))


def offset_of(records: Iterable[MediaQuality], now_ns: int) -> float | None:
    """Return what the caller's own clock is short of the wall's, if the latest record ends now.

    Args:
        records: The records; those without a time, or since 1970, do not count.
        now_ns: The time now, ns since the epoch.

    Returns:
        Seconds; None where no record is on a clock of the caller's own.
    """
    ends = [
        record.start + (record.duration or 0.0)
        for record in records
        if record.start is not None and record.start < _SINCE_1970
    ]
    return now_ns / 1e9 - max(ends) if ends else None


def describe(
    record: MediaQuality, times: Span, layer: str | None = None
) -> dict[str, AttributeValue]:
    """Return a record as the attributes of a `cx.media` event; what it does not tell is absent.

    Args:
        record: The record, judged.
        times: When it was measured.
        layer: The layer to blame; the network's where not given.
    """
    told: dict[str, AttributeValue | None] = {
        semconv.CX_EVIDENCE_KIND: CxEvidenceKindValues.MEDIA.value,
        semconv.CX_EVIDENCE_START_TIME: times.start,
        semconv.CX_EVIDENCE_END_TIME: times.end,
        semconv.CX_LAYER: layer or CxLayerValues.CONNECTIVITY.value,
        **whose(record),
        semconv.CX_MEDIA_CODEC: codec_of(record),
        semconv.CX_MEDIA_TALK_DURATION: _ms(talk_of(record)),
        semconv.CX_MEDIA_SILENT_DURATION: _ms(record.silent_duration or None),
        **_judgement(record),
        **readings(record),
    }
    return present(told)


def present(told: Mapping[str, AttributeValue | None]) -> dict[str, AttributeValue]:
    """Return the attributes that have a value and may leave."""
    return {key: value for key, value in told.items() if value is not None and permitted(key)}


def whose(record: MediaQuality) -> dict[str, AttributeValue | None]:
    """Return what tells which leg a record is of."""
    return {
        semconv.CX_SYSTEM: code(record.system),
        semconv.CX_MEDIA_SOURCE: source_of(record),
        semconv.CX_MEDIA_LEG_ID: leg_id_of(record),
        semconv.CX_MEDIA_LEG_NAME: leg_name_of(record),
        semconv.CX_MEDIA_DIRECTION: record.direction,
    }


def readings(record: MediaQuality) -> dict[str, float | None]:
    """Return what was measured, in seconds and shares, as events tell it."""
    measured = {
        semconv.CX_MEDIA_LOSS: record.loss,
        semconv.CX_MEDIA_DISCARD: record.discard,
        semconv.CX_MEDIA_JITTER: record.jitter,
        semconv.CX_MEDIA_ROUND_TRIP: record.round_trip,
        semconv.CX_MEDIA_MOUTH_TO_EAR: mouth_to_ear(record),
        semconv.CX_MEDIA_CONCEALMENT: record.concealment,
        semconv.CX_MEDIA_BURST_DENSITY: record.burst.burst_density if record.burst else None,
    }
    return {
        key: None if value is None else round(float(value), _DIGITS)
        for key, value in measured.items()
    }


def mouth_to_ear(record: MediaQuality) -> float | None:
    """Return the delay from mouth to ear where all of it is known, seconds.

    Args:
        record: The record.

    Returns:
        The delay as measured; else the network's delay one way, or half its round trip, and that
        of the endpoint. None where either is unknown: half of a delay would look like a good one.

    Example:
        >>> from cxotel.media.quality import MediaQuality
        >>> mouth_to_ear(MediaQuality(source="rtcp_xr", round_trip=0.25, end_system_delay=0.125))
        0.25
        >>> mouth_to_ear(MediaQuality(source="rtcp_xr", round_trip=0.25))
    """
    if record.mouth_to_ear is not None:
        return record.mouth_to_ear
    network = record.one_way_delay
    if network is None and record.round_trip is not None:
        network = record.round_trip / 2
    if network is None or record.end_system_delay is None:
        return None
    return network + record.end_system_delay


def _judgement(record: MediaQuality) -> Mapping[str, AttributeValue | None]:
    found = verdict(record)
    if found is None:
        return {}
    judgement, r = found
    return {
        semconv.CX_MEDIA_R: round(r),
        semconv.CX_MEDIA_MOS: None if judgement.mos is None else round(judgement.mos, 2),
        semconv.CX_MEDIA_MODEL: judgement.model,
        semconv.CX_MEDIA_ORIGIN: judgement.origin,
        semconv.CX_MEDIA_OPINION: judgement.kind,
    }


def _ms(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)


Leg = tuple[str, "str | None", "str | None", "str | None"]
"""Source, id, name and direction: what tells one leg from another."""


def leg_of(record: MediaQuality) -> Leg:
    """Return which leg a record is of."""
    return record.source, record.leg, record.leg_name, record.direction


def by_leg(records: Iterable[MediaQuality]) -> dict[Leg, list[MediaQuality]]:
    """Return records by their legs, in order."""
    found: dict[Leg, list[MediaQuality]] = {}
    for record in records:
        found.setdefault(leg_of(record), []).append(record)
    return found


def folded(records: Sequence[MediaQuality]) -> MediaQuality:
    """Return several intervals of one leg as one record, rated as the score rates them."""
    if len(records) == 1:
        return records[0]
    fold = LegFold()
    for record in records:
        fold.add(record)
    return fold.whole() or records[0]
