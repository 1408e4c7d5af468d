"""Write `docs/configuration.md` from the settings and variables that the code declares.

Run it by `make generate`; `--check` writes nothing and fails when the file is not current.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cxotel.settings.environment import STANDARD, VARIABLES
from cxotel.settings.schema import ENTRIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cxotel.settings.environment import Variable

TARGET = Path(__file__).parent.parent / "docs" / "configuration.md"
TEMPLATE = Path(__file__).parent / "configuration.md.template"


def main(arguments: list[str]) -> int:
    """Write the page, or compare it.

    Args:
        arguments: `--check` to compare only.

    Returns:
        The exit code: 0 when all is well.
    """
    text = render()
    current = TARGET.read_text("utf-8") if TARGET.exists() else ""
    if "--check" not in arguments:
        TARGET.write_text(text, "utf-8")
        return 0
    if current != text:
        print(f"{TARGET.name} is not what the code declares: run `make generate`", file=sys.stderr)
        return 1
    return 0


def render() -> str:
    """Return the page."""
    text = TEMPLATE.read_text("utf-8")
    for name, rows in (
        ("settings", _settings()),
        ("variables", _variables(VARIABLES)),
        ("standard", _variables(STANDARD)),
    ):
        text = text.replace(f"{{{{ {name} }}}}", "\n".join(rows))
    return text


def _settings() -> Iterator[str]:
    yield from _table("key", "what it may be", "where it is not set", "meaning")
    for entry in ENTRIES.values():
        key = entry.key if "." in entry.key else f"{entry.key}.*"
        yield _row(f"`{key}`", entry.expects, entry.default, entry.meaning)


def _variables(variables: Iterable[Variable]) -> Iterator[str]:
    yield from _table("variable", "where it is not set", "meaning", "setting")
    for variable in variables:
        setting = f"`{variable.setting}`" if variable.setting else ""
        yield _row(f"`{variable.name}`", variable.default, variable.meaning, setting)


def _table(*columns: str) -> tuple[str, str]:
    return _row(*columns), _row(*("---" for _ in columns))


def _row(*cells: str) -> str:
    escaped = [cell.replace("|", r"\|") for cell in cells]
    return f"| {' | '.join(escaped)} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
