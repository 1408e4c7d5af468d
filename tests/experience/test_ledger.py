"""Ledgers: what merges with what, and what they are written as."""

from __future__ import annotations

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxotel.experience.evidence import DIMENSIONS, Call, Evidence, Impairment, Where
from cxotel.experience.ledger import NAMES, OTHERS, Entry, Key, Ledger, LedgersDifferError, Verdict
from cxotel.experience.rules import DEFAULT, Rules
from cxotel.experience.score import score
from tests.experience.streams import observed, streams

NAME = st.integers(0, 60).map(lambda i: f"name {i}" if i else "")
WHOLE = st.integers(0, 10**15)
KEYS = st.builds(
    Key,
    st.sampled_from(DIMENSIONS),
    st.sampled_from(("", "ai", "identity")),
    NAME,
    NAME,
    st.one_of(
        st.sampled_from(("wait", "queue", "drop", "turn", "leg", "hold", "connected")),
        NAME.map(lambda name: f"declared:{name}"),
    ),
)
ENTRIES = st.builds(Entry, WHOLE, WHOLE, WHOLE, WHOLE, st.sampled_from(("", "a", "b")))
VERDICTS = st.none() | st.builds(Verdict, WHOLE, st.integers(0, 5), st.booleans(), NAME)
LEDGERS = st.builds(
    Ledger,
    st.just(DEFAULT.fingerprint),
    st.dictionaries(KEYS, ENTRIES, max_size=80),
    st.frozensets(st.sampled_from(DIMENSIONS)),
    st.frozensets(st.sampled_from(("voice", "chat"))),
    VERDICTS,
)


@given(LEDGERS, LEDGERS, LEDGERS)
def test_ledgers_merge_in_any_order_and_grouping(one: Ledger, two: Ledger, three: Ledger) -> None:
    """However many processes and whoever adds first: the sums are the same."""
    assert one | two == two | one
    assert (one | two) | three == one | (two | three)
    assert ((one | two) | three).to_json() == (three | (two | one)).to_json()


@given(LEDGERS)
def test_an_empty_ledger_changes_nothing(ledger: Ledger) -> None:
    """Merging may begin with nothing."""
    assert Ledger(DEFAULT.fingerprint) | ledger == ledger


@given(LEDGERS)
def test_what_is_written_is_read_again(ledger: Ledger) -> None:
    """The canonical bytes hold everything, and equal ledgers have equal bytes."""
    read = Ledger.from_json(ledger.to_json())

    assert read == ledger
    assert hash(read) == hash(ledger)
    assert read.to_json() == ledger.to_json()
    assert pickle.loads(pickle.dumps(ledger)) == ledger  # noqa: S301 - our own bytes


@given(LEDGERS)
def test_any_ledger_can_be_scored(ledger: Ledger) -> None:
    """Numbers from elsewhere may be odd, but give a score within its bounds."""
    value = score(ledger).value

    assert value is None or 0 <= value <= 100


@given(streams(), streams())
def test_two_segments_score_as_their_ledgers_merged(
    one: list[Evidence], two: list[Evidence]
) -> None:
    """A contact that two processes handled loses no less than either of them saw, media apart."""
    both = score(observed(one).ledger() | observed(two).ledger())

    for part in (observed(one).score(), observed(two).score()):
        for dimension in ("reach", "reliability", "media", "effort"):
            assert both.lost.get(dimension, 0) >= part.lost.get(dimension, 0) - 1e-9


def test_impairments_that_others_priced_make_a_ledger() -> None:
    """Whoever judges by rules of their own can still merge, score and blame."""
    lex = Where("ai", "lex", "ask")
    hurts = [Impairment("effort", lex, "loop", 19.0), Impairment("effort", lex, "loop", 1.0)]
    result = score(Ledger.of(hurts, shows=["reach", "resolution"], channel="voice"))

    assert result.lost == {"effort": 20.0}
    assert result.value == 73
    assert str(result.reasons[0]) == "effort 20 (lex: loop)"
    with pytest.raises(ValueError, match="not a dimension"):
        Ledger.of([Impairment("comfort", lex, "x", 1.0)])


def test_an_empty_ledger_is_unclassified() -> None:
    """Nothing known is no score, and no error."""
    assert score(Ledger()).class_ == "unclassified"


def test_a_ledgers_size_does_not_depend_on_the_number_of_events() -> None:
    """Ten thousand calls take the room of a hundred."""
    sizes: set[int] = set()
    for number in (100, 10_000):
        where = Where("business_system", "salesforce", "refund")
        events = (Call(str(i), where, i * 5_000, i * 5_000 + 10) for i in range(number))
        sizes.add(len(observed(events).ledger().entries))

    assert sizes == {1}


def test_of_many_steps_those_with_the_smallest_hash_stay() -> None:
    """A name made from an id cannot blow up a ledger: the rest folds into one."""
    calls = [
        Call(str(i), Where("ai", "lex", f"step {i}"), i * 10_000, i * 10_000 + 1_000)
        for i in range(200)
    ]
    forth, back = observed(calls).ledger(), observed(reversed(calls)).ledger()

    steps = {key.step for key in forth.entries}
    assert len(steps) == NAMES + 1
    assert OTHERS in steps
    assert forth == back
    assert sum(entry.sum for entry in forth.entries.values()) == 200_000


def test_ledgers_of_different_rules_do_not_merge() -> None:
    """Points of different rules are different units; the error says what to do."""
    other = Rules.from_mapping({"reach": {"cap": 20}})
    ledger = observed([]).ledger()

    with pytest.raises(LedgersDifferError, match="score each by its own rules"):
        _ = ledger | Ledger(other.fingerprint)
    with pytest.raises(LedgersDifferError):
        score(ledger, other)


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"rules": 7},
        {"shows": ["comfort"]},
        {"channels": [1]},
        {"verdict": [1, 9, True, "", "", ""]},
        {"verdict": [1, 2, 1, "", "", ""]},
        {"entries": [["reach", "", "", "", "queue", 1.5, 0, 0, 0, ""]]},
        {"entries": [["reach", "", "", "", "queue", 1]]},
        {"entries": [["reach", "", "", "", "queue", -1, 0, 0, 0, ""]]},
        {"entries": 3},
    ],
)
def test_what_is_not_a_ledger_is_refused(change: dict[str, object]) -> None:
    """A ledger from elsewhere is read with care: one error, that says what it is about."""
    value = {**json.loads(observed([]).ledger().to_json()), **change}

    with pytest.raises(ValueError, match="not a cxotel ledger"):
        Ledger.from_json(json.dumps(value))


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"\xff", "null"])
def test_what_is_no_json_object_is_refused(data: bytes | str) -> None:
    """Cut off or empty attributes give the same error."""
    with pytest.raises(ValueError, match="not a cxotel ledger"):
        Ledger.from_json(data)
