"""Scores from tables are those that the processes gave."""

from __future__ import annotations

import json
from itertools import count
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxotel import semconv
from cxotel.experience.ledger import Ledger
from cxotel.experience.record import JourneyRecord, SegmentRecord, journey_score
from cxotel.experience.rules import Rules
from cxotel.reading import of_journey
from cxotel.reading.assemble import assemble
from cxotel.reading.file import FileSource
from tests.analysis.lines import attributes, carrier, write
from tests.cli import sample
from tests.experience.streams import CHANNELS, observed, streams

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from cxotel.analysis.store import Store
    from cxotel.experience.evidence import Evidence
    from cxotel.experience.record import JourneyScore

NUMBERS = count()


def ledger_of(stream: list[Evidence], channel: str | None) -> Ledger:
    """Return the ledger of a segment with that evidence."""
    return observed(stream, channel=channel).ledger()


LEDGERS = st.builds(ledger_of, streams(), CHANNELS)
# Ids that JSON writes with escapes, and starts whose digits sort otherwise than their numbers.
IDS = st.sampled_from(("a", "ab", 'b"', "c/d", "e\\", "\n"))
SEGMENTS = st.builds(
    SegmentRecord,
    st.integers(0, 11),
    st.lists(IDS, unique=True, max_size=2).map(lambda ids: tuple(sorted(ids))),
    st.sampled_from((9, 10, 86_400_000)),
    LEDGERS,
)
STATED = st.lists(st.tuples(st.sampled_from(("one", "two", "three")), SEGMENTS), max_size=6)


def scores(store: Store) -> dict[str, dict[str, Any]]:
    """Return the rows of all journeys."""
    store.score()
    return {row["JourneyId"]: row for row in store.ask("SELECT * FROM cx_scores FINAL")}


def in_table(row: dict[str, Any]) -> tuple[object, ...]:
    """Return what a row says of the score."""
    blame = tuple(row[key] for key in ("BlameLayer", "BlameSystem", "BlameStep", "BlameShare"))
    return (*(row[key] for key in ("Score", "Class", "Mean", "Worst", "Last", "Contacts")), blame)


def in_process(score: JourneyScore) -> tuple[object, ...]:
    """Return the same of a score that was worked out here."""
    blame = score.blame
    blamed = ("", "", "", 0)
    if blame is not None:
        blamed = (blame.layer or "", blame.system or "", blame.step or "", blame.share)
    of = (score.value, score.class_, score.mean, score.worst, score.last, len(score.contacts))
    return (*of, blamed)


@given(st.lists(STATED.filter(bool), min_size=1, max_size=8), st.randoms(use_true_random=False))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_tables_and_processes_give_the_same_scores(
    store: Store, tmp_path: Path, journeys: list[list[tuple[str, SegmentRecord]]], random: Random
) -> None:
    """However often, in whatever order and batches statements come, the score is the record's."""
    expected: dict[str, JourneyScore] = {}
    lines: list[str] = []
    for stated in journeys:
        journey_id, record = f"j{next(NUMBERS)}", JourneyRecord()
        for segment_id, segment in stated:
            record |= JourneyRecord({segment_id: segment})
            lines.append(carrier(journey_id, segment_id, segment))
        expected[journey_id] = journey_score(record)
    lines += random.sample(lines, len(lines) // 2)
    random.shuffle(lines)
    half = random.randrange(len(lines) + 1)
    for part in (lines[:half], lines[half:]):
        store.read(write(tmp_path / "part.jsonl", part))

    found = scores(store)

    assert {key: in_table(found[key]) for key in expected} == {
        key: in_process(score) for key, score in expected.items()
    }


def test_a_carrier_that_is_another_librarys_counts_too(store: Store, tmp_path: Path) -> None:
    """Where no ledger was exported, the segment is worked out again from its spans."""
    path = sample.write(tmp_path / "journeys.jsonl")
    spans = of_journey(FileSource(path).every_span(), sample.JOURNEY)
    store.read(path)

    row = scores(store)[sample.JOURNEY]

    assert in_table(row) == in_process(assemble(sample.JOURNEY, spans).score)
    assert (row["Segments"], row["Outcome"], row["Spans"]) == (2, "unresolved", len(spans))


def test_a_ledger_that_a_backend_cut_short_is_worked_out_again(
    store: Store, tmp_path: Path
) -> None:
    """A limit on the length of attributes costs no journey its score."""
    path = sample.write(tmp_path / "journeys.jsonl")
    whole = path.read_text()
    documents = [json.loads(each) for each in whole.splitlines()]
    for document in documents:
        for pair in document["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["attributes"]:
            if pair["key"] == semconv.CX_EXPERIENCE_LEDGER:
                pair["value"]["stringValue"] = pair["value"]["stringValue"][:100]
    write(path, map(json.dumps, documents))
    spans = of_journey(FileSource(path).every_span(), sample.JOURNEY)
    store.read(path)

    assert whole != path.read_text()
    assert in_table(scores(store)[sample.JOURNEY]) == in_process(
        assemble(sample.JOURNEY, spans).score
    )


def test_contacts_that_only_a_vendor_unites_are_one(store: Store, tmp_path: Path) -> None:
    """Two segments with different ids are of one contact where a vendor's event names both."""
    told = {
        semconv.CX_EVIDENCE_KIND: "contact",
        semconv.CX_CONTACT_ID: "call-1",
        semconv.CX_CONTACT_ALIASES: ["call-2"],
    }
    event = {"timeUnixNano": "5", "name": semconv.EVENT_CX_CONTACT, "attributes": attributes(told)}
    segments = [SegmentRecord(0, (f"call-{n}",), n, observed([]).ledger()) for n in (1, 2)]
    write(
        tmp_path / "two.jsonl",
        [
            carrier("j", "one", segments[0], events=[event]),
            carrier("j", "two", segments[1]),
        ],
    )
    store.read(tmp_path / "two.jsonl")

    assert scores(store)["j"]["Contacts"] == 1


def test_segments_days_apart_merge_into_the_score(store: Store, tmp_path: Path) -> None:
    """Scoring again after a later segment replaces the score that the first one gave."""
    ledger = observed([]).ledger()
    first = SegmentRecord(0, ("c",), 0, ledger)
    store.read(write(tmp_path / "1.jsonl", [carrier("j", "one", first)]))
    before = scores(store)["j"]["Segments"]
    later = SegmentRecord(0, ("c",), 86_400_000, ledger)
    store.read(write(tmp_path / "2.jsonl", [carrier("j", "two", later)]))

    assert (before, scores(store)["j"]["Segments"]) == (1, 2)


def test_ledgers_of_other_rules_are_told_and_not_scored(store: Store, tmp_path: Path) -> None:
    """A number that the journey's own service would not have given is not made up."""
    rules = Rules.from_mapping({"reach": {"queue": {"points": 8}}})
    segment = SegmentRecord(0, (), 0, Ledger(rules.fingerprint))
    store.read(write(tmp_path / "other.jsonl", [carrier("j", "one", segment)]))

    row = scores(store)["j"]

    assert (row["Score"], row["Class"], row["OtherRules"]) == (None, "unclassified", 1)
