"""Work segments out again from their spans where no ledger was exported with them."""

from __future__ import annotations

import json
import re
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from cxotel import semconv
from cxotel.experience.score import score
from cxotel.reading.assemble import assemble
from cxotel.reading.model import MS, Event, SourceError, Span, events_in_order, of_journey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cxotel.analysis.store import Store
    from cxotel.experience.rules import Rules
    from cxotel.reading.assemble import Segment

    Row = Mapping[str, Any]

PAGE: Final = 20_000
"""Spans that are held at once, about."""

_LITERAL: Final = re.compile(r"-?\d{1,18}(\.\d+)?([eE][-+]?\d+)?|true|false")


def complete(store: Store, rules: Rules) -> int:
    """State what the carriers of some journeys could not, and return how many journeys those are.

    Args:
        store: The tables.
        rules: The rules that the journeys were scored by.
    """
    [found] = store.rows("incomplete")
    pages = found["Spans"] // PAGE + 1 if found["Journeys"] else 0
    for page in range(pages):
        rows = store.rows("spans", pages=pages, page=page)
        stated = list(_statements(rows, rules))
        if stated:
            store.run("state", rows="\n".join(map(json.dumps, stated)))
    return int(found["Journeys"])


def _statements(rows: Iterable[Row], rules: Rules) -> Iterator[dict[str, Any]]:
    for journey_id, of_one in groupby(rows, lambda row: str(row["JourneyId"])):
        spans = of_journey(map(span_of, of_one), journey_id)
        try:
            journey = assemble(journey_id, spans, rules)
        except SourceError:
            continue  # its ledgers are of other rules: the score will say so
        for segment in journey.segments:
            yield _statement(journey_id, segment, rules)


def _statement(journey_id: str, segment: Segment, rules: Rules) -> dict[str, Any]:
    carrier, found = segment.carrier, score(segment.ledger, rules)
    blame = found.blame
    return {
        "JourneyId": journey_id,
        "SegmentId": segment.id,
        "Revision": segment.revision,
        "Known": len(segment.spans),
        "Contacts": json.dumps(segment.contacts, ensure_ascii=False, separators=(",", ":")),
        "Start": str(carrier.start_ns // MS),
        "Ledger": segment.ledger.to_json().decode(),
        "Service": carrier.service,
        "Duration": max(0, carrier.end_ns - carrier.start_ns),
        "Score": "" if found.value is None else str(found.value),
        "BlameLayer": (blame and blame.layer) or "",
        "BlameSystem": (blame and blame.system) or "",
    }


def span_of(row: Row) -> Span:
    """Return a row of the exporter's table as a span.

    The table keeps all values as text: those of the registry are turned back into their type, and
    of other attributes what can only be a number or a truth value.

    Args:
        row: The row, as `spans.sql` selects it.
    """
    start = int(row["Started"])
    events = zip(row["EventTimes"], row["EventNames"], row["EventAttributes"], strict=True)
    told = [Event(name, _typed(values), int(at)) for at, name, values in events]
    return Span(
        name=row["SpanName"],
        kind=row["SpanKind"].upper(),
        trace_id=row["TraceId"],
        span_id=row["SpanId"],
        parent_id=row["ParentSpanId"],
        start_ns=start,
        end_ns=start + int(row["Duration"]),
        failed=row["StatusCode"] == "Error",
        scope=row["ScopeName"],
        attributes=_typed(row["SpanAttributes"]),
        events=events_in_order(told),
        links=(),
        resource=dict(row["ResourceAttributes"]),
    )


def _typed(attributes: Mapping[str, str]) -> dict[str, object]:
    return {key: _value(semconv.TYPES.get(key), text) for key, text in attributes.items()}


def _value(kind: str | None, text: str) -> object:
    if kind == "string" or (kind is None and not _LITERAL.fullmatch(text)):
        return text
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return float(value) if kind == "double" and isinstance(value, int) else value
