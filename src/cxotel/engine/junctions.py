"""Functions through which calls to any host pass: replaced once, for all vendors together."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, NamedTuple

from cxotel.engine.call import Site
from cxotel.engine.hosts import HostMap, Place, whose
from cxotel.engine.observe import beginning, replacement, signature
from cxotel.engine.patching import Patch
from cxotel.engine.shield import report

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.engine.call import Call
    from cxotel.engine.life import Life
    from cxotel.engine.observe import Begin, Gate
    from cxotel.engine.vocabulary import Library, Target

_lock = threading.RLock()
_junctions: dict[tuple[str, str], Junction] = {}


class Branch(NamedTuple):
    """One vendor's share of a junction."""

    life: Life
    gate: Gate
    target: Target

    def join(self) -> None:
        """Observe this vendor's calls, the function being replaced where it is not yet."""
        with _lock:
            where = (self.target.module, self.target.name)
            junction = _junctions.get(where)
            if junction is None:
                junction = _junctions[where] = Junction(self.target)
            junction.add(self)

    def leave(self) -> None:
        """Observe them no longer; the last one to leave puts the function back."""
        with _lock:
            junction = _junctions.get((self.target.module, self.target.name))
            if junction is not None:
                junction.remove(self)


class Junction:
    """One function that calls of several vendors pass through, told apart by where they go.

    Args:
        target: The function, with the library that it belongs to.
    """

    def __init__(self, target: Target) -> None:
        self._target = target
        self._patch = Patch(target.module, target.name, self._wrap)
        self._branches: list[Branch] = []
        self._site: tuple[str, dict[str, int]] | None = None
        self._map: HostMap[Begin] = HostMap()

    def add(self, branch: Branch) -> None:
        """Add a vendor."""
        self._branches.append(branch)
        self._redraw()
        self._patch.apply()

    def remove(self, branch: Branch) -> None:
        """Take a vendor away."""
        self._branches = [other for other in self._branches if other.life is not branch.life]
        self._redraw()
        if not self._branches:
            self._patch.undo()

    def _wrap(self, original: Any) -> Callable[..., Any]:
        self._site = signature(original, self._target.name)
        self._redraw()
        library: Library | None = self._target.library

        def begin(instance: object, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Call | None:
            try:
                host = library.host(instance, args, kwargs) if library else None
                places = self._map.at(host) if host else ()
                if not places or library is None:
                    return None
                found = whose(places, library.address(instance, args, kwargs))
            except Exception as error:  # noqa: BLE001 - the application's call must go on
                report(f"looking where a call of {self._target.name} goes", error)
                return None
            return found[0](instance, args, kwargs, found[1]) if found else None

        return replacement(original, begin, streams=False)

    def _redraw(self) -> None:
        """Draw the map anew: what runs meanwhile uses the old one to its end."""
        site = self._site
        if site is not None:
            self._map = HostMap(
                Place(host, beginning(life, gate, target, Site(life.vendor, *site)))
                for life, gate, target in self._branches
                for host in life.vendor.hosts
            )
