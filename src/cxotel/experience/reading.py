"""From the attributes of spans and events to evidence: a value of the wrong type is left out."""

from __future__ import annotations

from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Final, TypeVar, cast

from cxotel import semconv
from cxotel.experience.evidence import (
    DIMENSIONS,
    NOTHING,
    Authentication,
    Call,
    Callback,
    Contact,
    Declared,
    Evidence,
    Feedback,
    Handoff,
    Hold,
    Media,
    Outcome,
    Queue,
    Turn,
    Where,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from enum import Enum

    Attributes = Mapping[str, object]

T = TypeVar("T")

MOST_POINTS: Final = 93.2
"""There are no more points to lose than this."""


def read(
    attributes: Attributes,
    *,
    id: str,  # noqa: A002
    start: int,
    end: int,
    step: str | None,
) -> Evidence | None:
    """Return the evidence that *attributes* carry, or None where they carry none.

    A vendor call that failed is a failed call, whatever it would have been evidence of. What the
    attributes say about place, time and identity comes before what the arguments say.

    Args:
        attributes: Attributes of a span or of a span event.
        id: Id to use where the attributes give none: the span's id (and the event's number).
        start: Start of the span or time of the event, ms since the epoch.
        end: End of the span or time of the event, ms since the epoch.
        step: Step that the span belongs to, where the attributes do not say.

    Example:
        >>> attributes = {
        ...     semconv.CX_EVIDENCE_KIND: "queue",
        ...     semconv.CX_QUEUE_NAME: "billing",
        ...     semconv.CX_QUEUE_WAIT: 45_000,
        ... }
        >>> read(attributes, id="a1", start=0, end=0, step=None).wait
        45000
    """
    kind = attributes.get(semconv.CX_EVIDENCE_KIND)
    if kind == _CALL or (kind in _CALLED and semconv.ERROR_TYPE in attributes):
        return _call(attributes, id, start, end, step)
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    return reader(_Reading(attributes, id, start, end, step)) if reader else None


def read_call(
    attributes: Attributes,
    *,
    id: str,  # noqa: A002
    start: int,
    end: int,
    step: str | None,
) -> Call | None:
    """Return the call behind a vendor's span that is evidence of something else, or None.

    A call that transferred a contact or authenticated the customer was waited for like any other.

    Args:
        attributes: Attributes of a span.
        id: The span's id.
        start: Start of the span, ms since the epoch.
        end: End of the span, ms since the epoch.
        step: Step that the span belongs to, where the attributes do not say.
    """
    kind = attributes.get(semconv.CX_EVIDENCE_KIND)
    if semconv.CX_OPERATION_NAME not in attributes or semconv.ERROR_TYPE in attributes:
        return None
    if kind in {_CALL, _TURN} or not isinstance(kind, str):
        return None
    return _call(attributes, id, start, end, step)


@lru_cache(maxsize=64)
def _values(enum: type[Enum]) -> frozenset[object]:
    return frozenset(member.value for member in enum)


_KINDS = semconv.CxEvidenceKindValues
_CALL: Final = _KINDS.CALL.value
_TURN: Final = _KINDS.TURN.value
_CALLED: Final = frozenset({_TURN, _KINDS.AUTHENTICATION.value, _KINDS.HANDOFF.value})
"""Kinds that a vendor call may have been meant to be."""
_LAYERS: Final = _values(semconv.CxLayerValues)


def _call(attributes: Attributes, span_id: str, start: int, end: int, step: str | None) -> Call:
    """Read a call; written out flat, because most evidence is calls."""
    get = attributes.get
    waiting, shows = get(semconv.CX_CALL_CUSTOMER_WAITING), get(semconv.CX_EVIDENCE_SHOWS)
    error = get(semconv.ERROR_TYPE)
    # What is true of failures alone is looked up for failures alone.
    timed_out, throttled, recovered, met = _failure(get) if error is not None else _NO_FAILURE
    return Call(
        _text(get(semconv.CX_EVIDENCE_ID)) or span_id,
        _place(get(semconv.CX_LAYER), get(semconv.CX_SYSTEM), get(semconv.CX_STEP_NAME), step),
        _whole(get(semconv.CX_EVIDENCE_START_TIME), start),
        _whole(get(semconv.CX_EVIDENCE_END_TIME), end),
        waiting if isinstance(waiting, bool) else None,
        _text(error),
        timed_out,
        throttled,
        recovered,
        met,
        _whole(get(semconv.HTTP_REQUEST_RESEND_COUNT), 0),
        _whole(get(semconv.CX_CALL_RETRY_WAIT), 0),
        NOTHING if shows is None else _dimensions(shows),
        span_id,
    )


_NO_FAILURE: Final = (False, False, False, False)


def _failure(get: Callable[[str], object]) -> tuple[bool, bool, bool, bool]:
    return (
        get(semconv.CX_CALL_TIMED_OUT) is True,
        get(semconv.CX_CALL_THROTTLED) is True,
        get(semconv.CX_CALL_RECOVERED) is True,
        get(semconv.CX_CALL_MET) is True,
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _whole(value: object, otherwise: T) -> int | T:
    """Return a whole number from zero, or the other where *value* is none."""
    if value is None:
        return otherwise
    return value if isinstance(value, int) and value >= 0 and value is not True else otherwise


def _dimensions(value: object) -> frozenset[str]:
    if not isinstance(value, (list, tuple)):
        return NOTHING
    named = cast("list[object]", value)
    return _named(tuple(each for each in named if isinstance(each, str)))


@lru_cache(maxsize=256)
def _named(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(names).intersection(DIMENSIONS)


def _place(layer: object, system: object, named: object, step: str | None) -> Where:
    named = _text(named) or step
    layer = layer if isinstance(layer, str) and layer in _LAYERS else None
    return _where(layer, _text(system), named)


@lru_cache(maxsize=1024)
def _where(layer: str | None, system: str | None, step: str | None) -> Where:
    return Where(layer, system, step)


class _Reading:
    """Attributes, and what to use where they do not say.

    Args:
        attributes: Attributes of a span or event.
        span_id: Id to use where they give none.
        start: Start to use, ms.
        end: End to use, ms.
        step: Step to use.
    """

    def __init__(
        self, attributes: Attributes, span_id: str, start: int, end: int, step: str | None
    ) -> None:
        self.get = attributes.get
        self.span_id = span_id
        self.start = _whole(self.get(semconv.CX_EVIDENCE_START_TIME), start)
        self.end = _whole(self.get(semconv.CX_EVIDENCE_END_TIME), end)
        self.step = step
        # An event has a moment and no length: what it tells of began and ended when it says so.
        spans = end > start
        self.began = self.start if spans else self.whole(semconv.CX_EVIDENCE_START_TIME)
        self.ended = self.end if spans else self.whole(semconv.CX_EVIDENCE_END_TIME)

    @property
    def where(self) -> Where:
        get = self.get
        layer, system, named = semconv.CX_LAYER, semconv.CX_SYSTEM, semconv.CX_STEP_NAME
        return _place(get(layer), get(system), get(named), self.step)

    def id(self, *keys: str) -> str:
        """Return the fact's id: the evidence's own, that of its kind, or else the span's."""
        for key in (semconv.CX_EVIDENCE_ID, *keys):
            found = self.text(key)
            if found is not None:
                return found
        return self.span_id

    def text(self, key: str) -> str | None:
        return _text(self.get(key))

    def member(self, key: str, enum: type[Enum]) -> str | None:
        """Return the value of a closed set; another one is left out."""
        value = self.text(key)
        return value if value in _values(enum) else None

    def whole(self, key: str) -> int | None:
        return _whole(self.get(key), None)

    def flag(self, key: str) -> bool | None:
        value = self.get(key)
        return value if isinstance(value, bool) else None

    def number(self, key: str) -> float | None:
        value = self.get(key)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return None
        return value if isfinite(value) else None

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.get(key)
        if not isinstance(value, (list, tuple)):
            return ()
        return tuple(each for each in cast("list[object]", value) if isinstance(each, str))


def _callback(of: _Reading) -> Callback:
    system, turn = of.text(semconv.CX_CALLBACK_SYSTEM), of.text(semconv.CX_BOT_TURN_ID)
    return Callback(of.id(), of.where, of.start, of.end, system, turn)


def _turn(of: _Reading) -> Turn:
    # A callback names its turn by the turn's own id.
    return Turn(
        of.text(semconv.CX_BOT_TURN_ID) or of.id(),
        of.where,
        of.start,
        of.end,
        of.whole(semconv.CX_BOT_TURN_DURATION),
        of.whole(semconv.CX_BOT_TURN_FILLER_DELAY),
        of.member(semconv.CX_BOT_TURN_MODALITY, semconv.CxBotTurnModalityValues),
        of.member(semconv.CX_BOT_TURN_RESULT, semconv.CxBotTurnResultValues),
        of.text(semconv.CX_BOT_LOOP_ID),
        _dimensions(of.get(semconv.CX_EVIDENCE_SHOWS)),
    )


def _queue(of: _Reading) -> Queue:
    return Queue(
        of.id(),
        of.where,
        of.text(semconv.CX_QUEUE_NAME) or of.text(semconv.CX_QUEUE_ID),
        of.began,
        of.ended,
        of.whole(semconv.CX_QUEUE_WAIT),
        of.whole(semconv.CX_QUEUE_ANNOUNCED_WAIT),
        of.member(semconv.CX_QUEUE_RESULT, semconv.CxQueueResultValues),
    )


def _handoff(of: _Reading) -> Handoff | None:
    kind = of.member(semconv.CX_HANDOFF_KIND, semconv.CxHandoffKindValues)
    if kind is None:
        return None
    return Handoff(
        of.id(semconv.CX_HANDOFF_ID),
        of.where,
        kind,
        of.flag(semconv.CX_HANDOFF_WARM),
        of.flag(semconv.CX_HANDOFF_FORCED),
        of.member(semconv.CX_HANDOFF_RESULT, semconv.CxHandoffResultValues),
        of.end,
    )


def _hold(of: _Reading) -> Hold | None:
    began, ended = of.began, of.ended
    duration = of.whole(semconv.CX_HOLD_DURATION)
    if duration is not None and (began is None or ended is None):
        # A length alone lies before the moment at which it is told.
        ended = ended or (began + duration if began is not None else of.end)
        began = ended - duration
    return Hold(of.id(), of.where, began, ended) if began is not None or ended is not None else None


def _contact(of: _Reading) -> Contact:
    # Without an id it is the segment's own contact: a segment is part of one.
    return Contact(
        of.text(semconv.CX_CONTACT_ID) or "",
        of.where,
        of.member(semconv.CX_CONTACT_DIRECTION, semconv.CxContactDirectionValues),
        of.member(semconv.CX_CONTACT_STATUS, semconv.CxContactStatusValues),
        of.whole(semconv.CX_CONTACT_POST_DIAL_DELAY),
        of.whole(semconv.CX_CONTACT_CONNECTED_DURATION),
        of.member(semconv.CX_CONTACT_ENDED_BY, semconv.CxContactEndedByValues),
        of.member(semconv.CX_CONTACT_RELATION, semconv.CxContactRelationValues),
        of.texts(semconv.CX_CONTACT_ALIASES),
        of.end,
    )


def _media(of: _Reading) -> Media:
    where, name = of.where, of.text(semconv.CX_MEDIA_LEG_NAME)
    leg = of.text(semconv.CX_MEDIA_LEG_ID) or name or f"{where.layer}/{where.system}"
    return Media(
        leg,
        where,
        of.number(semconv.CX_MEDIA_R),
        of.member(semconv.CX_MEDIA_MODEL, semconv.CxMediaModelValues),
        of.whole(semconv.CX_MEDIA_TALK_DURATION),
        of.whole(semconv.CX_MEDIA_SILENT_DURATION),
        of.member(semconv.CX_MEDIA_DIRECTION, semconv.CxMediaDirectionValues),
        of.start,
        of.end,
        name,
        of.text(semconv.CX_MEDIA_SOURCE),
    )


def _authentication(of: _Reading) -> Authentication:
    result = of.member(semconv.CX_AUTHENTICATION_RESULT, semconv.CxAuthenticationResultValues)
    return Authentication(of.id(semconv.CX_AUTHENTICATION_ID), of.where, result, of.end)


def _outcome(of: _Reading) -> Outcome | None:
    outcome = of.member(semconv.CX_JOURNEY_OUTCOME, semconv.CxJourneyOutcomeValues)
    if outcome is None:
        return None
    cause = of.text(semconv.CX_EVIDENCE_CAUSE)
    # Only with a cause: the span that tells an outcome is not to blame for it.
    return Outcome(outcome, of.end, cause, of.where if cause else None)


def _declared(of: _Reading) -> Declared | None:
    dimension = of.member(semconv.CX_IMPAIRMENT_DIMENSION, semconv.CxImpairmentDimensionValues)
    points = of.number(semconv.CX_IMPAIRMENT_POINTS)
    if dimension is None or points is None:
        return None
    reason = of.text(semconv.CX_IMPAIRMENT_REASON) or "declared"
    lost = min(MOST_POINTS, max(0.0, float(points)))
    return Declared(of.id(), of.where, dimension, lost, reason, of.end)


def _feedback(of: _Reading) -> Feedback | None:
    kind = of.member(semconv.CX_FEEDBACK_KIND, semconv.CxFeedbackKindValues)
    value = of.number(semconv.CX_FEEDBACK_VALUE)
    if kind is None or value is None:
        return None
    low, high = semconv.CX_FEEDBACK_SCALE_MIN, semconv.CX_FEEDBACK_SCALE_MAX
    return Feedback(kind, value, of.number(low), of.number(high), of.end)


_READERS: Final[dict[str, Callable[[_Reading], Evidence | None]]] = {
    _KINDS.CALLBACK.value: _callback,
    _TURN: _turn,
    _KINDS.QUEUE.value: _queue,
    _KINDS.HANDOFF.value: _handoff,
    _KINDS.HOLD.value: _hold,
    _KINDS.CONTACT.value: _contact,
    _KINDS.MEDIA.value: _media,
    _KINDS.AUTHENTICATION.value: _authentication,
    _KINDS.OUTCOME.value: _outcome,
    _KINDS.IMPAIRMENT.value: _declared,
    _KINDS.FEEDBACK.value: _feedback,
}
