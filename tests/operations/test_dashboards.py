"""The Grafana dashboards that are shipped: what they show, and whether they are well made."""

from __future__ import annotations

import json
import re
from itertools import combinations
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from cxotel import semconv
from cxotel.operations import files, load
from cxotel.operations.names import label, series
from cxotel.semconv import CxExperienceClassValues, CxMediaModelValues, metrics
from tests.operations.dashboards import DASHBOARDS, nodes, panels, queries

NOT_SHOWN = {metrics.CX_MEDIA_BURST_DENSITY, metrics.CX_MEDIA_BURST_DURATION}
"""The ratio of bursts stands for them."""
CALLED = {
    "g107": "(G.107)",
    "g107.1": "(G.107.1)",
    "g107.2": "(G.107.2)",
    "vendor": "vendors' own",
}
"""Model to what it is called in a panel's title."""
GRAFANA_S_OWN = {"__range", "__rate_interval"}
EVERY = pytest.mark.parametrize("name", DASHBOARDS)


def test_there_are_five_and_the_command_writes_them() -> None:
    """`cxotel dashboards` writes them beside the rules, and Grafana tells them apart."""
    assert len(DASHBOARDS) == 5
    assert {f"grafana/{name}" for name in DASHBOARDS} <= files(load()).keys()
    assert len({dashboard["uid"] for dashboard in DASHBOARDS.values()}) == 5
    assert len({dashboard["title"] for dashboard in DASHBOARDS.values()}) == 5


@EVERY
def test_grafana_11_can_load_it(name: str) -> None:
    """The schema is that of Grafana 11, and each panel has an id and a kind that Grafana has."""
    dashboard = DASHBOARDS[name]
    assert dashboard["schemaVersion"] in range(39, 42)
    kinds = {"row", "stat", "timeseries", "bargauge", "table", "nodeGraph"}
    assert {panel["type"] for panel in dashboard["panels"]} <= kinds
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert ids == sorted(set(ids))


@EVERY
def test_panels_neither_overlap_nor_leave_the_grid(name: str) -> None:
    """No panel hides another, and rows are filled from side to side."""
    places = [panel["gridPos"] for panel in DASHBOARDS[name]["panels"]]
    cells = [
        {(x, y) for x in range(p["x"], p["x"] + p["w"]) for y in range(p["y"], p["y"] + p["h"])}
        for p in places
    ]
    assert not any(one & other for one, other in combinations(cells, 2))
    assert {x for cell in cells for x, _ in cell} == set(range(24))


@EVERY
def test_every_panel_says_what_it_shows(name: str) -> None:
    """A title, one sentence, a unit, and a word for when there is nothing."""
    for panel in panels(DASHBOARDS[name]):
        defaults = panel["fieldConfig"]["defaults"]
        assert re.fullmatch(r"[A-Z].{2,50}", panel["title"])
        assert re.fullmatch(r"[A-Z].{15,220}\.", panel["description"]), panel["title"]
        assert not re.search(r"\. [A-Z]", panel["description"]), panel["title"]
        assert defaults["unit"], panel["title"]
        assert re.fullmatch(r"[a-z].{8,75}", defaults["noValue"]), panel["title"]
        assert defaults["thresholds"]["steps"][0]["value"] is None


@EVERY
def test_titles_are_unique(name: str) -> None:
    """Somebody on the phone can say which panel they mean."""
    titles = [panel["title"] for panel in panels(DASHBOARDS[name])]
    assert len(titles) == len(set(titles))


@EVERY
def test_series_have_names_for_people(name: str) -> None:
    """A legend is written of labels, and not left to the expression."""
    for panel in panels(DASHBOARDS[name]):
        if panel["type"] in {"timeseries", "bargauge"} and _is_of_prometheus(panel):
            legends = [target["legendFormat"] for target in panel["targets"]]
            named = {each["matcher"]["options"] for each in panel["fieldConfig"]["overrides"]}
            assert all("{{" in legend or legend in named for legend in legends), panel["title"]


