"""Eighteen journeys with the scores that an engineer of this field would expect, as plain data.

Each journey is a list of contacts, each contact a list of facts with times in ms from the start of
the contact. What carries the facts (a segment, real spans) is for the test to choose.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

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
    Where,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

BOT: Final = Where("ai", "dialogflow", "ask")
CRM: Final = Where("business_system", "salesforce", "find order")
IDENTITY: Final = Where("identity", "okta", "authenticate")
CENTER: Final = Where("contact_center", "genesys_cloud")
LEG: Final = Where("connectivity", "carrier")

USUAL_R: Final = 91
USUAL_QUEUE: Final = 25_000


@dataclass(frozen=True)
class Attempt:
    """One contact of a journey.

    Args:
        channel: Its channel.
        facts: What happened, with times in ms from its start.
        score: Its own score, where the table gives one.
    """

    channel: str
    facts: tuple[Evidence, ...]
    score: int | None = None


@dataclass(frozen=True)
class Journey:
    """A journey, what it scores, and whom that is blamed on.

    Args:
        name: What happens.
        attempts: Its contacts.
        score: Its score.
        blamed: System (or layer) that is blamed most; None for nobody.
    """

    name: str
    attempts: tuple[Attempt, ...]
    score: int
    blamed: str | None


def leg(r: int = USUAL_R, *, silent: int = 0, talk: int = 180_000) -> Media:
    """Return the media of the customer's leg."""
    end = talk + silent
    return Media("leg-1", LEG, r, "g107", talk, silent, "inbound", 0, end, "customer")


def queue(wait: int = USUAL_QUEUE, *, start: int = 0, result: str = "answered") -> Queue:
    """Return a wait in the queue for billing."""
    return Queue("queue-1", CENTER, "billing", start, start + wait, wait, None, result)


def outcome(name: str, at: int = 300_000, *, cause: str | None = None) -> Outcome:
    """Return how it came out."""
    return Outcome(name, at, cause)


def call(
    name: str,
    where: Where,
    start: int,
    seconds: float,
    error: str | None = None,
    *,
    met: bool = False,
    recovered: bool = False,
    timed_out: bool = False,
    throttled: bool = False,
    retries: int = 0,
) -> Call:
    """Return a call."""
    return Call(
        name,
        where,
        start,
        start + round(seconds * 1000),
        error=error,
        met=met,
        recovered=recovered,
        timed_out=timed_out,
        throttled=throttled,
        retries=retries,
    )


def turns(
    durations: Sequence[float], result: str = "matched", *, text: bool = False, start: int = 0
) -> tuple[Turn, ...]:
    """Return turns of the bot, half a minute apart."""
    return tuple(
        Turn(
            f"turn-{start}-{i}",
            BOT,
            start + i * 30_000,
            start + i * 30_000 + round(seconds * 1000),
            round(seconds * 1000),
            modality="text" if text else "voice",
            result=result,
        )
        for i, seconds in enumerate(durations)
    )


def loop() -> tuple[Turn, ...]:
    """Return a conversation in which the bot answers once and then asks again three times."""
    again = turns([1.2, 1.2, 1.2], "no_match", start=60_000)
    return (*turns([1.2]), *again)


def human(*facts: Evidence, r: int = USUAL_R) -> tuple[Evidence, ...]:
    """Return a call that a human answers from the usual queue over the usual leg."""
    return (queue(), leg(r), *facts)


UNRESOLVED: Final = Attempt("voice", human(outcome("unresolved")), 58)
REPEATED: Final = Contact("call-2", CENTER, "inbound", "completed", relation="repeat")

