"""The rules as configuration: what is possible, what is refused, and what it is called."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxotel.experience.arithmetic import share
from cxotel.experience.rules import DEFAULT, Rules

if TYPE_CHECKING:
    from collections.abc import Iterator


def curves(rules: Any = DEFAULT, path: str = "") -> Iterator[tuple[str, Any]]:
    """Return every part of the rules with its path."""
    for each in fields(rules):
        value = getattr(rules, each.name)
        if is_dataclass(value):
            yield f"{path}{each.name}", value
            yield from curves(value, f"{path}{each.name}.")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"speed": 1}, "speed: unknown, expected one of reach, responsiveness, reliability"),
        ({"reach": {"queue": {"point": 1}}}, "reach.queue.point: unknown, expected one of free"),
        ({"reach": 30}, "reach: expected a table, got 30"),
        ({"reach": {"cap": "30"}}, "reach.cap: expected a number from 0 to 93.2, got '30'"),
        ({"reach": {"cap": 93.3}}, "reach.cap: expected a number from 0 to 93.2, got 93.3"),
        ({"reach": {"cap": True}}, "reach.cap: expected a number from 0 to 93.2, got True"),
        ({"reach": {"cap": float("nan")}}, "reach.cap: expected a number from 0 to 93.2, got nan"),
        ({"reach": {"queue": {"unit": 0}}}, "reach.queue.unit: expected a number above 0"),
        ({"effort": {"reprompt": {"loop": 2.5}}}, "loop: expected a whole number from 0"),
        ({"coverage": {"lost": 1.5}}, "coverage.lost: expected a number from 0 to 1, got 1.5"),
    ],
)
def test_a_wrong_value_is_named_with_what_was_expected(
    values: dict[str, object], message: str
) -> None:
    """Whoever mistypes a setting reads which one, and what it should be."""
    with pytest.raises(ValueError, match=re.escape(message)):
        Rules.from_mapping(values)


def test_rules_made_in_code_are_checked_too() -> None:
    """An impossible number is refused wherever it comes from."""
    with pytest.raises(ValueError, match="blame_from"):
        replace(DEFAULT, blame_from=-1.0)


def test_no_changes_are_the_default() -> None:
    """Writing a default out does not make another method of it."""
    same = Rules.from_mapping({"reach": {"queue": {"free": 30, "points": 4}}})

    assert same == DEFAULT
    assert same.algorithm == Rules.from_mapping({}).algorithm == "cxotel/1"


def test_changed_rules_have_a_name_of_their_own() -> None:
    """A score says by which rules it was made."""
    one = Rules.from_mapping({"effort": {"cap": 40}})
    two = Rules.from_mapping({"effort": {"cap": 41}})

    assert re.fullmatch(r"cxotel/1\+[0-9a-f]{8}", one.algorithm)
    assert len({DEFAULT.fingerprint, one.fingerprint, two.fingerprint}) == 3
    assert one.fingerprint == Rules.from_mapping({"effort": {"cap": 40.0}}).fingerprint


def test_the_default_rules_have_not_changed_unnoticed() -> None:
    """Ledgers written by one release are read by the next: a change here is a new algorithm."""
    assert DEFAULT.fingerprint == "db3ad271"


@pytest.mark.parametrize(
    ("path", "rule"),
    [(path, rule) for path, rule in curves() if path.count(".") == 1],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_rule_tells_its_curve_its_source_and_how_far_to_trust_it(
    path: str, rule: Any
) -> None:
    """Whoever disputes a number finds where it comes from beside the code that uses it."""
    text = type(rule).__doc__ or ""

    for heading in ("Curve:", "Kept:", "Source:", "Grade:"):
        assert re.search(rf"^ *{heading} \S", text, re.MULTILINE), f"{path} lacks {heading}"


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.integers(0, 10**6))
def test_curves_never_fall(one: int, two: int, announced: int) -> None:
    """Longer is never cheaper."""
    low, high = sorted((one, two))
    reach, responsiveness, effort = DEFAULT.reach, DEFAULT.responsiveness, DEFAULT.effort

    assert reach.queue.price(low) <= reach.queue.price(high)
    assert reach.queue.price(low, announced) <= reach.queue.price(high, announced)
    assert reach.queue.price(low, announced) <= reach.queue.price(low)
    assert reach.post_dial_delay.price(low) <= reach.post_dial_delay.price(high) <= 12_000
    assert responsiveness.voice_turn.price(low) <= responsiveness.voice_turn.price(high) <= 30_000
    assert responsiveness.text_turn.price(low) <= responsiveness.text_turn.price(high) <= 15_000
    assert responsiveness.wait.price(low) <= responsiveness.wait.price(high) <= 10_000
    assert effort.hold.price(low) <= effort.hold.price(high) <= 15_000


@pytest.mark.parametrize(
    ("price", "value", "points"),
    [
        (DEFAULT.reach.queue.price, 30_000, 0),
        (DEFAULT.reach.queue.price, 180_000, 7_229),
        (DEFAULT.reach.queue.price, 480_000, 12_350),
        (DEFAULT.reach.post_dial_delay.price, 11_000, 5_247),
        (DEFAULT.reach.post_dial_delay.price, 20_000, 10_422),
        (DEFAULT.responsiveness.voice_turn.price, 1_500, 5_850),
        (DEFAULT.responsiveness.voice_turn.price, 2_000, 10_000),
        (DEFAULT.responsiveness.voice_turn.price, 4_000, 20_000),
        (DEFAULT.responsiveness.voice_turn.price, 60_000, 30_000),
        (DEFAULT.responsiveness.text_turn.price, 80_000, 15_000),
        (DEFAULT.responsiveness.wait.price, 4_000, 3_000),
        (DEFAULT.responsiveness.wait.price, 8_000, 6_000),
        (DEFAULT.effort.hold.price, 60_000, 6_000),
        (DEFAULT.effort.hold.price, 1_000, 6_000),
        (DEFAULT.effort.repeat.price, 3, 19_000),
    ],
)
def test_curves_pass_through_their_anchors(price: Any, value: int, points: int) -> None:
    """The values that the sources and their appraisal name come out."""
    assert price(value) == points


def test_a_filler_helps_if_it_starts_in_time() -> None:
    """Saying "one moment" within a second halves the price of the wait."""
    turn = DEFAULT.responsiveness.voice_turn

    assert turn.price(4_000, 1_000) == 10_000
    assert turn.price(4_000, 1_001) == 20_000


@given(st.integers(0, 10**6), st.lists(st.integers(0, 10**6), min_size=1))
def test_shares_add_up_to_the_whole(total: int, weights: list[int]) -> None:
    """Nothing is lost or made by splitting."""
    shares = share(total, weights)

    assert sum(shares) == total
    assert all(part >= 0 for part in shares)
    if sum(weights):
        for part, weight in zip(shares, weights, strict=True):
            assert abs(part - total * weight / sum(weights)) < 1
