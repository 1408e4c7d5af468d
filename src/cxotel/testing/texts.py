"""Every text inside a value, however it is kept."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

_DEEPEST = 7
_MOST = 5_000
_UNREADABLE = frozenset({"urllib3._collections"})
"""Modules whose mappings cannot be iterated: a pool of connections, which a reply refers to."""
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4}){4,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def texts(value: object) -> str:
    """Return all texts found in *value*: in its items, attributes, and as it prints itself.

    A string that is written in Base64 is there as what it says, too.

    Args:
        value: Anything: a reply, an exception, arguments.

    Example:
        >>> "Doe" in texts({"caller": [b"Jane Doe"]})
        True
        >>> "Doe" in texts({"client_state": "eyJjYWxsZXIiOiAiSmFuZSBEb2UifQ=="})
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
    items = _items(value)
    if items is None:
        found.append(str(value))
        if isinstance(value, str) and _BASE64.fullmatch(value):
            found.append(b64decode(value).decode("utf-8", "replace"))
        items = [] if isinstance(value, str) else list(getattr(value, "__dict__", {}).values())
    for one in items:
        _gather(one, found, known, deeper - 1)


def _items(value: Any) -> list[Any] | None:
    """Return what a container holds, or `None` for what is none."""
    if type(value).__module__ in _UNREADABLE:
        return None
    if isinstance(value, Mapping):
        return [*value.keys(), *value.values()]  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType, reportUnknownVariableType] - anything
    if isinstance(value, (list, tuple, set)):
        return list(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType] - anything
    return None
