"""Dashboard: the systems that journeys depend on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxotel import semconv
from cxotel.semconv import metrics
from tools.dashboards import graph, links, panels, traces
from tools.dashboards.frame import choice, dashboard, row
from tools.dashboards.panels import About, Column
from tools.dashboards.queries import RATE, Queries, ratio, with_rest

if TYPE_CHECKING:
    from grafana_foundation_sdk.builders.dashboard import Dashboard
    from grafana_foundation_sdk.cog.builder import Builder
    from grafana_foundation_sdk.models.dashboard import Panel

_Q: Final = Queries({semconv.CX_LAYER: "layer", semconv.CX_SYSTEM: "system"})
_CALLS: Final = metrics.CX_VENDOR_CALL_DURATION
_FAILED: Final = {semconv.ERROR_TYPE: (".+",)}
_SYSTEM: Final = semconv.CX_SYSTEM
_NO_CALL: Final = "no vendor was called"


def build() -> Dashboard:
    """Return the dashboard."""
    made = dashboard(
        links.VENDORS,
        "cxotel: vendors and dependencies",
        "The systems that journeys depend on: how fast they answer, how often they fail or "
        "throttle, and what that costs customers.",
    )
    made.with_variable(choice("layer", "Layer", semconv.CX_LAYER, _CALLS))
    made.with_variable(choice("system", "System", _SYSTEM, _CALLS))
    row(made, "In this time", [_systems()])
    row(made, "Who calls whom (of all services)", [graph.panel()])
    row(made, "How they answer", [_latency(), _errors(), _rate(), _throttled()])
    row(made, "What exactly", [_operations(), _kinds()])
    row(made, "What it costs customers", [_points(), _failures()])
    return made


def _systems() -> Builder[Panel]:
    about = About(
        "How each system does",
        "One row for each system: how often it was called, how it answered, and how many points "
        "of R it took from customers.",
        panels.NUMBER,
        _NO_CALL,
        width=24,
    )
    called, lost = _Q.count(_CALLS, _SYSTEM), metrics.CX_EXPERIENCE_LOST_POINTS
    throttled = ratio(_Q.count(metrics.CX_VENDOR_THROTTLED, _SYSTEM), called)
    points = f"{_Q.count(lost, _SYSTEM)} and on (cx_system) {called}"
    return panels.rows(
        about,
        [
            Column("System", panels.TEXT, label="cx_system", links=[_its_calls(links.of_cell)]),
            Column("Calls", panels.NUMBER, called, decimals=0),
            Column("Failed", panels.SHARE, _Q.share(_CALLS, _FAILED, _SYSTEM), decimals=1),
            Column("Throttled", panels.SHARE, throttled, decimals=1),
            Column("Median", panels.SECONDS, _Q.quantile(0.5, _CALLS, _SYSTEM)),
            Column("95 % within", panels.SECONDS, _Q.quantile(0.95, _CALLS, _SYSTEM)),
            Column("Points taken", panels.NUMBER, points, decimals=0),
        ],
        "Points taken",
    )


def _latency() -> Builder[Panel]:
    about = About(
        "Calls, 95 % within",
        "How long the slowest twentieth of calls took; dots are examples and lead to their traces.",
        panels.SECONDS,
        _NO_CALL,
        links=[_its_calls(links.of_label)],
    )
    slow = _Q.quantile(0.95, _CALLS, _SYSTEM, window=RATE)
    return panels.lines(about, {"{{cx_system}}": slow})


def _errors() -> Builder[Panel]:
    about = About(
        "Calls that failed",
        "Share of calls that failed, for whatever reason; refusals by the business, such as a "
        "declined transfer, are no failures.",
        panels.SHARE,
        _NO_CALL,
        links=[_its_failures(links.of_label)],
    )
    failed = _Q.share(_CALLS, _FAILED, _SYSTEM, window=RATE)
    return panels.lines(about, {"{{cx_system}}": failed}).max(1)


def _rate() -> Builder[Panel]:
    about = About(
        "Calls",
        "How many calls there were in a minute: a sudden silence is an outage, too.",
        panels.A_MINUTE,
        _NO_CALL,
    )
    return panels.stacked(about, {"{{cx_system}}": _Q.per_minute(_CALLS, _SYSTEM)})


def _throttled() -> Builder[Panel]:
    about = About(
        "Calls that were throttled",
        "Share of calls that the vendor slowed down or refused because a limit is used up; it gets "
        "worse with the load.",
        panels.SHARE,
        _NO_CALL,
    )
    called = _Q.count(_CALLS, _SYSTEM, window=RATE)
    share = ratio(_Q.count(metrics.CX_VENDOR_THROTTLED, _SYSTEM, window=RATE), called)
    return panels.lines(about, {"{{cx_system}}": share}).max(1)


def _operations() -> Builder[Panel]:
    about = About(
        "How each operation does",
        "The operations behind the lines above, slowest first.",
        panels.NUMBER,
        _NO_CALL,
        width=14,
    )
    by = (_SYSTEM, semconv.CX_OPERATION_NAME)
    return panels.rows(
        about,
        [
            Column("System", panels.TEXT, label="cx_system"),
            Column("Operation", panels.TEXT, label="cx_operation_name"),
            Column("Calls", panels.NUMBER, _Q.count(_CALLS, *by), decimals=0),
            Column("Failed", panels.SHARE, _Q.share(_CALLS, _FAILED, *by), decimals=1),
            Column("95 % within", panels.SECONDS, _Q.quantile(0.95, _CALLS, *by)),
        ],
        "95 % within",
    )


def _kinds() -> Builder[Panel]:
    about = About(
        "How calls fail",
        "How many calls failed with which error.",
        panels.NUMBER,
        "no call failed, or none was made",
        width=10,
        decimals=0,
    )
    failed = _Q.count(_CALLS, _SYSTEM, semconv.ERROR_TYPE, where=_FAILED)
    return panels.bars(about, {"{{cx_system}}, {{error_type}}": failed})


def _points() -> Builder[Panel]:
    about = About(
        "Points taken from customers",
        "Points of R that customers lost to each system in a minute: a slow system that nobody "
        "waits for takes none.",
        "suffix: points / min",
        "no points were lost, or nothing was scored",
        links=[_its_calls(links.of_label)],
    )
    lost = with_rest(_Q.per_minute(metrics.CX_EXPERIENCE_LOST_POINTS, _SYSTEM), _SYSTEM)
    return panels.stacked(about, {"{{cx_system}}": lost})


def _failures() -> Builder[Panel]:
    about = About(
        "Calls that failed, one by one",
        "Some of the calls that failed; click the journey's id for all that happened around it.",
        panels.NUMBER,
        "no call failed, or Tempo does not have it",
    )
    return traces.spans(
        about,
        f'{{ span.{_SYSTEM} =~ "${{system}}" && status = error }}',
        semconv.CX_JOURNEY_ID,
        _SYSTEM,
        semconv.CX_OPERATION_NAME,
        semconv.ERROR_TYPE,
        semconv.CX_EXPERIENCE_POINTS,
    )


def _its_calls(of: links.Of) -> links.DashboardLink:
    return links.traces("Its calls that cost points", _spans(of, f"span.{_POINTS} > 0"))


def _its_failures(of: links.Of) -> links.DashboardLink:
    return links.traces("Its calls that failed", _spans(of, "status = error"))


def _spans(of: links.Of, which: str) -> str:
    name = of("System" if of is links.of_cell else "cx_system")
    return f'{{ span.{_SYSTEM} = "{name}" && {which} }}'


_POINTS: Final = semconv.CX_EXPERIENCE_POINTS
