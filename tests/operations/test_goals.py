"""A file of journeys: what it says, and what is said where it cannot be used."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest

from cxotel.operations import Goals, GoalsError, Journey, Thresholds, load
from cxotel.operations.reading import DEFAULT, from_mapping

if TYPE_CHECKING:
    from pathlib import Path

ONE: dict[str, Any] = {"outcome": 99.0}


def test_the_file_that_comes_with_cxotel_holds_three_journeys() -> None:
    """Whoever runs the command without a file gets rules of the demo's journeys."""
    goals = load()
    assert [journey.name for journey in goals.journeys] == ["refund", "return", "callback"]
    assert goals.journeys[0] == Journey(
        "refund", "returns team", outcome=99.0, score=95.0, longest="30m"
    )
    assert (goals.window, goals.thresholds) == ("30d", Thresholds())


def test_what_is_commented_out_are_the_defaults() -> None:
    """The file explains every threshold, with the value that holds without it."""
    text = DEFAULT.read_text("utf-8")
    told = dict(re.findall(r'^# (\w+) = "?([\w.]+)"?  +# ', text, re.MULTILINE))
    assert told == {
        field.name: str(getattr(Thresholds(), field.name)) for field in fields(Thresholds)
    }


def test_everything_can_be_set(tmp_path: Path) -> None:
    """What is in the file is what the rules are made of."""
    path = tmp_path / "mine.toml"
    path.write_text(
        'window = "28d"\nservice = "care"\n[journeys."order status"]\nowner = "orders"\n'
        'failing = ["unresolved"]\noutcome = 90\nscore_at_least = 70\nscore = 80.5\n'
        '[owners]\nai = "bots"\n[alerts]\nminimum = 5\nimpact = 10\n',
        "utf-8",
    )
    journey = Journey("order status", "orders", 90.0, ("unresolved",), 80.5, 70)
    thresholds = Thresholds(minimum=5, impact=10.0)
    assert load(path) == Goals((journey,), {"ai": "bots"}, "28d", "care", thresholds)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({}, "journeys must hold 1 to 20 tables, not 0"),
        ({"journeys": []}, "journeys must be a table, not []"),
        ({"journey": {}}, "unknown key journey; did you mean journeys?"),
        ({"journeys": {"refund": {}}}, "journeys.refund must set outcome, score, or both"),
        ({"journeys": {"refund": 99}}, "journeys.refund must be a table, not 99"),
        (
            {"journeys": {"refund": {"outcome": 100}}},
            "journeys.refund.outcome must be a percentage between 0 and 100, not 100",
        ),
        (
            {"journeys": {"refund": {"outcome": "99"}}},
            'journeys.refund.outcome must be a percentage between 0 and 100, not "99"',
        ),
        (
            {"journeys": {"refund": {"outcome": True}}},
            "journeys.refund.outcome must be a percentage between 0 and 100, not True",
        ),
        (
            {"journeys": {"refund": {"score": 90, "score_at_least": 65}}},
            "journeys.refund.score_at_least must be 50, 60, 70, 80 or 90, not 65",
        ),
        (
            {"journeys": {"refund": {**ONE, "objective": 99}}},
            "unknown key journeys.refund.objective; known are owner, outcome, failing, score, sc",
        ),
        (
            {"journeys": {"refund": {**ONE, "failing": ["dropped"]}}},
            "journeys.refund.failing must be a list of resolved, contained, escalated, abandoned,",
        ),
        (
            {"journeys": {"refund": {**ONE, "longest": "half an hour"}}},
            'journeys.refund.longest must be a length of time such as "30m", "1h" or "30d", not "h',
        ),
        (
            {"journeys": {"refund": ONE}, "owners": {"ai": ""}},
            'owners.ai must be a text without line breaks and {{, not ""',
        ),
        (
            {"journeys": {"refund": ONE}, "owners": {"ai": "{{ evil }}"}},
            'owners.ai must be a text without line breaks and {{, not "{{ evil }}"',
        ),
        (
            {"journeys": {"refund": ONE}, "alerts": {"minimun": 3}},
            "unknown key alerts.minimun; did you mean minimum?",
        ),
        (
            {"journeys": {"refund": ONE}, "alerts": {"throttled": 5}},
            "alerts.throttled must be a share between 0 and 1, not 5",
        ),
        ({"journeys": {"{{ evil }}": ONE}}, None),
        ({"journeys": {"": ONE}}, None),
    ],
)
def test_what_does_not_fit_is_named(document: dict[str, Any], message: str | None) -> None:
    """The error says which file, which key, and what is expected."""
    with pytest.raises(GoalsError) as raised:
        from_mapping(document, "mine.toml")
    expected = message or 'journeys: a name must be a text without line breaks and {{, not "'
    assert str(raised.value).startswith(f"mine.toml: {expected}")


def test_a_file_that_is_no_toml_or_not_there_is_named(tmp_path: Path) -> None:
    """Neither ends in a traceback."""
    path = tmp_path / "mine.toml"
    with pytest.raises(GoalsError, match=r"mine\.toml: cannot be read: No such file"):
        load(path)
    path.write_text("journeys = [", "utf-8")
    with pytest.raises(GoalsError, match=r"mine\.toml: is not TOML: "):
        load(path)
