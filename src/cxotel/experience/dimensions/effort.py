"""Effort: how often did the customer have to start over?"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cxotel.experience import reasons
from cxotel.experience.arithmetic import milli
from cxotel.experience.dimensions.priced import Priced, Series, by_weight, together
from cxotel.experience.dimensions.settings import above_zero, ceiling

if TYPE_CHECKING:
    from cxotel.experience.dimensions.priced import Rows


@dataclass(frozen=True, slots=True)
class Transfer:
    """Price each transfer from one party to another.

    Curve: warm 3, cold 7. The first warm handoff from a bot to a human is free, and a transfer
        that carries a handoff out is not priced again. Where nobody says which, warm is assumed.
    Kept: counts.
    Source: A transfer costs 12 points of CSAT (SQM, 2021): 16 (Phi^-1(.80) - Phi^-1(.68)) = 6.0
        points of R. That warm is better is said without a figure: the split is ours. Passing to a
        human is by itself no failure (Lu and Min, JRCS 87, 2025).
    Grade: V.

    Args:
        warm: Points of R for each warm transfer.
        cold: Points of R for each cold transfer.
    """

    warm: float = 3.0
    cold: float = 7.0


@dataclass(frozen=True, slots=True)
class HoldTime:
    """Price the time on hold, of all holds of 10 s or more together.

    Curve: 6 for the first minute, then 4 log2(1 + (s - 60)/60) more for s seconds, at most 15.
    Kept: sum of seconds.
    Source: A hold costs 15 points of CSAT (SQM): 16 (Phi^-1(.80) - Phi^-1(.65)) = 7.3 points of R,
        taken as a ceiling for a typical hold. Interruptions hurt more than waiting before the start
        (Hossfeld et al., QoMEX 2012).
    Grade: V (secondary) for the first minute; the curve is ours.

    Args:
        shortest: A shorter hold costs nothing, s.
        first: Points of R for the first `unit`.
        unit: Length of the first part, and further time that costs the first `points`, s.
        points: Points of R per doubling.
        at_most: Highest price, points of R.
    """

    shortest: float = 10.0
    first: float = 6.0
    unit: float = above_zero(60.0)
    points: float = 4.0
    at_most: float = 15.0

    def price(self, held: int) -> int:
        """Return the price of *held* ms on hold, in thousandths of a point.

        Example:
            >>> HoldTime().price(90_000)
            8340
        """
        if held <= 0:
            return 0
        over = max(0.0, held / 1000 - self.unit) / self.unit
        return milli(min(self.at_most, self.first + self.points * math.log2(1 + over)))


@dataclass(frozen=True, slots=True)
class RepeatContact(Series):
    """Price contacts that repeat an earlier one for the same journey.

    Curve: 7 for the first, 6 for each further one, at most 20; charged to the contact that repeats,
        and to no system. A contact that follows a channel switch is not priced again.
    Kept: count.
    Source: Each further contact costs 15 points of CSAT (SQM): 16 (Phi^-1(.80) - Phi^-1(.65)) = 7.3
        points of R, then 6.2.
    Grade: V.

    Args:
        first: Points of R for the first.
        then: Points of R for each further one.
        at_most: Highest price, points of R.
    """


@dataclass(frozen=True, slots=True)
class Authentication:
    """Price having to prove again who one is.

    Curve: 3 for each authentication after the first. One that timed out asked nothing of the
        customer but to wait, and is not counted.
    Kept: count.
    Source: No effect was found; 59 % of calls need an identity check (ContactBabel, 2009), so the
        first is free.
    Grade: V (secondary) for the habit; the price is ours.

    Args:
        free: How many cost nothing.
        points: Points of R for each further one.
    """

    free: int = 1
    points: float = 3.0


@dataclass(frozen=True, slots=True)
class Reprompt:
    """Price each turn in which a bot made the customer say it again (no match, no input, fallback).

    Curve: 3 for the first, 6 for the second, 10 for each further one, at most 20. A loop counts as
        three at least.
    Kept: count.
    Source: Practice hands over to a human after two or three attempts (ACIXD wiki, which knows of
        no published research); a second failure of a bot hurts more (Lu and Min, JRCS 87, 2025).
    Grade: V; the price is ours.

    Args:
        first: Points of R for the first.
        second: Points of R for the second.
        then: Points of R for each further one.
        at_most: Highest price, points of R.
        loop: How many a loop counts as, at least.
    """

    first: float = 3.0
    second: float = 6.0
    then: float = 10.0
    at_most: float = 20.0
    loop: int = 3

    def price(self, count: int) -> int:
        """Return the price of *count* re-prompts, in thousandths of a point.

        Example:
            >>> [Reprompt().price(n) for n in range(5)]
            [0, 3000, 9000, 19000, 20000]
        """
        points = self.first * min(count, 1) + self.second * min(max(count - 1, 0), 1)
        return milli(min(self.at_most, points + self.then * max(count - 2, 0)))


@dataclass(frozen=True, slots=True)
class ChannelSwitch:
    """Price each change of channel that the customer was forced to.

    Curve: 5 each.
    Kept: count.
    Source: From web to phone: 10 % more disloyal ("The Effortless Experience", excerpt).
    Grade: V (secondary).

    Args:
        points: Points of R for each.
    """

    points: float = 5.0


@dataclass(frozen=True, slots=True)
class Effort:
    """How often did the customer have to start over?

    Args:
        cap: Points of R that effort can take at most. High against low effort as a whole is 49
            points (CEB: 9 % against 96 % "more disloyal").
        transfer: Transfers and handoffs.
        hold: Time on hold.
        repeat: Contacts that repeat an earlier one.
        authentication: Authentications after the first.
        reprompt: Having to say it again.
        channel_switch: Forced changes of channel.
    """

    cap: float = ceiling(45.0)
    transfer: Transfer = field(default_factory=Transfer)
    hold: HoldTime = field(default_factory=HoldTime)
    repeat: RepeatContact = field(default_factory=RepeatContact)
    authentication: Authentication = field(default_factory=Authentication)
    reprompt: Reprompt = field(default_factory=Reprompt)
    channel_switch: ChannelSwitch = field(default_factory=ChannelSwitch)

    def price(self, rows: Rows) -> Priced:
        """Price the rows of a ledger that are about effort."""
        by_reason: dict[str, Rows] = {}
        for row in rows:
            by_reason.setdefault(row[0].reason, []).append(row)
        rules = (
            _each(by_reason.get(reasons.TRANSFER_WARM, []), self.transfer.warm),
            _each(by_reason.get(reasons.TRANSFER_COLD, []), self.transfer.cold),
            _each(by_reason.get(reasons.BOT_TO_HUMAN, []), self.transfer.warm, free=1),
            _each(by_reason.get(reasons.CHANNEL_SWITCH, []), self.channel_switch.points),
            self._authentications(by_reason.get(reasons.AUTHENTICATION, [])),
            self._held(by_reason.get(reasons.HOLD, [])),
            self.repeat.of(by_reason.get(reasons.REPEAT_CONTACT, [])),
            self._reprompts(by_reason.get(reasons.REPROMPT, [])),
            Priced(0, [(key, e.sum) for key, e in rows if reasons.is_declared(key.reason)]),
        )
        return together(rules, self.cap)

    def _authentications(self, rows: Rows) -> Priced:
        return _each(rows, self.authentication.points, free=self.authentication.free)

    def _held(self, rows: Rows) -> Priced:
        times = [(key, entry.sum) for key, entry in rows]
        return by_weight(self.hold.price(sum(time for _, time in times)), times)

    def _reprompts(self, rows: Rows) -> Priced:
        counts = [(key, entry.number) for key, entry in rows]
        return by_weight(self.reprompt.price(sum(n for _, n in counts)), counts)


def _each(rows: Rows, points: float, free: int = 0) -> Priced:
    """Charge the same for each event beyond the *free* ones, shared by the count."""
    counts = [(key, entry.number) for key, entry in rows]
    priced = max(0, sum(count for _, count in counts) - free)
    return by_weight(milli(points) * priced, counts)
