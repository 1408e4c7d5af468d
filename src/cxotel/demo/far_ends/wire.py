"""One request and one reply of a far end, and the log of what came in."""

from __future__ import annotations

import json
import threading
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote_plus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NO_HEADERS: Mapping[str, str] = {}
_LOG_SIZE = 10_000


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came off the wire.

    Attributes:
        system: The vendor, as in ``twilio``.
        operation: The far end's name for what was asked, or ``unknown``.
        method: The HTTP verb; ``GRPC`` for a remote procedure call.
        path: The path, percent-decoded and without the query.
        query: The query string as it was sent.
        headers: Header names in lower case; repeated ones are joined with a comma. The metadata of
            a remote procedure call.
        body: The body as it was sent; of a remote procedure call the message as JSON.
        ids: What the path's placeholders stood for.
    """

    system: str
    operation: str
    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    ids: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def params(self) -> dict[str, str]:
        """The query's parameters; of a repeated one the last."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form-encoded body; of a repeated one the last."""
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def form_items(self) -> list[tuple[str, str]]:
        """The fields of a form-encoded body in the order they were sent."""
        return parse_qsl(self.body.decode(), keep_blank_values=True)

    @property
    def json(self) -> Any:
        """The body read as JSON; an empty object when there is none."""
        return json.loads(self.body) if self.body else {}

    @property
    def text(self) -> str:
        """Everything the client said, decoded, for finding a contact's ids and numbers in it."""
        coded = (self.query, self.body.decode(errors="replace"))
        # As it is too: in JSON, and in a path, a plus is a plus.
        said = (self.path, *coded, *(unquote_plus(part) for part in coded))
        return "\n".join((*said, *self.headers.values()))


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of a far end.

    Attributes:
        status: The HTTP status.
        headers: Header fields beside those that the far end always sends.
        body: The body as sent.
        created: The ids of what the request created, so that later requests about them are known
            to belong to the same contact.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    created: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        status: int,
        content: Any = None,
        headers: Mapping[str, str] = NO_HEADERS,
        *,
        created: tuple[str, ...] = (),
    ) -> Reply:
        """Make a reply from what its body says.

        Args:
            status: The HTTP status.
            content: Bytes and text are sent as they are, None as an empty body, anything else as
                JSON.
            headers: Header fields.
            created: The ids of what the request created.

        Example:
            >>> Reply.of(200, {"sid": "CA1"}).body
            b'{"sid": "CA1"}'
        """
        body, content_type = _encoded(content)
        return cls(status, {**content_type, **headers}, body, created)


def _encoded(content: Any) -> tuple[bytes, dict[str, str]]:
    if content is None:
        return b"", {}
    if isinstance(content, bytes):
        return content, {}
    if isinstance(content, str):
        return content.encode(), {"Content-Type": "text/plain; charset=utf-8"}
    return json.dumps(content, default=str).encode(), {"Content-Type": "application/json"}


class RequestLog:
    """The newest requests of a far end, oldest first.

    Example:
        >>> log = RequestLog()
        >>> log.add(Received("twilio", "create_call", "POST", "/Calls.json"))
        >>> log.operations
        ['create_call']
    """

    def __init__(self, size: int = _LOG_SIZE) -> None:
        """Keep at most `size` requests."""
        self._requests: deque[Received] = deque(maxlen=size)
        self._changed = threading.Condition()

    def add(self, request: Received) -> None:
        """Note one request."""
        with self._changed:
            self._requests.append(request)
            self._changed.notify_all()

    def clear(self) -> None:
        """Forget all requests."""
        with self._changed:
            self._requests.clear()

    def of(self, operation: str) -> list[Received]:
        """Return the requests for one operation."""
        return [request for request in self if request.operation == operation]

    @property
    def operations(self) -> list[str]:
        """The operations asked for, in order."""
        return [request.operation for request in self]

    @property
    def last(self) -> Received:
        """The newest request.

        Raises:
            IndexError: No request came in.
        """
        return self._requests[-1]

    def wait_for(self, count: int, timeout: float = 5.0) -> bool:
        """Wait until `count` requests came in; return whether they did within `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._requests) >= count, timeout)

    def __iter__(self) -> Iterator[Received]:
        """Go through a copy, so that requests may come in meanwhile."""
        with self._changed:
            return iter(list(self._requests))

    def __len__(self) -> int:
        """Count the requests that are kept."""
        return len(self._requests)
