"""A YAML file as nodes that know their lines. PyYAML is imported when a file is read."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from cxotel.routes.errors import RouteError
from cxotel.routes.node import Node

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST: Final = 1_000_000
"""Characters; the longest table of ours has about ten thousand."""
_DEEPEST: Final = 32
_MISSING: Final = "tables of routes need PyYAML; run: pip install 'cxotel[routes]'"


def parsed(text: str, file: str) -> Node:
    """Return what a YAML text says.

    Args:
        text: The text.
        file: The file's name, for messages.

    Raises:
        RouteError: It is no YAML, or no mapping; or PyYAML is not installed.
    """
    yaml = _library(file)
    if len(text) > LARGEST:
        raise RouteError(f"{file}: it is longer than {LARGEST} characters")
    loader: Any = None
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
        root = loader.get_single_node()
        if root is None:
            raise RouteError(f"{file}: it is empty")
        return _Reader(loader, file).read(root, ())
    except RecursionError:
        raise RouteError(f"{file}: it is nested too deeply") from None
    except yaml.YAMLError as error:
        raise _told(error, file) from None
    finally:
        if loader is not None:
            loader.dispose()


def _library(file: str) -> Any:
    try:
        return import_module("yaml")
    except ImportError:
        raise RouteError(f"{file}: {_MISSING}") from None


def _told(error: Any, file: str) -> RouteError:
    mark = getattr(error, "problem_mark", None)
    where = file if mark is None else f"{file}:{mark.line + 1}"
    problem = getattr(error, "problem", None) or "it cannot be read"
    return RouteError(f"{where}: is not YAML: {' '.join(str(problem).split())}")


class _Reader:
    """Turns the nodes of PyYAML into ours."""

    def __init__(self, loader: Any, file: str) -> None:
        self._loader = loader
        self._file = file
        self._count = 0

    def read(self, node: Any, above: tuple[int, ...]) -> Node:
        """Return *node*, which stands inside of the nodes *above*."""
        line = node.start_mark.line + 1
        self._count += 1
        if id(node) in above:
            raise RouteError(f"{self._file}:{line}: it is a part of itself")
        # Aliases let a short text stand for a huge one.
        if len(above) > _DEEPEST or self._count > LARGEST // 10:
            raise RouteError(f"{self._file}:{line}: it is nested too deeply")
        inside = (*above, id(node))
        kind: Callable[..., Any] = getattr(self, f"_{node.id}")
        return Node(kind(node, inside), self._file, line)

    def _mapping(self, node: Any, above: tuple[int, ...]) -> dict[str, Node]:
        table: dict[str, Node] = {}
        for name, value in node.value:
            line = name.start_mark.line + 1
            if name.id != "scalar" or name.tag.endswith(":merge"):
                raise RouteError(f"{self._file}:{line}: a name must be a text")
            if name.value in table:
                first = table[name.value].line
                raise RouteError(f"{self._file}:{line}: '{name.value}' is there since line {first}")
            read = self.read(value, above)
            table[name.value] = Node(read.value, self._file, line)
        return table

    def _sequence(self, node: Any, above: tuple[int, ...]) -> tuple[Node, ...]:
        return tuple(self.read(item, above) for item in node.value)

    def _scalar(self, node: Any, _: tuple[int, ...]) -> object:
        try:
            value: object = self._loader.construct_object(node)
        except ValueError:
            value = NotImplemented
        if value is None or isinstance(value, (str, int, float)):
            return value
        line = node.start_mark.line + 1
        raise RouteError(f"{self._file}:{line}: {node.value!r} is to be in quotes")
