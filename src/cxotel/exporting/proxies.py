"""Which proxy stands between this process and a receiver, as OpenTelemetry's exporters see it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

from cxotel.exporting.destination import GRPC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.exporting.destination import Destination

_OF_GRPC: Final = ("grpc_proxy", "https_proxy", "http_proxy")
"""In this order. Source: gRPC Core, "gRPC environment variables"."""


class Proxy(NamedTuple):
    """A proxy, and the variable that names it."""

    host: str
    port: int
    variable: str

    def __str__(self) -> str:
        """Return where it is, without the password that a variable may hold."""
        return f"{self.host}:{self.port} ({self.variable})"


def proxy_to(destination: Destination) -> Proxy | None:
    """Return the proxy on the way to *destination*, or `None` where there is none.

    Args:
        destination: Where telemetry goes.

    Source:
        gRPC Core, "gRPC environment variables", and Requests, "Proxies".
    """
    if proxy_bypass(destination.address):
        return None
    for variable in _variables(destination):
        value = os.environ.get(variable, "").strip()
        if value:
            return _proxy(value, variable)
    return None


def _variables(destination: Destination) -> Iterator[str]:
    if destination.protocol == GRPC:
        yield from _OF_GRPC
        return
    scheme = "http" if destination.plain else "https"
    for name in (f"{scheme}_proxy", "all_proxy"):
        yield name
        yield name.upper()


def _proxy(value: str, variable: str) -> Proxy | None:
    try:
        parts = urlsplit(value if "//" in value else f"http://{value}")
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname:
        return None
    return Proxy(parts.hostname, port or (443 if parts.scheme == "https" else 80), variable)
