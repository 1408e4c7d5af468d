"""Everything that a segment remembers, and how the kinds of evidence explain one another.

Who holds whom: time in a queue is the queue's, whatever else went on in it; time on hold is the
hold's; time in a turn is the turn's; what is left of the calls is waiting. Who changes, has those
that depend on it settled anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cxotel.experience import reasons
from cxotel.experience.arithmetic import MILLI, milli
from cxotel.experience.evidence import (
    NOTHING,
    Authentication,
    Call,
    Callback,
    Contact,
    Declared,
    Evidence,
    Feedback,
    Handoff,
    Hold,
    Media,
    Outcome,
    Queue,
    Turn,
)
from cxotel.experience.facts.contacts import Contacts, shown
from cxotel.experience.facts.failures import Failures
from cxotel.experience.facts.handoffs import Handoffs
from cxotel.experience.facts.holds import Holds
from cxotel.experience.facts.legs import Legs
from cxotel.experience.facts.outcomes import Outcomes
from cxotel.experience.facts.places import key_of
from cxotel.experience.facts.queues import Queues, waited
from cxotel.experience.facts.table import Table, larger
from cxotel.experience.facts.turns import Turns
from cxotel.experience.facts.waits import Cover, Group, Wait, Waits
from cxotel.experience.intervals import union
from cxotel.experience.ledger import Entry, Key, add

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.experience.intervals import Interval
    from cxotel.experience.rules import Rules

SYNCHRONOUS: Final = frozenset({"voice", "video", "chat"})
"""Channels in which the customer is there and waits."""

CALLS: Final = 1024
"""Calls that are remembered by their id."""

OTHERS: Final = 64
"""Authentications, and impairments of the user's own, that are kept."""

ANY_CALL: Final = frozenset({"reliability"})
AWAITED_CALL: Final = frozenset({"reliability", "responsiveness"})
REACH: Final = frozenset({"reach"})
EFFORT: Final = frozenset({"effort"})
MEDIA: Final = frozenset({"media"})
RESOLUTION: Final = frozenset({"resolution"})
RESPONSIVENESS: Final = frozenset({"responsiveness"})


class Taken(NamedTuple):
    """What became of a call.

    Args:
        group: The step or stretch that the customer waited in for it.
        before: What that cost before, in thousandths of a point.
        matters: Whether anything can have changed its price.
    """

    group: Group | None
    before: int
    matters: bool


