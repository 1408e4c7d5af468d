"""After uninstrumenting, classes are what they were, and nothing speaks any more."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cxotel.engine.threads import STARTS
from cxotel.engine.wire import WIRES
from cxotel.testing.observed import Observed, ensure, observing
from cxotel.testing.probes import defined, place
from cxotel.testing.session import Session
from cxotel.testing.telemetry import Telemetry
from cxotel.testing.unobserved import is_unobserved

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from cxotel.engine import Call, Target, Vendor
    from cxotel.testing.case import Case

Snapshot = dict[type, dict[str, Any]]


def check_classes_restored(case: Case) -> None:
    """Every class dictionary of the client, and of the libraries below it, is what it was."""
    vendor = case.load()
    for variant in case.variants:
        with Telemetry() as telemetry, Session(case, variant) as session:
            seen = Observed(case, variant, vendor, session, telemetry)
            examples = case.of(variant)
            for example in examples:  # what the client itself keeps on classes is there now
                seen.call(example)
            where = f"{vendor.name}, {variant} client"
            with restored(vendor, where), observing(vendor, telemetry):
                for example in examples:
                    seen.call(example)


@contextmanager
def restored(vendor: Vendor, where: str) -> Generator[None, None, None]:
    """Make sure that after a block all classes are as they were before it."""
    before = _snapshot(vendor)
    functions = _functions(vendor)
    yield
    for kind, was in before.items():
        now = dict(defined(kind))
        changed = sorted(
            name for name in was.keys() | now.keys() if was.get(name) is not now.get(name)
        )
        ensure(not changed, f"{where}: {kind.__module__}.{kind.__qualname__} has other {changed}")
    changed = sorted(name for name, one in _functions(vendor).items() if functions[name] is not one)
    ensure(not changed, f"{where}: {', '.join(changed)} are not what they were")


def _snapshot(vendor: Vendor) -> Snapshot:
    """Return the dictionaries of all classes that patching could touch."""
    below = tuple(module.partition(".")[0] for module, _ in (*WIRES, *STARTS))
    prefixes = (*vendor.clients, *(target.module for target in vendor.targets), *below)
    return {
        kind: dict(defined(kind))
        for name, module in list(sys.modules.items())
        if name.startswith(prefixes)
        for kind in list(getattr(module, "__dict__", {}).values())
        if isinstance(kind, type) and kind.__module__.startswith(prefixes)
    }


def _functions(vendor: Vendor) -> dict[str, Any]:
    """Return those functions among the targets that belong to no class."""
    plain = [target for target in vendor.targets if "." not in target.name]
    places = {f"{target.module}.{target.name}": place(target) for target in plain}
    return {name: defined(owner).get(function) for name, (owner, function) in places.items()}


def check_cached_method_silent(case: Case) -> None:
    """A bound method that was kept from before uninstrumenting makes its call, and no span."""
    vendor = case.load()
    for variant in case.variants:
        with Telemetry() as telemetry, Session(case, variant) as session:
            example = case.of(variant)[0]
            kept: list[tuple[Callable[..., Any], Call]] = []
            seen = Observed(case, variant, vendor, session, telemetry)
            with observing(_keeping(vendor, kept), telemetry):
                seen.call(example)
            where = seen.where(example)
            ensure(kept, f"{where}: nothing passed through a target")
            ensure(seen.spans, f"{where}: no span while it was instrumented")
            telemetry.clear()
            for method, call in kept:
                session.again(method, call.args, call.kwargs)
            told = [span["name"] for span in telemetry.spans]
            told += [metric["name"] for metric in telemetry.metrics]
            ensure(not told, f"{where}: a method cached earlier still told {told}")


def _keeping(vendor: Vendor, kept: list[tuple[Callable[..., Any], Call]]) -> Vendor:
    """Return *vendor* with every target's bound method kept, as client code may do."""
    targets = tuple(replace(one, when=_keep(one, kept)) for one in vendor.targets)
    return replace(vendor, targets=targets)


def _keep(target: Target, kept: list[tuple[Callable[..., Any], Call]]) -> Callable[[Call], bool]:
    def when(call: Call) -> bool:
        wanted = target.when is None or target.when(call)
        if wanted and not is_unobserved():
            owner, name = place(target)
            holder: Mapping[str, Any] | Any = owner if call.instance is None else call.instance
            kept.append((getattr(holder, name), call))
        return wanted

    return when
