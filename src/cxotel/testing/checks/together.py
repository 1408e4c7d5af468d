"""Eight calls at once, and clients side by side: nobody gets another's ids."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import cxotel
from cxotel import semconv
from cxotel.engine.instrumentation import instrument_client, instrumented, uninstrument_client
from cxotel.testing.checks.undo import restored
from cxotel.testing.expectations import differences
from cxotel.testing.observed import Observed, as_expected, ensure, observed
from cxotel.testing.session import Outcome, Session
from cxotel.testing.telemetry import Telemetry

if TYPE_CHECKING:
    from cxotel.testing.case import At, Case, Example

AT_ONCE = 8
_TIMES = 3
_PATIENCE = 30.0


def check_eight_at_once(case: Case) -> None:
    """Eight threads, or tasks, with a journey each: every span belongs to its own journey."""
    for variant in case.variants:
        with observed(case, variant) as seen:
            example = case.of(variant)[0]
            outcomes = _tasks(seen, example) if seen.session.is_async else _threads(seen, example)
            for number, made in enumerate(outcomes):
                _ensure_own(seen, example, number, made)
            wanted = AT_ONCE * _TIMES * len(example.told)
            ensure(len(seen.spans) == wanted, f"{seen.where(example)}: {len(seen.spans)} spans")


def _threads(seen: Observed, example: Example) -> list[list[Outcome]]:
    ready = threading.Barrier(AT_ONCE, timeout=_PATIENCE)

    def work(number: int) -> list[Outcome]:
        ready.wait()
        with cxotel.journey("contract", journey_id=f"journey-{number}"):
            return [seen.session.call(example, number=number) for _ in range(_TIMES)]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(work, range(AT_ONCE)))


def _tasks(seen: Observed, example: Example) -> list[list[Outcome]]:
    async def work(number: int) -> list[Outcome]:
        with cxotel.journey("contract", journey_id=f"journey-{number}"):
            return [
                await _awaited(seen, seen.session.prepare(example, number), example)
                for _ in range(_TIMES)
            ]

    async def together() -> list[list[Outcome]]:
        return await asyncio.gather(*(work(number) for number in range(AT_ONCE)))

    return seen.session.run(together())


async def _awaited(seen: Observed, at: At, example: Example) -> Outcome:
    at.result = await seen.session.awaited(example, at)
    return Outcome(at, at.result, None)


def _ensure_own(seen: Observed, example: Example, number: int, made: list[Outcome]) -> None:
    """Make sure that the spans of one journey tell of its own calls, in their order."""
    where = f"{seen.where(example)}, {AT_ONCE} at once, number {number}"
    journey_id = f"journey-{number}"
    spans = [
        span for span in seen.spans if span["attributes"].get(semconv.CX_JOURNEY_ID) == journey_id
    ]
    size = len(example.told)
    ensure(len(spans) == size * _TIMES, f"{where}: {len(spans)} spans have its journey's id")
    parents = {span["parent_id"] for span in spans} | {span["trace_id"] for span in spans}
    ensure(len(parents) == 2, f"{where}: its spans are in several traces")
    inside = {semconv.CX_JOURNEY_ID, semconv.SESSION_ID}
    for position, outcome in enumerate(made):
        as_expected(outcome, example, where)
        own = spans[position * size : (position + 1) * size]
        for span in own:
            span["attributes"] = {
                key: value for key, value in span["attributes"].items() if key not in inside
            }
        found = differences(seen.case, seen.vendor, example, outcome.at, own)
        ensure(not found, f"{where}:\n  " + "\n  ".join(found))


def check_one_client(case: Case) -> None:
    """Where one client object is instrumented, no other is, and afterwards not even that one."""
    vendor = case.load()
    for variant in case.variants:
        with (
            Telemetry() as telemetry,
            Session(case, variant) as chosen,
            Session(case, variant, far_end=chosen.far_end) as other,
        ):
            seen = Observed(case, variant, vendor, chosen, telemetry)
            beside = Observed(case, variant, vendor, other, telemetry)
            example = case.of(variant)[0]
            for one in (seen, beside):
                one.call(example)
            where = seen.where(example)
            with restored(vendor, where):
                instrument_client(
                    chosen.client,
                    vendor,
                    tracer_provider=telemetry.tracer_provider,
                    meter_provider=telemetry.meter_provider,
                )
                try:
                    _ensure_spans(seen, example, len(example.told), "instrumented alone")
                    _ensure_spans(beside, example, 0, "beside an instrumented one")
                    _ensure_spans(seen, example, len(example.told), "instrumented alone, again")
                finally:
                    uninstrument_client(chosen.client, vendor)
                _ensure_spans(seen, example, 0, "not instrumented any more")
            ensure(vendor.name not in instrumented(), f"{where}: it is still running")


def _ensure_spans(seen: Observed, example: Example, wanted: int, how: str) -> None:
    seen.call(example)
    found = len(seen.spans)
    ensure(found == wanted, f"{seen.where(example)}, {how}: made {found} spans, expected {wanted}")
