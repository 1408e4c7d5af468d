"""The names, units and bucket advice of metrics, and functions that create their instruments.

Code generated from the registry's model by tools/generate_semconv.py. DO NOT EDIT.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.metrics import (
        CallbackT,
        Counter,
        Histogram,
        Meter,
        ObservableGauge,
        UpDownCounter,
    )

__all__ = [
    "CX_BOT_TURN_DURATION",
    "CX_EXPERIENCE_IMPACT_DURATION",
    "CX_EXPERIENCE_LOST_POINTS",
    "CX_EXPERIENCE_SEGMENT_SCORE",
    "CX_FEEDBACK_VALUE",
    "CX_HANDOFF_COUNT",
    "CX_JOURNEY_AGE",
    "CX_JOURNEY_COMPLETED",
    "CX_JOURNEY_DURATION",
    "CX_JOURNEY_OPEN",
    "CX_MEDIA_BURST_DENSITY",
    "CX_MEDIA_BURST_DURATION",
    "CX_MEDIA_BURST_RATIO",
    "CX_MEDIA_CONCEALMENT",
    "CX_MEDIA_DISCARD",
    "CX_MEDIA_JITTER",
    "CX_MEDIA_LOSS",
    "CX_MEDIA_MOS",
    "CX_MEDIA_MOUTH_TO_EAR",
    "CX_MEDIA_R",
    "CX_MEDIA_ROUND_TRIP",
    "CX_MEDIA_WARNING_COUNT",
    "CX_QUEUE_WAIT_DURATION",
    "CX_TELEMETRY_DROPPED",
    "CX_TELEMETRY_ERRORS",
    "CX_VENDOR_CALL_DURATION",
    "CX_VENDOR_THROTTLED",
    "METRICS",
    "MetricDefinition",
    "create_cx_bot_turn_duration",
    "create_cx_experience_impact_duration",
    "create_cx_experience_lost_points",
    "create_cx_experience_segment_score",
    "create_cx_feedback_value",
    "create_cx_handoff_count",
    "create_cx_journey_age",
    "create_cx_journey_completed",
    "create_cx_journey_duration",
    "create_cx_journey_open",
    "create_cx_media_burst_density",
    "create_cx_media_burst_duration",
    "create_cx_media_burst_ratio",
    "create_cx_media_concealment",
    "create_cx_media_discard",
    "create_cx_media_jitter",
    "create_cx_media_loss",
    "create_cx_media_mos",
    "create_cx_media_mouth_to_ear",
    "create_cx_media_r",
    "create_cx_media_round_trip",
    "create_cx_media_warning_count",
    "create_cx_queue_wait_duration",
    "create_cx_telemetry_dropped",
    "create_cx_telemetry_errors",
    "create_cx_vendor_call_duration",
    "create_cx_vendor_throttled",
]

CX_BOT_TURN_DURATION: Final = "cx.bot.turn.duration"
"""How long customers waited for a bot's answers."""

CX_EXPERIENCE_IMPACT_DURATION: Final = "cx.experience.impact.duration"
"""How long customers were in segments that scored below 60."""

CX_EXPERIENCE_LOST_POINTS: Final = "cx.experience.lost.points"
"""How many points of R were lost."""

CX_EXPERIENCE_SEGMENT_SCORE: Final = "cx.experience.segment.score"
"""The experience scores of segments, from 0 to 100."""

CX_FEEDBACK_VALUE: Final = "cx.feedback.value"
"""Customers' own ratings, on the scale they were asked on.

Filter by `cx.feedback.kind` before you compare or average.
"""

CX_HANDOFF_COUNT: Final = "cx.handoff.count"
"""How many times customers were passed on."""

CX_JOURNEY_AGE: Final = "cx.journey.age"
"""How long the oldest journey that is open in this process has been.

Is 0 when the journeys of that name have ended.
"""

CX_JOURNEY_COMPLETED: Final = "cx.journey.completed"
"""How many journeys ended.

Only a segment that declares an outcome counts a journey, so that several segments count it once.
"""

CX_JOURNEY_DURATION: Final = "cx.journey.duration"
"""How long segments of journeys took."""

CX_JOURNEY_OPEN: Final = "cx.journey.open"
"""How many journeys are open in this process."""

CX_MEDIA_BURST_DENSITY: Final = "cx.media.burst.density"
"""The share of packets lost within bursts, from 0 to 1; 0 without bursts.

Bursts as RFC 3611, clause 4.7.2, defines them.
"""

CX_MEDIA_BURST_DURATION: Final = "cx.media.burst.duration"
"""The mean duration of bursts of loss; 0 without bursts.

Bursts as RFC 3611, clause 4.7.2, defines them.
"""

CX_MEDIA_BURST_RATIO: Final = "cx.media.burst.ratio"
"""How much longer losses ran than by chance, which is 1.

BurstR of ITU-T G.107, clause 7.5, which covers 1 to 8, and above 2 only losses below 0.02.
"""

CX_MEDIA_CONCEALMENT: Final = "cx.media.concealment"
"""The share of the sound of legs that the receiver made up, from 0 to 1.

Above 0.05 Cisco calls a second severely concealed; above 0.07 Microsoft Teams calls a stream poor.
"""

CX_MEDIA_DISCARD: Final = "cx.media.discard"
"""The share of packets that came too late or too early, from 0 to 1."""

CX_MEDIA_JITTER: Final = "cx.media.jitter"
"""The interarrival jitter of legs.

Above 0.03 Microsoft Teams calls a stream poor, and Twilio and Telnyx warn.
"""

CX_MEDIA_LOSS: Final = "cx.media.loss"
"""The share of packets of legs that never arrived, from 0 to 1.

Above 0.01 Twilio and Telnyx warn; above 0.1 Microsoft Teams calls a stream poor.
"""

CX_MEDIA_MOS: Final = "cx.media.mos"
"""The mean opinion scores of legs, from 1 to 5.

Filter by `cx.media.model` and `cx.media.opinion` before you compare or average. Among the edges are
the limits of user satisfaction of ITU-T G.107, table B.1: 2.58, 3.1, 3.6, 4.03 and 4.34.
"""

CX_MEDIA_MOUTH_TO_EAR: Final = "cx.media.mouth_to_ear"
"""The delays one way from mouth to ear of legs.

Up to 0.15 most conversations are unaffected, and 0.4 is the limit that networks are planned for
(ITU-T G.114). From 0.1 on R falls (ITU-T G.107, clause 7.4).
"""

CX_MEDIA_R: Final = "cx.media.r"
"""The transmission ratings R of legs, on the scale of their model.

Filter by `cx.media.model` before you compare or average. The edges are the limits of user
satisfaction of ITU-T G.107, table B.1, on each model's scale: 50, 60, 70, 80 and 90, those times
1.29 and those times 1.48.
"""

CX_MEDIA_ROUND_TRIP: Final = "cx.media.round_trip"
"""The round-trip times of legs.

Above 0.4 Twilio and Telnyx warn; above 0.5 Microsoft Teams calls a stream poor.
"""

CX_MEDIA_WARNING_COUNT: Final = "cx.media.warning.count"
"""How many warnings of quality problems were raised."""

CX_QUEUE_WAIT_DURATION: Final = "cx.queue.wait.duration"
"""How long customers waited in queues."""

CX_TELEMETRY_DROPPED: Final = "cx.telemetry.dropped"
"""How many items were lost.

A bounded table had no room for them or kept them too long, or an export failed.
"""

CX_TELEMETRY_ERRORS: Final = "cx.telemetry.errors"
"""How many errors of the telemetry itself never reached the application."""

CX_VENDOR_CALL_DURATION: Final = "cx.vendor.call.duration"
"""How long calls of vendors' systems took."""

CX_VENDOR_THROTTLED: Final = "cx.vendor.throttled"
"""How many calls a vendor throttled."""


