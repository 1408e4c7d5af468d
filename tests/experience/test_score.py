"""From a ledger to a number: rounding, classes, coverage, blame and words."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxotel.experience import reasons
from cxotel.experience.evidence import DIMENSIONS, Declared, Outcome, Queue, Turn, Where
from cxotel.experience.ledger import Entry, Key, Ledger
from cxotel.experience.rules import DEFAULT, Rules
from cxotel.experience.score import Reason, Scorer, applicable, class_of, score
from cxotel.experience.wording import phrase
from tests.experience.streams import observed, streams

if TYPE_CHECKING:
    from cxotel.experience.evidence import Evidence

ALL = frozenset(DIMENSIONS)


def of(points: dict[str, int], shows: frozenset[str] = ALL, *channels: str) -> Ledger:
    """Return a ledger that lost these thousandths of a point."""
    rows = {
        Key(dimension, "ai", "lex", "", "declared:x"): Entry(1, lost)
        for dimension, lost in points.items()
    }
    return Ledger(DEFAULT.fingerprint, rows, shows, frozenset(channels))


@pytest.mark.parametrize(
    ("lost", "value"),
    [
        (0, 100),
        (3_200, 90),
        (1_600, 95),
        (3_699, 90),
        (3_700, 90),
        (3_701, 89),
        (4_700, 89),
        (93_200, 0),
    ],
)
def test_the_score_is_the_nearest_whole_number(lost: int, value: int) -> None:
    """Up to 90 it is R; above, R is stretched; halves round up."""
    assert score(of({"media": lost})).value == value


@given(st.dictionaries(st.sampled_from(DIMENSIONS), st.integers(0, 100_000)))
def test_the_product_is_exact(points: dict[str, int]) -> None:
    """No rounding on the way: the published number is that of exact arithmetic."""
    r = Fraction(932, 10)
    for dimension, lost in points.items():
        cap = round(getattr(DEFAULT, dimension).cap * 1000)
        r *= 1 - Fraction(min(lost, cap), 93_200)
    exact = r if r <= 90 else 90 + (r - 90) * 10 / Fraction(32, 10)

    result = score(of(points))

    assert result.value == int(exact + Fraction(1, 2))
    assert result.r == pytest.approx(float(r))


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (100, "very_satisfied"),
        (90, "very_satisfied"),
        (89, "satisfied"),
        (79, "some_dissatisfied"),
        (69, "many_dissatisfied"),
        (59, "nearly_all_dissatisfied"),
        (49, "not_recommended"),
        (0, "not_recommended"),
        (None, "unclassified"),
    ],
)
def test_the_class_is_that_of_the_published_number(value: int | None, name: str) -> None:
    """Whoever sees 90 sees the class of 90."""
    assert class_of(value) == name


@pytest.mark.parametrize(
    ("shows", "lost", "channel", "scored"),
    [
        (1, 5_000, "voice", False),
        (2, 5_000, "voice", True),
        (2, 0, "voice", False),
        (3, 0, "voice", True),
        (3, 0, "chat", True),
        (1, 5_000, "chat", False),
    ],
)
def test_a_score_needs_enough_evidence(
    shows: int, lost: int, channel: str, *, scored: bool
) -> None:
    """Knowing little, nobody is called satisfied; what was lost is told all the same."""
    seen = frozenset([each for each in DIMENSIONS if each != "media"][:shows])
    result = score(of({"reach": lost}, seen, channel))

    assert (result.value is not None) == scored
    assert (result.class_ == "unclassified") != scored
    assert result.lost == ({"reach": 5.0} if lost else {})


def test_media_applies_where_people_hear_one_another() -> None:
    """A chat is not half unknown because nobody measured its jitter."""
    assert "media" not in applicable(frozenset({"chat"}))
    assert "media" in applicable(frozenset({"chat", "voice"}))
    assert applicable(frozenset()) == ALL
    assert score(of({}, frozenset({"media"}), "chat")).coverage == 0


def test_points_are_clipped_at_the_dimensions_cap_and_shared() -> None:
    """Two that together reach the cap pay in proportion."""
    own = [
        Declared("a", Where("ai", "lex"), "effort", 60.0),
        Declared("b", Where("ai", "dialogflow"), "effort", 30.0),
    ]
    result = observed(own).score()

    assert result.lost == {"effort": 45.0}
    assert [(each.where.system, each.points) for each in result.reasons] == [
        ("lex", 30.0),
        ("dialogflow", 15.0),
    ]


def test_nobody_is_blamed_for_what_hurts_nobody() -> None:
    """Who took less than leaves the customer in the best class is not put in the dock."""
    lex = Where("ai", "lex", "ask")
    little, enough = (observed([Declared("a", lex, "effort", x)]).score() for x in (3.1, 3.2))

    assert little.blame is None
    assert enough.blame == ("ai", "lex", "ask", 1.0)
    strict = Rules.from_mapping({"blame_from": 1})
    assert observed([Declared("a", lex, "effort", 3.1)], rules=strict).score().blame is not None


def test_blame_adds_up_over_steps_and_dimensions() -> None:
    """A system that hurts a little everywhere may have hurt most."""
    facts: list[Evidence] = [
        Declared("a", Where("ai", "lex", "ask"), "effort", 4.0),
        Declared("b", Where("ai", "lex", "find"), "reliability", 5.0),
        Declared("c", Where("identity", "okta", "find"), "effort", 6.0),
        Outcome("unresolved", 1),
    ]
    blame = observed(facts).score().blame

    assert blame is not None
    assert (blame.layer, blame.system, blame.step) == ("ai", "lex", "find")
    assert blame.share == pytest.approx(9 / (9 + 6 + 34))


@given(st.lists(streams(most=6), max_size=4))
def test_scoring_again_and_again_changes_nothing(found: list[list[Evidence]]) -> None:
    """What a scorer remembers of the last ledger does not leak into the next."""
    scorer = Scorer()
    for stream in found:
        ledger = observed(stream).ledger()
        assert scorer.score(ledger) == score(ledger)


@pytest.mark.parametrize(
    ("reason", "entry", "text"),
    [
        (reasons.QUEUE, Entry(1, 4_000, 0, 240_000, "billing"), "queue billing, 240 s"),
        (reasons.QUEUE, Entry(2, 4_000, 0, 45_000, ""), "queue, 45 s, 2 waits"),
        (reasons.TURN, Entry(3, 0, 0, 1_240), "turns of up to 1.2 s"),
        (reasons.TURN, Entry(0, 2_500), "2.5 s of the bot's turns"),
        (reasons.WAIT, Entry(2, 9_040), "9.0 s of waiting"),
        ("callback:lex", Entry(2, 9_040), "9.0 s of waiting in a callback"),
        (reasons.LEG, Entry(1, 0, 0, 21_200, "agent"), "agent leg, R 72"),
        (reasons.LEG, Entry(1, 0, 0, 21_200, ""), "media leg, R 72"),
        (reasons.HOLD, Entry(0, 90_000), "90 s on hold"),
        (reasons.POST_DIAL_DELAY, Entry(1, 0, 0, 9_000), "9.0 s until it rang"),
        (reasons.REPROMPT, Entry(1), "re-prompt"),
        (reasons.REPROMPT, Entry(3), "3 re-prompts"),
        (reasons.NEVER_CONNECTED, Entry(1), "never connected"),
        ("declared:card_declined", Entry(1, 5_000), "card_declined"),
    ],
)
def test_reasons_are_said_as_a_person_would(reason: str, entry: Entry, text: str) -> None:
    """A score explains itself to whoever reads it."""
    assert phrase(reason, entry) == text


def test_a_reason_names_whom_it_is_about() -> None:
    """The system where it is known, otherwise the step."""
    lex = Reason("effort", Where("ai", "lex", "ask"), "reprompt", 18.6, "3 re-prompts")

    assert str(lex) == "effort 19 (lex: 3 re-prompts)"
    assert str(lex._replace(where=Where(step="ask"))) == "effort 19 (ask: 3 re-prompts)"
    assert str(lex._replace(where=Where())) == "effort 19 (3 re-prompts)"


def test_every_reason_in_a_score_has_words() -> None:
    """The worst comes first."""
    facts: list[Evidence] = [
        Turn("t", Where("ai", "lex"), 0, 3_000, 3_000, None, "voice", "no_match"),
        Queue("q", Where("contact_center", "genesys_cloud"), "billing", wait=90_000),
    ]

    assert [str(each) for each in observed(facts).score().reasons] == [
        "responsiveness 16 (lex: turns of up to 3.0 s)",
        "reach 4 (genesys_cloud: queue billing, 90 s)",
        "effort 3 (lex: re-prompt)",
    ]
