"""How an answer reaches the client: late, never, broken off, or as it should."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from cxotel.demo.far_ends.server import CONNECTION, Connection

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from starlette.types import Receive, Scope, Send

    from cxotel.demo.far_ends.wire import Reply

NO_CONTENT = 204


class Delivery:
    """The client's connection during one request."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take what the server hands to an application for one request."""
        self._scope, self._receive, self._send = scope, receive, send
        self._connection: Connection = scope[CONNECTION]

    async def reply(self, reply: Reply) -> None:
        """Send the whole answer."""
        response = Response(reply.body, reply.status)
        # Exactly the reply's header fields: Starlette would add a content type of its own.
        response.raw_headers = _raw(reply)
        await response(self._scope, self._receive, self._send)

    async def wait(self, seconds: float) -> None:
        """Wait, but not longer than the server runs."""
        if seconds > 0:
            await self._first(asyncio.sleep(seconds), self._connection.closing.wait())

    async def hang(self) -> None:
        """Send nothing until the client gives up or the server stops."""
        await self._first(self._gone(), self._connection.closing.wait())
        await self.reset()

    async def reset(self) -> None:
        """Drop the connection without an answer."""
        self._connection.reset()
        # An application that returns before the connection is gone would be logged as broken.
        await self._gone()

    async def truncate(self, reply: Reply, size: int) -> None:
        """Send the answer's head and the first bytes of its body, then close."""
        start = {"type": "http.response.start", "status": reply.status, "headers": _raw(reply)}
        body = {"type": "http.response.body", "body": reply.body[:size], "more_body": True}
        await self._send(start)
        await self._send(body)
        self._connection.close()
        await self._gone()

    async def _gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def _first(self, *waits: Awaitable[Any]) -> None:
        tasks = [asyncio.ensure_future(wait) for wait in waits]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _raw(reply: Reply) -> list[tuple[bytes, bytes]]:
    fields = {name.lower(): value for name, value in reply.headers.items()}
    # A reply without content has no length field either (RFC 9110 section 8.6).
    if reply.status != NO_CONTENT:
        fields["content-length"] = str(len(reply.body))
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in fields.items()]
