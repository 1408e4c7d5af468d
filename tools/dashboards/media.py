"""Dashboard: how calls sound, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxotel import semconv
from cxotel.semconv import CxMediaModelValues as Model
from cxotel.semconv import metrics
from tools.dashboards import classes, panels, traces
from tools.dashboards.frame import choice, dashboard, row
from tools.dashboards.panels import About, Column
from tools.dashboards.queries import RANGE, RATE, Queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grafana_foundation_sdk.builders.dashboard import Dashboard
    from grafana_foundation_sdk.cog.builder import Builder
    from grafana_foundation_sdk.models.dashboard import Panel, Threshold

_Q: Final = Queries(
    {
        semconv.CX_MEDIA_LEG_NAME: "leg",
        semconv.CX_SYSTEM: "system",
        semconv.CX_MEDIA_CODEC: "codec",
    }
)
_LEG: Final = (semconv.CX_MEDIA_LEG_NAME, semconv.CX_SYSTEM, semconv.CX_MEDIA_CODEC)
_LEGEND: Final = "{{cx_media_leg_name}} leg, {{cx_system}}, {{cx_media_codec}}"
_RATED: Final = (*_LEG, semconv.CX_MEDIA_OPINION)
_OPINION: Final = f"{_LEGEND}, {{{{cx_media_opinion}}}}"
_MODELS: Final = {
    Model.G107.value: ("narrowband (G.107)", "0 to 100"),
    Model.G107_1.value: ("wideband (G.107.1)", "0 to 129"),
    Model.G107_2.value: ("fullband (G.107.2)", "0 to 148"),
}
_NO_LEG: Final = "no leg was measured so"


def build() -> Dashboard:
    """Return the dashboard."""
    made = dashboard(
        "cxotel-media",
        "cxotel: media quality",
        "How calls sound and why, by leg, system and codec. Ratings of different models are never "
        "drawn together: their scales differ.",
    )
    rated = metrics.CX_MEDIA_LOSS
    made.with_variable(choice("leg", "Leg", semconv.CX_MEDIA_LEG_NAME, rated))
    made.with_variable(choice("system", "System", semconv.CX_SYSTEM, rated))
    made.with_variable(choice("codec", "Codec", semconv.CX_MEDIA_CODEC, rated))
    row(made, "In this time", [_legs()])
    row(made, "Rating R, by model (higher is better)", [_rating(model) for model in _MODELS])
    row(made, "Mean opinion score, by model (1 to 5, higher is better)", _opinions())
    row(made, "Why: on the way", _network())
    row(made, "Why: at the ends", _ends())
    row(made, "Warnings, and journeys that it hurt", [_warnings(), _hurt()])
    return made


def _legs() -> Builder[Panel]:
    about = About(
        "How each leg does",
        "Means over all of this time, worst first by lost packets; ratings are below, by model.",
        panels.NUMBER,
        "no leg was measured",
        width=24,
        height=6,
    )
    loss, limits = metrics.CX_MEDIA_LOSS, classes.above
    return panels.rows(
        about,
        [
            Column("Leg", panels.TEXT, label="cx_media_leg_name"),
            Column("System", panels.TEXT, label="cx_system"),
            Column("Codec", panels.TEXT, label="cx_media_codec"),
            Column("Measurements", panels.NUMBER, _Q.count(loss, *_LEG), decimals=0),
            Column("Lost packets", panels.SHARE, _Q.mean(loss, *_LEG), "", limits(0.01, 0.1), 2),
            Column(
                "Jitter",
                panels.SECONDS,
                _Q.mean(metrics.CX_MEDIA_JITTER, *_LEG),
                limits=limits(0.03),
            ),
            Column(
                "Round trip",
                panels.SECONDS,
                _Q.mean(metrics.CX_MEDIA_ROUND_TRIP, *_LEG),
                limits=limits(0.4, 0.5),
            ),
            Column(
                "Made-up sound",
                panels.SHARE,
                _Q.mean(metrics.CX_MEDIA_CONCEALMENT, *_LEG),
                limits=limits(0.05, 0.07),
                decimals=2,
            ),
        ],
        "Lost packets",
    )


def _rating(model: str) -> Builder[Panel]:
    called, scale = _MODELS[model]
    about = About(
        f"R, {called}",
        f"Mean rating of legs from {scale}; dashed are the limits of user satisfaction of G.107, "
        "table B.1, on this model's scale.",
        panels.POINTS,
        f"no leg was rated: {called}",
        classes.rating(model),
        width=8,
        decimals=0,
    )
    where = {semconv.CX_MEDIA_MODEL: model}
    mean = _Q.mean(metrics.CX_MEDIA_R, *_RATED, window=RATE, where=where)
    return panels.lines(about, {_OPINION: mean})


def _opinions() -> list[Builder[Panel]]:
    computed = [
        _mos(
            model,
            called,
            "Mean opinion score of legs by this model; dashed are the limits of "
            "user satisfaction of G.107, table B.1.",
            classes.opinion(),
        )
        for model, (called, _) in _MODELS.items()
    ]
    vendors = _mos(
        Model.VENDOR.value,
        "vendors' own methods",
        "Mean opinion score as each vendor reports it, by a method that it does not publish: "
        "compare one system with itself alone.",
        classes.none(),
    )
    return [*computed, vendors]


def _mos(model: str, called: str, description: str, limits: Sequence[Threshold]) -> Builder[Panel]:
    about = About(
        f"MOS, {called}",
        description,
        panels.POINTS,
        f"no leg has a MOS: {called}",
        limits,
        width=6,
        decimals=2,
    )
    where = {semconv.CX_MEDIA_MODEL: model}
    mean = _Q.mean(metrics.CX_MEDIA_MOS, *_RATED, window=RATE, where=where)
    return panels.lines(about, {_OPINION: mean}).axis_soft_min(1).max(5)


def _network() -> list[Builder[Panel]]:
    return [
        _slowest(
            metrics.CX_MEDIA_LOSS,
            "Lost packets",
            "Share of packets that never arrived, in the worst twentieth of legs; Twilio and "
            "Telnyx warn above 1 %, Microsoft Teams calls a stream poor above 10 %.",
            panels.SHARE,
            classes.above(0.01, 0.1),
        ),
        _slowest(
            metrics.CX_MEDIA_JITTER,
            "Jitter",
            "Interarrival jitter in the worst twentieth of legs; Microsoft Teams calls a stream "
            "poor above 30 ms, and Twilio and Telnyx warn.",
            panels.SECONDS,
            classes.above(0.03),
        ),
        _slowest(
            metrics.CX_MEDIA_ROUND_TRIP,
            "Round trip",
            "Round-trip time in the worst twentieth of legs; Twilio and Telnyx warn above 400 ms, "
            "Microsoft Teams calls a stream poor above 500 ms.",
            panels.SECONDS,
            classes.above(0.4, 0.5),
        ),
        _slowest(
            metrics.CX_MEDIA_BURST_RATIO,
            "Bursts of loss",
            "How much longer losses ran than by chance, which is 1: the higher, the worse the "
            "same loss sounds.",
            panels.POINTS,
            classes.none(),
        ),
    ]


def _ends() -> list[Builder[Panel]]:
    return [
        _slowest(
            metrics.CX_MEDIA_CONCEALMENT,
            "Made-up sound",
            "Share of the sound that the receiver made up, in the worst twentieth of legs; above "
            "5 % Cisco calls a second severely concealed, above 7 % Microsoft Teams calls it poor.",
            panels.SHARE,
            classes.above(0.05, 0.07),
            width=8,
        ),
        _slowest(
            metrics.CX_MEDIA_DISCARD,
            "Late packets",
            "Share of packets that came too late or too early to be played, in the worst "
            "twentieth of legs: the jitter buffer is too short for them.",
            panels.SHARE,
            classes.none(),
            width=8,
        ),
        _slowest(
            metrics.CX_MEDIA_MOUTH_TO_EAR,
            "Mouth to ear",
            "Delay one way from mouth to ear in the worst twentieth of legs; up to 150 ms most "
            "conversations are unaffected, and 400 ms is the limit of ITU-T G.114.",
            panels.SECONDS,
            classes.above(0.15, 0.4),
            width=8,
        ),
    ]


def _slowest(
    metric: str,
    title: str,
    description: str,
    unit: str,
    limits: Sequence[Threshold],
    *,
    width: int = 6,
) -> Builder[Panel]:
    about = About(title, description, unit, _NO_LEG, limits, width=width)
    return panels.lines(about, {_LEGEND: _Q.quantile(0.95, metric, *_LEG, window=RATE)})


def _warnings() -> Builder[Panel]:
    about = About(
        "Warnings",
        "How often each problem was warned of, by leg and system.",
        panels.NUMBER,
        "no warning was raised, or no leg was followed live",
        width=8,
        decimals=0,
    )
    by = (semconv.CX_MEDIA_WARNING_NAME, semconv.CX_MEDIA_LEG_NAME, semconv.CX_SYSTEM)
    # Warnings do not say the codec: they are of the leg.
    raised = _Q.count(metrics.CX_MEDIA_WARNING_COUNT, *by, window=RANGE)
    legend = "{{cx_media_warning_name}}, {{cx_media_leg_name}} leg, {{cx_system}}"
    return panels.bars(about, {legend: raised})


def _hurt() -> Builder[Panel]:
    about = About(
        "Journeys that lost points to their sound",
        "Some of the segments that lost at least 10 points in media, and why; click the journey's "
        "id for all that happened in it.",
        panels.NUMBER,
        "none lost so much, or Tempo does not have it",
        width=16,
    )
    return traces.spans(
        about,
        f"{{ span.{semconv.CX_EXPERIENCE_LOST_MEDIA} >= 10 }}",
        semconv.CX_JOURNEY_ID,
        semconv.CX_EXPERIENCE_LOST_MEDIA,
        semconv.CX_EXPERIENCE_SCORE,
        semconv.CX_EXPERIENCE_REASONS,
    )
