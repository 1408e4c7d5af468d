"""Responsiveness: did it answer in time?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cxotel.experience import reasons
from cxotel.experience.arithmetic import cube_root, doublings, milli, share
from cxotel.experience.dimensions.priced import Priced, by_weight, together
from cxotel.experience.dimensions.settings import above_zero, ceiling, portion

if TYPE_CHECKING:
    from cxotel.experience.dimensions.priced import Rows
    from cxotel.experience.ledger import Key


@dataclass(frozen=True, slots=True)
class VoiceTurn:
    """Price each turn of a voice bot, from the customer's last word to the bot's first.

    Curve: 10 log2(t) for t seconds, at most 30; then halved by a filler that starts within 1 s.
        A contact pays the cubic mean over its turns. A turn in which the customer had to say it
        again adds its cube but not its count.
    Kept: count, sum of cubes.
    Source: Best at 1 s, limit at 2 s, and fillers help (Shiwa et al., HRI 2008; robots); a silence
        of 4 s disturbs strongly (Koudenburg et al., about 2011). The worst moments weigh most
        (power 3: Hamberg and de Ridder, 1999; ITU-T P.1203.3 weighs a worst second 5 times a
        best one).
    Grade: P (abstracts) for the anchors; the slope is ours.

    Args:
        free: Delay that costs nothing, s.
        points: Points of R per doubling.
        at_most: Highest price, points of R.
        filler_within: A filler that starts within this time helps, s.
        filler_factor: What then remains of the price.
    """

    free: float = above_zero(1.0)
    points: float = 10.0
    at_most: float = 30.0
    filler_within: float = 1.0
    filler_factor: float = portion(0.5)

    def price(self, duration: int, filler: int | None = None) -> int:
        """Return the price of a turn, in thousandths of a point.

        Args:
            duration: From the customer's end to the bot's first word, ms.
            filler: From the customer's end to the start of a filler, ms.

        Example:
            >>> VoiceTurn().price(1_500)
            5850
            >>> VoiceTurn().price(4_000, filler=800)
            10000
        """
        points = min(self.at_most, self.points * doublings(duration / 1000, self.free))
        helped = filler is not None and filler <= self.filler_within * 1000
        return milli(points * self.filler_factor if helped else points)


@dataclass(frozen=True, slots=True)
class TextTurn:
    """Price each turn of a text bot.

    Curve: 5 log2(t/10) for t seconds, at most 15; the cubic mean over turns, voice and text alike.
    Kept: count, sum of cubes.
    Source: The sign of small delays is unstable (Gnewuch et al., ECIS 2018 and BISE 2022; Tan and
        Nov, CHI 2026), so nothing is charged up to 10 s, the limit of attention (Nielsen, 1993).
    Grade: P (abstracts), contradictory; the curve is ours.

    Args:
        free: Delay that costs nothing, s.
        points: Points of R per doubling.
        at_most: Highest price, points of R.
    """

    free: float = above_zero(10.0)
    points: float = 5.0
    at_most: float = 15.0

    def price(self, duration: int) -> int:
        """Return the price of a turn of *duration* ms, in thousandths of a point.

        Example:
            >>> TextTurn().price(20_000)
            5000
        """
        return milli(min(self.at_most, self.points * doublings(duration / 1000, self.free)))


@dataclass(frozen=True, slots=True)
class SystemWait:
    """Price the customer's wait for systems, united per step.

    Curve: 3 log2(s/2) for s seconds in one step, at most 10; the cubic norm, (sum of cubes)^(1/3),
        over steps, at most 10. Outside any step, calls less than 1 s apart form one stretch, which
        is priced like a step.
    Kept: seconds per step; sum of cubes for stretches.
    Source: ITU-T G.1010 Appendix I: transactions within 2 s preferred, within 4 s acceptable.
        Quality falls with the logarithm of time waited in all (ITU-T G.1030; Egger et al., QoMEX
        2012), and many small waits hurt less than one long one (Islam et al., ICC-W 2014): so time
        is united first, and never one logarithm summed per call.
    Grade: S (secondary copy) for the anchors, S/P (abstracts) for the shape; the size is ours.

    Args:
        free: Wait that costs nothing, s.
        points: Points of R per doubling.
        at_most: Highest price, points of R.
        stretch: Calls outside a step that are less than this apart are one wait, s.
    """

    free: float = above_zero(2.0)
    points: float = 3.0
    at_most: float = 10.0
    stretch: float = 1.0

    def price(self, wait: int) -> int:
        """Return the price of *wait* ms in one step, in thousandths of a point.

        Example:
            >>> SystemWait().price(9_000)
            6510
        """
        return milli(min(self.at_most, self.points * doublings(wait / 1000, self.free)))


@dataclass(frozen=True, slots=True)
class Responsiveness:
    """Did it answer in time? The larger of the turns' and the waits' price.

    Args:
        cap: Points of R that responsiveness can take at most.
        voice_turn: Turns of a voice bot.
        text_turn: Turns of a text bot.
        wait: Waits for systems.
    """

    cap: float = ceiling(30.0)
    voice_turn: VoiceTurn = field(default_factory=VoiceTurn)
    text_turn: TextTurn = field(default_factory=TextTurn)
    wait: SystemWait = field(default_factory=SystemWait)

    def price(self, rows: Rows) -> Priced:
        """Price the rows of a ledger that are about responsiveness."""
        explained = _explained(rows)
        turns, waits = self._turns(rows, explained), self._waits(rows, explained)
        declared = [(key, entry.sum) for key, entry in rows if reasons.is_declared(key.reason)]
        larger = turns if turns.points >= waits.points else waits
        return together((larger, Priced(0, declared)), self.cap)

    def _turns(self, rows: Rows, explained: dict[str, Rows]) -> Priced:
        turns = [row for row in rows if row[0].reason == reasons.TURN]
        cubes = sum(entry.cubes for _, entry in turns)
        count = max(1, sum(entry.number for _, entry in turns))
        highest = milli(max(self.voice_turn.at_most, self.text_turn.at_most))
        points = min(highest, cube_root(cubes, count))
        return by_weight(points, _blame_of_turns(turns, explained))

    def _waits(self, rows: Rows, explained: dict[str, Rows]) -> Priced:
        known = {key for callbacks in explained.values() for key, _ in callbacks}
        waits = [
            (key, entry)
            for key, entry in rows
            if key.reason == reasons.WAIT or (reasons.is_callback(key.reason) and key not in known)
        ]
        weights = [(key, entry.cubes) for key, entry in waits if not key.step]
        steps: dict[str, Rows] = {}
        for row in waits:
            if row[0].step:
                steps.setdefault(row[0].step, []).append(row)
        for of_step in steps.values():
            weights += self._step(of_step)
        cubes = sum(weight for _, weight in weights)
        return by_weight(min(milli(self.wait.at_most), cube_root(cubes)), weights)

    def _step(self, rows: Rows) -> list[tuple[Key, int]]:
        times = [entry.sum for _, entry in rows]
        cubes = share(self.wait.price(sum(times)) ** 3, times)
        return [(key, cube) for (key, _), cube in zip(rows, cubes, strict=True)]


def _explained(rows: Rows) -> dict[str, Rows]:
    """Return the waits within callbacks by a system whose turns are known, per such system."""
    bots = {key.system for key, entry in rows if key.reason == reasons.TURN and entry.maximum}
    found: dict[str, Rows] = {}
    for row in rows:
        if reasons.is_callback(row[0].reason):
            caller = reasons.detail(row[0].reason)
            if caller in bots or (bots and not caller):
                found.setdefault(caller, []).append(row)
    return found


def _blame_of_turns(turns: Rows, explained: dict[str, Rows]) -> list[tuple[Key, int]]:
    """Move from each bot to its callbacks their share, by time, of what its turns put in."""
    weights: list[tuple[Key, int]] = []
    for key, entry in turns:
        callbacks = explained.get(key.system, explained.get("", [])) if entry.maximum else []
        inside = [row.sum for _, row in callbacks]
        total = sum(row.sum for other, row in turns if other.system == key.system)
        shares = share(entry.cubes, [max(0, total - sum(inside)), *inside])
        weights.append((key, shares[0]))
        weights += [(k, part) for (k, _), part in zip(callbacks, shares[1:], strict=True)]
    return weights
