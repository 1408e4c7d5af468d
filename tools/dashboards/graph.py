"""The graph of who calls whom, from what the Collector or Tempo counts of spans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from grafana_foundation_sdk.builders import nodegraph
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.models.dashboard import DataTransformerConfig, MatcherConfig
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

from tools.dashboards import classes, panels
from tools.dashboards.panels import About
from tools.dashboards.queries import RANGE

if TYPE_CHECKING:
    from grafana_foundation_sdk.cog.builder import Builder
    from grafana_foundation_sdk.models.dashboard import Panel

_REQUESTS: Final = "traces_service_graph_request_total"
_FAILED: Final = "traces_service_graph_request_failed_total"
_NODES: Final = {
    "nodes": "mainstat",
    "good": "arc__good",
    "bad": "arc__bad",
}
"""Query to the field of the node graph that it fills."""


def panel() -> Builder[Panel]:
    """Return the graph."""
    about = About(
        "Services and vendors",
        "Each arrow is who calls whom and how often in this time; the red part of a ring is the "
        "share of calls that failed.",
        panels.NUMBER,
        "no connection was counted: the Collector's service_graph makes them",
        width=24,
        height=12,
        decimals=0,
    )
    made = panels.dressed(nodegraph.Panel(), about)
    for name, query in _queries().items():
        asked = Dataquery().ref_id(name).expr(query).instant()
        made.with_target(asked.format(PromQueryFormat.TABLE))
    made.with_transformation(_together())
    fields = {f"Value #{name}": field for name, field in {**_NODES, "edges": "mainstat"}.items()}
    named = {"excludeByName": {"Time": True}, "indexByName": {}, "renameByName": fields}
    made.with_transformation(DataTransformerConfig("organize", options=named))
    good = nodegraph.ArcOption().field("arc__good").color(classes.GOOD)
    bad = nodegraph.ArcOption().field("arc__bad").color(classes.BAD)
    made.edges(nodegraph.EdgeOptions().main_stat_unit(panels.NUMBER))
    return made.nodes(nodegraph.NodeOptions().main_stat_unit(panels.NUMBER).arcs([good, bad]))


def _queries() -> dict[str, str]:
    """Return what the graph is made of: the fields `id`, `title`, `source` and `target` are labels.

    Source: Grafana, "Node graph", data API: required and optional fields.
    """
    calls = _each(_REQUESTS)
    bad = f"({_each(_FAILED)} or 0 * {calls}) / ({calls} > 0)"
    return {
        "nodes": _named(calls),
        "good": _named(f"1 - {bad}"),
        "bad": _named(bad),
        "edges": _edges(),
    }


def _each(metric: str) -> str:
    """Return what was counted at each node: at the servers, and at clients that are none."""
    increase = f"increase({metric}[{RANGE}])"
    served = f'sum by (id) (label_replace({increase}, "id", "$1", "server", "(.+)"))'
    called = f'sum by (id) (label_replace({increase}, "id", "$1", "client", "(.+)"))'
    return f"({served} or {called})"


def _named(query: str) -> str:
    return f'label_replace({query}, "title", "$1", "id", "(.+)")'


def _edges() -> str:
    calls = f"sum by (client, server) (increase({_REQUESTS}[{RANGE}])) > 0"
    joined = f'label_join({calls}, "id", " > ", "client", "server")'
    source = f'label_replace({joined}, "source", "$1", "client", "(.+)")'
    return f'label_replace({source}, "target", "$1", "server", "(.+)")'


def _together() -> DataTransformerConfig:
    """Return the step that makes one frame of the nodes', and leaves the edges' alone."""
    nodes = MatcherConfig("byRefId", f"/^({'|'.join(_NODES)})$/")
    return DataTransformerConfig("merge", filter_val=nodes, options={})
