"""What the source files say, read without importing them."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "cxotel"


@dataclass(frozen=True, slots=True)
class Module:
    """One source file of the package."""

    name: str
    """Its path below the package, such as `engine/patching.py`."""
    tree: ast.Module

    @property
    def dotted(self) -> str:
        """The name it is imported by."""
        return _dotted(self.name)

    def imports(self, *, at_start: bool = False) -> set[str]:
        """Return what it imports at run time, as dotted names.

        Args:
            at_start: Leave out what is imported inside functions, where it is first used.
        """
        return {name for node in _run(self.tree, at_start=at_start) for name in _imported(node)}

    def attributes_used(self) -> set[str]:
        """Return the name of every attribute and method that its code mentions."""
        nodes = _run(self.tree, at_start=False)
        return {node.attr for node in nodes if isinstance(node, ast.Attribute)}

    def names_used(self) -> set[str]:
        """Return every plain name that its code mentions, but for imports of types."""
        nodes = _run(self.tree, at_start=False)
        return {node.id for node in nodes if isinstance(node, ast.Name)}

    def texts(self) -> set[str]:
        """Return every string in its code; docstrings and other loose strings are no code."""
        nodes = list(ast.walk(self.tree))
        loose = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        return {
            node.value
            for node in nodes
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in loose
        }


@cache
def modules() -> tuple[Module, ...]:
    """Read every source file of the package."""
    return tuple(
        Module(path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text("utf-8"), str(path)))
        for path in sorted(PACKAGE.rglob("*.py"))
    )


def _dotted(name: str) -> str:
    parts = ["cxotel", *name.removesuffix(".py").split("/")]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _run(node: ast.AST, *, at_start: bool) -> Iterator[ast.AST]:
    """Walk over what runs: not `if TYPE_CHECKING:`, and functions' bodies only if wanted."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        if at_start and isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        yield child
        yield from _run(child, at_start=at_start)


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []
