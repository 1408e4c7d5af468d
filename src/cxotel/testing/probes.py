"""Witnesses at a client's choke points: what a function got, returned or raised, by identity."""

from __future__ import annotations

import functools
import inspect
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from opentelemetry import context as otel_context

from cxotel.testing.unobserved import is_unobserved

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping

    from opentelemetry.context import Context

    from cxotel.engine import Target


class Passed(NamedTuple):
    """One call that passed a choke point.

    Args:
        target: The choke point.
        context: The context that the call was made in.
        result: What it returned, if it did.
        error: What it raised, if it did.
        said: All texts in its arguments, before it was made, where they were wanted.
        left: All texts in the same objects afterwards.
    """

    target: Target
    context: Context
    result: Any
    error: BaseException | None
    said: str
    left: str


def place(target: Target) -> tuple[Any, str]:
    """Return what defines *target*'s function, and the function's name there."""
    *path, name = target.name.split(".")
    owner: Any = import_module(target.module)
    for step in path:
        owner = getattr(owner, step)
    return owner, name


def defined(owner: type | ModuleType) -> Mapping[str, Any]:
    """Return what a class or module itself defines, without what it inherits."""
    return owner.__dict__


def present(targets: Iterable[Target]) -> list[Target]:
    """Return those of *targets* that the installed client has."""
    return [target for target in targets if _is_there(target)]


def _is_there(target: Target) -> bool:
    try:
        owner, name = place(target)
    except (ImportError, AttributeError):
        return False
    return name in defined(owner)


def _nothing(_: object) -> str:
    return ""


@contextmanager
def witnessed(
    targets: Iterable[Target], *, read: Callable[[object], str] = _nothing
) -> Generator[list[Passed], None, None]:
    """Note what passes each of *targets*, outside of whatever replaced them before.

    Args:
        targets: The choke points.
        read: Reads the texts in a call's arguments; a client's can be large.
    """
    passed: list[Passed] = []
    kept: list[tuple[Any, str, Any]] = []
    for target in present(targets):
        owner, name = place(target)
        original = defined(owner)[name]
        kept.append((owner, name, original))
        setattr(owner, name, _witness(target, owner, original, _Notes(passed, read)))
    try:
        yield passed
    finally:
        for owner, name, original in reversed(kept):
            setattr(owner, name, original)


class _Notes(NamedTuple):
    """What passed, and how arguments are read."""

    passed: list[Passed]
    read: Callable[[object], str]


def _witness(target: Target, owner: Any, original: Any, notes: _Notes) -> Any:
    function: Callable[..., Any] = getattr(original, "__func__", original)
    is_static = isinstance(original, staticmethod)
    in_class = not isinstance(owner, ModuleType)

    def bound(args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Call:
        function, rest = original, args
        if is_static:
            function = original.__get__(None, owner)
        elif in_class:
            function, rest = original.__get__(args[0], owner), args[1:]
        return _Call(function, rest, (rest, kwargs), notes.read((rest, kwargs)))

    def note(call: _Call, result: Any, error: BaseException | None) -> None:
        if not is_unobserved():
            context, left = otel_context.get_current(), notes.read(call.given)
            notes.passed.append(Passed(target, context, result, error, call.said, left))

    witness = (
        _coroutine(bound, note) if inspect.iscoroutinefunction(function) else _plain(bound, note)
    )
    named = functools.wraps(function)(witness)
    return staticmethod(named) if is_static else named


class _Call(NamedTuple):
    """A call that is about to be made: the function, and what it is given."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    given: tuple[tuple[Any, ...], dict[str, Any]]
    said: str


def _plain(bound: Callable[..., Any], note: Callable[..., None]) -> Callable[..., Any]:
    def witness(*args: Any, **kwargs: Any) -> Any:
        call = bound(args, kwargs)
        try:
            result = call.function(*call.args, **kwargs)
        except BaseException as error:
            note(call, None, error)
            raise
        note(call, result, None)
        return result

    return witness


def _coroutine(bound: Callable[..., Any], note: Callable[..., None]) -> Callable[..., Any]:
    async def witness(*args: Any, **kwargs: Any) -> Any:
        call = bound(args, kwargs)
        try:
            result = await call.function(*call.args, **kwargs)
        except BaseException as error:
            note(call, None, error)
            raise
        note(call, result, None)
        return result

    return witness
