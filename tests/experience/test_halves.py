"""Waits and holds that are told end by end, by different calls."""

from __future__ import annotations

from itertools import permutations

import pytest

from cxotel.experience.evidence import Evidence, Hold, Outcome, Queue, Where
from cxotel.experience.segment import Segment

CENTER = Where("contact_center", "twilio", None)


def lost(*evidence: Evidence) -> dict[str, float]:
    """Return the points that a voice segment loses to *evidence*, by dimension."""
    segment = Segment(id="s", start=0, channel="voice", waiting=True)
    for each in evidence:
        segment.observe(each)
    return {name: round(points, 2) for name, points in segment.score().lost.items() if points}


BEGAN = Queue("WT1", CENTER, "billing", start=0)
SERVED = Queue("WT1", CENTER, end=90_000, result="answered")


def test_a_queue_told_in_halves_costs_what_it_costs_in_one() -> None:
    """A task that is created, and later accepted, waited from one to the other."""
    whole = lost(Queue("WT1", CENTER, "billing", 0, 90_000, result="answered"))

    assert whole == {"reach": 4.0}
    assert lost(BEGAN, SERVED) == lost(SERVED, BEGAN) == lost(BEGAN, BEGAN, SERVED) == whole


@pytest.mark.parametrize("half", [BEGAN, SERVED])
def test_half_a_wait_costs_nothing(half: Queue) -> None:
    """Nobody knows yet how long it was."""
    assert lost(half) == {}


def test_who_gives_up_in_a_queue_waited_until_then() -> None:
    """A wait without an end ends with an abandoned journey, and with no other outcome."""
    abandoned = lost(BEGAN, Outcome("abandoned", 90_000))

    assert abandoned["reach"] == 4.0
    assert lost(BEGAN, Outcome("resolved", 90_000)) == {}


def test_every_hold_of_one_call_counts() -> None:
    """Twilio names a hold by the call: its ends belong together in the order of time."""
    ends = (
        Hold("CA1", CENTER, start=10_000),
        Hold("CA1", CENTER, end=40_000),
        Hold("CA1", CENTER, start=100_000),
        Hold("CA1", CENTER, end=130_000),
    )
    whole = lost(Hold("h1", CENTER, 10_000, 40_000), Hold("h2", CENTER, 100_000, 130_000))

    assert whole == {"effort": 6.0}
    assert {tuple(lost(*order).items()) for order in permutations(ends)} == {tuple(whole.items())}


def test_a_hold_that_has_not_ended_costs_nothing() -> None:
    """Nor does an end whose beginning nobody told."""
    assert lost(Hold("CA1", CENTER, start=10_000)) == {}
    assert lost(Hold("CA1", CENTER, end=40_000)) == {}
    assert lost(Hold("CA1", CENTER, end=40_000), Hold("CA1", CENTER, start=50_000)) == {}


def test_the_ends_of_two_calls_are_not_joined() -> None:
    """One call's hold does not end with another's."""
    assert lost(Hold("CA1", CENTER, start=10_000), Hold("CA2", CENTER, end=70_000)) == {}


def test_a_wait_told_while_it_lasted_is_only_its_beginning() -> None:
    """Of "45 s so far" and an end after 100 s the longer counts, in either order."""
    so_far, ended = Queue("q", CENTER, start=0, wait=45_000), Queue("q", CENTER, end=100_000)

    assert lost(so_far, ended) == lost(ended, so_far) == lost(Queue("q", CENTER, wait=100_000))
