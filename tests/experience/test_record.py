"""Records of journeys: revisions, contacts, and the score over contacts."""

from __future__ import annotations

import json
import pickle
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxotel.experience.evidence import Contact, Evidence, Handoff, Media, Outcome, Queue, Where
from cxotel.experience.ledger import LedgersDifferError
from cxotel.experience.record import JourneyRecord, SegmentRecord, journey_score
from cxotel.experience.rules import DEFAULT, Rules
from tests.experience.streams import observed

if TYPE_CHECKING:
    from cxotel.experience.ledger import Ledger

LEG = Media("leg", Where("connectivity", "carrier"), 91, "g107", 1000)
USUAL = (Queue("q", wait=25_000), LEG)


def ledger(*facts: Evidence) -> Ledger:
    """Return the ledger of a call with the usual queue and leg."""
    return observed([*USUAL, *facts]).ledger()


CHOICES = tuple(
    ledger(Outcome(name, at), *extra)
    for name in ("resolved", "unresolved", "failed")
    for at in (1_000, 90_000)
    for extra in ((), (Contact("c", relation="repeat"),))
)

SEGMENTS = st.builds(
    SegmentRecord,
    st.integers(0, 3),
    st.lists(st.sampled_from("abcdef"), unique=True, max_size=2).map(
        lambda ids: tuple(sorted(ids))
    ),
    st.integers(0, 3).map(lambda day: day * 86_400_000),
    st.sampled_from(CHOICES),
)
RECORDS = st.dictionaries(st.sampled_from("1234"), SEGMENTS).map(JourneyRecord)


@given(RECORDS, RECORDS, RECORDS)
def test_records_merge_in_any_order_and_however_often(
    one: JourneyRecord, two: JourneyRecord, three: JourneyRecord
) -> None:
    """Retries, duplicates and late corrections give the same record."""
    assert one | two == two | one
    assert (one | two) | three == one | (two | three)
    assert one | one == one
    assert (one | two) | one == one | two
    assert journey_score((one | two) | three) == journey_score(three | (two | one))


@given(RECORDS)
def test_what_is_written_is_read_again(record: JourneyRecord) -> None:
    """A record can be kept anywhere and found again."""
    assert JourneyRecord.from_json(record.to_json()) == record
    assert pickle.loads(pickle.dumps(record)) == record  # noqa: S301 - our own bytes


@given(RECORDS)
def test_a_journey_is_no_better_than_its_best_contact_nor_worse_than_its_worst(
    record: JourneyRecord,
) -> None:
    """Half the mean, a quarter the worst, a quarter the last."""
    result = journey_score(record)
    values = [each.score.value for each in result.contacts if each.score.value is not None]

    if not values:
        assert result.value is None
        return
    assert result.value is not None
    assert result.last is not None
    assert min(values) == result.worst
    assert min(values) <= result.value <= max(values)


def test_the_later_revision_stands() -> None:
    """A segment that learnt more says so with a higher revision, in whatever order it arrives."""
    early = JourneyRecord.of("1", ledger(Outcome("unresolved", 1)), start=0, revision=1)
    late = JourneyRecord.of("1", ledger(Outcome("resolved", 1)), start=0, revision=2)

    assert (late | early) == (early | late) == late


def test_late_truth_is_a_segment_of_its_own() -> None:
    """What a vendor reports afterwards adds to the contact and replaces nothing."""
    live = JourneyRecord.of("1", ledger(Outcome("resolved", 1)), start=0, contacts=["call"])
    poor = observed([Media("leg-2", Where("connectivity"), 60, "g107", 1000)]).ledger()
    report = JourneyRecord.of("twilio", poor, start=9, contacts=["call"])

    result = journey_score(live | report | report)

    assert len(result.contacts) == 1
    assert result.value == 60


def test_one_contact_gives_its_own_score() -> None:
    """A journey of one call scores what the call does."""
    record = JourneyRecord.of("1", ledger(Outcome("unresolved", 1)), start=0)

    result = journey_score(record)

    assert (result.value, result.worst, result.last) == (58, 58, 58)
    assert result.class_ == "nearly_all_dissatisfied"


def test_segments_of_one_contact_are_united_by_any_of_its_ids() -> None:
    """Each vendor has its own id for the same call; whoever knows two of them unites the rest."""
    record = (
        JourneyRecord.of("1", ledger(), start=0, contacts=["a"])
        | JourneyRecord.of("2", ledger(), start=1, contacts=["b"])
        | JourneyRecord.of("3", ledger(), start=2, contacts=["a", "b"])
        | JourneyRecord.of("4", ledger(), start=3, contacts=["c"])
    )

    assert [each.ids for each in journey_score(record).contacts] == [("a", "b"), ("c",)]


