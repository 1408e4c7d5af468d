"""Dashboard: how bots do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxotel import semconv
from cxotel.semconv import CxBotTurnResultValues as Result
from cxotel.semconv import CxHandoffKindValues as Kind
from cxotel.semconv import CxHandoffResultValues as HandoffResult
from cxotel.semconv import CxImpairmentDimensionValues as Dimension
from cxotel.semconv import CxJourneyOutcomeValues as Outcome
from cxotel.semconv import CxLayerValues as Layer
from cxotel.semconv import metrics
from tools.dashboards import links, panels, traces
from tools.dashboards.frame import choice, dashboard, row
from tools.dashboards.panels import About
from tools.dashboards.queries import RATE, Queries, ratio

if TYPE_CHECKING:
    from grafana_foundation_sdk.builders.dashboard import Dashboard
    from grafana_foundation_sdk.cog.builder import Builder
    from grafana_foundation_sdk.models.dashboard import Panel

_Q: Final = Queries({semconv.CX_SYSTEM: "bot"})
_TURNS: Final = metrics.CX_BOT_TURN_DURATION
_ENDED: Final = metrics.CX_JOURNEY_COMPLETED
_MISSED: Final = {
    semconv.CX_BOT_TURN_RESULT: (
        Result.NO_MATCH.value,
        Result.NO_INPUT.value,
        Result.FALLBACK.value,
    ),
}
_CONTAINED: Final = {semconv.CX_JOURNEY_OUTCOME: Outcome.CONTAINED.value}
_TO_HUMAN: Final = {semconv.CX_HANDOFF_KIND: Kind.BOT_TO_HUMAN.value}
_EFFORT: Final = {
    semconv.CX_IMPAIRMENT_DIMENSION: Dimension.EFFORT.value,
    semconv.CX_LAYER: Layer.AI.value,
}
_RESULTS: Final = {
    Result.MATCHED.value: ("understood", "green"),
    Result.NO_MATCH.value: ("not understood", "red"),
    Result.NO_INPUT.value: ("nothing heard", "orange"),
    Result.FALLBACK.value: ("answered with its stopgap", "dark-orange"),
    Result.ESCALATED.value: ("passed on", "blue"),
}
_NO_TURN: Final = "no bot was asked"
_NO_JOURNEY: Final = "no journey ended"


def build() -> Dashboard:
    """Return the dashboard."""
    made = dashboard(
        "cxotel-bots",
        "cxotel: bots",
        "How bots do: how long customers wait for their answers, how much they understand, whom "
        "they contain, and whom they pass on.",
    )
    made.with_variable(choice("bot", "Bot", semconv.CX_SYSTEM, _TURNS))
    row(made, "In this time", _kpis())
    row(made, "Turns", [_duration(), _results(), _missed(), _effort()])
    row(made, "Whom it contains, and whom it passes on (of all bots)", _outcomes())
    row(made, "Turns to look at", [_turns(), _intents()])
    return made


def _kpis() -> list[Builder[Panel]]:
    def kpi(title: str, description: str, unit: str, empty: str) -> About:
        digits = 0 if unit == panels.NUMBER else 1
        return About(title, description, unit, empty, width=4, height=4, decimals=digits)

    turns = _Q.count(_TURNS, semconv.CX_SYSTEM)
    lost = _Q.count(metrics.CX_EXPERIENCE_LOST_POINTS, semconv.CX_SYSTEM, where=_EFFORT)
    passed = _Q.count(metrics.CX_HANDOFF_COUNT, where=_TO_HUMAN)
    return [
        panels.number(
            kpi("Turns", "How often customers said something to a bot.", panels.NUMBER, _NO_TURN),
            _Q.count(_TURNS),
        ),
        panels.number(
            kpi(
                "Not understood",
                "Share of turns that the bot did not understand, did not hear, or answered with "
                "its stopgap.",
                panels.SHARE,
                _NO_TURN,
            ),
            _Q.share(_TURNS, _MISSED),
        ),
        panels.number(
            kpi(
                "Answers, 95 % within",
                "How long the slowest twentieth of answers took.",
                panels.SECONDS,
                _NO_TURN,
            ),
            _Q.quantile(0.95, _TURNS),
        ),
        panels.number(
            kpi(
                "Effort of a turn",
                "Points of R that a turn costs in effort on average; a loop of three re-prompts "
                "costs its journey 19.",
                panels.POINTS,
                _NO_TURN,
            ),
            f"sum({ratio(lost, turns)} * {turns}) / sum({turns})",
        ),
        panels.number(
            kpi(
                "Containment",
                "Share of ended journeys, with or without a bot in them, that a bot served to the "
                "end.",
                panels.SHARE,
                _NO_JOURNEY,
            ),
            _Q.share(_ENDED, _CONTAINED),
        ),
        panels.number(
            kpi(
                "Passed to humans",
                "How many times a bot passed a customer to a human, for each journey that ended.",
                panels.SHARE,
                _NO_JOURNEY,
            ),
            ratio(passed, _Q.count(_ENDED)),
        ),
    ]


def _duration() -> Builder[Panel]:
    about = About(
        "Wait for answers",
        "How long customers waited for a bot's answers; dots are examples and lead to their "
        "traces.",
        panels.SECONDS,
        _NO_TURN,
        links=[_its_turns()],
    )
    by = semconv.CX_SYSTEM
    return panels.lines(
        about,
        {
            "{{cx_system}}, median": _Q.quantile(0.5, _TURNS, by, window=RATE),
            "{{cx_system}}, 95 %": _Q.quantile(0.95, _TURNS, by, window=RATE),
        },
    )


def _results() -> Builder[Panel]:
    about = About(
        "What bots made of turns",
        "Turns in a minute by what the bot made of them.",
        panels.A_MINUTE,
        _NO_TURN,
    )
    turns = _Q.per_minute(_TURNS, semconv.CX_BOT_TURN_RESULT)
    return panels.coloured(panels.stacked(about, {"{{cx_bot_turn_result}}": turns}), _RESULTS)


def _missed() -> Builder[Panel]:
    about = About(
        "Not understood, over time",
        "Share of turns that each bot did not understand, did not hear, or answered with its "
        "stopgap.",
        panels.SHARE,
        _NO_TURN,
        links=[_its_turns()],
    )
    missed = _Q.share(_TURNS, _MISSED, semconv.CX_SYSTEM, window=RATE)
    return panels.lines(about, {"{{cx_system}}": missed}).max(1)


def _effort() -> Builder[Panel]:
    about = About(
        "Points lost with bots",
        "Points of R that customers lost to bots in a minute, by dimension: effort is re-prompts "
        "and loops, responsiveness is waiting.",
        "suffix: points / min",
        "no points were lost, or nothing was scored",
    )
    lost = _Q.per_minute(
        metrics.CX_EXPERIENCE_LOST_POINTS,
        semconv.CX_SYSTEM,
        semconv.CX_IMPAIRMENT_DIMENSION,
        where={semconv.CX_LAYER: Layer.AI.value},
    )
    return panels.stacked(about, {"{{cx_system}}, {{cx_impairment_dimension}}": lost})


def _outcomes() -> list[Builder[Panel]]:
    contained = _Q.share(_ENDED, _CONTAINED, semconv.CX_JOURNEY_NAME, window=RATE)
    escalated = {semconv.CX_JOURNEY_OUTCOME: Outcome.ESCALATED.value}
    passed = _Q.share(_ENDED, escalated, semconv.CX_JOURNEY_NAME, window=RATE)
    handed = _Q.count(metrics.CX_HANDOFF_COUNT, semconv.CX_HANDOFF_KIND, semconv.CX_HANDOFF_RESULT)
    refused = (HandoffResult.DECLINED, HandoffResult.FAILED, HandoffResult.TIMED_OUT)
    words = ", ".join(each.value.replace("_", " ") for each in refused)
    return [
        panels.lines(
            About(
                "Containment over time",
                "Share of journeys of each name that a bot served to the end.",
                panels.SHARE,
                _NO_JOURNEY,
                width=8,
            ),
            {"{{cx_journey_name}}": contained},
        ).max(1),
        panels.lines(
            About(
                "Escalation over time",
                "Share of journeys of each name whose outcome is that they were passed on.",
                panels.SHARE,
                _NO_JOURNEY,
                width=8,
            ),
            {"{{cx_journey_name}}": passed},
        ).max(1),
        panels.bars(
            About(
                "Handoffs",
                f"How customers were passed on, and what came of it; {words} means that nobody "
                "took over.",
                panels.NUMBER,
                "nobody was passed on",
                width=8,
                decimals=0,
            ),
            {"{{cx_handoff_kind}}, {{cx_handoff_result}}": handed},
        ),
    ]


def _turns() -> Builder[Panel]:
    about = About(
        "Turns that were not understood",
        "Some of them, with where in the conversation they were; click the journey's id for all "
        "that happened in it.",
        panels.NUMBER,
        "all were understood, or Tempo does not have them",
        width=16,
    )
    missed = "|".join(_MISSED[semconv.CX_BOT_TURN_RESULT])
    of_bot = f'span.{semconv.CX_SYSTEM} =~ "${{bot}}"'
    return traces.spans(
        about,
        f'{{ {of_bot} && span.{semconv.CX_BOT_TURN_RESULT} =~ "{missed}" }}',
        semconv.CX_JOURNEY_ID,
        semconv.CX_SYSTEM,
        semconv.CX_BOT_TURN_RESULT,
        semconv.CX_BOT_FLOW_NAME,
        semconv.CX_BOT_PAGE_NAME,
        semconv.CX_EXPERIENCE_POINTS,
    )


def _intents() -> Builder[Panel]:
    about = About(
        "What customers want",
        "Turns by the intent that the bot recognised, counted by Tempo of the traces that it has; "
        "metrics do not carry intents.",
        panels.NUMBER,
        "no intent was recognised, or Tempo has no TraceQL metrics",
        width=8,
    )
    intent = f"span.{semconv.CX_BOT_INTENT_NAME}"
    of_bot = f'span.{semconv.CX_SYSTEM} =~ "${{bot}}"'
    return traces.counted(
        about, f"{{ {of_bot} && {intent} != nil }} | count_over_time() by ({intent})"
    )


def _its_turns() -> links.DashboardLink:
    name = links.of_label("cx_system")
    turns = f"span.{semconv.CX_BOT_TURN_RESULT} != nil"
    return links.traces(f"Turns of {name}", f'{{ span.{semconv.CX_SYSTEM} = "{name}" && {turns} }}')
