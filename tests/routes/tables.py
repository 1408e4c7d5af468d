"""Tables that come with cxotel, moved to loopback. No HTTP library is imported here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cxotel import routes
from cxotel.engine import Host

if TYPE_CHECKING:
    from cxotel.engine import Vendor


def here(name: str, base: str = "") -> Vendor:
    """Return a table that comes with cxotel, moved to loopback.

    Args:
        name: The table's name.
        base: The path that its host has.
    """
    return replace(routes.shipped(name).vendor, hosts=(Host("127.0.0.1", path=base),))


FRONT = here("front")
_DESK = here("freshdesk_routes", "/api/v2")
FRESHDESK = replace(
    _DESK,
    targets=tuple(
        one for one in _DESK.targets if one.module in ("requests.sessions", "aiohttp.client")
    ),
)
"""With two of the HTTP libraries: Front is held to the contract with all."""
