"""Jaeger: everything arrives, is kept as it was sent, and is found by what people look for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import pytest
from typer.testing import CliRunner

from backends.servers import Jaeger
from cxotel import semconv
from cxotel.cli.app import app
from cxotel.reading import open_source
from cxotel.reading.file import FileSource
from tests.backends.contact_center import demo_file, demo_journeys
from tests.backends.people import people, trace_id
from tests.backends.sending import ask, over_grpc, over_http, replay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.trace import SpanContext

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


def told(events: Iterable[tuple[str, Any, int | None]]) -> list[Any]:
    """Return events in a fixed order: Jaeger keeps those of one moment in an order of its own."""
    return sorted(events, key=lambda event: (event[2], event[0], json.dumps(event[1], default=str)))


def ids(context: SpanContext) -> tuple[str, str]:
    """Return the ids that a link leads to."""
    return f"{context.trace_id:032x}", f"{context.span_id:016x}"


def _typed(value: Any) -> tuple[str, object]:
    plain = list(cast("tuple[object, ...]", value)) if isinstance(value, tuple) else value
    return type(plain).__name__, plain


def sent(span: ReadableSpan) -> dict[str, Any]:
    """Return what a span says, with the types of its attributes."""
    context = span.get_span_context()
    assert context
    return {
        "name": span.name,
        "kind": span.kind.name,
        "span": f"{context.span_id:016x}",
        "parent": f"{span.parent.span_id:016x}" if span.parent else "",
        "times": (span.start_time, span.end_time),
        "attributes": typed(span.attributes),
        "events": told((each.name, typed(each.attributes), each.timestamp) for each in span.events),
        "links": [(*ids(each.context), typed(each.attributes)) for each in span.links],
        "failed": span.status.status_code.name == "ERROR",
        "scope": span.instrumentation_scope.name if span.instrumentation_scope else "",
        "resource": typed(span.resource.attributes),
    }  # fmt: skip


def typed(attributes: Mapping[str, Any] | None) -> dict[str, tuple[str, object]]:
    """Return attributes with the names of their types: 1 is not 1.0."""
    return {key: _typed(value) for key, value in sorted((attributes or {}).items())}


def arrived(jaeger: Jaeger, journey: str) -> list[dict[str, Any]]:
    """Return what Jaeger keeps of a journey, in the same shape as `sent`."""
    return [
        {
            "name": span.name,
            "kind": span.kind,
            "span": span.span_id,
            "parent": span.parent_id,
            "times": (span.start_ns, span.end_ns),
            "attributes": typed(span.attributes),
            "events": told(
                (each.name, typed(each.attributes), each.time_ns) for each in span.events
            ),
            "links": [(e.trace_id, e.span_id, typed(e.attributes)) for e in span.links],
            "failed": span.failed,
            "scope": span.scope,
            "resource": typed(span.resource),
        }
        for span in open_source("jaeger", jaeger.url).spans(journey)
    ]


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
    kept = arrived(jaeger, person.journey)
    order = [span["span"] for span in kept]
    left = sorted((sent(span) for span in person.spans), key=lambda span: order.index(span["span"]))
    assert kept == left
    assert [span["links"] for span in kept if span["links"]], "the second trace links the first"
    assert {"int", "float", "str", "list"} <= {
        kind for span in kept for kind, _ in span["attributes"].values()
    }


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


def told_by(journey: str, source: str, *more: str) -> str:
    """Return what `cxotel journey` says of a journey that it reads from *source*."""
    ran = CliRunner().invoke(app, ["journey", journey, "--from", source, *more])
    assert ran.exit_code == 0, ran.output
    return ran.output
