"""Lines of text with styles: coloured in a terminal, plain where they are piped."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Piece(NamedTuple):
    """A piece of a line, and how a terminal shows it."""

    text: str
    style: str = ""


Line = list[Piece]


def line(*pieces: str | Piece | tuple[str, str]) -> Line:
    """Return a line of pieces; a string is one without a style.

    Example:
        >>> plain([line("score ", ("58", "bold"))])
        ['score 58']
    """
    return [Piece(piece) if isinstance(piece, str) else Piece(*piece) for piece in pieces]


def plain(lines: Iterable[Line]) -> list[str]:
    """Return lines as they are piped: the text alone."""
    return ["".join(piece.text for piece in each).rstrip() for each in lines]


def show(lines: Sequence[Line]) -> None:
    """Print lines to standard output, coloured where that is a terminal."""
    if not sys.stdout.isatty():
        print("\n".join(plain(lines)))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for each in lines:
        text = Text.assemble(*((piece.text, piece.style) for piece in each))
        console.print(text, soft_wrap=True)


def duration(milliseconds: float) -> str:
    """Return a duration as a person says it.

    Example:
        >>> duration(314), duration(3_221), duration(449_000), duration(90_000_000)
        ('314 ms', '3.2 s', '7 min 29 s', '25 h')
    """
    seconds = milliseconds / 1000
    if seconds < 0.9995:
        return f"{milliseconds:.0f} ms"
    if seconds < 99.95:
        return f"{seconds:.1f} s"
    minutes = round(seconds) // 60
    if minutes < 120:
        return f"{minutes} min {round(seconds) % 60} s"
    return f"{round(minutes / 60)} h"
