"""Journeys read back: the same from a file, from Jaeger and from Tempo."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxotel import semconv
from cxotel.experience.processor import ExperienceProcessor
from cxotel.experience.rules import Rules
from cxotel.reading import Source, SourceError, Span, journey_ids, of_journey, open_source
from cxotel.reading.assemble import assemble
from cxotel.reading.file import FileSource
from cxotel.reading.otlp_json import spans_of
from cxotel.testing import Telemetry
from tests.cli.backends import (
    Store,
    answering,
    jaeger_213,
    jaeger_later,
    tempo,
    tempo_before_v2,
)
from tests.cli.sample import JOURNEY, spans

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_tells_every_span_of_a_journey(journey_file: Path) -> None:
    """What was exported to a file is read back as it was."""
    found = FileSource(journey_file).spans(JOURNEY)
    assert [span.name for span in found] == [span.name for span in spans()]
    (query,) = [span for span in found if span.name == "query_case salesforce"]
    assert (query.kind, query.scope, query.service) == (
        "CLIENT",
        "cxotel.salesforce",
        "cxotel-testing",
    )
    assert query.end_ns - query.start_ns == 9_000_000_000
    assert query.attributes[semconv.CX_EVIDENCE_SHOWS] == ["responsiveness", "reliability"]
    assert journey_ids(FileSource(journey_file).every_span()) == [JOURNEY]


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("jaeger", jaeger_213),
        ("jaeger", jaeger_later),
        ("tempo", tempo),
        ("tempo", tempo_before_v2),
    ],
)
def test_every_source_tells_the_same(name: str, answers: Any, journey_file: Path) -> None:
    """A journey has the same spans, wherever it is read from."""
    with answering(answers, Store(journey_file)) as url:
        found = open_source(name, url).spans(JOURNEY)
        assert open_source(name, url).spans("unknown") == []
    assert found == FileSource(journey_file).spans(JOURNEY)


@pytest.mark.parametrize("name", ["jaeger", "tempo"])
def test_nobody_answers(name: str) -> None:
    """A backend that is not there is named with the option that corrects it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(SourceError, match=r"does not answer at .* Name it with --endpoint"):
        open_source(name, f"127.0.0.1:{port}").spans(JOURNEY)


@pytest.mark.parametrize("name", ["jaeger", "tempo"])
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, "<html>"), "what answers at http://127.0.0.1:.* is not"),
        ((200, [1]), "what answers at http://127.0.0.1:.* is not"),
        ((401, None), "wants credentials"),
        ((503, "too\nmuch"), "fails at .* with 503: too much"),
    ],
)
def test_another_answers(name: str, answer: Any, said: str, journey_file: Path) -> None:
    """A server that is somebody else, or is not well, is told from an empty backend."""

    def stranger(store: Store, path: str, query: dict[str, str]) -> Any:
        return answer

    with (
        answering(stranger, Store(journey_file)) as url,
        pytest.raises(SourceError, match=said),
    ):
        open_source(name, url).spans(JOURNEY)


def test_a_jaeger_that_has_neither_search(journey_file: Path) -> None:
    """A version between, with neither way of searching, is an error and no empty answer."""

    def between(store: Store, path: str, query: dict[str, str]) -> Any:
        return (200, "<html>") if path == "/api/traces" else jaeger_213(store, path, query)

    with (
        answering(between, Store(journey_file)) as url,
        pytest.raises(SourceError, match="is not Jaeger"),
    ):
        open_source("jaeger", url).spans(JOURNEY)


def test_tempo_is_asked_for_too_long_a_time(journey_file: Path) -> None:
    """Tempo searches a week at most, and whoever asks for more is told to ask for less."""
    with (
        answering(tempo, Store(journey_file)) as url,
        pytest.raises(SourceError, match=r"does not search 200 hours at once.*--hours"),
    ):
        open_source("tempo", url, 200).spans(JOURNEY)


def test_a_missing_file() -> None:
    """A file that is not there is named."""
    with pytest.raises(SourceError, match=r"/nowhere\.jsonl cannot be read: No such file"):
        open_source("/nowhere.jsonl").spans(JOURNEY)


def test_a_line_that_is_being_written_is_passed_over(journey_file: Path, tmp_path: Path) -> None:
    """A file may be read while somebody writes to it, and lines of metrics do no harm."""
    path = tmp_path / "growing.jsonl"
    whole = journey_file.read_text()
    path.write_text(f'{{"resourceMetrics": []}}\n\n{whole}{whole[: len(whole) // 3]}')
    source = FileSource(path)
    assert source.spans(JOURNEY) == FileSource(journey_file).spans(JOURNEY)
    assert source.unreadable == 1


def test_a_span_that_was_sent_twice_is_one_span(journey_file: Path) -> None:
    """Batches are sent again after an error, and a journey is not longer for that."""
    found = FileSource(journey_file).spans(JOURNEY)
    assert of_journey([*found, *reversed(found)], JOURNEY) == found


