"""Journeys: what the application says about whom it is serving, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opentelemetry import trace
from opentelemetry.context import get_current

from cxotel import clock, semconv
from cxotel.context import Current, JourneyState, current, observers, with_current
from cxotel.engine.shield import shielded
from cxotel.journey.around import Around
from cxotel.journey.details import Description
from cxotel.journey.endings import Segment, Stage, Unseen
from cxotel.journey.ids import forget_traces, generate, identify, link_to
from cxotel.propagation import with_journey_id
from cxotel.store import keep
from cxotel.version import version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from opentelemetry.context import Context
    from opentelemetry.trace import Span, Tracer, TracerProvider
    from opentelemetry.util.types import AttributeValue

    from cxotel.journey.around import Opened
    from cxotel.journey.details import Attributes, Details, From, Id
    from cxotel.semconv import CxChannel, CxContactRelation

SCOPE = "cxotel.journey"
"""The instrumentation scope of the spans made here."""

_own_provider: TracerProvider | None = None
_latest: tuple[TracerProvider, Tracer] | None = None


def set_provider(provider: TracerProvider | None) -> None:
    """Make journeys with *provider* from now on, or with the global one: for tests."""
    global _own_provider  # noqa: PLW0603 - one choice a process
    _own_provider = provider
    forget_traces()


def _tracer() -> Tracer:
    """Return what makes the spans of journeys, steps and waits."""
    global _latest  # noqa: PLW0603 - making a tracer costs more than a span
    provider = _own_provider or trace.get_tracer_provider()
    if _latest is None or _latest[0] is not provider:
        _latest = provider, provider.get_tracer(SCOPE, version())
    return _latest[1]


@dataclass(frozen=True, slots=True)
class CurrentJourney:
    """The journey that the running code is part of.

    Args:
        id: Its id, the same in every process that takes part.
        name: What the customer is trying to get done.
        channel: How the customer is in touch, where that is known.
        contact_id: The id of this attempt, where it is known and may leave the process.
    """

    id: str
    name: str
    channel: str | None = None
    contact_id: str | None = None


def current_journey() -> CurrentJourney | None:
    """Return the journey that the running code is part of, or `None` outside any.

    A task that was started inside a journey is part of it, even once the journey's block has ended.

    Example:
        >>> current_journey()
        >>> with journey("refund", journey_id="j-17"):
        ...     current_journey().id
        'j-17'
    """
    now = current()
    return _view(now.journey) if now else None


def _view(state: JourneyState) -> CurrentJourney:
    return CurrentJourney(state.id, state.name, state.channel, state.contact_id)


class journey(Around[CurrentJourney]):  # noqa: N801 - reads as a word: `@journey("refund")`
    """Mark a block, or each call of a function, as part of a customer's journey.

    A decorator (functions, coroutines, generators, asynchronous generators, methods) and a context
    manager (`with` and `async with`). The outermost journey block in a process is a *segment*: its
    span carries the score. A block inside it with the same id, or without one, is a step of that
    journey; one with another id is a journey of its own.

    The journey's id is the first that is known of: *journey_id*; the id of the journey around this
    block; the one that arrived in W3C baggage (`cx.journey.id`); the one that the contact store
    knows for *contact_id* or an alias. Otherwise the journey is new and takes its trace's id.

    Each argument but the name may be a function: of the decorated function's arguments (for a
    method, `self` first), or of none for a block. One that raises costs that detail only.

    Args:
        name: What the customer is trying to get done; few different values. The span's name.
        channel: `voice`, `chat`, `messaging`, `email`, `sms`, `video` or `web`.
        journey_id: Your own id of the journey, `[A-Za-z0-9._-]{1,64}` and opaque: it is on every
            span, and crosses to your other services.
        contact_id: The vendor's id of this attempt: of the call, the chat, the visit.
        customer: Who the customer is in your systems. Recorded as a pseudonym (HMAC-SHA256), and
            only where a key is configured.
        aliases: Other ids of the same attempt.
        relation: `new`, `repeat` (the customer had to come back) or `continuation`.
        attributes: Anything else to record on the span, such as `feature_flag.key`.

    Raises:
        ValueError: When it decorates a function, if the name, channel or relation cannot be right.
            At run time a wrong value is logged once and left out.

    Example:
        >>> @journey("refund", channel="voice", contact_id=lambda call: call["sid"])
        ... def handle(call):
        ...     return current_journey().contact_id
        >>> handle({"sid": "CA0123456789abcdef0123456789abcdef"})
        'CA0123456789abcdef0123456789abcdef'
        >>> with journey("order", channel="chat") as order:
        ...     order.name
        'order'
    """

    def __init__(
        self,
        name: str,
        *,
        channel: CxChannel | From[CxChannel | None] | None = None,
        journey_id: Id | From[Id] = None,
        contact_id: Id | From[Id] = None,
        customer: Id | From[Id] = None,
        aliases: Iterable[Id] | From[Iterable[Id] | None] | None = None,
        relation: CxContactRelation | From[CxContactRelation | None] | None = None,
        attributes: Attributes | From[Attributes] = None,
    ) -> None:
        super().__init__()
        self._description = Description(
            name, journey_id, channel, contact_id, aliases, customer, relation, attributes
        )

    def _check(self) -> None:
        problems = self._description.complaints()
        if problems:
            raise ValueError("; ".join(problems))

    def _subject(self, opened: Opened) -> CurrentJourney:
        now = current(opened.context)
        return _view(now.journey) if now else CurrentJourney("", self._description.name)

    def _start(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Opened:
        context = get_current()
        with shielded("starting a journey"):
            details = self._description.of(args, kwargs)
            now = current(context)
            if now is None or not now.journey.is_open():
                return _segment(details)
            if details.journey_id in (None, now.journey.id):
                return _nested(details, now)
            return _segment(details)
        return Unseen(context)


def _segment(details: Details) -> Opened:
    """Start a journey's span that carries its score."""
    context = get_current()
    identity = identify(details.journey_id, details.contacts, context)
    parent = trace.get_current_span(context).get_span_context()
    attributes = {semconv.CX_JOURNEY_NAME: details.name, **details.as_attributes()}
    if identity.journey_id:
        attributes = {**_ids(identity.journey_id), **attributes}
    links = link_to(identity.previous, parent)
    span = _tracer().start_span(
        details.name, context, attributes=attributes, links=links, start_time=clock.now_ns()
    )
    journey_id = identity.journey_id
    if journey_id is None:
        journey_id = generate(span.get_span_context())
        span.set_attributes({**_ids(journey_id), **_chosen_session(attributes)})
    state = JourneyState(journey_id, details.name, span, details.channel, details.contact_id)
    inside = with_current(Current(state), with_journey_id(journey_id, context))
    keep(state, details.contacts)
    for observer in observers():
        with shielded("telling that a journey starts"):
            observer.opened(state)
    return Segment(state, trace.set_span_in_context(span, inside))


