"""The whole way of an operator: a fault, a page, a dashboard, a journey, the culprit.

Real programs with the shipped configurations, rules and dashboards. The vendor at the far end is
simulated; an hour of the rules is a minute here.
"""

from __future__ import annotations

import json
import subprocess
import threading
import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from simple_salesforce.exceptions import SalesforceError

import cxotel
from backends.pager import Pager
from backends.programs import MissingProgramError
from backends.stack import CXOTEL, start
from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.operations.shipped import dashboards
from tests.backends.asking import query
from tests.backends.bridge import SERVICE, SYSTEM, Bridge, wait_for
from tests.backends.conftest import absent

if TYPE_CHECKING:
    from collections.abc import Callable

    from backends.stack import Stack

SCALE = 1 / 60
ENOUGH = 'cx_slo:events:increase1h{cx_slo="refund-outcome"} > 20'
NOBODY = "(no one system)"
"""Whose the points are that a poor outcome costs, where nobody's call led to it."""
CHOSEN = {"$service": ".*", "$__range": "2m", "$layer": ".*", "$system": ".*"}
"""What Grafana puts in place of a dashboard's variables."""


class Steps:
    """How long each step took, printed and kept with the test's result."""

    def __init__(self, record: Callable[[str, object], None]) -> None:
        self._record = record
        self._at = time.monotonic()

    def done(self, step: str) -> None:
        """Note that a step is done."""
        seconds = round(time.monotonic() - self._at, 1)
        self._at = time.monotonic()
        self._record(step, seconds)
        print(f"{step:<32} {seconds:5.1f} s")  # noqa: T201 - the way is to be read in the output


def expression(dashboard: str, title: str) -> str:
    """Return the first query of a panel, as Grafana would ask it."""
    panels: list[dict[str, Any]] = json.loads(dashboards()[f"grafana/{dashboard}.json"])["panels"]
    (panel,) = (each for each in panels if each["title"] == title)
    asked = str(panel["targets"][0]["expr"])
    for variable, value in CHOSEN.items():
        asked = asked.replace(variable, value)
    return asked


def keep_calling(bridge: Bridge, over: threading.Event) -> None:
    """Let customers ask for refunds, one after another; nobody handles what goes wrong."""
    while not over.wait(0.02):
        with suppress(SalesforceError), cxotel.journey("refund", channel="voice"):
            with cxotel.step("find order"):
                bridge.salesforce.query("SELECT COUNT() FROM Case")
            cxotel.outcome("resolved")


def systems(stack: Stack, asked: str) -> set[str]:
    """Return the systems that a panel shows."""
    return {json.loads(labels)["cx_system"] for labels in query(stack.prometheus.url, asked)}


def find_journey(stack: Stack, tags: str) -> str | None:
    """Look for a journey in Jaeger by the tags that the page names, and return its id."""
    asked = urlencode({"service": SERVICE, "tags": tags, "limit": 20})
    with urlopen(f"{stack.jaeger.url}/api/traces?{asked}", timeout=10.0) as reply:  # noqa: S310 - our own http address
        traces = json.load(reply)["data"]
    ids = [
        str(tag["value"])
        for trace in traces
        for span in trace["spans"]
        for tag in span["tags"]
        if tag["key"] == semconv.CX_JOURNEY_ID and span["operationName"] == "refund"
    ]
    return ids[-1] if ids else None


def told(stack: Stack, journey: str) -> str:
    """Return what `cxotel journey` tells of a journey in Jaeger."""
    where = ["--from", "jaeger", "--endpoint", stack.jaeger.url]
    run = subprocess.run(
        [*CXOTEL, "journey", journey, *where],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.mark.timeout(180)
def test_from_a_fault_to_the_culprit(record_property: Callable[[str, object], None]) -> None:
    """Who is paged sees on the dashboard which system it is, and in a journey what it did."""
    over = threading.Event()
    with ExitStack() as opened:
        pager = opened.enter_context(Pager())
        try:
            stack = start(opened, pager.url, scale=SCALE)
        except MissingProgramError as error:
            absent(error)
        bridge = opened.enter_context(Bridge([f"{stack.collector.otlp_http}/v1/metrics"], 250.0))
        spans = BatchSpanProcessor(OTLPSpanExporter(f"{stack.collector.otlp_http}/v1/traces"))
        bridge.tracers.add_span_processor(spans)
        calls = threading.Thread(target=keep_calling, args=(bridge, over))
        calls.start()
        try:
            wait_for(lambda: query(stack.prometheus.url, ENOUGH))
            bridge.far_end.faults.add(SYSTEM, "*", Fault(failure="unavailable"))
            steps = Steps(record_property)
            page = pager.page(45.0)
            steps.done("fault injected, owner paged")
        finally:
            over.set()
            calls.join()
        annotations = page.alert["annotations"]
        culprits = expression("1-cxotel-journeys", "Worst culprits")
        named = wait_for(lambda: systems(stack, culprits) - {NOBODY})
        steps.done("dashboard names the system")
        journey = wait_for(lambda: find_journey(stack, annotations["jaeger_tags"]))
        steps.done("journey found in Jaeger")
        story = told(stack, journey)
        steps.done("culprit named")
    assert named == {SYSTEM}
    assert "outcome: failed" in story
    assert f"blamed: {SYSTEM} (business system)" in story
