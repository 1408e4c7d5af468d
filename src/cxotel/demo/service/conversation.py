"""A conversation: webhooks bring what somebody says, and a handler reads it like a story.

A telephone platform sends one request for each thing the customer says. A handler that is written
from the first word to the last is easier to read than one that is cut to pieces by requests, so
each conversation's handler runs in a thread of its own, and waits there for the next request.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_logger = logging.getLogger(__name__)
_PATIENCE = 120.0
_THREADS = 64


class Reply(NamedTuple):
    """What the service answers to one request of a conversation."""

    says: str
    then: Literal["listen", "queue", "end"] = "listen"


class HungUpError(Exception):
    """Nobody says anything any more."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation, with a customer or with the desk of an agent.

    Attributes:
        id: The vendor's id of the contact.
        customer: The customer's telephone number or account.
        details: What else the first request said.
    """

    id: str
    customer: str
    details: Mapping[str, str] = field(default_factory=dict[str, str])
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    _said: queue.SimpleQueue[str | None] = field(default_factory=queue.SimpleQueue[str | None])
    _replies: asyncio.Queue[Reply] = field(default_factory=asyncio.Queue[Reply])

    # What a handler calls

    def ask(self, text: str) -> str:
        """Say something, and return what is said next.

        Raises:
            HungUpError: They hung up, or nothing was said for two minutes.
        """
        self.answer(Reply(text))
        try:
            said = self._said.get(timeout=_PATIENCE)
        except queue.Empty:
            said = None
        if said is None:
            raise HungUpError(self.id)
        return said

    def answer(self, reply: Reply) -> None:
        """Answer the request that waits."""
        # Nobody waits any more where the service is about to end.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._replies.put_nowait, reply)

    # What the web application calls

    async def next_reply(self, said: str | None = None) -> Reply:
        """Bring what was said, and wait for the answer."""
        if said is not None:
            self._said.put(said)
        return await self._replies.get()

    def hang_up(self) -> None:
        """Let the handler know that nobody will say anything any more."""
        self._said.put(None)


class Conversations:
    """The conversations that go on, by the contact's id."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="conversation")
        self._open: dict[str, Conversation] = {}

    async def begin(
        self, conversation: Conversation, handler: Callable[[Conversation], Reply]
    ) -> Reply:
        """Start a handler, and return what it says first."""
        self._open[conversation.id] = conversation
        self._threads.submit(self._run, conversation, handler)
        return await self._next(conversation, None)

    async def go_on(self, contact_id: str, said: str) -> Reply:
        """Bring what was said next.

        Raises:
            KeyError: There is no such conversation.
        """
        return await self._next(self._open[contact_id], said)

    def close(self) -> None:
        """End all conversations, and wait for their handlers."""
        for conversation in list(self._open.values()):
            conversation.hang_up()
        self._threads.shutdown()

    async def _next(self, conversation: Conversation, said: str | None) -> Reply:
        reply = await conversation.next_reply(said)
        if reply.then != "listen":
            self._open.pop(conversation.id, None)
        return reply

    def _run(self, conversation: Conversation, handler: Callable[[Conversation], Reply]) -> None:
        last = Reply("We are sorry: something went wrong. Please call again.", "end")
        try:
            last = handler(conversation)
        except HungUpError:
            return
        except Exception:
            _logger.exception("a conversation broke off")
        conversation.answer(last)