def _nested(details: Details, now: Current) -> Opened:
    """Start a step of the journey that is open already, with what is known about its contact."""
    state = now.journey
    if details.contact_id and state.contact_id is None:
        state.contact_id = details.contact_id
    keep(state, details.contacts)
    return start_stage(details.name, details.as_attributes())


def _ids(journey_id: str) -> dict[str, AttributeValue]:
    return {semconv.CX_JOURNEY_ID: journey_id, semconv.SESSION_ID: journey_id}


def _chosen_session(attributes: Mapping[str, AttributeValue]) -> dict[str, AttributeValue]:
    """Return the session that the application chose itself, if it did."""
    chosen = attributes.get(semconv.SESSION_ID)
    return {} if chosen is None else {semconv.SESSION_ID: chosen}


def start_span(
    name: str, attributes: Mapping[str, AttributeValue], since: int
) -> tuple[Span, Context]:
    """Start a span with the ids and the step that the running code is part of.

    Args:
        name: The span's name.
        attributes: What else it says.
        since: When it starts, in ns since the epoch.
    """
    context = get_current()
    now = current(context)
    told = _ids(now.journey.id) if now else {}
    if now and now.step:
        told[semconv.CX_STEP_NAME] = now.step
    span = _tracer().start_span(name, context, attributes={**told, **attributes}, start_time=since)
    return span, trace.set_span_in_context(span, context)


def start_stage(name: str, attributes: Mapping[str, AttributeValue]) -> Stage:
    """Start a step: what happens inside is attributed to it."""
    told = {semconv.CX_STEP_NAME: name, **attributes}
    span, context = start_span(name, told, clock.now_ns())
    now = current(context)
    if now is None:
        return Stage(span, context, None)
    now = Current(now.journey, name, span)
    return Stage(span, with_current(now, context), now)