@dataclass(frozen=True, slots=True)
class MetricDefinition:
    """What the registry says about one metric.

    Attributes:
        name: Its name.
        instrument: `histogram`, `counter`, `updowncounter` or `gauge`, which is observed.
        unit: Its unit in UCUM; durations are in seconds, shares are from 0 to 1.
        description: What it measures.
        attributes: The keys of the attributes that its points may carry.
        buckets: The advised upper boundaries of a histogram's buckets, in its unit.
    """

    name: str
    instrument: str
    unit: str
    description: str
    attributes: tuple[str, ...]
    buckets: tuple[float, ...] = ()


METRICS: Final[Mapping[str, MetricDefinition]] = MappingProxyType(
    {
        CX_BOT_TURN_DURATION: MetricDefinition(
            name=CX_BOT_TURN_DURATION,
            instrument="histogram",
            unit="s",
            description="How long customers waited for a bot's answers.",
            attributes=(
                "cx.system",
                "cx.bot.turn.result",
            ),
            buckets=(0.25, 0.5, 0.8, 1, 1.5, 2, 3, 4, 8, 15),
        ),
        CX_EXPERIENCE_IMPACT_DURATION: MetricDefinition(
            name=CX_EXPERIENCE_IMPACT_DURATION,
            instrument="counter",
            unit="s",
            description="How long customers were in segments that scored below 60.",
            attributes=(
                "cx.layer",
                "cx.system",
            ),
        ),
        CX_EXPERIENCE_LOST_POINTS: MetricDefinition(
            name=CX_EXPERIENCE_LOST_POINTS,
            instrument="counter",
            unit="{point}",
            description="How many points of R were lost.",
            attributes=(
                "cx.impairment.dimension",
                "cx.layer",
                "cx.system",
            ),
        ),
        CX_EXPERIENCE_SEGMENT_SCORE: MetricDefinition(
            name=CX_EXPERIENCE_SEGMENT_SCORE,
            instrument="histogram",
            unit="1",
            description="The experience scores of segments, from 0 to 100.",
            attributes=(
                "cx.journey.name",
                "cx.channel",
                "cx.experience.class",
            ),
            buckets=(10, 20, 30, 40, 50, 60, 70, 80, 90, 100),
        ),
        CX_FEEDBACK_VALUE: MetricDefinition(
            name=CX_FEEDBACK_VALUE,
            instrument="histogram",
            unit="1",
            description="Customers' own ratings, on the scale they were asked on.",
            attributes=(
                "cx.feedback.kind",
                "cx.journey.name",
            ),
            buckets=(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
        ),
        CX_HANDOFF_COUNT: MetricDefinition(
            name=CX_HANDOFF_COUNT,
            instrument="counter",
            unit="{handoff}",
            description="How many times customers were passed on.",
            attributes=(
                "cx.handoff.kind",
                "cx.handoff.result",
                "cx.journey.name",
            ),
        ),
        CX_JOURNEY_AGE: MetricDefinition(
            name=CX_JOURNEY_AGE,
            instrument="gauge",
            unit="s",
            description="How long the oldest journey that is open in this process has been.",
            attributes=("cx.journey.name",),
        ),
        CX_JOURNEY_COMPLETED: MetricDefinition(
            name=CX_JOURNEY_COMPLETED,
            instrument="counter",
            unit="{journey}",
            description="How many journeys ended.",
            attributes=(
                "cx.journey.name",
                "cx.channel",
                "cx.journey.outcome",
                "cx.experience.class",
            ),
        ),
        CX_JOURNEY_DURATION: MetricDefinition(
            name=CX_JOURNEY_DURATION,
            instrument="histogram",
            unit="s",
            description="How long segments of journeys took.",
            attributes=(
                "cx.journey.name",
                "cx.channel",
                "cx.journey.outcome",
            ),
            buckets=(1, 5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600),
        ),
        CX_JOURNEY_OPEN: MetricDefinition(
            name=CX_JOURNEY_OPEN,
            instrument="updowncounter",
            unit="{journey}",
            description="How many journeys are open in this process.",
            attributes=("cx.journey.name",),
        ),
        CX_MEDIA_BURST_DENSITY: MetricDefinition(
            name=CX_MEDIA_BURST_DENSITY,
            instrument="histogram",
            unit="1",
            description="The share of packets lost within bursts, from 0 to 1; 0 without bursts.",
            attributes=(
                "cx.media.source",
                "cx.media.model",
                "cx.media.origin",
                "cx.media.opinion",
                "cx.media.direction",
                "cx.media.codec",
                "cx.media.leg.name",
                "cx.system",
            ),
            buckets=(0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9),
        ),
        CX_MEDIA_BURST_DURATION: MetricDefinition(
            name=CX_MEDIA_BURST_DURATION,
            instrument="histogram",
            unit="s",
            description="The mean duration of bursts of loss; 0 without bursts.",
            attributes=(
                "cx.media.source",
                "cx.media.model",
                "cx.media.origin",
                "cx.media.opinion",
                "cx.media.direction",
                "cx.media.codec",
                "cx.media.leg.name",
                "cx.system",
            ),
            buckets=(0, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5),
        ),
        CX_MEDIA_BURST_RATIO: MetricDefinition(
            name=CX_MEDIA_BURST_RATIO,
            instrument="histogram",
            unit="1",
            description="How much longer losses ran than by chance, which is 1.",
            attributes=(
                "cx.media.source",
                "cx.media.model",
                "cx.media.origin",
                "cx.media.opinion",
                "cx.media.direction",
                "cx.media.codec",
                "cx.media.leg.name",
                "cx.system",
            ),
            buckets=(1, 1.25, 1.5, 2, 3, 4, 8),
        ),
        CX_MEDIA_CONCEALMENT: MetricDefinition(
            name=CX_MEDIA_CONCEALMENT,
            instrument="histogram",
            unit="1",
            description="The share of the sound of legs that the receiver made up, from 0 to 1.",
            attributes=(
                "cx.media.source",
                "cx.media.model",
                "cx.media.origin",
                "cx.media.opinion",
                "cx.media.direction",
                "cx.media.codec",
                "cx.media.leg.name",
                "cx.system",
            ),
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.2),
        ),
        CX_MEDIA_DISCARD: MetricDefinition(
            name=CX_MEDIA_DISCARD,
            instrument="histogram",
            unit="1",
            description="The share of packets that came too late or too early, from 0 to 1.",
            attributes=(
                "cx.media.source",
                "cx.media.model",
                "cx.media.origin",
                "cx.media.opinion",
                "cx.media.direction",
                "cx.media.codec",
                "cx.media.leg.name",
                "cx.system",
            ),
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2),
        ),
        CX_MEDIA_JITTER: MetricDefinition(
            name=CX_MEDIA_JITTER,
            instrument="histogram",
            unit="s",
            description="The interarrival jitter of legs.",
            attributes=(
                "cx.media.source",
                "cx.media.model",
                "cx.media.origin",
                "cx.media.opinion",
                "cx.media.direction",
                "cx.media.codec",
                "cx.media.leg.name",
                "cx.system",
            ),
            buckets=(0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2),
        ),
        CX_MEDIA_LOSS: MetricDefinition(
            name=CX_MEDIA_LOSS,
            instrument="histogram",
            unit="1",
            description="The share of packets of legs that never arrived, from 0 to 1.",
            attributes=(
                "cx.media.source",
                "cx.media.model",
                "cx.media.origin",
                "cx.media.opinion",
                "cx.media.direction",
                "cx.media.codec",
                "cx.media.leg.name",
                "cx.system",
            ),
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2),
        ),
        CX_MEDIA_MOS: MetricDefinition(
            name=CX_MEDIA_MOS,
            instrument="histogram",
            unit="1",
            description="The mean opinion scores of legs, from 1 to 5.",
            attributes=(
                "cx.media.source",
                "cx.media.model",
                "cx.media.origin",
                "cx.media.opinion",
                "cx.media.direction",
                "cx.media.codec",
                "cx.media.leg.name",
                "cx.system",
            ),
            buckets=(1.5, 2, 2.58, 3, 3.1, 3.5, 3.6, 3.8, 4.03, 4.2, 4.34),
        ),
        CX_MEDIA_MOUTH_TO_EAR: MetricDefinition(
            name=CX_MEDIA_MOUTH_TO_EAR,
            instrument="histogram",
            unit="s",
            description="The delays one way from mouth to ear of legs.",
            attributes=(
                "cx.media.source",
                "cx.media.model",
                "cx.media.origin",
                "cx.media.opinion",
                "cx.media.direction",
                "cx.media.codec",
                "cx.media.leg.name",
                "cx.system",
            ),
            buckets=(0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.6, 1),
        ),
        CX_MEDIA_R: MetricDefinition(
            name=CX_MEDIA_R,
            instrument="histogram",
            unit="1",
            description="The transmission ratings R of legs, on the scale of their model.",
            attributes=(
                "cx.media.source",
                "cx.media.model",
                "cx.media.origin",
                "cx.media.opinion",
                "cx.media.direction",
                "cx.media.codec",
                "cx.media.leg.name",
                "cx.system",
            ),
            buckets=(
                50,
                60,
                64.5,
                70,
                74,
                77.4,
                80,
                88.8,
                90,
                90.3,
                103.2,
                103.6,
                116.1,
                118.4,
                133.2,
            ),
        ),
        CX_MEDIA_ROUND_TRIP: MetricDefinition(
            name=CX_MEDIA_ROUND_TRIP,
            instrument="histogram",
            unit="s",
            description="The round-trip times of legs.",
            attributes=(
                "cx.media.source",
                "cx.media.model",
                "cx.media.origin",
                "cx.media.opinion",
                "cx.media.direction",
                "cx.media.codec",
                "cx.media.leg.name",
                "cx.system",
            ),
            buckets=(0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.8, 1.5),
        ),
        CX_MEDIA_WARNING_COUNT: MetricDefinition(
            name=CX_MEDIA_WARNING_COUNT,
            instrument="counter",
            unit="{warning}",
            description="How many warnings of quality problems were raised.",
            attributes=(
                "cx.media.warning.name",
                "cx.media.source",
                "cx.media.direction",
                "cx.media.leg.name",
                "cx.system",
            ),
        ),
        CX_QUEUE_WAIT_DURATION: MetricDefinition(
            name=CX_QUEUE_WAIT_DURATION,
            instrument="histogram",
            unit="s",
            description="How long customers waited in queues.",
            attributes=(
                "cx.queue.name",
                "cx.queue.result",
            ),
            buckets=(5, 10, 20, 30, 60, 120, 180, 300, 480, 900),
        ),
        CX_TELEMETRY_DROPPED: MetricDefinition(
            name=CX_TELEMETRY_DROPPED,
            instrument="counter",
            unit="{item}",
            description="How many items were lost.",
            attributes=("cx.telemetry.table",),
        ),
        CX_TELEMETRY_ERRORS: MetricDefinition(
            name=CX_TELEMETRY_ERRORS,
            instrument="counter",
            unit="{error}",
            description="How many errors of the telemetry itself never reached the application.",
            attributes=("cx.telemetry.component",),
        ),
        CX_VENDOR_CALL_DURATION: MetricDefinition(
            name=CX_VENDOR_CALL_DURATION,
            instrument="histogram",
            unit="s",
            description="How long calls of vendors' systems took.",
            attributes=(
                "cx.system",
                "cx.layer",
                "cx.operation.name",
                "error.type",
            ),
            buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30),
        ),
        CX_VENDOR_THROTTLED: MetricDefinition(
            name=CX_VENDOR_THROTTLED,
            instrument="counter",
            unit="{call}",
            description="How many calls a vendor throttled.",
            attributes=("cx.system",),
        ),
    }
)
"""Every metric, by its name."""


