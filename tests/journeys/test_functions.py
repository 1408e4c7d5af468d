"""What decorating changes for the caller of a function: nothing."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import gc
import inspect
import logging
import threading
import weakref
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry import context as otel_context
from opentelemetry import trace

import cxotel
from tests.journeys.telemetry import Telemetry, parent_id, spot

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator


def plain(a: int, b: str = "x", *rest: int, key: bool = False, **others: str) -> str:
    """Say something."""
    return f"{a}{b}{rest}{key}{others}"


async def coroutine(a: int) -> int:
    """Say something later."""
    return a


def generator(a: int) -> Generator[int, None, None]:
    """Say things."""
    yield a


async def async_generator(a: int) -> AsyncGenerator[int, None]:
    """Say things later."""
    yield a


KINDS = [
    inspect.isfunction,
    inspect.iscoroutinefunction,
    inspect.isgeneratorfunction,
    inspect.isasyncgenfunction,
]


@pytest.mark.parametrize("function", [plain, coroutine, generator, async_generator])
@pytest.mark.parametrize("decorate", [cxotel.journey("j"), cxotel.step("s"), cxotel.wait("w")])
def test_a_decorated_function_is_of_the_same_kind(
    function: Callable[..., Any], decorate: Any
) -> None:
    """Frameworks that look at a function see the same kind, signature, name and documentation."""
    decorated = decorate(function)
    assert [kind(decorated) for kind in KINDS] == [kind(function) for kind in KINDS]
    assert inspect.signature(decorated) == inspect.signature(function)
    assert (decorated.__name__, decorated.__doc__) == (function.__name__, function.__doc__)
    assert decorated.__wrapped__ is function


def test_arguments_and_results_are_the_same_objects(told: Telemetry) -> None:
    """The function gets what the caller gave, and the caller what the function returned."""
    thing = object()

    @cxotel.journey("refund")
    def give(*args: object, **kwargs: object) -> tuple[object, object]:
        return args, kwargs

    assert give(thing, key=thing) == ((thing,), {"key": thing})
    assert cxotel.journey("plain")(plain)(1, "b", 2, key=True, z="z") == plain(
        1, "b", 2, key=True, z="z"
    )


async def test_callables_that_are_no_functions_are_run_as_what_they_are(told: Telemetry) -> None:
    """Partials and objects with a call of their own, also a coroutine's, end with their work."""

    class Handler:
        async def __call__(self, a: int) -> str:
            await asyncio.sleep(0)
            now = cxotel.current_journey()
            assert now is not None
            return now.name

    assert await cxotel.journey("object")(Handler())(7) == "object"
    assert await cxotel.journey("partial")(functools.partial(coroutine, 7))() == 7
    assert cxotel.journey("built-in")(len)([1, 2]) == 2
    assert told.names() == ["object", "partial", "built-in"]


async def test_nothing_happens_before_it_would(told: Telemetry) -> None:
    """Calling a coroutine or generator function starts nothing; an unused result leaves no span."""
    waiting = cxotel.journey("coroutine")(coroutine)(1)
    lazy = cxotel.journey("generator")(generator)(1)
    later = cxotel.journey("async generator")(async_generator)(1)
    waiting.close()
    lazy.close()
    await later.aclose()
    assert told.names() == []


def _ask() -> Generator[Any, Any, str]:
    """Answer each word, end on `stop`, survive one close attempt that says so, raise on `raise`."""
    answer: Any = "started"
    while True:
        try:
            word = yield answer
        except LookupError as error:
            answer = type(error).__name__
            continue
        if word == "stop":
            return "stopped"
        if word == "raise":
            raise ArithmeticError
        answer = word


def _play(function: Callable[[], Generator[Any, Any, Any]], moves: list[Any]) -> list[Any]:
    """Do to a generator what a caller can do, and write down what comes back."""
    running = function()
    seen: list[Any] = []
    for move in moves:
        try:
            if isinstance(move, type):
                seen.append(running.throw(move()))
            elif move == "close":
                seen.append(running.close())
            else:
                seen.append(running.send(move))
        except BaseException as error:  # noqa: BLE001 - whatever it is, both must raise the same
            seen.append((type(error), error.args))
    running.close()
    return seen


_MOVES = st.lists(
    st.sampled_from(
        [
            *(None, None, "word", "stop", "raise", "close"),
            *(KeyError, OSError, StopIteration, GeneratorExit),
        ]
    ),
    max_size=8,
)


@given(_MOVES)
def test_a_decorated_generator_answers_as_the_generator_does(moves: list[Any]) -> None:
    """Whatever is sent and thrown into a decorated generator, what comes back is the same."""
    assert _play(cxotel.journey("j")(_ask), moves) == _play(_ask, moves)


def test_a_generator_that_ignores_being_closed_is_told_so_as_usual(told: Telemetry) -> None:
    """Closing such a generator raises what Python raises, decorated or not."""

    @cxotel.journey("refund")
    def stubborn() -> Generator[int, None, None]:
        while True:
            try:
                yield 1
            except GeneratorExit:
                yield 2
                return

    running = stubborn()
    next(running)
    with pytest.raises(RuntimeError, match="ignored GeneratorExit"):
        running.close()
    assert list(running) == []
    assert told.names() == ["refund"]


async def _ask_later() -> AsyncGenerator[Any, Any]:
    answer: Any = "started"
    while True:
        await asyncio.sleep(0)
        try:
            word = yield answer
        except LookupError as error:
            answer = type(error).__name__
            continue
        if word == "stop":
            return
        if word == "raise":
            raise ArithmeticError
        answer = word