def test_a_segment_without_a_contact_belongs_to_the_first() -> None:
    """A helper process that knows no contact id takes part in the contact that began."""
    record = (
        JourneyRecord.of("1", ledger(), start=5, contacts=["a"])
        | JourneyRecord.of("2", ledger(), start=9, contacts=["b"])
        | JourneyRecord.of("3", ledger(Outcome("unresolved", 1)), start=7)
    )

    first, second = journey_score(record).contacts

    assert (first.ids, first.score.value) == (("a",), 58)
    assert (second.ids, second.score.value) == (("b",), 93)


def test_a_journey_that_ended_unresolved_is_no_better_than_its_end() -> None:
    """A good beginning does not make up for a customer who did not get it in the end."""
    record = JourneyRecord.of("1", ledger(Outcome("resolved", 1)), start=0, contacts=["a"])
    record |= JourneyRecord.of("2", ledger(Outcome("unresolved", 1)), start=9, contacts=["b"])

    result = journey_score(record)

    assert (result.mean, result.worst, result.last) == (75.5, 58, 58)
    assert result.value == 58


def test_a_contact_of_which_too_little_is_known_takes_no_part() -> None:
    """An unclassified contact is listed, but has no number to average."""
    record = JourneyRecord.of("1", ledger(Outcome("resolved", 1)), start=0, contacts=["a"])
    record |= JourneyRecord.of("2", observed([]).ledger(), start=9, contacts=["b"])

    result = journey_score(record)

    assert result.value == 93
    assert [each.score.class_ for each in result.contacts] == ["very_satisfied", "unclassified"]


def test_nothing_known_is_no_score() -> None:
    """A journey without evidence is unclassified."""
    result = journey_score(JourneyRecord())

    assert (result.value, result.class_, result.blame) == (None, "unclassified", None)


def test_a_contact_that_follows_a_change_of_channel_is_not_a_repeat() -> None:
    """The chat pays for the switch, the call that it forced pays nothing for being one."""
    switch = Handoff("h", Where("ai", "lex"), "channel_switch", forced=True)
    repeat = Contact("b", relation="repeat")
    chat = JourneyRecord.of("1", ledger(switch), start=0, contacts=["a"])
    phone = JourneyRecord.of("2", ledger(repeat, Outcome("resolved", 1)), start=9, contacts=["b"])
    again = JourneyRecord.of("3", ledger(repeat, Outcome("resolved", 1)), start=18, contacts=["c"])

    first, second, third = journey_score(chat | phone | again).contacts

    assert first.score.lost["effort"] == 5.0
    assert "effort" not in second.score.lost
    assert third.score.lost["effort"] == 7.0


def test_blame_is_over_all_contacts() -> None:
    """Who hurt the customer most on the whole way is blamed for the journey."""
    slow = Queue("q", Where("contact_center", "genesys_cloud"), wait=400_000)
    record = JourneyRecord.of("1", observed([LEG, slow]).ledger(), start=0, contacts=["a"])
    record |= JourneyRecord.of("2", ledger(), start=9, contacts=["b"])

    blame = journey_score(record).blame

    assert blame is not None
    assert blame.system == "genesys_cloud"


def test_ledgers_of_other_rules_are_refused() -> None:
    """A journey's numbers are all of one method."""
    with pytest.raises(LedgersDifferError):
        journey_score(
            JourneyRecord.of("1", ledger(), start=0), Rules.from_mapping({"blame_from": 1})
        )


@pytest.mark.parametrize(
    "data",
    [
        "[]",
        "{}",
        '{"v":2,"segments":{}}',
        '{"v":1,"segments":[]}',
        '{"v":1,"segments":{"a":[1]}}',
        '{"v":1,"segments":{"a":["1",[],0,{}]}}',
        '{"v":1,"segments":{"a":[1,[2],0,{}]}}',
        '{"v":1,"segments":{"a":[1,[],0,{}]}}',
        "nothing",
    ],
)
def test_what_is_not_a_record_is_refused(data: str) -> None:
    """One error, that says what it is about."""
    with pytest.raises(ValueError, match="not a cxotel journey record"):
        JourneyRecord.from_json(data)


def test_equal_records_have_equal_bytes() -> None:
    """The order in which segments were learnt of is not in the bytes."""
    one = JourneyRecord.of("1", ledger(), start=0, contacts=["b", "a"])
    two = JourneyRecord.of("2", ledger(), start=1)

    assert (one | two).to_json() == (two | one).to_json()
    assert list(json.loads((two | one).to_json())["segments"]) == ["1", "2"]
    assert DEFAULT.fingerprint.encode() in one.to_json()
