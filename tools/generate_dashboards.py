"""Write the Grafana dashboards that the package ships, from `tools/dashboards`.

Run it by `make generate`; `--check` writes nothing and fails when a file is not current. The
library that the dashboards are built with needs Python 3.11.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent.parent / "src" / "cxotel" / "operations" / "grafana"
LEAST = (3, 11)


def main(arguments: list[str]) -> int:
    """Write the files, or compare them.

    Args:
        arguments: `--check` to compare only.

    Returns:
        The exit code: 0 when all is well.
    """
    if sys.version_info < LEAST:
        print("the dashboards are left as they are: building them needs Python 3.11")
        return 0
    wanted = dict(render())
    there = {path.name for path in FOLDER.glob("*.json")}
    if "--check" in arguments:
        return _compare(wanted, there)
    FOLDER.mkdir(exist_ok=True)
    for name in there - wanted.keys():
        (FOLDER / name).unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, "utf-8")
    return 0


def render() -> Iterator[tuple[str, str]]:
    """Return the text of each dashboard by its file's name."""
    from grafana_foundation_sdk.cog.encoder import JSONEncoder

    from tools.dashboards import bots, journey, journeys, media, vendors

    for number, made in enumerate((journeys, journey, media, vendors, bots), start=1):
        dashboard = made.build().build()
        plain = json.loads(json.dumps(dashboard, cls=JSONEncoder))
        text = json.dumps(_numbered(cast("dict[str, object]", plain)), indent=2, ensure_ascii=False)
        yield f"{number}-{dashboard.uid}.json", f"{text}\n"


def _numbered(dashboard: dict[str, object]) -> dict[str, object]:
    """Give panels their ids in the order in which they stand, and leave out what is not set."""
    for number, panel in enumerate(cast("list[dict[str, object]]", dashboard["panels"]), start=1):
        panel["id"] = number
    return cast("dict[str, object]", _without_nothing(dashboard))


def _without_nothing(node: object) -> object:
    """Leave out empty values, with which the builder fills fields that nobody set.

    A threshold's value stays: the first has none, which is how Grafana knows it.
    """
    if isinstance(node, dict):
        items = cast("dict[str, object]", node).items()
        kept = {key: _without_nothing(value) for key, value in items}
        return {
            key: value for key, value in kept.items() if key == "value" or value not in (None, "")
        }
    if isinstance(node, list):
        return [_without_nothing(value) for value in cast("list[object]", node)]
    return node


def _compare(wanted: dict[str, str], there: set[str]) -> int:
    current = {name: (FOLDER / name).read_text("utf-8") for name in there}
    if current == wanted:
        return 0
    wrong = {name for name in wanted.keys() | there if wanted.get(name) != current.get(name)}
    told = ", ".join(sorted(wrong))
    print(f"not what tools/dashboards makes: {told}; run `make generate`", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
