"""Phrases that the tables of several vendors use: usual facts and usual operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxotel import semconv
from cxotel.engine.readers import const, ended_at
from cxotel.engine.vocabulary import Fact, Operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxotel.engine.vocabulary import Reader
    from cxotel.semconv import CxEvidenceKind, CxHandoffKind, CxImpairmentDimension

REACHES: tuple[CxImpairmentDimension, ...] = ("reach", "responsiveness", "reliability")
"""What a call shows that is to bring the customer and somebody together."""
MOVES: tuple[CxImpairmentDimension, ...] = ("effort", "responsiveness", "reliability")
"""What a call shows that moves the customer on."""

_EVENTS: Mapping[CxEvidenceKind, str] = {
    "turn": semconv.EVENT_CX_TURN,
    "queue": semconv.EVENT_CX_QUEUE,
    "handoff": semconv.EVENT_CX_HANDOFF,
    "hold": semconv.EVENT_CX_HOLD,
    "contact": semconv.EVENT_CX_CONTACT,
    "media": semconv.EVENT_CX_MEDIA,
    "authentication": semconv.EVENT_CX_AUTHENTICATION,
    "outcome": semconv.EVENT_CX_OUTCOME,
}


def told(
    kind: CxEvidenceKind,
    reads: Mapping[str, Reader],
    *,
    each: Reader | None = None,
    when: Reader | None = None,
) -> Fact:
    """Return the fact of a kind, under the name that its event always has.

    Args:
        kind: Which kind of evidence it is.
        reads: Attribute key to reader.
        each: Reads a list of documents out of the reply; the fact is told once for each.
        when: Only where this reader's value is true.
    """
    return Fact(_EVENTS[kind], kind, reads, each, when)


def handed_off(
    kind: CxHandoffKind,
    reads: Mapping[str, Reader] | None = None,
    *,
    fact_id: Reader | None = None,
    warm: bool | None = None,
    each: Reader | None = None,
    when: Reader | None = None,
) -> Fact:
    """Return the fact that a handoff was asked for.

    Args:
        kind: Which kind of handoff, for example `transfer_cold`.
        reads: What else the reply tells of it.
        fact_id: Its id, where the vendor gives one.
        warm: Whether somebody explained the matter to who takes over; `None` if nobody knows.
        each: As for a `Fact`.
        when: As for a `Fact`.
    """
    known = {
        **({} if fact_id is None else {semconv.CX_EVIDENCE_ID: fact_id}),
        semconv.CX_HANDOFF_KIND: const(kind),
        **({} if warm is None else {semconv.CX_HANDOFF_WARM: const(warm)}),
        semconv.CX_HANDOFF_RESULT: const("requested"),
    }
    return told("handoff", {**known, **(reads or {})}, each=each, when=when)


def hold_began(fact_id: Reader, *, when: Reader | None = None) -> Fact:
    """Return the fact that a call put somebody on hold.

    Args:
        fact_id: The id of what is held; `hold_ended` of the same id is the same hold.
        when: As for a `Fact`.
    """
    return _hold(semconv.CX_EVIDENCE_START_TIME, fact_id, when)


def hold_ended(fact_id: Reader, *, when: Reader | None = None) -> Fact:
    """Return the fact that a call took somebody off hold.

    Args:
        fact_id: The id of what is held, as for `hold_began`.
        when: As for a `Fact`.
    """
    return _hold(semconv.CX_EVIDENCE_END_TIME, fact_id, when)


def _hold(end: str, fact_id: Reader, when: Reader | None) -> Fact:
    return told("hold", {semconv.CX_EVIDENCE_ID: fact_id, end: ended_at}, when=when)


def heard(
    source: str,
    reads: Mapping[str, Reader],
    *,
    each: Reader | None = None,
    when: Reader | None = None,
) -> Fact:
    """Return the fact of a leg's quality, by the vendor's own reckoning.

    Args:
        source: Where the vendor tells it, for example `twilio_voice_insights`.
        reads: The leg, and its quality.
        each: As for a `Fact`.
        when: As for a `Fact`.
    """
    known = {
        semconv.CX_MEDIA_MODEL: const("vendor"),
        semconv.CX_MEDIA_ORIGIN: const("reported"),
        semconv.CX_MEDIA_SOURCE: const(source),
    }
    return told("media", {**known, **reads}, each=each, when=when)


def unwaited(
    name: str,
    *facts: Fact,
    shows: tuple[CxImpairmentDimension, ...] = (),
    response: Mapping[str, Reader] | None = None,
) -> Operation:
    """Return an operation that no customer waits for: a report, an import, analytics.

    Args:
        name: Its name, as for an `Operation`.
        facts: What its reply tells.
        shows: Dimensions of the score in which it could show an impairment.
        response: Attribute key to reader, read from the reply.
    """
    return Operation(
        name, shows=shows, customer_waits=False, response=response or {}, facts=tuple(facts)
    )
