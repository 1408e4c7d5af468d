"""The record of a journey: the latest ledger of each of its segments, and the journey's score."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cxotel.experience.rules import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cxotel.experience.ledger import Ledger
    from cxotel.experience.rules import Rules
    from cxotel.experience.score import Blame, Score


@dataclass(frozen=True, slots=True)
class SegmentRecord:
    """What one segment knew at one revision."""

    revision: int
    contacts: tuple[str, ...]
    start: int
    ledger: Ledger


@dataclass(frozen=True, slots=True)
class JourneyRecord:
    """Map segment ids to the latest record of each."""

    segments: Mapping[str, SegmentRecord] = field(default_factory=dict[str, SegmentRecord])

    @classmethod
    def of(
        cls,
        segment_id: str,
        ledger: Ledger,
        *,
        start: int,
        revision: int = 0,
        contacts: Iterable[str] = (),
    ) -> JourneyRecord:
        """Return the record of a single segment."""
        return cls({segment_id: SegmentRecord(revision, tuple(sorted(contacts)), start, ledger)})

    def __or__(self, other: JourneyRecord) -> JourneyRecord:
        """Return both records as one."""
        return self


@dataclass(frozen=True, slots=True)
class ContactScore:
    """The score of one contact of a journey."""

    ids: tuple[str, ...]
    start: int
    score: Score


@dataclass(frozen=True, slots=True)
class JourneyScore:
    """The score of a journey, with what it was made of."""

    value: int | None
    class_: str
    mean: float | None
    worst: int | None
    last: int | None
    contacts: tuple[ContactScore, ...]
    blame: Blame | None
    algorithm: str


def journey_score(record: JourneyRecord, rules: Rules = DEFAULT) -> JourneyScore:
    """Score *record*."""
    return JourneyScore(None, "unclassified", None, None, None, (), None, rules.algorithm)
