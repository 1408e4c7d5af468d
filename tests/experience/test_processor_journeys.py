"""The eighteen journeys, each through the real spans of a process that serves it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.trace import SpanKind

import cxotel
from cxotel import context as journeys
from cxotel import semconv
from cxotel.experience.evidence import (
    Call,
    Contact,
    Evidence,
    Handoff,
    Hold,
    Media,
    Outcome,
    Queue,
    Turn,
)
from cxotel.experience.record import journey_score
from tests.experience.journeys import JOURNEYS, Attempt, Journey
from tests.experience.spans import World, fresh_id, next_millisecond, span_id

if TYPE_CHECKING:
    from cxotel.experience.record import JourneyScore

MS = 1_000_000
DAY = 86_400_000


def describe(fact: Evidence) -> tuple[dict[str, Any], int, int]:
    """Return a fact's attributes, as the registry names them, and its times in ms."""
    match fact:
        case Call():
            told = {
                semconv.CX_EVIDENCE_KIND: "call",
                semconv.CX_OPERATION_NAME: "query",
                semconv.ERROR_TYPE: fact.error,
                semconv.CX_CALL_TIMED_OUT: fact.timed_out,
                semconv.CX_CALL_THROTTLED: fact.throttled,
                semconv.CX_CALL_RECOVERED: fact.recovered,
                semconv.HTTP_REQUEST_RESEND_COUNT: fact.retries,
            }
            times = fact.start, fact.end
        case Turn():
            told = {
                semconv.CX_EVIDENCE_KIND: "turn",
                semconv.CX_OPERATION_NAME: "detect_intent",
                semconv.CX_BOT_TURN_ID: fact.id,
                semconv.CX_BOT_TURN_DURATION: fact.duration,
                semconv.CX_BOT_TURN_MODALITY: fact.modality,
                semconv.CX_BOT_TURN_RESULT: fact.result,
            }
            times = fact.start, fact.end
        case Queue():
            told = {
                semconv.CX_EVIDENCE_KIND: "queue",
                semconv.CX_EVIDENCE_ID: fact.id,
                semconv.CX_QUEUE_NAME: fact.name,
                semconv.CX_QUEUE_WAIT: fact.wait,
                semconv.CX_QUEUE_RESULT: fact.result,
            }
            times = fact.start or 0, fact.end or 0
        case Hold():
            told = {semconv.CX_EVIDENCE_KIND: "hold", semconv.CX_EVIDENCE_ID: fact.id}
            times = fact.start or 0, fact.end or 0
        case Handoff():
            told = {
                semconv.CX_EVIDENCE_KIND: "handoff",
                semconv.CX_HANDOFF_ID: fact.id,
                semconv.CX_HANDOFF_KIND: fact.kind,
            }
            times = fact.at, fact.at
        case Contact():
            # Without an id it is the segment's own contact.
            told = {
                semconv.CX_EVIDENCE_KIND: "contact",
                semconv.CX_CONTACT_DIRECTION: fact.direction,
                semconv.CX_CONTACT_STATUS: fact.status,
                semconv.CX_CONTACT_CONNECTED_DURATION: fact.connected,
                semconv.CX_CONTACT_RELATION: fact.relation,
            }
            times = fact.at, fact.at
        case Media():
            told = {
                semconv.CX_EVIDENCE_KIND: "media",
                semconv.CX_MEDIA_LEG_ID: fact.id,
                semconv.CX_MEDIA_LEG_NAME: fact.name,
                semconv.CX_MEDIA_R: fact.r,
                semconv.CX_MEDIA_MODEL: fact.model,
                semconv.CX_MEDIA_TALK_DURATION: fact.talk,
                semconv.CX_MEDIA_SILENT_DURATION: fact.silent,
                semconv.CX_MEDIA_DIRECTION: fact.direction,
            }
            times = fact.start, fact.end
        case Outcome():
            told = {
                semconv.CX_EVIDENCE_KIND: "outcome",
                semconv.CX_JOURNEY_OUTCOME: fact.outcome,
                semconv.CX_EVIDENCE_CAUSE: fact.cause,
            }
            times = fact.at, fact.at
        case _:
            raise AssertionError(fact)
    where = getattr(fact, "where", None)
    if where is not None:
        told |= {
            semconv.CX_LAYER: where.layer,
            semconv.CX_SYSTEM: where.system,
            semconv.CX_STEP_NAME: where.step,
        }
    return {key: value for key, value in told.items() if value is not None}, *times


