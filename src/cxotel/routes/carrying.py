"""Write the journey id into a header or a JSON field of a request, in a copy of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from cxotel.routes.clients import content
from cxotel.routes.errors import UnfitError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cxotel.engine import Arguments, Call
    from cxotel.routes.node import Node

_HEADER = re.compile(r"[A-Za-z0-9_-]{1,64}")


def carrier(node: Node) -> Callable[[Call, str], Arguments | None]:
    """Return what writes the journey id where the table says.

    Args:
        node: `header.NAME` or `body.FIELD.FIELD`.

    Raises:
        RouteError: It is neither.
    """
    source, name = node.fit(_parse)

    def carry(call: Call, journey_id: str) -> Arguments | None:
        library: Any = call.address.library if call.address else None
        if source == "header":
            return library.with_header(call, name, journey_id)
        document = content(library.sent(call))
        if not isinstance(document, dict):
            return None
        filled = _filled(cast("dict[str, Any]", document), name.split("."), journey_id)
        return library.with_json(call, filled)

    return carry


def _parse(value: object) -> tuple[str, str]:
    source, _, name = value.partition(".") if isinstance(value, str) else ("", "", "")
    if source not in ("header", "body") or not name:
        raise UnfitError(f"carry: {value!r} is neither header.NAME nor body.FIELD")
    if source == "header" and not _HEADER.fullmatch(name):
        raise UnfitError(f"carry: {name!r} is no name of a header")
    return source, name


def _filled(document: Mapping[str, Any], path: list[str], value: str) -> dict[str, Any]:
    """Return a copy of *document* with a value in it; mappings on the way are made."""
    name, *rest = path
    inner = document.get(name)
    if rest:
        below = cast("dict[str, Any]", inner) if isinstance(inner, dict) else {}
        return {**document, name: _filled(below, rest, value)}
    return {**document, name: value}
