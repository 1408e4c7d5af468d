"""A real client and its far end, and examples that run on them: the same face for both styles."""

from __future__ import annotations

import asyncio
import gc
import inspect
import logging
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from cxotel.testing.case import At
from cxotel.testing.unobserved import unobserved

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator
    from types import TracebackType

    from typing_extensions import Self

    from cxotel.testing.case import Case, Example


class Outcome(NamedTuple):
    """What an example's caller got."""

    at: At
    result: Any
    error: BaseException | None


class Session:
    """One far end and the clients of one variant.

    Args:
        case: The vendor's case.
        variant: The name of the client to use.
        far_end: A far end that is running already; one of its own if left out.
    """

    def __init__(self, case: Case, variant: str, *, far_end: object = None) -> None:
        self.case = case
        self.variant = variant
        self.far_end: Any = far_end
        self.is_async = False
        self.client: Any = None
        self._loop = asyncio.new_event_loop()
        self._closing = ExitStack()
        self._own: dict[int, Any] = {}

    def __enter__(self) -> Self:
        """Start the far end and make the clients."""
        if self.far_end is None:
            self.far_end = self._closing.enter_context(self.case.far_end())
        self.client = self._connect(self.case.clients[self.variant])
        # All are made now: some instrumentations see only clients that are made while they are on.
        for example in (*self.case.examples, self.case.slow, *self.case.canaries):
            if self.variant in example.clients:
                self._own[id(example)] = self._connect(example.clients[self.variant])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the clients and stop the far end."""
        try:
            self._closing.close()
        finally:
            self._loop.run_until_complete(_settled())
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    def _connect(self, factory: Callable[[Any], Any]) -> Any:
        made: Any = factory(self.far_end)
        if not hasattr(made, "__aenter__"):
            return self._closing.enter_context(made)
        self.is_async = True
        client: Any = self.run(made.__aenter__())
        self._closing.callback(lambda: self.run(made.__aexit__(None, None, None)))
        return client

    def run(self, awaitable: Awaitable[Any]) -> Any:
        """Run something asynchronous to its end, in the running code's context."""
        return self._loop.run_until_complete(_awaiting(awaitable))

    def prepare(self, example: Example, number: int = 0) -> At:
        """Make everything ready for a call of *example*."""
        client = self._own.get(id(example), self.client)
        at = At(client, self.far_end, number=number)
        with unobserved():
            if self.case.reset is not None:
                self.case.reset(self.far_end)
            if example.prepare is not None:
                at.prepared = example.prepare(at)
        return at

    def call(self, example: Example, *, pieces: int | None = None, number: int = 0) -> Outcome:
        """Run *example* and return what its caller got.

        Args:
            example: The call.
            pieces: Close a stream after so many pieces, in place of reading it to its end.
            number: What `at.number` is.
        """
        at = self.prepare(example, number)
        try:
            if self.is_async:
                at.result = self.run(self.awaited(example, at, pieces))
            else:
                at.result = self.plainly(example, at, pieces)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is the outcome
            return Outcome(at, None, error)
        return Outcome(at, at.result, None)

    def plainly(self, example: Example, at: At, pieces: int | None = None) -> Any:
        """Make the call with a synchronous client."""
        result = example.call(at)
        return _read(result, pieces) if example.stream else result

    async def awaited(self, example: Example, at: At, pieces: int | None = None) -> Any:
        """Make the call with an asynchronous client."""
        result = await self.opened(example, at)
        return await _read_async(result, pieces) if example.stream else result

    async def opened(self, example: Example, at: At) -> Any:
        """Make the call with an asynchronous client, without reading a stream."""
        result = (example.call_async or example.call)(at)
        return await result if inspect.isawaitable(result) else result

    @contextmanager
    def stream(self, example: Example) -> Generator[Any, None, None]:
        """Open *example*'s stream, give it unread, and close it."""
        at = self.prepare(example)
        if self.is_async:
            stream = self.run(self.opened(example, at))
            yield stream
            self.run(_close_async(stream))
        else:
            stream = example.call(at)
            yield stream
            _close(stream)

    def again(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Call a client's function once more with the same arguments, whatever comes of it."""
        try:
            result = function(*args, **kwargs)
            if inspect.isawaitable(result):
                result = self.run(result)
            if hasattr(result, "__aiter__"):
                self.run(_read_async(result, None))
            elif hasattr(result, "__next__"):
                _read(result, None)
        except Exception as error:  # noqa: BLE001 - the far end may not like it twice
            logging.getLogger(__name__).debug("the second call failed: %r", error)

    def drop(self, example: Example) -> None:
        """Read one piece of *example*'s stream and let go of it, as careless code does."""
        at = self.prepare(example)
        if self.is_async:
            self.run(self._dropped(example, at))
        else:
            next(iter(example.call(at)))
        gc.collect()

    async def _dropped(self, example: Example, at: At) -> None:
        await (await self.opened(example, at)).__aiter__().__anext__()
        gc.collect()


async def _settled() -> None:
    """Let connections that were closed come to their end, which takes a turn of the loop or two."""
    for _ in range(4):
        await asyncio.sleep(0)


async def _awaiting(awaitable: Awaitable[Any]) -> Any:
    return await awaitable


def _read(stream: Any, pieces: int | None) -> list[Any]:
    read: list[Any] = []
    for piece in stream:
        read.append(piece)
        if len(read) == pieces:
            _close(stream)
            break
    return read


async def _read_async(stream: Any, pieces: int | None) -> list[Any]:
    read: list[Any] = []
    async for piece in stream:
        read.append(piece)
        if len(read) == pieces:
            await _close_async(stream)
            break
    return read


def _close(stream: Any) -> None:
    """Close a stream by the method that it has: generators close, gRPC's streams cancel."""
    close = getattr(stream, "close", None) or getattr(stream, "cancel", None)
    if close is not None:
        close()


async def _close_async(stream: Any) -> None:
    close = getattr(stream, "aclose", None)
    if close is None:
        _close(stream)
    else:
        await close()
