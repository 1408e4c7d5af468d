"""Nothing in a vendor's table goes unproved."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

from cxotel.engine.permits import permit
from cxotel.testing.observed import ensure, observed
from cxotel.testing.probes import present
from cxotel.testing.unobserved import is_unobserved

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.engine import Call, Target, Vendor
    from cxotel.testing.case import Case, Example


@dataclass(slots=True)
class _Seen:
    """What the examples have touched so far."""

    keys: set[str] = field(default_factory=set[str])
    targets: set[str] = field(default_factory=set[str])
    told: set[tuple[str, str, str]] = field(default_factory=set[tuple[str, str, str]])


def check_complete(case: Case) -> None:
    """Every operation, target and reader of the table is shown by an example, each with a span.

    A vendor with nothing to assert fails.
    """
    vendor = case.load()
    ensure(vendor.operations, f"{vendor.name} has no operations: there is nothing to assert")
    ensure(case.clients, f"{vendor.name} has no clients: there is nothing to assert")
    _ensure_kinds(case, vendor)
    seen = _Seen()
    for variant in case.variants:
        _run_all(case, variant, _spied(vendor, seen), seen)
    _ensure_none(_expected(vendor) - seen.targets, f"{vendor.name}: no example passes through")
    _ensure_none(vendor.operations.keys() - seen.keys, f"{vendor.name}: no example exercises")
    unread = _readable(vendor) - seen.told
    _ensure_none(
        {f"{operation}: {place}{key}" for operation, place, key in unread},
        f"{vendor.name}: no example shows a value of",
    )


def _expected(vendor: Vendor) -> set[str]:
    """Return the names of the targets, but for those of a library that is not installed.

    A system may have several client libraries, and one of them may need a later Python.
    """
    return {
        target.name
        for target in vendor.targets
        if find_spec(target.module.partition(".")[0]) is not None
    }


def _ensure_none(missing: set[str], complaint: str) -> None:
    ensure(not missing, f"{complaint} {', '.join(sorted(missing))}")


def _ensure_kinds(case: Case, vendor: Vendor) -> None:
    """Make sure that there are examples of every kind that the checks need."""
    for variant in case.variants:
        examples = case.of(variant)
        where = f"{vendor.name}, {variant} client"
        ensure(examples, f"{where}: no examples, there is nothing to assert")
        plain = not examples[0].fails and not examples[0].stream
        ensure(plain, f"{where}: the first example is to be a plain call that succeeds")
        ensure(any(one.fails for one in examples), f"{where}: no example of a failing call")
        ensure(case.of(variant, case.canaries), f"{where}: no canary example")
        ensure(case.of(variant, (case.slow,)), f"{where}: no slow example")
    if any(target.streams for target in vendor.targets):
        streams = [example for example in case.examples if example.stream]
        ensure(streams, f"{vendor.name}: no example of a stream")
        ensure(any(one.fails for one in streams), f"{vendor.name}: no stream that fails half-way")


def _run_all(case: Case, variant: str, vendor: Vendor, seen: _Seen) -> None:
    with observed(case, variant, vendor) as running:
        for example in case.of(variant):
            running.call(example)
            ensure(running.spans, f"{running.where(example)} makes no span")
            _note(running.spans, example, seen)
        missing = _expected(vendor) - {target.name for target in present(vendor.targets)}
        _ensure_none(missing, f"{vendor.name}: the installed client does not have")


def _note(spans: list[dict[str, object]], example: Example, seen: _Seen) -> None:
    for told, span in zip(example.told, spans, strict=False):
        attributes: dict[str, object] = span["attributes"]  # type: ignore[assignment]
        seen.told |= {(told.operation, "", key) for key in attributes}
        seen.told |= {("*", "", key) for key in attributes}
        events: list[dict[str, dict[str, object]]] = span["events"]  # type: ignore[assignment]
        for event in events:
            seen.told |= {(told.operation, f"{event['name']} ", key) for key in event["attributes"]}


def _readable(vendor: Vendor) -> set[tuple[str, str, str]]:
    """Return what the table reads and may leave: operation, place, key."""
    readable = {("*", "", key) for key in (*vendor.request, *vendor.response)}
    for operation in vendor.operations.values():
        own = (*operation.request, *operation.response)
        readable |= {(operation.name, "", key) for key in own}
        for fact in operation.facts:
            readable |= {(operation.name, f"{fact.event} ", key) for key in fact.reads}
    return {(name, place, key) for name, place, key in readable if permit(key) is not None}


def _spied(vendor: Vendor, seen: _Seen) -> Vendor:
    """Return *vendor* with witnesses at its targets and its identification."""

    def identify(call: Call) -> str:
        key = vendor.identify(call)
        seen.keys.add(key)
        return key

    targets = tuple(replace(one, when=_when(one, seen)) for one in vendor.targets)
    return replace(vendor, identify=identify, targets=targets)


def _when(target: Target, seen: _Seen) -> Callable[[Call], bool]:
    def when(call: Call) -> bool:
        wanted = target.when is None or target.when(call)
        if wanted and not is_unobserved():
            seen.targets.add(target.name)
        return wanted

    return when
