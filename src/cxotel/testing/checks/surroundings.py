"""A call among others: suppressed, inside a journey, outside of the user's own services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry import context as otel_context
from opentelemetry.instrumentation.utils import suppress_instrumentation

import cxotel
from cxotel import semconv
from cxotel.context import outside
from cxotel.engine.life import SUPPRESS
from cxotel.testing.observed import Observed, ensure, observed, observing
from cxotel.testing.probes import witnessed
from cxotel.testing.session import Session
from cxotel.testing.telemetry import Telemetry

if TYPE_CHECKING:
    from opentelemetry.context import Context

    from cxotel.testing.case import At, Case, Example

_STEP = "calling"


def check_suppressed(case: Case) -> None:
    """Where OpenTelemetry's instrumentations are told to be silent, a call tells nothing."""
    for variant in case.variants:
        with observed(case, variant) as seen:
            for example in case.of(variant):
                with suppress_instrumentation():
                    seen.call(example)
                _ensure_silent(seen, example)
            token = otel_context.attach(otel_context.set_value(SUPPRESS, value=True))
            try:
                seen.call(case.of(variant)[0])
            finally:
                otel_context.detach(token)
            _ensure_silent(seen, case.of(variant)[0])


def _ensure_silent(seen: Observed, example: Example) -> None:
    told = [span["name"] for span in seen.spans] + [one["name"] for one in seen.telemetry.metrics]
    ensure(not told, f"{seen.where(example)}: suppressed, it still told {told}")


def check_journey(case: Case) -> None:
    """Every span of a call inside a journey has its id and step, and is a child of the step."""
    for variant in case.variants:
        with observed(case, variant) as seen:
            for example in case.of(variant):
                with (
                    cxotel.journey("contract", journey_id="journey-7", channel="voice"),
                    cxotel.step(_STEP),
                ):
                    seen.call(example)
                _ensure_inside(seen, example)


def _ensure_inside(seen: Observed, example: Example) -> None:
    where = seen.where(example)
    ensure(seen.spans, f"{where}: no span")
    steps = [span["span_id"] for span in seen.telemetry.spans if span["name"] == _STEP]
    for span in seen.spans:
        found = {key: span["attributes"].get(key) for key in _INSIDE}
        ensure(found == _INSIDE, f"{where}: inside a journey it says {found}, expected {_INSIDE}")
        ensure([span["parent_id"]] == steps, f"{where}: its span is no child of the step's")


_INSIDE: dict[str, Any] = {
    semconv.CX_JOURNEY_ID: "journey-7",
    semconv.SESSION_ID: "journey-7",
    semconv.CX_STEP_NAME: _STEP,
    semconv.CX_CHANNEL: "voice",
}


def check_outside(case: Case) -> None:
    """A call is marked, so that nothing in it makes spans and nothing of the user's crosses."""
    vendor = case.load()
    for variant in case.variants:
        with (
            Telemetry() as telemetry,
            Session(case, variant) as session,
            witnessed(vendor.targets) as inner,
            observing(vendor, telemetry),
        ):
            seen = Observed(case, variant, vendor, session, telemetry)
            for example in case.of(variant):
                inner.clear()
                seen.call(example)
                ensure(inner, f"{seen.where(example)}: nothing passed through a target")
                for passed in inner:
                    _ensure_marked(passed.context, seen, example)


def check_context_kept(case: Case) -> None:
    """After a call, and between two pieces of a stream, the caller's context is the caller's."""
    for variant in case.variants:
        with observed(case, variant) as seen:
            for example in case.of(variant):
                at = seen.session.prepare(example)
                before = otel_context.get_current()
                if seen.session.is_async:
                    contexts: list[Context] = seen.session.run(_contexts_async(seen, example, at))
                else:
                    contexts = _contexts(example, at)
                ensure(contexts, f"{seen.where(example)}: it has no end")
                for context in (*contexts, otel_context.get_current()):
                    kept = context == before
                    ensure(kept, f"{seen.where(example)}: the caller is left in {context}")


def _contexts(example: Example, at: At) -> list[Context]:
    """Make a call and return the caller's context after it and after each piece."""
    contexts: list[Context] = []
    try:
        result = example.call(at)
        contexts.append(otel_context.get_current())
        for _ in result if example.stream else ():
            contexts.append(otel_context.get_current())  # noqa: PERF401 - none may be lost
    except Exception:  # noqa: BLE001 - failing examples are looked at too
        contexts.append(otel_context.get_current())
    return contexts


async def _contexts_async(seen: Observed, example: Example, at: At) -> list[Context]:
    contexts: list[Context] = []
    try:
        result = await seen.session.opened(example, at)
        contexts.append(otel_context.get_current())
        if example.stream:
            async for _ in result:
                contexts.append(otel_context.get_current())  # noqa: PERF401 - none may be lost
    except Exception:  # noqa: BLE001 - failing examples are looked at too
        contexts.append(otel_context.get_current())
    return contexts


def _ensure_marked(context: Context, seen: Observed, example: Example) -> None:
    where, now = seen.where(example), outside(context)
    system = seen.vendor.system_name
    ensure(now and now.system == system, f"{where}: the context is not marked as outside")
    ensure(context.get(SUPPRESS), f"{where}: spans inside the call are not suppressed")
