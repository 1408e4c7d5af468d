"""The tables that come with cxotel: a file each, found by its name."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cxotel.routes.errors import RouteError

if TYPE_CHECKING:
    from cxotel.routes.table import RouteTable

FOLDER: Final = Path(__file__).with_name("tables")
TEMPLATE: Final = "template"
"""The file to begin a table of one's own with; it describes no system."""


@cache
def names() -> tuple[str, ...]:
    """Return the names of the tables that come with cxotel.

    Example:
        >>> "front" in names()
        True
    """
    return tuple(sorted(file.stem for file in FOLDER.glob("*.yaml") if file.stem != TEMPLATE))


@cache
def shipped(name: str) -> RouteTable:
    """Return a table that comes with cxotel.

    Args:
        name: Its name.

    Raises:
        RouteError: There is none of that name, or PyYAML is not installed.

    Example:
        >>> shipped("front").system
        'front'
    """
    from cxotel.routes.table import loads

    _known(name)
    return loads(text(name), f"{name}.yaml")


def text(name: str | None = None) -> str:
    """Return the text of a file to begin a table of one's own with.

    Args:
        name: A table that comes with cxotel; a commented template if left out.

    Raises:
        RouteError: There is none of that name.
    """
    if name is not None:
        _known(name)
    return (FOLDER / f"{name or TEMPLATE}.yaml").read_text(encoding="utf-8")


def _known(name: str) -> None:
    if name not in names():
        raise RouteError(f"no table is called {name!r}; there are {', '.join(names())}")
