"""Every vendor at once, in one environment, beside all of OpenTelemetry's own instrumentations.

Each far end is the one of the vendor's own tests: see there what it does not prove.
"""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import pytest

import cxotel
import tests.vendors
from cxotel import semconv, vendors
from cxotel.engine.instrumentation import instrumented
from cxotel.testing import Telemetry, VendorContract
from cxotel.testing.neighbours import neighbours
from cxotel.testing.observed import JOURNEY
from cxotel.testing.session import Session

if TYPE_CHECKING:
    from collections.abc import Generator

    from cxotel.testing import Case

pytestmark = [
    pytest.mark.timeout(300),  # some client libraries take ten seconds to import
    # What client libraries do themselves that is deprecated is a matter of their own tests.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

OBSERVE_ALL = """
import sys
import cxotel
from cxotel import vendors
cxotel.instrument()
modules = {target.module for vendor in vendors.load_all() for target in vendor.targets}
print(sorted(modules & sys.modules.keys()))
"""


def cases() -> dict[str, Case]:
    """Return one case of each vendor that has a contract here."""
    found: dict[str, Case] = {}
    for module in pkgutil.iter_modules(tests.vendors.__path__, "tests.vendors."):
        if module.name.rpartition(".")[2].startswith("test_") and module.name != __name__:
            for value in vars(importlib.import_module(module.name)).values():
                if isinstance(value, type) and issubclass(value, VendorContract):
                    case = getattr(value, "case", None)
                    if case is not None and case.vendor in vendors.VENDORS:
                        found.setdefault(case.vendor, case)
    return found


@contextmanager
def everything(telemetry: Telemetry, *, ours_first: bool) -> Generator[None, None, None]:
    """Switch on all vendors, and all of OpenTelemetry's instrumentations, in either order."""
    with ExitStack() as stack:
        if not ours_first:
            stack.enter_context(neighbours(telemetry))
        cxotel.instrument(
            tracer_provider=telemetry.tracer_provider, meter_provider=telemetry.meter_provider
        )
        stack.callback(cxotel.uninstrument)
        if ours_first:
            stack.enter_context(neighbours(telemetry))
        yield


@pytest.mark.parametrize("ours_first", [True, False], ids=["ours-first", "ours-last"])
def test_each_call_is_one_span_with_everything_on(*, ours_first: bool) -> None:
    """Whoever installs every extra sees each vendor's call as often as with that one alone."""
    wrong: list[str] = []
    with Telemetry() as telemetry, everything(telemetry, ours_first=ours_first):
        for name, case in cases().items():
            assert name in instrumented()
            for variant in case.variants:
                example = case.of(variant)[0]
                with Session(case, variant) as session:
                    telemetry.clear()
                    outcome = session.call(example)
                assert outcome.error is None, f"{name}, {variant}"
                spans = [span["attributes"] for span in telemetry.spans if span["scope"] != JOURNEY]
                told = [each.get(semconv.CX_OPERATION_NAME) for each in spans]
                wanted = [each.operation for each in example.told]
                if told != wanted:
                    wrong.append(f"{name}, {variant}: {told}, expected {wanted}")
    assert wrong == []


def test_every_vendor_has_a_contract() -> None:
    """No vendor is offered that was not held to the contract with its real library."""
    assert set(vendors.VENDORS) <= set(cases())


def test_observing_everything_imports_no_client_library() -> None:
    """Who has every extra installed pays for a client library only where the service uses it."""
    run = subprocess.run(
        [sys.executable, "-c", OBSERVE_ALL], capture_output=True, text=True, check=True, timeout=60
    )

    assert run.stdout.strip() == "[]"
