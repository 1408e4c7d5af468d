"""Which span carries a segment, which journey it is of, and where a span stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from opentelemetry.trace import SpanKind

from cxotel import semconv
from cxotel.experience.pen import Pen
from cxotel.experience.publishing import Counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.sdk.trace import Span
    from opentelemetry.trace import SpanContext
    from opentelemetry.util.types import AttributeValue

    from cxotel.context import JourneyState
    from cxotel.experience.account import Account

MAX_STEPS: Final = 64
"""Steps of one segment whose places are shared; more are made as they come."""
MAX_NAMED: Final = 256
"""Journeys under one local root that are told apart; later ones are counted as they open."""


class Place(NamedTuple):
    """Where a span stands: in which segment, in which step of it."""

    carrier: Carrier
    step: str | None


class Given(NamedTuple):
    """The name and revision that whoever made a span gave to the segment it carries."""

    segment_id: str
    revision: int


class Carrier:
    """A local root, or the outermost journey span under one: what may carry a segment.

    Args:
        span: The span.
        root: The local root above it, for a journey span that has one.
        journey: The journey, for a journey span.
    """

    __slots__ = (
        "_count",
        "_held",
        "_owns_session",
        "_places",
        "account",
        "contacts",
        "context",
        "counted",
        "end_ns",
        "given",
        "here",
        "is_served",
        "journey",
        "journey_id",
        "journey_name",
        "pen",
        "root",
        "span",
        "span_id",
        "stamps",
        "start_ns",
    )

    def __init__(
        self, span: Span, root: Carrier | None = None, journey: JourneyState | None = None
    ) -> None:
        self.context: SpanContext = span.get_span_context()
        self.span_id: int = self.context.span_id
        self.span: Span | None = span
        self.root = root
        self.journey: JourneyState | None = None
        self.journey_name: str | None = None
        self.journey_id: str | None = None
        self.stamps: Mapping[str, AttributeValue] | None = None
        # Somebody waits for the answer to a request, whatever the channel.
        self.is_served: bool = root.is_served if root else span.kind is SpanKind.SERVER
        self.here = Place(self, None)
        self.account: Account | None = None
        self.counted = Counted()
        self.contacts: frozenset[str] = frozenset()
        self.pen: Pen | None = None
        self.start_ns: int = span.start_time or 0
        self.end_ns: int | None = None
        self.given: Given | None = None
        self._places: dict[str, Place] | None = None
        self._held: set[str] | None = None
        self._count = 0
        self._owns_session = False
        if journey is not None:
            self.open(journey)

    def open(self, journey: JourneyState) -> None:
        """Carry a journey's segment."""
        self.journey = journey
        self.journey_name = journey.name
        self.name(journey.id)

    @property
    def id(self) -> str:
        """The carrier's span id, which is the segment's id too."""
        return f"{self.span_id:016x}"

    @property
    def holds_journeys(self) -> bool:
        """Whether journeys opened under this local root: then they are the carriers, not it."""
        return self._count > 0

    def end(self, end_ns: int) -> None:
        """Let go of the span: what comes now is late."""
        self.end_ns = end_ns
        if self.journey is not None and self.journey.contact_id:
            self.contacts = frozenset({self.journey.contact_id})
        self.span = self.pen = self.journey = None

    def heed(self, attributes: Mapping[str, object]) -> None:
        """Let a segment have the name that its span bears: late truth is told once and mended.

        Args:
            attributes: Those of the ended span.
        """
        segment_id = attributes.get(semconv.CX_SEGMENT_ID)
        revision = attributes.get(semconv.CX_SEGMENT_REVISION)
        if isinstance(segment_id, str) and isinstance(revision, int) and segment_id != self.id:
            self.given = Given(segment_id, revision)

    def at(self, step: str | None) -> Place:
        """Return the place of a step."""
        if step is None:
            return self.here
        if self._places is None:
            self._places = {}
        place = self._places.get(step)
        if place is None:
            place = Place(self, step)
            if len(self._places) < MAX_STEPS:
                self._places[step] = place
        return place

    def write(self) -> Pen | None:
        """Return the pen that writes on this carrier while its span is open."""
        if self.pen is None and self.span is not None:
            self.pen = Pen(self.span)
        return self.pen

    def name(self, journey_id: str | None) -> None:
        """Let this carrier and what starts in it from now on belong to a journey, or to none."""
        self.journey_id = journey_id
        self.stamps = None if journey_id is None else stamps(journey_id)

    def imply(self, journey_id: str, present: Mapping[str, object]) -> dict[str, AttributeValue]:
        """Belong to a journey that nobody opened; return what to write on the span for it.

        Args:
            journey_id: The journey's id, used unless the span bears one.
            present: Attributes that the span has.
        """
        given = present.get(semconv.CX_JOURNEY_ID)
        self.name(given if isinstance(given, str) and given else journey_id)
        self._owns_session = semconv.SESSION_ID not in present
        return missing(self.stamps or {}, present)

    def hold(self, journey_id: str, present: Mapping[str, object]) -> dict[str, AttributeValue]:
        """Take note of a journey that opened under this local root; return what to write for it.

        The root bears the journey's id while it holds one. Of several it bears the number, and an
        empty id: an attribute cannot be taken back.

        Args:
            journey_id: Id of the journey.
            present: Attributes that the root span has.
        """
        if self._held is None:
            self._held = set()
            self._owns_session |= semconv.SESSION_ID not in present
        if journey_id in self._held:
            return {}
        if len(self._held) < MAX_NAMED:
            self._held.add(journey_id)
        self._count += 1
        if self._count == 1:
            self.name(journey_id)
            return self._session(journey_id)
        self.name(None)
        several = {} if self._count > 2 else self._session("")
        return {**several, semconv.CX_JOURNEY_COUNT: self._count}

    def _session(self, journey_id: str) -> dict[str, AttributeValue]:
        written: dict[str, AttributeValue] = {semconv.CX_JOURNEY_ID: journey_id}
        if self._owns_session:
            written[semconv.SESSION_ID] = journey_id
        return written


def stamps(journey_id: str) -> dict[str, AttributeValue]:
    """Return what every span of a journey bears."""
    return {semconv.CX_JOURNEY_ID: journey_id, semconv.SESSION_ID: journey_id}


def missing(
    wanted: Mapping[str, AttributeValue], present: Mapping[str, object]
) -> dict[str, AttributeValue]:
    """Return the attributes of *wanted* that a span does not have yet."""
    return {key: value for key, value in wanted.items() if key not in present}
