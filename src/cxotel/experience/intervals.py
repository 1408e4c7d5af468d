"""Sets of time: sorted lists of intervals that do not touch, in whole milliseconds."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    Interval = tuple[int, int]


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the time that is in any of *intervals*; empty and reversed ones are none.

    Example:
        >>> union([(5, 9), (0, 3), (2, 5), (7, 7)])
        [(0, 9)]
    """
    joined: list[Interval] = []
    for start, end in sorted(intervals):
        if end <= start:
            continue
        if joined and start <= joined[-1][1]:
            if end > joined[-1][1]:
                joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def without(start: int, end: int, cover: list[Interval]) -> list[Interval]:
    """Return what remains of the time from *start* to *end* outside of *cover*.

    Args:
        start: Start, ms.
        end: End, ms.
        cover: A set of time, as `union` returns it.

    Example:
        >>> without(0, 10, [(2, 3), (8, 12)])
        [(0, 2), (3, 8)]
    """
    if end <= start:
        return []
    rest: list[Interval] = []
    for other_start, other_end in _from(start, cover):
        if other_start >= end:
            break
        if other_start > start:
            rest.append((start, other_start))
        start = max(start, other_end)
    if start < end:
        rest.append((start, end))
    return rest


def within(start: int, end: int, cover: list[Interval]) -> list[Interval]:
    """Return what of the time from *start* to *end* is in *cover*.

    Example:
        >>> within(0, 10, [(2, 3), (8, 12)])
        [(2, 3), (8, 10)]
    """
    return [
        (max(start, other_start), min(end, other_end))
        for other_start, other_end in _from(start, cover)
        if other_start < end and other_end > start
    ]


def length(intervals: Iterable[Interval]) -> int:
    """Return how long a set of time is, ms.

    Example:
        >>> length([(0, 2), (3, 8)])
        7
    """
    return sum(end - start for start, end in intervals)


def join_nearest(intervals: Iterable[Interval], limit: int) -> list[Interval]:
    """Return the time in any of *intervals* as at most *limit* ones, the nearest being joined.

    Example:
        >>> join_nearest([(0, 2), (3, 8), (20, 30)], 2)
        [(0, 8), (20, 30)]
    """
    joined = union(intervals)
    while len(joined) > limit:
        i = min(range(1, len(joined)), key=lambda i: joined[i][0] - joined[i - 1][1])
        joined[i - 1 : i + 1] = [(joined[i - 1][0], joined[i][1])]
    return joined


def _from(start: int, cover: list[Interval]) -> list[Interval]:
    """Return the part of *cover* that can reach beyond *start*."""
    if not cover or cover[0][1] > start:
        return cover
    return cover[max(0, bisect_right(cover, (start,)) - 1) :]
