"""Put a journey together again from its exported spans: segments, their ledgers, the score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cxotel import semconv
from cxotel.experience.ledger import Ledger, LedgersDifferError
from cxotel.experience.record import JourneyRecord, journey_score
from cxotel.experience.rules import DEFAULT
from cxotel.experience.scopes import JOURNEY_SCOPE
from cxotel.reading.model import MS, SourceError, in_order
from cxotel.reading.recompute import recompute

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cxotel.experience.record import JourneyScore
    from cxotel.experience.rules import Rules
    from cxotel.reading.model import Span

    Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Segment:
    """The part of a journey that one process handled in one go.

    Args:
        id: The segment's id: its carrier's span id, or the name of a source of late truth.
        revision: Which statement of it this is.
        carrier: The span that carries it.
        spans: All its spans, the carrier included, in the order in which they started.
        contacts: Ids of the contact that it is part of.
        ledger: What it lost.
        exact: Whether the ledger is the carrier's own; otherwise it was made from the spans.
    """

    id: str
    revision: int
    carrier: Span
    spans: tuple[Span, ...]
    contacts: tuple[str, ...]
    ledger: Ledger
    exact: bool


@dataclass(frozen=True, slots=True)
class Journey:
    """A journey as it was exported.

    Args:
        id: Its id.
        name: Its name, where a span tells it.
        segments: Its segments, in the order in which they started.
        record: The merged record of all segments.
        score: Its score.
    """

    id: str
    name: str | None
    segments: tuple[Segment, ...]
    record: JourneyRecord
    score: JourneyScore


def assemble(journey_id: str, spans: Sequence[Span], rules: Rules = DEFAULT) -> Journey:
    """Put a journey together from all its spans.

    A carrier that is cxotel's own bears its segment's ledger. Where it is another library's span,
    or a backend has cut the ledger short, the same is worked out again from the spans.

    Args:
        journey_id: The journey's id.
        spans: Its spans, each once.
        rules: The rules that it was scored by.

    Raises:
        SourceError: There is no span, or the ledgers were made by different rules.
    """
    if not spans:
        raise SourceError(f"there is no span of a journey {journey_id}")
    segments = tuple(
        _segment(carrier, inside, rules) for carrier, inside in _parts(in_order(spans))
    )
    records = [
        JourneyRecord.of(
            segment.id,
            segment.ledger,
            start=segment.carrier.start_ns // MS,
            revision=segment.revision,
            contacts=segment.contacts,
        )
        for segment in segments
    ]
    record = JourneyRecord()
    try:
        for one in records:
            record |= one
        score = journey_score(record, rules)
    except LedgersDifferError as error:
        raise SourceError(
            f"journey {journey_id} was scored by other rules than those in force here; "
            "name the settings file that its services use in CXOTEL_CONFIG"
        ) from error
    names = [span.text(semconv.CX_JOURNEY_NAME) for span in in_order(spans)]
    return Journey(journey_id, next(filter(None, names), None), segments, record, score)


class _Tree:
    """Which span stands under which, within each process."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._by_id = {(span.trace_id, span.span_id): span for span in spans}

    def above(self, span: Span) -> Span | None:
        """Return the parent, where it is of the same process."""
        parent = self._by_id.get((span.trace_id, span.parent_id))
        return parent if parent is not None and parent.process == span.process else None

    def line(self, span: Span) -> list[Span]:
        """Return a span and what it stands under, from the inside to the outside."""
        line = [span]
        while (parent := self.above(line[-1])) is not None and parent not in line:
            line.append(parent)
        return line


def _parts(spans: Sequence[Span]) -> list[tuple[Span, list[Span]]]:
    """Return carriers with the spans of their segments."""
    tree = _Tree(spans)
    lines = {_key(span): tree.line(span) for span in spans}
    carriers = {_key(span): _outermost_journey(line) for span, line in _paired(spans, lines)}
    # A local root under which a journey opened carries nothing; it is shown with the first.
    holds: dict[Key, Span] = {}
    for span in spans:
        carrier = carriers[_key(span)]
        if carrier is not None:
            holds.setdefault(_key(lines[_key(span)][-1]), carrier)
    found: dict[Key, tuple[Span, list[Span]]] = {}
    for span in spans:
        root = lines[_key(span)][-1]
        carrier = carriers[_key(span)] or holds.get(_key(root)) or root
        found.setdefault(_key(carrier), (carrier, []))[1].append(span)
    return list(found.values())


def _paired(
    spans: Sequence[Span], lines: Mapping[Key, list[Span]]
) -> list[tuple[Span, list[Span]]]:
    return [(span, lines[_key(span)]) for span in spans]


def _key(span: Span) -> Key:
    return span.trace_id, span.span_id


def _outermost_journey(line: Sequence[Span]) -> Span | None:
    """Return the outermost span of a line that carries a segment by itself."""
    return next((span for span in reversed(line) if _carries(span)), None)


def _carries(span: Span) -> bool:
    if semconv.CX_EXPERIENCE_LEDGER in span.attributes:
        return True
    return span.scope == JOURNEY_SCOPE and semconv.CX_JOURNEY_NAME in span.attributes


def _segment(carrier: Span, spans: list[Span], rules: Rules) -> Segment:
    again = recompute(carrier, spans, rules)
    exact = _own_ledger(carrier)
    own = {carrier.text(semconv.CX_CONTACT_ID), *_aliases(carrier)} - {None, ""}
    return Segment(
        id=carrier.text(semconv.CX_SEGMENT_ID) or carrier.span_id,
        revision=carrier.whole(semconv.CX_SEGMENT_REVISION) or 0,
        carrier=carrier,
        spans=tuple(spans),
        contacts=tuple(sorted({str(contact) for contact in own} | again.contacts)),
        ledger=again.ledger() if exact is None else exact,
        exact=exact is not None,
    )


def _aliases(span: Span) -> list[str]:
    value = span.attributes.get(semconv.CX_CONTACT_ALIASES)
    return [str(alias) for alias in value] if isinstance(value, (list, tuple)) else []  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - JSON


def _own_ledger(carrier: Span) -> Ledger | None:
    text = carrier.text(semconv.CX_EXPERIENCE_LEDGER)
    if text is None:
        return None
    try:
        return Ledger.from_json(text)
    except ValueError:
        return None  # a backend keeps only so many bytes of an attribute
