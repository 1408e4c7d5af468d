"""Read numbers and names out of reports that others made, whatever they hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, Final, cast

from cxotel.media.errors import MalformedError
from cxotel.media.values import MAX_TEXT, is_unknown, parse_number, parse_time, snake

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_BYTES: Final = 8 * 1024 * 1024
"""More text than this is no report of a vendor's."""

MAX_ITEMS: Final = 50_000
"""How many items are read of all lists of a report together."""

MAX_PROBLEMS: Final = 16
"""How many problems one record tells."""


class Notes(list[str]):
    """The problems of one report, and how much of it may still be read."""

    __slots__ = ("items_left",)

    def __init__(self) -> None:
        super().__init__()
        self.items_left = MAX_ITEMS


class Fields:
    """One object of a report: a mapping, or an object of a client library with attributes.

    A name in camel case is found in snake case too, as client libraries spell it. What is not
    there, null or empty is None; what is there and makes no sense is None and a problem.

    Args:
        source: The object; anything else has no fields.
        what: What it is, for messages.
        problems: Where to put problems; one of them for a whole report.

    Example:
        >>> fields = Fields({"jitter": "27 ms", "mos": "4.50", "loss": []}, "report")
        >>> fields.number("jitter", unit=0.001), fields.number("mos"), fields.number("loss")
        (0.027, 4.5, None)
        >>> fields.problems
        ['report: loss is no number']
    """

    __slots__ = ("_source", "_what", "problems")

    def __init__(self, source: object, what: str, problems: Notes | None = None) -> None:
        self._source: object = source
        self._what = what
        self.problems = Notes() if problems is None else problems

    def __bool__(self) -> bool:
        return self._source is not None and not isinstance(self._source, (str, bytes, int, float))

    def raw(self, name: str) -> object:
        """Return what stands under a name, None where nothing does.

        Args:
            name: The field's name.
        """
        source = self._source
        if isinstance(source, Mapping):
            mapping = cast("Mapping[object, object]", source)
            found = mapping.get(name)
            return mapping.get(snake(name)) if found is None else found
        if not self or isinstance(source, (list, tuple)):
            return None
        found = getattr(source, name, None)
        return getattr(source, snake(name), None) if found is None else found

    def number(
        self, name: str, *, unit: float = 1.0, low: float = 0.0, high: float = 1e12
    ) -> float | None:
        """Return a number in units of ours.

        Text is read as well, with a unit behind the number or without.

        Args:
            name: The field's name.
            unit: What one of theirs is in ours: 0.001 for milliseconds, 0.01 for per cent.
            low: The least value in theirs that means anything.
            high: The greatest value in theirs that means anything.
        """
        value = self.raw(name)
        number = parse_number(value)
        if number is None:
            if not is_unknown(value):
                self.problem(f"{name} is no number")
            return None
        if not low <= number <= high:
            self.problem(f"{name} must lie between {low:g} and {high:g}, got {number:g}")
            return None
        # Dividing is exact where multiplying by a thousandth is not.
        return number / round(1.0 / unit) if unit < 1.0 else number * unit

    def count(self, name: str) -> int | None:
        """Return a number of things.

        Args:
            name: The field's name.
        """
        number = self.number(name)
        return None if number is None else int(number)

    def text(self, name: str) -> str | None:
        """Return a short text; other types have none.

        Args:
            name: The field's name.
        """
        value = self.raw(name)
        if isinstance(value, str) and value.strip():
            return value.strip()[:MAX_TEXT]
        return None

    def time(self, name: str) -> float | None:
        """Return a date and time, seconds since 1970.

        Args:
            name: The field's name.
        """
        value = self.raw(name)
        seconds = parse_time(value)
        if seconds is None and not is_unknown(value):
            self.problem(f"{name} is no time")
        return seconds

    def child(self, name: str) -> Fields:
        """Return the object under a name; one without fields where there is none.

        Args:
            name: The field's name.
        """
        value = self.raw(name)
        child = Fields(value, f"{self._what}.{name}", self.problems)
        if value is not None and (not child or isinstance(value, (list, tuple))):
            self.problem(f"{name} is no object")
            return Fields(None, self._what, self.problems)
        return child

    def values(self, name: str) -> list[object]:
        """Return the list under a name; an empty one for none.

        Of all lists of a report together, `MAX_ITEMS` items are read.

        Args:
            name: The field's name.
        """
        value = self.raw(name)
        if value is None:
            return []
        if isinstance(value, (str, bytes, Mapping)) or not hasattr(value, "__iter__"):
            self.problem(f"{name} is no list")
            return []
        left = self.problems.items_left
        items = list(islice(cast("Iterable[object]", value), left + 1))
        if len(items) > left:
            self.problem(f"a report has more than {MAX_ITEMS} items")
        self.problems.items_left = max(0, left - len(items))
        return items[:left]

    def children(self, name: str) -> Iterator[Fields]:
        """Go through the objects of the list under a name.

        Args:
            name: The field's name.
        """
        for number, item in enumerate(self.values(name)):
            if item is not None:
                yield Fields(item, f"{self._what}.{name}[{number}]", self.problems)

    def problem(self, text: str) -> None:
        """Take note of what could not be read.

        Args:
            text: What is wrong with it.
        """
        line = f"{self._what}: {text}"[:MAX_TEXT]
        if len(self.problems) < MAX_PROBLEMS and line not in self.problems:
            self.problems.append(line)


def load(document: object, what: str, max_bytes: int = MAX_BYTES) -> object:
    """Return a document's content: JSON text is read, anything else is the content.

    Args:
        document: Text, bytes, or what was read already.
        what: What it should be, for messages.
        max_bytes: How long the text may be.

    Raises:
        MalformedError: The text is too long, or no JSON.

    Example:
        >>> load('{"a": 1}', "report")
        {'a': 1}
    """
    if not isinstance(document, (str, bytes, bytearray)):
        return document
    if len(document) > max_bytes:
        raise MalformedError(f"{what}: more than {max_bytes} bytes are no report")
    try:
        return cast("object", json.loads(document, parse_constant=lambda _: None))
    # Nesting without end is a RecursionError, digits without end are a ValueError.
    except (ValueError, RecursionError) as error:
        raise MalformedError(f"{what}: no JSON") from error


def report(document: object, what: str) -> Fields:
    """Return the fields of a document that must be one object.

    Args:
        document: The object, or its JSON text.
        what: What it should be, for messages.

    Raises:
        MalformedError: It is no object.
    """
    content = load(document, what)
    fields = Fields(content, what)
    if not fields or isinstance(content, (list, tuple)):
        kind = type(cast("object", content)).__name__
        raise MalformedError(f"{what}: {kind} is no report")
    return fields


def reports(document: object, what: str, name: str) -> tuple[list[Fields], Notes]:
    """Return the objects of a document that is one of them, a list of them, or holds such a list.

    Args:
        document: The content, or its JSON text.
        what: What it should be, for messages.
        name: The name under which it holds the list.

    Returns:
        The objects, and the problems that they share.

    Raises:
        MalformedError: It is none of these.

    Example:
        >>> objects, _ = reports('{"items": [{"a": 1}, {"a": 2}]}', "report", "items")
        >>> [fields.number("a") for fields in objects]
        [1.0, 2.0]
    """
    content = load(document, what)
    if isinstance(content, (list, tuple)):
        content = {name: cast("object", content)}
    fields = report(content, what)
    found = [fields] if fields.raw(name) is None else list(fields.children(name))
    return found, fields.problems
