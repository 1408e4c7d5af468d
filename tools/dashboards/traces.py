"""Panels that ask Tempo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from grafana_foundation_sdk.builders import table
from grafana_foundation_sdk.builders.tempo import TempoQuery
from grafana_foundation_sdk.models.dashboard import DynamicConfigValue
from grafana_foundation_sdk.models.tempo import SearchTableType

from cxotel import semconv
from tools.dashboards.classes import score
from tools.dashboards.links import in_row, journey
from tools.dashboards.panels import TEMPO, TEXT, dressed, stacked

if TYPE_CHECKING:
    from grafana_foundation_sdk.builders import timeseries

    from tools.dashboards.panels import About

_MOST: Final = 50
"""Rows of a table: what nobody scrolls through is not asked for."""
_SPANS: Final = 100
"""Spans of one trace."""


def spans(about: About, which: str, *columns: str) -> table.Panel:
    """Return a table of spans.

    Args:
        about: What is said of it.
        which: Which spans, in TraceQL.
        columns: Attributes to show, beside the name, the time and the trace of each.
    """
    selected = ", ".join(f"span.{column}" for column in columns)
    panel = _table(about, f"{which} | select({selected})", SearchTableType.SPANS)
    panel.override_by_name(semconv.CX_JOURNEY_ID, _of_journey())
    panel.override_by_name(
        semconv.CX_EXPERIENCE_SCORE,
        [
            DynamicConfigValue("thresholds", {"mode": "absolute", "steps": score()}),
            DynamicConfigValue("custom.cellOptions", {"type": "color-text"}),
        ],
    )
    return panel


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


def _of_journey() -> list[DynamicConfigValue]:
    links = in_row([journey("Show this journey")])
    # An id of digits alone would else be shown as a number.
    return [DynamicConfigValue("unit", TEXT), DynamicConfigValue("links", links)]
