"""Answers that are given otherwise than a far end would: scripted ones, and changed ones."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any, cast

from cxotel.demo.far_ends.faults import ANY
from cxotel.demo.far_ends.wire import Reply

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cxotel.demo.far_ends.faults import Fault


class Replies:
    """Exact answers for a far end to give, in order, before it thinks of its own.

    Example:
        >>> replies = Replies()
        >>> replies.push("create_call", 201, {"Twilio-Request-Id": "RQ1"}, {"sid": "CA1"})
        >>> replies.take("create_call").status
        201
        >>> replies.take("create_call") is None
        True
    """

    def __init__(self) -> None:
        """Start with no answers."""
        self._lock = threading.Lock()
        self._queues: defaultdict[str, deque[Any]] = defaultdict(deque)

    def push(
        self, operation: str, status: int, headers: Mapping[str, str], body: Any = None
    ) -> None:
        """Answer the next request for an operation exactly so.

        Args:
            operation: The far end's name of the operation, or `ANY`.
            status: The HTTP status.
            headers: Header fields; the far end adds none of its own.
            body: Bytes and text as they are, anything else as JSON.
        """
        self.push_raw(operation, Reply.of(status, body, headers))

    def push_raw(self, operation: str, reply: Any) -> None:
        """Answer the next request with a reply in the far end's own form."""
        with self._lock:
            self._queues[operation].append(reply)

    def take(self, operation: str) -> Any:
        """Return and forget the next answer for an operation, or None."""
        with self._lock:
            for name in (operation, ANY):
                if self._queues[name]:
                    return self._queues[name].popleft()
        return None

    def clear(self) -> None:
        """Forget all answers."""
        with self._lock:
            self._queues.clear()


def merged(usual: Any, changes: Mapping[str, Any]) -> Any:
    """Return a JSON object with some values replaced, objects within objects too.

    Example:
        >>> merged({"status": "queued", "links": {"a": 1, "b": 2}}, {"links": {"b": 3}})
        {'status': 'queued', 'links': {'a': 1, 'b': 3}}
    """
    result: dict[str, Any] = {**usual} if isinstance(usual, dict) else {}
    for key, value in changes.items():
        nested = cast("dict[str, Any]", value) if isinstance(value, dict) else None
        result[key] = value if nested is None else merged(result.get(key), nested)
    return result


def all_changes(faults: Iterable[Fault]) -> dict[str, Any]:
    """Return what several faults change together; a later one wins."""
    changes: dict[str, Any] = {}
    for fault in faults:
        changes = merged(changes, fault.changes)
    return changes
