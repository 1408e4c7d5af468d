"""What was observed of a customer's journey: one small frozen record per fact.

Times are whole milliseconds since the epoch, durations whole milliseconds. A value that nobody
reported is None: unknown is never zero. The same `id` means the same fact, whoever reports it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

DIMENSIONS: Final = ("reach", "responsiveness", "reliability", "media", "effort", "resolution")
"""What a journey is judged on, in the order in which the dimensions are reported."""

NOTHING: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Where:
    """Name the part of the stack that a fact belongs to.

    Args:
        layer: Layer of the stack, such as ``business_system``.
        system: Vendor, such as ``salesforce``.
        step: Named stage of the segment.
    """

    layer: str | None = None
    system: str | None = None
    step: str | None = None


NOWHERE: Final = Where()


class Call(NamedTuple):
    """Describe one call of a vendor's system.

    A tuple, because most evidence is calls, and making one must cost little.

    Args:
        id: Span id of the call, or the vendor's id of the fact.
        where: Layer, system and step.
        start: Start, ms since the epoch.
        end: End, ms since the epoch.
        waiting: Whether the customer waited for it; None where only the channel tells.
        error: Error type, where the call failed.
        timed_out: Whether it failed because time ran out.
        throttled: Whether the vendor slowed it down or turned it away for its rate.
        recovered: Whether a retry or a fallback made the failure good.
        met: Whether the failure reached the journey's own code.
        retries: Attempts after the first.
        retry_wait: Time between attempts, ms.
        shows: Dimensions on which this operation is able to show an impairment.
        span_id: Its span's id, where that is another than `id`.
    """

    id: str
    where: Where = NOWHERE
    start: int = 0
    end: int = 0
    waiting: bool | None = None
    error: str | None = None
    timed_out: bool = False
    throttled: bool = False
    recovered: bool = False
    met: bool = False
    retries: int = 0
    retry_wait: int = 0
    shows: frozenset[str] = NOTHING
    span_id: str | None = None


@dataclass(frozen=True, slots=True)
class Callback:
    """Describe a vendor calling us back, such as a bot's fulfilment webhook.

    Args:
        id: Span id of the callback.
        where: Layer, system and step.
        start: Start, ms since the epoch.
        end: End, ms since the epoch.
        system: The calling system.
        turn_id: The turn within which it calls, if it says so.
    """

    id: str
    where: Where = NOWHERE
    start: int = 0
    end: int = 0
    system: str | None = None
    turn_id: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """Describe one turn of a conversation with a bot.

    Args:
        id: Id of the turn, or its span id.
        where: Layer, system and step.
        start: Start, ms since the epoch.
        end: End, ms since the epoch.
        duration: From the customer's end to the bot's first word, ms.
        filler: From the customer's end to the start of a filler, ms.
        modality: ``voice`` or ``text``; None where only the channel tells.
        result: ``matched``, ``no_match``, ``no_input``, ``fallback`` or ``escalated``.
        loop_id: Id of the loop that the bot was found to be in.
        shows: Further dimensions on which this operation is able to show an impairment.
    """

    id: str
    where: Where = NOWHERE
    start: int = 0
    end: int = 0
    duration: int | None = None
    filler: int | None = None
    modality: str | None = None
    result: str | None = None
    loop_id: str | None = None
    shows: frozenset[str] = NOTHING


@dataclass(frozen=True, slots=True)
class Queue:
    """Describe one wait in a queue, or one end of it: both ends have the wait's id.

    Args:
        id: Id of the wait.
        where: Layer, system and step.
        name: Name of the queue.
        start: Start, ms since the epoch, where it is known.
        end: End, ms since the epoch, where it is known.
        wait: Time waited, ms; the longer of it and the time from `start` to `end` counts.
        announced: Wait that the customer was told to expect, ms.
        result: ``answered``, ``abandoned``, ``overflowed``, ``timed_out`` or ``canceled``.
    """

    id: str
    where: Where = NOWHERE
    name: str | None = None
    start: int | None = None
    end: int | None = None
    wait: int | None = None
    announced: int | None = None
    result: str | None = None


@dataclass(frozen=True, slots=True)
class Handoff:
    """Describe a customer passing from one party to another.

    Args:
        id: Id of the handoff.
        where: Layer, system and step.
        kind: ``bot_to_human``, ``queue``, ``transfer_warm``, ``transfer_cold``
            or ``channel_switch``.
        warm: Whether the receiver knew what it was about; None where `kind` says it or nobody does.
        forced: Whether the customer had no choice.
        result: How it went.
        at: Time, ms since the epoch.
    """

    id: str
    where: Where = NOWHERE
    kind: str = "queue"
    warm: bool | None = None
    forced: bool | None = None
    result: str | None = None
    at: int = 0


@dataclass(frozen=True, slots=True)
class Hold:
    """Describe a customer put on hold, or one end of it: both ends have the hold's id.

    Args:
        id: Id of the hold.
        where: Layer, system and step.
        start: Start, ms since the epoch, where it is known.
        end: End, ms since the epoch, where it is known.
    """

    id: str
    where: Where = NOWHERE
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Describe what is known at one moment of one attempt of the customer.

    Args:
        id: Id of the contact.
        where: Layer, system and step.
        direction: ``inbound`` or ``outbound``.
        status: ``queued``, ``ringing``, ``connected``, ``completed``, ``busy``, ``no_answer``,
            ``failed``, ``canceled`` or ``dropped``.
        post_dial_delay: From dialling to ringing, ms.
        connected: Time connected, ms.
        ended_by: ``customer``, ``agent``, ``system`` or ``network``.
        relation: ``new``, ``repeat`` or ``continuation``.
        aliases: Other ids of the same contact.
        at: Time of this knowledge, ms since the epoch: the latest is the truest.
    """

    id: str
    where: Where = NOWHERE
    direction: str | None = None
    status: str | None = None
    post_dial_delay: int | None = None
    connected: int | None = None
    ended_by: str | None = None
    relation: str | None = None
    aliases: tuple[str, ...] = ()
    at: int = 0


