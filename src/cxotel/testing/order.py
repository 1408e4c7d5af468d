"""Patch, import and unpatch a client in a given order: `python -m cxotel.testing.order`.

A program of its own, because an interpreter imports a library only once.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from cxotel.engine.instrumentation import instrument, uninstrument
from cxotel.testing.case import follow, load_vendor
from cxotel.testing.observed import as_expected
from cxotel.testing.probes import defined, place, present
from cxotel.testing.session import Session
from cxotel.testing.telemetry import Telemetry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cxotel.engine import Vendor
    from cxotel.testing.case import Case


def run(reference: str, vendor_reference: str, steps: Iterable[str]) -> dict[str, Any]:
    """Take *steps*, make a call with each client, and return what was seen.

    Args:
        reference: Where the case is; imported only after all steps.
        vendor_reference: The vendor's name, or where its description is.
        steps: `patch`, `unpatch`, and one `import`.
    """
    vendor = load_vendor(vendor_reference)
    loaded: list[str] = []
    with Telemetry() as telemetry:
        for step in steps:
            if step == "patch":
                instrument(vendor, tracer_provider=telemetry.tracer_provider)
            elif step == "unpatch":
                uninstrument(vendor)
            else:
                loaded = sorted({one.module for one in vendor.targets} & sys.modules.keys())
                for target in vendor.targets:
                    import_module(target.module)
        case: Case = follow(reference)
        spans = {variant: _spans(case, variant, telemetry) for variant in case.variants}
        left = _replaced(vendor)
        uninstrument()
    expected = len(case.examples[0].told)
    return {"loaded": loaded, "spans": spans, "expected": expected, "left": left}


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
    sys.stdout.write(json.dumps(run(sys.argv[1], sys.argv[2], sys.argv[3:])) + "\n")
