"""A journey's spans and events as the moments of a story, in the order in which they happened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from cxotel import semconv
from cxotel.experience.scopes import JOURNEY_SCOPE
from cxotel.reading.facts import TOLD, in_words, turn
from cxotel.reading.model import MS, in_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cxotel.reading.assemble import Journey, Segment
    from cxotel.reading.model import Event, Span

_BEARING: Final = frozenset({"call", "wait", "span"})
"""Moments that bear the points that they took."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a story.

    Args:
        kind: `step`, `call`, `wait`, `event`, `hurt` or `span` (what another library tells).
        at_ns: When it began, ns since the epoch.
        duration: How long it took, in ms; `None` for something that takes no time.
        depth: How deep inside the segment it stands, 0 for what is directly in it.
        text: What it is.
        notes: What is to be said of it besides.
        points: Points of R that it took, where it took any.
        failed: Whether it failed.
        span_id: The span that tells it.
    """

    kind: str
    at_ns: int
    duration: int | None
    depth: int
    text: str
    notes: tuple[str, ...] = ()
    points: int | None = None
    failed: bool = False
    span_id: str = ""


def moments(segment: Segment) -> list[Moment]:
    """Return what happened in a segment, in order; its carrier itself is not among it.

    Args:
        segment: The segment.
    """
    depths = _depths(segment)
    told = [
        moment
        for span in segment.spans
        for moment in (*_of_span(span, depths[span.span_id]), *_of_events(span, depths))
    ]
    told = _with_points(told, segment)
    return sorted(told, key=lambda moment: (moment.at_ns, moment.kind == "hurt", moment.depth))


def _depths(segment: Segment) -> dict[str, int]:
    depths = {segment.carrier.span_id: -1}
    for span in in_order(segment.spans):
        depths.setdefault(span.span_id, depths.get(span.parent_id, -1) + 1)
    return depths


def _of_span(span: Span, depth: int) -> Iterator[Moment]:
    if depth < 0:
        return
    duration = (span.end_ns - span.start_ns) // MS
    yield Moment(
        kind=_kind(span),
        at_ns=span.start_ns,
        duration=duration,
        depth=depth,
        text=span.name,
        notes=tuple(_notes(span)),
        points=span.whole(semconv.CX_EXPERIENCE_POINTS),
        failed=span.failed or semconv.ERROR_TYPE in span.attributes,
        span_id=span.span_id,
    )


def _kind(span: Span) -> str:
    if span.scope == JOURNEY_SCOPE:
        waiting = span.attributes.get(semconv.CX_EVIDENCE_KIND) == "queue"
        return "wait" if waiting else "step"
    return "call" if semconv.CX_EVIDENCE_KIND in span.attributes else "span"


def _notes(span: Span) -> list[str]:
    attributes = span.attributes
    said = [
        words
        for key, words in (
            (semconv.CX_CALL_TIMED_OUT, "timed out"),
            (semconv.CX_CALL_THROTTLED, "throttled"),
            (semconv.CX_CALL_RECOVERED, "recovered"),
        )
        if attributes.get(key) is True
    ]
    error = span.text(semconv.ERROR_TYPE)
    if error:
        code = span.text(semconv.CX_VENDOR_ERROR_CODE)
        said.insert(0, f"failed: {error}" + (f" ({code})" if code else ""))
    again = span.whole(semconv.HTTP_REQUEST_RESEND_COUNT)
    if again:
        said.append(f"tried {again + 1} times")
    if attributes.get(semconv.CX_EVIDENCE_KIND) == "turn":
        said += turn(attributes)
    return said


def _of_events(span: Span, depths: Mapping[str, int]) -> Iterator[Moment]:
    depth = max(0, depths[span.span_id] + 1)
    for event in span.events:
        tell = TOLD.get(event.name)
        if tell is not None:
            said = ", ".join(tell(event.attributes))
            text = event.name.removeprefix("cx.") + (f": {said}" if said else "")
            yield Moment("event", event.time_ns, None, depth, text, span_id=span.span_id)


def _with_points(told: Sequence[Moment], segment: Segment) -> list[Moment]:
    """Let calls and waits bear what they took; tell of the rest, such as transfers, by itself."""
    hurts: dict[str, list[Event]] = {}
    for event in segment.carrier.events:
        if event.name == semconv.EVENT_CX_IMPAIRMENT:
            culprit = str(event.attributes.get(semconv.CX_IMPAIRMENT_SPAN_ID))
            hurts.setdefault(culprit, []).append(event)
    bearing: list[Moment] = []
    for moment in told:
        if moment.kind in _BEARING and moment.span_id in hurts:
            points = sum(_points(event) or 0 for event in hurts.pop(moment.span_id))
            bearing.append(replace(moment, points=moment.points or points))
        else:
            bearing.append(moment)
    return bearing + [_hurt(event) for events in hurts.values() for event in events]


def _points(event: Event) -> int | None:
    points = event.attributes.get(semconv.CX_IMPAIRMENT_POINTS)
    return points if isinstance(points, int) else None


def _hurt(event: Event) -> Moment:
    said = event.attributes
    where = said.get(semconv.CX_SYSTEM) or said.get(semconv.CX_STEP_NAME)
    reason = in_words(said.get(semconv.CX_IMPAIRMENT_REASON))
    return Moment(
        kind="hurt",
        at_ns=event.time_ns,
        duration=None,
        depth=0,
        text=f"{said.get(semconv.CX_IMPAIRMENT_DIMENSION)}: {reason}",
        notes=(str(where),) if where else (),
        points=_points(event),
    )


def outcome_of(segment: Segment) -> str | None:
    """Return the outcome that a segment declared."""
    return segment.carrier.text(semconv.CX_JOURNEY_OUTCOME)


def duration_of(journey: Journey) -> int:
    """Return how long a journey took from its first span to its last, in ms."""
    spans: Sequence[Span] = [span for segment in journey.segments for span in segment.spans]
    return (max(span.end_ns for span in spans) - min(span.start_ns for span in spans)) // MS
