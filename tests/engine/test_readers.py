"""What the small functions of a vendor's table read, and what they leave absent."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any, cast

import pytest
from google.cloud.dialogflowcx_v3.types import DetectIntentResponse
from hypothesis import given
from hypothesis import strategies as st

from cxotel import semconv
from cxotel.engine import (
    BODY_LIMIT,
    Call,
    Operation,
    Vendor,
    body,
    digest,
    first,
    issued_id,
    json_text,
    mapped,
    moment,
    number,
    numeric_id,
    seconds_until,
    walk,
)
from cxotel.engine.call import Site
from cxotel.engine.permits import permit

VENDOR = Vendor("toy", "channel", ("pytest",), (), ("toy.",), {"": Operation("request")})


def call_with(document: object) -> Call:
    """Return a call whose reply holds *document*."""
    call = Call(Site(VENDOR, "send", {"to": 0, "text": 1}), None, ("you",), {"urgent": True})
    call.document = document
    return call


def test_an_argument_is_found_however_it_was_passed() -> None:
    """Position, keyword and absence read alike."""
    call = call_with(None)

    assert [call.argument(name) for name in ("to", "urgent", "text")] == ["you", True, None]
    assert call.argument("text", "nothing") == "nothing"


@pytest.mark.parametrize(
    ("document", "path", "expected"),
    [
        ({"a": [{"b": 1}]}, ("a", 0, "b"), 1),
        ({"a": [{"b": 1}]}, ("a", 1, "b"), None),
        ({"a": [{"b": 1}]}, ("a", -1, "b"), 1),
        ({"a": None}, ("a", "b"), None),
        (None, ("a",), None),
        ("text", ("a",), None),
        ({"a": 0}, ("a",), 0),
        ({"a": False}, ("a",), False),
    ],
)
def test_a_path_leads_to_its_value_or_nowhere(
    document: object, path: tuple[str | int, ...], expected: object
) -> None:
    """A missing step is absent; a measured zero is not."""
    assert walk(document, path) == expected


def test_a_protobuf_field_that_was_never_set_is_absent() -> None:
    """Protobuf's defaults would look like something that was measured."""
    pb: Any = cast("Any", DetectIntentResponse).pb  # its metaclass adds it, untyped
    empty = pb(DetectIntentResponse())
    told = pb(
        DetectIntentResponse(query_result={"match": {"confidence": 0.5, "match_type": "NO_MATCH"}})
    )

    assert walk(empty, ("query_result", "match", "confidence")) is None
    assert walk(empty, ("response_id",)) is None
    assert walk(told, ("query_result", "match", "confidence")) == 0.5
    assert walk(told, ("query_result", "match", "match_type")) == "NO_MATCH"
    assert walk(told, ("query_result", "match", "intent", "display_name")) is None
    assert walk(told, ("no_such_field",)) is None


@given(st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)), st.integers(-840, 840))  # noqa: DTZ001 - zones are added below
def test_a_moment_reads_the_same_in_every_notation(naive: datetime, offset: int) -> None:
    """RFC 3339, RFC 5322 and datetime objects give the same milliseconds."""
    zone = timezone(timedelta(minutes=offset))
    when = naive.replace(tzinfo=zone, microsecond=0)
    expected = round(when.timestamp() * 1000)
    notations: list[Any] = [when, when.isoformat(), format_datetime(when)]

    assert [moment(body("at"))(call_with({"at": text})) for text in notations] == [expected] * 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:01Z", 1000),
        ("1970-01-01T00:00:01.5Z", 1500),
        ("1970-01-01T00:00:01.250000Z", 1250),
        ("1970-01-01T01:00:01+0100", 1000),
        ("1970-01-01T00:00:01", 1000),
        ("Thu, 01 Jan 1970 00:00:01 +0000", 1000),
        ("", None),
        (None, None),
    ],
)
def test_a_moment_reads_what_vendors_write(text: str | None, expected: int | None) -> None:
    """Fractions of any length, offsets without a colon, no zone at all; no time is absent."""
    assert moment(body("at"))(call_with({"at": text})) == expected


def test_numbers_come_from_text_too() -> None:
    """Twilio's durations are strings; an empty one is absent, not zero."""
    read = number(body("n"), 1000)

    assert [read(call_with({"n": n})) for n in ("4.5", 2, "", None, "0")] == [
        4500,
        2000,
        None,
        None,
        0,
    ]


def test_a_limit_begins_anew_in_so_many_seconds() -> None:
    """Vendors tell the second of the epoch; one that has passed is now, and none is absent."""
    read = seconds_until(body("reset"))
    calls = [call_with({"reset": reset}) for reset in ("1700000060", 1_700_000_000, 5, None, "")]
    for call in calls:
        call.ended_ns = 1_700_000_000 * 1_000_000_000

    assert [read(call) for call in calls] == [60, 0, 0, None, None]


@pytest.mark.parametrize("key", [semconv.CX_RECORD_ID, semconv.CX_QUEUE_ID])
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (360012345678, "360012345678"),
        ("360012345678", "360012345678"),
        ("+15558675309", None),
        ("my number is 5558675309", None),
        (True, None),
        (None, None),
    ],
)
def test_a_vendors_own_number_leaves_though_it_is_as_long_as_a_telephones(
    key: str, value: object, expected: str | None
) -> None:
    """Zendesk's ids look like phone numbers; only the table can know that they are ids."""
    let_out = permit(key)
    assert let_out is not None
    found = numeric_id(body("id"))(call_with({"id": value}))

    assert (None if found is None else let_out(found)) == expected
    assert let_out("360012345678") is None


@pytest.mark.parametrize("key", [semconv.CX_RECORD_ID, semconv.CX_QUEUE_ID])
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("46d44a5dc0a8010e0012345678901234", "46d44a5dc0a8010e0012345678901234"),
        ("5558675309", None),
        ("Zebulon 5558675309", None),
    ],
)
def test_an_id_leaves_in_the_form_that_its_vendor_gives_it(
    key: str, value: str, expected: str | None
) -> None:
    """A ServiceNow id is full of digits; what has another form has to be harmless by itself."""
    let_out = permit(key)
    assert let_out is not None

    assert let_out(issued_id(body("id"), "[0-9a-f]{32}")(call_with({"id": value}))) == expected


def test_an_unknown_word_is_absent() -> None:
    """A value that the vendor added yesterday is not guessed at."""
    read = mapped(body("status"), {"busy": "busy"})

    assert [read(call_with({"status": s})) for s in ("busy", "brand-new", None)] == [
        "busy",
        None,
        None,
    ]


def test_the_first_value_that_is_there_counts() -> None:
    """An empty text is not there; a zero is."""
    read = first(body("a"), body("b"))

    assert read(call_with({"a": "", "b": 0})) == 0
    assert read(call_with({})) is None


def test_a_digest_names_the_same_thing_alike() -> None:
    """The same parts give the same id, other parts another; without the first there is none."""
    read = digest(body("call"), body("at"))
    ids = [read(call_with(d)) for d in ({"call": "CA1", "at": 1}, {"call": "CA1", "at": 2}, {})]

    assert read(call_with({"call": "CA1", "at": 1})) == ids[0]
    assert len(set(ids)) == 3
    assert ids[2] is None


def test_only_small_json_is_parsed() -> None:
    """A page of HTML, half a reply and a reply above the limit hold nothing for us."""
    assert json_text(b'{"sid": "CA1"}') == {"sid": "CA1"}
    assert [json_text(text) for text in ("<html>", '{"sid": ', "", None)] == [None] * 4
    assert json_text('"' + "x" * BODY_LIMIT + '"') is None
