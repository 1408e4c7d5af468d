"""Panels that ask Tempo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from grafana_foundation_sdk.builders import table
from grafana_foundation_sdk.builders.tempo import TempoQuery
from grafana_foundation_sdk.models.dashboard import DataTransformerConfig, DynamicConfigValue
from grafana_foundation_sdk.models.tempo import SearchTableType

from cxotel import semconv
from tools.dashboards.classes import score
from tools.dashboards.links import in_row, journey
from tools.dashboards.panels import TEMPO, TEXT, dressed, stacked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grafana_foundation_sdk.builders import timeseries

    from tools.dashboards.panels import About

_MOST: Final = 50
"""Rows of a table: what nobody scrolls through is not asked for."""
_SPANS: Final = 100
"""Spans of one trace."""
COLUMNS: Final = {
    semconv.CX_JOURNEY_ID: "Journey id",
    semconv.CX_JOURNEY_NAME: "Journey",
    semconv.CX_JOURNEY_OUTCOME: "Outcome",
    semconv.CX_EXPERIENCE_SCORE: "Score",
    semconv.CX_EXPERIENCE_CLASS: "Class",
    semconv.CX_EXPERIENCE_COVERAGE: "Coverage",
    semconv.CX_EXPERIENCE_REASONS: "What cost the most points",
    semconv.CX_EXPERIENCE_BLAME_SYSTEM: "Blamed system",
    semconv.CX_EXPERIENCE_BLAME_STEP: "Blamed step",
    semconv.CX_EXPERIENCE_BLAME_OWNER: "Owner",
    semconv.CX_EXPERIENCE_LOST_MEDIA: "Lost in media",
    semconv.CX_EXPERIENCE_POINTS: "Points",
    semconv.CX_SYSTEM: "System",
    semconv.CX_LAYER: "Layer",
    semconv.CX_OPERATION_NAME: "Operation",
    semconv.CX_STEP_NAME: "Step",
    semconv.CX_BOT_TURN_RESULT: "Turn",
    semconv.CX_BOT_FLOW_NAME: "Flow",
    semconv.CX_BOT_PAGE_NAME: "Page",
    semconv.ERROR_TYPE: "Error",
}
"""Attribute to what stands at the head of its column."""
_FIRST: Final = ("time", "Start time")
_LAST: Final = (
    *("name", "Name", "duration", "Duration", "spanID", "Span ID"),
    *("traceService", "Trace Service", "traceName", "Trace Name"),
)
"""Grafana's own columns, by their names and by what it calls them."""


def spans(about: About, which: str, *columns: str) -> table.Panel:
    """Return a table of spans.

    Args:
        about: What is said of it.
        which: Which spans, in TraceQL.
        columns: Attributes to show, beside the name, the time and the trace of each.
    """
    selected = ", ".join(f"span.{column}" for column in columns)
    panel = _table(about, f"{which} | select({selected})", SearchTableType.SPANS)
    panel.with_transformation(DataTransformerConfig("organize", options=_organized(columns)))
    for column in columns:
        properties = [DynamicConfigValue("displayName", COLUMNS[column]), *_special(column)]
        panel.override_by_name(column, properties)
    return panel


def _organized(columns: Sequence[str]) -> dict[str, object]:
    """Put columns in order: Tempo has the attributes of each span in an order of its own."""
    order = {name: place for place, name in enumerate((*_FIRST, *columns, *_LAST))}
    # What is searched by comes back, too.
    hidden = {} if semconv.CX_JOURNEY_ID in columns else {semconv.CX_JOURNEY_ID: True}
    return {"excludeByName": hidden, "indexByName": order, "renameByName": {}}


def _special(column: str) -> list[DynamicConfigValue]:
    if column == semconv.CX_JOURNEY_ID:
        links = in_row([journey("Show this journey")])
        # An id of digits alone would else be shown as a number.
        return [DynamicConfigValue("unit", TEXT), DynamicConfigValue("links", links)]
    if column == semconv.CX_EXPERIENCE_SCORE:
        limits = {"mode": "absolute", "steps": score()}
        coloured = {"type": "color-text"}
        return [
            DynamicConfigValue("thresholds", limits),
            DynamicConfigValue("custom.cellOptions", coloured),
        ]
    return []


def traces(about: About, which: str) -> table.Panel:
    """Return a table of traces."""
    return _table(about, which, SearchTableType.TRACES)


def counted(about: About, traceql: str) -> timeseries.Panel:
    """Return bars over time that Tempo counts of spans, by a query of TraceQL metrics."""
    return stacked(about, {}).datasource(TEMPO).with_target(_asked(traceql))


def _table(about: About, traceql: str, kind: SearchTableType) -> table.Panel:
    panel = dressed(table.Panel(), about).datasource(TEMPO)
    return panel.with_target(_asked(traceql).limit(_MOST).spss(_SPANS).table_type(kind))


def _asked(traceql: str) -> TempoQuery:
    return TempoQuery().ref_id("A").query_type("traceql").query(traceql)
