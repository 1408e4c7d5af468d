"""Panels as all dashboards have them: numbers, lines, bars and tables of Prometheus."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

from grafana_foundation_sdk.builders import (
    bargauge,
    common,
    dashboard,
    nodegraph,
    stat,
    table,
    timeseries,
)
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.models.common import (
    BarGaugeDisplayMode,
    BigValueColorMode,
    BigValueGraphMode,
    GraphDrawStyle,
    GraphThresholdsStyleMode,
    LegendDisplayMode,
    LegendPlacement,
    SortOrder,
    StackingMode,
    TooltipDisplayMode,
    VisibilityMode,
    VizOrientation,
)
from grafana_foundation_sdk.models.dashboard import (
    DataSourceRef,
    DataTransformerConfig,
    DynamicConfigValue,
    FieldColorModeId,
    ThresholdsMode,
)
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

from tools.dashboards.classes import none
from tools.dashboards.links import in_row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grafana_foundation_sdk.builders.dashboard import DashboardLink
    from grafana_foundation_sdk.models.dashboard import Threshold

Builder = TypeVar(
    "Builder", stat.Panel, timeseries.Panel, bargauge.Panel, table.Panel, nodegraph.Panel
)

PROMETHEUS: Final = DataSourceRef("prometheus", "${prometheus}")
TEMPO: Final = DataSourceRef("tempo", "${tempo}")

SHARE: Final = "percentunit"
SECONDS: Final = "s"
MINUTES: Final = "m"
NUMBER: Final = "short"
POINTS: Final = "none"
"""Of scores, ratings and opinions: they have no unit."""
A_MINUTE: Final = "suffix: / min"
TEXT: Final = "string"

_FINEST: Final = "1m"
"""Contacts come by the minute and not by the second: finer lines would be mostly holes."""


@dataclass(frozen=True, slots=True)
class About:
    """What a panel says of itself.

    Args:
        title: What it shows.
        description: One sentence: how it is meant, and what to do with it.
        unit: Grafana's name of the unit.
        empty: What is shown where there is nothing, and why that may be.
        limits: From where which colour; nobody has set any where left out.
        decimals: How many digits after the point; as many as Grafana likes where left out.
        links: Where a click leads.
        width: Of 24 columns.
        height: In rows of Grafana's grid.
    """

    title: str
    description: str
    unit: str
    empty: str
    limits: Sequence[Threshold] = field(default_factory=none)
    decimals: int | None = None
    links: Sequence[DashboardLink] = ()
    width: int = 12
    height: int = 8


def dressed(panel: Builder, about: About) -> Builder:
    """Return a panel with what is said of it."""
    panel.title(about.title).description(about.description).unit(about.unit)
    panel.no_value(about.empty).span(about.width).height(about.height).datasource(PROMETHEUS)
    limits = dashboard.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(list(about.limits))
    panel.thresholds(limits).data_links(list(about.links))
    if about.decimals is not None:
        panel.decimals(about.decimals)
    return panel


def number(about: About, query: str) -> stat.Panel:
    """Return one number over all that the dashboard shows."""
    panel = dressed(stat.Panel(), about).with_target(_now("A", query))
    coloured = BigValueColorMode.VALUE if len(about.limits) > 1 else BigValueColorMode.NONE
    reduced = common.ReduceDataOptions().calcs(["lastNotNull"])
    panel.color_mode(coloured).graph_mode(BigValueGraphMode.NONE).reduce_options(reduced)
    return panel.color_scheme(dashboard.FieldColor().mode(FieldColorModeId.THRESHOLDS))


def lines(about: About, queries: Mapping[str, str]) -> timeseries.Panel:
    """Return lines over time, with exemplars that lead to traces where Prometheus has some.

    Args:
        about: What is said of it.
        queries: Legend, with `{{label}}`, to query.
    """
    panel = dressed(timeseries.Panel(), about).interval(_FINEST).fill_opacity(0).line_width(2)
    panel.show_points(VisibilityMode.AUTO).axis_soft_min(0).legend(_legend(["lastNotNull", "max"]))
    panel.tooltip(_tooltip()).color_scheme(_by_name())
    if len(about.limits) > 1:
        style = common.GraphThresholdsStyleConfig().mode(GraphThresholdsStyleMode.DASHED)
        panel.thresholds_style(style)
    for name, (legend, query) in zip("ABCDE", queries.items(), strict=False):
        asked = Dataquery().ref_id(name).expr(query).legend_format(legend).range()
        panel.with_target(asked.exemplar("_bucket{" in query))
    return panel


def stacked(about: About, queries: Mapping[str, str]) -> timeseries.Panel:
    """Return bars over time that stand on each other.

    Args:
        about: What is said of it.
        queries: Legend, with `{{label}}`, to query.
    """
    panel = lines(about, queries).draw_style(GraphDrawStyle.BARS).fill_opacity(80).line_width(1)
    return panel.stacking(common.StackingConfig().mode(StackingMode.NORMAL))


def bars(about: About, queries: Mapping[str, str]) -> bargauge.Panel:
    """Return one bar for each series, over all that the dashboard shows.

    Args:
        about: What is said of it.
        queries: Legend, with `{{label}}`, to query.
    """
    panel = dressed(bargauge.Panel(), about)
    for name, (legend, query) in zip("ABCDEFGH", queries.items(), strict=False):
        panel.with_target(_now(name, query, legend))
    panel.orientation(VizOrientation.HORIZONTAL).display_mode(BarGaugeDisplayMode.BASIC)
    panel.reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"])).min(0)
    return panel.color_scheme(_by_name() if len(about.limits) == 1 else _by_limits())


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Args:
        name: What stands at its head.
        unit: Grafana's name of the unit of its values.
        query: Its values; a label's where left out.
        label: Which label's.
        limits: From where which colour.
        decimals: How many digits after the point.
        links: Where a click on a cell leads.
    """

    name: str
    unit: str
    query: str = ""
    label: str = ""
    limits: Sequence[Threshold] = ()
    decimals: int | None = None
    links: Sequence[DashboardLink] = ()


