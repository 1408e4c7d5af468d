"""Webex: media quality of the sessions of a meeting, a value for each sampling interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxotel.media.fields import Fields, reports
from cxotel.media.quality import MediaQuality
from cxotel.media.rtp.payload_types import sdp_name
from cxotel.media.vendors.telling import telling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.media.quality import Direction

_DIRECTIONS: Final[tuple[tuple[str, Direction], ...]] = (
    ("audioIn", "inbound"),
    ("audioOut", "outbound"),
)


def meeting(document: object) -> tuple[MediaQuality, ...]:
    """Read the qualities of a meeting.

    Args:
        document: The answer with `items`, one item or a list of them: its JSON, or the objects of
            `wxc_sdk`.

    Returns:
        A record for each session, direction and interval, seen from the client. Latency is the
        round trip between client and media node.

    Raises:
        MalformedError: It is none of these.

    Example:
        >>> stream = {"samplingInterval": 60, "packetLoss": [1.0, 0.5], "jitter": [4, 6]}
        >>> [r.loss for r in meeting({"participantId": "p1", "audioIn": [stream]})]
        [0.01, 0.005]

    Source: developer.webex.com, Meeting Qualities.
    """
    sessions, problems = reports(document, "webex", "items")
    return telling((record for session in sessions for record in _session(session)), problems)


def _session(session: Fields) -> Iterator[MediaQuality]:
    leg = session.text("participantSessionId") or session.text("participantId")
    for name, direction in _DIRECTIONS:
        for stream in session.children(name):
            yield from _stream(stream, direction, leg)


def _stream(stream: Fields, direction: Direction, leg: str | None) -> Iterator[MediaQuality]:
    interval, start = stream.number("samplingInterval"), stream.time("startTime")
    loss = _series(stream, "packetLoss", 0.01)
    jitter, latency = _series(stream, "jitter", 0.001), _series(stream, "latency", 0.001)
    for number in range(max(len(loss), len(jitter), len(latency))):
        share = _at(loss, number)
        yield MediaQuality(
            source="webex",
            system="webex",
            leg=leg,
            direction=direction,
            measured_at="local" if direction == "inbound" else "remote",
            codec=sdp_name(stream.text("codec")),
            start=None if start is None or interval is None else start + number * interval,
            duration=interval,
            loss=share if share is not None and share <= 1.0 else None,
            jitter=_at(jitter, number),
            round_trip=_at(latency, number),
        )


def _series(stream: Fields, name: str, unit: float) -> list[float | None]:
    """Return a list of numbers in units of ours; below 0 and null nothing was measured."""
    numbers = (Fields({name: item}, "webex", stream.problems) for item in stream.values(name))
    return [_not_negative(number.number(name, unit=unit, low=-1e12)) for number in numbers]


def _not_negative(number: float | None) -> float | None:
    return number if number is not None and number >= 0 else None


def _at(series: list[float | None], number: int) -> float | None:
    return series[number] if number < len(series) else None
