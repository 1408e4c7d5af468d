"""How a reason is said to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxotel.experience import reasons

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.experience.ledger import Entry

SINGLE: Final = {
    reasons.FAILED_ATTEMPT: ("failed attempt to connect", "failed attempts to connect"),
    reasons.FAILURE: ("failed call", "failed calls"),
    reasons.TIMEOUT: ("timeout", "timeouts"),
    reasons.THROTTLED: ("throttled call", "throttled calls"),
    reasons.DROP: ("dropped call", "dropped calls"),
    reasons.BOT_TO_HUMAN: ("warm handoff to a human", "warm handoffs to humans"),
    reasons.TRANSFER_WARM: ("warm transfer", "warm transfers"),
    reasons.TRANSFER_COLD: ("cold transfer", "cold transfers"),
    reasons.REPEAT_CONTACT: ("repeat contact", "repeat contacts"),
    reasons.AUTHENTICATION: ("authentication", "authentications"),
    reasons.REPROMPT: ("re-prompt", "re-prompts"),
    reasons.CHANNEL_SWITCH: ("forced channel switch", "forced channel switches"),
}
"""What is counted, one and many."""


def seconds(duration: int) -> str:
    """Return a duration in ms as seconds, whole ones from ten on.

    Example:
        >>> seconds(240_000), seconds(4_520)
        ('240 s', '4.5 s')
    """
    return f"{duration / 1000:.0f} s" if duration >= 10_000 else f"{duration / 1000:.1f} s"


def _queue(entry: Entry) -> str:
    several = f", {entry.number} waits" if entry.number > 1 else ""
    return f"queue {entry.owner}".rstrip() + f", {seconds(entry.maximum)}{several}"


def _turn(entry: Entry) -> str:
    if not entry.maximum:
        return f"{seconds(entry.sum)} of the bot's turns"
    return f"turns of up to {seconds(entry.maximum)}"


def _leg(entry: Entry) -> str:
    return f"{entry.owner or 'media'} leg, R {(93_200 - entry.maximum) / 1000:.0f}"


MEASURED: Final[dict[str, Callable[[Entry], str]]] = {
    reasons.QUEUE: _queue,
    reasons.TURN: _turn,
    reasons.LEG: _leg,
    reasons.POST_DIAL_DELAY: lambda entry: f"{seconds(entry.maximum)} until it rang",
    reasons.WAIT: lambda entry: f"{seconds(entry.sum)} of waiting",
    reasons.HOLD: lambda entry: f"{seconds(entry.sum)} on hold",
}
"""What is measured."""


def phrase(reason: str, entry: Entry) -> str:
    """Return what a row of the ledger is about, in words.

    Args:
        reason: The row's reason.
        entry: The row's numbers.
    """
    if reason in MEASURED:
        return MEASURED[reason](entry)
    if reason in SINGLE:
        one, many = SINGLE[reason]
        return one if entry.number == 1 else f"{entry.number} {many}"
    if reasons.is_callback(reason):
        return f"{seconds(entry.sum)} of waiting in a callback"
    return reasons.detail(reason) or reason.replace("_", " ")
