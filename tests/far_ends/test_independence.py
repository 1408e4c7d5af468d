"""The far ends know nothing of telemetry, as the real vendors do."""

from __future__ import annotations

import ast
from pathlib import Path

from cxotel.demo import far_ends

FOLDER = Path(far_ends.__file__).parent


def imported(file: Path) -> set[str]:
    """Return the modules that a file names in its imports, wherever they stand."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def test_far_ends_import_neither_telemetry_nor_the_rest_of_the_project() -> None:
    """A simulated vendor cannot leak into what is measured, or depend on it."""
    files = list(FOLDER.rglob("*.py"))
    assert len(files) > 20
    names = {name for file in files for name in imported(file)}
    strangers = {
        name
        for name in names
        if name.startswith(("opentelemetry", "cxotel")) and not name.startswith(far_ends.__name__)
    }
    assert strangers == set()
