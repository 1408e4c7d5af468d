"""Tempo: everything arrives, is kept as it was sent, and is found by TraceQL."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from backends.servers import Prometheus, Tempo
from cxotel import semconv
from cxotel.reading import open_source
from cxotel.reading.file import FileSource
from tests.backends.contact_center import demo_file, demo_journeys
from tests.backends.kept import arrived, sent, told_by
from tests.backends.people import people, shop, trace_id
from tests.backends.sending import ask, over_grpc, over_http, replay, until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.backends.conftest import Serve
    from tests.backends.people import Person

PATIENCE = 30.0
"""Seconds until Tempo finds what it has."""


class Filled(NamedTuple):
    """Tempo, what was sent to it, and where its metrics of spans went."""

    tempo: Tempo
    prometheus: Prometheus
    demo: Path
    people: list[Person]


@pytest.fixture(scope="module")
def filled(serve_module: Serve, needs: Any) -> Filled:
    """Run Tempo, and send it journeys over gRPC and HTTP."""
    needs("tempo")
    prometheus = serve_module(lambda: Prometheus("127.0.0.1:9"))
    tempo = serve_module(lambda: Tempo(prometheus.url))
    demo = demo_file()
    replay(demo, tempo.otlp_http)
    some = people("bridge")
    for number, person in enumerate(some):
        if number % 2:
            over_grpc(person.spans, tempo.otlp_grpc)
        else:
            over_http(person.spans, tempo.otlp_http)
    over_grpc(shop(5), tempo.otlp_grpc)
    return Filled(tempo, prometheus, demo, some)


def search(tempo: Tempo, query: str) -> set[str]:
    """Return the ids of the traces that a query finds."""
    now = int(time.time())
    times = {"start": str(now - 3600), "end": str(now + 60), "limit": "500"}
    found = ask(tempo.url, "/api/search", q=query, **times).get("traces", [])
    return {str(each["traceID"]).zfill(32) for each in found}


def finds(filled: Filled, query: str, expected: set[str]) -> None:
    """Check that a query finds these traces, as soon as Tempo has them."""
    seen = until(lambda: search(filled.tempo, query), lambda found: found == expected, PATIENCE)
    assert seen == expected


def test_spans_are_kept_as_they_were_sent(filled: Filled) -> None:
    """Kinds, parents, events, links and the types of attributes are all as they left."""
    source = open_source("tempo", filled.tempo.url)
    for person in filled.people:
        told = sent(person.spans)
        kept = until(
            lambda person=person: arrived(source, person.journey),
            lambda found, told=told: found == told,
            PATIENCE,
        )
        assert kept == told


def test_every_journey_reads_the_same_as_from_the_file(filled: Filled) -> None:
    """`cxotel journey` finds each by its id and tells the same story, letter by letter."""
    source, file = open_source("tempo", filled.tempo.url), FileSource(filled.demo)
    for journey in demo_journeys(filled.demo):
        number = len(file.spans(journey))
        until(
            lambda journey=journey: len(source.spans(journey)),
            lambda found, number=number: found == number,
            PATIENCE,
        )
        story = told_by(journey, "tempo", "--endpoint", filled.tempo.url)
        assert story == told_by(journey, str(filled.demo))
        assert "score" in story


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("{ span.cx.experience.score < 60 }", {"poor", "failed", "unresolved"}),
        ('{ span.cx.experience.class = "not_recommended" }', {"failed"}),
        ('{ span.cx.experience.blame.layer = "contact_center" }', {"poor"}),
        ('{ span.cx.journey.outcome = "abandoned" }', {"abandoned"}),
        ('{ kind = client && span.cx.system = "stripe" && span.error.type = "503" }', {"error"}),
        ('{ event:name = "cx.handoff" }', {"poor"}),
        ('{ name = "refund" && duration > 5m }', {"poor"}),
    ],
)
def test_traces_are_found_by_what_hurt(filled: Filled, query: str, kinds: set[str]) -> None:
    """One query each for bad scores, classes, blame, outcomes, failed calls and events."""
    expected = {trace_id(person.first) for person in filled.people if person.kind in kinds}
    finds(filled, query.replace("{ ", '{ resource.service.name = "bridge" && ', 1), expected)


def test_culprits_are_found_by_their_points(filled: Filled) -> None:
    """`points > 5` lists the vendor calls that cost a customer more than five points."""
    expected = {
        span.trace_id
        for span in FileSource(filled.demo).every_span()
        if (span.whole(semconv.CX_EXPERIENCE_POINTS) or 0) > 5
    }
    assert expected, "some call costs more than five points in the demo"
    finds(filled, "{ span.cx.experience.points > 5 }", expected)


def test_the_next_trace_of_a_journey_is_found_by_its_link(filled: Filled) -> None:
    """From the trace of a call, a query leads to the trace of the call back."""
    person = filled.people[0]
    first = trace_id(person.first)
    finds(filled, f'{{ link:traceID = "{first}" }}', set(person.traces) - {first})


def edges(prometheus: Prometheus, query: str) -> dict[tuple[str, str], float]:
    """Return the edges of the service graph, with how many calls there were."""
    answer = ask(prometheus.url, "/api/v1/query", query=query)
    return {
        (each["metric"]["client"], each["metric"]["server"]): float(each["value"][1])
        for each in answer["data"]["result"]
    }


def test_the_service_graph_has_vendors_and_no_false_edges(filled: Filled) -> None:
    """Vendors are nodes by name; links between a journey's traces are no calls."""
    expected = {
        # Tempo does not count calls that ended more than half a minute before it got them.
        ("bridge", "salesforce"): len(filled.people) - 1,
        ("bridge", "stripe"): 1,
        ("bridge", "twilio"): len(filled.people),
        ("user", "shop"): 5,
        ("shop", "orders"): 5,
        ("orders", "stripe"): 5,
    }
    ours = 'client=~"user|bridge|shop|orders", server!="contact-center-bridge"'
    query = f"sum by (client, server) (traces_service_graph_request_total{{{ours}}})"
    seen = until(lambda: edges(filled.prometheus, query), lambda found: found == expected, PATIENCE)
    assert seen == expected
