"""The reasons under which a ledger keeps what hurt."""

from __future__ import annotations

from typing import Final

QUEUE: Final = "queue"
POST_DIAL_DELAY: Final = "post_dial_delay"
FAILED_ATTEMPT: Final = "failed_attempt"
CONNECTED: Final = "connected"
"""No impairment: a contact that was connected, so that nobody calls it never connected."""

TURN: Final = "turn"
WAIT: Final = "wait"
CALLBACK: Final = "callback"
"""A wait within a vendor's call back to us; the calling system follows the colon."""

FAILURE: Final = "failure"
TIMEOUT: Final = "timeout"
THROTTLED: Final = "throttled"
FAILURES: Final = frozenset({FAILURE, TIMEOUT, THROTTLED})
DROP: Final = "drop"

LEG: Final = "leg"

BOT_TO_HUMAN: Final = "bot_to_human"
"""A warm handoff from a bot to a human, of which the first is free; a cold one is a transfer."""
TRANSFER_WARM: Final = "transfer_warm"
TRANSFER_COLD: Final = "transfer_cold"
HOLD: Final = "hold"
REPEAT_CONTACT: Final = "repeat_contact"
AUTHENTICATION: Final = "authentication"
REPROMPT: Final = "reprompt"
CHANNEL_SWITCH: Final = "channel_switch"
CHANNEL_CHANGE: Final = "channel_change"
"""A change of channel that the customer chose: it costs nothing, and explains what follows."""

UNRESOLVED: Final = "unresolved"
ABANDONED: Final = "abandoned"
FAILED: Final = "failed"
NEVER_CONNECTED: Final = "never_connected"

DECLARED: Final = "declared"
"""An impairment that the user's own code declared; its reason follows the colon."""


def qualified(reason: str, detail: str | None) -> str:
    """Return *reason* with its detail behind a colon."""
    return f"{reason}:{detail or ''}"


def is_declared(reason: str) -> bool:
    """Tell whether the user's own code gave this reason."""
    return reason.startswith("declared:")


def is_callback(reason: str) -> bool:
    """Tell whether this is about a wait within a vendor's call back to us."""
    return reason.startswith("callback:")


def detail(reason: str) -> str:
    """Return what follows the colon."""
    return reason.partition(":")[2]
