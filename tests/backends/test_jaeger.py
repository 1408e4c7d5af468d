"""Jaeger: everything arrives, is kept as it was sent, and is found by what people look for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from backends.servers import Jaeger
from cxotel import semconv
from cxotel.reading import open_source
from cxotel.reading.file import FileSource
from tests.backends.contact_center import demo_file, demo_journeys
from tests.backends.kept import arrived, sent, told_by
from tests.backends.people import people, trace_id
from tests.backends.sending import ask, over_grpc, over_http, replay

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from opentelemetry.sdk.trace import ReadableSpan

    from tests.backends.conftest import Serve
    from tests.backends.people import Person

    Send = Callable[[Jaeger, Sequence[ReadableSpan]], None]


@pytest.fixture(scope="module")
def jaeger(serve_module: Serve) -> Jaeger:
    """Run Jaeger for all tests of this module."""
    return serve_module(Jaeger)


@pytest.fixture(scope="module")
def demo(jaeger: Jaeger) -> Path:
    """Send a small contact center's telemetry to Jaeger, and return the file of it."""
    file = demo_file()
    replay(file, jaeger.otlp_http)
    return file


@pytest.fixture(scope="module")
def customers(jaeger: Jaeger) -> list[Person]:
    """Send the journeys of customers whose kinds are known."""
    some = people("tags-bridge")
    over_grpc([span for person in some for span in person.spans], jaeger.otlp_grpc)
    return some


def found(jaeger: Jaeger, service: str, **tags: str) -> set[str]:
    """Return the ids of a service's traces that have a span with all of these tags."""
    answer = ask(jaeger.url, "/api/traces", service=service, tags=json.dumps(tags), limit="100")
    return {str(trace["traceID"]).zfill(32) for trace in answer["data"]}


def by_grpc(jaeger: Jaeger, spans: Sequence[ReadableSpan]) -> None:
    """Send over gRPC."""
    over_grpc(spans, jaeger.otlp_grpc)


def by_http(jaeger: Jaeger, spans: Sequence[ReadableSpan]) -> None:
    """Send over HTTP."""
    over_http(spans, jaeger.otlp_http)


@pytest.mark.parametrize("send", [by_grpc, by_http])
def test_spans_are_kept_as_they_were_sent(jaeger: Jaeger, send: Send) -> None:
    """Kinds, parents, events, links and the types of attributes are all as they left."""
    (person,) = people(f"kept-{send.__name__}", kinds=("poor",))
    send(jaeger, person.spans)
    kept = arrived(open_source("jaeger", jaeger.url), person.journey)
    assert kept == sent(person.spans)
    assert any(span["links"] for span in kept), "the second trace links the first"


def test_every_journey_is_found_by_its_id(jaeger: Jaeger, demo: Path) -> None:
    """No journey of a contact center is lost, and none has a span more or less."""
    source = open_source("jaeger", jaeger.url)
    for journey in demo_journeys(demo):
        spans = source.spans(journey)
        assert spans == FileSource(demo).spans(journey)
        services = {span.service for span in spans}
        traces = {span.trace_id for span in spans}
        found_by_tag = [
            found(jaeger, each, **{semconv.CX_JOURNEY_ID: journey}) for each in services
        ]
        assert set().union(*found_by_tag) == traces


@pytest.mark.parametrize(
    ("tags", "kinds"),
    [
        ({semconv.CX_EXPERIENCE_CLASS: "nearly_all_dissatisfied"}, {"poor", "unresolved"}),
        ({semconv.CX_EXPERIENCE_CLASS: "not_recommended"}, {"failed"}),
        ({semconv.CX_EXPERIENCE_SCORE: "58"}, {"poor"}),
        ({semconv.CX_EXPERIENCE_BLAME_LAYER: "contact_center"}, {"poor"}),
        ({semconv.CX_JOURNEY_OUTCOME: "abandoned"}, {"abandoned"}),
        ({semconv.CX_SYSTEM: "stripe", "error.type": "503"}, {"error"}),
        ({semconv.CX_JOURNEY_NAME: "refund", semconv.CX_JOURNEY_OUTCOME: "failed"}, {"failed"}),
        ({semconv.CX_SYSTEM: "nobody"}, set[str]()),
    ],
)
def test_traces_are_found_by_tags(
    jaeger: Jaeger, customers: list[Person], tags: dict[str, str], kinds: set[str]
) -> None:
    """The tags field of Jaeger's search finds journeys by class, blame, outcome and vendor."""
    expected = {trace_id(person.first) for person in customers if person.kind in kinds}
    assert found(jaeger, "tags-bridge", **tags) == expected


def test_traces_are_found_by_the_blamed_system(jaeger: Jaeger, demo: Path) -> None:
    """Which journeys one vendor hurt most: those whose carrier says so."""
    key = semconv.CX_EXPERIENCE_BLAME_SYSTEM
    spans = FileSource(demo).every_span()
    blamed = {span.attributes[key] for span in spans if span.attributes.get(key)}
    assert blamed, "somebody is to blame in the demo"
    for system in blamed:
        expected = {span.trace_id for span in spans if span.attributes.get(key) == system}
        service = next(span.service for span in spans if span.attributes.get(key) == system)
        assert found(jaeger, service, **{key: str(system)}) == expected


def test_a_journey_reads_the_same_as_from_the_file(jaeger: Jaeger, demo: Path) -> None:
    """`cxotel journey` tells the same story, letter by letter, from Jaeger and from the file."""
    for journey in demo_journeys(demo):
        story = told_by(journey, "jaeger", "--endpoint", jaeger.url)
        assert story == told_by(journey, str(demo))
        assert "score" in story
