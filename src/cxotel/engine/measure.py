"""The metrics of vendor calls: how long each took, and which were throttled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxotel import semconv

if TYPE_CHECKING:
    from opentelemetry.metrics import Counter, Histogram, MeterProvider

    from cxotel.engine.call import Call
    from cxotel.engine.vocabulary import Problem


class Measure:
    """The instruments of vendor calls, made when the first call is measured.

    Args:
        provider: Where metrics go; the global provider where left out.
    """

    def __init__(self, provider: MeterProvider | None) -> None:
        self._provider = provider
        self._instruments: tuple[Histogram, Counter] | None = None

    def record(self, call: Call, problem: Problem | None, *, throttled: bool) -> None:
        """Record an ended call; its span becomes the exemplar where it is sampled."""
        duration, refused = self._instruments or self._create()
        about: dict[str, Any] = call.plan.metric
        if problem:
            about = {**about, semconv.ERROR_TYPE: problem.type}
        duration.record((call.ended_ns - call.started_ns) / 1e9, about, call.context)
        if throttled:
            refused.add(1, {semconv.CX_SYSTEM: call.vendor.system_name}, call.context)

    def _create(self) -> tuple[Histogram, Counter]:
        from opentelemetry import metrics  # costs import time

        from cxotel.semconv.metrics import (
            create_cx_vendor_call_duration,
            create_cx_vendor_throttled,
        )

        meter = metrics.get_meter("cxotel", meter_provider=self._provider)
        made = (create_cx_vendor_call_duration(meter), create_cx_vendor_throttled(meter))
        self._instruments = made
        return made
