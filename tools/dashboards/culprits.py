"""Who takes the points, and journeys that lost many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxotel import semconv
from cxotel.semconv import metrics
from tools.dashboards import links, panels, traces
from tools.dashboards.outcomes import NAME, QUERIES
from tools.dashboards.panels import About, Column
from tools.dashboards.queries import with_rest

if TYPE_CHECKING:
    from grafana_foundation_sdk.cog.builder import Builder
    from grafana_foundation_sdk.models.dashboard import Panel


def panels_of_culprits() -> list[Builder[Panel]]:
    """Return who took how much, and whom it hurt."""
    return [_worst_culprits(), _hurt(), _dimensions()]


def _worst_culprits() -> Builder[Panel]:
    about = About(
        "Worst culprits",
        "Which system took how many points of R, and in what; click the system for its calls.",
        panels.NUMBER,
        "no points were lost, or nothing was scored",
        width=24,
    )
    by = (semconv.CX_LAYER, semconv.CX_SYSTEM, semconv.CX_IMPAIRMENT_DIMENSION)
    lost = f"topk(20, {QUERIES.count(metrics.CX_EXPERIENCE_LOST_POINTS, *by)} > 0)"
    lost = with_rest(lost, semconv.CX_SYSTEM)
    name = links.of_cell("System")
    blamed = f'{{ span.{semconv.CX_EXPERIENCE_BLAME_SYSTEM} = "{name}" }}'
    clicked = [links.traces("Journeys that blame it", blamed), links.system("Its calls", name)]
    return panels.rows(
        about,
        [
            Column("Layer", panels.TEXT, label="cx_layer"),
            Column("System", panels.TEXT, label="cx_system", links=clicked),
            Column("Dimension", panels.TEXT, label="cx_impairment_dimension"),
            Column("Points lost", panels.NUMBER, lost, decimals=0),
        ],
        "Points lost",
    )


def _hurt() -> Builder[Panel]:
    about = About(
        "Customers hurt, by who is to blame",
        "Minutes that customers spent, in each minute, in segments that scored below 60, by the "
        "layer and system that took most of their points.",
        "suffix: min / min",
        "nobody was hurt, or nothing was scored",
    )
    spent = metrics.CX_EXPERIENCE_IMPACT_DURATION
    minutes = f"{QUERIES.per_minute(spent, semconv.CX_LAYER, semconv.CX_SYSTEM)} / 60"
    minutes = with_rest(minutes, semconv.CX_SYSTEM)
    return panels.stacked(about, {"{{cx_layer}} {{cx_system}}": minutes})


def _dimensions() -> Builder[Panel]:
    about = About(
        "What customers lose points in",
        "Points lost in a minute by dimension: reach, responsiveness, reliability, media, effort, "
        "resolution.",
        "suffix: points / min",
        "no points were lost, or nothing was scored",
    )
    lost = QUERIES.per_minute(metrics.CX_EXPERIENCE_LOST_POINTS, semconv.CX_IMPAIRMENT_DIMENSION)
    return panels.stacked(about, {"{{cx_impairment_dimension}}": lost})


def worst() -> Builder[Panel]:
    """Return journeys to look at."""
    about = About(
        "Segments that scored below 60",
        "Some of the segments with which nearly all customers are dissatisfied, and why; click the "
        "journey's id for all that happened in it.",
        panels.NUMBER,
        "none scored below 60, or Tempo does not have it",
        width=24,
        height=9,
    )
    poor = f'span.{NAME} =~ "${{journey}}" && span.{semconv.CX_EXPERIENCE_SCORE} < 60'
    return traces.spans(
        about,
        f"{{ {poor} }}",
        semconv.CX_JOURNEY_ID,
        NAME,
        semconv.CX_EXPERIENCE_SCORE,
        semconv.CX_EXPERIENCE_REASONS,
        semconv.CX_EXPERIENCE_BLAME_SYSTEM,
        semconv.CX_JOURNEY_OUTCOME,
    )
