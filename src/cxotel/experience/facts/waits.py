"""The customer's waits for systems: united per step, or per stretch outside of any step."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from cxotel.experience import reasons
from cxotel.experience.arithmetic import cube_root, share
from cxotel.experience.intervals import length, union, within, without
from cxotel.experience.ledger import Entry, Key, add, rank, subtract

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.experience.dimensions.responsiveness import SystemWait
    from cxotel.experience.intervals import Interval

    Owner = tuple[str, str]

STEPS: Final = 64
"""Steps whose calls are kept, twice as many as a ledger tells apart."""

STRETCHES: Final = 128
"""Stretches whose calls are kept."""

CALLS: Final = 256
"""Calls that are kept per step or stretch; beyond it the nearest pairs are joined."""

TO_THE_END: Final = 1 << 62
"""Later than anything, ms."""


class Wait(NamedTuple):
    """A call that the customer waited for, or several of one system joined.

    Args:
        start: Start, ms.
        end: End, ms.
        owner: Layer and system.
        own: Time of the calls' own, ms.
        calls: Number of calls.
        failed: Whether any of them failed.
    """

    start: int
    end: int
    owner: Owner
    own: int
    calls: int = 1
    failed: bool = False


@dataclass(slots=True)
class Cover:
    """Time that is priced elsewhere.

    Args:
        absorbed: Time in queues, on hold and in turns.
        callbacks: Time within callbacks whose turn is not seen, per calling system.
        until: Time of the outcome, ms.
    """

    absorbed: list[Interval] = field(default_factory=list["Interval"])
    callbacks: dict[str, list[Interval]] = field(default_factory=dict[str, "list[Interval]"])
    until: int | None = None

    def touches(self, start: int, end: int) -> bool:
        """Tell whether any of the time from *start* to *end* is priced elsewhere."""
        if self.until is not None and end > self.until:
            return True
        return bool(
            within(start, end, self.absorbed)
            or any(within(start, end, spans) for spans in self.callbacks.values())
        )

    def differs(self, other: Cover) -> list[Interval]:
        """Return times outside of which this cover is the same as *other*."""
        changed = set(self.absorbed) ^ set(other.absorbed)
        for caller in {*self.callbacks, *other.callbacks}:
            changed |= set(self.callbacks.get(caller, [])) ^ set(other.callbacks.get(caller, []))
        if self.until != other.until:
            times = [until for until in (self.until, other.until) if until is not None]
            changed.add((min(times), TO_THE_END))
        return sorted(changed)


class Group:
    """The calls of one step, or of one stretch, and what they come to."""

    __slots__ = (
        "_block",
        "_own",
        "_time",
        "bound",
        "end",
        "price",
        "rows",
        "stale",
        "start",
        "step",
        "waits",
    )

    def __init__(self, step: str, first: Wait) -> None:
        self.step = step
        self.waits: list[Wait] = []
        self.start = first.start
        self.end = first.start
        self.bound = 0
        """No less than the time that is priced, ms."""
        self.price = 0
        self.stale = True
        self.rows: list[tuple[Key, Entry]] = []
        """What the group has put into the total."""
        self._own: dict[Owner, tuple[int, int]] = {}
        self._time: int | None = 0
        """Time in any of the calls, ms; None until the next settling where that is not simple."""
        self._block = first.start
        """From here to the end there is no gap between calls."""
        self.add(first)

    def add(self, wait: Wait) -> None:
        """Take one more call."""
        self.waits.append(wait)
        if wait.start < self._block:
            self._time = None
        elif self._time is not None:
            if wait.start > self.end:
                self._block = wait.start
            self._time += max(0, wait.end - max(wait.start, self.end))
        own, calls = self._own.get(wait.owner, (0, 0))
        self._own[wait.owner] = (own + wait.own, calls + wait.calls)
        self.start = min(self.start, wait.start)
        self.end = max(self.end, wait.end)
        self.bound += wait.own
        self.stale = True
        if len(self.waits) > CALLS:
            self.waits = join_nearest(self.waits, CALLS // 2)

    def absorb(self, other: Group) -> None:
        """Take all calls of another stretch, and what it put into the total."""
        for wait in other.waits:
            self.add(wait)
        self.rows += other.rows
        self.price = cube_root(self.price**3 + other.price**3)

    def settle(self, cover: Cover, rule: SystemWait) -> list[tuple[Key, Entry]]:
        """Return the ledger's rows for these calls."""
        rows: list[tuple[Key, Entry]] = []
        cubes = self.bound = 0
        for reason, time, own in self._shares(cover):
            cube = rule.price(time) ** 3
            rows += self._rows(reason, own, time, 0 if self.step else cube)
            self.bound += time
            cubes += cube
        self.price = rule.price(self.bound) if self.step else cube_root(cubes)
        return rows

    def _shares(self, cover: Cover) -> list[tuple[str, int, dict[Owner, tuple[int, int]]]]:
        """Return, per reason, the time that is priced, and whose time and calls it was."""
        if not cover.touches(self.start, self.end):
            return [(reasons.WAIT, self._whole_time(), self._own)]
        return [
            (reason, length(union(piece for _, pieces in parts for piece in pieces)), _own(parts))
            for reason, parts in self._parts(cover).items()
        ]

    def _whole_time(self) -> int:
        """Return the time in any of the calls, ms."""
        if self._time is None:
            joined = union((wait.start, wait.end) for wait in self.waits)
            self._time, self._block = length(joined), joined[-1][0]
        return self._time

    def _parts(self, cover: Cover) -> dict[str, list[tuple[Wait, list[Interval]]]]:
        """Return, per reason, what remains of each call."""
        parts: dict[str, list[tuple[Wait, list[Interval]]]] = {}
        for wait in self.waits:
            end = wait.end if cover.until is None else min(wait.end, cover.until)
            rest = without(wait.start, end, cover.absorbed)
            for caller, spans in cover.callbacks.items():
                inside = [piece for each in rest for piece in within(*each, spans)]
                rest = [piece for each in rest for piece in without(*each, spans)]
                if inside:
                    reason = reasons.qualified(reasons.CALLBACK, caller)
                    parts.setdefault(reason, []).append((wait, inside))
            if rest:
                parts.setdefault(reasons.WAIT, []).append((wait, rest))
        return parts

    def _rows(
        self, reason: str, own: dict[Owner, tuple[int, int]], time: int, cube: int
    ) -> list[tuple[Key, Entry]]:
        """Price by union, blame by each call's own seconds."""
        owners = sorted(own)
        weights = [own[owner][0] for owner in owners]
        times = share(time, weights)
        cubes = share(cube, weights) if cube else [0] * len(owners)
        return [
            (
                Key("responsiveness", *owner, self.step, reason),
                Entry(own[owner][1], times[i], cubes[i]),
            )
            for i, owner in enumerate(owners)
        ]


