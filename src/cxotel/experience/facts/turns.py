"""Turns of a conversation with a bot, and the calls back that they explain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxotel.experience import reasons
from cxotel.experience.arithmetic import share
from cxotel.experience.facts.places import key_of
from cxotel.experience.facts.table import Table, larger
from cxotel.experience.intervals import join_nearest, length, union
from cxotel.experience.ledger import Entry, add, subtract

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.experience.evidence import Callback, Turn, Where
    from cxotel.experience.facts.waits import Waits
    from cxotel.experience.intervals import Interval
    from cxotel.experience.ledger import Key
    from cxotel.experience.rules import Rules

TURNS: Final = 256
"""Turns (and callbacks) that are kept with the calls in them."""

LOOPS: Final = 64
"""Loops that are remembered when their turns are forgotten."""

REPROMPTED: Final = frozenset({"no_match", "no_input", "fallback"})
"""Results of a turn after which the customer has to say it again."""

SPOKEN: Final = frozenset({"voice", "video"})
WRITTEN: Final = frozenset({"chat", "messaging", "email", "sms", "web"})


class Turns:
    """All turns and callbacks of a segment.

    Args:
        rules: The rules that price them.
        waits: The segment's calls, some of which lie within turns.
    """

    def __init__(self, rules: Rules, waits: Waits) -> None:
        self.channel: str | None = None
        self.end = 0
        """When the last turn ended: a call that began later lies in none."""
        self._rules = rules
        self.waits = waits
        self._turns: Table[Turn] = Table(TURNS, _id, larger(self._size), self._forget)
        self._callbacks: Table[Callback] = Table(TURNS, _id, larger(_span), _let_go)
        self._by_turn: dict[str, list[Interval]] = {}
        self._stale: set[str] = set()
        self._rows: dict[str, list[tuple[Key, Entry]]] = {}
        self._total: dict[Key, Entry] = {}
        self._settled: dict[Key, Entry] = {}
        self._old_cover: list[Interval] = []
        self._loops: dict[str, tuple[int, Key]] = {}

    def __iter__(self) -> Iterator[Turn]:
        return iter(self._turns)

    def put(self, turn: Turn) -> bool:
        """Take a turn, and tell whether it says anything new."""
        known = turn.id in self._rows
        if not self._turns.put(turn):
            return False
        self.end = max(self.end, turn.end)
        if known:
            self.reprice()
        self._stale.add(turn.id)
        return True

    def put_callback(self, callback: Callback) -> bool:
        """Take a callback, and tell whether it says anything new."""
        if not self._callbacks.put(callback):
            return False
        self._by_turn.clear()
        for each in self._callbacks:
            if each.turn_id is not None:
                self._by_turn.setdefault(each.turn_id, []).append((each.start, each.end))
        if callback.turn_id is not None:
            self.end = max(self.end, callback.end)
            self._stale.add(callback.turn_id)
        return True

    def price(self, turn: Turn) -> int | None:
        """Return a turn's own price in thousandths of a point; None where that is unknown."""
        rules, modality = self._rules.responsiveness, turn.modality
        if turn.duration is None:
            return None
        if modality == "voice" or (modality is None and self.channel in SPOKEN):
            return rules.voice_turn.price(turn.duration, turn.filler)
        if modality == "text" or (modality is None and self.channel in WRITTEN):
            return rules.text_turn.price(turn.duration)
        return None

    def shown(self, turn: Turn) -> frozenset[str]:
        """Return the dimensions on which a turn is able to show an impairment."""
        shows = set(turn.shows)
        if turn.result is not None or turn.loop_id is not None:
            shows.add("effort")
        if self.price(turn) is not None:
            shows.add("responsiveness")
        return frozenset(shows)

    def touch(self, start: int, end: int) -> bool:
        """Note a call from *start* to *end*, and tell whether it lies within a turn."""
        hit = [turn.id for turn in self._turns if self._overlaps(turn, start, end)]
        self._stale.update(hit)
        return bool(hit)

    def reprice(self) -> None:
        """Have all turns that are kept priced anew."""
        self._rows.clear()
        self._total = dict(self._settled)
        self._stale.update(turn.id for turn in self._turns)

    def cover(self) -> list[Interval]:
        """Return the time in which waiting is priced by a turn."""
        spans = [
            span
            for turn in self._turns
            if self.price(turn) is not None
            for span in self._spans(turn)
        ]
        return spans + self._old_cover

    def callbacks(self) -> dict[str, list[Interval]]:
        """Return the time within callbacks, per calling system."""
        spans: dict[str, list[Interval]] = {}
        for each in self._callbacks:
            spans.setdefault(each.system or "", []).append((each.start, each.end))
        return {caller: union(found) for caller, found in sorted(spans.items())}

    def bot_at(self, at: int) -> Where | None:
        """Return which bot the customer last talked to before *at* (ms since the epoch)."""
        before = [turn for turn in self._turns if turn.start <= at]
        return max(before, key=lambda turn: (turn.start, turn.id)).where if before else None

    def rows(self) -> dict[Key, Entry]:
        """Return the ledger's rows for all turns."""
        if self._stale:
            for turn in self._turns:
                if turn.id in self._stale:
                    self._settle(turn)
            self._stale.clear()
        return add(dict(self._total), self._loop_rows())

    def _settle(self, turn: Turn) -> None:
        subtract(self._total, self._rows.get(turn.id, []))
        self._rows[turn.id] = rows = self._price_rows(turn)
        add(self._total, rows)

    def _price_rows(self, turn: Turn) -> list[tuple[Key, Entry]]:
        rows = [(self._key(turn), Entry(1))] if turn.result in REPROMPTED else []
        points = self.price(turn)
        if points is None or turn.duration is None:
            return rows
        inside, times = self._inside(turn, turn.duration) if points else ([], [turn.duration])
        cubes = share(points**3, times)
        key = key_of("responsiveness", turn.where, reasons.TURN, "ai")
        # Saying it again is no further answer: such a turn adds to the sum, not to the count.
        count = 0 if turn.result in REPROMPTED else 1
        rows.append((key, Entry(count, times[0], cubes[0], turn.duration)))
        for (layer, system, step), time, cube in zip(inside, times[1:], cubes[1:], strict=True):
            call = key._replace(layer=layer, system=system, step=step or key.step)
            rows.append((call, Entry(0, time, cube)))
        return rows

    def _inside(self, turn: Turn, duration: int) -> tuple[list[tuple[str, str, str]], list[int]]:
        """Return whose calls lie within a turn, and its time split among the bot and them."""
        own: dict[tuple[str, str, str], int] = {}
        pieces: list[Interval] = []
        for start, end in self._spans(turn):
            for step, wait in self.waits.during(start, end):
                piece = (max(start, wait.start), min(end, wait.end))
                who = (*wait.owner, step)
                part = wait.own * (piece[1] - piece[0]) // (wait.end - wait.start)
                own[who] = own.get(who, 0) + part
                pieces.append(piece)
        owners = sorted(own)
        time = min(duration, length(union(pieces))) if owners else 0
        return owners, [duration - time, *share(time, [own[who] for who in owners])]

    def _spans(self, turn: Turn) -> list[Interval]:
        own = (turn.start, turn.end)
        return union([own, *self._by_turn[turn.id]]) if turn.id in self._by_turn else [own]

    def _overlaps(self, turn: Turn, start: int, end: int) -> bool:
        return any(first < end and last > start for first, last in self._spans(turn))

    def _key(self, turn: Turn) -> Key:
        return key_of("effort", turn.where, reasons.REPROMPT, "ai")

    def _loop_rows(self) -> list[tuple[Key, Entry]]:
        """Return what the loops lack of the re-prompts that they count as."""
        loops = dict(self._loops)
        for turn in self._turns:
            if turn.loop_id is not None:
                self._count(loops, turn, turn.loop_id)
        return [self._lacking(*loop) for loop in loops.values() if self._lacks(loop[0])]

    def _count(self, loops: dict[str, tuple[int, Key]], turn: Turn, loop_id: str) -> None:
        key = self._key(turn)
        count, least = loops.get(loop_id, (0, key))
        loops[loop_id] = (count + (turn.result in REPROMPTED), min(key, least))

    def _lacks(self, count: int) -> bool:
        return count < self._rules.effort.reprompt.loop

    def _lacking(self, count: int, key: Key) -> tuple[Key, Entry]:
        return key, Entry(self._rules.effort.reprompt.loop - count)

    def _forget(self, turn: Turn) -> None:
        """Let go of a turn beyond the limit, but not of what it put in."""
        self._settle(turn)
        self._stale.discard(turn.id)
        add(self._settled, self._rows.pop(turn.id))
        if self.price(turn) is not None:
            self._old_cover = join_nearest([*self._old_cover, *self._spans(turn)], TURNS)
        if turn.loop_id is not None:
            self._count(self._loops, turn, turn.loop_id)
            if len(self._loops) > LOOPS:
                loop = self._loops.pop(next(iter(self._loops)))
                if self._lacks(loop[0]):
                    add(self._settled, [self._lacking(*loop)])
                    add(self._total, [self._lacking(*loop)])

    def _size(self, turn: Turn) -> tuple[int, bool, bool]:
        return turn.duration or 0, turn.result in REPROMPTED, turn.loop_id is not None


def _id(fact: Turn | Callback) -> str:
    return fact.id


def _span(callback: Callback) -> int:
    return callback.end - callback.start


def _let_go(callback: Callback) -> None:
    """Forget a callback: the waits in it are priced as any others."""
