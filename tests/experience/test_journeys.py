"""The eighteen journeys, each through segments and a journey's record."""

from __future__ import annotations

import pytest

from cxotel.experience.record import JourneyRecord, JourneyScore, journey_score
from cxotel.experience.segment import Segment
from tests.experience.journeys import JOURNEYS, Attempt, Journey

DAY = 86_400_000


def segment_of(attempt: Attempt, number: int, *, backwards: bool = False) -> Segment:
    """Return a segment that observed all facts of a contact."""
    segment = Segment(id=f"segment-{number}", start=0, channel=attempt.channel)
    for fact in reversed(attempt.facts) if backwards else attempt.facts:
        segment.observe(fact)
    return segment


def scored(journey: Journey, *, backwards: bool = False) -> JourneyScore:
    """Return a journey's score, each contact being a segment of its own."""
    record = JourneyRecord()
    for number, attempt in enumerate(journey.attempts):
        segment = segment_of(attempt, number, backwards=backwards)
        record |= JourneyRecord.of(
            segment.id, segment.ledger(), start=number * DAY, contacts=[f"call-{number}"]
        )
    return journey_score(record)


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.name)
def test_a_journey_scores_what_an_engineer_expects(journey: Journey) -> None:
    """The score is within a point of the table's, and the blame is on whom it belongs."""
    result = scored(journey)

    assert result.value is not None
    assert abs(result.value - journey.score) <= 1
    for attempt, contact in zip(journey.attempts, result.contacts, strict=True):
        assert attempt.score is None or contact.score.value == attempt.score
    blame = result.blame
    assert (blame and blame.system) == journey.blamed