def _own(parts: list[tuple[Wait, list[Interval]]]) -> dict[Owner, tuple[int, int]]:
    """Return each system's own time and number of calls in what remains of them."""
    own: dict[Owner, tuple[int, int]] = {}
    for wait, pieces in parts:
        time, calls = own.get(wait.owner, (0, 0))
        part = wait.own * length(pieces) // (wait.end - wait.start)
        own[wait.owner] = (time + part, calls + wait.calls)
    return own


class Waits:
    """All waits of a segment.

    Args:
        rule: The rule that prices them.
    """

    __slots__ = ("_gap", "_rule", "_steps", "_stretches", "total")

    def __init__(self, rule: SystemWait) -> None:
        self._rule = rule
        self._gap = round(rule.stretch * 1000)
        self._steps: dict[str, Group] = {}
        self._stretches: list[Group] = []
        self.total: dict[Key, Entry] = {}
        """The rows of all groups as last settled, of those that were forgotten too."""

    def __iter__(self) -> Iterator[Group]:
        yield from self._steps.values()
        yield from self._stretches

    def add(self, step: str, wait: Wait, cover: Cover) -> Group:
        """Take one call, and return the step or stretch that it belongs to."""
        group = self._steps.get(step) if step else self._stretch(wait)
        if group is not None:
            group.add(wait)
            return group
        group = Group(step, wait)
        if step:
            self._steps[step] = group
        else:
            self._stretches.append(group)
            if len(self._stretches) > 1 and self._stretches[-2].start > group.start:
                self._stretches.sort(key=lambda each: each.start)
        self._forget(cover)
        return group

    def clear(self) -> None:
        """Forget everything."""
        self._steps.clear()
        self._stretches.clear()
        self.total.clear()

    def during(self, start: int, end: int) -> Iterator[tuple[str, Wait]]:
        """Return the calls that overlap the time from *start* to *end*, with their steps."""
        for group in self:
            if group.start < end and group.end > start:
                for wait in group.waits:
                    if wait.start < end and wait.end > start:
                        yield group.step, wait

    def unsettle(self, start: int, end: int) -> None:
        """Have what overlaps the time from *start* to *end* settled anew."""
        for group in self:
            if group.start < end and group.end > start:
                group.stale = True

    def settle(self, cover: Cover) -> dict[Key, Entry]:
        """Bring all rows up to date, and return them."""
        for group in self:
            if group.stale:
                self.settle_group(group, cover)
        return self.total

    def settle_group(self, group: Group, cover: Cover) -> None:
        """Bring the rows of one step or stretch up to date."""
        old, group.rows = group.rows, group.settle(cover, self._rule)
        group.stale = False
        if old != group.rows:
            subtract(self.total, old)
            add(self.total, group.rows)

    def _stretch(self, wait: Wait) -> Group | None:
        """Return the stretch that *wait* belongs to, joining those that it connects."""
        stretches, gap = self._stretches, self._gap
        if not stretches or wait.start - stretches[-1].end >= gap:
            return None
        if wait.start >= stretches[-1].start:
            return stretches[-1]
        near = [
            each
            for each in stretches
            if each.end + gap > wait.start and each.start - gap < wait.end
        ]
        for other in near[1:]:
            near[0].absorb(other)
            stretches.remove(other)
        return near[0] if near else None

    def _forget(self, cover: Cover) -> None:
        """Let go of a group beyond the limit; what it put into the total stays there."""
        if len(self._steps) > STEPS:
            last = max(self._steps, key=rank)
            self.settle_group(self._steps.pop(last), cover)
        if len(self._stretches) > STRETCHES:
            self.settle_group(self._stretches.pop(0), cover)


def join_nearest(waits: list[Wait], limit: int) -> list[Wait]:
    """Join calls of the same system until *limit* are left, those first that are nearest.

    Args:
        waits: The calls.
        limit: Number of calls to leave; one per system is always left.
    """
    ordered = sorted(waits, key=lambda wait: (wait.owner, wait))
    gaps = sorted(
        (after.start - before.end, i)
        for i, (before, after) in enumerate(pairwise(ordered), 1)
        if before.owner == after.owner
    )
    joins = {i for _, i in gaps[: max(0, len(waits) - limit)]}
    joined: list[Wait] = []
    for i, wait in enumerate(ordered):
        if i in joins:
            joined[-1] = _joined(joined[-1], wait)
        else:
            joined.append(wait)
    return joined


def _joined(one: Wait, other: Wait) -> Wait:
    return Wait(
        min(one.start, other.start),
        max(one.end, other.end),
        one.owner,
        one.own + other.own,
        one.calls + other.calls,
        one.failed or other.failed,
    )
