"""The numbers on top of the dashboard of all journeys, and the telemetry itself below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxotel import semconv
from cxotel.operations import slo
from cxotel.semconv import metrics
from tools.dashboards import classes, panels
from tools.dashboards.outcomes import (
    ABANDONED,
    NAME,
    NO_JOURNEY,
    NO_SCORE,
    OPEN,
    QUERIES,
    WELL,
)
from tools.dashboards.panels import About

if TYPE_CHECKING:
    from grafana_foundation_sdk.cog.builder import Builder
    from grafana_foundation_sdk.models.dashboard import Panel


def numbers() -> list[Builder[Panel]]:
    """Return the numbers over all of the time."""

    def kpi(title: str, description: str, unit: str, empty: str) -> About:
        digits = 0 if unit == panels.NUMBER else 1
        return About(title, description, unit, empty, width=3, height=4, decimals=digits)

    ended, lasted = metrics.CX_JOURNEY_COMPLETED, metrics.CX_JOURNEY_DURATION
    return [
        panels.number(
            About(
                "Alerts firing",
                "How many alerts fire now, of those that `cxotel dashboards` writes.",
                panels.NUMBER,
                "no rules loaded",
                classes.any_at_all(),
                width=3,
                height=4,
            ),
            # Without rules nothing fires, which must not look as if all were well.
            f'count(ALERTS{{alertname=~"Cx.+",alertstate="firing"}}) or 0 * count({slo.OBJECTIVE})',
        ),
        panels.number(
            kpi(
                "Journeys ended",
                "Journeys whose outcome is known, counted once over all of their segments.",
                panels.NUMBER,
                NO_JOURNEY,
            ),
            QUERIES.count(ended),
        ),
        panels.number(
            kpi(
                "Success",
                "Share of ended journeys that were resolved, or contained by the bot.",
                panels.SHARE,
                NO_JOURNEY,
            ),
            QUERIES.share(ended, WELL),
        ),
        panels.number(
            kpi(
                "Abandonment",
                "Share of ended journeys that the customer gave up.",
                panels.SHARE,
                NO_JOURNEY,
            ),
            QUERIES.share(ended, ABANDONED),
        ),
        panels.number(
            kpi(
                "Time to resolution",
                "Median time of the segment in which a journey was resolved or contained.",
                panels.SECONDS,
                "none was resolved",
            ),
            QUERIES.quantile(0.5, lasted, where=WELL),
        ),
        panels.number(
            About(
                "Score",
                "Mean score of segments from 0 to 100; its colour is the class of ITU-T G.109.",
                panels.POINTS,
                NO_SCORE,
                classes.score(),
                width=3,
                height=4,
                decimals=0,
            ),
            QUERIES.mean(metrics.CX_EXPERIENCE_SEGMENT_SCORE),
        ),
        panels.number(
            kpi(
                "Customers hurt for",
                "Time that customers of all journeys spent in segments that scored below 60, at "
                "which nearly all are dissatisfied.",
                panels.MINUTES,
                NO_SCORE,
            ),
            f"{QUERIES.count(metrics.CX_EXPERIENCE_IMPACT_DURATION)} / 60 "
            f"or 0 * {QUERIES.count(metrics.CX_EXPERIENCE_SEGMENT_SCORE)}",
        ),
        panels.number(
            About(
                "Open journeys",
                "Journeys that are going on now.",
                panels.NUMBER,
                "no journey was seen",
                width=3,
                height=4,
                decimals=0,
            ),
            QUERIES.now(OPEN, "sum"),
        ),
    ]


def itself() -> list[Builder[Panel]]:
    """Return objectives, and what tells whether the rest can be trusted."""
    return [
        panels.lines(
            About(
                "Error budget left",
                "How much of each objective's budget is left, from the rules that `cxotel "
                "dashboards` writes; below zero the objective is missed.",
                panels.SHARE,
                "no objectives: load the rules that `cxotel dashboards` writes",
            ),
            {"{{cx_slo}}": slo.REMAINING},
        ),
        panels.lines(
            About(
                "Oldest open journey",
                "How long the oldest journey of each name has been open: one that only grows is "
                "stuck, or is never closed by the code.",
                panels.SECONDS,
                "no journey is open",
                width=6,
            ),
            {"{{cx_journey_name}}": QUERIES.now(metrics.CX_JOURNEY_AGE, "max", NAME)},
        ),
        panels.bars(
            About(
                "Telemetry lost",
                "What cxotel itself dropped for want of room, and errors that it kept from your "
                "application: where it is not 0, numbers above are too low.",
                panels.NUMBER,
                "nothing was lost",
                classes.any_at_all(),
                width=6,
                decimals=0,
            ),
            {
                "dropped from {{cx_telemetry_table}}": QUERIES.count(
                    metrics.CX_TELEMETRY_DROPPED, semconv.CX_TELEMETRY_TABLE
                ),
                "errors in {{cx_telemetry_component}}": QUERIES.count(
                    metrics.CX_TELEMETRY_ERRORS, semconv.CX_TELEMETRY_COMPONENT
                ),
            },
        ),
    ]
