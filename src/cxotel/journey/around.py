"""Run a block or a function, of whatever kind, inside something that is opened and ended."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, cast

from opentelemetry.context import get_current

from cxotel.context import enter, leave

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator, Mapping
    from contextvars import Token
    from types import TracebackType

    from opentelemetry.context import Context
    from typing_extensions import Self

    Start = Callable[[tuple[Any, ...], Mapping[str, Any]], "Opened"]

_F = TypeVar("_F", bound="Callable[..., Any]")
_T = TypeVar("_T")


class Opened(Protocol):
    """What is under way while the block runs."""

    @property
    def context(self) -> Context:
        """What the block runs in."""
        ...

    def end(self, error: BaseException | None) -> None:
        """End it; *error* is what left the block. Never raises."""
        ...


class Inside:
    """Be in a context for the time of one `with` block.

    Where the code inside changes its context and pauses, as a generator does at a `yield` within a
    step, the next block takes up what it left.
    """

    __slots__ = ("_entered", "_token", "context")

    def __init__(self, context: Context) -> None:
        self.context = self._entered = context

    def __enter__(self) -> Self:
        self._entered = self.context
        self._token: Token[Context] = enter(self._entered)
        return self

    def __exit__(self, *_: object) -> None:
        self.context = get_current()
        leave(self._token, self._entered)


class Running(Inside):
    """One run of a block: in its context, and ended with it."""

    __slots__ = ("opened",)

    def __init__(self, opened: Opened) -> None:
        super().__init__(opened.context)
        self.opened = opened

    def __exit__(self, *exception: object) -> None:
        super().__exit__()
        error = exception[1]
        self.opened.end(error if isinstance(error, BaseException) else None)

    def is_current(self) -> bool:
        """Tell whether the running code is directly inside this block."""
        return get_current() is self._entered


class Around(Generic[_T]):
    """A decorator for functions of every kind, and a context manager, also with `async with`.

    One object can be both and can be used any number of times, also at once.
    """

    def __init__(self) -> None:
        """Start with nothing running."""
        self._running: list[Running] = []

    def _start(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Opened:
        """Open what the block runs in; *args* and *kwargs* are those of the decorated function."""
        raise NotImplementedError

    def _subject(self, opened: Opened) -> _T:
        """Return what `with … as` gives."""
        raise NotImplementedError

    def _check(self) -> None:
        """Raise where this cannot be what the developer meant."""

    def __call__(self, function: _F) -> _F:
        """Run each call of *function* inside.

        Raises:
            ValueError: If an argument given before cannot be right.
            TypeError: If *function* is a class or no function at all.
        """
        self._check()
        if isinstance(function, (classmethod, staticmethod)):
            method = cast("Any", function)
            return type(method)(self(method.__func__))
        if inspect.isclass(function) or not callable(function):
            raise TypeError("decorate a function or a method")
        return decorated(function, self._start)

    def __enter__(self) -> _T:
        """Open it for a block."""
        running = Running(self._start((), {}))
        running.__enter__()
        self._running.append(running)
        return self._subject(running.opened)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it with the block; the exception passes."""
        running = self._taken()
        if running:
            running.__exit__(kind, error, trace)

    async def __aenter__(self) -> _T:
        """Open it for an `async with` block."""
        return self.__enter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it with the block; the exception passes."""
        self.__exit__(kind, error, trace)

    def _taken(self) -> Running | None:
        """Take the run that the code leaving a block is in: threads and tasks share this object."""
        runs = self._running
        if not runs:
            return None
        found = next((run for run in reversed(runs) if run.is_current()), runs[-1])
        runs.remove(found)
        return found


def decorated(function: _F, start: Start) -> _F:
    """Return *function* such that each call runs inside what *start* opens.

    The result is of the same kind (`inspect` says so), returns and raises the same objects, and
    does nothing earlier than *function* would.
    """
    if inspect.isasyncgenfunction(function):
        wrap = _async_generator
    elif inspect.isgeneratorfunction(function):
        wrap = _generator
    elif inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(
        getattr(function, "__call__", None)  # noqa: B004 - an object whose call is a coroutine
    ):
        wrap = _coroutine
    else:
        wrap = _plain
    return cast("_F", functools.wraps(function)(wrap(function, start)))


def _plain(function: Callable[..., Any], start: Start) -> Callable[..., Any]:
    def run(*args: Any, **kwargs: Any) -> Any:
        with Running(start(args, kwargs)):
            return function(*args, **kwargs)

    return run


def _coroutine(function: Callable[..., Any], start: Start) -> Callable[..., Any]:
    async def run(*args: Any, **kwargs: Any) -> Any:
        with Running(start(args, kwargs)):
            return await function(*args, **kwargs)

    return run


def _generator(function: Callable[..., Any], start: Start) -> Callable[..., Any]:
    def run(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        generator = function(*args, **kwargs)
        opened = start(args, kwargs)
        inside = Inside(opened.context)
        resume = functools.partial(generator.send, None)
        try:
            while True:
                try:
                    with inside:
                        item = resume()
                except StopIteration as stop:
                    opened.end(None)
                    return stop.value
                # What is thrown in is passed on as it is, `close` too: the generator decides.
                try:
                    resume = functools.partial(generator.send, (yield item))
                except BaseException as thrown:  # noqa: BLE001
                    resume = functools.partial(generator.throw, thrown)
        except BaseException as error:
            opened.end(error)
            raise
        finally:
            del resume  # it may hold an exception, whose traceback holds this frame

    return run


def _async_generator(function: Callable[..., Any], start: Start) -> Callable[..., Any]:
    async def run(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        generator = function(*args, **kwargs)
        opened = start(args, kwargs)
        inside = Inside(opened.context)
        resume = functools.partial(generator.asend, None)
        try:
            while True:
                try:
                    with inside:
                        item = await resume()
                except StopAsyncIteration:
                    opened.end(None)
                    return
                try:
                    resume = functools.partial(generator.asend, (yield item))
                except BaseException as thrown:  # noqa: BLE001
                    resume = functools.partial(generator.athrow, thrown)
        except BaseException as error:
            opened.end(error)
            raise
        finally:
            del resume

    return run
