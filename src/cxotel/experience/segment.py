"""A segment while it is open: takes evidence in any order, tells what got worse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxotel.experience.ledger import Ledger
from cxotel.experience.rules import DEFAULT
from cxotel.experience.score import Score, score

if TYPE_CHECKING:
    from cxotel.experience.evidence import Evidence, Impairment
    from cxotel.experience.rules import Rules


class Segment:
    """Take the evidence of one segment and keep its ledger current. Not thread-safe.

    Args:
        rules: The rules to price by.
        id: Id of the segment: its carrier's span id.
        start: Start, ms since the epoch.
        channel: The channel, if it is known.
        waiting: Whether a customer is on the line: False where there is none (no journey),
            True where an unknown channel is taken for a synchronous one (a server's request),
            None where the channel alone decides.
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
        self.channel = channel
        self.waiting = waiting
        self.version = 0
        """Rises whenever the score, its coverage or its reasons changed: time to write them again."""
        self.contacts: frozenset[str] = frozenset()
        """Ids and aliases of the contact that this segment is part of, as far as evidence told."""

    def observe(self, evidence: Evidence) -> tuple[Impairment, ...]:
        """Take *evidence* and return what got worse by it; nothing the second time."""
        return ()

    def met(self, call_id: str) -> tuple[Impairment, ...]:
        """Learn that the failure of call *call_id* reached the journey's code."""
        return ()

    def know(self, *, channel: str | None = None, waiting: bool | None = None) -> None:
        """Learn the channel, or whether a customer is on the line, after the start."""
        if channel is not None:
            self.channel = channel
        if waiting is not None:
            self.waiting = waiting

    def ledger(self) -> Ledger:
        """Return the exact ledger of everything observed so far."""
        return Ledger()

    def score(self) -> Score:
        """Return the score of everything observed so far."""
        return score(self.ledger(), self.rules)
