"""A table as it was written: values that know in which line of which file they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from cxotel.routes.errors import RouteError, UnfitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeVar

    T = TypeVar("T")

_DEEPEST = 32
"""Levels of lists and mappings; no table needs ten."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it stands.

    Args:
        value: A scalar, a tuple of nodes, or a dictionary of nodes.
        file: The file's name, or what the table is called where it is none.
        line: The line, from 1; `None` where there are no lines.
        about: Which route it is part of, for messages.
    """

    value: Any
    file: str
    line: int | None = None
    about: str = ""

    @classmethod
    def of(cls, value: object, file: str, depth: int = 0) -> Node:
        """Return plain values as nodes.

        Raises:
            RouteError: They are nested without end, or a key is no text.
        """
        here = cls(None, file)
        if depth > _DEEPEST:
            raise here.error("it is nested too deeply")
        if isinstance(value, Node):
            return value
        if isinstance(value, Mapping):
            table = cast("Mapping[object, object]", value)
            for key in table:
                if not isinstance(key, str):
                    raise here.error(f"{key!r} is no text; names are texts")
            return cls({str(key): cls.of(one, file, depth + 1) for key, one in table.items()}, file)
        if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
            items = cast("Sequence[object]", value)
            return cls(tuple(cls.of(one, file, depth + 1) for one in items), file)
        return cls(value, file)

    def error(self, message: str) -> RouteError:
        """Return an error that says where this stands."""
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return RouteError(f"{where}: {self.about}{message}")

    def within(self, about: str) -> Node:
        """Return the same node, all of it told to be part of something."""
        value: Any = self.value
        if isinstance(value, dict):
            value = {key: one.within(about) for key, one in self._table.items()}
        elif isinstance(value, tuple):
            value = tuple(one.within(about) for one in self._items)
        return Node(value, self.file, self.line, about)

    @property
    def _table(self) -> dict[str, Node]:
        return cast("dict[str, Node]", self.value)

    @property
    def _items(self) -> tuple[Node, ...]:
        return cast("tuple[Node, ...]", self.value)

    @property
    def is_mapping(self) -> bool:
        """Whether it has fields."""
        return isinstance(self.value, dict)

    @property
    def plain(self) -> Any:
        """The value without where it stands."""
        value: Any = self.value
        if isinstance(value, dict):
            return {key: one.plain for key, one in self._table.items()}
        if isinstance(value, tuple):
            return [one.plain for one in self._items]
        return value

    def fields(self, what: str, known: Sequence[str]) -> dict[str, Node]:
        """Return a mapping's fields, those that are left empty left out.

        Args:
            what: What the mapping is, to follow "unknown".
            known: The names that there are.

        Raises:
            RouteError: It is no mapping, or has a name that there is not.
        """
        table = self.mapping("it")
        for name, node in table.items():
            if name not in known:
                raise node.error(f"unknown {what} {shown(name)}; {near(name, known)}")
        return {name: node for name, node in table.items() if node.value is not None}

    def mapping(self, what: str) -> dict[str, Node]:
        """Return a mapping of free names."""
        if not isinstance(self.value, dict):
            raise self.error(f"{what} must be a mapping, not {shown(self.plain)}")
        return self._table

    def each(self) -> Iterator[Node]:
        """Return the items of a list; of what is none, itself."""
        return iter(self._items if isinstance(self.value, tuple) else (self,))

    def fit(self, check: Callable[[Any], T]) -> T:
        """Return what *check* makes of the value.

        Raises:
            RouteError: It does not fit.
        """
        try:
            return check(self.plain)
        except UnfitError as error:
            raise self.error(str(error)) from None


def near(name: object, known: Sequence[str]) -> str:
    """Return advice for a name that there is not: the one that was meant, or all."""
    from difflib import get_close_matches  # costs import time

    close = get_close_matches(str(name), known, 1)
    return f"did you mean {close[0]}?" if close else f"use one of {', '.join(known)}"


def shown(value: object) -> str:
    """Write a value that was found, cut where it is long."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
