"""What is shipped for operators: every file, and what alerts say."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
import yaml

from cxotel import semconv
from cxotel.operations import Goals, Journey, alerts, files, load
from cxotel.operations.rules import Alert
from cxotel.operations.shipped import ALERTS, OPENSLO, RECORDINGS, SLOTH

EVERY_ALERT = [
    rule for group in alerts.groups(load(), 1.0) for rule in group.rules if isinstance(rule, Alert)
]
KEYS = {getattr(semconv, name) for name in semconv.__all__ if name.startswith(("CX_", "EVENT_"))}


def recorded(goals: Goals, scale: float = 1.0) -> dict[str, str]:
    """Return the expression of each recorded series, by name and objective."""
    document = yaml.safe_load(files(goals, scale)[RECORDINGS])
    return {
        f"{rule['record']} {rule.get('labels', {}).get('cx_slo', '')}".strip(): rule["expr"]
        for group in document["groups"]
        for rule in group["rules"]
    }


@pytest.mark.parametrize("alert", EVERY_ALERT, ids=lambda alert: alert.name)
def test_every_alert_tells_what_to_do(alert: Alert) -> None:
    """What it means, who owns it, what to look at first, and the queries that show the journeys."""
    told = alert.annotations
    assert all(str(value).strip() for value in told.document.values())
    assert alert.lasting != "0s"
    assert alert.keeps
    assert alert.severity in {"page", "ticket"}
    assert re.fullmatch(r"\{ .+ \}( \| .+)?", told.traceql)
    assert json.loads(told.jaeger_tags)
    named = set(re.findall(r"\bcx\.[a-z_.]+[a-z]", told.traceql + told.jaeger_tags))
    assert named <= KEYS


def test_owners_of_systems_come_before_owners_of_layers() -> None:
    """As in a service's settings; without an owner, the layer is named."""
    goals = replace(load(), owners={"connectivity": "voice", "twilio": "telephony"})
    owners = {
        rule.name: rule.annotations.owner
        for group in alerts.groups(goals, 1.0)
        for rule in group.rules
        if isinstance(rule, Alert)
    }
    assert owners["CxMediaPoor"] == (
        '{{ if eq $labels.cx_system "twilio" }}telephony{{ else }}voice{{ end }}'
    )
    assert owners["CxBotLoops"].endswith("{{ else }}whoever owns the layer ai{{ end }}")


def test_only_what_hurts_customers_now_wakes_somebody() -> None:
    """Two alerts page; the others wait for office hours."""
    pages = [alert.name for alert in EVERY_ALERT if alert.severity == "page"]
    assert pages == ["CxJourneyBudgetBurnsFast", "CxCustomersHurt"]


def test_windows_become_shorter_for_a_trial() -> None:
    """The same rules, sixty times as fast."""
    slow, fast = recorded(load()), recorded(load(), 1 / 60)
    name = "cx_slo:errors:ratio_rate1h refund-outcome"
    assert fast[name] == slow[name].replace("[1h]", "[60s]")
    assert slow.keys() == fast.keys()


def test_objectives_are_computed_from_the_file() -> None:
    """99.9 % leaves a budget of exactly one in a thousand, whatever floats make of it."""
    goals = Goals((Journey("order status", outcome=99.9, failing=("unresolved",)),))
    found = recorded(goals)
    assert found["cx_slo:budget:ratio order status-outcome"] == "vector(0.001)"
    bad = 'cx_journey_name="order status",cx_journey_outcome=~"unresolved"'
    assert bad in found["cx_slo:errors:ratio_rate5m order status-outcome"]


@pytest.mark.parametrize(
    ("bound", "classes"),
    [
        (50, "not_recommended"),
        (60, "nearly_all_dissatisfied|not_recommended"),
        (
            90,
            "satisfied|some_dissatisfied|many_dissatisfied|nearly_all_dissatisfied|not_recommended",
        ),
    ],
)
def test_a_score_is_bad_by_its_class(bound: int, classes: str) -> None:
    """Classes begin where the bounds are, so that a score of exactly 60 is a good one."""
    goals = Goals((Journey("refund", score=90.0, score_at_least=bound),))
    found = recorded(goals)["cx_slo:errors:ratio_rate5m refund-score"]
    assert f'cx_experience_class=~"{classes}"' in found


def test_sloth_and_openslo_get_the_same_objectives() -> None:
    """Three formats, one promise."""
    written = files(load())
    sloth: Any = yaml.safe_load(written[SLOTH])
    openslo: list[Any] = list(yaml.safe_load_all(written[OPENSLO]))
    assert (sloth["version"], sloth["service"]) == ("prometheus/v1", "customer-journeys")
    assert [slo["name"] for slo in sloth["slos"]] == [slo["metadata"]["name"] for slo in openslo]
    for one, other in zip(sloth["slos"], openslo, strict=True):
        target = other["spec"]["objectives"][0]["target"]
        assert one["objective"] / 100 == pytest.approx(target)
        ratio = other["spec"]["indicator"]["spec"]["ratioMetric"]
        total = ratio["total"]["metricSource"]["spec"]["query"]
        queries = one["sli"]["events"]
        assert queries["total_query"] == f"sum(rate({total[4:-1]}[{{{{.window}}}}]))"
        assert "[{{.window}}]" in queries["error_query"]


def test_every_name_in_alerts_is_recorded() -> None:
    """No alert waits for a series that nobody records."""
    wanted = set(re.findall(r"\bcx_\w+:\w+:\w+", files(load())[ALERTS]))
    assert wanted <= {name.partition(" ")[0] for name in recorded(load())}
    assert len(wanted) > 15
