"""Canaries: what a customer said is nowhere in the exported bytes of traces, metrics and logs."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import cxotel
from cxotel.testing.canary import all_names, found_in
from cxotel.testing.neighbours import neighbours
from cxotel.testing.observed import as_expected, ensure, observing
from cxotel.testing.session import Session
from cxotel.testing.telemetry import Telemetry
from cxotel.testing.texts import texts

if TYPE_CHECKING:
    from cxotel.engine import Call, Vendor
    from cxotel.testing.case import Case, Example
    from cxotel.testing.session import Outcome


def check_canaries(case: Case) -> None:
    """A phone number, address, name and words in request, reply and error leave in nothing."""
    for variant in case.variants:
        _ensure_sent(case, variant)
        with Telemetry() as telemetry, Session(case, variant) as session:
            with observing(case.load(), telemetry):
                _call_all(case, session)
            _ensure_kept_inside(case, variant, telemetry, "alone")


def check_canaries_among_neighbours(case: Case) -> None:
    """Nor do they leave through OpenTelemetry's own instrumentations, whichever came first."""
    for variant in case.variants:
        _ensure_neighbours_see(case, variant)
        for ours_first in (False, True):
            with Telemetry() as telemetry:
                _call_all_among_neighbours(case, variant, telemetry, ours_first=ours_first)
                order = "after cxotel" if ours_first else "before cxotel"
                _ensure_kept_inside(case, variant, telemetry, f"with neighbours on {order}")


def _call_all_among_neighbours(
    case: Case, variant: str, telemetry: Telemetry, *, ours_first: bool
) -> None:
    with ExitStack() as stack:
        if ours_first:
            stack.enter_context(observing(case.load(), telemetry))
        stack.enter_context(neighbours(telemetry))
        if not ours_first:
            stack.enter_context(observing(case.load(), telemetry))
        _call_all(case, stack.enter_context(Session(case, variant)))


def _call_all(case: Case, session: Session) -> None:
    for example in case.of(session.variant, case.canaries):
        with cxotel.journey("contract", journey_id="journey-7", channel="voice"):
            outcome = session.call(example)
        where = f"{case.vendor}, {session.variant} client, canary {example.operation!r}"
        as_expected(outcome, example, where)


def _ensure_kept_inside(case: Case, variant: str, telemetry: Telemetry, how: str) -> None:
    where = f"{case.vendor}, {variant} client, {how}"
    ensure(telemetry.spans, f"{where}: nothing was exported, so nothing is proved")
    for signal in ("spans", "metrics", "logs"):
        for one in getattr(telemetry, signal):
            betrayed = found_in(str(one))
            ensure(not betrayed, f"{where}: {sorted(betrayed)} left in {signal}: {one}")
    betrayed = found_in(telemetry.exported())
    ensure(not betrayed, f"{where}: {sorted(betrayed)} are in the exported bytes")


def _ensure_neighbours_see(case: Case, variant: str) -> None:
    """Make sure that the neighbours' silence is our doing."""
    with Telemetry() as telemetry, neighbours(telemetry), Session(case, variant) as session:
        for example in case.of(variant, case.canaries):
            session.call(example)
        seen = [span for span in telemetry.spans if span["scope"].startswith("opentelemetry.")]
    ensure(
        seen or case.unseen_by_others,
        f"{case.vendor}, {variant} client: no instrumentation of OpenTelemetry's sees its "
        "connections: install the one that does, or say `unseen_by_others=True`",
    )


@dataclass(slots=True)
class _Sent:
    """Where the canaries were seen on their way."""

    request: set[str] = field(default_factory=set[str])
    reply: set[str] = field(default_factory=set[str])
    error: set[str] = field(default_factory=set[str])


def _ensure_sent(case: Case, variant: str) -> None:
    """Make sure that the canaries were in requests, replies and errors: else nothing is proved."""
    sent = _Sent()
    with Telemetry() as telemetry, Session(case, variant) as session:
        for example in case.of(variant, case.canaries):
            calls: list[Call] = []
            with observing(_listening(case.load(), calls), telemetry):
                outcome = session.call(example)
            _note(sent, example, outcome, calls)
    for place in ("request", "reply", "error"):
        missing = all_names() - getattr(sent, place)
        ensure(
            not missing,
            f"{case.vendor}, {variant} client: no canary example has the {sorted(missing)} in its "
            f"{place}, so nothing is proved",
        )


def _note(sent: _Sent, example: Example, outcome: Outcome, calls: list[Call]) -> None:
    for call in calls:
        sent.request |= found_in(texts((call.args, call.kwargs)))
    came_back: list[Any] = [outcome.result, *(call.response for call in calls)]
    if example.fails:
        sent.error |= found_in(texts([outcome.error, *came_back]))
    else:
        sent.reply |= found_in(texts(came_back))


def _listening(vendor: Vendor, calls: list[Call]) -> Vendor:
    from dataclasses import replace

    def identify(call: Call) -> str:
        calls.append(call)
        return vendor.identify(call)

    return replace(vendor, identify=identify)
