"""Calls that do not end by themselves: cancelled, timed out, interrupted."""

from __future__ import annotations

import asyncio
import functools
import inspect
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from opentelemetry import context as otel_context

from cxotel import semconv
from cxotel.testing.observed import as_expected, ensure, observed, observing
from cxotel.testing.probes import defined, place, present
from cxotel.testing.session import Session
from cxotel.testing.telemetry import Telemetry

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from cxotel.engine import Vendor
    from cxotel.testing.case import Case
    from cxotel.testing.observed import Observed

_PATIENCE = 10.0
"""Seconds until a call must have reached its choke point."""


class Interrupted(BaseException):
    """Raised in the middle of a call, as a signal handler or an exiting thread would."""


def check_cancelled(case: Case) -> None:
    """A task cancelled in the middle of a call is cancelled, and the call's span ends with it."""
    for variant in case.variants:
        with observed(case, variant) as seen:
            if not seen.session.is_async or not case.of(variant, (case.slow,)):
                continue
            before = otel_context.get_current()
            seen.session.run(_cancel(seen))
            ensure(otel_context.get_current() == before, f"{variant}: the context was not restored")
            _ensure_one_failed(seen, "CancelledError")


async def _cancel(seen: Observed) -> None:
    at = seen.session.prepare(seen.case.slow)
    task = asyncio.ensure_future(seen.session.awaited(seen.case.slow, at))
    for _ in range(int(_PATIENCE / 0.01)):
        await asyncio.sleep(0.01)
        if seen.telemetry.open_spans or task.done():
            break
    await asyncio.sleep(0.05)  # into the wait for the reply
    where = seen.where(seen.case.slow)
    ensure(not task.done(), f"{where}: a slow call ended by itself, or made no span")
    ensure(seen.telemetry.open_spans == 1, f"{where}: {seen.telemetry.open_spans} spans are open")
    task.cancel()
    results = await asyncio.gather(task, return_exceptions=True)
    ensure(
        type(results[0]) is asyncio.CancelledError,
        f"{where}: a cancelled call gave {results[0]!r}",
    )


def check_timed_out(case: Case) -> None:
    """A call that the client gives up raises what it always did, and its span says so."""
    for variant in case.variants:
        with observed(case, variant) as seen:
            if seen.session.is_async or not case.of(variant, (case.slow,)):
                continue
            outcome = seen.session.call(case.slow)
            where = seen.where(case.slow)
            ensure(case.slow.raises, f"{where}: it must say what the client's timeout raises")
            as_expected(outcome, case.slow, where)
            _ensure_one_failed(seen, case.slow.error)
            timed_out = [span["attributes"].get(semconv.CX_CALL_TIMED_OUT) for span in seen.spans]
            ensure(timed_out == [True], f"{where}: {semconv.CX_CALL_TIMED_OUT} is {timed_out}")


def _ensure_one_failed(seen: Observed, error_type: str | None) -> None:
    where = seen.where(seen.case.slow)
    ensure(seen.telemetry.open_spans == 0, f"{where}: its span never ended")
    ensure(len(seen.spans) == 1, f"{where}: made {len(seen.spans)} spans")
    span = seen.spans[0]
    found = span["attributes"].get(semconv.ERROR_TYPE)
    ensure(span["status"] == "ERROR", f"{where}: the span's status is {span['status']}")
    ensure(
        found and error_type in (None, found),
        f"{where}: {semconv.ERROR_TYPE} is {found!r}, expected {error_type!r}",
    )


def check_interrupted(case: Case) -> None:
    """What is raised in the middle of a call, an exit or an interrupt too, passes as it is."""
    vendor = case.load()
    for variant in case.variants:
        with Telemetry() as telemetry, Session(case, variant) as session:
            interrupt = Interrupted()
            with _interrupting(vendor, interrupt), observing(vendor, telemetry):
                outcome = session.call(case.of(variant)[0])
            where = f"{vendor.name}, {variant} client"
            ensure(outcome.error is interrupt, f"{where}: got {outcome.error!r} for an interrupt")
            ensure(telemetry.open_spans == 0, f"{where}: an interrupted call's span never ended")
            failed = [span for span in telemetry.spans if span["status"] == "ERROR"]
            ensure(failed, f"{where}: an interrupted call left no span of an error")


@contextmanager
def _interrupting(vendor: Vendor, interrupt: BaseException) -> Generator[None, None, None]:
    """Let every target raise *interrupt* for the length of a block."""
    places = [place(target) for target in present(vendor.targets)]
    kept = [(owner, name, defined(owner)[name]) for owner, name in places]
    for owner, name, original in kept:
        setattr(owner, name, _raising(original, interrupt))
    try:
        yield
    finally:
        for owner, name, original in kept:
            setattr(owner, name, original)


def _raising(original: Any, interrupt: BaseException) -> Any:
    function: Callable[..., Any] = getattr(original, "__func__", original)

    def raises(*args: Any, **kwargs: Any) -> None:
        raise interrupt

    async def raises_async(*args: Any, **kwargs: Any) -> None:
        raise interrupt

    is_async = inspect.iscoroutinefunction(function)
    named = functools.wraps(function)(raises_async if is_async else raises)
    return staticmethod(named) if isinstance(original, staticmethod) else named
