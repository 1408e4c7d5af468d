"""Where a value is: in the path, the query, the request, the reply or its headers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import parse_qs

from cxotel.engine import walk
from cxotel.routes.clients import content
from cxotel.routes.errors import UnfitError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cxotel.engine import Call, Reader

SOURCES: Final = ("path", "query", "body", "reply", "header", "item")
_PLACE = re.compile(rf"({'|'.join(SOURCES)})\.(.+)", re.DOTALL)
_LONGEST = 200


class Around(NamedTuple):
    """What a place may refer to.

    Args:
        names: The names in the route's path.
        in_item: Whether it is read from the items of a list.
        in_reply: Whether the reply is there.
    """

    names: tuple[str, ...] = ()
    in_item: bool = False
    in_reply: bool = True


def is_place(value: object) -> bool:
    """Tell whether *value* is a place, and no text that stands for itself."""
    return isinstance(value, str) and _PLACE.fullmatch(value) is not None


def place(value: object, around: Around) -> Reader:
    """Return a reader of a place such as `reply.results.0.id`.

    Args:
        value: The place.
        around: What it may refer to.

    Raises:
        UnfitError: It is none, or is not there.
    """
    found = _PLACE.fullmatch(value) if isinstance(value, str) else None
    if found is None or len(found[0]) > _LONGEST:
        raise UnfitError(
            f"{value!r} is no place; write path.NAME, query.NAME, body.FIELD, reply.FIELD, "
            "header.NAME or, in a list, item.FIELD"
        )
    source, rest = found.groups()
    if source == "path" and rest not in around.names:
        there = ", ".join(around.names) or "none"
        raise UnfitError(f"'{value}': the route's path has no {{{rest}}}; its names are: {there}")
    if source == "item" and not around.in_item:
        raise UnfitError(f"'{value}': there are items only beside `each`")
    return _READERS[source](rest)


def near_place(value: str) -> str:
    """Return advice where a text seems to be a place that is spelled wrongly, else nothing."""
    from difflib import get_close_matches  # costs import time

    source, dot, _ = value.partition(".")
    close = get_close_matches(source, SOURCES, 1) if dot else []
    return f"did you mean {close[0]}?" if close else ""


def is_of_reply(value: object) -> bool:
    """Tell whether a place is known only when the reply is there."""
    return isinstance(value, str) and value.startswith(("reply.", "header.", "item."))


def _steps(path: str) -> tuple[str | int, ...]:
    """Return the steps of `results.0.id`: a number is a position in a list."""
    steps = tuple(int(step) if step.isdecimal() else step for step in path.split("."))
    if "" in steps:
        raise UnfitError(f"'{path}' has an empty step")
    return steps


def _of_path(name: str) -> Reader:
    def read(call: Call) -> str | None:
        values: Mapping[str, str] = call.notes.get("path", {})
        return values.get(name)

    return read


def _of_query(name: str) -> Reader:
    def read(call: Call) -> object:
        address = call.address
        found = parse_qs(address.query).get(name) if address else None
        return found[0] if found else walk(call.argument("params"), (name,))

    return read


def _of_body(path: str) -> Reader:
    steps = _steps(path)

    def read(call: Call) -> object:
        notes = call.notes
        if "body" not in notes:
            library: Any = call.address.library if call.address else None
            notes["body"] = content(library.sent(call))
        return walk(notes["body"], steps)

    return read


def _of_reply(path: str) -> Reader:
    steps = _steps(path)
    return lambda call: walk(call.document, steps)


def _of_header(name: str) -> Reader:
    def read(call: Call) -> object:
        headers = call.headers if call.response is None else call.response.headers
        return headers.get(name)

    return read


def _of_item(path: str) -> Reader:
    steps = _steps(path)
    return lambda call: walk(call.item, steps)


_READERS: Final[Mapping[str, Callable[[str], Reader]]] = {
    "path": _of_path,
    "query": _of_query,
    "body": _of_body,
    "reply": _of_reply,
    "header": _of_header,
    "item": _of_item,
}
