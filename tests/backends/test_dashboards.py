"""Every query of the shipped dashboards, asked of a real Prometheus and a real Tempo."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from backends.programs import HOST, MissingProgramError, find
from backends.servers import Collector, SamplingCollector, Tempo
from cxotel import semconv
from cxotel.reading.file import FileSource
from tests.backends.asking import exemplars, get, query
from tests.backends.dashboard_stack import (
    DEMO,
    JOURNEYS,
    REST,
    run_demo,
    send_rest,
)
from tests.backends.dashboard_stack import (
    prometheus as counting_prometheus,
)
from tests.backends.sending import ask, until
from tests.operations.dashboards import DASHBOARDS, Query, queries

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.backends.conftest import Needs, Serve

NOT_IN_THE_DEMO = {
    # The demo's calls are narrowband, and Twilio's reports have a MOS of each leg's edge alone.
    "R, wideband (G.107.1)",
    "R, fullband (G.107.2)",
    "MOS, wideband (G.107.1)",
    "MOS, fullband (G.107.2)",
    "MOS, vendors' own methods",
    # Bursts and warnings are of legs that are followed packet by packet, while they run.
    "Bursts of loss",
    "Warnings",
    # Nobody is asked for a rating.
    "What customers say",
    # Nothing goes wrong within cxotel.
    "Telemetry lost",
}
"""Panels that are empty for a service like the demo's, and why that is right."""
LASTED = 600
"""Seconds that the dashboards show: longer than the test takes."""


@dataclass(frozen=True, slots=True)
class Stack:
    """What the dashboards are asked of.

    Attributes:
        prometheus: Its URL.
        tempo: Its URL; empty where Tempo is not on this machine.
        file: The demo's telemetry, as it sent it.
    """

    prometheus: str
    tempo: str
    file: Path


