"""What a far end remembers: the ids it gave out, what they name, and how it treats whom.

Everything is bounded: the oldest goes first.
"""

from __future__ import annotations

import hashlib
import itertools
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    import re

T = TypeVar("T")
_TABLE_SIZE = 10_000
_ORIGIN_LENGTH = 4_000


class Ids:
    """Make ids that look random and are the same in every run with the same seed.

    Example:
        >>> Ids("demo").hex(32) == Ids("demo").hex(32)
        True
        >>> ids = Ids("demo")
        >>> ids.hex(32) == ids.hex(32)
        False
    """

    def __init__(self, seed: str) -> None:
        """Start at the first id of `seed`."""
        self._seed = seed
        self._count = itertools.count(1)

    def hex(self, length: int) -> str:
        """Return the next id as `length` hexadecimal digits, at most 128."""
        text = f"{self._seed}:{next(self._count)}"
        return hashlib.blake2b(text.encode()).hexdigest()[:length]

    def uuid(self) -> str:
        """Return the next id in the form of a UUID."""
        digits = self.hex(32)
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


class Table(OrderedDict[str, dict[str, Any]]):
    """Resources by id, newest last, at most some thousands.

    Example:
        >>> table = Table(size=1)
        >>> table["CA1"] = {"status": "queued"}
        >>> table["CA2"] = {"status": "queued"}
        >>> list(table)
        ['CA2']
    """

    def __init__(self, size: int = _TABLE_SIZE) -> None:
        """Keep at most `size` resources."""
        super().__init__()
        self._size = size

    def __setitem__(self, key: str, value: dict[str, Any]) -> None:
        """Add or replace a resource, forgetting the oldest where there are too many."""
        super().__setitem__(key, value)
        if len(self) > self._size:
            self.popitem(last=False)

    def matching(self, **wanted: str | None) -> list[dict[str, Any]]:
        """Return the resources whose fields have the wanted values; None matches anything."""
        fields = {key: value for key, value in wanted.items() if value is not None}
        rows = list(self.values())
        return [row for row in rows if all(row.get(key) == fields[key] for key in fields)]


class Lineage:
    """Know which contact an id belongs to: the request that created it said so.

    A call is created with the customer's number in the request; the requests after it name only
    the call's id. Faults that hit one customer need the way back.

    Example:
        >>> import re
        >>> lineage = Lineage(re.compile("CA[0-9]+"))
        >>> lineage.remember("CA7", "To=+15550100")
        >>> "+15550100" in lineage.expand("GET /Calls/CA7.json")
        True
    """

    def __init__(self, ids: re.Pattern[str], size: int = 50_000) -> None:
        """Recognise ids by their pattern; remember at most `size` of them."""
        self._ids = ids
        self._size = size
        self._origins: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    def remember(self, new_id: str, text: str) -> None:
        """Note the text of the request that created an id."""
        with self._lock:
            self._origins.setdefault(new_id, text[:_ORIGIN_LENGTH])
            if len(self._origins) > self._size:
                self._origins.popitem(last=False)

    def expand(self, text: str) -> str:
        """Return the text with the origin of each id in it, and theirs, added."""
        seen: set[str] = set()
        parts = [text]
        for part in parts:
            for found in self._ids.findall(part):
                origin = self._origins.get(found)
                if origin is not None and found not in seen:
                    seen.add(found)
                    parts.append(origin)
        return "\n".join(parts)


class Scoped(Generic[T]):
    """A condition of the far end that may differ for one contact: line quality, time in a queue.

    Example:
        >>> wait = Scoped(12)
        >>> wait.set(240, scope="+15550100")
        >>> wait.of("To=+15550100"), wait.of("To=+15550199")
        (240, 12)
    """

    def __init__(self, default: T) -> None:
        """Treat everybody by `default` until told otherwise."""
        self.default = default
        self._by_scope: dict[str, T] = {}
        self._lock = threading.Lock()

    def set(self, value: T, *, scope: str) -> None:
        """Treat the contact whose requests contain `scope` differently."""
        with self._lock:
            self._by_scope[scope] = value

    def clear(self) -> None:
        """Treat everybody the same again."""
        with self._lock:
            self._by_scope.clear()

    def of(self, text: str) -> T:
        """Return the value for a request's text; of several scopes in it, the one set last."""
        with self._lock:
            found = [value for scope, value in self._by_scope.items() if scope in text]
        return found[-1] if found else self.default
