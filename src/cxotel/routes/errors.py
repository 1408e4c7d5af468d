"""What is wrong with a table, and where."""

from __future__ import annotations


class RouteError(ValueError):
    """A table that cannot be used; the message names the file, the line and what to write."""


class UnfitError(ValueError):
    """A value that does not fit; who knows where it stands says so in a `RouteError`."""
