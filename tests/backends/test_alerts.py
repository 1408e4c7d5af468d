"""Each alert fires when it should, and is silent when it should be, as promtool computes it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cxotel.operations import Journey, load
from tests.backends.promtool import Firing, check, complaint, count

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.backends.conftest import Needs

SCALE = 0.05
"""What windows of days are multiplied by."""
DAY = 72
"""Minutes that a day takes then."""
WEEK = 7 * DAY
HOUR = 3

ENDED = 'cx_journey_completed_total{cx_journey_name="refund",cx_journey_outcome="%s"}'
GOOD, FAILED, CONTAINED = ENDED % "resolved", ENDED % "failed", ENDED % "contained"
HANDED = 'cx_handoff_count_total{cx_handoff_kind="bot_to_human",cx_journey_name="refund"}'
SCORED = 'cx_experience_segment_score_count{cx_journey_name="return",cx_experience_class="%s"}'
AGE = 'cx_journey_age_seconds{cx_journey_name="%s"}'
TURNS = 'cx_bot_turn_duration_seconds_count{cx_system="lex",cx_bot_turn_result="%s"}'
EFFORT = (
    'cx_experience_lost_points_total{cx_impairment_dimension="effort",cx_layer="ai",'
    'cx_system="lex"}'
)
MEDIA = (
    'cx_media_r_%s{cx_media_model="%s",cx_media_leg_name="agent",cx_system="twilio",'
    'cloud_region="%s"%s}'
)
CALLS = 'cx_vendor_call_duration_seconds_count{cx_system="salesforce",cx_layer="business_system"}'
THROTTLED = 'cx_vendor_throttled_total{cx_system="salesforce"}'
HURT = 'cx_experience_segment_score_count{cx_experience_class="not_recommended"}'
IMPACT = (
    'cx_experience_impact_duration_seconds_total{cx_layer="business_system",cx_system="salesforce"}'
)

REFUND = {"cx_journey_name": "refund"}
FAST = Firing("CxJourneyBudgetBurnsFast", "page", {**REFUND, "cx_slo": "refund-outcome"})
SLOW = Firing("CxJourneyBudgetBurns", "ticket", {**REFUND, "cx_slo": "refund-outcome"})
POOR_RETURNS = {"cx_slo": "return-score", "cx_journey_name": "return"}
ESCALATION = Firing("CxEscalationRises", "ticket", REFUND)
CONTAINMENT = Firing("CxContainmentFalls", "ticket", REFUND)
QUIET = Firing("CxJourneysQuiet", "ticket", REFUND)
MISSED = Firing("CxBotDoesNotUnderstand", "ticket", {"cx_system": "lex"})
LOOPS = Firing("CxBotLoops", "ticket", {"cx_system": "lex"})
THROTTLES = Firing("CxVendorThrottles", "ticket", {"cx_system": "salesforce"})
SUFFERING = Firing(
    "CxCustomersHurt", "page", {"cx_layer": "business_system", "cx_system": "salesforce"}
)


def stuck(name: str) -> Firing:
    """Return the alert of a journey that is open for too long."""
    return Firing("CxJourneysStuck", "ticket", {"cx_journey_name": name})


def poor(region: str) -> Firing:
    """Return the alert of bad legs in a region."""
    labels = {"cx_system": "twilio", "cloud_region": region}
    return Firing("CxMediaPoor", "ticket", labels)


def legs(region: str, poor: float, good: float, model: str, edge: str) -> dict[str, str]:
    """Return the series of legs: how many a minute are below and above an edge."""
    return {
        MEDIA % ("bucket", model, region, f',le="{edge}"'): count((poor, 60)),
        MEDIA % ("count", model, region, ""): count((poor + good, 60)),
    }


Series = dict[str, str]
Expected = dict[str, list[Firing]]

MINUTES: dict[str, tuple[Series, Expected]] = {
    "a journey that fails completely pages within 12 minutes, after six hours without fault": (
        {GOOD: count((10, 360), (0, 20)), FAILED: count((0, 360), (10, 20))},
        {"360m": [], "370m": [], "372m": [FAST]},
    ),
    "a failure that is over pages nobody any more": (
        {GOOD: count((10, 60), (0, 12), (10, 50)), FAILED: count((0, 60), (10, 12), (0, 50))},
        {"74m": [FAST], "112m": [SLOW]},
    ),
    "one of a hundred that fails is what was promised": (
        {GOOD: count((99, 120)), FAILED: count((1, 120))},
        {"60m": [], "120m": []},
    ),
    "five journeys that all fail are too few to say anything": (
        {GOOD: count((0, 60)), FAILED: count((0.1, 50), (0, 10))},
        {"30m": [], "60m": []},
    ),
    "scores below 60 burn the budget of the score": (
        {SCORED % "very_satisfied": count((1, 60)), SCORED % "not_recommended": count((9, 60))},
        {"10m": [Firing("CxJourneyBudgetBurnsFast", "page", POOR_RETURNS)]},
    ),
    "scores from 60 on are what was promised": (
        {SCORED % "many_dissatisfied": count((10, 60))},
        {"60m": []},
    ),
    "a journey open for longer than its own limit, or than the usual one, is stuck": (
        {AGE % "refund": "1900x20", AGE % "return": "1900x20", AGE % "callback": "4000x20"},
        {"3m": [], "20m": [stuck("refund"), stuck("callback")]},
    ),
    "a bot that does not understand 40 % of the turns": (
        {TURNS % "matched": count((6, 60)), TURNS % "no_match": count((4, 60))},
        {"60m": [MISSED]},
    ),
    "a bot that answers 40 % of the turns with its stopgap": (
        {TURNS % "matched": count((6, 60)), TURNS % "fallback": count((4, 60))},
        {"60m": [MISSED]},
    ),
    "a bot that does not understand 20 % of the turns": (
        {TURNS % "matched": count((8, 60)), TURNS % "no_match": count((2, 60))},
        {"60m": []},
    ),
    "a bot that hardly anybody talks to": (
        {
            TURNS % "matched": count((0.1, 60)),
            TURNS % "no_match": count((0.2, 60)),
            EFFORT: count((2, 60)),
        },
        {"60m": []},
    ),
    "a bot that goes round in circles": (
        {TURNS % "matched": count((10, 60)), EFFORT: count((30, 60))},
        {"60m": [LOOPS]},
    ),
    "a bot that asks again now and then": (
        {TURNS % "matched": count((10, 60)), EFFORT: count((10, 60))},
        {"60m": []},
    ),
    "legs are bad in one region, and the other is not called": (
        legs("eu-west-1", 3, 7, "g107", "60") | legs("us-east-1", 1, 9, "g107", "60"),
        {"5m": [], "60m": [poor("eu-west-1")]},
    ),
    "a bucket's edge is written otherwise where it was scraped": (
        legs("eu-west-1", 3, 7, "g107", "60.0"),
        {"60m": [poor("eu-west-1")]},
    ),
    "a wideband leg is judged on its own scale": (
        legs("eu-west-1", 3, 7, "g107.1", "77.4") | legs("us-east-1", 3, 7, "g107.1", "60"),
        {"60m": [poor("eu-west-1")]},
    ),
    "ten legs are too few": (legs("eu-west-1", 0.15, 0, "g107", "60"), {"60m": []}),
    "a vendor throttles 10 % of the calls": (
        {CALLS: count((20, 60)), THROTTLED: count((2, 60))},
        {"3m": [], "60m": [THROTTLES]},
    ),
    "a vendor throttles 1 % of the calls": (
        {CALLS: count((100, 60)), THROTTLED: count((1, 60))},
        {"60m": []},
    ),
    "a vendor throttles one of the few calls": (
        {CALLS: count((1, 60)), THROTTLED: count((0.5, 60))},
        {"60m": []},
    ),
    "customers spend hours in journeys that one system hurts": (
        {HURT: count((4, 60)), IMPACT: count((600, 60))},
        {"3m": [], "30m": [SUFFERING]},
    ),
    "one customer on the line for two hours is one customer": (
        {HURT: count((0.1, 60)), IMPACT: count((600, 60))},
        {"30m": []},
    ),
    "many customers who are hurt for a moment": (
        {HURT: count((4, 60)), IMPACT: count((60, 60))},
        {"30m": []},
    ),
}

DAYS: dict[str, tuple[Series, Expected]] = {
    "four of a hundred fail all day: a ticket, and nobody is woken": (
        {GOOD: count((96, DAY)), FAILED: count((4, DAY))},
        {f"{DAY}m": [SLOW]},
    ),
    "two of a hundred fail for three days: a ticket": (
        {GOOD: count((98, 3 * DAY)), FAILED: count((2, 3 * DAY))},
        {f"{3 * DAY}m": [SLOW]},
    ),
    "a tenth failed for half a day, and for eight hours none did": (
        {
            GOOD: count((10, 3 * DAY), (9, DAY // 2), (10, DAY // 3)),
            FAILED: count((0, 3 * DAY), (1, DAY // 2), (0, DAY // 3)),
        },
        {f"{3 * DAY + DAY // 2 + DAY // 3}m": []},
    ),
    "far more journeys than usual go to humans": (
        {
            GOOD: count((10, WEEK + 2 * HOUR)),
            HANDED: count((2, WEEK), (6, 2 * HOUR)),
        },
        {f"{WEEK}m": [], f"{WEEK + 2 * HOUR}m": [ESCALATION]},
    ),
    "many journeys go to humans, as always": (
        {GOOD: count((10, WEEK + HOUR)), HANDED: count((6, WEEK + HOUR))},
        {f"{WEEK + HOUR}m": []},
    ),
    "more of few journeys go to humans": (
        {GOOD: count((0.5, WEEK + 2 * HOUR)), HANDED: count((0.05, WEEK), (0.5, 2 * HOUR))},
        {f"{WEEK + 2 * HOUR}m": []},
    ),
    "three of a hundred go to humans, where it was one": (
        {GOOD: count((100, WEEK + 2 * HOUR)), HANDED: count((1, WEEK), (3, 2 * HOUR))},
        {f"{WEEK + 2 * HOUR}m": []},
    ),
    "a service that began three hours ago has no usual": (
        {
            CONTAINED: count((10, 2 * HOUR), (0, HOUR)),
            GOOD: count((0, 2 * HOUR), (10, HOUR)),
            HANDED: count((0, 2 * HOUR), (10, HOUR)),
        },
        {f"{3 * HOUR}m": []},
    ),
    "the bot contains 12 of a hundred, where it was 20": (
        {
            GOOD: count((80, WEEK), (88, 2 * HOUR)),
            CONTAINED: count((20, WEEK), (12, 2 * HOUR)),
        },
        {f"{WEEK + 2 * HOUR}m": []},
    ),
    "the bot contains fewer of few journeys": (
        {
            GOOD: count((0, WEEK), (0.5, 2 * HOUR)),
            CONTAINED: count((0.5, WEEK), (0, 2 * HOUR)),
        },
        {f"{WEEK + 2 * HOUR}m": []},
    ),
    "the bot contains far fewer journeys than usual": (
        {
            GOOD: count((4, WEEK), (8, 2 * HOUR)),
            CONTAINED: count((6, WEEK), (2, 2 * HOUR)),
        },
        {f"{WEEK}m": [], f"{WEEK + 2 * HOUR}m": [CONTAINMENT]},
    ),
    "the bot contains few journeys, as always": (
        {GOOD: count((8, WEEK + HOUR)), CONTAINED: count((2, WEEK + HOUR))},
        {f"{WEEK + HOUR}m": []},
    ),
    "no journeys, and no telemetry, where there were many a week ago": (
        {GOOD: count((10, WEEK - HOUR))},
        {f"{WEEK - HOUR}m": [], f"{WEEK + 3 * HOUR}m": [QUIET]},
    ),
}


def test_prometheus_takes_the_rules(needs: Needs, tmp_path: Path) -> None:
    """promtool finds nothing wrong, and counts 11 alerts."""
    said = check(needs("promtool"), tmp_path, load())
    assert "SUCCESS: 11 rules found" in said


@pytest.mark.parametrize("case", MINUTES)
def test_what_fires_within_hours(case: str, needs: Needs, tmp_path: Path) -> None:
    """At each moment exactly the expected alerts fire, of all that there are."""
    series, expected = MINUTES[case]
    assert complaint(needs("promtool"), tmp_path, load(), series, expected) == ""


@pytest.mark.parametrize("case", DAYS)
def test_what_fires_after_days(case: str, needs: Needs, tmp_path: Path) -> None:
    """The same of what compares with the days and the week before."""
    series, expected = DAYS[case]
    # One objective: promtool computes every rule for every minute of a week.
    goals = replace(load(), journeys=(Journey("refund", outcome=99.0),))
    assert complaint(needs("promtool"), tmp_path, goals, series, expected, scale=SCALE) == ""


def test_every_alert_is_seen_firing_and_silent() -> None:
    """No alert is without a case in which it fires, and one in which it does not."""
    from cxotel.operations import alerts

    named = {rule.name for group in alerts.groups(load(), 1.0) for rule in group.rules}
    cases: list[Mapping[str, list[Firing]]] = [
        expected for _, expected in (MINUTES | DAYS).values()
    ]
    seen = {each.alert for case in cases for firing in case.values() for each in firing}
    assert seen == named
    assert sum(firing == [] for case in cases for firing in case.values()) >= len(named)
