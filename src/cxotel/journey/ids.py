"""Find out which journey a segment belongs to, or give it an id."""

from __future__ import annotations

from random import getrandbits
from typing import TYPE_CHECKING, NamedTuple

from opentelemetry.trace import Link, SpanContext, TraceFlags

from cxotel import semconv
from cxotel.bounded import BoundedTable
from cxotel.engine.shield import warn_once
from cxotel.privacy import looks_personal
from cxotel.propagation import arrived_journey_id, valid_journey_id
from cxotel.semconv import CxLinkRelationValues
from cxotel.store import find

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opentelemetry.context import Context

    from cxotel.store import LastSegment

_named_traces: BoundedTable[int, None] = BoundedTable(10_000, 3_600.0)
"""Traces whose id a journey has taken for its own."""


def forget_traces() -> None:
    """Forget which traces have given a journey its id: for tests, whose traces count from 1."""
    global _named_traces  # noqa: PLW0603 - one table a process
    _named_traces = BoundedTable(10_000, 3_600.0)


class Identity(NamedTuple):
    """Which journey a new segment belongs to, as far as that is known before its span starts."""

    journey_id: str | None
    """`None` for a new journey: it is named after its trace."""
    previous: LastSegment | None
    """The latest segment of the same journey that the contact store knows."""


def given_id(name: str, value: object) -> str | None:
    """Return the journey id that the application gave, where it can be one.

    Numbers of customers are kept out: the journey id crosses to other services in baggage.
    """
    if value is None:
        return None
    text = str(value)
    if valid_journey_id(text) and not looks_personal(text):
        return text
    warn_once(
        f"journey {name}: journey_id",
        f"cxotel.journey({name!r}): dropped a journey_id; it must be opaque (no phone number), "
        "with 1 to 64 letters, digits, dots, dashes and underscores",
    )
    return None


def identify(explicit: str | None, contacts: Sequence[str], context: Context) -> Identity:
    """Return the journey of a segment: as given, as arrived in baggage, or found by its contact.

    Args:
        explicit: The id that the application gave.
        contacts: The contact's id and its aliases.
        context: What the segment starts in.
    """
    journey_id = explicit or arrived_journey_id(context)
    previous = find(journey_id, contacts)
    return Identity(journey_id or (previous.journey_id if previous else None), previous)


def generate(span: SpanContext) -> str:
    """Return the id of a new journey: its trace's id, with the span's where another has taken that.

    A trace's id is as random as W3C Trace Context asks for, and what samples by it agrees with what
    samples by the journey's id.
    """
    if not span.is_valid:
        return f"{getrandbits(128):032x}"
    trace_id = f"{span.trace_id:032x}"
    if _named_traces.put_first(span.trace_id, None):
        return trace_id
    return f"{trace_id}-{span.span_id:016x}"


def link_to(previous: LastSegment | None, parent: SpanContext) -> list[Link]:
    """Return the link to the segment before, unless it is in the trace that goes on anyway."""
    if previous is None or not previous.trace_id or previous.trace_id == parent.trace_id:
        return []
    there = SpanContext(
        previous.trace_id,
        previous.span_id,
        is_remote=True,
        trace_flags=TraceFlags(previous.trace_flags),
    )
    relation = CxLinkRelationValues.PREVIOUS_SEGMENT.value
    return [Link(there, {semconv.CX_LINK_RELATION: relation})]
