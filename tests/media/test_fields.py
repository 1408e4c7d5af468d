"""Numbers, times and codecs are read as others write them."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxotel.media.fields import MAX_PROBLEMS, Fields
from cxotel.media.rtp.payload_types import clock_rate_of, sdp_name, static_name
from cxotel.media.values import parse_number, parse_time, snake


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (4, 4.0),
        ("4.50", 4.5),
        (" 12 ms", 12.0),
        ("0.5%", 0.5),
        ("-1e3", -1000.0),
        ("", None),
        ("4,5", None),
        ("1e999", None),
        ("9" * 400, None),
        (10**400, None),
        (True, None),
        (float("nan"), None),
        ([4], None),
    ],
)
def test_numbers_are_read_with_their_units(written: object, number: float | None) -> None:
    """What is no finite number is none at all."""
    assert parse_number(written) == number


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2015-02-23T02:35:46Z", "2015-02-23T02:35:46+00:00"),
        ("2015-02-23T02:35:46", "2015-02-23T02:35:46+00:00"),
        ("2015-02-23T02:35:46.1234567Z", "2015-02-23T02:35:46.123456+00:00"),
        ("2015-02-23T02:35:46.5+0100", "2015-02-23T01:35:46.500000+00:00"),
        ("2015-02-23 02:35:46+01:00", "2015-02-23T01:35:46+00:00"),
    ],
)
def test_times_are_read_in_every_common_form(written: str, iso: str) -> None:
    """With Z, an offset with a colon or without, or nothing; with any fraction."""
    assert parse_time(written) == datetime.fromisoformat(iso).timestamp()


@pytest.mark.parametrize(
    "written",
    ["", "0", "yesterday", "2015-13-01T00:00:00Z", 5, None],
)
def test_what_is_no_time_is_none(written: object) -> None:
    """No time is made up."""
    assert parse_time(written) is None


@given(st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1)))  # noqa: DTZ001 - bounds
def test_times_survive_being_written(moment: datetime) -> None:
    """What ISO 8601 writes is read back, whatever the fraction."""
    known = moment.replace(tzinfo=timezone.utc)
    assert parse_time(f"{moment.isoformat()}Z") == known.timestamp()
    assert parse_time(known) == known.timestamp()


def test_codecs_are_named_as_in_sdp() -> None:
    """Phones' displays, MIME types and payload types mean the same codecs."""
    written = [
        "G.711 Mu-law",
        "G711U",
        "pcma",
        "G.722.2",
        "G.722",
        "audio/opus",
        "G729A",
        None,
        " ",
    ]
    names = ["PCMU", "PCMU", "PCMA", "AMR-WB", "G722", "opus", "G729", None, None]
    assert [sdp_name(name) for name in written] == names
    assert [static_name(number) for number in (0, 18, 101, None)] == ["PCMU", "G729", None, None]
    assert [clock_rate_of(name) for name in ("G722", "opus", "L16", None)] == [
        8000,
        48000,
        None,
        None,
    ]


def test_names_are_found_in_snake_case() -> None:
    """Client libraries spell what interfaces say in camel case."""
    assert snake("maxLatencyMs") == "max_latency_ms"
    assert Fields({"min_r_factor": 80}, "report").number("minRFactor") == 80


def test_problems_are_told_once_and_bounded() -> None:
    """A report of nonsense does not grow its record without end."""
    fields = Fields({f"n{number}": "x" * 20 for number in range(100)}, "report")
    for number in (0, 0, *range(100)):
        fields.number(f"n{number}")
    assert len(fields.problems) == MAX_PROBLEMS
    assert len(set(fields.problems)) == MAX_PROBLEMS


@given(st.floats(0, 1e6))
def test_milliseconds_are_divided_exactly(value: float) -> None:
    """27 ms is 0.027 s, not 0.027000000000000003."""
    assert Fields({"a": value}, "report").number("a", unit=0.001) == value / 1000
