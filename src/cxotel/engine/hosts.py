"""Whose calls go to a host: looked up for every HTTP call of the application, so in one step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cxotel.engine.vocabulary import Address, Host

T = TypeVar("T")

_REMEMBERED = 1024
"""Hosts whose answer is kept; a program that calls more begins to collect them anew."""


@dataclass(frozen=True, slots=True)
class Place(Generic[T]):
    """Somebody's calls."""

    host: Host
    owner: T


class HostMap(Generic[T]):
    """Finds whom a call belongs to; the most specific place wins, then the earliest.

    Args:
        places: Who is where.

    Example:
        >>> from cxotel.engine.vocabulary import Host
        >>> found = HostMap([Place(Host("example.com", is_domain=True), "acme")])
        >>> [place.owner for place in found.at("api.example.com")], found.at("example.org")
        (['acme'], ())
    """

    def __init__(self, places: Iterable[Place[T]] = ()) -> None:
        ordered = sorted(places, key=_vagueness)
        self._exact = [place for place in ordered if not place.host.is_domain]
        self._domains = [place for place in ordered if place.host.is_domain]
        self._known: dict[str, tuple[Place[T], ...]] = {}

    def at(self, host: str) -> tuple[Place[T], ...]:
        """Return the places at a host, the most specific first; nearly always there are none."""
        known = self._known.get(host)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[host] = (
                *(place for place in self._exact if place.host.name == host),
                *(place for place in self._domains if host.endswith(f".{place.host.name}")),
            )
        return known


def whose(places: Iterable[Place[T]], address: Address) -> tuple[T, Address] | None:
    """Return whose call goes to *address*, with what comes after the host's own path.

    Args:
        places: The places at its host.
        address: Where the call goes.
    """
    for place in places:
        host = place.host
        if host.port not in (None, address.port):
            continue
        below = address.path[len(host.path) :]
        if address.path.startswith(host.path) and below[:1] in ("", "/"):
            return place.owner, address._replace(path=below)
    return None


def _vagueness(place: Place[T]) -> tuple[int, bool, int]:
    """Sort longer names first, then those of one port, then longer paths."""
    host = place.host
    return (-len(host.name), host.port is None, -len(host.path))
