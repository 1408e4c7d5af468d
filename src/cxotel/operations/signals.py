"""What is recorded beside objectives: the shares and counts that alerts and dashboards read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from opentelemetry.sdk.resources import CLOUD_REGION

from cxotel import semconv
from cxotel.operations.goals import BELOW
from cxotel.operations.names import label, select, series
from cxotel.operations.rules import Group, Recording
from cxotel.operations.windows import scaled, seconds
from cxotel.semconv import (
    CxBotTurnResultValues,
    CxHandoffKindValues,
    CxImpairmentDimensionValues,
    CxJourneyOutcomeValues,
    CxLayerValues,
    CxMediaModelValues,
    metrics,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.operations.goals import Goals

COMPLETED: Final = "cx_journey:completed:increase"
ESCALATED: Final = "cx_journey:escalated:ratio"
CONTAINED: Final = "cx_journey:contained:ratio"
LONGEST: Final = "cx_journey:longest:seconds"
TURNS: Final = "cx_bot:turns:increase1h"
NOT_UNDERSTOOD: Final = "cx_bot:not_understood:ratio1h"
EFFORT: Final = "cx_bot:effort:points_per_turn1h"
LEGS: Final = "cx_media:legs:increase1h"
POOR: Final = "cx_media:poor:ratio1h"
CALLS: Final = "cx_vendor:calls:increase15m"
THROTTLED: Final = "cx_vendor:throttled:ratio15m"
IMPACT: Final = "cx_experience:impact:minutes15m"
HURT: Final = "cx_experience:hurt:increase15m"

NAME: Final = label(semconv.CX_JOURNEY_NAME)
SYSTEM: Final = label(semconv.CX_SYSTEM)
LAYER: Final = label(semconv.CX_LAYER)
LEG: Final = label(semconv.CX_MEDIA_LEG_NAME)
REGION: Final = label(CLOUD_REGION)
"""Where the measuring service runs: on its resource, which the Collector makes labels of."""

_POOR_R: Final = {
    CxMediaModelValues.G107.value: r"60(\\.0)?",
    CxMediaModelValues.G107_1.value: r"77\\.4",
    CxMediaModelValues.G107_2.value: r"88\\.8",
}
"""Model to the bucket of ratings with which nearly all are dissatisfied, as a regular expression.

Prometheus writes `60` for a bucket that came by OTLP and `60.0` for one that it scraped.

Source: ITU-T G.107, table B.1: R = 60; times 1.29 on the scale of G.107.1, 1.48 on G.107.2's.
"""
_POOR_MOS: Final = r"3\\.5"
"""The same of a vendor's own MOS. Source: Genesys Cloud, "Mean Opinion Score overview"."""


def recordings(goals: Goals, scale: float) -> Iterator[Group]:
    """Return what is recorded, in groups.

    Args:
        goals: What is wanted.
        scale: What windows are multiplied by.
    """
    hour, quarter = scaled("1h", scale), scaled("15m", scale)
    yield Group("cxotel journeys", (*_journeys("1h", f"[{hour}]"), *_longest(goals, scale)))
    # A week is long to read. What is five minutes old Prometheus does not see any more.
    week = f"[{scaled('1w', scale)}] offset {hour}"
    yield Group("cxotel journeys in a week", tuple(_journeys("1w", week)), scaled("2m", scale))
    yield Group("cxotel bots", tuple(_bots(hour)))
    yield Group("cxotel media", tuple(_media(hour)))
    yield Group("cxotel vendors", tuple(_vendors(quarter)))
    yield Group("cxotel impact", tuple(_impact(quarter)))


def _share(of: str, by: str, all_of: str) -> str:
    """Return a share: 0 where nothing was counted yet, and nothing where there was nothing."""
    return f"(sum by ({by}) (increase({of})) or 0 * {all_of})\n  / ({all_of} > 0)"


