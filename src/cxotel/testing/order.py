"""Patch, import and unpatch a client in given orders: `python -m cxotel.testing.order`.

A program of its own, because an interpreter imports a library only once. Where processes can fork,
orders that begin alike share their beginning, so that a library which takes seconds to import is
imported no more often than it must be.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING

from cxotel.engine.instrumentation import instrument, uninstrument
from cxotel.testing.case import follow, load_vendor
from cxotel.testing.observed import as_expected
from cxotel.testing.probes import defined, place, present
from cxotel.testing.session import Session
from cxotel.testing.telemetry import Telemetry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cxotel.engine import Vendor
    from cxotel.testing.case import Case

Order = tuple[str, ...]
"""Steps: `patch`, `unpatch`, and one `import`."""


def run(reference: str, vendor_reference: str, orders: Iterable[Order]) -> None:
    """Take the steps of each order, and print what was seen as a line of JSON.

    Args:
        reference: Where the case is; imported only after all steps.
        vendor_reference: The vendor's name, or where its description is.
        orders: The orders. More than one needs a system on which processes fork.
    """
    vendor = load_vendor(vendor_reference)
    with Telemetry() as telemetry:
        _explore(_Interpreter(reference, vendor, telemetry), (), list(orders))


@dataclass
class _Interpreter:
    """What was done in this process so far."""

    reference: str
    vendor: Vendor
    telemetry: Telemetry
    loaded: list[str] = field(default_factory=list[str])

    def take(self, step: str) -> None:
        """Take one step."""
        if step == "patch":
            instrument(self.vendor, tracer_provider=self.telemetry.tracer_provider)
        elif step == "unpatch":
            uninstrument(self.vendor)
        else:
            modules = [target.module for target in self.vendor.targets]
            self.loaded = sorted({*modules} & sys.modules.keys())
            for module in modules:
                # Of a library that comes in many modules a release may lack some.
                with suppress(ModuleNotFoundError):
                    import_module(module)

    def report(self, order: Order) -> None:
        """Make a call with each client, and print what was seen."""
        case: Case = follow(self.reference)
        seen = {
            "order": order,
            "loaded": self.loaded,
            "spans": {name: _spans(case, name, self.telemetry) for name in case.variants},
            "expected": len(case.examples[0].told),
            "left": _replaced(self.vendor),
        }
        uninstrument()
        sys.stdout.write(json.dumps(seen) + "\n")
        sys.stdout.flush()


def _explore(here: _Interpreter, taken: Order, orders: Sequence[Order]) -> None:
    """Finish all *orders*, of which those steps are *taken* that they have in common."""

    def go_on(step: str) -> None:
        here.take(step)
        _explore(here, (*taken, step), [order for order in onward if order[len(taken)] == step])

    onward = [order for order in orders if order != taken]
    ways: list[Callable[[], None]] = [
        lambda step=step: go_on(step)
        for step in dict.fromkeys(order[len(taken)] for order in onward)
    ]
    if taken in orders:
        ways.append(lambda: here.report(taken))
    for way in ways[:-1]:
        _in_child(way)
    ways[-1]()


def _in_child(way: Callable[[], None]) -> None:
    """Do something in a copy of this process, and end as it ends."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        if status:
            sys.exit(1)
        return
    code = 1
    try:
        way()
        code = 0
    except SystemExit:
        pass  # a process below has told already what went wrong
    except BaseException:  # noqa: BLE001 - whatever it was, this copy must not go on
        traceback.print_exc()
    finally:
        os._exit(code)


def _spans(case: Case, variant: str, telemetry: Telemetry) -> int:
    example = case.of(variant)[0]
    with Session(case, variant) as session:
        telemetry.clear()
        as_expected(session.call(example), example, f"{variant} client")
    return len(telemetry.spans)


def _replaced(vendor: Vendor) -> list[str]:
    """Return the targets whose functions are wrapped."""
    return [
        target.name
        for target in present(vendor.targets)
        for owner, name in [place(target)]
        if "wrapt" in type(defined(owner)[name]).__module__
        or hasattr(defined(owner)[name], "_self_wrapper")
    ]


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2], [tuple(order.split(",")) for order in sys.argv[3:]])
