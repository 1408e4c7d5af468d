"""What happens in a journey at a moment: a handoff, an outcome, feedback, something that hurt."""

from __future__ import annotations

import sys
from math import ceil
from typing import TYPE_CHECKING

from opentelemetry import trace

from cxotel import clock, semconv
from cxotel.context import Current, current
from cxotel.engine.shield import shielded, warn_once
from cxotel.journey.checks import (
    flag,
    left_out,
    needed_word,
    number,
    queue_name,
    rating,
    short_code,
    word,
)
from cxotel.journey.endings import declare, note
from cxotel.journey.words import (
    DIMENSIONS,
    FEEDBACK_KINDS,
    HANDOFF_KINDS,
    HANDOFF_RESULTS,
    LAYERS,
    OUTCOMES,
)
from cxotel.semconv import (
    CxEvidenceKindValues,
    CxFeedbackKindValues,
    CxHandoffKindValues,
    CxJourneyCauseValues,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.util.types import AttributeValue

    from cxotel.semconv import (
        CxFeedbackKind,
        CxHandoffKind,
        CxHandoffResult,
        CxImpairmentDimension,
        CxJourneyOutcome,
        CxLayer,
    )

_NPS_SCALE = (0, 10)
_MOST_POINTS = 93.2
_WARM_BY_KIND = {
    CxHandoffKindValues.TRANSFER_WARM.value: True,
    CxHandoffKindValues.TRANSFER_COLD.value: False,
}


def handoff(
    kind: CxHandoffKind,
    *,
    queue: str | None = None,
    reason: str | None = None,
    warm: bool | None = None,
    forced: bool | None = None,
    result: CxHandoffResult | None = None,
) -> None:
    """Say that the customer passes from one party to another.

    It is an event on the step or journey that runs, and evidence for the score. Outside any journey
    it is an event on the current span, if there is one. A declined handoff is no error. A wrong
    *kind* is logged once and nothing is recorded; another wrong value is logged once and left out.

    Args:
        kind: `bot_to_human`, `queue`, `transfer_warm`, `transfer_cold` or `channel_switch`.
        queue: Name of the queue that the customer goes to.
        reason: Why, as a short code such as `no_match`; never free text.
        warm: Whether the next party knows what the customer said so far; a transfer's kind says so.
        forced: Whether the customer had no choice.
        result: `requested`, `accepted`, `declined`, `failed`, `timed_out`, `abandoned` or
            `completed`.

    Example:
        >>> handoff("bot_to_human", queue="billing", reason="no_match")
    """
    with shielded("recording a handoff"):
        plain = needed_word("handoff", "kind", kind, HANDOFF_KINDS)
        if plain is None:
            return
        told = {
            semconv.CX_HANDOFF_KIND: plain,
            semconv.CX_QUEUE_NAME: queue_name("handoff", queue),
            semconv.CX_HANDOFF_REASON: short_code("handoff", "reason", reason),
            semconv.CX_HANDOFF_WARM: _WARM_BY_KIND.get(plain, flag("handoff", "warm", warm)),
            semconv.CX_HANDOFF_FORCED: flag("handoff", "forced", forced),
            semconv.CX_HANDOFF_RESULT: word("handoff", "result", result, HANDOFF_RESULTS),
        }
        _record("handoff", semconv.EVENT_CX_HANDOFF, CxEvidenceKindValues.HANDOFF, told)


def outcome(name: CxJourneyOutcome) -> None:
    """Say how the journey ended for the customer, as far as this part of the code knows.

    Said more than once, the latest counts. It never makes a span an error. Said in an `except`
    block, it names the vendor call that failed as its cause. Outside any journey it is an event on
    the current span, if there is one. A wrong name is logged once and nothing is recorded.

    Args:
        name: `resolved`, `contained` (by a bot), `escalated`, `unresolved`, `abandoned` or
            `failed`.

    Example:
        >>> outcome("resolved")
    """
    with shielded("recording an outcome"):
        plain = needed_word("outcome", "name", name, OUTCOMES)
        if plain is None:
            return
        now = current()
        if now is None:
            told = {semconv.CX_JOURNEY_OUTCOME: plain}
            _record("outcome", semconv.EVENT_CX_OUTCOME, CxEvidenceKindValues.OUTCOME, told)
        elif _is_open("outcome", now):
            declare(now, plain, CxJourneyCauseValues.DECLARED, sys.exc_info()[1])


def feedback(
    kind: CxFeedbackKind, value: float, *, scale: tuple[float, float] | None = None
) -> None:
    """Record the customer's own rating, beside the score and never in it.

    Outside any journey it is an event on the current span, if there is one. What is wrong is logged
    once and nothing is recorded.

    Args:
        kind: `csat` (satisfaction), `nps` (would recommend) or `ces` (effort).
        value: The rating.
        scale: Lowest and highest rating that could be given. May be left out for `nps` only, which
            is asked from 0 to 10 (Reichheld, Harvard Business Review, December 2003); the others
            are asked on several scales.

    Example:
        >>> feedback("csat", 4, scale=(1, 5))
    """
    with shielded("recording feedback"):
        plain = needed_word("feedback", "kind", kind, FEEDBACK_KINDS)
        if plain is None:
            return
        if scale is None and plain == CxFeedbackKindValues.NPS.value:
            scale = _NPS_SCALE
        rated = rating("feedback", value, scale)
        if rated is None:
            return
        told = {
            semconv.CX_FEEDBACK_KIND: plain,
            semconv.CX_FEEDBACK_VALUE: rated[0],
            semconv.CX_FEEDBACK_SCALE_MIN: rated[1],
            semconv.CX_FEEDBACK_SCALE_MAX: rated[2],
        }
        _record("feedback", semconv.EVENT_CX_FEEDBACK, CxEvidenceKindValues.FEEDBACK, told)


def impairment(
    dimension: CxImpairmentDimension,
    points: float,
    *,
    reason: str,
    layer: CxLayer | None = None,
    system: str | None = None,
) -> None:
    """Say that something hurt the customer which no client library can see, and how much.

    It counts in the score like what cxotel finds itself. Outside any journey it is an event on the
    current span, if there is one. Without a right dimension, number of points and reason nothing is
    recorded, which is logged once.

    Args:
        dimension: `reach`, `responsiveness`, `reliability`, `media`, `effort` or `resolution`.
        points: Points of the E-model's scale R (ITU-T G.107), above 0 and at most 93.2; recorded as
            the next whole number. A cold transfer is 7, an unresolved contact 34.
        reason: What it was, as a short code such as `letter_lost`; never free text.
        layer: Which layer is to blame, such as `business_system`.
        system: Which system is to blame, as a short code such as `print_shop`.

    Example:
        >>> impairment("effort", 7, reason="form_asked_twice", system="web_portal")
    """
    with shielded("recording an impairment"):
        plain = needed_word("impairment", "dimension", dimension, DIMENSIONS)
        short = short_code("impairment", "reason", reason)
        lost = number(points)
        if lost is None or not 0 < lost <= _MOST_POINTS:
            left_out("impairment", f"points must be above 0 and at most {_MOST_POINTS}")
        elif plain and short:
            told = {
                semconv.CX_IMPAIRMENT_DIMENSION: plain,
                semconv.CX_IMPAIRMENT_POINTS: ceil(lost),
                semconv.CX_IMPAIRMENT_REASON: short,
                semconv.CX_LAYER: word("impairment", "layer", layer, LAYERS),
                semconv.CX_SYSTEM: short_code("impairment", "system", system),
            }
            kind = CxEvidenceKindValues.IMPAIRMENT
            _record("impairment", semconv.EVENT_CX_IMPAIRMENT, kind, told)


def _record(
    where: str,
    event: str,
    kind: CxEvidenceKindValues,
    told: Mapping[str, AttributeValue | None],
) -> None:
    attributes: dict[str, AttributeValue] = {semconv.CX_EVIDENCE_KIND: kind.value}
    attributes.update({key: value for key, value in told.items() if value is not None})
    now = current()
    if now is None:
        trace.get_current_span().add_event(event, attributes)
    elif _is_open(where, now):
        note(now, event, attributes, clock.now_ns())


def _is_open(where: str, now: Current) -> bool:
    if now.journey.is_open():
        return True
    warn_once(
        f"{where} after its journey",
        f"cxotel.{where}: the journey's block has ended, so nothing is recorded",
    )
    return False
