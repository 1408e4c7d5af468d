"""Keys of calls that differ by verb and path alone: what no key names in a path is a star."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def words(keys: Iterable[str]) -> frozenset[str]:
    """Return the words in the paths of a table's keys, for `starred` to keep.

    Args:
        keys: Keys such as `GET calls/*`; what follows the path tells variants apart.

    Example:
        >>> sorted(words(["GET calls/*", "PUT calls/*/talk start"]))
        ['calls', 'talk']
    """
    parts = {part for key in keys for part in key.split(" ")[1].split("/")}
    return frozenset(parts - {"*"})


def starred(method: str, path: str, known: frozenset[str]) -> str:
    """Return the key of a call: its verb, and its path with a star for each unknown part.

    An id that is spelled like a word of the table is taken for that word.

    Args:
        method: The HTTP verb.
        path: The path, with or without slashes around it; a query is left out.
        known: The words to keep, from `words`.

    Example:
        >>> starred("get", "/calls/63f61863/talk?page=2", frozenset({"calls", "talk"}))
        'GET calls/*/talk'
    """
    parts = segments(path)
    return f"{method.upper()} {'/'.join(part if part in known else '*' for part in parts)}"


def segments(path: str) -> list[str]:
    """Return the parts of a path between its slashes, without its query.

    Example:
        >>> segments("/calls/63f61863?page=2")
        ['calls', '63f61863']
    """
    return path.partition("?")[0].strip("/").split("/")
