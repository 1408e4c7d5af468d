"""Answers for operations that nobody wrote a handler for: any value that the model allows."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from botocore.model import ListShape, MapShape, StructureShape

if TYPE_CHECKING:
    from botocore.model import Shape

    from cxotel.demo.far_ends.memory import Ids

_DEEPEST = 3
# A token for a next page would have a paginator go round for ever.
_LEFT_OUT = ("NextToken", "nextToken")


def canned(shape: Shape | None, ids: Ids) -> dict[str, Any]:
    """Make an answer up.

    Args:
        shape: The operation's output; None where it has none.
        ids: Where ids in the answer come from.
    """
    return {} if shape is None else _made(shape, "", ids, 0)


def _made(shape: Shape, name: str, ids: Ids, depth: int) -> Any:
    if isinstance(shape, StructureShape):
        members = shape.members
        wanted = list(members) if depth < _DEEPEST else shape.required_members
        if shape.is_tagged_union:
            # Deep down the last one, because the first may well hold the same union again.
            wanted = list(members)[:1] if depth < _DEEPEST else list(members)[-1:]
        return {
            key: _made(members[key], key, ids, depth + 1) for key in wanted if key not in _LEFT_OUT
        }
    if isinstance(shape, ListShape):
        least = int(shape.metadata.get("min", 0))
        count = max(least, 1 if depth < _DEEPEST else 0)
        return [_made(shape.member, name, ids, depth + 1) for _ in range(count)]
    if isinstance(shape, MapShape):
        return {}
    return _scalar(shape, name, ids)


def _scalar(shape: Shape, name: str, ids: Ids) -> Any:
    kind = shape.type_name
    if kind == "string":
        return _text(shape, name, ids)
    if kind == "timestamp":
        return datetime.now(timezone.utc)
    least = shape.metadata.get("min", 1)
    values = {"boolean": False, "blob": b"", "float": float(least), "double": float(least)}
    return values.get(kind, int(least))


def _text(shape: Shape, name: str, ids: Ids) -> str:
    limits = shape.metadata
    if "enum" in limits:
        return str(limits["enum"][0])
    if name.lower().endswith("arn"):
        text = f"arn:aws:connect:eu-central-1:111122223333:instance/{ids.uuid()}"
    elif name.endswith("Id"):
        text = ids.uuid()
    elif "Time" in name:
        text = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    else:
        text = name or "text"
    return text.ljust(limits.get("min", 0), "x")[: limits.get("max")]
