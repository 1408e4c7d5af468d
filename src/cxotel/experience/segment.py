"""A segment while it is open: takes evidence in any order, tells what got worse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxotel.experience import reasons
from cxotel.experience.arithmetic import MILLI
from cxotel.experience.evidence import DIMENSIONS, NOTHING, Call, Evidence, Impairment, Turn, Where
from cxotel.experience.facts.memory import Memory, Taken
from cxotel.experience.ledger import Ledger
from cxotel.experience.rules import DEFAULT
from cxotel.experience.score import Reason, Score, Scorer

if TYPE_CHECKING:
    from cxotel.experience.rules import Rules


class Segment:
    """Take the evidence of one segment and keep its score current.

    Its ledger is a function of what was observed: the order of arrival, and a second arrival of
    the same fact, make no difference. Only what is forgotten for want of room (beyond 1024 calls,
    512 media intervals, 256 turns, 64 facts of any other kind) keeps the price that it had.
    Not thread-safe.

    Args:
        rules: The rules to price by.
        id: Id of the segment: its carrier's span id.
        start: Start, ms since the epoch.
        channel: The channel, if it is known.
        waiting: Whether a customer is on the line: False where there is none (no journey),
            True where an unknown channel is taken for a synchronous one (a server's request),
            None where the channel alone decides.

    Example:
        >>> segment = Segment(id="a1", start=0, channel="voice")
        >>> crm = Where("business_system", "salesforce", "find order")
        >>> [slow] = segment.observe(Call("b2", crm, start=0, end=9_000))
        >>> slow.dimension, slow.points
        ('responsiveness', 6.51)
        >>> segment.observe(Call("b2", crm, start=0, end=9_000))
        ()
        >>> segment.score().lost
        {'responsiveness': 6.51}
    """

    def __init__(
        self,
        rules: Rules = DEFAULT,
        *,
        id: str,  # noqa: A002
        start: int,
        channel: str | None = None,
        waiting: bool | None = None,
    ) -> None:
        self.rules = rules
        self.id = id
        self.start = start
        self.version = 0
        """Rises whenever points, coverage or blame changed: time to write the score again."""
        self._memory = Memory(rules, start, channel=channel, waiting=waiting)
        self._ledger: Ledger | None = None
        self._scorer = Scorer(rules)
        self._scored = self.ledger()
        self._score = self._scorer.score(self._scored)

    @property
    def channel(self) -> str | None:
        """The channel, if it is known."""
        return self._memory.channel

    @property
    def waiting(self) -> bool | None:
        """Whether a customer is on the line; None where the channel alone decides."""
        return self._memory.waiting

    @property
    def contacts(self) -> frozenset[str]:
        """Ids and aliases of the contact that this segment is part of, as evidence tells."""
        return self._memory.contacts.names()

    def observe(self, evidence: Evidence) -> tuple[Impairment, ...]:
        """Take a fact, and return what got worse by it: nothing the second time.

        Args:
            evidence: The fact.
        """
        if type(evidence) is Call:
            return self._call(evidence)
        if not self._memory.take(evidence):
            return ()
        own = self._turn(evidence) if type(evidence) is Turn else ()
        return self._reprice(own, getattr(evidence, "id", None), priced=type(evidence) is Turn)

    def met(self, call_id: str) -> tuple[Impairment, ...]:
        """Learn that a failure reached the journey's own code, and return what got worse by it.

        Args:
            call_id: Id of the call, which may be observed before or after.
        """
        if not self._memory.failures.met(call_id):
            return ()
        self._memory.refresh("failures")
        return self._reprice((), call_id)

    def know(self, *, channel: str | None = None, waiting: bool | None = None) -> None:
        """Learn after the start what the segment is about; everything is priced anew.

        Args:
            channel: The channel.
            waiting: Whether a customer is on the line.
        """
        self._memory.know(
            channel=self.channel if channel is None else channel,
            waiting=self.waiting if waiting is None else waiting,
        )
        self._reprice((), None)

    def ledger(self) -> Ledger:
        """Return the exact ledger of everything observed so far."""
        if self._ledger is None:
            memory = self._memory
            channels = NOTHING if memory.channel is None else frozenset({memory.channel})
            verdict = memory.outcomes.verdict()
            entries = memory.entries()
            self._ledger = Ledger(self.rules.fingerprint, entries, memory.shows, channels, verdict)
        return self._ledger

    def score(self) -> Score:
        """Return the score of everything observed so far."""
        ledger = self.ledger()
        if ledger is not self._scored:
            # Calls that cost nothing may still have changed how a reason is worded.
            self._score, self._scored = self._scorer.score(ledger), ledger
        return self._score

    def _call(self, call: Call) -> tuple[Impairment, ...]:
        taken = self._memory.take_call(call)
        if taken is None:
            return ()
        self._ledger = None
        if not taken.matters:
            return ()
        self._memory.settle()
        return self._reprice(_rise(call, taken), call.id, priced=True)

    def _turn(self, turn: Turn) -> tuple[Impairment, ...]:
        """Return a turn's own price: its effect on the mean would hide all slow turns but one."""
        points = self._memory.turns.price(turn)
        if not points:
            return ()
        return (_impairment("responsiveness", _of_bot(turn), reasons.TURN, points, turn.id),)

    def _reprice(
        self, own: tuple[Impairment, ...], evidence_id: str | None, *, priced: bool = False
    ) -> tuple[Impairment, ...]:
        """Score anew, and add to *own* impairments what the other dimensions' prices rose by.

        Args:
            own: Impairments whose price is known.
            evidence_id: Id of the fact that is to blame.
            priced: Whether *own* speaks for responsiveness.
        """
        self._ledger = None
        before, after = self._score, self.score()
        if after == before:
            return own
        self.version += 1
        return own + tuple(
            _impairment(dimension, cause.where, cause.reason, points, evidence_id)
            for dimension in DIMENSIONS
            if not (priced and dimension == "responsiveness")
            for points in (round(MILLI * _risen(dimension, before, after)),)
            if points > 0
            for cause in (_cause(dimension, before, after),)
        )


def _rise(call: Call, taken: Taken) -> tuple[Impairment, ...]:
    """Return what the price of a call's step rose by when it ended."""
    points = taken.group.price - taken.before if taken.group is not None else 0
    if points <= 0:
        return ()
    return (_impairment("responsiveness", call.where, reasons.WAIT, points, call.id),)


def _impairment(
    dimension: str, where: Where, reason: str, points: int, evidence_id: str | None
) -> Impairment:
    shown = reasons.detail(reason) if reasons.is_declared(reason) else reason
    return Impairment(dimension, where, shown, points / MILLI, evidence_id)


def _of_bot(turn: Turn) -> Where:
    where = turn.where
    known = where.layer is not None or where.system is not None
    return where if known else Where("ai", None, where.step)


def _risen(dimension: str, before: Score, after: Score) -> float:
    return after.lost.get(dimension, 0.0) - before.lost.get(dimension, 0.0)


def _cause(dimension: str, before: Score, after: Score) -> Reason:
    """Return the reason that rose most: that is what the new fact was about."""
    old = {(each.reason, each.where): each.points for each in before.reasons}
    causes = [each for each in after.reasons if each.dimension == dimension]
    return max(causes, key=lambda each: each.points - old.get((each.reason, each.where), 0.0))
