"""Handoffs from one party to another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cxotel.experience import reasons
from cxotel.experience.facts.places import key_of
from cxotel.experience.facts.table import Table, larger
from cxotel.experience.ledger import Entry, add

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.experience.evidence import Handoff, Where
    from cxotel.experience.intervals import Interval
    from cxotel.experience.ledger import Key

HANDOFFS: Final = 64
"""Handoffs that are kept."""

CARRIED_WITHIN: Final = 30_000
"""A transfer this long after a handoff, not counting queues, carries the handoff out, ms."""

BEFORE: Final = 5_000
"""A transfer this long before a handoff is still the same: clocks and reports differ, ms."""

TRANSFERS: Final = frozenset({"transfer_warm", "transfer_cold"})
FROM_BOTS: Final = frozenset({"bot_to_human"})
SWITCHES: Final = frozenset({"channel_switch"})


class Handoffs:
    """All handoffs of a segment."""

    def __init__(self) -> None:
        self._handoffs: Table[Handoff] = Table(HANDOFFS, _id, larger(_size), self._forget)
        self._settled: dict[Key, Entry] = {}

    def put(self, handoff: Handoff) -> bool:
        """Take a handoff, and tell whether it says anything new."""
        return self._handoffs.put(handoff)

    def switches(self) -> list[int]:
        """Return when the customer changed the channel, ms since the epoch."""
        return sorted(each.at for each in self._handoffs if each.kind == "channel_switch")

    def rows(
        self, queued: list[Interval], bot_at: Callable[[int], Where | None]
    ) -> dict[Key, Entry]:
        """Return the ledger's rows for all handoffs.

        Args:
            queued: Time in queues, as `intervals.union` returns it.
            bot_at: Returns which bot the customer talked to at a time (ms since the epoch).
        """
        rows = dict(self._settled)
        transfers = self._in_order(TRANSFERS)
        for each in self._in_order(FROM_BOTS):
            handoff = _of_bot(each, bot_at)
            carrier = _carrier(handoff, transfers, queued)
            if carrier is not None:
                transfers.remove(carrier)
            cold = _cold(handoff) or (carrier is not None and _cold(carrier))
            add(rows, _rows(handoff, cold=cold))
        for handoff in (*transfers, *self._in_order(SWITCHES)):
            add(rows, _rows(handoff, cold=_cold(handoff)))
        return rows

    def _in_order(self, kinds: frozenset[str]) -> list[Handoff]:
        found = [each for each in self._handoffs if each.kind in kinds]
        return sorted(found, key=lambda each: (each.at, each.id))

    def _forget(self, handoff: Handoff) -> None:
        add(self._settled, _rows(handoff, cold=_cold(handoff)))


def _rows(handoff: Handoff, *, cold: bool) -> list[tuple[Key, Entry]]:
    """Return a handoff's row; passing to a queue costs nothing, because the queue does."""
    if handoff.kind in SWITCHES:
        reason = reasons.CHANNEL_SWITCH if handoff.forced else reasons.CHANNEL_CHANGE
    elif handoff.kind in FROM_BOTS:
        reason = reasons.TRANSFER_COLD if cold else reasons.BOT_TO_HUMAN
    else:
        reason = reasons.TRANSFER_COLD if cold else reasons.TRANSFER_WARM
    layer = "ai" if handoff.kind in FROM_BOTS else "contact_center"
    return [(key_of("effort", handoff.where, reason, layer), Entry(1))]


def _of_bot(handoff: Handoff, bot_at: Callable[[int], Where | None]) -> Handoff:
    """Return the handoff as the bot's, where nobody says whose it is."""
    where = handoff.where
    if where.system is not None:
        return handoff
    bot = bot_at(handoff.at)
    if bot is None:
        return handoff
    return replace(handoff, where=replace(bot, step=where.step or bot.step))


def _cold(handoff: Handoff) -> bool:
    """Tell whether the receiver knew nothing; where nobody says, the customer is not charged."""
    if handoff.warm is not None:
        return not handoff.warm
    return handoff.kind == "transfer_cold"


def _carrier(handoff: Handoff, transfers: list[Handoff], queued: list[Interval]) -> Handoff | None:
    """Return the transfer that carried a bot's handoff out, if one did."""
    end = handoff.at + CARRIED_WITHIN
    for start, last in queued:
        if handoff.at < last and start <= end:
            end = max(end, last + CARRIED_WITHIN)
    after = (each for each in transfers if handoff.at - BEFORE <= each.at <= end)
    return next(after, None)


def _size(handoff: Handoff) -> tuple[bool, bool]:
    return _cold(handoff), bool(handoff.forced)


def _id(handoff: Handoff) -> str:
    return handoff.id
