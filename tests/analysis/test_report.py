"""Key figures, blame and dependencies of journeys that are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cxotel import semconv
from cxotel.analysis import analyze
from cxotel.experience.evidence import Call, Evidence, Media, Outcome, Queue, Where
from cxotel.experience.record import SegmentRecord
from tests.analysis.lines import carrier, line, write
from tests.experience.streams import observed

if TYPE_CHECKING:
    from pathlib import Path

    from cxotel.analysis import Figures, Report

CRM = Where("business_system", "salesforce", "find order")
START = 1_700_000_000_000
LEG = Media("leg", Where("connectivity", "carrier"), 91, "g107", 1_000)
USUAL = (Queue("q", wait=20_000), LEG)
OUTCOMES = ("resolved", "contained", "contained", "abandoned", "escalated")


def journey(number: int, outcome: str, *facts: Evidence) -> str:
    """Return the carrier of a journey that ends after two seconds."""
    told = (*USUAL, *facts, Outcome(outcome, START + 2_000))
    segment = SegmentRecord(0, (f"c{number}",), START, observed(told, channel="voice").ledger())
    return carrier(f"j{number}", f"s{number}", segment, duration=2_000)


def call(number: int, milliseconds: int, **more: object) -> str:
    """Return the span of a call to the CRM."""
    values = {
        semconv.CX_JOURNEY_ID: "j0",
        semconv.CX_SYSTEM: "salesforce",
        semconv.CX_LAYER: "business_system",
        semconv.CX_OPERATION_NAME: "query_order",
        "number": number,
        **more,
    }
    return line(values, start=START, duration=milliseconds, service="crm-bridge")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Return what is found in five journeys and a hundred calls, each of which came twice."""
    slow = Call("b", CRM, START - 20_000, START + 1_000, waiting=True, error="503", met=True)
    lines = [journey(n, outcome) for n, outcome in enumerate(OUTCOMES)]
    lines.append(journey(5, "unresolved", slow, Queue("long", wait=400_000)))
    lines += [call(n, n + 1) for n in range(90)]
    lines += [
        call(
            n,
            n + 1,
            **{
                semconv.ERROR_TYPE: "429",
                semconv.CX_CALL_THROTTLED: True,
                semconv.CX_EXPERIENCE_POINTS: 3,
            },
        )
        for n in range(90, 100)
    ]
    return analyze([write(tmp_path_factory.mktemp("report") / "j.jsonl", lines * 2)])


def whole(report: Report) -> Figures:
    """Return the figures of all journeys."""
    return report.figures[-1]


def test_shares_are_of_journeys_that_ended(report: Report) -> None:
    """Success, abandonment, escalation and containment, each of six journeys."""
    found = whole(report)

    assert (found.name, found.journeys, found.scored, found.ended) == (None, 6, 6, 6)
    assert (found.success, found.abandonment) == (3 / 6, 1 / 6)
    assert (found.escalation, found.containment) == (1 / 6, 2 / 6)


def test_the_time_to_resolution_ends_with_the_outcome(report: Report) -> None:
    """It is measured from the journey's first span, over those that ended well."""
    assert (whole(report).resolution_p50, whole(report).resolution_p95) == (2_000, 2_000)


def test_every_scored_journey_is_in_the_distribution(report: Report) -> None:
    """Classes and tens count the same journeys."""
    assert sum(whole(report).distribution.values()) == 6
    assert sum(whole(report).classes.values()) == 6


def test_the_worst_journey_comes_first(report: Report) -> None:
    """With what came of it, and whom it is blamed on."""
    worst = report.worst[0]

    assert (worst.id, worst.outcome, worst.name) == ("j5", "unresolved", "refund")
    assert worst.system == "salesforce"
    assert [each.score for each in report.worst] == sorted(each.score for each in report.worst)


def test_points_are_charged_to_systems(report: Report) -> None:
    """The CRM failed and was slow; what an outcome costs is nobody's."""
    losses = {each.system: each for each in report.losses}

    assert losses["salesforce"].dimensions.keys() == {"reliability", "responsiveness"}
    assert losses["salesforce"].points == pytest.approx(
        sum(losses["salesforce"].dimensions.values())
    )
    assert (losses["salesforce"].journeys, losses["salesforce"].blamed) == (1, 1)


def test_a_call_that_came_twice_is_one_call(report: Report) -> None:
    """Counts, shares and points are those of a hundred calls, percentiles close to theirs."""
    [crm] = report.dependencies

    assert (crm.service, crm.system, crm.calls, crm.errors) == ("crm-bridge", "salesforce", 100, 10)
    assert (crm.throttled, crm.error_share, crm.points, crm.journeys) == (10, 0.1, 30, 1)
    assert (crm.p50, crm.p95, crm.p99) == pytest.approx((50, 95, 99), abs=1)


def test_customers_minutes_are_those_of_poor_segments(tmp_path: Path) -> None:
    """Two minutes in a segment that scores below 60 count, in one that scores 60 they do not."""
    ledger = observed([]).ledger()
    values = {
        semconv.CX_EXPERIENCE_BLAME_LAYER: "identity",
        semconv.CX_EXPERIENCE_BLAME_SYSTEM: "okta",
        semconv.CX_EXPERIENCE_LEDGER: ledger.to_json().decode(),
    }
    lines = [
        line(
            {**values, semconv.CX_JOURNEY_ID: f"j{score}", semconv.CX_EXPERIENCE_SCORE: score},
            duration=120_000,
        )
        for score in (59, 60)
    ]

    [impact] = analyze([write(tmp_path / "poor.jsonl", lines)]).impact

    assert (impact.system, impact.minutes, impact.segments) == ("okta", 2.0, 1)


def test_little_memory_is_enough(tmp_path: Path) -> None:
    """What does not fit is kept on disk: the figures are the same."""
    path = write(tmp_path / "j.jsonl", [journey(n, "resolved") for n in range(500)])

    found = analyze([path, path], memory=512 * 1024**2)

    assert whole(found).journeys == 500
    assert found.spans == 1_000