@pytest.fixture(scope="module")
def stack(serve_module: Serve, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """A contact center has worked: its metrics are in Prometheus, its traces in Tempo if any."""
    try:
        find("tempo")
    except MissingProgramError:
        tempo, backend = "", f"{HOST}:9"
    else:
        server = serve_module(Tempo)
        tempo, backend = server.url, server.otlp_grpc.removeprefix("http://")
    sampling = serve_module(lambda: SamplingCollector(backend, percent=100))
    collector = serve_module(lambda: Collector([sampling.address]))
    prometheus = serve_module(lambda: counting_prometheus(collector.metrics))
    file = tmp_path_factory.mktemp("dashboards") / "journeys.jsonl"
    run_demo(collector.otlp_grpc, str(file))
    send_rest(collector.otlp_http)
    return Stack(prometheus.url, tempo, file)


@pytest.fixture(scope="module")
def traced(needs: Needs, stack: Stack) -> Stack:
    """The same, for tests that are skipped without Tempo."""
    needs("tempo")
    return stack


def _values(service: str = ".*", journey_id: str = "") -> dict[str, str]:
    everything = dict.fromkeys(
        ("journey", "channel", "leg", "system", "codec", "layer", "bot"), ".*"
    )
    windows = {"__range": f"{LASTED}s", "__rate_interval": "60s"}
    return {**everything, **windows, "service": service, "journey_id": journey_id}


def _of_prometheus(names: Iterable[str] = DASHBOARDS) -> list[Query]:
    return [
        each for name in names for each in queries(DASHBOARDS[name]) if each.source == "prometheus"
    ]


def _series(url: str, asked: Query, service: str) -> list[Any]:
    text = asked.with_values(_values(service))
    if asked.is_range:
        now = time.time()
        times = {"start": f"{now - LASTED:.0f}", "end": f"{now:.0f}", "step": "15"}
        found = get(url, "query_range", query=text, **times)["result"]
    else:
        found = get(url, "query", query=text)["result"]
    values = [value for each in found for _, value in each.get("values", [each.get("value")])]
    assert "NaN" not in values, asked
    return found


def _empty(url: str, asked: list[Query], service: str) -> set[str]:
    return {each.panel for each in asked if not _series(url, each, service)}


@pytest.mark.parametrize("name", DASHBOARDS)
def test_every_panel_of_metrics_has_something_to_show(name: str, stack: Stack) -> None:
    """No name, label or function is wrong in any query: each gives series, of each panel."""
    asked = _of_prometheus([name])
    left = until(lambda: _empty(stack.prometheus, asked, ".*"), lambda empty: not empty, 45.0)
    assert left == set()


def test_what_may_be_empty_is_known(stack: Stack) -> None:
    """A service like the demo's fills every panel but those whose reason is written down."""
    asked = _of_prometheus()
    left = until(
        lambda: _empty(stack.prometheus, asked, DEMO), lambda empty: empty == NOT_IN_THE_DEMO, 45.0
    )
    assert left == NOT_IN_THE_DEMO


def test_the_numbers_are_those_of_the_contact_center(stack: Stack) -> None:
    """As many journeys ended as were handled, by the number on top and by the table's sum."""
    of = {(each.panel, each.name): each for each in _of_prometheus(["1-cxotel-journeys.json"])}
    for key in (("Journeys ended", "A"), ("How each journey goes", "A")):
        text = of[key].with_values(_values(DEMO))
        ended = until(
            lambda text=text: sum(query(stack.prometheus, text).values()), lambda n: n >= JOURNEYS
        )
        # Prometheus adds a little for the time before a window's first sample.
        assert ended == pytest.approx(JOURNEYS, rel=0.1)
    (share,) = [each for each in _of_prometheus() if each.panel == "Containment"]
    (contained,) = query(stack.prometheus, share.with_values(_values(DEMO))).values()
    assert 0.1 < contained < 0.9
    assert contained == pytest.approx(_contained(stack.file), abs=0.02)


def _contained(file: Path) -> float:
    """Return the share of journeys that the bot contained, by the spans that were sent."""
    outcomes = [
        span.attributes[semconv.CX_JOURNEY_OUTCOME]
        for span in FileSource(file).every_span()
        if semconv.CX_JOURNEY_OUTCOME in span.attributes
    ]
    assert len(outcomes) == JOURNEYS
    return outcomes.count("contained") / JOURNEYS


@pytest.mark.parametrize(
    ("panel", "names"),
    [
        ("How each system does", "BC"),
        ("Services and vendors", ["bad"]),
        ("Calls that failed", "A"),
        ("Calls that were throttled", "A"),
        ("Not understood", "A"),
        ("Passed to humans", "A"),
    ],
)
def test_faults_show(panel: str, names: Iterable[str], stack: Stack) -> None:
    """Where a share of nothing is 0, what did go wrong is more than that."""
    asked = [each for each in _of_prometheus() if each.panel == panel and each.name in names]
    assert len(asked) == len(list(names))
    for each in asked:

        def seen(each: Query = each) -> bool:
            found = _series(stack.prometheus, each, DEMO)
            return any(
                float(value) > 0
                for one in found
                for _, value in one.get("values", [one.get("value")])
            )

        assert until(seen), each


def test_variables_offer_values(stack: Stack) -> None:
    """Each list on top of a dashboard has something in it."""
    for dashboard in DASHBOARDS.values():
        for variable in dashboard["templating"]["list"]:
            if variable["type"] == "query":
                told = variable["query"]["query"].replace("$service", ".*")
                found = re.fullmatch(r"label_values\((.+), (\w+)\)", told)
                assert found, told
                selected, name = found.groups()
                offered = get(stack.prometheus, f"label/{name}/values", **{"match[]": selected})
                assert offered, variable["name"]


def test_services_can_be_told_apart(stack: Stack) -> None:
    """Choosing a service leaves the others out."""
    of = {each.panel: each for each in _of_prometheus(["3-cxotel-media.json"])}
    text = of["MOS, vendors' own methods"]
    assert not _series(stack.prometheus, text, DEMO)
    assert until(lambda: _series(stack.prometheus, text, REST))


def _search(stack: Stack, asked: Query, journey_id: str = "") -> list[Any]:
    now = time.time()
    text = asked.with_values(_values(journey_id=journey_id))
    times = {"start": f"{now - LASTED:.0f}", "end": f"{now + 5:.0f}"}
    if "count_over_time" in text:
        found = ask(stack.tempo, "/api/metrics/query_range", q=text, step="15s", **times)
        return found.get("series", [])
    return ask(stack.tempo, "/api/search", q=text, limit="20", spss="100", **times)["traces"]


def _of_tempo(name: str) -> list[Query]:
    return [each for each in queries(DASHBOARDS[name]) if each.source == "tempo"]


def _journey_ids(traces: list[Any]) -> list[str]:
    return [
        each["value"]["stringValue"]
        for trace in traces
        for span in trace["spanSets"][0]["spans"]
        for each in span["attributes"]
        if each["key"] == semconv.CX_JOURNEY_ID
    ]


@pytest.mark.parametrize("name", [name for name in DASHBOARDS if "cxotel-journey." not in name])
def test_every_panel_of_traces_has_something_to_show(name: str, traced: Stack) -> None:
    """TraceQL finds spans, for each panel that asks for some."""
    for asked in _of_tempo(name):
        assert until(lambda asked=asked: _search(traced, asked), timeout=60.0), asked


def test_a_journey_s_id_shows_all_of_it(traced: Stack) -> None:
    """The id in the list of calls that failed fills every panel of the journey's dashboard."""
    (failed,) = _of_tempo("4-cxotel-vendors.json")
    of_one = _of_tempo("2-cxotel-journey.json")
    assert len(of_one) == 4

    def look() -> list[str]:
        ids = _journey_ids(_search(traced, failed))
        return [each for each in ids if all(_search(traced, asked, each) for asked in of_one)]

    assert until(look, timeout=60.0)


def test_no_journey_s_id_shows_nothing(traced: Stack) -> None:
    """Without an id the journey's dashboard asks for one, and does not fail."""
    assert not any(_search(traced, asked) for asked in _of_tempo("2-cxotel-journey.json"))


def test_dots_lead_to_traces(traced: Stack) -> None:
    """An exemplar of the line of vendors' calls is a trace that Tempo has."""
    (slow,) = [each for each in _of_prometheus() if each.panel == "Calls, 95 % within"]
    text = slow.with_values(_values(DEMO))
    found = until(lambda: exemplars(traced.prometheus, text))

    def there() -> bool:
        return any(
            ask(traced.tempo, f"/api/v2/traces/{trace}").get("trace", {}).get("resourceSpans")
            for trace in sorted(found)[:3]
        )

    assert until(there, timeout=60.0)