def _histogram(meter: Meter, name: str) -> Histogram:
    metric = METRICS[name]
    return meter.create_histogram(
        name,
        unit=metric.unit,
        description=metric.description,
        explicit_bucket_boundaries_advisory=metric.buckets,
    )


def _counter(meter: Meter, name: str) -> Counter:
    metric = METRICS[name]
    return meter.create_counter(name, unit=metric.unit, description=metric.description)


def _updowncounter(meter: Meter, name: str) -> UpDownCounter:
    metric = METRICS[name]
    return meter.create_up_down_counter(name, unit=metric.unit, description=metric.description)


def _gauge(meter: Meter, name: str, observe: CallbackT) -> ObservableGauge:
    metric = METRICS[name]
    return meter.create_observable_gauge(
        name, [observe], unit=metric.unit, description=metric.description
    )


def create_cx_bot_turn_duration(meter: Meter) -> Histogram:
    """Create the instrument of `cx.bot.turn.duration`.

    Args:
        meter: The meter to create it with.
    """
    return _histogram(meter, CX_BOT_TURN_DURATION)


def create_cx_experience_impact_duration(meter: Meter) -> Counter:
    """Create the instrument of `cx.experience.impact.duration`.

    Args:
        meter: The meter to create it with.
    """
    return _counter(meter, CX_EXPERIENCE_IMPACT_DURATION)


