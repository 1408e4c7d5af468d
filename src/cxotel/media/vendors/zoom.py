"""Zoom: quality of service of meetings' participants, and of Zoom Phone calls.

Values are text with a unit, `27.15 kbps`, `5 ms`, `0.01%`, or without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxotel.media.fields import report, reports
from cxotel.media.quality import MediaQuality
from cxotel.media.vendors.telling import reported, telling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.media.fields import Fields
    from cxotel.media.quality import Direction

# Input is what Zoom gets from the participant.
_MEETING: Final[tuple[tuple[str, Direction], ...]] = (
    ("audio_output", "inbound"),
    ("audio_input", "outbound"),
)
_PHONE: Final[tuple[tuple[str, Direction], ...]] = (
    ("receiving", "inbound"),
    ("sending", "outbound"),
)
_MS: Final = 0.001
_MINUTE: Final = 60.0


def meeting(document: object) -> tuple[MediaQuality, ...]:
    """Read the quality of service of a meeting's participants, a value a minute.

    Args:
        document: The answer for all participants or for one, or its JSON.

    Returns:
        A record for each participant, minute and direction, seen from the participant. Zoom's
        latency comes from timestamps that the other side sends back: a round trip.

    Raises:
        MalformedError: It is no object.

    Example:
        >>> told = {"latency": "90 ms", "jitter": "8 ms", "avg_loss": "1.5%"}
        >>> (record,) = meeting({"id": "p1", "user_qos": [{"audio_output": told}]})
        >>> record.direction, record.round_trip, record.jitter, record.loss
        ('inbound', 0.09, 0.008, 0.015)

    Source: Zoom's API, "Get meeting participant QoS".
    """
    people, problems = reports(document, "zoom", "participants")
    return telling((record for person in people for record in _minutes(person)), problems)


def phone_call(document: object) -> tuple[MediaQuality, ...]:
    """Read the quality of service of a Zoom Phone call.

    Args:
        document: The answer of "Get call QoS", or its JSON.

    Returns:
        A record for each of both parties' samples, seen from the party; the leg's name is
        `caller` or `callee`.

    Raises:
        MalformedError: It is no object.

    Example:
        >>> told = {"mos": "4.31", "network_delay": "22 ms", "jitter": "3 ms", "avg_loss": "0%"}
        >>> (record,) = phone_call({"caller_qos": {"receiving": [{"qos": told}]}})
        >>> record.leg_name, record.one_way_delay, record.loss, record.judgements[0].mos
        ('caller', 0.022, 0.0, 4.31)

    Source: Zoom Phone's API, "Get call QoS".
    """
    call = report(document, "zoom")
    return telling(_samples(call), call.problems)


def _minutes(person: Fields) -> Iterator[MediaQuality]:
    leg = person.text("id") or person.text("participant_id")
    for minute in person.children("user_qos"):
        for name, direction in _MEETING:
            told = minute.child(name)
            yield MediaQuality(
                source="zoom",
                system="zoom",
                leg=leg,
                direction=direction,
                measured_at="local" if direction == "inbound" else "remote",
                start=minute.time("date_time"),
                duration=_MINUTE,
                loss=told.number("avg_loss", unit=0.01, high=100.0),
                jitter=told.number("jitter", unit=_MS),
                round_trip=told.number("latency", unit=_MS),
            )


def _samples(call: Fields) -> Iterator[MediaQuality]:
    for party in ("caller", "callee"):
        for name, direction in _PHONE:
            for sample in call.child(f"{party}_qos").children(name):
                told = sample.child("qos")
                yield MediaQuality(
                    source="zoom_phone",
                    system="zoom",
                    leg=call.text("call_id"),
                    leg_name=party,
                    direction=direction,
                    measured_at="local" if direction == "inbound" else "remote",
                    start=sample.time("date_time"),
                    loss=told.number("avg_loss", unit=0.01, high=100.0),
                    jitter=told.number("jitter", unit=_MS),
                    one_way_delay=told.number("network_delay", unit=_MS),
                    judgements=reported(told.number("mos")),
                )
