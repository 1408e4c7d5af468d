"""Time functions against each other, so that a busy machine slows all of them alike."""

from __future__ import annotations

import gc
from contextlib import AbstractContextManager, nullcontext
from time import perf_counter_ns
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROUNDS = 150


def _always() -> AbstractContextManager[object]:
    return nullcontext()


class Timed(NamedTuple):
    """A function to time, and what is switched on around it, outside of the time taken."""

    function: Callable[[], object]
    around: Callable[[], AbstractContextManager[object]] = _always


def side_by_side(timed: Mapping[str, Timed], loops: int, rounds: int = ROUNDS) -> dict[str, float]:
    """Return the best time of each function, in microseconds a call.

    The functions take turns in short rounds: what disturbs one disturbs all of them, and the best
    of many short rounds is what the code costs where nothing does.

    Args:
        timed: What to time, by name.
        loops: Calls in one round of one function.
        rounds: How many rounds.
    """
    best = dict.fromkeys(timed, float("inf"))
    gc.collect()
    for _ in range(rounds):
        for name, (function, around) in timed.items():
            with around():
                function()
                best[name] = min(best[name], _once(function, loops))
    return best


def _once(function: Callable[[], object], loops: int) -> float:
    start = perf_counter_ns()
    for _ in range(loops):
        function()
    return (perf_counter_ns() - start) / loops / 1000
