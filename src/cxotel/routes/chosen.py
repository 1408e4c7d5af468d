"""Which tables are switched on: those that are given, those of the settings, those that we ship."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cxotel import settings
from cxotel.engine.shield import warn_once
from cxotel.routes.errors import RouteError
from cxotel.routes.shipped import names, shipped
from cxotel.routes.table import RouteTable, load

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cxotel.engine.vocabulary import Vendor

    Given = str | os.PathLike[str] | RouteTable


def read(given: Iterable[Given]) -> list[Vendor]:
    """Return what tables describe; one that is broken costs one line in the log, and itself.

    Args:
        given: Tables, or paths of their files.
    """
    return [vendor for one in given if (vendor := _vendor(one)) is not None]


def _vendor(given: Given) -> Vendor | None:
    if isinstance(given, RouteTable):
        return given.vendor
    try:
        return load(given).vendor
    except RouteError as error:
        warn_once(f"table of routes {os.fspath(given)}", f"{error}; this table is left out")
        return None


def own() -> list[Vendor]:
    """Return what the tables describe that the settings name."""
    return read(settings.active().routes)


def ours(taken: Iterable[Vendor] = ()) -> list[Vendor]:
    """Return what the tables describe that come with cxotel.

    Args:
        taken: Tables of the user's: one of ours by the same name is left out.
    """
    hidden = {vendor.name for vendor in taken}
    found: list[Vendor] = []
    for name in names():
        if name not in hidden:
            try:
                found.append(shipped(name).vendor)
            except RouteError:
                return []  # without PyYAML there are none; `cxotel doctor` says so
    return found


def called(name: str) -> list[Vendor]:
    """Return what the tables of a name, or of a system of that name, describe.

    Raises:
        ValueError: There are such tables, and they cannot be read.
    """
    mine = [vendor for vendor in own() if name in (vendor.name, vendor.system_name)]
    if mine:
        return mine
    named = [one for one in names() if name in (one, one.removesuffix("_routes"))]
    return [shipped(one).vendor for one in named]
