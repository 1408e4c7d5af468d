"""A segment while it is open: what it tells at the moment that something hurts."""

from __future__ import annotations

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
    Hold,
    Impairment,
    Media,
    Outcome,
    Queue,
    Turn,
    Where,
)
from cxotel.experience.segment import Segment
from tests.experience.streams import observed

if TYPE_CHECKING:
    from collections.abc import Callable

CRM = Where("business_system", "salesforce", "refund")
BOT = Where("ai", "lex", "ask")
CENTER = Where("contact_center", "genesys_cloud")


@pytest.mark.parametrize(
    ("evidence", "hurts"),
    [
        (Call("x", CRM, 0, 9_000), [Impairment("responsiveness", CRM, "wait", 6.51, "x")]),
        (
            Call("x", CRM, 0, 100, error="E", met=True),
            [Impairment("reliability", CRM, "failure", 7.0, "x")],
        ),
        (
            Call("x", CRM, 0, 4_000, error="E", met=True, timed_out=True),
            [
                Impairment("responsiveness", CRM, "wait", 3.0, "x"),
                Impairment("reliability", CRM, "timeout", 7.0, "x"),
            ],
        ),
        (
            Turn("x", BOT, 0, 2_000, 2_000, None, "voice", "no_match"),
            [
                Impairment("responsiveness", BOT, "turn", 10.0, "x"),
                Impairment("effort", BOT, "reprompt", 3.0, "x"),
            ],
        ),
        (
            Queue("x", CENTER, "billing", 0, 90_000, result="abandoned"),
            [
                Impairment("reach", CENTER, "queue", 4.0, "x"),
                Impairment("resolution", Where(), "abandoned", 44.0, "x"),
            ],
        ),
        (
            Handoff("x", CENTER, "transfer_cold"),
            [Impairment("effort", CENTER, "transfer_cold", 7.0, "x")],
        ),
        (Hold("x", CENTER, 0, 30_000), [Impairment("effort", CENTER, "hold", 6.0, "x")]),
        (
            Contact("x", CENTER, status="dropped"),
            [Impairment("reliability", CENTER, "drop", 15.0, "x")],
        ),
        (
            Media("x", CENTER, 73.2, talk=1_000),
            [Impairment("media", CENTER, "leg", 20.0, "x")],
        ),
        (
            Outcome("unresolved", 1_000),
            [Impairment("resolution", Where(), "unresolved", 34.0, None)],
        ),
        (
            Declared("x", CRM, "responsiveness", 5.0, "slow_agent"),
            [Impairment("responsiveness", CRM, "slow_agent", 5.0, "x")],
        ),
        (Call("x", CRM, 0, 1_999), []),
        (Queue("x", CENTER, wait=30_000), []),
        (Turn("x", BOT, 0, 1_000, 1_000, None, "voice", "matched"), []),
        (Outcome("resolved", 1_000), []),
    ],
)
def test_what_hurts_is_told_when_it_does(evidence: Evidence, hurts: list[Impairment]) -> None:
    """Each impairment has its dimension, its culprit, and what the price rose by."""
    segment = observed([])

    assert list(segment.observe(evidence)) == hurts
    assert segment.observe(evidence) == ()


def test_the_version_rises_when_there_is_something_to_write() -> None:
    """Whoever keeps a span current need not compare scores."""
    segment = observed([])
    versions = [segment.version]
    for fact in (
        Call("a", CRM, 0, 1_000),  # shows responsiveness and reliability: coverage rises
        Call("b", CRM, 1_000, 1_500),
        Call("c", CRM, 1_500, 4_000),  # the step's third second
        Outcome("resolved", 9_000),
    ):
        segment.observe(fact)
        versions.append(segment.version)

    assert versions == [0, 1, 1, 2, 3]


def test_a_turn_tells_its_own_price() -> None:
    """Its effect on the mean would hide all slow turns but the first."""
    segment = observed([])
    slow = [
        Turn(str(i), BOT, i * 9_000, i * 9_000 + 4_000, 4_000, None, "voice") for i in (0, 1, 2)
    ]

    assert [hurt.points for turn in slow for hurt in segment.observe(turn)] == [20.0, 20.0, 20.0]
    assert segment.score().lost == {"responsiveness": 20.0}


def test_a_handoff_is_charged_to_the_bot_it_came_from() -> None:
    """The event on the carrier names the culprit that the score names."""
    segment = observed([Turn("t", BOT, 0, 500, 500, None, "voice", "matched")])

    [hurt] = segment.observe(Handoff("h", Where(), "bot_to_human", warm=False, at=900))

    assert hurt.where.system == "lex"


def test_contacts_are_collected() -> None:
    """The journey's record unites segments by these names."""
    segment = observed([Contact("a", aliases=("b", "c")), Contact("b")])

    assert segment.contacts == {"a", "b", "c"}


def test_the_same_fact_from_two_sources_counts_once_and_the_larger() -> None:
    """Two reports of one wait with the same id are one wait."""
    short, long = Queue("q", CENTER, "billing", wait=60_000), Queue("q", CENTER, wait=90_000)

    assert observed([short, long]).ledger() == observed([long, short, short]).ledger()
    assert observed([short, long]).score().lost == {"reach": 4.0}


