"""What calls and events tell, in words: `queue: billing, 45 s of waiting, answered`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxotel import semconv
from cxotel.experience.wording import seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Attributes = Mapping[str, object]
    Teller = Callable[[Attributes], list[str]]

_SECOND: Final = 1000


def in_words(value: object) -> str:
    """Return a name of the conventions as words; nothing for nothing.

    Args:
        value: The name, such as `no_match`.
    """
    return str(value).replace("_", " ") if value else ""


def _said(*keys: str) -> Teller:
    """Return what tells the values of *keys* that are there, in this order."""

    def tell(attributes: Attributes) -> list[str]:
        return [in_words(attributes[key]) for key in keys if attributes.get(key)]

    return tell


def _time(milliseconds: int) -> str:
    return f"{milliseconds} ms" if milliseconds < _SECOND else seconds(milliseconds)


def _spent(key: str, words: str) -> Teller:
    def tell(attributes: Attributes) -> list[str]:
        value = attributes.get(key)
        return [f"{_time(value)} {words}".strip()] if isinstance(value, int) else []

    return tell


def _all(*tellers: Teller) -> Teller:
    def tell(attributes: Attributes) -> list[str]:
        return [words for teller in tellers for words in teller(attributes)]

    return tell


def _leg(attributes: Attributes) -> list[str]:
    leg = attributes.get(semconv.CX_MEDIA_LEG_NAME)
    return [f"{leg} leg"] if leg else []


def _r(attributes: Attributes) -> list[str]:
    r = attributes.get(semconv.CX_MEDIA_R)
    return [] if r is None else [f"R {r}"]


def _feedback(attributes: Attributes) -> list[str]:
    value, kind = (
        attributes.get(semconv.CX_FEEDBACK_VALUE),
        attributes.get(semconv.CX_FEEDBACK_KIND),
    )
    low, high = (
        attributes.get(key)
        for key in (semconv.CX_FEEDBACK_SCALE_MIN, semconv.CX_FEEDBACK_SCALE_MAX)
    )
    scale = f" of {low:g} to {high:g}" if isinstance(low, float) and isinstance(high, float) else ""
    return [f"{kind} {value:g}{scale}"] if isinstance(value, (int, float)) else []


turn: Final = _all(
    _spent(semconv.CX_BOT_TURN_DURATION, "until the answer"), _said(semconv.CX_BOT_TURN_RESULT)
)
"""How a bot's turn is told."""

TOLD: Final[Mapping[str, Teller]] = {
    semconv.EVENT_CX_HANDOFF: _all(
        _said(semconv.CX_HANDOFF_KIND, semconv.CX_QUEUE_NAME),
        _said(semconv.CX_HANDOFF_REASON, semconv.CX_HANDOFF_RESULT),
    ),
    semconv.EVENT_CX_QUEUE: _all(
        _said(semconv.CX_QUEUE_NAME),
        _spent(semconv.CX_QUEUE_WAIT, "of waiting"),
        _said(semconv.CX_QUEUE_RESULT),
    ),
    semconv.EVENT_CX_HOLD: _spent(semconv.CX_HOLD_DURATION, ""),
    semconv.EVENT_CX_CONTACT: _said(
        semconv.CX_CONTACT_STATUS, semconv.CX_CONTACT_RELATION, semconv.CX_CONTACT_ENDED_BY
    ),
    semconv.EVENT_CX_MEDIA: _all(_leg, _r),
    semconv.EVENT_CX_MEDIA_WARNING: _all(
        _leg, _said(semconv.CX_MEDIA_WARNING_NAME, semconv.CX_MEDIA_WARNING_STATE)
    ),
    semconv.EVENT_CX_AUTHENTICATION: _said(semconv.CX_AUTHENTICATION_RESULT),
    semconv.EVENT_CX_OUTCOME: _said(semconv.CX_JOURNEY_OUTCOME),
    semconv.EVENT_CX_FEEDBACK: _feedback,
    semconv.EVENT_CX_TURN: turn,
}
"""How each kind of event is told."""