def create_cx_experience_lost_points(meter: Meter) -> Counter:
    """Create the instrument of `cx.experience.lost.points`.

    Args:
        meter: The meter to create it with.
    """
    return _counter(meter, CX_EXPERIENCE_LOST_POINTS)


def create_cx_experience_segment_score(meter: Meter) -> Histogram:
    """Create the instrument of `cx.experience.segment.score`.

    Args:
        meter: The meter to create it with.
    """
    return _histogram(meter, CX_EXPERIENCE_SEGMENT_SCORE)


def create_cx_feedback_value(meter: Meter) -> Histogram:
    """Create the instrument of `cx.feedback.value`.

    Args:
        meter: The meter to create it with.
    """
    return _histogram(meter, CX_FEEDBACK_VALUE)


def create_cx_handoff_count(meter: Meter) -> Counter:
    """Create the instrument of `cx.handoff.count`.

    Args:
        meter: The meter to create it with.
    """
    return _counter(meter, CX_HANDOFF_COUNT)


def create_cx_journey_age(meter: Meter, observe: CallbackT) -> ObservableGauge:
    """Create the instrument of `cx.journey.age`.

    Args:
        meter: The meter to create it with.
        observe: Returns what is observed, each time that metrics are read.
    """
    return _gauge(meter, CX_JOURNEY_AGE, observe)