def test_a_call_reported_twice_counts_once_and_the_longer() -> None:
    """A client's and a server's view of one call are one call."""
    short, long = Call("a", CRM, 0, 3_000), Call("a", CRM, 0, 4_000)

    assert observed([short, long]).ledger() == observed([long, short]).ledger()
    assert observed([short, long]).score().lost == {"responsiveness": 3.0}


@given(st.lists(st.integers(0, 400), min_size=600, max_size=700))
def test_memory_is_bounded_and_the_price_stays(gaps: list[int]) -> None:
    """A segment that never ends forgets calls, but not what they cost."""
    at, told = 0, 0.0
    segment = observed([])
    for i, gap in enumerate(gaps):
        call = Call(str(i), CRM, at, at + 50)
        told += sum(hurt.points for hurt in segment.observe(call))
        at += 50 + gap

    assert segment.ledger().entries[next(iter(segment.ledger().entries))].sum == 50 * len(gaps)
    assert segment.score().lost["responsiveness"] == pytest.approx(told) == 10.0


def test_turns_beyond_the_limit_keep_their_price() -> None:
    """A conversation of a thousand turns has the mean of all of them."""
    turns = [
        Turn(str(i), BOT, i * 9_000, i * 9_000 + 2_000, 2_000, None, "voice", "matched")
        for i in range(1_000)
    ]
    inside = Call("c", CRM, 0, 1_900)
    segment = observed([inside, *turns])

    assert segment.score().lost == {"responsiveness": 10.0}
    assert segment.observe(turns[0]) == ()
    assert sum(entry.number for entry in segment.ledger().entries.values()) == 1_000


def queue_number(i: int) -> Evidence:
    """Return one of many queues, each a little over what is free."""
    return Queue(str(i), CENTER, None, i * 10**6, i * 10**6 + 31_000)


def hold_number(i: int) -> Evidence:
    """Return one of many short holds."""
    return Hold(str(i), CENTER, i * 10**6, i * 10**6 + 10_000)


def transfer_number(i: int) -> Evidence:
    """Return one of many transfers."""
    return Handoff(str(i), CENTER, "transfer_warm", at=i)


def drop_number(i: int) -> Evidence:
    """Return one of many contacts that broke off."""
    return Contact(str(i), CENTER, status="dropped", at=i)


def interval_number(i: int) -> Evidence:
    """Return one of many intervals of a leg."""
    return Media("leg", CENTER, 73.2, None, 100, start=i, end=i + 1)


def declared_number(i: int) -> Evidence:
    """Return one of many small impairments."""
    return Declared(str(i), CENTER, "effort", 0.25, at=i)


def failure_number(i: int) -> Evidence:
    """Return one of many failures."""
    return Call(str(i), CRM, 0, 1, error="E", met=True)


@pytest.mark.parametrize(
    ("make", "dimension", "points"),
    [
        (queue_number, "reach", 9.5),
        (hold_number, "effort", 15.0),
        (transfer_number, "effort", 45.0),
        (drop_number, "reliability", 30.0),
        (interval_number, "media", 20.0),
        (declared_number, "effort", 25.0),
        (failure_number, "reliability", 20.0),
    ],
)
def test_what_is_forgotten_stays_charged(
    make: Callable[[int], Evidence], dimension: str, points: float
) -> None:
    """A hundred of each kind are more than are kept, and none gets lost."""
    facts = [make(i) for i in range(100)]

    assert observed(facts).score().lost[dimension] == pytest.approx(points, abs=0.01)


def test_steps_beyond_the_limit_keep_their_price() -> None:
    """Two hundred steps of five slow seconds are at the cap, whatever names they have."""
    calls = [
        Call(str(i), Where("ai", "lex", f"step {i}"), i * 10_000, i * 10_000 + 5_000)
        for i in range(200)
    ]

    assert observed(calls).score().lost == {"responsiveness": 10.0}


def test_stretches_beyond_the_limit_keep_their_price() -> None:
    """Outside of steps, hundreds of waits add up to their cubic norm."""
    calls = [Call(str(i), Where("ai", "lex"), i * 10_000, i * 10_000 + 2_100) for i in range(500)]

    expected = (500 * 0.211**3) ** (1 / 3)
    assert observed(calls).score().lost["responsiveness"] == pytest.approx(expected, abs=0.01)


def test_a_segment_has_its_makers_names() -> None:
    """What it was made with can be read again."""
    segment = Segment(id="a1", start=5, channel="chat", waiting=True)

    assert (segment.id, segment.start, segment.channel, segment.waiting) == ("a1", 5, "chat", True)


def test_each_edge_of_a_call_is_a_leg_of_its_own() -> None:
    """A vendor names a call's edges by the call's id: a bad one is not averaged with a good one."""
    segment = Segment(id="s", start=0, channel="voice", waiting=True)
    for name, r in (("carrier_edge", 91.0), ("client_edge", 60.0)):
        segment.observe(Media("CA1", r=r, talk=60_000, name=name))

    assert segment.score().lost["media"] == pytest.approx(33.2)


def test_of_two_reports_of_a_leg_the_worse_one_counts() -> None:
    """What RTP shows and RTCP reports is the same sound: it is told once, and not averaged."""
    segment = Segment(id="s", start=0, channel="voice", waiting=True)
    for source, r in (("rtp", 60.0), ("rtcp", 91.0)):
        segment.observe(Media("CA1", r=r, talk=60_000, direction="inbound", source=source))

    assert segment.score().lost["media"] == pytest.approx(33.2)
