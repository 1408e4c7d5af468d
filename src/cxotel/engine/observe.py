"""The replacement of a client's function: one for plain functions, one for coroutine functions."""

from __future__ import annotations

import inspect
import weakref
from typing import TYPE_CHECKING, Any

from opentelemetry import context as otel_context

from cxotel.engine.call import Call, Site
from cxotel.engine.callbacks import answering
from cxotel.engine.life import Life, arguments
from cxotel.engine.shield import report
from cxotel.engine.streams import awaited, deliver, tapped

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.engine.vocabulary import Address, Target

    Begin = Callable[..., Call | None]


class Gate:
    """Decides whose calls are observed: everybody's, or those of chosen client objects."""

    def __init__(self) -> None:
        """Start closed."""
        self.everybody = False
        self._chosen: dict[int, Callable[[], object]] = {}

    def admit(self, anchor: object) -> None:
        """Observe the calls that *anchor* stands for."""
        self._chosen[id(anchor)] = _reference(anchor)

    def dismiss(self, anchor: object) -> None:
        """Observe them no longer."""
        self._chosen.pop(id(anchor), None)

    def close(self) -> None:
        """Observe nobody: also a bound method that was cached earlier falls silent."""
        self.everybody = False
        self._chosen.clear()

    @property
    def closed(self) -> bool:
        """Whether nobody is observed."""
        return not self.everybody and not self._chosen

    def open_for(self, call: Call, target: Target) -> bool:
        """Tell whether *call* is to be observed."""
        if self.everybody:
            return True
        anchor = target.anchor(call) if target.anchor else call.instance
        chosen = self._chosen.get(id(anchor))
        return chosen is not None and chosen() is anchor


def _reference(anchor: object) -> Callable[[], object]:
    try:
        return weakref.ref(anchor)
    except TypeError:  # without a slot for weak references: held for as long as it is chosen
        return lambda: anchor


def observing(life: Life, gate: Gate, target: Target) -> Callable[[Any], Callable[..., Any]]:
    """Return what makes the replacement for *target*'s function."""

    def wrap(original: Any) -> Callable[..., Any]:
        site = Site(life.vendor, *signature(original, target.name))
        return replacement(
            original,
            beginning(life, gate, target, site),
            streams=target.streams,
            callback=target.callback,
        )

    return wrap


def beginning(life: Life, gate: Gate, target: Target, site: Site) -> Begin:
    """Return what opens an observed call of *target*'s function, where it is to be observed."""

    def begin(
        instance: object,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        address: Address | None = None,
    ) -> Call | None:
        try:
            if gate.closed:
                return None
            call = Call(site, instance, args, kwargs)
            call.life, call.address = life, address
            if not gate.open_for(call, target):
                return None
            if target.when is not None and not target.when(call):
                return None
        except Exception as error:  # noqa: BLE001 - the client's call must go on
            report(f"recognising a call of {life.vendor.name}", error)
            return None
        return call if life.open(call) else None

    return begin


def replacement(
    original: Any, begin: Begin, *, streams: bool, callback: str | None = None
) -> Callable[..., Any]:
    """Return what is called in the place of a client's function.

    Args:
        original: The client's function.
        begin: Opens an observed call, or returns `None`.
        streams: Whether the result is an iterator that delivers the reply in pieces.
        callback: The parameter that may be a function of the caller's for the reply.
    """
    function = getattr(original, "__func__", original)
    if inspect.iscoroutinefunction(function):
        return _coroutine(begin, streams=streams)
    return _plain(begin, streams=streams, callback=callback)


def _plain(begin: Begin, *, streams: bool, callback: str | None) -> Callable[..., Any]:
    def wrapper(
        wrapped: Callable[..., Any], instance: object, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        call = begin(instance, args, kwargs)
        if call is None:
            return wrapped(*args, **kwargs)
        args, kwargs = _arguments(call)
        if callback is not None:
            args, kwargs = answering(call, callback, (args, kwargs))
        token = otel_context.attach(call.context)
        try:
            result = wrapped(*args, **kwargs)
        except BaseException as error:
            call.life.close(call, error)
            raise
        finally:
            otel_context.detach(token)
        return deliver(call.life, call, result, streams=streams)

    return wrapper


def _coroutine(begin: Begin, *, streams: bool) -> Callable[..., Any]:
    async def wrapper(
        wrapped: Callable[..., Any], instance: object, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        call = begin(instance, args, kwargs)
        if call is None:
            return await wrapped(*args, **kwargs)
        args, kwargs = _arguments(call)
        return await awaited(call.life, call, wrapped(*args, **kwargs), streams=streams)

    return wrapper


def _arguments(call: Call) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return what to call the client's function with: nearly always what the caller gave."""
    operation = call.plan.operation
    if operation.carry:
        return arguments(call.life, call)
    if operation.sends:
        return tapped(call, operation.sends)
    return call.args, call.kwargs


def signature(original: Any, name: str) -> tuple[str, dict[str, int]]:
    """Return a function's name, and the position of each positional parameter without `self`.

    Args:
        original: The client's function.
        name: `Class.method`, or the function's name.
    """
    function = getattr(original, "__func__", original)
    owner, _, last = name.rpartition(".")
    names = [
        parameter.name
        for parameter in inspect.signature(function).parameters.values()
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
    ]
    own = names[1:] if owner else names
    return last, {parameter: position for position, parameter in enumerate(own)}
