"""The production Collectors, two deep: what is kept, what is masked, and what is counted."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.trace import SpanKind, Status, StatusCode

from backends.servers import Collector, Jaeger, SamplingCollector
from cxotel import semconv
from cxotel.reading import open_source
from tests.backends.people import BAD, people, service, shop, trace_id
from tests.backends.sending import ask, over_grpc, over_http, text_of, until

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan

    from tests.backends.conftest import Serve
    from tests.backends.people import Person

PHONE = "+15551234567"
MAIL = "anna.smith@mail.example"
SERVICES = ("bridge", "billing", "shop", "orders")


class Stack(NamedTuple):
    """The first Collector, what is behind it, and what has come there."""

    collector: Collector
    jaegers: tuple[Jaeger, Jaeger]
    """One behind each of the second Collectors."""
    people: list[Person]
    late: list[Person]
    """Those whose carriers were sent long after everything inside."""
    sent: list[ReadableSpan]

    def kept(self) -> list[dict[str, int]]:
        """Return, behind each second Collector, how many spans of which trace were kept."""
        return [traces(jaeger) for jaeger in self.jaegers]

    def all_kept(self) -> dict[str, int]:
        """Return how many spans of which trace were kept."""
        one, other = self.kept()
        return {**one, **other}


def traces(jaeger: Jaeger) -> dict[str, int]:
    """Return how many spans of which trace a Jaeger has."""
    found: dict[str, int] = {}
    for name in SERVICES:
        answer = ask(jaeger.url, "/api/traces", service=name, limit="1000")
        found |= {str(one["traceID"]).zfill(32): len(one["spans"]) for one in answer["data"]}
    return found


@pytest.fixture(scope="module")
def stack(serve_module: Serve) -> Stack:
    """Send many journeys through the Collectors, in requests that hold bits of several."""
    one, other = serve_module(Jaeger), serve_module(Jaeger)
    behind = [serve_module(lambda jaeger=each: _sampling(jaeger)).address for each in (one, other)]
    collector = serve_module(lambda: Collector(behind))
    late = people("bridge", each=6, kinds=("poor",))
    some = people("bridge", each=4, kinds=BAD) + people("bridge", each=40, kinds=("good",))
    sent = [span for person in some for span in person.spans]
    sent += [*other_library(some), *shop(10)]
    random.Random(1).shuffle(sent)
    early = [span for person in late for span in person.spans if span is not person.first]
    over_grpc(early, collector.otlp_grpc)
    for number, start in enumerate(range(0, len(sent), 50)):
        part = sent[start : start + 50]
        if number % 2:
            over_grpc(part, collector.otlp_grpc)
        else:
            over_http(part, collector.otlp_http)
    running = Stack(collector, (one, other), some, late, [*sent, *early])
    # When all others have been decided on, the carriers of the late ones come.
    until(lambda: running.all_kept().keys(), lambda kept: firsts(some) <= kept)
    over_grpc([person.first for person in late], collector.otlp_grpc)
    running.sent.extend(person.first for person in late)
    until(lambda: running.all_kept().keys(), lambda kept: firsts(late) <= kept)
    return running


def _sampling(jaeger: Jaeger) -> SamplingCollector:
    backend = jaeger.otlp_grpc.removeprefix("http://")
    return SamplingCollector(backend, wait="1s", longest="60s", percent=50)


def firsts(some: list[Person]) -> set[str]:
    """Return the traces in which journeys went badly."""
    return {trace_id(person.first) for person in some if person.kind in BAD}


def other_library(some: list[Person]) -> list[ReadableSpan]:
    """Return spans of a service without cxotel in the same traces, which tell too much."""
    with service("billing") as billing:
        tracer = billing.provider.get_tracer("flask")
        for person in some:
            context = person.first.get_span_context()
            assert context
            above = trace.NonRecordingSpan(context)
            span = tracer.start_span(
                f"POST /charge/{PHONE}",
                trace.set_span_in_context(above),
                kind=SpanKind.SERVER,
                attributes={
                    "url.full": "https://pay.example/?to=%2B15551234567&mail=anna%40mail.example",
                    "note": f"{MAIL} called from +1 (555) 123-4567",
                    "customer.phone": "5551234567",
                    "card": "4111 1111 1111 1111",
                },
                start_time=person.first.start_time,
            )
            span.add_event("exception", {"exception.message": f"{PHONE} is unknown"})
            if person.kind in BAD:
                span.set_status(Status(StatusCode.ERROR, f"no {MAIL}"))
            span.end(person.first.end_time)
        return list(billing.kept.get_finished_spans())


def test_every_kept_trace_is_whole(stack: Stack) -> None:
    """What was kept of a trace is all of it, whoever sent it and in however many requests."""
    whole: dict[str, int] = {}
    for span in stack.sent:
        whole[trace_id(span)] = whole.get(trace_id(span), 0) + 1
    kept = stack.all_kept()
    assert {each: whole[each] for each in kept} == kept


def test_both_second_collectors_share_the_work(stack: Stack) -> None:
    """A trace goes to one of the second Collectors, and each gets some."""
    one, other = stack.kept()
    assert not one.keys() & other.keys()
    assert min(len(one), len(other)) > 10


def test_every_bad_journey_is_kept(stack: Stack) -> None:
    """A poor score, a poor outcome and an error are each enough."""
    kept = stack.all_kept().keys()
    lost = [person.kind for person in stack.people if person.kind in BAD
            and trace_id(person.first) not in kept]  # fmt: skip
    assert not lost


def test_a_journey_is_judged_when_its_carrier_has_come(stack: Stack) -> None:
    """However long a customer is on the line, nothing is decided before the score is known."""
    kept = stack.all_kept()
    assert [kept.get(trace_id(person.first)) for person in stack.late] == [
        person.traces[trace_id(person.first)] for person in stack.late
    ]


def test_the_others_are_kept_by_share(stack: Stack) -> None:
    """Of the traces in which all went well, about half are kept where half are asked for.

    That holds for the other traces of a bad journey too: a trace is judged by itself.
    """
    kept, bad = stack.all_kept().keys(), firsts(stack.people) | firsts(stack.late)
    well = {trace_id(span) for span in stack.sent} - bad
    assert 0.3 < len(well & kept) / len(well) < 0.7
    followed = {
        each for person in stack.people if person.kind in BAD for each in person.traces
    } - bad
    assert 0 < len(followed & kept) < len(followed)


def test_what_should_not_have_come_is_masked(stack: Stack) -> None:
    """Phone numbers, addresses and cards of another library are masked; ids stay as they are."""
    answers = [
        ask(jaeger.url, "/api/traces", service="billing", limit="1000") for jaeger in stack.jaegers
    ]
    text = str(answers) + text_of(f"http://{stack.collector.metrics}/metrics")
    assert "POST /charge/****" in text
    private = ("5551234567", "555) 123", "anna", "4111 1111")
    assert not [each for each in private if each in text]
    for person in stack.late:
        source = next(
            jaeger for jaeger in stack.jaegers if trace_id(person.first) in traces(jaeger)
        )
        spans = open_source("jaeger", source.url).spans(person.journey)
        first = [span for span in spans if span.trace_id == trace_id(person.first)]
        assert {span.attributes[semconv.SESSION_ID] for span in first} == {person.journey}
        told = {span.text(semconv.CX_CONTACT_ID) for span in first} - {None}
        assert told == {str((person.first.attributes or {})[semconv.CX_CONTACT_ID])}


def samples(collector: Collector, name: str, *labels: str) -> dict[tuple[str, ...], float]:
    """Return a metric that the Collector publishes, by some of its labels, summed over others."""
    found: dict[tuple[str, ...], float] = {}
    for line in text_of(f"http://{collector.metrics}/metrics").splitlines():
        if line.startswith(f"{name}{{"):
            told = dict(re.findall(r'(\w+)="([^"]*)"', line))
            key = tuple(told.get(label, "") for label in labels)
            found[key] = found.get(key, 0) + float(line.rsplit(" ", 1)[1])
    return found


def test_the_service_graph_has_vendors_and_no_false_edges(stack: Stack) -> None:
    """Vendors are nodes by name; links between a journey's traces are no calls."""
    everybody = len(stack.people) + len(stack.late)
    edges = {
        ("bridge", "salesforce"): everybody,
        ("bridge", "twilio"): everybody,
        ("bridge", "stripe"): 4,
        ("user", "shop"): 10,
        ("shop", "orders"): 10,
        ("orders", "stripe"): 10,
    }
    seen = until(
        lambda: samples(
            stack.collector, "traces_service_graph_request_total", "client", "server"
        ),
        lambda found: found == edges,
    )  # fmt: skip
    assert seen == edges
    failed = samples(
        stack.collector, "traces_service_graph_request_total", "client", "server", "failed"
    )
    assert {key: number for key, number in failed.items() if key[2] == "true"} == {
        ("bridge", "stripe", "true"): 4
    }


def test_calls_are_counted_before_anything_is_left_out(stack: Stack) -> None:
    """Metrics of calls are of all calls, kept or not, by vendor and operation."""
    name = "traces_span_metrics_calls_total"
    expected = len(stack.people) + len(stack.late)
    seen = until(
        lambda: samples(stack.collector, name, "cx_system", "cx_operation_name"),
        lambda found: found.get(("salesforce", "query_order")) == expected,
    )
    assert seen[("salesforce", "query_order")] == expected
    assert seen[("stripe", "create_refund")] == 14


def test_a_collector_short_of_memory_refuses(serve: Serve) -> None:
    """Where memory runs out, senders are told, so that they try again."""
    collector = serve(lambda: Collector(["127.0.0.1:9"], memory=130))
    spans = people("bridge", kinds=("good",))[0].spans
    exporter: Any = OTLPSpanExporter(endpoint=collector.otlp_grpc, insecure=True, timeout=0.5)
    try:
        told = until(
            lambda: exporter.export(spans), lambda result: result is SpanExportResult.FAILURE
        )
    finally:
        exporter.shutdown()
    assert told is SpanExportResult.FAILURE
