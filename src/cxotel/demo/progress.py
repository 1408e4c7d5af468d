"""How far it is: a bar in a terminal, some lines where the output is piped."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

_STEPS = 5


@contextmanager
def progress(what: str, total: int) -> Generator[Callable[[], None], None, None]:
    """Show progress on standard error, and give what to call when one more is done.

    Args:
        what: What is being done.
        total: How many there are.
    """
    if sys.stderr.isatty():
        with _bar(what, total) as advance:
            yield advance
    else:
        yield _lines(what, total)


@contextmanager
def _bar(what: str, total: int) -> Generator[Callable[[], None], None, None]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)


def _lines(what: str, total: int) -> Callable[[], None]:
    done = 0

    def advance() -> None:
        nonlocal done
        done += 1
        if done * _STEPS // total > (done - 1) * _STEPS // total:
            print(f"{what}: {done} of {total}", file=sys.stderr, flush=True)

    return advance
