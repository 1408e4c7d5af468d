"""The ledger of a segment: who put in how much of what hurt, in whole numbers that merge."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cxotel.experience import reasons
from cxotel.experience.arithmetic import milli
from cxotel.experience.dimensions.resolution import OUTCOMES
from cxotel.experience.evidence import DIMENSIONS, Impairment, Where
from cxotel.experience.rules import DEFAULT, Rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FORMAT: Final = 1
"""Version of the canonical JSON."""

NAMES: Final = 32
"""How many names of steps (systems, user's reasons) a ledger tells apart."""

OTHERS: Final = "*"
"""The name that all further ones are kept under."""

NO_NAMES: Final[frozenset[str]] = frozenset()


class Key(NamedTuple):
    """What a row of the ledger is about; an unknown name is empty."""

    dimension: str
    layer: str = ""
    system: str = ""
    step: str = ""
    reason: str = ""

    @property
    def where(self) -> Where:
        """Return the part of the stack that the row is charged to."""
        return Where(self.layer or None, self.system or None, self.step or None)


class Entry(NamedTuple):
    """A row of the ledger: whole numbers whose unit the row's rule says.

    Args:
        number: Number of events.
        sum: Thousandths of a point, or ms.
        cubes: Sum of cubes of thousandths of a point.
        maximum: The largest: thousandths of a point, or ms.
        owner: Whose the maximum is: the name of a queue or of a leg.
    """

    number: int = 0
    sum: int = 0
    cubes: int = 0
    maximum: int = 0
    owner: str = ""

    def plus(self, other: Entry) -> Entry:
        """Return both as one."""
        largest = max((self.maximum, self.owner), (other.maximum, other.owner))
        return Entry(
            self.number + other.number,
            self.sum + other.sum,
            self.cubes + other.cubes,
            *largest,
        )


class Verdict(NamedTuple):
    """The outcome of a segment; the larger tuple is the one that stands.

    Args:
        at: Time, ms since the epoch.
        rank: Position in `OUTCOMES`: of two at the same time the worse stands.
        charged: Whether it costs anything: leaving within seconds does not.
        layer: Layer of the failed call that led to it.
        system: System of that call.
        step: Step of that call.
    """

    at: int
    rank: int
    charged: bool = True
    layer: str = ""
    system: str = ""
    step: str = ""

    @property
    def outcome(self) -> str:
        """Return the outcome's name."""
        return OUTCOMES[self.rank]


class LedgersDifferError(ValueError):
    """Two ledgers were priced by different rules, and cannot be merged."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Hold what a segment, or several merged ones, lost, and to whom.

    A ledger merges with others by ``|``: in any order and grouping the result is the same. Its size
    does not depend on the number of events. Of more than 32 names (of steps, of systems, of the
    user's own reasons) those with the smallest hash stay, and the rest fold into ``*``: the only
    eviction that gives the same result in every order.

    Args:
        rules: Fingerprint of the rules that single events were priced by.
        entries: The rows.
        shows: Dimensions on which something observed was able to show an impairment.
        channels: Channels that the ledger is about, where known.
        verdict: The latest outcome.

    Example:
        >>> row = {Key("reach", "contact_center", "genesys_cloud", "", "queue"): Entry(1, 4000)}
        >>> one = Ledger("x", row, frozenset({"reach"}))
        >>> (one | one).entries[Key("reach", "contact_center", "genesys_cloud", "", "queue")].sum
        8000
        >>> Ledger.from_json(one.to_json()) == one
        True
    """

    rules: str = DEFAULT.fingerprint
    entries: Mapping[Key, Entry] = field(default_factory=dict[Key, Entry])
    shows: frozenset[str] = NO_NAMES
    channels: frozenset[str] = NO_NAMES
    verdict: Verdict | None = None

    def __post_init__(self) -> None:
        folded = _fold(self.entries)
        object.__setattr__(self, "entries", MappingProxyType(folded))

    @classmethod
    def of(
        cls,
        impairments: Iterable[Impairment],
        *,
        shows: Iterable[str] = (),
        channel: str | None = None,
        rules: Rules = DEFAULT,
    ) -> Ledger:
        """Return the ledger of impairments that somebody else has priced.

        Args:
            impairments: What hurt; each counts in its dimension as it is, up to that one's cap.
            shows: Dimensions on which something was able to show an impairment, beside theirs.
            channel: The channel, if it is known.
            rules: The rules to merge and score by.

        Example:
            >>> slow = Impairment("reach", Where("contact_center", "avaya"), "queue", 8.68)
            >>> Ledger.of([slow], channel="voice").shows
            frozenset({'reach'})
        """
        entries: dict[Key, Entry] = {}
        for each in impairments:
            where, reason = each.where, reasons.qualified(reasons.DECLARED, each.reason)
            names = (where.layer or "", where.system or "", where.step or "")
            key = Key(_dimension(each.dimension), *names, reason)
            add(entries, [(key, Entry(1, max(0, milli(each.points))))])
        seen = {*map(_dimension, shows), *(key.dimension for key in entries)}
        channels = NO_NAMES if channel is None else frozenset({channel})
        return cls(rules.fingerprint, entries, frozenset(seen), channels)

    def __reduce__(self) -> tuple[Any, ...]:
        return Ledger.from_json, (self.to_json(),)

    def __hash__(self) -> int:
        return hash((self.rules, frozenset(self.entries.items()), self.shows, self.verdict))

    def __or__(self, other: Ledger) -> Ledger:
        """Return both ledgers as one.

        Raises:
            LedgersDifferError: When their rules differ.
        """
        if self.rules != other.rules:
            raise LedgersDifferError(
                f"ledgers of rules {self.rules} and {other.rules} cannot be merged: "
                "score each by its own rules"
            )
        return Ledger(
            self.rules,
            add({**self.entries}, other.entries.items()),
            self.shows | other.shows,
            self.channels | other.channels,
            _later(self.verdict, other.verdict),
        )

    def to_json(self) -> bytes:
        """Return this ledger as canonical JSON: equal ledgers give equal bytes."""
        return json.dumps(
            {
                "v": FORMAT,
                "rules": self.rules,
                "channels": sorted(self.channels),
                "shows": [name for name in DIMENSIONS if name in self.shows],
                "verdict": None if self.verdict is None else [*self.verdict],
                "entries": [[*key, *self.entries[key]] for key in sorted(self.entries)],
            },
            separators=(",", ":"),
        ).encode("ascii")

    @classmethod
    def from_json(cls, data: bytes | str) -> Ledger:
        """Read what `to_json` wrote.

        Raises:
            ValueError: When *data* is not a ledger in this format.
        """
        try:
            value = json.loads(data)
            _expect_format(value["v"])
            return cls(
                _text(value["rules"]),
                _entries(value["entries"]),
                frozenset(map(_dimension, value["shows"])),
                frozenset(map(_text, value["channels"])),
                _verdict(value["verdict"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"not a cxotel ledger: {error}") from error


def add(rows: dict[Key, Entry], more: Iterable[tuple[Key, Entry]]) -> dict[Key, Entry]:
    """Add *more* rows to *rows*, and return them."""
    for key, entry in more:
        present = rows.get(key)
        rows[key] = entry if present is None else present.plus(entry)
    return rows


def subtract(rows: dict[Key, Entry], less: Iterable[tuple[Key, Entry]]) -> None:
    """Take rows that were added to *rows* out again, but for their maxima."""
    for key, entry in less:
        present = rows[key]
        rows[key] = rest = Entry(
            present.number - entry.number,
            present.sum - entry.sum,
            present.cubes - entry.cubes,
            present.maximum,
            present.owner,
        )
        if rest == Entry():
            del rows[key]


def rank(name: str) -> bytes:
    """Return what names are ranked by when there are too many: the same in every process."""
    return sha256(name.encode("utf-8", "surrogatepass")).digest()


def smallest(names: Iterable[str]) -> frozenset[str]:
    """Return the `NAMES` names that stay when there are too many."""
    return frozenset(sorted(names, key=rank)[:NAMES])


def _later(one: Verdict | None, other: Verdict | None) -> Verdict | None:
    if one is None or other is None:
        return one or other
    return max(one, other)


def _fold(entries: Mapping[Key, Entry]) -> dict[Key, Entry]:
    """Fold the names beyond the limit into one."""
    if len(entries) <= NAMES:
        return dict(entries)
    steps = _staying(key.step for key in entries)
    systems = _staying(key.system for key in entries)
    details = _staying(reasons.detail(key.reason) for key in entries)
    if steps is systems is details is None:
        return dict(entries)
    folded: dict[Key, Entry] = {}
    for key, entry in entries.items():
        new = key
        if steps is not None and key.step not in steps:
            new = new._replace(step=OTHERS)
        if systems is not None and key.system not in systems:
            new = new._replace(system=OTHERS)
        if details is not None and reasons.detail(key.reason) not in details:
            new = new._replace(reason=reasons.qualified(key.reason.partition(":")[0], OTHERS))
        add(folded, [(new, entry)])
    return folded


def _staying(names: Iterable[str]) -> frozenset[str] | None:
    """Return the names that stay, the empty one and the folded one among them; None for all."""
    distinct = {name for name in names if name not in {"", OTHERS}}
    return None if len(distinct) <= NAMES else smallest(distinct) | {"", OTHERS}


def _entries(rows: list[list[Any]]) -> dict[Key, Entry]:
    entries: dict[Key, Entry] = {}
    for row in rows:
        dimension, layer, system, step, reason, number, total, cubes, maximum, owner = row
        key = Key(_dimension(dimension), _text(layer), _text(system), _text(step), _text(reason))
        numbers = (_whole(number), _whole(total), _whole(cubes), _whole(maximum))
        entries[key] = Entry(*numbers, _text(owner))
    return entries


def _verdict(value: list[Any] | None) -> Verdict | None:
    if value is None:
        return None
    at, position, charged, *where = value
    if not 0 <= _whole(position) < len(OUTCOMES) or not isinstance(charged, bool):
        raise ValueError(f"outcome {value!r}")
    layer, system, step = map(_text, where)
    return Verdict(_whole(at), position, charged, layer, system, step)


def _expect_format(value: object) -> None:
    if value != FORMAT:
        raise ValueError(f"format {value!r}, expected {FORMAT}")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(f"{value!r} is not a whole number from 0")
    return value


def _dimension(value: object) -> str:
    if value not in DIMENSIONS:
        raise ValueError(f"{value!r} is not a dimension")
    return _text(value)
