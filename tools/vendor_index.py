"""What `docs/vendors/index.md` says of each vendor: from its table, its page, and the tests."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.requirements import Requirement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cxotel.engine import Vendor

PROVED = Path(__file__).parent.parent / "tests" / "vendors" / "proved"
PART = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(page: str, parts: Mapping[str, Iterable[str]]) -> str:
    """Return a page with what stands between its marks made anew.

    Args:
        page: The page.
        parts: The lines of each part that it may have, by name.
    """
    return PART.sub(lambda found: found[1] + "\n".join(parts[found[2]]) + "\n" + found[3], page)


def keys_of(vendor: Vendor) -> set[str]:
    """Return the attributes that a vendor's table reads."""
    keys = {*vendor.request, *vendor.response}
    for operation in vendor.operations.values():
        keys |= {*operation.request, *operation.response}
        keys |= {key for fact in operation.facts for key in fact.reads}
    return keys


@dataclass
class Entry:
    """One vendor.

    Args:
        name: Its name.
        vendor: Its table.
        folder: Where its page is.
    """

    name: str
    vendor: Vendor
    folder: Path

    @cached_property
    def page(self) -> str:
        """Its page."""
        return (self.folder / f"{self.name}.md").read_text("utf-8")

    @property
    def title(self) -> str:
        """What people call it."""
        return self.page.partition("\n")[0].removeprefix("# ")

    @property
    def layers(self) -> str:
        """Where its calls go, the usual layer first."""
        own = [each.layer for each in self.vendor.operations.values() if each.layer]
        return ", ".join(dict.fromkeys([self.vendor.layer, *own])).replace("_", " ")

    @property
    def clients(self) -> str:
        """The kinds of client that passed the contract."""
        names = {name for record in _records() for name in self._proved(record).get("clients", ())}
        return ", ".join(sorted(names))

    @property
    def versions(self) -> str:
        """The client libraries, each with the oldest and the newest version that passed."""
        names = [Requirement(text).name for text in self.vendor.requires]
        return ", ".join(f"`{name}`{self._range(name)}" for name in names)

    def _range(self, library: str) -> str:
        found = [self._proved(one).get("libraries", {}).get(library) for one in _records()]
        known = list(dict.fromkeys(version for version in found if version))
        return f" {' to '.join(known)}" if known else ""

    def _proved(self, record: dict[str, Any]) -> dict[str, Any]:
        return record["vendors"].get(self.name, {})

    @property
    def operations(self) -> list[str]:
        """The names of its calls."""
        return list(dict.fromkeys(each.name for each in self.vendor.operations.values()))

    @property
    def facts(self) -> str:
        """What its replies tell beside the calls themselves."""
        operations = self.vendor.operations.values()
        kinds = {fact.kind for each in operations for fact in each.facts}
        kinds |= {each.kind for each in operations if each.kind != "call"}
        return ", ".join(sorted(kinds)) or "calls only"

    @property
    def dimensions(self) -> str:
        """Which dimensions of the score it is able to show."""
        shown = {each for one in self.vendor.operations.values() for each in one.shows}
        return ", ".join(sorted(shown))

    @property
    def never(self) -> str:
        """What of its calls never leaves, as its page says."""
        found = re.search(r"^Never: (.*?)\n\n", self.page, re.DOTALL | re.MULTILINE)
        return " ".join(found[1].split()) if found else ""

    @property
    def limits(self) -> list[str]:
        """What is not seen or not proved, as its page says."""
        found = re.search(r"^## Limits\n\n(.*?)\n\n## ", self.page, re.DOTALL | re.MULTILINE)
        items = re.split(r"^- ", found[1], flags=re.MULTILINE)[1:] if found else []
        return [" ".join(item.split()) for item in items]


def table(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield the lines of the overview."""
    yield "| vendor | layer | client library, versions proved | clients | calls with a meaning |"
    yield "| --- | --- | --- | --- | --- |"
    for one in entries:
        row = (f"[{one.title}]({one.name}.md)", one.layers, one.versions, one.clients)
        yield f"| {' | '.join(row)} | {len(one.operations)} |"


def details(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield the lines that tell of each vendor."""
    for one in entries:
        yield f"### {one.title}"
        yield ""
        yield f"- **Calls**: {', '.join(f'`{name}`' for name in one.operations)}."
        yield f"- **Captured**: {', '.join(f'`{key}`' for key in sorted(keys_of(one.vendor)))}."
        yield f"- **Never**: {one.never}"
        yield f"- **Evidence**: {one.facts}; can show {one.dimensions}."
        yield from (f"- **Limit**: {limit}" for limit in one.limits)
        yield ""


def _records() -> list[dict[str, Any]]:
    """Return what the sessions with the oldest and the newest versions proved, in that order."""
    paths = [PROVED / "oldest.json", PROVED / "newest.json"]
    return [json.loads(path.read_text("utf-8")) for path in paths if path.exists()]