def happen(world: World, attempt: Attempt, **more: str) -> None:
    """Let what happened to a contact be spans, an hour ago."""
    began = time.time_ns() // MS - 3_600_000
    calls: dict[str, str] = {}
    for fact in attempt.facts:
        told, start, end = describe(fact)
        cause = told.get(semconv.CX_EVIDENCE_CAUSE)
        if cause:
            told[semconv.CX_EVIDENCE_CAUSE] = calls[cause]
        system = told.get(semconv.CX_SYSTEM, "cxotel")
        span = world.provider.get_tracer(f"cxotel.{system}").start_span(
            told[semconv.CX_EVIDENCE_KIND],
            kind=SpanKind.CLIENT,
            attributes={**told, **more},
            start_time=(began + start) * MS,
        )
        for observer in journeys.observers():
            observer.ending(span, (began + start) * MS, (began + end) * MS)
        span.end((began + end) * MS)
        if isinstance(fact, Call):
            calls[fact.id] = f"{span_id(span):016x}"
            now = journeys.current()
            if fact.met and now is not None:
                for observer in journeys.observers():
                    observer.met(now, journeys.Failure(system, span_id(span), None, ()))


def served(journey: Journey) -> tuple[JourneyScore, list[dict[str, Any]]]:
    """Serve a journey, each contact in a block of its own; return its score and its carriers."""
    journey_id = fresh_id()
    with World() as world:
        for number, attempt in enumerate(journey.attempts):
            next_millisecond()
            with cxotel.journey(
                "refund",
                channel=attempt.channel,  # type: ignore[arg-type] # one of the registry's
                journey_id=journey_id,
                contact_id=f"call-{number}",
            ):
                happen(world, attempt)
        record = world.processor.record(journey_id)
        carriers = [dict(each.attributes or {}) for each in world.spans() if each.name == "refund"]
    assert record is not None
    return journey_score(record), carriers


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.name)
def test_a_journey_through_real_spans_scores_what_an_engineer_expects(journey: Journey) -> None:
    """The record's score and blame are the table's, and each contact's span bears its own."""
    result, carriers = served(journey)
    assert result.value is not None
    assert abs(result.value - journey.score) <= 1
    assert (result.blame and result.blame.system) == journey.blamed
    own = [contact.score.value for contact in result.contacts]
    assert [each[semconv.CX_EXPERIENCE_SCORE] for each in carriers] == own
    if len(carriers) == 1:
        assert carriers[0].get(semconv.CX_EXPERIENCE_BLAME_SYSTEM) == journey.blamed


@pytest.mark.parametrize(
    "journey",
    [each for each in JOURNEYS if len(each.attempts) == 1],
    ids=lambda journey: journey.name,
)
def test_without_any_code_the_request_bears_the_same_score(journey: Journey) -> None:
    """A web framework's span carries what vendors told, less the failures that code met."""
    (attempt,) = journey.attempts
    met = any(isinstance(fact, Call) and fact.met for fact in attempt.facts)
    with World() as world:
        with world.request():
            happen(world, attempt, **{semconv.CX_CHANNEL: attempt.channel})
        told = world.attributes("POST /calls")
    score = told[semconv.CX_EXPERIENCE_SCORE]
    assert score >= journey.score - 1 if met else abs(score - journey.score) <= 1
