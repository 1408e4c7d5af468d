"""What holds of every score, whatever happened."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxotel.experience.evidence import (
    Call,
    Contact,
    Declared,
    Evidence,
    Handoff,
    Media,
    Outcome,
    Queue,
    Turn,
    Where,
)
from cxotel.experience.rules import DEFAULT
from cxotel.experience.score import class_of, score
from tests.experience.streams import (
    CHANNELS,
    KINDS,
    STEPS,
    WINDOW,
    calls,
    handoffs,
    observed,
    others,
    remaining,
    streams,
)

if TYPE_CHECKING:
    from random import Random

    from cxotel.experience.ledger import Ledger


@given(streams(), CHANNELS, st.randoms(use_true_random=False))
def test_order_of_arrival_makes_no_difference(
    stream: list[Evidence], channel: str | None, random: Random
) -> None:
    """Spans end in any order, and late reports come when they come: the ledger is the same."""
    shuffled = random.sample(stream, len(stream))

    assert (
        observed(shuffled, channel=channel).ledger() == observed(stream, channel=channel).ledger()
    )


@given(streams(), CHANNELS, st.randoms(use_true_random=False))
def test_the_score_at_hand_is_the_ledgers(
    stream: list[Evidence], channel: str | None, random: Random
) -> None:
    """What is written on a live carrier is what its exact ledger says."""
    segment = observed(stream, channel=channel)

    assert segment.score() == score(segment.ledger())


@given(streams(), st.randoms(use_true_random=False))
def test_delivered_twice_is_counted_once(stream: list[Evidence], random: Random) -> None:
    """At-least-once delivery changes nothing, and reports nothing the second time."""
    segment = observed(stream)
    ledger, version = segment.ledger(), segment.version

    for fact in random.sample(stream, len(stream)):
        assert segment.observe(fact) == ()
    assert segment.ledger() == ledger
    assert segment.version == version


@given(streams(), streams(), st.randoms(use_true_random=False))
def test_of_two_reports_of_a_fact_the_order_makes_no_difference(
    one: list[Evidence], two: list[Evidence], random: Random
) -> None:
    """Two sources tell different things of the same facts: whoever comes first does not win."""
    both = [*one, *two]

    assert observed(random.sample(both, len(both))).ledger() == observed(both).ledger()


NO_SWITCH = tuple(kind for kind in KINDS if kind != "channel_switch")


def step_of(fact: Evidence) -> int:
    """Return the step that a fact belongs to; outcomes have one of their own."""
    if isinstance(fact, Outcome):
        return len(STEPS)
    at = getattr(fact, "at", None)
    if at is None:
        at = getattr(fact, "start", None)
    if at is None:
        return STEPS.index(fact.where.step)  # type: ignore[union-attr]
    return at // WINDOW


@given(streams(last=True, kinds=NO_SWITCH), CHANNELS)
def test_the_whole_is_its_parts(stream: list[Evidence], channel: str | None) -> None:
    """Segments that split a journey by its steps add up to one that saw all of it."""
    whole = observed(stream, channel=channel).ledger()
    parts = [
        observed((fact for fact in stream if step_of(fact) == step), channel=channel).ledger()
        for step in range(len(STEPS) + 1)
    ]

    assert without_cause(reduce(lambda one, other: one | other, parts)) == without_cause(whole)


def without_cause(ledger: Ledger) -> Ledger:
    """Return the ledger without what no part can know: the call, in another, that led to it."""
    verdict = ledger.verdict
    if verdict is not None:
        verdict = verdict._replace(layer="", system="", step="")
    return replace(ledger, entries={**ledger.entries}, verdict=verdict)


@given(streams(most=25), CHANNELS)
def test_scores_stay_within_their_bounds(stream: list[Evidence], channel: str | None) -> None:
    """Whatever happens, a score is a whole number from 0 to 100, and its parts add up."""
    result = observed(stream, channel=channel).score()

    assert 0 <= remaining(result) <= 93.2
    assert 0 <= result.coverage <= 1
    assert result.value is None or 0 <= result.value <= 100
    assert result.class_ == class_of(result.value)
    assert (result.value is None) == (result.r is None)
    for dimension, points in result.lost.items():
        cap = getattr(DEFAULT, dimension).cap
        parts = [each.points for each in result.reasons if each.dimension == dimension]
        assert 0 < points <= cap
        assert sum(parts) == pytest.approx(points)
        assert min(parts) > 0
    if result.blame is not None:
        assert 0 < result.blame.share <= 1 + 1e-9


def more(step: int) -> st.SearchStrategy[Evidence]:
    """Return one more thing that hurts, and explains nothing that hurt before."""
    return st.one_of(
        calls(step, "more"),
        handoffs(step, "more", ("transfer_warm", "transfer_cold")),
        others(step, "more").filter(lambda fact: type(fact).__name__ != "Callback"),
    )


@given(streams(), st.integers(0, len(STEPS) - 1).flatmap(more), CHANNELS)
def test_one_more_impairment_never_raises_the_score(
    stream: list[Evidence], fact: Evidence, channel: str | None
) -> None:
    """Nothing that goes wrong makes up for anything else."""
    before = observed(stream, channel=channel).score()
    after = observed([*stream, fact], channel=channel).score()

    assert remaining(after) <= remaining(before) + 1e-9


def worse(fact: Evidence) -> Evidence:  # noqa: PLR0911 - one case for each kind
    """Return the same fact, but worse; as it was, where it would only explain more."""
    if isinstance(fact, Call):
        failed = {} if fact.recovered else {"error": "Timeout", "met": True}
        return fact._replace(end=fact.end + 3_000, **failed)
    if isinstance(fact, Turn):
        return replace(fact, filler=None, result="no_match", loop_id="loop")
    if isinstance(fact, Queue):
        unplaced = fact.wait is not None and fact.start is None
        longer = {"wait": (fact.wait or 0) + 60_000} if unplaced else {}
        return replace(fact, announced=None, **longer)
    if isinstance(fact, Handoff):
        return replace(fact, warm=False, forced=True)
    if isinstance(fact, Contact):
        broke = fact.status in {"connected", "completed"}
        status = "dropped" if broke else fact.status
        return replace(fact, status=status, post_dial_delay=60_000)
    if isinstance(fact, Media):
        return replace(fact, r=None if fact.r is None else fact.r / 2)
    if isinstance(fact, Declared):
        return replace(fact, points=fact.points + 5)
    if isinstance(fact, Outcome):
        return replace(fact, outcome="failed")
    return fact


@given(streams(), st.data(), CHANNELS)
def test_worse_evidence_never_raises_the_score(
    stream: list[Evidence], data: st.DataObject, channel: str | None
) -> None:
    """A fact that was worse than it was leaves less of the customer's satisfaction."""
    if not stream:
        return
    i = data.draw(st.integers(0, len(stream) - 1))
    worsened = [*stream[:i], worse(stream[i]), *stream[i + 1 :]]

    before = observed(stream, channel=channel).score()
    after = observed(worsened, channel=channel).score()

    assert remaining(after) <= remaining(before) + 1e-9


