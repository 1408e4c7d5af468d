"""Twilio Voice Insights: call summaries, call metrics, conference participants.

Directions are those of Twilio's edge: `inbound` is what came to Twilio from the carrier, the SIP
trunk or the client; for the SDK's edge it is what came to the client. `latency` is the time within
Twilio's own media path, no delay of the network, and left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cxotel.media.fields import report, reports
from cxotel.media.quality import MediaQuality, ratio
from cxotel.media.rtp.payload_types import sdp_name
from cxotel.media.vendors.telling import reported, statistic, telling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.media.fields import Fields
    from cxotel.media.quality import Direction

EDGES: Final = ("carrier_edge", "sip_edge", "client_edge", "sdk_edge")
"""Where Twilio measures."""

_DIRECTIONS: Final[tuple[Direction, ...]] = ("inbound", "outbound")
_MS: Final = 0.001
_SAMPLE: Final = 10.0
_SDK_SAMPLE: Final = 1.0


def summary(document: object) -> tuple[MediaQuality, ...]:
    """Read a Call Summary.

    Args:
        document: The resource, its JSON, or the Python library's `CallSummaryInstance`.

    Returns:
        A record for each edge and direction that was measured, over the whole call.

    Raises:
        MalformedError: It is no object.

    Example:
        >>> inbound = {"codec_name": "pcmu", "packets_received": 98, "packets_lost": 2}
        >>> call = {"call_sid": "CA1", "carrier_edge": {"metrics": {"inbound": inbound}}}
        >>> (record,) = summary(call)
        >>> record.leg, record.leg_name, record.codec, record.loss
        ('CA1', 'carrier_edge', 'PCMU', 0.02)

    Source: twilio.com/docs/voice/voice-insights/api/call/details-call-summary.
    """
    call = report(document, "twilio")
    common: dict[str, Any] = {
        "leg": call.text("call_sid"),
        "start": call.time("start_time"),
        "duration": call.number("connect_duration") or call.number("duration") or None,
    }
    records = [
        _quality(call.child(edge).child("metrics").child(way), way, leg_name=edge, **common)
        for edge in EDGES
        for way in _DIRECTIONS
    ]
    return telling(records, call.problems)


def metrics(document: object) -> tuple[MediaQuality, ...]:
    """Read Call Metrics: samples of 10 seconds, of 1 second where the SDK measured.

    Args:
        document: A page of the resource, its list of metrics, one of them, or its JSON; also the
            Python library's `MetricInstance` objects.

    Returns:
        A record for each sample.

    Raises:
        MalformedError: It is none of these.

    Source: twilio.com/docs/voice/voice-insights/api/call/call-metrics-resource.
    """
    samples, problems = reports(document, "twilio", "metrics")
    return telling(map(_sample, samples), problems)


def participant(document: object) -> tuple[MediaQuality, ...]:
    """Read a Conference Participant Summary.

    Args:
        document: The resource, its JSON, or the Python library's `ConferenceParticipantInstance`.

    Returns:
        A record for each direction, over the participant's time in the conference.

    Raises:
        MalformedError: It is no object.

    Source: twilio.com/docs/voice/voice-insights/api/conference/participant-summary-resource.
    """
    person = report(document, "twilio")
    common: dict[str, Any] = {
        "leg": person.text("call_sid") or person.text("participant_sid"),
        "start": person.time("join_time"),
        "duration": person.number("duration_seconds"),
    }
    told = person.child("metrics")
    return telling(
        [_quality(told.child(way), way, **common) for way in _DIRECTIONS], person.problems
    )


def _sample(sample: Fields) -> MediaQuality:
    edge = sample.text("edge") or next((name for name in EDGES if sample.raw(name)), "")
    told = sample.child(edge)
    interval, cumulative = told.child("interval"), told.child("cumulative")
    length = _SDK_SAMPLE if edge == "sdk_edge" else _SAMPLE
    end = sample.time("timestamp")
    # Without an interval what is told is of the call so far.
    known = interval or cumulative
    return _quality(
        known,
        "outbound" if sample.text("direction") == "outbound" else "inbound",
        codec=told.text("codec_name"),
        leg=sample.text("call_sid"),
        leg_name=edge or None,
        start=end - length if interval and end is not None else None,
        duration=length if interval else None,
    )


def _quality(
    told: Fields, direction: Direction, *, codec: str | None = None, **common: Any
) -> MediaQuality:
    packets, lost = _either(told, "packets_received"), _either(told, "packets_lost")
    loss = None if packets is None or lost is None else ratio(lost, packets + lost)
    if loss is None:
        # The two resources spell it differently.
        loss = next(_percentages(told), None)
    mos = statistic(told, "mos", "avg")
    return MediaQuality(
        source="twilio",
        system="twilio",
        direction=direction,
        measured_at="local" if direction == "inbound" else None,
        codec=sdp_name(codec or told.text("codec_name")),
        packets=packets,
        lost=lost,
        loss=loss,
        jitter=_mean(told, "jitter"),
        jitter_max=statistic(told, "jitter", "max", unit=_MS),
        round_trip=_mean(told, "rtt"),
        judgements=reported(mos if mos is not None else statistic(told, "mos", "value")),
        **common,
    )


def _either(told: Fields, name: str) -> int | None:
    count = told.count(name)
    return told.count(f"total_{name}") if count is None else count


def _percentages(told: Fields) -> Iterator[float]:
    for name in ("packets_loss_percentage", "packet_loss_percentage"):
        share = told.number(name, unit=0.01, high=100.0)
        if share is not None:
            yield share


def _mean(told: Fields, name: str) -> float | None:
    mean = statistic(told, name, "avg", unit=_MS)
    return statistic(told, name, "value", unit=_MS) if mean is None else mean
