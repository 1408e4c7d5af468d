"""The open segments of this process: which span belongs where, and what happens to it."""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING, Final

from cxotel import clock, semconv
from cxotel.context import current
from cxotel.experience.carriers import Carrier, stamps
from cxotel.experience.scopes import (
    JOURNEY_SCOPE,
    MARKS,
    is_vendor,
    plain,
    scope_of,
    translate,
)
from cxotel.propagation import arrived_journey_id
from cxotel.semconv import CX_EVIDENCE_KIND, CX_JOURNEY_ID

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import ReadableSpan, Span
    from opentelemetry.trace import SpanContext
    from opentelemetry.util.types import AttributeValue

    from cxotel.context import JourneyState
    from cxotel.experience.carriers import Place
    from cxotel.experience.evidence import Impairment
    from cxotel.experience.intake import Intake
    from cxotel.experience.publishing import Publisher
    from cxotel.experience.tables import Tables

    Attributes = Mapping[str, object]
    Stamps = Mapping[str, AttributeValue]

_CALL: Final = semconv.CxEvidenceKindValues.CALL.value


class Registry:
    """Know the segment of every span of this process.

    Args:
        tables: Where spans are looked up.
        intake: Takes evidence.
        publisher: Counts.
    """

    def __init__(self, tables: Tables, intake: Intake, publisher: Publisher) -> None:
        self.tables = tables
        self.intake = intake
        self.publisher = publisher
        # Reentrant and short: held while a carrier is named, never while a span is written on.
        self._lock = RLock()

    def fork(self) -> None:
        """Start empty: this is a forked child, whose parent goes on with what was open."""
        self._lock = RLock()
        self.tables = self.tables.fork()

    # What runs for every span of the process, `started` and `ended`, is written out flat: a call
    # costs half a percent of a span.

    def started(self, span: Span, context: Context | None) -> None:  # noqa: C901 - see above
        """Find the segment of a span that starts, and let the span bear the journey's id."""
        tables = self.tables
        live = tables.live
        span_id = span.get_span_context().span_id
        if span_id in live:
            return
        parent = span.parent
        place = None if parent is None or parent.is_remote else live.get(parent.span_id)
        if place is None:
            place = self._elsewhere(span, parent)
        now = current(context)
        if now is None:
            wanted = self._outside(span, place.carrier if place else None, context)
        elif place is None:
            wanted = stamps(now.journey.id)
        else:
            wanted = place.carrier.stamps
            if wanted is None or wanted[CX_JOURNEY_ID] != now.journey.id:
                wanted = stamps(now.journey.id)
            if now.step != place.step:
                place = place.carrier.at(now.step)
        if place is not None:
            live[span_id] = place
            if len(live) > tables.max_live:
                tables.drop_oldest()
        if wanted:
            present = plain(span.attributes)
            # One by one: the SDK takes two attributes faster so than as a mapping.
            for key in wanted:
                if key not in present:
                    span.set_attribute(key, wanted[key])

    def _elsewhere(self, span: Span, parent: SpanContext | None) -> Place | None:
        """Return the place of a local root, or of a span whose parent has ended.

        A local parent that nobody knows leaves none.
        """
        if parent is None or parent.is_remote:
            return Carrier(span).here
        place = self.tables.find_ended(parent.span_id)
        if place is None and self.tables.is_inherited(parent.span_id):
            return Carrier(span).here
        return place

    def _outside(
        self, span: Span, carrier: Carrier | None, context: Context | None
    ) -> Stamps | None:
        """Return what a span outside open journeys bears: a caller's journey or an implied one."""
        arrived = arrived_journey_id(context)
        if carrier is None:
            return stamps(arrived) if arrived else None
        scope = scope_of(span)
        if carrier.span is span:
            present = plain(span.attributes)
            given = present.get(CX_JOURNEY_ID)
            arrived = given if isinstance(given, str) and given else arrived
            if scope != JOURNEY_SCOPE and (arrived or is_vendor(scope)):
                self._imply(carrier, arrived, present)
        elif carrier.stamps is None and is_vendor(scope):
            self.imply(carrier, arrived)
        known = carrier.stamps
        if arrived and (known is None or known[CX_JOURNEY_ID] != arrived):
            return stamps(arrived)
        return known

    def imply(self, carrier: Carrier, journey_id: str | None = None) -> None:
        """Let a segment in which no code opened a journey be part of one, named as its trace."""
        span = carrier.span
        if span is None or carrier.stamps is not None:
            return
        written = self._imply(carrier, journey_id, plain(span.attributes))
        pen = carrier.write()
        if pen is not None:
            pen.queue(written)
            pen.flush()
        self.intake.write_on(carrier)

    def _imply(self, carrier: Carrier, journey_id: str | None, present: Attributes) -> Stamps:
        with self._lock:
            if carrier.stamps is not None or carrier.holds_journeys:
                return {}
            return carrier.imply(journey_id or f"{carrier.context.trace_id:032x}", present)

    def carry(self, journey: JourneyState, span: Span, above: Carrier) -> None:
        """Let a journey's span carry its segment, and the local root *above* it stand back.

        A root that bears a score already is marked as superseded, and bears no newer one.

        Args:
            journey: The journey that opened.
            span: Its span.
            above: What carried the segment that the span started in.
        """
        self.publisher.meters.journeys_open(journey.name, 1)
        if above.span is span:
            above.open(journey)
            self.intake.write_on(above)
            return
        root = above.root or above
        carrier = Carrier(span, root, journey)
        self.tables.start(carrier.span_id, carrier.here)
        if root.span is not None and root.journey is None:
            self._hold(root, root.span, journey.id)

    def _hold(self, root: Carrier, span: Span, journey_id: str) -> None:
        present = plain(span.attributes)
        with self._lock:
            written = root.hold(journey_id, present)
            account, root.account = root.account, None
        if account is not None and account.detach():
            written[semconv.CX_EXPERIENCE_SUPERSEDED] = True
        pen = root.write()
        if pen is not None:
            pen.queue(written)
            pen.flush()

    def ended(self, span: ReadableSpan) -> None:
        """Read an ended span as evidence, once, and finish the segment that it carried."""
        context = span.get_span_context()
        if context is None:
            return
        tables = self.tables
        span_id = context.span_id
        place = tables.live.pop(span_id, None)
        if place is None:
            return
        ended = tables.ended
        ended[span_id] = place
        if len(ended) >= tables.max_ended:
            tables.turn_page()
        if span_id in tables.taken:
            tables.taken.discard(span_id)
        else:
            attributes = plain(span.attributes)
            for mark in MARKS:
                if mark in attributes:
                    self._read_ended(place, span, span_id, attributes)
                    break
        if place.carrier.span_id == span_id:
            self._finish(place.carrier, span)

    def _read_ended(
        self, place: Place, span: ReadableSpan, number: int, attributes: Attributes
    ) -> None:
        evidence = translate(scope_of(span), span.name, attributes)
        if evidence is None:
            return
        if evidence is attributes and place.carrier.stamps is None:
            self.imply(place.carrier)
        start_ns, end_ns = span.start_time or 0, span.end_time or 0
        self.read(place, span, f"{number:016x}", evidence, start_ns, end_ns)

    def read(  # noqa: PLR0917 - called for every vendor call: names cost time
        self,
        place: Place,
        span: ReadableSpan,
        span_id: str,
        attributes: Attributes,
        start_ns: int,
        end_ns: int,
    ) -> Sequence[Impairment]:
        """Take what a span and its events say, and return what got worse by it.

        Args:
            place: Where the span stands.
            span: The span.
            span_id: Its id, as 16 hexadecimal digits.
            attributes: Its attributes as evidence.
            start_ns: Its start, ns since the epoch.
            end_ns: Its end, ns since the epoch.
        """
        hurts = self.intake.take(place, attributes, span_id, span_id, start_ns, end_ns)
        if attributes[CX_EVIDENCE_KIND] != _CALL:
            hurts += self.intake.take_call_behind(place, attributes, span_id, start_ns, end_ns)
        events = span.events
        # The code of journeys and steps has told of their events as they happened.
        if events and scope_of(span) != JOURNEY_SCOPE:
            for number, event in enumerate(events):
                told = plain(event.attributes)
                if CX_EVIDENCE_KIND in told:
                    at = event.timestamp
                    evidence_id = f"{span_id}.{number}"
                    hurts += self.intake.take(place, told, evidence_id, span_id, at, at)
        return hurts

    def _finish(self, carrier: Carrier, span: ReadableSpan) -> None:
        if carrier.journey_name is not None:
            self.publisher.meters.journeys_open(carrier.journey_name, -1)
        if carrier.holds_journeys:
            carrier.end(span.end_time or carrier.start_ns)
        else:
            self.intake.finish(carrier, span)

    def ages(self) -> dict[str, float]:
        """Return by name how long the oldest journey that is open has been, seconds."""
        now_ns = clock.now_ns()
        ages: dict[str, float] = {}
        # Copied by one call into C, during which no other thread can change the dictionary.
        for span_id, place in list(self.tables.live.items()):
            carrier = place.carrier
            if carrier.span_id == span_id and carrier.journey_name is not None:
                age = max(0.0, (now_ns - carrier.start_ns) / 1e9)
                ages[carrier.journey_name] = max(age, ages.get(carrier.journey_name, 0.0))
        return ages

    def forget(self, places: Sequence[tuple[int, Place]]) -> None:
        """Count open spans that the tables dropped, and close the books on those that carried."""
        self.publisher.meters.dropped("open spans", len(places))
        for span_id, place in places:
            carrier = place.carrier
            if carrier.span_id == span_id:
                if carrier.journey_name is not None:
                    self.publisher.meters.journeys_open(carrier.journey_name, -1)
                carrier.end(clock.now_ns())
