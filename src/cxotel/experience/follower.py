"""Follow journeys while they are open: what their code and vendor calls say before spans end."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from opentelemetry.sdk.trace import Span

from cxotel import clock, semconv
from cxotel.engine.shield import report, shielded
from cxotel.experience.carriers import missing
from cxotel.experience.describe import whole_points
from cxotel.experience.scopes import plain
from cxotel.semconv import CX_EVIDENCE_KIND, CX_JOURNEY_ID

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.trace import Span as ApiSpan
    from opentelemetry.util.types import AttributeValue

    from cxotel.context import Current, Failure, JourneyState
    from cxotel.experience.carriers import Place
    from cxotel.experience.registry import Registry


class Follower:
    """Listen to journeys for a registry; see `cxotel.context.Observer`.

    Args:
        registry: What knows the segments.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._told = count(1)

    def opened(self, journey: JourneyState) -> None:
        """Let a journey's span carry its segment, and the local root above it stand back."""
        with shielded("following a journey from its start"):
            self._opened(journey)

    def _opened(self, journey: JourneyState) -> None:
        place = self._place(journey.span)
        if place is not None and isinstance(journey.span, Span):
            self._registry.carry(journey, journey.span, place.carrier)

    def noted(
        self, now: Current, event: str, attributes: Mapping[str, AttributeValue], time_ns: int
    ) -> None:
        """Take evidence that the journey's own code gave."""
        with shielded("taking what a journey noted"):
            place = self._place(now.journey.span)
            if place is not None:
                carrier = place.carrier
                span = now.step_span or now.journey.span
                self._registry.intake.take(
                    carrier.at(now.step),
                    attributes,
                    f"{carrier.id}:{next(self._told)}",
                    f"{span.get_span_context().span_id:016x}",
                    time_ns,
                    time_ns,
                )

    def met(self, now: Current, failure: Failure) -> None:
        """Charge a failure that the journey's code met; a second time changes nothing."""
        with shielded("charging a failure that was met"):
            place = self._place(now.journey.span)
            if place is not None:
                span_id = f"{failure.span_id:016x}"
                self._registry.intake.met(place.carrier, span_id, clock.now_ns())

    def ending(self, span: ApiSpan, start_ns: int, end_ns: int) -> None:
        """Read a vendor call's span while it is live, and write on it what it cost."""
        try:
            if isinstance(span, Span):
                self._ending(span, start_ns, end_ns)
        except Exception as error:  # noqa: BLE001 - the vendor's answer must reach the caller
            report("reading a vendor call", error)

    def _ending(self, span: Span, start_ns: int, end_ns: int) -> None:
        registry = self._registry
        span_id = span.get_span_context().span_id
        place = registry.tables.live.get(span_id)
        if place is None or not registry.tables.take(span_id):
            return
        present = plain(span.attributes)
        if CX_EVIDENCE_KIND not in present:
            return
        if place.carrier.stamps is None:
            registry.imply(place.carrier)
        hurts = registry.read(place, span, f"{span_id:016x}", present, start_ns, end_ns)
        if hurts:
            span.set_attribute(semconv.CX_EXPERIENCE_POINTS, whole_points(hurts))
        stamps = place.carrier.stamps
        if stamps is not None and CX_JOURNEY_ID not in present:
            span.set_attributes(missing(stamps, present))

    def closing(self, journey: JourneyState) -> None:
        """Write the last word on a journey whose span is about to end."""
        with shielded("writing a journey's score"):
            place = self._place(journey.span)
            if place is not None and place.carrier.journey is journey:
                self._registry.intake.close(place.carrier)

    def _place(self, span: ApiSpan) -> Place | None:
        return self._registry.tables.find(span.get_span_context().span_id)
