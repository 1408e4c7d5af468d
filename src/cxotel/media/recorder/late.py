"""Tell the quality of a leg whose journey does not run here: a trace and a segment of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import INVALID_SPAN_CONTEXT, set_span_in_context

from cxotel import clock, semconv
from cxotel.bounded import BoundedTable
from cxotel.journey.ids import link_to
from cxotel.media.recorder.evidence import describe, folded, when
from cxotel.media.recorder.meters import SCOPE
from cxotel.media.recorder.names import leg_id_of, leg_name_of, source_of
from cxotel.semconv import CxEvidenceKindValues
from cxotel.version import version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opentelemetry.trace import TracerProvider
    from opentelemetry.util.types import AttributeValue

    from cxotel.media.quality import MediaQuality
    from cxotel.media.recorder.place import Elsewhere

_told: BoundedTable[tuple[str, str], tuple[int, int]] = BoundedTable(10_000, 86_400.0)
"""By whose and which segment: what was told of it last, and as which revision."""


def tell_late(
    records: Sequence[MediaQuality],
    place: Elsewhere,
    *,
    layer: str | None,
    provider: TracerProvider | None,
) -> Context | None:
    """Make a span of one leg's records, unless they were told before.

    Args:
        records: Intervals of one leg, judged.
        place: The journey that they belong to.
        layer: The layer to blame.
        provider: Makes the span; the global provider where None.

    Returns:
        The context by which exemplars lead to the span; None where all was told before.
    """
    now_ns = clock.now_ns()
    record = folded(records)
    times = when(record, now_ns)
    segment = _segment_of(record)
    revision = _revision((place.journey_id or place.contact_id or "", segment), records)
    if revision is None:
        return None
    attributes = {
        **describe(record, times, layer),
        **_whose(place),
        semconv.CX_SEGMENT_ID: segment,
        semconv.CX_SEGMENT_REVISION: revision,
    }
    tracer = trace.get_tracer(SCOPE, version(), provider)
    span = tracer.start_span(
        f"media_quality {source_of(record)}",
        Context(),  # a trace of its own, whoever's request brought the report
        attributes=attributes,
        links=link_to(place.previous, INVALID_SPAN_CONTEXT),
        start_time=now_ns,
    )
    if place.contact_id:
        told: dict[str, AttributeValue] = {
            semconv.CX_EVIDENCE_KIND: CxEvidenceKindValues.CONTACT.value,
            semconv.CX_CONTACT_ID: place.contact_id,
        }
        span.add_event(semconv.EVENT_CX_CONTACT, told, now_ns)
    span.end(clock.now_ns())
    return set_span_in_context(span, Context())


def _whose(place: Elsewhere) -> dict[str, AttributeValue]:
    told: dict[str, AttributeValue] = {}
    if place.journey_id:
        told |= {semconv.CX_JOURNEY_ID: place.journey_id, semconv.SESSION_ID: place.journey_id}
    if place.contact_id:
        told[semconv.CX_CONTACT_ID] = place.contact_id
    return told


def _segment_of(record: MediaQuality) -> str:
    """Name the segment after its source, its leg and, where the source tells it, its begin."""
    leg = leg_id_of(record) or leg_name_of(record)
    at = None if record.start is None else f"{round(record.start * 1000)}"
    parts = (source_of(record), leg, record.direction, at)
    return ":".join(part for part in parts if part)


def _revision(key: tuple[str, str], records: Sequence[MediaQuality]) -> int | None:
    """Return which revision this is; None for what was told before."""
    content = hash(tuple(records))
    before = _told.get(key)
    if before is not None and before[0] == content:
        return None
    revision = 0 if before is None else before[1] + 1
    _told.put(key, (content, revision))
    return revision
