"""Trace and span ids that are the same in every run."""

from __future__ import annotations

from itertools import count

from opentelemetry.sdk.trace.id_generator import IdGenerator


class SequentialIds(IdGenerator):
    """Count traces and spans from 1, so that a snapshot of them can be compared.

    Example:
        >>> ids = SequentialIds()
        >>> ids.generate_trace_id(), ids.generate_span_id(), ids.generate_span_id()
        (1, 1, 2)
    """

    def __init__(self) -> None:
        # `next` on a counter is one step of the interpreter: threads never get the same id.
        self._traces = count(1)
        self._spans = count(1)

    def generate_trace_id(self) -> int:
        """Return the next trace id."""
        return next(self._traces)

    def generate_span_id(self) -> int:
        """Return the next span id."""
        return next(self._spans)
