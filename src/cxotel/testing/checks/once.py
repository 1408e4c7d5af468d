"""One call, one span: however often, and by whomever, it is instrumented."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from cxotel.engine.instrumentation import instrument, instrument_client
from cxotel.testing.neighbours import neighbours
from cxotel.testing.observed import Observed, ensure, observed, observing
from cxotel.testing.session import Session
from cxotel.testing.telemetry import Telemetry

if TYPE_CHECKING:
    from cxotel.testing.case import Case


def check_instrumented_twice(case: Case) -> None:
    """A second instrumentation, of everything or of one client object, changes nothing."""
    for variant in case.variants:
        with observed(case, variant) as seen:
            instrument(seen.vendor, tracer_provider=seen.telemetry.tracer_provider)
            instrument_client(
                seen.session.client,
                seen.vendor,
                tracer_provider=seen.telemetry.tracer_provider,
            )
            for example in case.of(variant):
                seen.call(example)
                _ensure_count(seen, len(example.told), seen.where(example))


def check_one_span_among_neighbours(case: Case) -> None:
    """With OpenTelemetry's instrumentations of the same call on, in either order, one span."""
    for variant in case.variants:
        for ours_first in (False, True):
            with ExitStack() as stack:
                telemetry = stack.enter_context(Telemetry())
                vendor = case.load()
                if ours_first:
                    stack.enter_context(observing(vendor, telemetry))
                stack.enter_context(neighbours(telemetry))
                if not ours_first:
                    stack.enter_context(observing(vendor, telemetry))
                session = stack.enter_context(Session(case, variant))
                seen = Observed(case, variant, vendor, session, telemetry)
                order = "cxotel first" if ours_first else "cxotel last"
                for example in case.of(variant):
                    seen.call(example)
                    where = f"{seen.where(example)}, among neighbours, {order}"
                    _ensure_count(seen, len(example.told), where)


def _ensure_count(seen: Observed, wanted: int, where: str) -> None:
    found = [f"{span['scope']}: {span['name']}" for span in seen.spans]
    ensure(len(found) == wanted, f"{where}: made {len(found)} spans, expected {wanted}: {found}")