class Memory:
    """Remember evidence in any order, and give the ledger's rows for it.

    Args:
        rules: The rules to price by.
        start: Start of the segment, ms since the epoch.
        channel: The channel, if it is known.
        waiting: Whether a customer is on the line.
    """

    def __init__(
        self, rules: Rules, start: int, *, channel: str | None, waiting: bool | None
    ) -> None:
        self.shows: frozenset[str] = NOTHING
        """Dimensions on which something was able to show an impairment."""
        self.channel = channel
        self.waiting = waiting
        self.failures = Failures()
        self.contacts = Contacts()
        self.turns = Turns(rules, Waits(rules.responsiveness.wait))
        self.turns.channel = channel
        self._waits = self.turns.waits
        self._queues = Queues(rules.reach.queue)
        self._holds = Holds(rules, self._waits)
        self._handoffs = Handoffs()
        self._legs = Legs(rules.media.worst_leg)
        self.outcomes = Outcomes(start, rules.resolution.outcome.short, self._queues, self.failures)
        self._free = round(rules.responsiveness.wait.free * MILLI)
        self._calls: Table[Call] = Table(CALLS, _id, larger(_size), _let_go)
        self._others: Table[Authentication | Declared] = Table(
            OTHERS, _kind_and_id, larger(_points), self._forget
        )
        self._settled: dict[Key, Entry] = {}
        self._cover = Cover()
        self._queued: list[Interval] = []
        self._rows: dict[str, dict[Key, Entry]] = {}
        self._sources: dict[str, Callable[[], dict[Key, Entry]]] = {
            "failures": self.failures.rows,
            "turns": self.turns.rows,
            "queues": self._queues.rows,
            "holds": lambda: self._holds.rows(self._queued),
            "handoffs": lambda: self._handoffs.rows(self._queued, self.turns.bot_at),
            "contacts": lambda: self.contacts.rows(self._handoffs.switches()),
            "legs": self._legs.rows,
            "others": self._rows_of_others,
        }
        self._takers: dict[type, Callable[[Any], bool]] = {
            Callback: self._callback,
            Turn: self._turn,
            Queue: self._queue,
            Handoff: self._handoff,
            Hold: self._hold,
            Contact: self._contact,
            Media: self._media,
            Authentication: self._other,
            Declared: self._other,
            Outcome: self._outcome,
            Feedback: _nothing,
        }

    def take(self, evidence: Evidence) -> bool:
        """Take any fact but a call, and tell whether it says anything new."""
        before = self.shows
        changed = self._takers[type(evidence)](evidence)
        return changed or self.shows != before

    def take_call(self, call: Call) -> Taken | None:
        """Take a call; None where it says nothing new."""
        known = self._calls.get(call.id)
        met = call.error is not None and not call.recovered and self.failures.put(call)
        awaited = self._awaited(call)
        shows = _shown_by(call, awaited=awaited)
        news = met or self.outcomes.blames(call) or not shows <= self.shows
        self._show(shows)
        if met:
            self.refresh("failures")
        changed = self._calls.put(call)
        if changed and known is not None:
            self._rebuild()
            return Taken(None, 0, matters=True)
        if not changed or not awaited or call.end <= call.start:
            return Taken(None, 0, matters=True) if news else None
        group, before = self._wait(call)
        held = self._touch(call)
        return Taken(group, before, news or held or group.bound > self._free)

    def know(self, *, channel: str | None, waiting: bool | None) -> None:
        """Learn the channel, or whether a customer is on the line, and price all anew."""
        self.channel = self.turns.channel = channel
        self.waiting = waiting
        self.turns.reprice()
        for turn in self.turns:
            self._show(self.turns.shown(turn))
        for call in self._calls:
            self._show(_shown_by(call, awaited=self._awaited(call)))
        self._rebuild()

    def settle(self) -> None:
        """Bring the price of all waits up to date."""
        self._waits.settle(self._cover)

    def entries(self) -> dict[Key, Entry]:
        """Return the ledger's rows for everything that is remembered."""
        entries = dict(self._waits.settle(self._cover))
        for rows in self._rows.values():
            add(entries, rows.items())
        return entries

    def refresh(self, *names: str) -> None:
        """Work out the rows of these kinds anew."""
        for name in names:
            self._rows[name] = self._sources[name]()

    # Each of the following takes facts of one kind, and tells whether they say anything new.

    def _turn(self, turn: Turn) -> bool:
        self._show(self.turns.shown(turn))
        new = self.turns.put(turn)
        if new:
            self._cover_again("turns", "handoffs")
        return new

    def _callback(self, callback: Callback) -> bool:
        new = self.turns.put_callback(callback)
        if new:
            self._cover_again("turns")
        return new

    def _queue(self, queue: Queue) -> bool:
        if waited(queue) is not None:
            self._show(REACH)
        new = self._queues.put(queue)
        if new:
            self._cover_again("queues", "holds", "handoffs")
        return new

    def _hold(self, hold: Hold) -> bool:
        self._show(EFFORT)
        new = self._holds.put(hold)
        if new:
            self._cover_again("holds")
        return new

    def _handoff(self, handoff: Handoff) -> bool:
        self._show(EFFORT)
        new = self._handoffs.put(handoff)
        if new:
            self.refresh("handoffs", "contacts")
        return new

    def _contact(self, contact: Contact) -> bool:
        self._show(shown(contact))
        new = self.contacts.put(contact)
        if new:
            self.refresh("contacts")
        return new

    def _media(self, media: Media) -> bool:
        if not self._legs.shows(media):
            return False
        self._show(MEDIA)
        new = self._legs.put(media)
        if new:
            self.refresh("legs")
        return new

    def _other(self, fact: Authentication | Declared) -> bool:
        self._show(EFFORT if isinstance(fact, Authentication) else frozenset({fact.dimension}))
        new = self._others.put(fact)
        if new:
            self.refresh("others")
        return new

    def _outcome(self, outcome: Outcome) -> bool:
        self._show(RESOLUTION)
        new = self.outcomes.put(outcome)
        if new:
            self._queues.give_up(outcome.at if outcome.outcome == reasons.ABANDONED else None)
            self._cover_again("queues", "holds", "handoffs")
        return new

    def _show(self, dimensions: frozenset[str]) -> None:
        if not dimensions <= self.shows:
            self.shows |= dimensions

    def _awaited(self, call: Call) -> bool:
        """Tell whether the customer waited for a call."""
        if call.waiting is False or self.waiting is False:
            return False
        if self.channel is not None:
            return self.channel in SYNCHRONOUS
        return self.waiting is True or call.waiting is True

    def _wait(self, call: Call) -> tuple[Group, int]:
        """Put a call where it was waited for, and return that with its price before."""
        owner = (call.where.layer or "", call.where.system or "")
        failed = call.error is not None
        wait = Wait(call.start, call.end, owner, call.end - call.start, 1, failed)
        group = self._waits.add(call.where.step or "", wait, self._cover)
        return group, group.price

    def _touch(self, call: Call) -> bool:
        """Tell whether a call lies within a turn or a hold, and if so work those out anew."""
        in_turn = call.start < self.turns.end and self.turns.touch(call.start, call.end)
        in_hold = call.start < self._holds.end and self._holds.touch(call.start, call.end)
        if in_turn:
            self.refresh("turns")
        if in_hold:
            self.refresh("holds")
        return in_turn or in_hold

    def _rebuild(self) -> None:
        """Sort all calls anew; where some were forgotten, what they came to could not be kept."""
        if self._calls.complete:
            self._waits.clear()
            for call in self._calls:
                if self._awaited(call) and call.end > call.start:
                    self._wait(call)
        self.turns.reprice()
        self._cover_again("turns", "holds", "handoffs")

    def _cover_again(self, *names: str) -> None:
        """Find out anew which time is priced elsewhere, settle what changed, refresh *names*."""
        old = self._cover
        self._queued = union(self._queues.spans())
        held = self._holds.spans(self._queued)
        verdict = self.outcomes.verdict()
        self._cover = Cover(
            union([*self._queued, *held, *self.turns.cover()]),
            self.turns.callbacks(),
            None if verdict is None else verdict.at,
        )
        for start, end in self._cover.differs(old):
            self._waits.unsettle(start, end)
        self.refresh(*names)

    def _rows_of_others(self) -> dict[Key, Entry]:
        rows = dict(self._settled)
        for fact in self._others:
            add(rows, _row(fact))
        return rows

    def _forget(self, fact: Authentication | Declared) -> None:
        add(self._settled, _row(fact))


