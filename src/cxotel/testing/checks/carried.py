"""The journey id in a vendor's own fields: only where it is wanted, and in copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cxotel
from cxotel.context import OUTSIDE_KEY
from cxotel.testing.case import operation_of
from cxotel.testing.observed import Observed, ensure, observing
from cxotel.testing.probes import Passed, witnessed
from cxotel.testing.session import Session
from cxotel.testing.telemetry import Telemetry
from cxotel.testing.texts import texts

if TYPE_CHECKING:
    from cxotel.engine import Vendor
    from cxotel.testing.case import Case, Example

_JOURNEY = "journey-carried-7"


def check_carried(case: Case) -> None:
    """The journey id is written into a vendor's fields where the user said so, and else not."""
    vendor = case.load()
    for variant in case.variants:
        examples = [one for one in case.of(variant) if _carries(vendor, one)]
        for carry in (True, False) if examples else ():
            with (
                Telemetry() as telemetry,
                Session(case, variant) as session,
                witnessed(vendor.targets, read=texts) as inner,
                observing(vendor, telemetry, carry=carry),
                witnessed(vendor.targets, read=texts) as outer,
            ):
                seen = Observed(case, variant, vendor, session, telemetry)
                for example in examples:
                    inner.clear()
                    outer.clear()
                    with cxotel.journey("contract", journey_id=_JOURNEY):
                        seen.call(example)
                    _ensure_carried(inner, outer, seen.where(example), carry=carry)


def _carries(vendor: Vendor, example: Example) -> bool:
    operation = operation_of(vendor, example.operation)
    return operation is not None and operation.carry is not None and not example.fails


def _ensure_carried(inner: list[Passed], outer: list[Passed], where: str, *, carry: bool) -> None:
    ensure(outer, f"{where}: nothing passed through a target")
    for given in outer:
        if given.context.get(OUTSIDE_KEY) is not None:
            continue  # the client's own inner function, called with what the outer one was given
        ensure(_JOURNEY not in given.left, f"{where}: it wrote into the caller's own objects")
    sent = any(_JOURNEY in got.said for got in inner)
    if carry:
        ensure(sent, f"{where}: the journey id was to be carried, and was not")
    else:
        ensure(not sent, f"{where}: the journey id was carried, and nobody wanted it")