def rows(about: About, columns: Sequence[Column], sort: str) -> table.Panel:
    """Return a table with a row for each combination of labels.

    Args:
        about: What is said of it.
        columns: Its columns: labels first.
        sort: The column by which it is sorted, the highest first.
    """
    panel = dressed(table.Panel(), about).filterable(True)
    heads = {column.label: column.name for column in columns if column.label}
    for name, column in zip("ABCDEFGHIJ", (each for each in columns if each.query), strict=False):
        panel.with_target(_now(name, column.query).format(PromQueryFormat.TABLE))
        heads[f"Value #{name}"] = column.name
    if len([column for column in columns if column.query]) == 1:
        heads["Value"] = heads.pop("Value #A")
    panel.with_transformation(DataTransformerConfig("merge", options={}))
    panel.with_transformation(DataTransformerConfig("organize", options=_organized(heads)))
    for column in columns:
        panel.override_by_name(column.name, _properties(column))
    return panel.sort_by([common.TableSortByFieldState().display_name(sort).desc(True)])


def coloured(panel: Builder, names: Mapping[str, tuple[str, str]]) -> Builder:
    """Return a panel whose series have names and colours of their own.

    Args:
        panel: The panel.
        names: Series' name to what it is called and to its colour.
    """
    for name, (called, colour) in names.items():
        fixed = {"mode": FieldColorModeId.FIXED.value, "fixedColor": colour}
        values = {"displayName": called, "color": fixed}
        properties = [DynamicConfigValue(key, value) for key, value in values.items()]
        panel.override_by_name(name, properties)
    return panel


def _properties(column: Column) -> list[DynamicConfigValue]:
    values: dict[str, object] = {"unit": column.unit}
    if column.decimals is not None:
        values["decimals"] = column.decimals
    if column.limits:
        values["thresholds"] = {"mode": "absolute", "steps": list(column.limits)}
        values["custom.cellOptions"] = {"type": "color-text"}
    if column.links:
        values["links"] = in_row(column.links)
    return [DynamicConfigValue(key, value) for key, value in values.items()]


def _organized(heads: Mapping[str, str]) -> dict[str, object]:
    order = {name: place for place, name in enumerate(heads)}
    return {"excludeByName": {"Time": True}, "indexByName": order, "renameByName": dict(heads)}


def _now(name: str, query: str, legend: str = "__auto") -> Dataquery:
    return Dataquery().ref_id(name).expr(query).legend_format(legend).instant()


def _legend(calcs: list[str]) -> common.VizLegendOptions:
    legend = common.VizLegendOptions().display_mode(LegendDisplayMode.TABLE).calcs(calcs)
    return legend.placement(LegendPlacement.BOTTOM).show_legend(True)


def _tooltip() -> common.VizTooltipOptions:
    return common.VizTooltipOptions().mode(TooltipDisplayMode.MULTI).sort(SortOrder.DESCENDING)


def _by_name() -> dashboard.FieldColor:
    return dashboard.FieldColor().mode(FieldColorModeId.PALETTE_CLASSIC_BY_NAME)


def _by_limits() -> dashboard.FieldColor:
    return dashboard.FieldColor().mode(FieldColorModeId.THRESHOLDS)
