"""The caller's world is untouched: what a call returns or raises is what it was."""

from __future__ import annotations

import inspect
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from cxotel.testing.checks.kinds import kind_of, kinds_of
from cxotel.testing.observed import Observed, as_expected, ensure, observing
from cxotel.testing.probes import Passed, defined, place, present, witnessed
from cxotel.testing.session import Session
from cxotel.testing.telemetry import Telemetry

if TYPE_CHECKING:
    from collections.abc import Generator

    from cxotel.testing.case import Case, Example


_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_CHANGING = re.compile(rf"(?:(?:{_UUID}|[0-9a-f]*\d[0-9a-f]*)(?:, )?)+")
"""Ids, times and addresses in memory differ from run to run; a time at a full minute is shorter."""


class _Shape(NamedTuple):
    """What can be compared of values in two runs."""

    kinds: list[str | None]
    text: str


def check_same_result(case: Case) -> None:
    """A call returns the very object that the client returned; functions keep their signatures."""
    for variant in case.variants:
        for example, passed in _both(case, variant, fails=False):
            for inner, outer in passed:
                ensure(
                    _is_same(inner, outer),
                    f"{case.vendor}, {variant}, {example.operation!r}: {outer.target.name} "
                    f"returned {_name(inner.result)}, the caller got another object",
                )
    _check_signatures(case)


def check_same_exception(case: Case) -> None:
    """A failing call raises the very object that the client raised, with nothing chained to it."""
    for variant in case.variants:
        for example, passed in _both(case, variant, fails=True):
            for inner, outer in passed:
                ensure(
                    inner.error is outer.error,
                    f"{case.vendor}, {variant}, {example.operation!r}: {outer.target.name} raised "
                    f"{inner.error!r}, the caller got {outer.error!r}",
                )


def _both(
    case: Case, variant: str, *, fails: bool
) -> Generator[tuple[Example, list[tuple[Passed, Passed]]], None, None]:
    """Run examples and pair what passed inside of the instrumentation with what left it."""
    shapes = _plain_shapes(case, variant, fails=fails)
    with _between_witnesses(case, variant) as (seen, inner, outer):
        for position, example in enumerate(case.of(variant)):
            if example.fails is not fails:
                continue
            inner.clear()
            outer.clear()
            outcome = seen.call(example)
            where = seen.where(example)
            ensure(outer, f"{where}: nothing passed through a target")
            ensure(len(inner) == len(outer), f"{where}: {len(outer)} calls made {len(inner)}")
            yield example, list(zip(inner, outer, strict=True))
            _compare(_shape(outcome.result, outcome.error), shapes[position], where)


@contextmanager
def _between_witnesses(
    case: Case, variant: str
) -> Generator[tuple[Observed, list[Passed], list[Passed]], None, None]:
    vendor = case.load()
    with (
        Telemetry() as telemetry,
        Session(case, variant) as session,
        witnessed(vendor.targets) as inner,
        observing(vendor, telemetry),
        witnessed(vendor.targets) as outer,
    ):
        yield Observed(case, variant, vendor, session, telemetry), inner, outer


def _plain_shapes(case: Case, variant: str, *, fails: bool) -> dict[int, _Shape]:
    """Run examples without any instrumentation."""
    shapes: dict[int, _Shape] = {}
    with Session(case, variant) as session:
        for position, example in enumerate(case.of(variant)):
            if example.fails is fails:
                outcome = session.call(example)
                where = f"{case.vendor}, {variant} client, not instrumented, {example.operation!r}"
                as_expected(outcome, example, where)
                shapes[position] = _shape(outcome.result, outcome.error)
    return shapes


def _shape(result: Any, error: BaseException | None) -> _Shape:
    kinds = [kind_of(result), *kinds_of(error)]
    return _Shape(kinds, _CHANGING.sub("#", f"{result!r} {error!r}"))


def _compare(found: _Shape, plain: _Shape, where: str) -> None:
    ensure(found.kinds == plain.kinds, f"{where}: types are {found.kinds}, without {plain.kinds}")
    ensure(found.text == plain.text, f"{where}: gave {found.text}, without {plain.text}")


def _is_same(inner: Passed, outer: Passed) -> bool:
    if outer.result is inner.result:
        return True
    if inner.target.streams and not inspect.isawaitable(inner.result):
        return getattr(outer.result, "__wrapped__", None) is inner.result
    # What awaits a coroutine is another one: its value is compared by the caller's type.
    return inspect.isawaitable(inner.result) and inspect.isawaitable(outer.result)


def _name(value: object) -> str:
    return f"a {type(value).__qualname__}"


def _check_signatures(case: Case) -> None:
    vendor = case.load()
    targets = present(vendor.targets)
    before = [_face(*place(target)) for target in targets]
    with Telemetry() as telemetry, observing(vendor, telemetry):
        after = [_face(*place(target)) for target in targets]
    for target, was, now in zip(targets, before, after, strict=True):
        ensure(was == now, f"{vendor.name}: {target.name} was {was}, instrumented it is {now}")


def _face(owner: Any, name: str) -> tuple[object, ...]:
    value = getattr(owner, name)
    return (
        str(inspect.signature(value)),
        value.__name__,
        value.__qualname__,
        value.__doc__,
        inspect.iscoroutinefunction(value),
        isinstance(defined(owner)[name], staticmethod),
    )
