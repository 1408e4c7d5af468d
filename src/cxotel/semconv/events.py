"""The names of events.

Code generated from the registry's model by tools/generate_semconv.py. DO NOT EDIT.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "EVENT_CX_AUTHENTICATION",
    "EVENT_CX_CONTACT",
    "EVENT_CX_FEEDBACK",
    "EVENT_CX_HANDOFF",
    "EVENT_CX_HOLD",
    "EVENT_CX_IMPAIRMENT",
    "EVENT_CX_MEDIA",
    "EVENT_CX_MEDIA_WARNING",
    "EVENT_CX_OUTCOME",
    "EVENT_CX_QUEUE",
    "EVENT_CX_TURN",
]

EVENT_CX_AUTHENTICATION: Final = "cx.authentication"
"""An attempt to authenticate the customer."""

EVENT_CX_CONTACT: Final = "cx.contact"
"""What became known about a contact, such as that it was connected, dropped or ended."""

EVENT_CX_FEEDBACK: Final = "cx.feedback"
"""The customer's own rating."""

EVENT_CX_HANDOFF: Final = "cx.handoff"
"""The customer passes from one party to another."""

EVENT_CX_HOLD: Final = "cx.hold"
"""A time that the customer spent on hold."""

EVENT_CX_IMPAIRMENT: Final = "cx.impairment"
"""Something hurt the customer, at the moment it did.

Added to the span that carries the segment, at most 32 per span.
"""

EVENT_CX_MEDIA: Final = "cx.media"
"""The media quality of one leg over one interval."""

EVENT_CX_MEDIA_WARNING: Final = "cx.media.warning"
"""A quality problem began, or is over.

Raised where several of the latest measurements were beyond a limit, and cleared once they no longer
are. At most 32 on a span.
"""

EVENT_CX_OUTCOME: Final = "cx.outcome"
"""An outcome of the journey, at the time it was declared or found."""

EVENT_CX_QUEUE: Final = "cx.queue"
"""A wait in a queue that is over."""

EVENT_CX_TURN: Final = "cx.turn"
"""A turn of a bot that no call of ours shows, such as one reported by a voice framework."""