JOURNEYS: Final = (
    Journey(
        "chat contained by the bot, turns of 2 to 4 s",
        (Attempt("chat", (*turns([2, 3, 4, 2.5], text=True), outcome("contained"))),),
        100,
        None,
    ),
    Journey("good human call", (Attempt("voice", human(outcome("resolved"))),), 93, None),
    Journey(
        "slow CRM, 9 s and 7 s",
        (
            Attempt(
                "voice",
                human(
                    call("slow-1", CRM, 40_000, 9),
                    call("slow-2", Where(CRM.layer, CRM.system, "refund"), 90_000, 7),
                    outcome("resolved"),
                ),
            ),
        ),
        84,
        "salesforce",
    ),
    Journey(
        "drop, called back, resolved",
        (
            Attempt(
                "voice",
                human(Contact("call-1", LEG, "inbound", "dropped", connected=60_000, at=90_000)),
                76,
            ),
            Attempt(
                "voice",
                human(
                    Contact("call-2", CENTER, "outbound", "completed", relation="repeat"),
                    outcome("resolved"),
                ),
                84,
            ),
        ),
        80,
        "carrier",
    ),
    Journey(
        "CRM down, agent works around it in a 90 s hold",
        (
            Attempt(
                "voice",
                human(
                    call("down-1", CRM, 62_000, 3, "ConnectionError"),
                    call("down-2", CRM, 80_000, 3, "ConnectionError"),
                    Hold("hold-1", CENTER, 60_000, 150_000),
                    outcome("resolved"),
                ),
            ),
        ),
        83,
        "salesforce",
    ),
    Journey(
        "throttled API, retries hidden in 4.5 s",
        (
            Attempt(
                "voice",
                human(
                    call("throttled", CRM, 40_000, 4.5, throttled=True, retries=2),
                    outcome("resolved"),
                ),
            ),
        ),
        88,
        "salesforce",
    ),
    Journey(
        "one bot turn of 1.5 s, no media known",
        (Attempt("voice", (*turns([1.5]), outcome("contained"))),),
        87,
        "dialogflow",
    ),
    Journey(
        "identity timeout of 5 s, retry succeeds",
        (
            Attempt(
                "voice",
                human(
                    call("late", IDENTITY, 40_000, 5, "Timeout", timed_out=True, recovered=True),
                    call("again", IDENTITY, 45_000, 0.2),
                    outcome("resolved"),
                ),
            ),
        ),
        87,
        "okta",
    ),
    Journey(
        "jittery leg, R 72", (Attempt("voice", human(outcome("resolved"), r=72)),), 72, "carrier"
    ),
    Journey(
        "bot with 4 s turns, contained",
        (Attempt("voice", (*turns([4, 4, 4]), leg(), outcome("contained"))),),
        72,
        "dialogflow",
    ),
    Journey(
        "unresolved, next day resolved",
        (UNRESOLVED, Attempt("voice", human(REPEATED, outcome("resolved")), 84)),
        71,
        None,
    ),
    Journey(
        "bot loop, warm transfer, 45 s queue",
        (
            Attempt(
                "voice",
                (
                    *loop(),
                    Handoff("handoff-1", CENTER, "transfer_warm", at=160_000),
                    queue(45_000, start=160_000),
                    leg(),
                    outcome("resolved", 500_000),
                ),
            ),
        ),
        65,
        "dialogflow",
    ),
    Journey(
        "unresolved after three contacts",
        (
            UNRESOLVED,
            Attempt("voice", human(REPEATED, outcome("unresolved"))),
            Attempt("voice", human(REPEATED, outcome("unresolved"))),
        ),
        54,
        None,
    ),
    Journey(
        "abandoned after 90 s in the queue",
        (
            Attempt(
                "voice", (queue(90_000, result="abandoned"), leg(), outcome("abandoned", 90_000))
            ),
        ),
        47,
        "genesys_cloud",
    ),
    Journey(
        "CRM error ends the call",
        (
            Attempt(
                "voice",
                human(
                    call("broken", CRM, 60_000, 0.4, "SalesforceError", met=True),
                    outcome("failed", 60_500, cause="broken"),
                ),
            ),
        ),
        44,
        "salesforce",
    ),
    Journey(
        "identity times out three times at 10 s, unresolved",
        (
            Attempt(
                "voice",
                human(
                    *(
                        call(f"late-{i}", IDENTITY, at, 10, "Timeout", met=True, timed_out=True)
                        for i, at in enumerate((40_000, 50_000, 60_000))
                    ),
                    outcome("unresolved"),
                ),
            ),
        ),
        41,
        "okta",
    ),
    Journey(
        "bot loop, cold transfer, 6 min queue, abandoned",
        (
            Attempt(
                "voice",
                (
                    *loop(),
                    Handoff("handoff-1", CENTER, "transfer_cold", at=160_000),
                    queue(360_000, start=160_000, result="abandoned"),
                    leg(),
                    outcome("abandoned", 520_000),
                ),
            ),
        ),
        30,
        "dialogflow",
    ),
    Journey(
        "one-way audio, the customer gives up",
        (
            Attempt(
                "voice",
                (queue(), leg(0, talk=1, silent=40_000), outcome("abandoned", 80_000)),
            ),
        ),
        0,
        "carrier",
    ),
)
"""The eighteen journeys."""
