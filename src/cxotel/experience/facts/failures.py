"""Failed calls, and which of them the customer met."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxotel.experience import reasons
from cxotel.experience.facts.places import key_of
from cxotel.experience.facts.table import Table, larger
from cxotel.experience.ledger import Entry, Key, add

if TYPE_CHECKING:
    from cxotel.experience.evidence import Call, Where

FAILURES: Final = 256
"""Failed calls that are kept."""


class Failures:
    """All failed calls of a segment that no retry made good."""

    def __init__(self) -> None:
        self._calls: Table[Call] = Table(FAILURES, _id, larger(_size), self._forget)
        self._met: dict[str, None] = {}
        self._settled: dict[Key, Entry] = {}

    def put(self, call: Call) -> bool:
        """Take a failed call, and tell whether that is news of a failure that the customer met."""
        return self._calls.put(call) and (call.met or call.id in self._met)

    def met(self, call_id: str) -> bool:
        """Learn that a call's failure reached the journey's code, and tell whether that is new."""
        if call_id in self._met:
            return False
        self._met[call_id] = None
        if len(self._met) > FAILURES:
            del self._met[next(iter(self._met))]
        return True

    def where(self, call_id: str) -> Where | None:
        """Return where the failed call *call_id* belongs to; None where no such call is known."""
        found = (call.where for call in self._calls if call_id in {call.id, call.span_id})
        return next(found, None)

    def rows(self) -> dict[Key, Entry]:
        """Return the ledger's rows for the failures that the customer met."""
        rows = dict(self._settled)
        for call in self._calls:
            if call.met or call.id in self._met:
                add(rows, [_row(call)])
        return rows

    def _forget(self, call: Call) -> None:
        if call.met or call.id in self._met:
            add(self._settled, [_row(call)])


def _row(call: Call) -> tuple[Key, Entry]:
    reason = reasons.FAILURE
    if call.timed_out or call.throttled:
        reason = reasons.TIMEOUT if call.timed_out else reasons.THROTTLED
    return key_of("reliability", call.where, reason), Entry(1)


def _size(call: Call) -> tuple[bool, bool, bool, int]:
    return call.met, call.timed_out, call.throttled, call.end - call.start


def _id(call: Call) -> str:
    return call.id
