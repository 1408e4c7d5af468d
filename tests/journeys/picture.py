"""Spans drawn as text, as the documentation shows them."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.trace.id_generator import IdGenerator

from tests.journeys.telemetry import spot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from opentelemetry.sdk.trace import ReadableSpan

INHERITED = ("cx.journey.id", "session.id")
"""What every span inside repeats: drawn once."""


class ReproducibleIds(IdGenerator):
    """Ids that look random and are the same in every run."""

    def __init__(self) -> None:
        self._random = Random(7)

    def generate_trace_id(self) -> int:
        """Return 128 bits."""
        return self._random.getrandbits(128)

    def generate_span_id(self) -> int:
        """Return 64 bits."""
        return self._random.getrandbits(64)


def picture(spans: Iterable[ReadableSpan]) -> str:
    """Draw spans as a tree, in the order of their start; what a child repeats is left out."""
    known = {spot(span).span_id: span for span in spans}
    roots = [
        span for span in known.values() if span.parent is None or span.parent.span_id not in known
    ]
    in_order = sorted(roots, key=lambda span: span.start_time or 0)
    return "\n".join(line for root in in_order for line in _draw(root, known, None))


def _draw(
    span: ReadableSpan, known: Mapping[int, ReadableSpan], parent: ReadableSpan | None
) -> Iterator[str]:
    attributes = dict(span.attributes or {})
    above: Mapping[str, Any] = (parent.attributes if parent else None) or {}
    yield f"- {span.name}"
    if not span.status.is_unset:
        yield f"    status = {span.status.status_code.name}"
    for key, value in attributes.items():
        if key not in INHERITED or above.get(key) != value:
            yield f"    {key} = {value}"
    for event in span.events:
        yield f"    event {event.name}"
        yield from (f"        {key} = {value}" for key, value in (event.attributes or {}).items())
    for link in span.links:
        yield f"    link to span {link.context.span_id:016x}"
        yield from (f"        {key} = {value}" for key, value in (link.attributes or {}).items())
    children = [
        each
        for each in known.values()
        if each.parent is not None and each.parent.span_id == spot(span).span_id
    ]
    for child in sorted(children, key=lambda each: each.start_time or 0):
        yield from (f"  {line}" for line in _draw(child, known, span))
