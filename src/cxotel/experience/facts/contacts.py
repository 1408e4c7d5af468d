"""Attempts of the customer to get through, and of ours to reach them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from cxotel.experience import reasons
from cxotel.experience.facts.places import key_of
from cxotel.experience.facts.table import Table
from cxotel.experience.ledger import Entry, Key, add, smallest

if TYPE_CHECKING:
    from cxotel.experience.evidence import Contact

CONTACTS: Final = 64
"""Contacts that are kept."""

STATUSES: Final = (
    "queued",
    "ringing",
    "canceled",
    "connected",
    "completed",
    "no_answer",
    "busy",
    "failed",
    "dropped",
)
"""Of two statuses reported for the same time the one further on stands."""

RELATIONS: Final = ("new", "repeat", "continuation")
"""Of two relations reported for the same time the one further on stands."""

CONNECTED: Final = frozenset({"connected", "completed", "dropped"})
UNANSWERED: Final = frozenset({"busy", "no_answer"})

UNKNOWN: Final = (-1, -1, Key(""))


class Known(NamedTuple):
    """What all reports of a contact say together: the latest of each value, the longest of times.

    Args:
        id: Id of the contact.
        first: When it was first heard of, ms since the epoch.
        direction: Direction, with the time of the report.
        status: Status by its position in `STATUSES`, with time and place of the report.
        relation: Relation by its position in `RELATIONS`, likewise.
        delay: Post-dial delay, ms, and where.
        connected: Whether it was ever connected.
        drop: Where it broke off, if it did.
        names: Its id and aliases.
    """

    id: str
    first: int
    direction: tuple[int, str]
    status: tuple[int, int, Key]
    relation: tuple[int, int, Key]
    delay: tuple[int, Key]
    connected: bool
    drop: Key
    names: frozenset[str]


class Contacts:
    """All contacts of a segment, each as its reports say together."""

    def __init__(self) -> None:
        self._contacts: Table[Known] = Table(CONTACTS, _id, _join, self._forget)
        self._settled: dict[Key, Entry] = {}

    def put(self, contact: Contact) -> bool:
        """Take a report of a contact, and tell whether it says anything new."""
        return self._contacts.put(_known(contact))

    def names(self) -> frozenset[str]:
        """Return all ids and aliases of the contacts."""
        return frozenset[str]().union(*(contact.names for contact in self._contacts))

    def rows(self, switches: list[int]) -> dict[Key, Entry]:
        """Return the ledger's rows for all contacts.

        Args:
            switches: When the customer changed the channel: each excuses the contact that follows.
        """
        rows = dict(self._settled)
        for contact in self._contacts:
            add(rows, _rows(contact))
        repeats = sorted((each.first, each.id) for each in self._contacts if _repeats(each))
        for switch in switches:
            follows = next((each for each in repeats if each[0] >= switch), None)
            if follows is not None:
                repeats.remove(follows)
        if repeats:
            add(rows, [(Key("effort", reason=reasons.REPEAT_CONTACT), Entry(len(repeats)))])
        return rows

    def _forget(self, contact: Known) -> None:
        add(self._settled, _rows(contact))
        if _repeats(contact):
            add(self._settled, [(Key("effort", reason=reasons.REPEAT_CONTACT), Entry(1))])


def shown(contact: Contact) -> frozenset[str]:
    """Return the dimensions on which a report of a contact is able to show an impairment."""
    final = contact.status not in {None, "queued", "ringing"}
    shows: set[str] = set()
    if final or contact.post_dial_delay is not None:
        shows.add("reach")
    if contact.status in CONNECTED or contact.ended_by is not None:
        shows.add("reliability")
    if contact.relation is not None:
        shows.add("effort")
    return frozenset(shows)


def _known(contact: Contact) -> Known:
    at, where = contact.at, contact.where
    place = key_of("reach", where, reasons.FAILED_ATTEMPT, "channel")
    connected = contact.status in CONNECTED or bool(contact.connected)
    broke = contact.status == "dropped" or (contact.ended_by == "network" and connected)
    return Known(
        contact.id,
        at,
        (at, contact.direction) if contact.direction else (-1, ""),
        (at, STATUSES.index(contact.status), place) if contact.status in STATUSES else UNKNOWN,
        (at, RELATIONS.index(contact.relation), place)
        if contact.relation in RELATIONS
        else UNKNOWN,
        (contact.post_dial_delay, place) if contact.post_dial_delay is not None else (-1, place),
        connected,
        key_of("reliability", where, reasons.DROP, "connectivity") if broke else Key(""),
        smallest({contact.id, *contact.aliases} - {""}),
    )


def _join(one: Known, other: Known) -> Known:
    return Known(
        one.id,
        min(one.first, other.first),
        max(one.direction, other.direction),
        max(one.status, other.status),
        max(one.relation, other.relation),
        max(one.delay, other.delay),
        one.connected or other.connected,
        max(one.drop, other.drop),
        smallest(one.names | other.names),
    )


def _rows(contact: Known) -> list[tuple[Key, Entry]]:
    """Return the rows of one contact, but for the one that says that it repeats another."""
    rows: list[tuple[Key, Entry]] = []
    delay, place = contact.delay
    if delay >= 0:
        rows.append((place._replace(reason=reasons.POST_DIAL_DELAY), Entry(1, maximum=delay)))
    if contact.connected:
        rows.append((Key("reach", reason=reasons.CONNECTED), Entry(1)))
    if contact.drop.reason:
        rows.append((contact.drop, Entry(1)))
    if _failed(contact):
        rows.append((contact.status[2], Entry(1)))
    return rows


def _failed(contact: Known) -> bool:
    """Tell whether the attempt failed; that nobody answered our call is no failure of ours."""
    status = STATUSES[contact.status[1]] if contact.status[1] >= 0 else None
    if status in UNANSWERED:
        return contact.direction[1] != "outbound"
    return status == "failed"


def _repeats(contact: Known) -> bool:
    return contact.relation[1] >= 0 and RELATIONS[contact.relation[1]] == "repeat"


def _id(contact: Known) -> str:
    return contact.id
