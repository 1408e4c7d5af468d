"""Record media quality: metrics, an event on the journey's trace, and the experience score."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast

from opentelemetry import trace

from cxotel import clock, semconv
from cxotel.context import Current, observers
from cxotel.engine.shield import shielded, warn_once
from cxotel.journey.checks import word
from cxotel.journey.words import LAYERS
from cxotel.media.judge import judged
from cxotel.media.quality import MediaQuality
from cxotel.media.recorder.evidence import by_leg, describe, folded, offset_of, when
from cxotel.media.recorder.late import tell_late
from cxotel.media.recorder.meters import meters
from cxotel.media.recorder.place import Elsewhere, context_of, place_of
from cxotel.media.verdict import rating_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opentelemetry.context import Context
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider

    from cxotel.media.codecs import Impairment
    from cxotel.media.recorder.meters import Meters
    from cxotel.semconv import CxLayer

MAX_RECORDS: Final = 10_000
"""Records that one call takes: a day of ten seconds each."""
MAX_EVENTS: Final = 32
"""Events of one call: the application's own are not to be pushed out of the span."""


def record_media(
    record: MediaQuality | Iterable[MediaQuality],
    *,
    leg_name: str | None = None,
    system: str | None = None,
    layer: CxLayer | None = None,
    impairment: Impairment | None = None,
    journey_id: str | None = None,
    contact_id: str | None = None,
    tracer_provider: TracerProvider | None = None,
    meter_provider: MeterProvider | None = None,
) -> None:
    """Record how well sound travelled: as metrics, and as evidence for the journey's score.

    A record that nobody has judged yet is judged by its codec's E-model, where loss and codec are
    known. Inside a journey it becomes an event on the step or journey that runs. With a
    *journey_id* or *contact_id* of another journey, such as one that has ended, it becomes a trace
    of its own with a link to it; the same record a second time then changes nothing. Outside of
    any journey there are the metrics, and an event on the current span if there is one.

    What is no record is logged once, and nothing is recorded of it. It never raises.

    Args:
        record: What a reader of `cxotel.media` returned, or several: intervals, or legs. Intervals
            of one leg need the same `leg`.
        leg_name: What the leg is to the call, where the record does not say: `agent`, `customer`,
            `trunk`; few different values.
        system: The vendor to blame, where the record does not say.
        layer: The layer to blame; `connectivity` where not given.
        impairment: Ie and Bpl of the codec, where the ITU has none, as for Opus: see
            `cxotel.media.codecs.lookup`.
        journey_id: The journey's id, where it is not the one that runs here.
        contact_id: The id of the call, by which the contact store finds its journey.
        tracer_provider: Makes the traces of other journeys' records; the global one by default.
        meter_provider: Takes the metrics; the global one by default.

    Example:
        >>> from cxotel.media.quality import MediaQuality
        >>> record_media(MediaQuality(source="rtp", codec="PCMU", loss=0.02, duration=10.0))
    """
    with shielded("recording media quality"):
        known = _judged(records_of(record), leg_name, system, impairment)
        blamed = word("record_media", "layer", layer, LAYERS)
        place = place_of(journey_id, contact_id) if known else None
        if isinstance(place, Elsewhere):
            tell_elsewhere(known, place, blamed, tracer_provider, meters(meter_provider))
        elif known:
            measure(known, meters(meter_provider), context_of(place))
            _tell(known, place, blamed)


def measure(records: Iterable[MediaQuality], instruments: Meters, context: Context | None) -> None:
    """Record the metrics of records.

    Args:
        records: The records, judged.
        instruments: The instruments.
        context: Where exemplars point to.
    """
    for each in records:
        with shielded("recording metrics of media quality"):
            instruments.record(each, context)


def tell_elsewhere(
    records: Iterable[MediaQuality],
    place: Elsewhere,
    layer: str | None,
    provider: TracerProvider | None,
    instruments: Meters | None,
) -> None:
    """Tell of a journey that does not run here, each leg by a span of its own.

    Args:
        records: The records, judged.
        place: The journey.
        layer: The layer to blame.
        provider: Makes the spans.
        instruments: The instruments; None where the metrics were recorded before.
    """
    for leg in list(by_leg(records).values())[:MAX_EVENTS]:
        with shielded("recording media quality that comes late"):
            context = tell_late(leg, place, layer=layer, provider=provider)
            if context is not None and instruments is not None:
                measure(leg, instruments, context)


def complete(
    record: MediaQuality,
    leg_name: str | None = None,
    system: str | None = None,
    impairment: Impairment | None = None,
) -> MediaQuality:
    """Return a record with what is known of its leg, judged where nobody has judged it.

    Args:
        record: The record.
        leg_name: What the leg is to the call, where the record does not say.
        system: The vendor to blame, where the record does not say.
        impairment: Ie and Bpl of its codec.
    """
    more = {"leg_name": record.leg_name or leg_name, "system": record.system or system}
    whole = replace(record, **more)
    if any(rating_of(judgement) is not None for judgement in record.judgements):
        return whole
    with shielded("judging media quality"):
        return judged(whole, impairment)
    return whole


def note(now: Current, attributes: dict[str, Any], time_ns: int) -> None:
    """Hand evidence to those who follow the journey.

    Args:
        now: The journey and the step.
        attributes: The evidence.
        time_ns: The time now, ns since the epoch.
    """
    for observer in observers():
        with shielded("telling what was heard"):
            observer.noted(now, semconv.EVENT_CX_MEDIA, attributes, time_ns)


def records_of(given: object) -> list[MediaQuality]:
    """Return what was given, without what is no record.

    Args:
        given: What the application gave.
    """
    if isinstance(given, MediaQuality):
        return [given]
    found: list[MediaQuality] = []
    if isinstance(given, Iterable) and not isinstance(given, (str, bytes, dict)):
        for each in cast("Iterable[object]", given):
            if len(found) == MAX_RECORDS:
                _complain(f"takes at most {MAX_RECORDS} records; the rest is left out")
                break
            if isinstance(each, MediaQuality):
                found.append(each)
            else:
                _complain("takes records of cxotel.media; another thing was left out")
    else:
        _complain("takes a record of cxotel.media, or several; another thing was left out")
    return found


def _complain(problem: str) -> None:
    warn_once(f"record_media {problem}", f"cxotel.record_media {problem}")


def _judged(
    records: Sequence[MediaQuality],
    leg_name: str | None,
    system: str | None,
    impairment: Impairment | None,
) -> list[MediaQuality]:
    return [complete(record, leg_name, system, impairment) for record in records]


def _tell(records: Sequence[MediaQuality], now: Current | None, layer: str | None) -> None:
    """Add events to the span that runs; the score hears of each interval."""
    time_ns = clock.now_ns()
    offset = offset_of(records, time_ns)
    told = [describe(each, when(each, time_ns, offset), layer) for each in records]
    for attributes in told if now is not None else ():
        note(cast("Current", now), attributes, time_ns)
    if len(told) > MAX_EVENTS:
        legs = [folded(leg) for leg in by_leg(records).values()][:MAX_EVENTS]
        told = [describe(each, when(each, time_ns, offset), layer) for each in legs]
    span = span_of(now)
    for attributes in told if span.is_recording() else ():
        span.add_event(semconv.EVENT_CX_MEDIA, attributes, time_ns)


def span_of(now: Current | None) -> trace.Span:
    """Return the span that events go to.

    Args:
        now: The journey and the step; None outside of any.
    """
    if now is None:
        return trace.get_current_span()
    step = now.step_span
    return step if step is not None and step.is_recording() else now.journey.span
