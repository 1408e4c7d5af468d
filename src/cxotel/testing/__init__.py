"""Test what your code emits, and hold a vendor's description to the contract.

`Telemetry` keeps spans, metrics and log lines in memory. `VendorContract` is the suite that every
vendor passes; `Case` and `Example` are what its author writes. See docs/writing-a-vendor.md.
"""

from __future__ import annotations

from cxotel.testing.canary import CANARY, Canary, found_in
from cxotel.testing.case import ABSENT, At, Case, Event, Example, Told
from cxotel.testing.checks import CHECKS
from cxotel.testing.contract import VendorContract
from cxotel.testing.fixed_clock import FixedClock
from cxotel.testing.ids import SequentialIds
from cxotel.testing.telemetry import Telemetry

__all__ = [
    "ABSENT",
    "CANARY",
    "CHECKS",
    "At",
    "Canary",
    "Case",
    "Event",
    "Example",
    "FixedClock",
    "SequentialIds",
    "Telemetry",
    "Told",
    "VendorContract",
    "found_in",
]
