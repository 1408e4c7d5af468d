"""Dashboard: how all journeys go, and who takes the points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxotel import semconv
from cxotel.semconv import CxJourneyOutcomeValues as Outcome
from cxotel.semconv import metrics
from tools.dashboards import classes, links, panels
from tools.dashboards.culprits import panels_of_culprits, worst
from tools.dashboards.frame import choice, dashboard, row
from tools.dashboards.outcomes import (
    ABANDONED,
    ESCALATED,
    NAME,
    NO_JOURNEY,
    NO_SCORE,
    OPEN,
    POOR,
    QUERIES,
    WELL,
)
from tools.dashboards.overview import itself, numbers
from tools.dashboards.panels import About, Column
from tools.dashboards.queries import RATE
from tools.dashboards.waiting import panels_of_waiting

if TYPE_CHECKING:
    from grafana_foundation_sdk.builders.dashboard import Dashboard
    from grafana_foundation_sdk.cog.builder import Builder
    from grafana_foundation_sdk.models.dashboard import Panel

_OUTCOMES: Final = {
    Outcome.RESOLVED.value: ("resolved", "green"),
    Outcome.CONTAINED.value: ("contained by the bot", "dark-green"),
    Outcome.ESCALATED.value: ("escalated to a human", "yellow"),
    Outcome.UNRESOLVED.value: ("unresolved", "orange"),
    Outcome.ABANDONED.value: ("abandoned by the customer", "red"),
    Outcome.FAILED.value: ("failed", "dark-red"),
}


def build() -> Dashboard:
    """Return the dashboard."""
    made = dashboard(
        "cxotel-journeys",
        "cxotel: journeys",
        "How customers' journeys go: how they end, how they score, how long customers suffered, "
        "and which systems took the points. Begin here.",
    )
    made.with_variable(choice("journey", "Journey", NAME, metrics.CX_JOURNEY_COMPLETED))
    made.with_variable(
        choice("channel", "Channel", semconv.CX_CHANNEL, metrics.CX_JOURNEY_COMPLETED)
    )
    row(made, "In this time", numbers())
    row(made, "Who takes the points (of all journeys)", panels_of_culprits())
    row(made, "Journeys to look at", [worst()])
    row(made, "By journey", [_by_journey(), _outcomes(), _success()])
    row(made, "How they score", [_classes(), _classes_now(), _scores(), _durations()])
    row(made, "Queues, and what customers say", panels_of_waiting())
    row(made, "Objectives and the telemetry itself", itself())
    return made


def _by_journey() -> Builder[Panel]:
    ended = metrics.CX_JOURNEY_COMPLETED
    about = About(
        "How each journey goes",
        "One row for each journey; click its name for its traces.",
        panels.NUMBER,
        NO_JOURNEY,
        width=24,
        height=6,
    )
    name = links.of_cell("Journey")
    found = links.traces("Its segments, as traces", f'{{ span.{NAME} = "{name}" }}')
    scores = metrics.CX_EXPERIENCE_SEGMENT_SCORE
    lasted = metrics.CX_JOURNEY_DURATION
    return panels.rows(
        about,
        [
            Column("Journey", panels.TEXT, label="cx_journey_name", links=[found]),
            Column("Ended", panels.NUMBER, QUERIES.count(ended, NAME), decimals=0),
            Column("Success", panels.SHARE, QUERIES.share(ended, WELL, NAME), decimals=1),
            Column("Abandoned", panels.SHARE, QUERIES.share(ended, ABANDONED, NAME), decimals=1),
            Column("Escalated", panels.SHARE, QUERIES.share(ended, ESCALATED, NAME), decimals=1),
            Column("Mean score", panels.POINTS, QUERIES.mean(scores, NAME), "", classes.score(), 0),
            Column("Score below 60", panels.SHARE, QUERIES.share(scores, POOR, NAME), decimals=1),
            Column("95 % within", panels.SECONDS, QUERIES.quantile(0.95, lasted, NAME)),
            Column("Open now", panels.NUMBER, QUERIES.now(OPEN, "sum", NAME), decimals=0),
        ],
        "Ended",
    )


def _outcomes() -> Builder[Panel]:
    about = About(
        "How journeys end",
        "Journeys that ended in a minute, by outcome.",
        panels.A_MINUTE,
        NO_JOURNEY,
    )
    ended = QUERIES.per_minute(metrics.CX_JOURNEY_COMPLETED, semconv.CX_JOURNEY_OUTCOME)
    return panels.coloured(panels.stacked(about, {"{{cx_journey_outcome}}": ended}), _OUTCOMES)


def _success() -> Builder[Panel]:
    about = About(
        "Success over time",
        "Share of journeys that were resolved or contained, of those that ended around each time.",
        panels.SHARE,
        NO_JOURNEY,
        links=[_its_traces()],
    )
    share = QUERIES.share(metrics.CX_JOURNEY_COMPLETED, WELL, NAME, window=RATE)
    return panels.lines(about, {"{{cx_journey_name}}": share}).max(1)


def _classes() -> Builder[Panel]:
    about = About(
        "Classes over time",
        "Segments in a minute by the class of their score, as ITU-T G.109 names them.",
        panels.A_MINUTE,
        NO_SCORE,
        width=16,
    )
    scored = QUERIES.per_minute(metrics.CX_EXPERIENCE_SEGMENT_SCORE, semconv.CX_EXPERIENCE_CLASS)
    panel = panels.stacked(about, {"{{cx_experience_class}}": scored})
    return panels.coloured(panel, classes.CLASSES)


def _classes_now() -> Builder[Panel]:
    about = About(
        "Classes",
        "How many scored segments are in which class, over all of this time.",
        panels.NUMBER,
        NO_SCORE,
        width=8,
        decimals=0,
    )
    scored, key = metrics.CX_EXPERIENCE_SEGMENT_SCORE, semconv.CX_EXPERIENCE_CLASS
    # A query for each, because the order of one query's series would be that of the alphabet.
    each = {
        name: f"{QUERIES.count(scored, where={key: name})} or 0 * {QUERIES.count(scored)}"
        for name in classes.CLASSES
    }
    return panels.coloured(panels.bars(about, each), classes.CLASSES)


def _scores() -> Builder[Panel]:
    about = About(
        "Mean score over time",
        "Mean score of each journey's segments; dashed are the limits of the classes of G.109.",
        panels.POINTS,
        NO_SCORE,
        classes.score(),
        decimals=0,
        links=[_its_traces()],
    )
    mean = QUERIES.mean(metrics.CX_EXPERIENCE_SEGMENT_SCORE, NAME, window=RATE)
    return panels.lines(about, {"{{cx_journey_name}}": mean}).max(100)


def _durations() -> Builder[Panel]:
    about = About(
        "Time to resolution, over time",
        "How long the segments took in which journeys were resolved or contained.",
        panels.SECONDS,
        "none was resolved",
        links=[_its_traces()],
    )
    lasted = metrics.CX_JOURNEY_DURATION
    return panels.lines(
        about,
        {
            "{{cx_journey_name}}, median": QUERIES.quantile(
                0.5, lasted, NAME, window=RATE, where=WELL
            ),
            "{{cx_journey_name}}, 95 %": QUERIES.quantile(
                0.95, lasted, NAME, window=RATE, where=WELL
            ),
        },
    )


def _its_traces() -> links.DashboardLink:
    name = links.of_label("cx_journey_name")
    return links.traces(f"Traces of {name}", f'{{ span.{NAME} = "{name}" }}')