@EVERY
def test_table_columns_have_names_units_and_an_order(name: str) -> None:
    """No column is called `Value #A`, and each number's unit is set."""
    for panel in panels(DASHBOARDS[name]):
        if panel["type"] == "table" and _is_of_prometheus(panel):
            _, organize = panel["transformations"]
            named = organize["options"]["renameByName"]
            overrides = {
                each["matcher"]["options"]: {each["id"] for each in each["properties"]}
                for each in panel["fieldConfig"]["overrides"]
            }
            assert overrides.keys() == set(named.values())
            assert all("unit" in properties for properties in overrides.values())
            assert len(named) > len(panel["targets"])
            (sort,) = panel["options"]["sortBy"]
            assert sort["displayName"] in named.values()


@EVERY
def test_data_sources_are_variables(name: str) -> None:
    """It works in any Grafana: no data source is named in it."""
    dashboard = DASHBOARDS[name]
    sources = [node["datasource"] for node in nodes(dashboard) if "datasource" in node]
    assert {(each["type"], each["uid"]) for each in sources} <= {
        ("prometheus", "${prometheus}"),
        ("tempo", "${tempo}"),
    }
    defined = {each["name"]: each for each in dashboard["templating"]["list"]}
    assert defined["prometheus"]["query"] == "prometheus"
    assert defined["tempo"]["query"] == "tempo"


@EVERY
def test_variables_are_defined_and_used(name: str) -> None:
    """No query waits for a variable that is not there, and each one does something."""
    dashboard = DASHBOARDS[name]
    defined = {each["name"] for each in dashboard["templating"]["list"]}
    used = {one for query in queries(dashboard) for one in query.variables}
    assert used - defined <= GRAFANA_S_OWN
    assert defined - used == {"prometheus", "tempo"}


def test_every_metric_of_the_registry_is_shown() -> None:
    """What is measured can be seen."""
    asked = " ".join(query.text for each in DASHBOARDS.values() for query in queries(each))
    shown = {name for name in metrics.METRICS if re.search(rf"\b{series(name)}(_|\b)", asked)}
    assert metrics.METRICS.keys() - shown == NOT_SHOWN


@EVERY
def test_labels_are_of_the_registry(name: str) -> None:
    """Nothing is grouped by a label that no metric carries."""
    known = {label(each) for metric in metrics.METRICS.values() for each in metric.attributes}
    for query in queries(DASHBOARDS[name]):
        if query.source == "prometheus":
            for by in re.findall(r" by \(([^)]*)\)", query.text):
                assert set(by.split(", ")) <= known | {"le", "id", "client", "server"}


@pytest.mark.parametrize("metric", [metrics.CX_MEDIA_R, metrics.CX_MEDIA_MOS])
def test_ratings_of_different_models_are_never_mixed(metric: str) -> None:
    """Each panel of R and MOS is of the model in its title, and of one kind of opinion."""
    models: set[str] = set()
    for dashboard in DASHBOARDS.values():
        for query in queries(dashboard):
            selected = re.findall(rf"{label(metric)}_\w+\{{([^}}]*)\}}", query.text)
            found = {re.search(r'cx_media_model="([^"]*)"', each) for each in selected}
            for model in {each and each[1] for each in found}:
                assert model, query
                assert CALLED[model] in query.panel
                assert f"{label(semconv.CX_MEDIA_OPINION)})" in query.text
                models.add(model)
    rated = {model.value for model in CxMediaModelValues}
    assert models == (rated - {"vendor"} if metric == metrics.CX_MEDIA_R else rated)


