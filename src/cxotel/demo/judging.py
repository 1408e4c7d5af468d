"""Compare whom the exported telemetry blames with what was injected."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cxotel import semconv
from cxotel.reading.assemble import assemble
from cxotel.reading.file import FileSource
from cxotel.reading.model import in_order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cxotel.demo.injection import Injection
    from cxotel.reading.assemble import Journey
    from cxotel.reading.model import Span

NOBODY = "nobody"
NO_SYSTEM = "not blamed on any system"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One journey as it was exported, beside what went wrong in it.

    Attributes:
        contact: The id under which the service knows the contact.
        journey: The journey, put together from the file.
        injected: What was injected.
    """

    contact: str
    journey: Journey
    injected: tuple[Injection, ...]

    @property
    def blamed(self) -> str:
        """The system that is blamed most, or ``nobody``."""
        blame = self.journey.score.blame
        return (blame.system if blame else None) or NOBODY

    @property
    def blamed_on_span(self) -> str:
        """The system that the span of the worst segment blames, as any trace backend shows it."""
        carriers = [segment.carrier for segment in self.journey.segments]
        scored = [each for each in carriers if each.whole(semconv.CX_EXPERIENCE_SCORE) is not None]
        if not scored:
            return NOBODY
        worst = min(scored, key=lambda each: each.whole(semconv.CX_EXPERIENCE_SCORE) or 0)
        return worst.text(semconv.CX_EXPERIENCE_BLAME_SYSTEM) or NOBODY

    @property
    def culprits(self) -> set[str]:
        """Who is to be blamed: the systems that something was injected in, or ``nobody``."""
        return {each.system for each in self.injected} or {NOBODY}

    @property
    def right(self) -> bool:
        """Whether the blame is right, both of the whole journey and on its worst segment's span.

        For one fault, its system is to be blamed; for two, that of one of them; for none, nobody.
        """
        return {self.blamed, self.blamed_on_span} <= self.culprits

    @property
    def complete(self) -> bool:
        """Whether the system of every fault is among those that lost points."""
        named = {
            reason.where.system
            for contact in self.journey.score.contacts
            for reason in contact.score.reasons
        }
        return {each.system for each in self.injected} <= named


@dataclass(frozen=True, slots=True)
class Judgement:
    """All journeys of a run.

    Attributes:
        verdicts: One for each journey that was found in the file.
        missing: How many journeys were not.
    """

    verdicts: tuple[Verdict, ...]
    missing: int

    def of(self, faults: int) -> list[Verdict]:
        """Return the journeys in which so many things went wrong."""
        return [each for each in self.verdicts if len(each.injected) == faults]

    @property
    def hurt(self) -> list[Verdict]:
        """Journeys in which something went wrong."""
        return [each for each in self.verdicts if each.injected]

    @property
    def share(self) -> float:
        """How often, of the journeys in which something went wrong, the blame was right.

        A journey that is not in the file at all counts as wrong.
        """
        of = len(self.hurt) + self.missing
        return sum(each.right for each in self.hurt) / of if of else 1.0

    def confusion(self) -> dict[str, Counter[str]]:
        """Return, for each kind of fault that came alone, who was blamed how often."""
        table: dict[str, Counter[str]] = {}
        for verdict in self.of(1):
            table.setdefault(verdict.injected[0].kind, Counter())[verdict.blamed] += 1
        return dict(sorted(table.items()))

    def lost(self) -> Counter[tuple[str, str]]:
        """Return the points that all journeys lost, by layer and system.

        What no system is blamed for, such as how a journey ended, stands by its dimension.
        """
        table: Counter[tuple[str, str]] = Counter()
        for verdict in self.verdicts:
            for contact in verdict.journey.score.contacts:
                for reason in contact.score.reasons:
                    where = reason.where
                    system = where.system or f"{NO_SYSTEM} ({reason.dimension})"
                    table[where.layer or "-", system] += reason.points  # type: ignore[assignment] # a Counter counts in anything
        return table


def judge(file: Path, injected: Mapping[str, Sequence[Injection]]) -> Judgement:
    """Read journeys back from a file, as `cxotel journey` does, and look who is blamed.

    Args:
        file: The file that the service's telemetry went to; nothing else is read.
        injected: By the id of a contact, what went wrong in it.
    """
    journeys: dict[str, list[Span]] = {}
    contacts: dict[str, str] = {}
    for span in in_order(FileSource(file).every_span()):
        journey = span.journey_id
        if journey is None:
            continue
        journeys.setdefault(journey, []).append(span)
        contact = span.text(semconv.CX_CONTACT_ID)
        if contact is not None:
            contacts.setdefault(contact, journey)
    found = {
        contact: assemble(journey, journeys[journey])
        for contact, journey in contacts.items()
        if contact in injected
    }
    return Judgement(
        tuple(Verdict(contact, each, tuple(injected[contact])) for contact, each in found.items()),
        len(injected) - len(found),
    )
