"""What an attribute is set to: a place, a fixed word, or a place with what to make of it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast

from cxotel import semconv
from cxotel.engine import const, first, moment, named, numeric_id
from cxotel.routes.errors import UnfitError
from cxotel.routes.node import near
from cxotel.routes.places import Around, is_of_reply, is_place, near_place, place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cxotel.engine import Call, Reader
    from cxotel.routes.node import Node

UNITS: Final = {"ms": 1, "s": 1000, "min": 60_000}
_WORDS: Final = ("from", "map", "unit", "numeric", "after")
_TIMES: Final = (semconv.CX_EVIDENCE_START_TIME, semconv.CX_EVIDENCE_END_TIME)
_OURS: Final = (
    semconv.CX_SYSTEM,
    semconv.CX_LAYER,
    semconv.CX_OPERATION_NAME,
    semconv.CX_STEP_NAME,
    semconv.CX_EVIDENCE_KIND,
    semconv.CX_EVIDENCE_SHOWS,
    semconv.CX_EVIDENCE_CAUSE,
    semconv.CX_JOURNEY_ID,
    semconv.CX_JOURNEY_NAME,
    semconv.SESSION_ID,
    semconv.ERROR_TYPE,
    semconv.SERVICE_NAME,
    semconv.URL_TEMPLATE,
)
"""What a table cannot set: cxotel does."""


def key(value: object) -> str:
    """Return an attribute key of the registry that a table may set.

    Raises:
        UnfitError: It is none.
    """
    if value in _OURS:
        raise UnfitError(f"{value} is set by cxotel itself")
    if value not in semconv.TYPES:
        advice = near(value, sorted(semconv.TYPES))
        advice = advice if advice.startswith("did") else "docs/conventions.md lists all"
        raise UnfitError(f"there is no attribute {value!r}; {advice}")
    return str(value)


class Value:
    """What one attribute is set to.

    Args:
        name: The attribute's key.
        node: What the table says.
        around: What it may refer to.

    Raises:
        RouteError: It does not fit.
    """

    def __init__(self, name: str, node: Node, around: Around) -> None:
        self.key = name
        self._node = node
        self._around = around
        self._options = node.fields(f"part of {name}", _WORDS) if node.is_mapping else {}
        source = self._options.get("from", node)
        self._places = tuple(source.each())
        if source.is_mapping or not self._places:
            raise node.error(f"{name}: `from` is missing, a place or a list of them")
        self.is_of_reply = any(is_of_reply(one.value) for one in self._places)
        self.reader = self._read()

    def _read(self) -> Reader:
        if not self._options and not is_place(self._node.value) and len(self._places) == 1:
            return const(self._node.fit(self._fixed))
        readers = [one.fit(lambda text: place(text, self._around)) for one in self._places]
        reader = readers[0] if len(readers) == 1 else first(*readers)
        if "after" in self._options:
            reader = named(self._options["after"].fit(_word), reader)
        if "map" in self._options:
            reader = _mapped(reader, self._map(self._options["map"]))
        return self._typed(reader)

    def _fixed(self, value: object) -> object:
        """Check a value that stands for itself; ids are never such."""
        if semconv.PRIVACY.get(self.key) != "public":
            raise UnfitError(
                f"{self.key}: {value!r} is no place; write path.NAME, query.NAME, body.FIELD, "
                "reply.FIELD or header.NAME"
            )
        kind = semconv.TYPES[self.key]
        fits = isinstance(value, _PYTHON[kind]) and (kind == "boolean") == isinstance(value, bool)
        if not fits:
            raise UnfitError(f"{self.key} must be a {kind}, not {value!r}")
        if isinstance(value, str) and near_place(value):
            raise UnfitError(f"{self.key}: {value!r} is no place; {near_place(value)}")
        return _one_of(self.key, value)

    def _map(self, node: Node) -> dict[object, object]:
        """Read the vendor's words and ours for them."""
        table = node.mapping(f"map of {self.key}")
        return {word: one.fit(self._fixed) for word, one in table.items()}

    def _typed(self, reader: Reader) -> Reader:
        """Let the reader return what the registry says of the attribute."""
        kind = semconv.TYPES[self.key]
        scale = self._scale()
        if self.key in _TIMES:
            return _time(reader, scale)
        if kind == "int":
            return _whole(reader, scale)
        if kind == "string":
            reader = _closed(reader, words_of(self.key))
            return numeric_id(reader) if self._is_numeric() else _text(reader)
        return reader

    def _scale(self) -> int:
        node = self._options.get("unit")
        if node is None:
            return 1
        if semconv.TYPES[self.key] != "int":
            raise node.error(f"{self.key} has no unit")
        return node.fit(_unit)

    def _is_numeric(self) -> bool:
        node = self._options.get("numeric")
        return node is not None and node.fit(truth)


_PYTHON: Final[Mapping[str, type | tuple[type, ...]]] = {
    "string": str,
    "string[]": str,
    "int": int,
    "double": (int, float),
    "boolean": bool,
}


def truth(value: object) -> bool:
    """Return yes or no."""
    if not isinstance(value, bool):
        raise UnfitError(f"{value!r} must be true or false")
    return value


def _unit(value: object) -> int:
    if value not in UNITS:
        raise UnfitError(f"unknown unit {value!r}; {near(value, tuple(UNITS))}")
    return UNITS[str(value)]


def _word(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise UnfitError(f"{value!r} must be a text")
    return value


@cache
def words_of(name: str) -> tuple[str, ...]:
    """Return the values that an attribute may have, where the registry closes the set.

    Example:
        >>> words_of(semconv.CX_CONTACT_DIRECTION)
        ('inbound', 'outbound')
        >>> words_of(semconv.CX_QUEUE_NAME)
        ()
    """
    camel = "".join(part.title() for part in name.replace("_", ".").split("."))
    values: Any = getattr(semconv, f"{camel}Values", ())
    return tuple(one.value for one in values)


def _one_of(name: str, value: object) -> object:
    words = words_of(name)
    if words and value not in words:
        raise UnfitError(f"unknown {name} {value!r}; {near(value, words)}")
    return value


def _mapped(reader: Reader, words: Mapping[object, object]) -> Reader:
    """Translate the vendor's word, whatever its type in JSON; an unknown one is absent."""

    def read(call: Call) -> object:
        value = reader(call)
        if isinstance(value, bool):
            value = "true" if value else "false"
        return words.get(str(value)) if value is not None else None

    return read


def _closed(reader: Reader, words: tuple[str, ...]) -> Reader:
    if not words:
        return reader
    return lambda call: value if (value := reader(call)) in words else None


def _text(reader: Reader) -> Reader:
    def read(call: Call) -> object:
        value = reader(call)
        return str(value) if type(value) is int else value

    return read


def _whole(reader: Reader, scale: int) -> Reader:
    """Read a whole number: of a list its length, of a text the number that it holds."""

    def read(call: Call) -> int | None:
        value: Any = reader(call)
        if value is None or isinstance(value, bool):
            return None
        if isinstance(value, list):
            return len(cast("list[object]", value))
        try:
            return round(float(value) * scale)
        except (ValueError, OverflowError, TypeError):
            return None  # no number: a vendor's own way of saying that there is none

    return read


def _time(reader: Reader, scale: int) -> Reader:
    """Read a time: a text in a usual form, or a number since the epoch in the unit that is said."""
    numbers = _whole(reader, scale)
    texts: Callable[[Call], Any] = moment(reader)

    def read(call: Call) -> int | None:
        return texts(call) if isinstance(reader(call), str) else numbers(call)

    return read