def test_limits_are_those_of_the_standards() -> None:
    """Scores by G.109, R by table B.1 of G.107 on each model's scale, MOS by the same table."""
    limits = {
        panel["title"]: [
            step["value"] for step in panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
        ]
        for dashboard in DASHBOARDS.values()
        for panel in panels(dashboard)
    }
    assert limits["Score"] == limits["Mean score over time"] == [None, 50, 60, 70, 80, 90]
    assert limits["R, narrowband (G.107)"] == [None, 50, 60, 70, 80, 90]
    assert limits["R, wideband (G.107.1)"] == [None, 64.5, 77.4, 90.3, 103.2, 116.1]
    assert limits["R, fullband (G.107.2)"] == [None, 74, 88.8, 103.6, 118.4, 133.2]
    assert limits["MOS, fullband (G.107.2)"] == [None, 2.58, 3.1, 3.6, 4.03, 4.34]
    assert limits["MOS, vendors' own methods"] == [None]
    buckets = metrics.METRICS[metrics.CX_MEDIA_R].buckets
    assert set(limits["R, wideband (G.107.1)"][1:]) < set(buckets)


def test_every_class_has_a_name_and_a_colour() -> None:
    """A new class of the score would not be left grey."""
    (panel,) = [
        each for each in panels(DASHBOARDS["1-cxotel-journeys.json"]) if each["title"] == "Classes"
    ]
    named = {each["matcher"]["options"] for each in panel["fieldConfig"]["overrides"]}
    assert named == {each.value for each in CxExperienceClassValues}


@EVERY
def test_links_lead_somewhere(name: str) -> None:
    """Each opens a shipped dashboard with variables that it has, or a query of spans in Explore."""
    uids = {each["uid"]: each for each in DASHBOARDS.values()}
    found = [url for url in _urls(DASHBOARDS[name]) if url]
    assert found
    for url in found:
        parts = urlsplit(url)
        values = parse_qs(parts.query)
        if parts.path == "/explore":
            (pane,) = json.loads(values["panes"][0]).values()
            (query,) = pane["queries"]
            assert pane["datasource"] == query["datasource"]["uid"] == "${tempo}"
            assert re.fullmatch(r"\{ span\..+ \}", query["query"])
        else:
            target = uids[parts.path.removeprefix("/d/")]
            variables = {f"var-{each['name']}" for each in target["templating"]["list"]}
            assert {key for key in values if key.startswith("var-")} <= variables


@EVERY
def test_a_cell_s_link_reads_a_column_that_is_there(name: str) -> None:
    """A link of a table never carries the name of its variable instead of a value."""
    for panel in panels(DASHBOARDS[name]):
        columns = {each["matcher"]["options"] for each in panel["fieldConfig"]["overrides"]}
        for url in _urls(panel):
            assert set(re.findall(r"\$\{__data\.fields\.(\w+)\}", url)) <= columns


def test_from_journey_to_trace_to_metrics() -> None:
    """Where a journey's id is in a table, it leads to the journey, whose dashboard has metrics."""
    tables = [
        panel
        for dashboard in DASHBOARDS.values()
        for panel in panels(dashboard)
        if f"span.{semconv.CX_JOURNEY_ID}," in panel["targets"][0].get("query", "")
    ]
    assert len(tables) == 4
    for panel in tables:
        assert any("/d/cxotel-journey?var-journey_id=${__value.raw}" in url for url in _urls(panel))
    of_one = [query.source for query in queries(DASHBOARDS["2-cxotel-journey.json"])]
    assert {"prometheus", "tempo"} == set(of_one)


def test_lines_of_histograms_show_exemplars() -> None:
    """Each quantile over time asks for exemplars, which lead to traces."""
    for dashboard in DASHBOARDS.values():
        for panel in panels(dashboard):
            for target in panel["targets"]:
                if panel["type"] == "timeseries" and _is_of_prometheus(panel):
                    assert target["exemplar"] == ("histogram_quantile" in target["expr"])


def _is_of_prometheus(panel: Any) -> bool:
    return panel["datasource"]["type"] == "prometheus"


def _urls(node: Any) -> list[str]:
    return [each["url"] for each in nodes(node) if "url" in each]
