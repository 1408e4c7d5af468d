"""Dashboard: how all journeys go, and who takes the points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxotel import semconv
from cxotel.operations import slo
from cxotel.semconv import CxExperienceClassValues as Class
from cxotel.semconv import CxFeedbackKindValues as Feedback
from cxotel.semconv import CxJourneyOutcomeValues as Outcome
from cxotel.semconv import CxQueueResultValues as QueueResult
from cxotel.semconv import metrics
from tools.dashboards import classes, links, panels, traces
from tools.dashboards.frame import choice, dashboard, row
from tools.dashboards.panels import About, Column
from tools.dashboards.queries import RATE, Queries, with_rest

if TYPE_CHECKING:
    from grafana_foundation_sdk.builders.dashboard import Dashboard
    from grafana_foundation_sdk.cog.builder import Builder
    from grafana_foundation_sdk.models.dashboard import Panel

NAME: Final = semconv.CX_JOURNEY_NAME
_Q: Final = Queries({NAME: "journey", semconv.CX_CHANNEL: "channel"})
_WELL: Final = {
    semconv.CX_JOURNEY_OUTCOME: (Outcome.RESOLVED.value, Outcome.CONTAINED.value),
}
_ABANDONED: Final = {semconv.CX_JOURNEY_OUTCOME: Outcome.ABANDONED.value}
_ESCALATED: Final = {semconv.CX_JOURNEY_OUTCOME: Outcome.ESCALATED.value}
_OPEN: Final = metrics.CX_JOURNEY_OPEN
_POOR: Final = {
    semconv.CX_EXPERIENCE_CLASS: (
        Class.NEARLY_ALL_DISSATISFIED.value,
        Class.NOT_RECOMMENDED.value,
    ),
}
_OUTCOMES: Final = {
    Outcome.RESOLVED.value: ("resolved", "green"),
    Outcome.CONTAINED.value: ("contained by the bot", "dark-green"),
    Outcome.ESCALATED.value: ("escalated to a human", "yellow"),
    Outcome.UNRESOLVED.value: ("unresolved", "orange"),
    Outcome.ABANDONED.value: ("abandoned by the customer", "red"),
    Outcome.FAILED.value: ("failed", "dark-red"),
}
_NO_JOURNEY: Final = "no journey ended"
_NO_SCORE: Final = "nothing was scored"


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
    row(made, "In this time", _kpis())
    row(made, "Who takes the points (of all journeys)", _culprits())
    row(made, "Journeys to look at", [_worst()])
    row(made, "By journey", [_by_journey(), _outcomes(), _success()])
    row(made, "How they score", [_classes(), _classes_now(), _scores(), _durations()])
    row(made, "Queues, and what customers say", [_queues(), _left(), _feedback()])
    row(made, "Objectives and the telemetry itself", _itself())
    return made


def _kpis() -> list[Builder[Panel]]:
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
                _NO_JOURNEY,
            ),
            _Q.count(ended),
        ),
        panels.number(
            kpi(
                "Success",
                "Share of ended journeys that were resolved, or contained by the bot.",
                panels.SHARE,
                _NO_JOURNEY,
            ),
            _Q.share(ended, _WELL),
        ),
        panels.number(
            kpi(
                "Abandonment",
                "Share of ended journeys that the customer gave up.",
                panels.SHARE,
                _NO_JOURNEY,
            ),
            _Q.share(ended, _ABANDONED),
        ),
        panels.number(
            kpi(
                "Time to resolution",
                "Median time of the segment in which a journey was resolved or contained.",
                panels.SECONDS,
                "none was resolved",
            ),
            _Q.quantile(0.5, lasted, where=_WELL),
        ),
        panels.number(
            About(
                "Score",
                "Mean score of segments from 0 to 100; its colour is the class of ITU-T G.109.",
                panels.POINTS,
                _NO_SCORE,
                classes.score(),
                width=3,
                height=4,
                decimals=0,
            ),
            _Q.mean(metrics.CX_EXPERIENCE_SEGMENT_SCORE),
        ),
        panels.number(
            kpi(
                "Customers hurt for",
                "Time that customers of all journeys spent in segments that scored below 60, at "
                "which nearly all are dissatisfied.",
                panels.MINUTES,
                _NO_SCORE,
            ),
            f"{_Q.count(metrics.CX_EXPERIENCE_IMPACT_DURATION)} / 60 "
            f"or 0 * {_Q.count(metrics.CX_EXPERIENCE_SEGMENT_SCORE)}",
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
            _Q.now(_OPEN, "sum"),
        ),
    ]


def _by_journey() -> Builder[Panel]:
    ended = metrics.CX_JOURNEY_COMPLETED
    about = About(
        "How each journey goes",
        "One row for each journey; click its name for its traces.",
        panels.NUMBER,
        _NO_JOURNEY,
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
            Column("Ended", panels.NUMBER, _Q.count(ended, NAME), decimals=0),
            Column("Success", panels.SHARE, _Q.share(ended, _WELL, NAME), decimals=1),
            Column("Abandoned", panels.SHARE, _Q.share(ended, _ABANDONED, NAME), decimals=1),
            Column("Escalated", panels.SHARE, _Q.share(ended, _ESCALATED, NAME), decimals=1),
            Column("Mean score", panels.POINTS, _Q.mean(scores, NAME), "", classes.score(), 0),
            Column("Score below 60", panels.SHARE, _Q.share(scores, _POOR, NAME), decimals=1),
            Column("95 % within", panels.SECONDS, _Q.quantile(0.95, lasted, NAME)),
            Column("Open now", panels.NUMBER, _Q.now(_OPEN, "sum", NAME), decimals=0),
        ],
        "Ended",
    )


def _outcomes() -> Builder[Panel]:
    about = About(
        "How journeys end",
        "Journeys that ended in a minute, by outcome.",
        panels.A_MINUTE,
        _NO_JOURNEY,
    )
    ended = _Q.per_minute(metrics.CX_JOURNEY_COMPLETED, semconv.CX_JOURNEY_OUTCOME)
    return panels.coloured(panels.stacked(about, {"{{cx_journey_outcome}}": ended}), _OUTCOMES)


def _success() -> Builder[Panel]:
    about = About(
        "Success over time",
        "Share of journeys that were resolved or contained, of those that ended around each time.",
        panels.SHARE,
        _NO_JOURNEY,
        links=[_its_traces()],
    )
    share = _Q.share(metrics.CX_JOURNEY_COMPLETED, _WELL, NAME, window=RATE)
    return panels.lines(about, {"{{cx_journey_name}}": share}).max(1)


def _classes() -> Builder[Panel]:
    about = About(
        "Classes over time",
        "Segments in a minute by the class of their score, as ITU-T G.109 names them.",
        panels.A_MINUTE,
        _NO_SCORE,
        width=16,
    )
    scored = _Q.per_minute(metrics.CX_EXPERIENCE_SEGMENT_SCORE, semconv.CX_EXPERIENCE_CLASS)
    panel = panels.stacked(about, {"{{cx_experience_class}}": scored})
    return panels.coloured(panel, classes.CLASSES)


def _classes_now() -> Builder[Panel]:
    about = About(
        "Classes",
        "How many scored segments are in which class, over all of this time.",
        panels.NUMBER,
        _NO_SCORE,
        width=8,
        decimals=0,
    )
    scored, key = metrics.CX_EXPERIENCE_SEGMENT_SCORE, semconv.CX_EXPERIENCE_CLASS
    # A query for each, because the order of one query's series would be that of the alphabet.
    each = {
        name: f"{_Q.count(scored, where={key: name})} or 0 * {_Q.count(scored)}"
        for name in classes.CLASSES
    }
    return panels.coloured(panels.bars(about, each), classes.CLASSES)


def _scores() -> Builder[Panel]:
    about = About(
        "Mean score over time",
        "Mean score of each journey's segments; dashed are the limits of the classes of G.109.",
        panels.POINTS,
        _NO_SCORE,
        classes.score(),
        decimals=0,
        links=[_its_traces()],
    )
    mean = _Q.mean(metrics.CX_EXPERIENCE_SEGMENT_SCORE, NAME, window=RATE)
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
            "{{cx_journey_name}}, median": _Q.quantile(0.5, lasted, NAME, window=RATE, where=_WELL),
            "{{cx_journey_name}}, 95 %": _Q.quantile(0.95, lasted, NAME, window=RATE, where=_WELL),
        },
    )


def _culprits() -> list[Builder[Panel]]:
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
    lost = f"topk(20, {_Q.count(metrics.CX_EXPERIENCE_LOST_POINTS, *by)} > 0)"
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
    minutes = f"{_Q.per_minute(spent, semconv.CX_LAYER, semconv.CX_SYSTEM)} / 60"
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
    lost = _Q.per_minute(metrics.CX_EXPERIENCE_LOST_POINTS, semconv.CX_IMPAIRMENT_DIMENSION)
    return panels.stacked(about, {"{{cx_impairment_dimension}}": lost})


def _worst() -> Builder[Panel]:
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


def _queues() -> Builder[Panel]:
    about = About(
        "Wait in queues",
        "How long the slowest twentieth waited in each queue, whatever came of it.",
        panels.SECONDS,
        "nobody waited in a queue",
        width=8,
    )
    waited = _Q.quantile(0.95, metrics.CX_QUEUE_WAIT_DURATION, semconv.CX_QUEUE_NAME, window=RATE)
    return panels.lines(about, {"{{cx_queue_name}}, 95 %": waited})


def _left() -> Builder[Panel]:
    about = About(
        "Gave up in a queue",
        "Share of those who waited in each queue that left before anybody answered.",
        panels.SHARE,
        "nobody waited in a queue",
        width=8,
    )
    gone = {semconv.CX_QUEUE_RESULT: QueueResult.ABANDONED.value}
    share = _Q.share(metrics.CX_QUEUE_WAIT_DURATION, gone, semconv.CX_QUEUE_NAME)
    return panels.bars(about, {"{{cx_queue_name}}": share}).max(1)


def _feedback() -> Builder[Panel]:
    about = About(
        "What customers say",
        f"Mean of their own ratings ({', '.join(kind.value for kind in Feedback)}), each kind on "
        "the scale it is asked on; they never change the score.",
        panels.POINTS,
        "nobody was asked, or answered",
        width=8,
        decimals=1,
    )
    said = _Q.mean(metrics.CX_FEEDBACK_VALUE, semconv.CX_FEEDBACK_KIND)
    return panels.bars(about, {"{{cx_feedback_kind}}": said})


def _itself() -> list[Builder[Panel]]:
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
            {"{{cx_journey_name}}": _Q.now(metrics.CX_JOURNEY_AGE, "max", NAME)},
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
                "dropped from {{cx_telemetry_table}}": _Q.count(
                    metrics.CX_TELEMETRY_DROPPED, semconv.CX_TELEMETRY_TABLE
                ),
                "errors in {{cx_telemetry_component}}": _Q.count(
                    metrics.CX_TELEMETRY_ERRORS, semconv.CX_TELEMETRY_COMPONENT
                ),
            },
        ),
    ]


def _its_traces() -> links.DashboardLink:
    name = links.of_label("cx_journey_name")
    return links.traces(f"Traces of {name}", f'{{ span.{NAME} = "{name}" }}')
