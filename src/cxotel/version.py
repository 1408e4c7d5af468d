"""Which cxotel this is."""

from __future__ import annotations

from functools import cache


@cache
def version() -> str:
    """Return the version of the installed distribution.

    Example:
        >>> version().count(".") >= 1
        True
    """
    from importlib.metadata import version as installed  # reads a file, once

    return installed("cxotel")
