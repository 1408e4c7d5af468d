"""Find a journey again by a contact's id, when nothing else tells which one it is."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, NamedTuple, Protocol

from cxotel.bounded import BoundedTable
from cxotel.context import current
from cxotel.engine.shield import shielded
from cxotel.privacy import identifier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from opentelemetry.context import Context

    from cxotel.context import JourneyState


class LastSegment(NamedTuple):
    """The journey that a contact belongs to, and the span of its latest segment, to link to.

    Plain values, so that a store can write them anywhere: `json.dumps(segment._asdict())`.
    """

    journey_id: str
    trace_id: int
    """0 where the segment was not traced."""
    span_id: int
    trace_flags: int


class ContactStore(Protocol):
    """Remember which journey a contact belongs to.

    Both methods run in your handlers, so they must be quick. Keys are `contact:` or `journey:` and
    an id that has passed the privacy filter: never a phone number or an e-mail address.
    """

    def find(self, key: str) -> LastSegment | None:
        """Return what is remembered under *key*."""
        ...

    def remember(self, key: str, segment: LastSegment) -> None:
        """Remember *segment* under *key*, in place of what was there."""
        ...


class InMemoryContactStore:
    """Remember in this process, up to a number of keys and up to an age; the oldest go first.

    Args:
        max_entries: Number of keys kept; a journey uses one, and one more for each contact id.
        max_age: Seconds after which a key is forgotten.
        clock: Returns seconds, and never goes back.

    Example:
        >>> store = InMemoryContactStore(max_entries=1)
        >>> store.remember("contact:c-1", LastSegment("j-1", 0, 0, 0))
        >>> store.remember("contact:c-2", LastSegment("j-2", 0, 0, 0))
        >>> store.find("contact:c-1"), store.find("contact:c-2").journey_id, store.dropped
        (None, 'j-2', 1)
    """

    def __init__(
        self,
        max_entries: int = 10_000,
        max_age: float = 86_400.0,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Start with nothing remembered."""
        self._table: BoundedTable[str, LastSegment] = BoundedTable(max_entries, max_age, clock)

    @property
    def dropped(self) -> int:
        """How many keys were forgotten so far, for their number or their age."""
        return self._table.dropped

    def find(self, key: str) -> LastSegment | None:
        """Return what is remembered under *key*."""
        return self._table.get(key)

    def remember(self, key: str, segment: LastSegment) -> None:
        """Remember *segment* under *key*, as the youngest."""
        self._table.put(key, segment)


_store: ContactStore = InMemoryContactStore()


def get_store() -> ContactStore:
    """Return the store in use."""
    return _store


def set_store(store: ContactStore) -> None:
    """Use *store* from now on, such as one that your processes share."""
    global _store  # noqa: PLW0603 - one store a process
    _store = store


def find(journey_id: str | None, contacts: Iterable[str]) -> LastSegment | None:
    """Return the latest segment of a journey, by its contacts or by its own id.

    Args:
        journey_id: The journey's id where it is known; then another journey's contact is no find.
        contacts: Ids of the contact that have passed the privacy filter.
    """
    with shielded("looking a journey up in the contact store"):
        for contact in contacts:
            found = _store.find(f"contact:{contact}")
            if found and journey_id in (None, found.journey_id):
                return found
        return _store.find(f"journey:{journey_id}") if journey_id else None
    return None


def keep(journey: JourneyState, contacts: Iterable[str]) -> None:
    """Remember *journey* by its id and by its contacts."""
    with shielded("remembering a journey in the contact store"):
        span = journey.span.get_span_context()
        segment = LastSegment(journey.id, span.trace_id, span.span_id, span.trace_flags)
        _store.remember(f"journey:{journey.id}", segment)
        for contact in contacts:
            _store.remember(f"contact:{contact}", segment)


def remember(contact_id: object, context: Context | None = None) -> None:
    """Tie a contact's id, learned from a vendor's reply, to the journey of *context*.

    What arrives about that contact later, such as a status callback, then finds the journey again.
    """
    now = current(context)
    contact = identifier(contact_id)
    if now and contact:
        keep(now.journey, (contact,))
