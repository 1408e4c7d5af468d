"""Where a record belongs: to the journey that runs, to one that ended or ran elsewhere, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from opentelemetry.trace import NonRecordingSpan, set_span_in_context

from cxotel import store
from cxotel.context import Current, current
from cxotel.engine.shield import warn_once
from cxotel.privacy import identifier, looks_personal
from cxotel.propagation import valid_journey_id
from cxotel.store import LastSegment

if TYPE_CHECKING:
    from opentelemetry.context import Context


class Elsewhere(NamedTuple):
    """A journey that does not run here."""

    journey_id: str | None
    contact_id: str | None
    previous: LastSegment | None
    """Its latest segment that is known of, to link to."""


def place_of(journey_id: object, contact_id: object) -> Current | Elsewhere | None:
    """Return where a record belongs.

    Args:
        journey_id: The journey's id as the application gave it.
        contact_id: The contact's id, as the application gave it.

    Returns:
        The journey that runs, where nothing else was named; None outside of any.
    """
    named = _journey_id(journey_id)
    contact = identifier(contact_id)
    now = current()
    if now is not None and now.journey.is_open() and _is_meant(now, named, contact):
        return now
    if named is None and contact is None:
        return None if now is None else ended(now)
    previous = store.find(named, (contact,) if contact else ())
    return Elsewhere(named or (previous.journey_id if previous else None), contact, previous)


def ended(now: Current) -> Elsewhere:
    """Return the place of what comes after its journey has ended."""
    journey = now.journey
    span = journey.span.get_span_context()
    last = LastSegment(journey.id, span.trace_id, span.span_id, span.trace_flags)
    return Elsewhere(journey.id, identifier(journey.contact_id), last)


def context_of(now: Current | None) -> Context | None:
    """Return the context by which exemplars lead to a journey's trace; None for the running one."""
    if now is None:
        return None
    span = now.step_span or now.journey.span
    return set_span_in_context(NonRecordingSpan(span.get_span_context()))


def _is_meant(now: Current, named: str | None, contact: str | None) -> bool:
    if named is not None:
        return named == now.journey.id
    if contact is None or contact == now.journey.contact_id:
        return True
    found = store.find(None, (contact,))
    # A contact that nobody has heard of is one more of the journey that its record comes in.
    return found is None or found.journey_id == now.journey.id


def _journey_id(value: object) -> str | None:
    if value is None:
        return None
    if valid_journey_id(value) and not looks_personal(str(value)):
        return str(value)
    warn_once(
        "record_media: journey_id",
        "cxotel.record_media: dropped a journey_id; it must be opaque (no phone number), "
        "with 1 to 64 letters, digits, dots, dashes and underscores",
    )
    return None
