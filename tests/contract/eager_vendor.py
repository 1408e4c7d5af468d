"""A vendor whose description imports the client library: every user would pay for it."""

from __future__ import annotations

from tests.contract.toy.cxotel_switchboard import VENDOR
from tests.contract.toy.switchboard import Client

__all__ = ["VENDOR", "Client"]
