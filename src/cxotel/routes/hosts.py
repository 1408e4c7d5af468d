"""Hosts as they are written in a table: `api.example.com`, `.example.com`, `localhost:8080/crm`."""

from __future__ import annotations

import re

from cxotel.engine import Host
from cxotel.routes.errors import UnfitError

_HOST = re.compile(
    r"(?P<dot>\.|\*\.)?(?P<name>[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_])?|\[[0-9A-Fa-f:.]+\])"
    r"(?::(?P<port>\d{1,5}))?(?P<path>/[^?#{}\s]*)?"
)
_LAST_PORT = 65_535


def host(value: object) -> Host:
    """Read where a system's calls go.

    Args:
        value: A host; with a dot in front, all hosts of a domain; with a port or a path where only
            calls there are meant.

    Raises:
        UnfitError: It is none of these.

    Example:
        >>> host("crm.example.com:8443/api/")
        Host(name='crm.example.com', is_domain=False, port=8443, path='/api')
        >>> host(".freshdesk.com").is_domain
        True
    """
    found = _HOST.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        advice = " without https://" if isinstance(value, str) and "://" in value else ""
        raise UnfitError(
            f"{value!r} is no host; write it{advice} as api.example.com, .example.com for a whole "
            "domain, or example.com:8443/api"
        )
    port = int(found["port"]) if found["port"] else None
    if port is not None and not 0 < port <= _LAST_PORT:
        raise UnfitError(f"{port} is no port")
    name = found["name"].lower().strip("[]")
    if found["dot"] and "." not in name:
        raise UnfitError(f"{value!r} is a whole top-level domain")
    return Host(name, bool(found["dot"]), port, (found["path"] or "").rstrip("/"))
