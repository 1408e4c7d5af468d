"""Check the words that the public functions take against the registry's closed sets."""

from __future__ import annotations

from typing import get_args

from cxotel.semconv import (
    CxChannel,
    CxContactRelation,
    CxFeedbackKind,
    CxHandoffKind,
    CxHandoffResult,
    CxImpairmentDimension,
    CxJourneyOutcome,
    CxJourneyOutcomeValues,
    CxLayer,
    CxQueueResult,
)

CHANNELS: tuple[str, ...] = get_args(CxChannel)
DIMENSIONS: tuple[str, ...] = get_args(CxImpairmentDimension)
FEEDBACK_KINDS: tuple[str, ...] = get_args(CxFeedbackKind)
HANDOFF_KINDS: tuple[str, ...] = get_args(CxHandoffKind)
HANDOFF_RESULTS: tuple[str, ...] = get_args(CxHandoffResult)
LAYERS: tuple[str, ...] = get_args(CxLayer)
OUTCOMES: tuple[str, ...] = get_args(CxJourneyOutcome)
QUEUE_RESULTS: tuple[str, ...] = get_args(CxQueueResult)
RELATIONS: tuple[str, ...] = get_args(CxContactRelation)

OUTCOMES_BEST_FIRST: tuple[str, ...] = (
    CxJourneyOutcomeValues.RESOLVED.value,
    CxJourneyOutcomeValues.CONTAINED.value,
    CxJourneyOutcomeValues.ESCALATED.value,
    CxJourneyOutcomeValues.UNRESOLVED.value,
    CxJourneyOutcomeValues.ABANDONED.value,
    CxJourneyOutcomeValues.FAILED.value,
)
"""Of two outcomes at the same time, the one that stands later here counts."""


def known(value: object, words: tuple[str, ...]) -> str | None:
    """Return *value* as a plain string where it is one of *words*.

    Example:
        >>> known("voice", CHANNELS)
        'voice'
        >>> known("vocie", CHANNELS)
    """
    return words[words.index(value)] if isinstance(value, str) and value in words else None


def complaint(what: str, value: object, words: tuple[str, ...]) -> str | None:
    """Return what is wrong with *value*, or `None` where it is one of *words* or left out.

    The value itself is not repeated: what is passed by mistake may be a customer's.

    Args:
        what: The name of the argument.
        value: What was given for it.
        words: What it may be.

    Example:
        >>> complaint("channel", "voice", CHANNELS)
        >>> complaint("outcome", "happy", ("resolved", "failed"))
        'outcome must be one of resolved, failed'
    """
    if value is None or known(value, words):
        return None
    return f"{what} must be one of {', '.join(words)}"
