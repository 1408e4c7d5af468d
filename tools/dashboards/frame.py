"""What every dashboard has: its name, its variables, its links, and rows of panels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from grafana_foundation_sdk.builders.dashboard import (
    Dashboard,
    DatasourceVariable,
    QueryVariable,
    Row,
    TextBoxVariable,
)
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    VariableOption,
    VariableRefresh,
    VariableSort,
)

from cxotel import semconv
from cxotel.operations.names import JOB, label, series
from cxotel.semconv import metrics
from tools.dashboards.links import TAG, others
from tools.dashboards.panels import PROMETHEUS
from tools.dashboards.queries import SERVICE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grafana_foundation_sdk.cog.builder import Builder
    from grafana_foundation_sdk.models.dashboard import Panel

_COLUMNS: Final = 24
_ALL: Final = ".*"
"""What *All* stands for: also series that do not have the label."""


def dashboard(uid: str, title: str, description: str, hours: int = 6) -> Dashboard:
    """Return a dashboard without panels.

    Args:
        uid: By which the others link to it.
        title: Its title.
        description: What it is for.
        hours: How much of the past it shows at first.
    """
    made = Dashboard(title).uid(uid).description(description).tags([TAG]).editable()
    made.time(f"now-{hours}h", "now").refresh("1m").timezone("browser")
    made.tooltip(DashboardCursorSync.CROSSHAIR).link(others())
    made.with_variable(DatasourceVariable("prometheus").type("prometheus").label("Metrics"))
    made.with_variable(DatasourceVariable("tempo").type("tempo").label("Traces"))
    calls = series(metrics.CX_VENDOR_CALL_DURATION, "count")
    scores = series(metrics.CX_EXPERIENCE_SEGMENT_SCORE, "count")
    services = f'label_values({{__name__=~"{calls}|{scores}"}}, {JOB})'
    return made.with_variable(_choice(SERVICE, "Service", services))


def choice(name: str, title: str, attribute: str, metric: str) -> QueryVariable:
    """Return a variable of an attribute's values.

    Args:
        name: The variable's name.
        title: What it is called.
        attribute: The attribute.
        metric: A metric that carries it.
    """
    known = series(metric, "count" if metric in _HISTOGRAMS else None)
    chosen = f'label_values({known}{{{JOB}=~"${SERVICE}"}}, {label(attribute)})'
    return _choice(name, title, chosen)


def journey_id() -> TextBoxVariable:
    """Return the variable of one journey's id."""
    told = f"{semconv.CX_JOURNEY_ID}, as in a trace or a log line"
    return TextBoxVariable("journey_id").label("Journey id").description(told).default_value("")


def row(made: Dashboard, title: str, panels: Sequence[Builder[Panel]]) -> None:
    """Add a titled row of panels, which fill the width."""
    made.with_row(Row(title))
    width = 0
    for panel in panels:
        made.with_panel(panel)
        place = panel.build().grid_pos
        width += place.w if place else 0
    if width % _COLUMNS:
        raise ValueError(f"{title}: its panels are {width} columns wide, which leaves a hole")


def _choice(name: str, title: str, query: str) -> QueryVariable:
    made = QueryVariable(name).label(title).query({"query": query, "refId": name})
    made.datasource(PROMETHEUS).multi(True).include_all(True).all_value(_ALL)
    made.current(VariableOption(selected=True, text="All", value="$__all"))
    made.refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
    return made.sort(VariableSort.ALPHABETICAL_CASE_INSENSITIVE_ASC)


_HISTOGRAMS: Final = frozenset(
    name for name, metric in metrics.METRICS.items() if metric.instrument == "histogram"
)
