"""Sampling that exports all segments of a journey or none, and still lets each be scored."""

from __future__ import annotations

import logging
import os
import re
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from opentelemetry import baggage
from opentelemetry.sdk.environment_variables import OTEL_TRACES_SAMPLER_ARG
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import get_current_span

from cxotel import semconv
from cxotel.context import current

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opentelemetry.context import Context
    from opentelemetry.trace import Link, SpanKind, TraceState
    from opentelemetry.util.types import Attributes

_logger = logging.getLogger("cxotel")
_LIMIT: Final = 1 << 64
_TRACE_ID: Final = re.compile("([0-9a-fA-F]{32})(-[0-9a-f]{16})?")
"""A journey's id that was made from its first trace's: alone, or with a span's as a second one."""


class JourneySampler(Sampler):
    """Decide once per journey which traces are exported.

    At a root the draw is made from the journey id where that is known: from the attribute
    `cx.journey.id` given at the start of the span, the running journey, or W3C baggage; otherwise
    from the trace id. A generated journey id is its first trace's id and is drawn from in the same
    way, so a journey whose id becomes known only later keeps its decision. Spans with a parent
    follow the parent. What is not exported is still recorded, so that journeys are scored and
    counted completely.

    Args:
        ratio: Share of journeys to export, from 0 to 1. Text is read as a number, as it comes from
            `OTEL_TRACES_SAMPLER_ARG`; left out, that variable is read; where it is not set, 1.

    Raises:
        ValueError: A number outside 0 to 1 was given.

    Example:
        >>> JourneySampler(0.25).get_description()
        'JourneySampler{0.25}'

    Source:
        The draw is the one of OpenTelemetry's `TraceIdRatioBased`: the lower 64 bits of the id
        against `ratio * 2**64` (specification, Trace SDK, "TraceIdRatioBased"). Ids of another
        form are hashed to 64 bits first.
    """

    def __init__(self, ratio: float | str | None = None) -> None:
        self._ratio = _ratio(ratio)
        self._bound = round(self._ratio * _LIMIT)

    def should_sample(  # noqa: PLR0917 - the SDK's signature
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        """Follow the parent, or draw from the journey id or the trace id; see the class."""
        parent = get_current_span(parent_context).get_span_context()
        if parent.is_valid:
            sampled, state = parent.trace_flags.sampled, parent.trace_state
        else:
            journey_id = _journey_id(attributes, parent_context)
            draw = trace_id % _LIMIT if journey_id is None else _draw(journey_id)
            sampled, state = draw < self._bound, None
        decision = Decision.RECORD_AND_SAMPLE if sampled else Decision.RECORD_ONLY
        return SamplingResult(decision, attributes, state)

    def get_description(self) -> str:
        """Return the sampler's name and ratio."""
        return f"JourneySampler{{{self._ratio}}}"


def _journey_id(attributes: Attributes, context: Context | None) -> str | None:
    given = attributes.get(semconv.CX_JOURNEY_ID) if attributes else None
    if not given:
        now = current(context)
        given = now.journey.id if now else baggage.get_baggage(semconv.CX_JOURNEY_ID, context)
    return given if isinstance(given, str) and given else None


def _draw(journey_id: str) -> int:
    made = _TRACE_ID.fullmatch(journey_id)
    if made:
        return int(made[1], 16) % _LIMIT
    return int.from_bytes(blake2b(journey_id.encode(), digest_size=8).digest(), "big")


def _ratio(given: float | str | None) -> float:
    if isinstance(given, (int, float)):
        if not 0 <= given <= 1:
            raise ValueError(f"JourneySampler's ratio must be from 0 to 1, not {given}")
        return float(given)
    text = (os.environ.get(OTEL_TRACES_SAMPLER_ARG, "") if given is None else given).strip()
    try:
        ratio = float(text or 1)
    except ValueError:
        ratio = -1.0
    if not 0 <= ratio <= 1:
        # An environment is no place to fail in: the SDK, too, falls back to exporting everything.
        _logger.warning(
            "%s must be a number from 0 to 1; every journey is exported", OTEL_TRACES_SAMPLER_ARG
        )
        return 1.0
    return ratio
