"""Records by object and id: made, found, changed, deleted."""

from __future__ import annotations

import itertools
from collections import defaultdict
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.faults import RefusedError
from cxotel.demo.far_ends.memory import Ids, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIXES: Mapping[str, str] = {
    "Account": "001", "Case": "500", "Contact": "003", "Lead": "00Q", "Opportunity": "006",
    "Organization": "00D", "Task": "00T", "User": "005",
}  # fmt: skip
"""The first three characters of a record's id tell its object."""
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "Account": ("Name",),
    "Contact": ("LastName",),
    "Lead": ("LastName", "Company"),
    "Opportunity": ("Name", "StageName", "CloseDate"),
}
_SHORT = 15
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


class Records:
    """The records of an org.

    Args:
        ids: Where ids come from.
    """

    def __init__(self, ids: Ids) -> None:
        self.required = dict(REQUIRED)
        self._ids = ids
        self._tables: defaultdict[str, Table] = defaultdict(Table)
        self._numbers = itertools.count(1)

    def new_id(self, prefix: str) -> str:
        """Make an id of 18 characters."""
        return long_id(prefix + self._ids.hex(12))

    def add(self, kind: str, fields: Mapping[str, Any]) -> str:
        """Create a record and return its id.

        Raises:
            RefusedError: REQUIRED_FIELD_MISSING.
        """
        missing = [name for name in self.required.get(kind, ()) if not fields.get(name)]
        if missing:
            listed = ", ".join(missing)
            message = f"Required fields are missing: [{listed}]"
            raise RefusedError(400, "REQUIRED_FIELD_MISSING", message)
        record_id = self.new_id(PREFIXES.get(kind, "a0X"))
        moment = _now()
        record = {**fields, "Id": record_id, "CreatedDate": moment, "LastModifiedDate": moment}
        if kind == "Case":
            record["CaseNumber"] = f"{next(self._numbers):08}"
        self._tables[kind][record_id[:_SHORT]] = record
        return record_id

    def get(self, kind: str, record_id: str) -> dict[str, Any]:
        """Return a record, by an id of 15 or 18 characters.

        Raises:
            RefusedError: NOT_FOUND.
        """
        record = self._tables[kind].get(record_id[:_SHORT])
        if record is None:
            raise RefusedError(404, "NOT_FOUND", "The requested resource does not exist")
        return record

    def find(self, kind: str, field: str, value: str) -> dict[str, Any] | None:
        """Return the record whose field has a value, or None."""
        matching = self._tables[kind].matching(**{field: value})
        return matching[0] if matching else None

    def change(self, kind: str, record_id: str, fields: Mapping[str, Any]) -> None:
        """Change some fields of a record."""
        self.get(kind, record_id).update({**fields, "LastModifiedDate": _now()})

    def upsert(self, kind: str, field: str, value: str, fields: Mapping[str, Any]) -> Any:
        """Change the record whose external id has a value, or create it.

        Returns:
            Its id, and whether it is new.
        """
        known = self.find(kind, field, value)
        if known is None:
            return self.add(kind, {**fields, field: value}), True
        self.change(kind, known["Id"], fields)
        return known["Id"], False

    def remove(self, kind: str, record_id: str) -> None:
        """Delete a record."""
        self.get(kind, record_id)
        del self._tables[kind][record_id[:_SHORT]]

    def all(self, kind: str) -> list[dict[str, Any]]:
        """Return all records of an object, oldest first."""
        return list(self._tables[kind].values())

    def kinds(self) -> list[str]:
        """Return the objects that have records, and the usual ones."""
        return sorted({*PREFIXES, *self._tables})


def shown(kind: str, record: Mapping[str, Any], base: str) -> dict[str, Any]:
    """Write a record as the interface does: with its type and path."""
    url = f"{base}/sobjects/{kind}/{record.get('Id')}"
    return {"attributes": {"type": kind, "url": url}, **record}


def long_id(short: str) -> str:
    """Add the three characters that make an id safe where case is lost.

    Example:
        >>> long_id("001A0000006Vm9r")
        '001A0000006Vm9rIAC'
    """
    suffix = ""
    for start in range(0, _SHORT, 5):
        chunk = short[start : start + 5]
        suffix += _ALPHABET[sum(1 << place for place, each in enumerate(chunk) if each.isupper())]
    return short + suffix


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
