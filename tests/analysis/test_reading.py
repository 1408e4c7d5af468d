"""Files of OTLP JSON lines become the rows that the Collector's exporter would have written."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cxotel.analysis import UnreadableError
from cxotel.analysis.complete import span_of
from cxotel.reading.file import FileSource
from tests.analysis.lines import attributes, line, write

if TYPE_CHECKING:
    from cxotel.analysis import Store

DEMO = Path(__file__).parent / "demo.jsonl.gz"
TEXT = "LowCardinality(String)"
MAP = f"Map({TEXT}, String)"
# The exporter's own statement, release 0.157: internal/sqltemplates/traces_table.sql.
EXPORTERS = {
    "Timestamp": "DateTime64(9)",
    "TraceId": "String",
    "SpanId": "String",
    "ParentSpanId": "String",
    "TraceState": "String",
    "SpanName": TEXT,
    "SpanKind": TEXT,
    "ServiceName": TEXT,
    "ResourceAttributes": MAP,
    "ScopeName": "String",
    "ScopeVersion": "String",
    "SpanAttributes": MAP,
    "Duration": "UInt64",
    "StatusCode": TEXT,
    "StatusMessage": "String",
    "Events.Timestamp": "Array(DateTime64(9))",
    "Events.Name": f"Array({TEXT})",
    "Events.Attributes": f"Array({MAP})",
    "Links.TraceId": "Array(String)",
    "Links.SpanId": "Array(String)",
    "Links.TraceState": "Array(String)",
    "Links.Attributes": f"Array({MAP})",
}
ROWS = """
SELECT toUnixTimestamp64Nano(Timestamp) AS Started, Duration, TraceId, SpanId, ParentSpanId,
    SpanName, SpanKind, StatusCode, ScopeName, ResourceAttributes, SpanAttributes,
    arrayMap(time -> toUnixTimestamp64Nano(time), Events.Timestamp) AS EventTimes,
    Events.Name AS EventNames, Events.Attributes AS EventAttributes
FROM otel_traces
"""


def only(store: Store) -> dict[str, Any]:
    """Return the only row."""
    [row] = store.ask("SELECT * FROM otel_traces")
    return row


def test_the_table_is_the_exporters(store: Store) -> None:
    """What runs on a laptop runs on the Collector's table: the columns are the same, in order."""
    described = store.ask("DESCRIBE TABLE otel_traces")

    assert {row["name"]: row["type"] for row in described} == EXPORTERS
    assert [row["name"] for row in described] == list(EXPORTERS)


def test_every_span_of_a_real_file_is_read_as_it_is(store: Store, tmp_path: Path) -> None:
    """Names, times, kinds, attributes with their types, events: nothing is lost in the table."""
    path = tmp_path / "demo.jsonl"
    with gzip.open(DEMO) as packed, path.open("wb") as plain:
        shutil.copyfileobj(packed, plain)
    spans = {(span.trace_id, span.span_id): span for span in FileSource(path).every_span()}
    store.read(path)

    rows = store.ask(ROWS)

    assert len(rows) == len(spans)
    for row in rows:
        read = span_of(row)
        known = spans[read.trace_id, read.span_id]
        for name in ("name", "kind", "start_ns", "end_ns", "failed", "scope", "parent_id"):
            assert getattr(read, name) == getattr(known, name)
        assert (read.attributes, read.events) == (known.attributes, known.events)
        assert read.process == known.process


def test_values_become_the_text_that_the_exporter_writes(store: Store, tmp_path: Path) -> None:
    """Numbers, truth values and lists read like the Collector's, so that one query fits both."""
    values = {
        "text": 'say "hi"/\n',
        "whole": -5,
        "share": 0.5,
        "flag": True,
        "names": ["a/b", "c"],
        "numbers": [1, 2],
    }
    store.read(write(tmp_path / "values.jsonl", [line(values)]))

    assert only(store)["SpanAttributes"] == {
        "text": 'say "hi"/\n',
        "whole": "-5",
        "share": "0.5",
        "flag": "true",
        "names": '["a/b","c"]',
        "numbers": "[1,2]",
    }


@pytest.mark.parametrize(
    ("kind", "code", "expected"),
    [
        (3, 2, ("Client", "Error")),
        (0, 0, ("Unspecified", "Unset")),
        ("SPAN_KIND_SERVER", "STATUS_CODE_OK", ("Server", "Ok")),
    ],
)
def test_kinds_and_states_have_the_exporters_names(
    store: Store, tmp_path: Path, kind: object, code: object, expected: tuple[str, str]
) -> None:
    """Enumerations may be numbers or names, as protobuf's own JSON has them."""
    store.read(write(tmp_path / "kinds.jsonl", [line({}, kind=kind, status={"code": code})]))

    row = only(store)

    assert (row["SpanKind"], row["StatusCode"]) == expected


def test_events_and_links_are_kept(store: Store, tmp_path: Path) -> None:
    """An event's attributes and a link's ids stand in the row of their span."""
    event = {"timeUnixNano": "7", "name": "said", "attributes": attributes({"a": 1})}
    link = {"traceId": "1" * 32, "spanId": "2" * 16, "attributes": attributes({"b": "x"})}
    store.read(write(tmp_path / "events.jsonl", [line({}, events=[event], links=[link])]))

    row = only(store)

    assert (row["Events.Name"], row["Events.Attributes"]) == (["said"], [{"a": "1"}])
    assert (row["Links.TraceId"], row["Links.Attributes"]) == (["1" * 32], [{"b": "x"}])


def test_what_is_no_span_is_passed_over(store: Store, tmp_path: Path) -> None:
    """Metrics, logs, empty lines and a line that somebody is just writing disturb nobody."""
    lines = [json.dumps({"resourceMetrics": []}), "", line({"a": 1}), "no JSON", line({})[:50]]
    store.read(write(tmp_path / "mixed.jsonl", lines))

    assert only(store)["SpanAttributes"] == {"a": "1"}


def test_a_files_name_is_no_pattern(store: Store, tmp_path: Path) -> None:
    """A file called `*.jsonl` is read alone, and not with its neighbours."""
    write(tmp_path / "other.jsonl", [line({"a": 1})])
    store.read(write(tmp_path / "*.jsonl", [line({"a": 2})]))

    assert only(store)["SpanAttributes"] == {"a": "2"}


def test_reading_tells_how_far_it_is(store: Store, tmp_path: Path) -> None:
    """The last that is told is the size of the file."""
    path = write(tmp_path / "long.jsonl", [line({"a": "x" * 1000, "n": n}) for n in range(2_000)])
    told: list[int] = []

    store.read(path, told.append)

    assert told == sorted(told)
    assert len(told) > 1
    assert told[-1] == path.stat().st_size


def test_a_packed_file_that_was_cut_is_told(store: Store, tmp_path: Path) -> None:
    """An archive that ends too soon is not taken for a whole one."""
    path = tmp_path / "cut.jsonl.gz"
    path.write_bytes(DEMO.read_bytes()[:-2_000])

    with pytest.raises(UnreadableError, match=r"cut\.jsonl\.gz cannot be read"):
        store.read(path)