def test_events_of_one_moment_have_one_order() -> None:
    """Jaeger gives events in an order of its own; the story is the same for all that."""
    names = ("cx.queue", "cx.handoff", "cx.outcome", "cx.handoff")
    events = [
        {"name": name, "timeUnixNano": "7", "attributes": [_pair("cx.queue.name", queue)]}
        for name, queue in zip(names, "abcd", strict=True)
    ]
    early = {"name": "cx.zero", "timeUnixNano": "6"}
    orders = ([*events, early], [early, *reversed(events)])
    spans = [{"traceId": "01" * 16, "spanId": "02" * 8, "events": order} for order in orders]
    read = [next(spans_of(_document(span))) for span in spans]
    assert read[0] == read[1]
    assert read[0].events[0].name == "cx.zero"


def _pair(key: str, value: str) -> dict[str, Any]:
    return {"key": key, "value": {"stringValue": value}}


def _document(span: dict[str, Any]) -> dict[str, Any]:
    return {"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}


def assembled(found: list[Span]) -> Any:
    """Put the journey together."""
    return assemble(JOURNEY, found)


def test_segments_are_put_together_as_the_processes_scored_them(journey_file: Path) -> None:
    """The journey's record is the same that the process had in memory."""
    processor = ExperienceProcessor()
    try:
        spans()
        record = processor.record(JOURNEY)
    finally:
        processor.shutdown()
    journey = assembled(FileSource(journey_file).spans(JOURNEY))
    assert record is not None
    assert {part.ledger.to_json() for part in journey.record.segments.values()} == {
        part.ledger.to_json() for part in record.segments.values()
    }
    assert journey.record == record
    assert [segment.exact for segment in journey.segments] == [True, False]
    assert journey.name == "refund"
    assert journey.score.last is not None


def test_a_ledger_that_was_cut_short_is_worked_out_again(journey_file: Path) -> None:
    """Tempo keeps 2 KB of an attribute: the ledger is then made from the spans, and is the same."""
    found = FileSource(journey_file).spans(JOURNEY)
    key = semconv.CX_EXPERIENCE_LEDGER
    cut = [
        replace(span, attributes={**span.attributes, key: str(span.attributes[key])[:50]})
        if key in span.attributes
        else span
        for span in found
    ]
    whole, again = assembled(found), assembled(cut)
    assert not any(segment.exact for segment in again.segments)
    assert again.score == whole.score
    assert again.record == whole.record


def test_ledgers_of_other_rules_are_refused(journey_file: Path) -> None:
    """A journey is not priced by rules that its services did not have."""
    rules = Rules.from_mapping({"reach": {"cap": 20}})
    with pytest.raises(SourceError, match="CXOTEL_CONFIG"):
        assemble(JOURNEY, FileSource(journey_file).spans(JOURNEY), rules)


def test_no_spans_are_no_journey() -> None:
    """There is no score of nothing."""
    with pytest.raises(SourceError, match="no span of a journey"):
        assemble(JOURNEY, [])


def test_a_request_around_a_journey_is_shown_with_it() -> None:
    """A web framework's span above the journey carries nothing, and is part of its segment."""
    import cxotel

    processor = ExperienceProcessor()
    with Telemetry(processors=[processor]) as telemetry:
        tracer = telemetry.tracer_provider.get_tracer("framework")
        with (
            tracer.start_as_current_span("POST /refund"),
            cxotel.journey("refund", channel="chat", journey_id="j-2"),
            cxotel.step("look"),
        ):
            pass
        exported = telemetry.finished
    processor.shutdown()
    from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans

    from cxotel.exporting.json_lines import _line  # pyright: ignore[reportPrivateUsage]

    found = of_journey(spans_of(json.loads(_line(encode_spans(exported)))), "j-2")
    (segment,) = assemble("j-2", found).segments
    assert segment.carrier.name == "refund"
    assert [span.name for span in segment.spans] == ["POST /refund", "refund", "look"]


NAMES = (
    *("resourceSpans", "batches", "scopeSpans", "spans", "resource", "scope", "attributes"),
    *("key", "value", "name", "traceId", "spanId", "events", "links", "status", "code", "kind"),
    *("intValue", "stringValue", "arrayValue", "values", "kvlistValue", "startTimeUnixNano"),
    *("trace", "result"),
)
json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(json_like)
def test_any_json_is_spans_or_none(document: Any) -> None:
    """Whatever a file or a backend says, reading it ends well."""
    for span in spans_of(document):
        assert isinstance(span.name, str)
        assert isinstance(span.start_ns, int)


def test_sources_name_themselves(journey_file: Path) -> None:
    """An error can name where it looked."""
    sources: list[Source] = [open_source("jaeger"), open_source("tempo"), open_source(journey_file)]
    assert [str(source) for source in sources] == [
        "Jaeger at http://localhost:16686",
        "Tempo at http://localhost:3200",
        str(journey_file),
    ]