def _journeys(name: str, window: str) -> Iterator[Recording]:
    completed = series(metrics.CX_JOURNEY_COMPLETED)
    handed = {semconv.CX_HANDOFF_KIND: CxHandoffKindValues.BOT_TO_HUMAN.value}
    contained = {semconv.CX_JOURNEY_OUTCOME: CxJourneyOutcomeValues.CONTAINED.value}
    counted = COMPLETED + name
    yield Recording(counted, f"sum by ({NAME}) (increase({completed}{window}))")
    escalations = select(series(metrics.CX_HANDOFF_COUNT), handed) + window
    yield Recording(ESCALATED + name, _share(escalations, NAME, counted))
    yield Recording(CONTAINED + name, _share(select(completed, contained) + window, NAME, counted))


def _longest(goals: Goals, scale: float) -> Iterator[Recording]:
    for journey in goals.journeys:
        if journey.longest is not None:
            most = f"vector({seconds(journey.longest) * scale:g})"
            yield Recording(LONGEST, most, {NAME: journey.name})


def _bots(hour: str) -> Iterator[Recording]:
    turns = series(metrics.CX_BOT_TURN_DURATION, "count")
    results = CxBotTurnResultValues
    missed = {
        semconv.CX_BOT_TURN_RESULT: (results.NO_MATCH.value, results.FALLBACK.value),
    }
    effort = {
        semconv.CX_IMPAIRMENT_DIMENSION: CxImpairmentDimensionValues.EFFORT.value,
        semconv.CX_LAYER: CxLayerValues.AI.value,
    }
    lost = select(series(metrics.CX_EXPERIENCE_LOST_POINTS), effort)
    yield Recording(TURNS, f"sum by ({SYSTEM}) (increase({turns}[{hour}]))")
    share = _share(f"{select(turns, among=missed)}[{hour}]", SYSTEM, TURNS)
    yield Recording(NOT_UNDERSTOOD, share)
    yield Recording(EFFORT, _share(f"{lost}[{hour}]", SYSTEM, TURNS))


def _media(hour: str) -> Iterator[Recording]:
    by = f"{REGION}, {LEG}, {SYSTEM}"
    rated = select(
        series(metrics.CX_MEDIA_R, "count"), among={semconv.CX_MEDIA_MODEL: tuple(_POOR_R)}
    )
    vendor = {semconv.CX_MEDIA_MODEL: CxMediaModelValues.VENDOR.value}
    told = select(series(metrics.CX_MEDIA_MOS, "count"), vendor)
    legs = f"sum by ({by}) (increase({rated}[{hour}]) or increase({told}[{hour}]))"
    yield Recording(LEGS, legs)
    poor = [_bucket(metrics.CX_MEDIA_R, model, edge, hour) for model, edge in _POOR_R.items()] + [
        _bucket(metrics.CX_MEDIA_MOS, CxMediaModelValues.VENDOR.value, _POOR_MOS, hour)
    ]
    yield Recording(POOR, f"sum by ({by}) (\n  {_either(poor)}\n)\n  / ({LEGS} > 0)")


def _either(expressions: list[str]) -> str:
    return "\n  or ".join(expressions)


def _bucket(metric: str, model: str, edge: str, window: str) -> str:
    terms = f'{label(semconv.CX_MEDIA_MODEL)}="{model}",le=~"{edge}"'
    return f"increase({series(metric, 'bucket')}{{{terms}}}[{window}])"


def _vendors(quarter: str) -> Iterator[Recording]:
    calls = series(metrics.CX_VENDOR_CALL_DURATION, "count")
    throttled = series(metrics.CX_VENDOR_THROTTLED)
    yield Recording(CALLS, f"sum by ({SYSTEM}) (increase({calls}[{quarter}]))")
    yield Recording(THROTTLED, _share(f"{throttled}[{quarter}]", SYSTEM, CALLS))


def _impact(quarter: str) -> Iterator[Recording]:
    spent = series(metrics.CX_EXPERIENCE_IMPACT_DURATION)
    scored = series(metrics.CX_EXPERIENCE_SEGMENT_SCORE, "count")
    hurt = select(scored, among={semconv.CX_EXPERIENCE_CLASS: BELOW[60]})
    yield Recording(IMPACT, f"sum by ({LAYER}, {SYSTEM}) (increase({spent}[{quarter}])) / 60")
    yield Recording(HURT, f"sum(increase({hurt}[{quarter}]))")
