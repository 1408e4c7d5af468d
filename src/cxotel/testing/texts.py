"""Every text inside a value, however it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_DEEPEST = 7
_MOST = 5_000


def texts(value: object) -> str:
    """Return all texts found in *value*: in its items, attributes, and as it prints itself.

    Args:
        value: Anything: a reply, an exception, arguments.

    Example:
        >>> "Doe" in texts({"caller": [b"Jane Doe"]})
        True
    """
    found: list[str] = []
    _gather(value, found, set(), _DEEPEST)
    return "\n".join(found)


def _gather(value: Any, found: list[str], known: set[int], deeper: int) -> None:
    if deeper == 0 or len(found) > _MOST or id(value) in known:
        return
    known.add(id(value))
    if isinstance(value, bytes):
        found.append(value.decode("utf-8", "replace"))
        return
    found.append(str(value))
    if isinstance(value, str):
        return
    for one in _inside(value):
        _gather(one, found, known, deeper - 1)


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return [*value.keys(), *value.values()]  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType, reportUnknownVariableType] - anything
    if isinstance(value, (list, tuple, set)):
        return list(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType] - anything
    return list(getattr(value, "__dict__", {}).values())
