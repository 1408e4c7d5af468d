"""Replies that arrive later: awaitables, iterators and async iterators, each ended exactly once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry import context as otel_context

from cxotel.engine.bodies import is_awaited
from cxotel.engine.patching import ObjectProxy
from cxotel.engine.shield import report

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator

    from cxotel.engine.call import Call
    from cxotel.engine.life import Life


def deliver(life: Life, call: Call, result: Any, *, streams: bool) -> Any:
    """Return *result* as the caller gets it, and close the call when its reply is complete."""
    if hasattr(result, "__await__") and not hasattr(result, "__aiter__"):
        return awaited(life, call, result, streams=streams)
    if streams and hasattr(result, "__aiter__"):
        return AsyncStream(life, call, result)
    if streams and hasattr(result, "__next__"):
        return Stream(life, call, result)
    if call.address is None:
        call.response = result
    elif is_awaited(call, result):
        return result
    life.close(call)
    return result


async def awaited(life: Life, call: Call, result: Any, *, streams: bool) -> Any:
    """Await the reply inside the call's context."""
    token = otel_context.attach(call.context)
    try:
        value = await result
    except BaseException as error:
        life.close(call, error)
        raise
    finally:
        otel_context.detach(token)
    return deliver(life, call, value, streams=streams)


def tapped(call: Call, name: str) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return the call's arguments with the stream of requests watched as the client takes them."""
    requests = call.argument(name)
    if hasattr(requests, "__aiter__"):
        watched: Any = _sent_async(call, requests)
    elif hasattr(requests, "__iter__"):
        watched = _sent(call, requests)
    else:
        return call.args, call.kwargs
    return call.replacing(name, watched)


def _sent(call: Call, requests: Iterable[Any]) -> Iterator[Any]:
    for request in requests:
        call.notes.setdefault("sent", request)
        yield request


async def _sent_async(call: Call, requests: AsyncIterable[Any]) -> AsyncIterator[Any]:
    async for request in requests:
        call.notes.setdefault("sent", request)
        yield request


_ENDINGS = frozenset({"close", "aclose", "cancel"})
"""Methods that end a stream early. Each client's streams have some of them, and no other."""


class _Reply(ObjectProxy):
    """What the two kinds of stream share: reading pieces, and ending the call exactly once."""

    def __init__(self, life: Life, call: Call, wrapped: Any) -> None:
        super().__init__(wrapped)
        self._self_life = life
        self._self_call = call

    def _self_take(self, piece: Any) -> None:
        """Keep the document of a piece that holds one."""
        call = self._self_call
        call.pieces += 1
        call.response = piece
        select = call.plan.operation.select
        try:
            document = call.vendor.document(piece)
            document = select(document) if select else document
            if document is not None:
                call.document = document
        except Exception as error:  # noqa: BLE001 - the piece must reach the caller
            report(f"reading a piece of {call.plan.span_name}", error)

    def _self_end(self, error: BaseException | None = None) -> None:
        self._self_life.close(self._self_call, error)

    def __getattr__(self, name: str) -> Any:
        """Return what the client's stream has; closing it closes the call too."""
        value = getattr(self.__wrapped__, name)
        return self._self_ending(value) if name in _ENDINGS else value

    def _self_ending(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def ending(*args: Any, **kwargs: Any) -> Any:
            self._self_end()
            return method(*args, **kwargs)

        return ending

    def __del__(self) -> None:
        """Close the call of a stream that was dropped half-way."""
        self._self_end()


class Stream(_Reply):
    """An iterator over a reply's pieces."""

    def __iter__(self) -> Stream:
        """Return the stream itself."""
        return self

    def __next__(self) -> Any:
        """Return the next piece, inside the call's context."""
        token = otel_context.attach(self._self_call.context)
        try:
            piece = next(self.__wrapped__)
        except StopIteration:
            self._self_end()
            raise
        except BaseException as error:
            self._self_end(error)
            raise
        finally:
            otel_context.detach(token)
        self._self_take(piece)
        return piece


class AsyncStream(_Reply):
    """An async iterator over a reply's pieces."""

    def __aiter__(self) -> AsyncStream:
        """Return the stream itself, over the client's one iterator."""
        if not hasattr(self, "_self_pieces"):
            self._self_pieces = self.__wrapped__.__aiter__()
        return self

    async def __anext__(self) -> Any:
        """Return the next piece, inside the call's context."""
        token = otel_context.attach(self._self_call.context)
        try:
            piece = await self.__aiter__()._self_pieces.__anext__()  # noqa: SLF001 - our own
        except StopAsyncIteration:
            self._self_end()
            raise
        except BaseException as error:
            self._self_end(error)
            raise
        finally:
            otel_context.detach(token)
        self._self_take(piece)
        return piece
