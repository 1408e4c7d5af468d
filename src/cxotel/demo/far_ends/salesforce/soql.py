"""A small part of SOQL: ``SELECT fields FROM object WHERE … AND … ORDER BY … LIMIT n``.

https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.faults import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_QUERY = re.compile(
    r"\s*SELECT\s+(?P<fields>.+?)\s+FROM\s+(?P<kind>\w+)"
    r"(?:\s+WHERE\s+(?P<where>.+?))?"
    r"(?:\s+ORDER\s+BY\s+(?P<order>\w+)(?:\s+(?P<way>ASC|DESC))?)?"
    r"(?:\s+LIMIT\s+(?P<limit>\d+))?\s*",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(
    r"\(?\s*(\w+)\s*(!=|=|\bLIKE\b|\bIN\b)\s*(.+?)\s*\)?", re.IGNORECASE | re.DOTALL
)
_VALUE = re.compile(r"'((?:[^'\\]|\\.)*)'|([\w.+-]+)")
_WORDS = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class Query:
    """What a query asks for.

    Attributes:
        fields: The fields; only ``COUNT()`` when just the number is wanted.
        kind: The object.
        where: Conditions that must all hold: field, operator, values.
        order: The field to sort by, or None.
        descending: Whether to sort from great to small.
        limit: The most records, or None.
    """

    fields: Sequence[str]
    kind: str
    where: Sequence[tuple[str, str, Sequence[Any]]]
    order: str | None
    descending: bool
    limit: int | None

    @property
    def counts(self) -> bool:
        """Whether only the number of records is wanted."""
        return [field.upper() for field in self.fields] == ["COUNT()"]

    def of(self, records: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the records that match, with the fields asked for."""
        rows = [record for record in records if all(_holds(record, *each) for each in self.where)]
        if self.order is not None:
            key = self.order
            rows.sort(key=lambda row: str(row.get(key, "")), reverse=self.descending)
        return [{field: row.get(field) for field in self.fields} for row in rows[: self.limit]]


def parse(text: str) -> Query:
    """Read a query.

    Raises:
        RefusedError: MALFORMED_QUERY; like Salesforce's, its message repeats the query.

    Example:
        >>> parse("SELECT Id FROM Contact WHERE Phone = '+15550100' LIMIT 1").where
        [('Phone', '=', ['+15550100'])]
    """
    match = _QUERY.fullmatch(text)
    if match is None:
        raise RefusedError(400, "MALFORMED_QUERY", f"unexpected token: {text}")
    parts = re.split(r"\s+AND\s+", match["where"] or "", flags=re.IGNORECASE)
    return Query(
        fields=[field.strip() for field in match["fields"].split(",")],
        kind=match["kind"],
        where=[_condition(part) for part in parts if part],
        order=match["order"],
        descending=(match["way"] or "").upper() == "DESC",
        limit=int(match["limit"]) if match["limit"] else None,
    )


def _condition(text: str) -> tuple[str, str, list[Any]]:
    match = _CONDITION.fullmatch(text)
    if match is None:
        raise RefusedError(400, "MALFORMED_QUERY", f"unexpected token: {text}")
    field, operator, values = match.groups()
    return field, operator.upper(), [_value(*found) for found in _VALUE.findall(values)]


def _value(quoted: str, plain: str) -> Any:
    if not plain:
        return re.sub(r"\\(.)", r"\1", quoted)
    if plain.lower() in _WORDS:
        return _WORDS[plain.lower()]
    try:
        return float(plain)
    except ValueError:
        return plain


def _holds(record: dict[str, Any], field: str, operator: str, values: Sequence[Any]) -> bool:
    value = record.get(field)
    if operator == "LIKE":
        pattern = ".*".join(re.escape(part) for part in str(values[0]).split("%"))
        return re.fullmatch(pattern, str(value or ""), re.IGNORECASE) is not None
    if field == "Id" and isinstance(value, str):
        # 15 and 18 characters name the same record.
        found = value[:15] in [str(each)[:15] for each in values]
    else:
        found = value in values
    return found != (operator == "!=")
