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
    """One call that passed a choke point."""

    target: Target
    context: Context
    result: Any
    error: BaseException | None


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


@contextmanager
def witnessed(targets: Iterable[Target]) -> Generator[list[Passed], None, None]:
    """Note what passes each of *targets*, outside of whatever replaced them before."""
    passed: list[Passed] = []
    kept: list[tuple[Any, str, Any]] = []
    for target in present(targets):
        owner, name = place(target)
        original = defined(owner)[name]
        kept.append((owner, name, original))
        setattr(owner, name, _witness(target, owner, original, passed))
    try:
        yield passed
    finally:
        for owner, name, original in reversed(kept):
            setattr(owner, name, original)


def _witness(target: Target, owner: Any, original: Any, passed: list[Passed]) -> Any:
    function: Callable[..., Any] = getattr(original, "__func__", original)
    is_static = isinstance(original, staticmethod)
    in_class = not isinstance(owner, ModuleType)

    def bound(args: tuple[Any, ...]) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        if not in_class:
            return original, args
        if is_static:
            return original.__get__(None, owner), args
        return original.__get__(args[0], owner), args[1:]

    def note(result: Any, error: BaseException | None) -> None:
        if not is_unobserved():
            passed.append(Passed(target, otel_context.get_current(), result, error))

    witness = (
        _coroutine(bound, note) if inspect.iscoroutinefunction(function) else _plain(bound, note)
    )
    named = functools.wraps(function)(witness)
    return staticmethod(named) if is_static else named


def _plain(bound: Callable[..., Any], note: Callable[..., None]) -> Callable[..., Any]:
    def witness(*args: Any, **kwargs: Any) -> Any:
        function, rest = bound(args)
        try:
            result = function(*rest, **kwargs)
        except BaseException as error:
            note(None, error)
            raise
        note(result, None)
        return result

    return witness


def _coroutine(bound: Callable[..., Any], note: Callable[..., None]) -> Callable[..., Any]:
    async def witness(*args: Any, **kwargs: Any) -> Any:
        function, rest = bound(args)
        try:
            result = await function(*rest, **kwargs)
        except BaseException as error:
            note(None, error)
            raise
        note(result, None)
        return result

    return witness
