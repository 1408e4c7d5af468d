"""A vendor whose engine patches only what has been imported already; for a fresh interpreter."""

from __future__ import annotations

import sys

from cxotel.engine.patching import Patch
from tests.contract.toy.cxotel_switchboard import VENDOR

__all__ = ["VENDOR"]

_apply = Patch.apply


def _apply_now_or_never(self: Patch) -> None:
    if self.module in sys.modules:
        _apply(self)


Patch.apply = _apply_now_or_never
