"""Work a segment out again from its exported spans, to the last thousandth of a point."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxotel import semconv
from cxotel.experience.evidence import Call
from cxotel.experience.intake import EXCEPTION
from cxotel.experience.reading import read, read_call
from cxotel.experience.rules import DEFAULT
from cxotel.experience.scopes import JOURNEY_SCOPE, translate
from cxotel.experience.segment import Segment
from cxotel.reading.model import MS, in_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cxotel.experience.evidence import Evidence
    from cxotel.experience.rules import Rules
    from cxotel.reading.model import Span


def recompute(carrier: Span, spans: Sequence[Span], rules: Rules = DEFAULT) -> Segment:
    """Read all evidence of a segment's spans, as the processor did when they ended.

    Args:
        carrier: The span that carries the segment.
        spans: All spans of the segment, the carrier included.
        rules: The rules to price by.
    """
    segment = Segment(
        rules,
        id=carrier.span_id,
        start=carrier.start_ns // MS,
        channel=_channel(carrier, spans),
        waiting=True if carrier.kind == "SERVER" else None,
    )
    steps, failures = _steps(spans), list[str]()
    for span in sorted(spans, key=lambda each: each.end_ns):
        for evidence in _evidence(span, steps.get(span.span_id)):
            segment.observe(evidence)
            if isinstance(evidence, Call) and evidence.error and not evidence.recovered:
                failures.append("" if span is carrier else evidence.id)
    # Nobody told who handled an error that left a span which is not ours.
    if _failed(carrier) and failures and failures[-1] and carrier.scope != JOURNEY_SCOPE:
        segment.met(failures[-1])
    return segment


def _failed(span: Span) -> bool:
    return span.failed or any(event.name == EXCEPTION for event in span.events)


def _channel(carrier: Span, spans: Sequence[Span]) -> str | None:
    """Return the channel that the journey's code, or else a piece of evidence, tells."""
    telling = [carrier] if carrier.scope == JOURNEY_SCOPE else []
    telling += [span for span in spans if semconv.CX_EVIDENCE_KIND in span.attributes]
    return next(filter(None, (span.text(semconv.CX_CHANNEL) for span in telling)), None)


def _steps(spans: Sequence[Span]) -> dict[str, str | None]:
    """Return the step that each span stands in: its own, or that of the span above it."""
    steps: dict[str, str | None] = {}
    for span in in_order(spans):
        steps[span.span_id] = span.text(semconv.CX_STEP_NAME) or steps.get(span.parent_id)
    return steps


def _evidence(span: Span, step: str | None) -> Iterator[Evidence]:
    """Yield what a span and its events are evidence of, as the processor reads them."""
    attributes = translate(span.scope, span.name, span.attributes)
    if attributes is not None:
        told, start, end = dict(attributes), span.start_ns // MS, span.end_ns // MS
        yield from _known(read(told, id=span.span_id, start=start, end=end, step=step))
        yield from _known(read_call(told, id=span.span_id, start=start, end=end, step=step))
    if attributes is None and span.scope != JOURNEY_SCOPE:
        return
    mark = ":" if span.scope == JOURNEY_SCOPE else "."
    for number, event in enumerate(span.events):
        if semconv.CX_EVIDENCE_KIND in event.attributes:
            at, identity = event.time_ns // MS, f"{span.span_id}{mark}{number}"
            told = dict(event.attributes)
            yield from _known(read(told, id=identity, start=at, end=at, step=step))


def _known(evidence: Evidence | None) -> Iterator[Evidence]:
    if evidence is not None:
        yield evidence
