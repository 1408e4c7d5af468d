"""Tables of routes: systems that are called over plain HTTP, described in YAML or in Python."""

from __future__ import annotations

from cxotel.routes.errors import RouteError
from cxotel.routes.shipped import names, shipped
from cxotel.routes.table import Route, RouteTable, Tell, load, loads

__all__ = ["Route", "RouteError", "RouteTable", "Tell", "load", "loads", "names", "shipped"]