def _shown_by(call: Call, *, awaited: bool) -> frozenset[str]:
    """Return the dimensions that a call can show: what its operation says, or what any call can."""
    if not call.shows:
        return AWAITED_CALL if awaited else ANY_CALL
    return call.shows if awaited else call.shows - RESPONSIVENESS


def _row(fact: Authentication | Declared) -> list[tuple[Key, Entry]]:
    if isinstance(fact, Declared):
        reason = reasons.qualified(reasons.DECLARED, fact.reason)
        return [(key_of(fact.dimension, fact.where, reason), Entry(1, milli(fact.points)))]
    if fact.result == "timed_out":
        return []
    return [(key_of("effort", fact.where, reasons.AUTHENTICATION, "identity"), Entry(1))]


def _id(call: Call) -> str:
    return call.id


def _size(call: Call) -> tuple[int, bool, bool]:
    return call.end - call.start, call.error is not None, call.met


def _kind_and_id(fact: Authentication | Declared) -> tuple[str, str]:
    return type(fact).__name__, fact.id


def _points(fact: Authentication | Declared) -> float:
    return fact.points if isinstance(fact, Declared) else fact.result != "timed_out"


def _let_go(call: Call) -> None:
    """Forget a call: what it came to stays in the totals."""


def _nothing(feedback: Feedback) -> bool:
    """Feedback is kept beside the score, never inside it."""
    return False
