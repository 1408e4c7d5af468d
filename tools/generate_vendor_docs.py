"""Write the tables of `docs/vendors/*.md` from the tables that describe the vendors in the code.

Each page is written by hand but for what stands between two comments, `<!-- generated: NAME -->`
and `<!-- end -->`. The index is put together from the tables, from the pages, and from the record
of what passed the tests. Run it by `make generate`; `--check` writes nothing and fails when a page
is not current.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cxotel import semconv, vendors
from tools.vendor_index import Entry, details, filled, keys_of, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cxotel.engine import Operation, Vendor

FOLDER = Path(__file__).parent.parent / "docs" / "vendors"


def main(arguments: list[str]) -> int:
    """Write the pages, or compare them.

    Args:
        arguments: `--check` to compare only.

    Returns:
        The exit code: 0 when all is well.
    """
    old = [
        page.name
        for page, current, text in _pages()
        if current != text and not _written(page, text, write="--check" not in arguments)
    ]
    for name in old:
        print(f"{name} is not what the code says: run `make generate`", file=sys.stderr)
    return 1 if old else 0


def _pages() -> Iterator[tuple[Path, str, str]]:
    """Yield each page, what it says, and what it is to say; the index last, as it quotes them."""
    for name in vendors.VENDORS:
        page = FOLDER / f"{name}.md"
        current = page.read_text("utf-8")
        yield page, current, render(current, vendors.load(name))
    page = FOLDER / "index.md"
    current = page.read_text("utf-8")
    entries = [Entry(name, vendors.load(name), FOLDER) for name in vendors.VENDORS]
    yield page, current, filled(current, {"vendors": table(entries), "details": details(entries)})


def _written(page: Path, text: str, *, write: bool) -> bool:
    if write:
        page.write_text(text, "utf-8")
    return write


def render(page: str, vendor: Vendor) -> str:
    """Return a page with its generated parts made anew.

    Args:
        page: The page.
        vendor: Whose it is.
    """
    return filled(page, {name: part(vendor) for name, part in PARTS.items()})


def _libraries(vendor: Vendor) -> Iterator[str]:
    yield from (f"- `{requirement}`" for requirement in vendor.requires)


def _operations(vendor: Vendor) -> Iterator[str]:
    yield "| span | of | can show | tells of |"
    yield "| --- | --- | --- | --- |"
    for name in dict.fromkeys(operation.name for operation in vendor.operations.values()):
        known = {key: each for key, each in vendor.operations.items() if each.name == name}
        keys = ", ".join(f"`{key}`" for key in known)
        shows = sorted({shown for each in known.values() for shown in each.shows})
        told = dict.fromkeys(told for each in known.values() for told in _told(each))
        row = (f"`{name} {vendor.name}`", keys, ", ".join(shows) or "nothing", ", ".join(told))
        yield f"| {' | '.join(row)} |"
    yield f"| `request {vendor.name}` | any other call | reliability, responsiveness |  |"


def _told(operation: Operation) -> Iterator[str]:
    if operation.kind != "call":
        yield operation.kind
    yield from (fact.kind for fact in operation.facts)
    if not operation.customer_waits:
        yield "no wait of a customer"


def _attributes(vendor: Vendor) -> Iterator[str]:
    yield "| attribute | privacy class |"
    yield "| --- | --- |"
    for key in sorted(keys_of(vendor)):
        yield f"| `{key}` | {semconv.PRIVACY[key]} |"


PARTS: dict[str, Callable[[Vendor], Iterator[str]]] = {
    "libraries": _libraries,
    "operations": _operations,
    "attributes": _attributes,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
