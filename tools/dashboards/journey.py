"""Dashboard: everything about one journey, by its id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxotel import semconv
from cxotel.semconv import metrics
from tools.dashboards import classes, links, panels, traces
from tools.dashboards.frame import dashboard, journey_id, row
from tools.dashboards.panels import About
from tools.dashboards.queries import RATE, Queries

if TYPE_CHECKING:
    from grafana_foundation_sdk.builders.dashboard import Dashboard
    from grafana_foundation_sdk.cog.builder import Builder
    from grafana_foundation_sdk.models.dashboard import Panel

_Q: Final = Queries({})
_IT: Final = f'span.{semconv.CX_JOURNEY_ID} = "${{journey_id}}"'
_NOTHING: Final = "no such journey: put its id on top, and widen the time"


def build() -> Dashboard:
    """Return the dashboard."""
    made = dashboard(
        links.JOURNEY,
        "cxotel: one journey",
        "One journey by its id, over all of its traces: its scores and reasons, each call to a "
        "vendor, what cost points, and how these vendors did for everybody at that time.",
        hours=24,
    )
    made.with_variable(journey_id())
    row(made, "Its score", [_segments()])
    row(made, "What happened", [_traces(), _costly(), _calls()])
    row(made, "The same time, for everybody", _around())
    return made


def _segments() -> Builder[Panel]:
    about = About(
        "Its segments, their scores and reasons",
        "One row for each part that one process handled: its score, how it ended, what cost the "
        "most points, and who is to blame.",
        panels.NUMBER,
        _NOTHING,
        width=24,
        height=6,
    )
    return traces.spans(
        about,
        f"{{ {_IT} && span.{semconv.CX_EXPERIENCE_CLASS} != nil }}",
        semconv.CX_JOURNEY_NAME,
        semconv.CX_JOURNEY_OUTCOME,
        semconv.CX_EXPERIENCE_SCORE,
        semconv.CX_EXPERIENCE_CLASS,
        semconv.CX_EXPERIENCE_COVERAGE,
        semconv.CX_EXPERIENCE_REASONS,
        semconv.CX_EXPERIENCE_BLAME_SYSTEM,
        semconv.CX_EXPERIENCE_BLAME_STEP,
        semconv.CX_EXPERIENCE_BLAME_OWNER,
    )


def _traces() -> Builder[Panel]:
    about = About(
        "Its traces",
        "A journey of several days or processes is several traces; click one to read it.",
        panels.NUMBER,
        _NOTHING,
        width=10,
        height=7,
    )
    return traces.traces(about, f"{{ {_IT} }}")


def _costly() -> Builder[Panel]:
    about = About(
        "Calls that cost points",
        "The calls to vendors that the customer suffered from, and how many points of R each cost.",
        panels.NUMBER,
        "no call cost points, or no such journey",
        width=14,
        height=7,
    )
    return traces.spans(
        about,
        f"{{ {_IT} && span.{semconv.CX_EXPERIENCE_POINTS} > 0 }}",
        semconv.CX_EXPERIENCE_POINTS,
        semconv.CX_SYSTEM,
        semconv.CX_OPERATION_NAME,
        semconv.CX_STEP_NAME,
        semconv.ERROR_TYPE,
    )


def _calls() -> Builder[Panel]:
    about = About(
        "All of its calls to vendors",
        "What was asked of which system, in which step, and what failed; click a span to read it.",
        panels.NUMBER,
        "it called no vendor, or no such journey",
        width=24,
        height=10,
    )
    return traces.spans(
        about,
        f"{{ {_IT} && span.{semconv.CX_SYSTEM} != nil }}",
        semconv.CX_SYSTEM,
        semconv.CX_LAYER,
        semconv.CX_OPERATION_NAME,
        semconv.CX_STEP_NAME,
        semconv.CX_BOT_TURN_RESULT,
        semconv.ERROR_TYPE,
    )


def _around() -> list[Builder[Panel]]:
    return [_scores(), _latency(), _errors()]


def _scores() -> Builder[Panel]:
    about = About(
        "Mean score over time",
        "Mean score of all journeys of each name, which tells whether this customer was alone.",
        panels.POINTS,
        "nothing was scored",
        classes.score(),
        width=8,
        decimals=0,
    )
    name = semconv.CX_JOURNEY_NAME
    mean = _Q.mean(metrics.CX_EXPERIENCE_SEGMENT_SCORE, name, window=RATE)
    return panels.lines(about, {"{{cx_journey_name}}": mean}).max(100)


def _latency() -> Builder[Panel]:
    about = About(
        "Vendors' calls, 95 %",
        "How long the slowest twentieth of all calls to each system took; dots are examples and "
        "lead to their traces.",
        panels.SECONDS,
        "no vendor was called",
        width=8,
        links=[links.system("Its calls", links.of_label("cx_system"))],
    )
    slow = _Q.quantile(0.95, metrics.CX_VENDOR_CALL_DURATION, semconv.CX_SYSTEM, window=RATE)
    return panels.lines(about, {"{{cx_system}}": slow})


def _errors() -> Builder[Panel]:
    about = About(
        "Vendors' calls that failed",
        "Share of all calls to each system that failed.",
        panels.SHARE,
        "no vendor was called",
        width=8,
        links=[links.system("Its calls", links.of_label("cx_system"))],
    )
    failed = _Q.share(
        metrics.CX_VENDOR_CALL_DURATION,
        {semconv.ERROR_TYPE: (".+",)},
        semconv.CX_SYSTEM,
        window=RATE,
    )
    return panels.lines(about, {"{{cx_system}}": failed}).max(1)