@dataclass(frozen=True, slots=True)
class Media:
    """Describe the quality of one interval of one media leg.

    Args:
        id: Id of the leg.
        where: Layer, system and step.
        r: Transmission rating on the scale of `model`.
        model: ``g107``, ``g107.1``, ``g107.2`` or ``vendor`` (narrowband scale).
        talk: Time in which there was something to hear, ms.
        silent: Time in which nothing was heard that should have been, ms.
        direction: ``inbound`` or ``outbound``.
        start: Start of the interval, ms since the epoch.
        end: End of the interval, ms since the epoch.
        name: What the leg is called: agent, customer, trunk.
        source: What it was read from: two reports of the same sound are not averaged.
    """

    id: str
    where: Where = NOWHERE
    r: float | None = None
    model: str | None = None
    talk: int | None = None
    silent: int | None = None
    direction: str | None = None
    start: int = 0
    end: int = 0
    name: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Authentication:
    """Describe the customer having to prove who they are.

    Args:
        id: Id of the attempt.
        where: Layer, system and step.
        result: ``succeeded``, ``failed`` or ``timed_out``.
        at: Time, ms since the epoch.
    """

    id: str
    where: Where = NOWHERE
    result: str | None = None
    at: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """Describe how the journey came out, as known at one moment.

    Args:
        outcome: ``resolved``, ``contained``, ``escalated``, ``abandoned``, ``unresolved``
            or ``failed``.
        at: Time, ms since the epoch.
        cause: Id of the failed call that led to it.
        where: Layer, system and step of that call, where the call itself is not among the evidence.
    """

    outcome: str
    at: int = 0
    cause: str | None = None
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """Describe an impairment that the user's own code found.

    Args:
        id: Id of the impairment.
        where: Layer, system and step.
        dimension: One of `DIMENSIONS`.
        points: Points of R.
        reason: A short code.
        at: Time, ms since the epoch.
    """

    id: str
    where: Where = NOWHERE
    dimension: str = "effort"
    points: float = 0.0
    reason: str = "declared"
    at: int = 0


@dataclass(frozen=True, slots=True)
class Feedback:
    """Describe what the customer said in a survey; kept beside the score, never inside it.

    Args:
        kind: ``csat``, ``nps`` or ``ces``.
        value: The answer.
        scale_min: The lowest possible answer.
        scale_max: The highest possible answer.
        at: Time, ms since the epoch.
    """

    kind: str
    value: float
    scale_min: float | None = None
    scale_max: float | None = None
    at: int = 0


@dataclass(frozen=True, slots=True)
class Impairment:
    """One thing that hurt, at the moment it did.

    Args:
        dimension: One of `DIMENSIONS`.
        where: Layer, system and step that it is charged to.
        reason: What hurt: ``queue``, ``wait``, ``turn``, ``failure``, ``reprompt``, …
        points: Points of R by which the price rose.
        evidence_id: Id of the fact, or of the span that showed it.
    """

    dimension: str
    where: Where
    reason: str
    points: float
    evidence_id: str | None = None


Evidence = (
    Call
    | Callback
    | Turn
    | Queue
    | Handoff
    | Hold
    | Contact
    | Media
    | Authentication
    | Outcome
    | Declared
    | Feedback
)
"""Everything that a segment can observe."""