async def _play_later(
    function: Callable[[], AsyncGenerator[Any, Any]], moves: list[Any]
) -> list[Any]:
    running = function()
    seen: list[Any] = []
    for move in moves:
        try:
            if isinstance(move, type):
                seen.append(await running.athrow(move()))
            elif move == "close":
                await running.aclose()
                seen.append("closed")
            else:
                seen.append(await running.asend(move))
        except BaseException as error:  # noqa: BLE001 - whatever it is, both must raise the same
            seen.append((type(error), error.args))
    await running.aclose()
    return seen


@given(_MOVES)
def test_a_decorated_async_generator_answers_as_the_generator_does(moves: list[Any]) -> None:
    """Whatever is sent and thrown into a decorated async generator, the same comes back."""

    async def compare() -> None:
        mine = await _play_later(cxotel.journey("j")(_ask_later), moves)
        assert mine == await _play_later(_ask_later, moves)

    asyncio.run(compare())


def test_between_two_yields_the_callers_context_is_the_callers(told: Telemetry) -> None:
    """Inside, a generator is in its journey and step; outside, its caller never is."""

    @cxotel.journey("stream", journey_id="j-1")
    def stream() -> Generator[str | None, None, None]:
        with cxotel.step("first"):
            yield _place()
            with told.tracer.start_as_current_span("made after a yield"):
                pass
        yield _place()

    before = otel_context.get_current()
    seen: list[str | None] = []
    for place in stream():
        seen.append(place)
        assert otel_context.get_current() is before
        assert cxotel.current_journey() is None
    assert seen == ["j-1", "j-1"]
    assert parent_id(told.span("made after a yield")) == spot(told.span("first")).span_id
    assert told.names() == ["made after a yield", "first", "stream"]


async def test_between_two_yields_an_async_generators_caller_is_outside(told: Telemetry) -> None:
    """The same for async generators, also while another journey of the caller runs."""

    @cxotel.journey("stream", journey_id="j-1")
    async def stream() -> AsyncGenerator[str | None, None]:
        for _ in range(2):
            with cxotel.step("part"):
                await asyncio.sleep(0)
                yield _place()

    with cxotel.journey("caller", journey_id="j-2"):
        async for place in stream():
            assert (place, _place()) == ("j-1", "j-2")
    assert _place() is None
    assert "cx.journey.cause" not in told.attributes("stream")


def _place() -> str | None:
    now = cxotel.current_journey()
    return now.id if now else None


async def test_closing_an_async_generator_from_another_task_logs_nothing(
    told: Telemetry, caplog: pytest.LogCaptureFixture
) -> None:
    """A stream that its consumer drops, and another task closes, ends quietly as closed."""
    caplog.set_level(logging.DEBUG)

    @cxotel.journey("stream")
    async def stream() -> AsyncGenerator[int, None]:
        with cxotel.step("part"):
            yield 1
            yield 2

    running = stream()
    assert await anext(running) == 1
    await asyncio.create_task(running.aclose())  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    assert told.attributes("stream")["cx.journey.cause"] == "closed"
    assert told.names() == ["part", "stream"]
    assert [each for each in caplog.records if each.name != "asyncio"] == []
    assert cxotel.current_journey() is None


def test_closing_a_generator_from_another_thread_logs_nothing(
    told: Telemetry, caplog: pytest.LogCaptureFixture
) -> None:
    """A generator may be closed by any thread: its journey ends as closed, without an outcome."""
    caplog.set_level(logging.DEBUG)

    @cxotel.journey("stream")
    def stream() -> Generator[int, None, None]:
        with cxotel.step("part"):
            yield 1

    running = stream()
    next(running)
    closer = threading.Thread(target=running.close)
    closer.start()
    closer.join()
    assert told.attributes("stream")["cx.journey.cause"] == "closed"
    assert "cx.journey.outcome" not in told.attributes("stream")
    assert trace.StatusCode.UNSET is told.span("stream").status.status_code
    assert caplog.records == []


def test_a_coroutine_that_is_thrown_away_logs_nothing(
    told: Telemetry, caplog: pytest.LogCaptureFixture
) -> None:
    """A coroutine closed in another context than it ran in ends quietly as closed."""
    caplog.set_level(logging.DEBUG)

    class Pause:
        def __await__(self) -> Generator[None, None, None]:
            yield

    @cxotel.journey("refund")
    async def handle() -> None:
        with cxotel.step("look up"):
            await Pause()

    running = handle()
    contextvars.copy_context().run(running.send, None)
    running.close()
    del running
    gc.collect()
    assert told.attributes("refund")["cx.journey.cause"] == "closed"
    assert told.names() == ["look up", "refund"]
    assert caplog.records == []
    assert cxotel.current_journey() is None


async def test_a_block_left_in_a_copy_of_its_context_leaves_that_too(
    told: Telemetry, caplog: pytest.LogCaptureFixture
) -> None:
    """A block entered in one task and left in a task started inside it ends there as well."""
    refund = cxotel.journey("refund")
    refund.__enter__()

    async def leave() -> str | None:
        refund.__exit__(None, None, None)
        return _place()

    assert await asyncio.create_task(leave()) is None
    assert told.names() == ["refund"]
    assert caplog.records == []


def test_nothing_holds_on_to_what_a_generator_worked_with(told: Telemetry) -> None:
    """When a closed generator is gone, so are its arguments, without waiting for the collector."""

    class Contact:
        pass

    @cxotel.journey("stream")
    def stream(contact: Contact) -> Generator[Contact, None, None]:
        yield contact

    gone = threading.Event()
    contact = Contact()
    weakref.finalize(contact, gone.set)
    gc.disable()
    try:
        running = stream(contact)
        next(running)
        running.close()
        del running, contact
        assert gone.is_set()
    finally:
        gc.enable()