def create_cx_journey_completed(meter: Meter) -> Counter:
    """Create the instrument of `cx.journey.completed`.

    Args:
        meter: The meter to create it with.
    """
    return _counter(meter, CX_JOURNEY_COMPLETED)


def create_cx_journey_duration(meter: Meter) -> Histogram:
    """Create the instrument of `cx.journey.duration`.

    Args:
        meter: The meter to create it with.
    """
    return _histogram(meter, CX_JOURNEY_DURATION)


def create_cx_journey_open(meter: Meter) -> UpDownCounter:
    """Create the instrument of `cx.journey.open`.

    Args:
        meter: The meter to create it with.
    """
    return _updowncounter(meter, CX_JOURNEY_OPEN)


def create_cx_media_burst_density(meter: Meter) -> Histogram:
    """Create the instrument of `cx.media.burst.density`.

    Args:
        meter: The meter to create it with.
    """
    return _histogram(meter, CX_MEDIA_BURST_DENSITY)


def create_cx_media_burst_duration(meter: Meter) -> Histogram:
    """Create the instrument of `cx.media.burst.duration`.

    Args:
        meter: The meter to create it with.
    """
    return _histogram(meter, CX_MEDIA_BURST_DURATION)


def create_cx_media_burst_ratio(meter: Meter) -> Histogram:
    """Create the instrument of `cx.media.burst.ratio`.

    Args:
        meter: The meter to create it with.
    """
    return _histogram(meter, CX_MEDIA_BURST_RATIO)


