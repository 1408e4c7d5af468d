"""The record of a journey: the latest ledger of each of its segments, and the journey's score."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cxotel.experience import reasons
from cxotel.experience.ledger import Ledger
from cxotel.experience.rules import DEFAULT
from cxotel.experience.score import class_of, not_resolved, score

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cxotel.experience.rules import Rules
    from cxotel.experience.score import Blame, Score

FORMAT: Final = 1
"""Version of the canonical JSON."""

SWITCHES: Final = frozenset({reasons.CHANNEL_SWITCH, reasons.CHANNEL_CHANGE})


class SegmentRecord(NamedTuple):
    """What one segment knew at one revision.

    Args:
        revision: Number that rises with every revision of this segment.
        contacts: Ids and aliases of its contact, sorted.
        start: Start of the segment, ms since the epoch.
        ledger: What it lost.
    """

    revision: int
    contacts: tuple[str, ...]
    start: int
    ledger: Ledger


@dataclass(frozen=True, slots=True)
class JourneyRecord:
    """Map segment ids to what each segment last knew.

    Records merge by ``|``: in any order and grouping, and however often the same one comes, the
    result is the same. Of two revisions of a segment the later stays, of equal ones that with the
    larger canonical bytes. What a vendor reports later is a segment of its own, with its own
    revisions: it never replaces a live segment.

    Args:
        segments: The records of the segments by their ids.

    Example:
        >>> first = JourneyRecord.of("a1", Ledger(DEFAULT.fingerprint), start=0)
        >>> second = JourneyRecord.of("b2", Ledger(DEFAULT.fingerprint), start=9_000)
        >>> first | second | first == second | first
        True
        >>> JourneyRecord.from_json((first | second).to_json()) == first | second
        True
    """

    segments: Mapping[str, SegmentRecord] = field(default_factory=dict[str, SegmentRecord])

    def __post_init__(self) -> None:
        object.__setattr__(self, "segments", MappingProxyType(dict(self.segments)))

    def __reduce__(self) -> tuple[Any, ...]:
        return JourneyRecord.from_json, (self.to_json(),)

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
        """Return the record of a single segment.

        Args:
            segment_id: Id of the segment: its carrier's span id, or the name of a later source.
            ledger: What it lost.
            start: Start of the segment, ms since the epoch.
            revision: Number that rises with every revision of this segment.
            contacts: Ids and aliases of its contact, as far as they are known.
        """
        names = tuple(sorted(set(contacts)))
        return cls({segment_id: SegmentRecord(revision, names, start, ledger)})

    def __or__(self, other: JourneyRecord) -> JourneyRecord:
        """Return both records as one."""
        segments = dict(self.segments)
        for segment_id, record in other.segments.items():
            present = segments.get(segment_id)
            if present is None or _order(record) > _order(present):
                segments[segment_id] = record
        return JourneyRecord(segments)

    def to_json(self) -> bytes:
        """Return this record as canonical JSON: equal records give equal bytes."""
        segments = {key: _plain(self.segments[key]) for key in sorted(self.segments)}
        return json.dumps({"v": FORMAT, "segments": segments}, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, data: bytes | str) -> JourneyRecord:
        """Read what `to_json` wrote.

        Raises:
            ValueError: When *data* is not a record in this format.
        """
        try:
            value = json.loads(data)
            if value["v"] != FORMAT:
                raise ValueError(f"format {value['v']!r}, expected {FORMAT}")  # noqa: TRY301
            return cls({key: _read(record) for key, record in value["segments"].items()})
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f"not a cxotel journey record: {error}") from error


class ContactScore(NamedTuple):
    """The score of one contact of a journey.

    Args:
        ids: Its ids and aliases, sorted; none where nobody knows any.
        start: Start of its first segment, ms since the epoch.
        score: Its score.
    """

    ids: tuple[str, ...]
    start: int
    score: Score


@dataclass(frozen=True, slots=True)
class JourneyScore:
    """The score of a journey, with what it was made of.

    Args:
        value: Half the mean, a quarter the worst and a quarter the last of its contacts' scores,
            0..100; None where no contact has one.
        class_: The class of `value`.
        mean: Mean of the contacts' scores.
        worst: The worst contact's score.
        last: The last contact's score.
        contacts: All contacts, the first first, scored or not.
        blame: Who took most over all contacts, if anybody took enough.
        algorithm: Name of the method.
    """

    value: int | None
    class_: str
    mean: float | None
    worst: int | None
    last: int | None
    contacts: tuple[ContactScore, ...]
    blame: Blame | None
    algorithm: str


def journey_score(record: JourneyRecord, rules: Rules = DEFAULT) -> JourneyScore:
    """Score a journey.

    Value: half the mean of its contacts' scores, a quarter the worst, a quarter the last; no better
        than the last contact where that one was not resolved. One contact gives its own score.
        Contacts that are unclassified take no part.
    Source: Over many contacts the mean, the worst and the latest moment all matter, and none alone
        (Alaybek et al., OBHDP 2022: peak and end do no better than the mean; ETSI TR 102 506: plain
        averaging fails). The weights are a compromise, not fitted: so all parts are published.
    Grade: P (abstracts) for the parts, ours for the weights.

    Args:
        record: What the journey's segments knew.
        rules: The rules that their ledgers were priced by.

    Raises:
        LedgersDifferError: When a ledger was priced by other rules.
    """
    contacts = _contacts(record)
    scores = _scores(contacts, rules)
    found = tuple(
        ContactScore(contact.ids, contact.start, each)
        for contact, each in zip(contacts, scores, strict=True)
    )
    blame = score(_merged(contacts), rules).blame if contacts else None
    values = [each.value for each in scores if each.value is not None]
    if not values:
        return JourneyScore(None, class_of(None), None, None, None, found, blame, rules.algorithm)
    total, number, worst, last = sum(values), len(values), min(values), values[-1]
    # (2 total / number + worst + last) / 4 in whole numbers, so that halves round up.
    value = (4 * total + 2 * number * (worst + last) + 4 * number) // (8 * number)
    if scores[-1].value is not None and not_resolved(contacts[-1].ledger):
        value = min(value, last)
    return JourneyScore(
        value, class_of(value), total / number, worst, last, found, blame, rules.algorithm
    )


class _Contact(NamedTuple):
    start: int
    ids: tuple[str, ...]
    ledger: Ledger


def _contacts(record: JourneyRecord) -> list[_Contact]:
    """Unite the segments of each contact; those that name none belong to the first."""
    named: list[_Contact] = []
    unnamed: list[_Contact] = []
    for segment in record.segments.values():
        contact = _Contact(segment.start, segment.contacts, segment.ledger)
        if contact.ids:
            named = _with(named, contact)
        else:
            unnamed.append(contact)
    if unnamed:
        first = min(named, key=lambda each: (each.start, each.ids), default=None)
        rest = [contact for contact in named if contact is not first]
        together = unnamed if first is None else [first, *unnamed]
        named = [_united(together), *rest]
    return sorted(named, key=lambda each: (each.start, each.ids))


def _with(contacts: list[_Contact], more: _Contact) -> list[_Contact]:
    """Return *contacts* with one more, united with those that share an id with it."""
    same = [each for each in contacts if not set(each.ids).isdisjoint(more.ids)]
    others = [each for each in contacts if each not in same]
    return [*others, _united([*same, more])]


def _united(contacts: list[_Contact]) -> _Contact:
    ids = tuple(sorted({name for each in contacts for name in each.ids}))
    return _Contact(min(each.start for each in contacts), ids, _merged(contacts))


def _merged(contacts: list[_Contact]) -> Ledger:
    merged = contacts[0].ledger
    for each in contacts[1:]:
        merged |= each.ledger
    return merged


def _scores(contacts: list[_Contact], rules: Rules) -> list[Score]:
    """Score each contact; a change of channel at the end of one excuses the next for following."""
    scores: list[Score] = []
    excused = 0
    for contact in contacts:
        scores.append(score(contact.ledger, rules, excused=excused))
        excused = 1 if any(key.reason in SWITCHES for key in contact.ledger.entries) else 0
    return scores


def _order(record: SegmentRecord) -> tuple[int, bytes]:
    return record.revision, json.dumps(_plain(record)).encode()


def _plain(record: SegmentRecord) -> list[Any]:
    ledger = json.loads(record.ledger.to_json())
    return [record.revision, [*record.contacts], record.start, ledger]


def _read(value: list[Any]) -> SegmentRecord:
    revision, contacts, start, ledger = value
    whole = (revision, start)
    if not all(isinstance(each, int) for each in whole):
        raise TypeError(f"{whole!r} are not whole numbers")
    if not all(isinstance(each, str) for each in contacts):
        raise TypeError(f"{contacts!r} are not ids")
    return SegmentRecord(revision, tuple(contacts), start, Ledger.from_json(json.dumps(ledger)))