@given(st.integers(0, 93_200), st.integers(1, 600_000), st.sampled_from((1.0, 1.29, 1.48)))
def test_a_contact_hurt_by_media_alone_scores_its_r(r: int, talk: int, scale: float) -> None:
    """Where the standard speaks, the score agrees with it: up to 90, R and class are the leg's."""
    model = {1.0: "g107", 1.29: "g107.1", 1.48: "g107.2"}[scale]
    leg = Media("leg", Where("connectivity"), r / 1000 * scale, model, talk, 0, None, 0, talk)
    queue = Queue("queue", wait=10_000, result="answered")
    result = observed([queue, leg, Outcome("resolved", talk)]).score()

    assert result.r == pytest.approx(r / 1000, abs=0.0005)
    if r <= 90_000:
        assert result.value == (r + 500) // 1000


@given(st.lists(st.integers(0, 20_000), min_size=1, max_size=60))
def test_calls_reported_as_they_come_sum_to_the_steps_price(durations: list[int]) -> None:
    """The points on the spans of a step add up to what the step costs."""
    segment = observed([])
    told, at = 0.0, 0
    for i, duration in enumerate(durations):
        call = Call(str(i), Where("business_system", "salesforce", "refund"), at, at + duration)
        told += sum(hurt.points for hurt in segment.observe(call))
        at += duration

    assert told == pytest.approx(segment.score().lost.get("responsiveness", 0.0))