def create_cx_media_concealment(meter: Meter) -> Histogram:
    """Create the instrument of `cx.media.concealment`.

    Args:
        meter: The meter to create it with.
    """
    return _histogram(meter, CX_MEDIA_CONCEALMENT)


def create_cx_media_discard(meter: Meter) -> Histogram:
    """Create the instrument of `cx.media.discard`.

    Args:
        meter: The meter to create it with.
    """
    return _histogram(meter, CX_MEDIA_DISCARD)


def create_cx_media_jitter(meter: Meter) -> Histogram:
    """Create the instrument of `cx.media.jitter`.

    Args:
        meter: The meter to create it with.
    """
    return _histogram(meter, CX_MEDIA_JITTER)


def create_cx_media_loss(meter: Meter) -> Histogram:
    """Create the instrument of `cx.media.loss`.

    Args:
        meter: The meter to create it with.
    """
    return _histogram(meter, CX_MEDIA_LOSS)


def create_cx_media_mos(meter: Meter) -> Histogram:
    """Create the instrument of `cx.media.mos`.

    Args:
        meter: The meter to create it with.
    """
    return _histogram(meter, CX_MEDIA_MOS)


def create_cx_media_mouth_to_ear(meter: Meter) -> Histogram:
    """Create the instrument of `cx.media.mouth_to_ear`.

    Args:
        meter: The meter to create it with.
    """
    return _histogram(meter, CX_MEDIA_MOUTH_TO_EAR)


def create_cx_media_r(meter: Meter) -> Histogram:
    """Create the instrument of `cx.media.r`.

    Args:
        meter: The meter to create it with.
    """
    return _histogram(meter, CX_MEDIA_R)


def create_cx_media_round_trip(meter: Meter) -> Histogram:
    """Create the instrument of `cx.media.round_trip`.

    Args:
        meter: The meter to create it with.
    """
    return _histogram(meter, CX_MEDIA_ROUND_TRIP)


def create_cx_media_warning_count(meter: Meter) -> Counter:
    """Create the instrument of `cx.media.warning.count`.

    Args:
        meter: The meter to create it with.
    """
    return _counter(meter, CX_MEDIA_WARNING_COUNT)


def create_cx_queue_wait_duration(meter: Meter) -> Histogram:
    """Create the instrument of `cx.queue.wait.duration`.

    Args:
        meter: The meter to create it with.
    """
    return _histogram(meter, CX_QUEUE_WAIT_DURATION)


def create_cx_telemetry_dropped(meter: Meter) -> Counter:
    """Create the instrument of `cx.telemetry.dropped`.

    Args:
        meter: The meter to create it with.
    """
    return _counter(meter, CX_TELEMETRY_DROPPED)


def create_cx_telemetry_errors(meter: Meter) -> Counter:
    """Create the instrument of `cx.telemetry.errors`.

    Args:
        meter: The meter to create it with.
    """
    return _counter(meter, CX_TELEMETRY_ERRORS)


def create_cx_vendor_call_duration(meter: Meter) -> Histogram:
    """Create the instrument of `cx.vendor.call.duration`.

    Args:
        meter: The meter to create it with.
    """
    return _histogram(meter, CX_VENDOR_CALL_DURATION)


def create_cx_vendor_throttled(meter: Meter) -> Counter:
    """Create the instrument of `cx.vendor.throttled`.

    Args:
        meter: The meter to create it with.
    """
    return _counter(meter, CX_VENDOR_THROTTLED)
