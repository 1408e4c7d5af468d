"""Write the Python constants and `docs/conventions.md` from the registry's model.

Run it by `make generate`; `--check` writes nothing and fails when a file is not current.
"""

from __future__ import annotations

import json
import sys
import textwrap
from pathlib import Path
from typing import Any

import jinja2

from tools.semconv_model import Attribute, ModelError, Registry, Signal, load

ROOT = Path(__file__).parent.parent
TEMPLATES = Path(__file__).parent / "semconv_templates"
TARGETS = {
    "attributes.py.j2": "src/cxotel/semconv/attributes.py",
    "events.py.j2": "src/cxotel/semconv/events.py",
    "metrics.py.j2": "src/cxotel/semconv/metrics.py",
    "init.py.j2": "src/cxotel/semconv/__init__.py",
    "conventions.md.j2": "docs/conventions.md",
}
AREAS = {
    "journey": "Journeys and contacts",
    "queue": "Queues and holds",
    "handoff": "Handoffs",
    "bot": "Bots",
    "vendor": "Calls of vendors' systems",
    "evidence": "Evidence",
    "media": "Media quality",
    "score": "The experience score",
    "change": "What changed, and who owns it",
    "personal": "Never by default",
    "telemetry": "The telemetry itself",
}
WIDTH = 100


def main(arguments: list[str]) -> int:
    """Write the files, or compare them.

    Args:
        arguments: `--check` to compare only.

    Returns:
        The exit code: 0 when all is well.
    """
    try:
        files = render(load())
    except ModelError as error:
        print(error, file=sys.stderr)
        return 1
    stale = [path for path, text in files.items() if _current(path) != text]
    if "--check" in arguments:
        for path in stale:
            print(f"{path} is not what the model says: run `make generate`", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(files[path], "utf-8")
        print(f"wrote {path}")
    return 0


def render(registry: Registry) -> dict[str, str]:
    """Return the text of every generated file, by its path from the project's root.

    Args:
        registry: The model.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=False,  # noqa: S701  (Python and Markdown, not HTML)
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"docstring": _docstring, "cell": _cell, "example": _example}
    values = {
        "registry": registry,
        "areas": AREAS,
        "everything": sorted(
            (*registry.attributes, *registry.reused), key=lambda attribute: attribute.key
        ),
        "sets": [attribute for attribute in registry.attributes if attribute.members],
        "in_area": _in_area,
    }
    return {
        path: environment.get_template(template).render(values)
        for template, path in TARGETS.items()
    }


def _in_area(items: tuple[Attribute | Signal, ...], area: str) -> list[Attribute | Signal]:
    return [item for item in items if item.area == area]


def _docstring(item: Attribute | Signal) -> str:
    """Return a brief and a note as the text of a docstring, wrapped."""
    parts = [part for part in (item.brief, item.note) if part]
    wrapped = [textwrap.fill(part, WIDTH, break_long_words=False) for part in parts]
    one_line = len(wrapped) == 1 and len(wrapped[0]) <= WIDTH - 6
    return wrapped[0] if one_line else "\n\n".join(wrapped) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _example(attribute: Attribute) -> str:
    return ", ".join(f"`{_plain(value)}`" for value in attribute.examples)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _current(path: str) -> str | None:
    target = ROOT / path
    return target.read_text("utf-8") if target.exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
