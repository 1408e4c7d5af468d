"""Keep a record of which client libraries passed the contract, for docs/vendors/index.md.

A test session that has `CXOTEL_PROVED` in its environment writes `tests/vendors/proved/NAME.json`:
by vendor the libraries' versions and the kinds of client, where each check of the contract passed.
"""

from __future__ import annotations

import json
import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.requirements import Requirement

from cxotel import vendors
from cxotel.testing import VendorContract

if TYPE_CHECKING:
    import pytest

FOLDER = Path(__file__).parent / "vendors" / "proved"
_PROPERTY = "cxotel-proved"
_seen: dict[str, dict[str, Any]] = {}
_failed: set[str] = set()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the report of each check of a contract say whose it is, also across processes."""
    for item in items:
        owner = getattr(item, "cls", None)
        if isinstance(owner, type) and issubclass(owner, VendorContract):
            case = owner.case
            if case.vendor in vendors.VENDORS:
                item.user_properties.append((_PROPERTY, [case.vendor, sorted(case.variants)]))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count what passed, by vendor."""
    properties: list[tuple[str, Any]] = report.user_properties
    for name, value in properties:
        if name == _PROPERTY:
            vendor, variants = value
            _count(vendor, variants, report)


def _count(vendor: str, variants: list[str], report: pytest.TestReport) -> None:
    if report.failed:
        _failed.add(vendor)
    elif report.when == "call" and report.nodeid.endswith("[orders]"):
        known = _seen.setdefault(vendor, {"libraries": _libraries(vendor), "clients": []})
        known["clients"] = sorted({*known["clients"], *variants})


def _libraries(vendor: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in vendors.load(vendor).requires:
        name = Requirement(text).name
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def pytest_sessionfinish() -> None:
    """Write the record; vendors that were not tested keep what it says of them."""
    session = os.environ.get("CXOTEL_PROVED")
    if not session or "PYTEST_XDIST_WORKER" in os.environ:
        return
    path = FOLDER / f"{session}.json"
    proved = _known(path) | {name: seen for name, seen in _seen.items() if name not in _failed}
    there = {name: proved[name] for name in sorted(proved) if name in vendors.VENDORS}
    record = {"python": platform.python_version(), "vendors": there}
    path.write_text(json.dumps(record, indent=2) + "\n", "utf-8")


def _known(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text("utf-8"))["vendors"] if path.exists() else {}
