"""The shipped dashboards, as tests read them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from cxotel.operations.shipped import dashboards

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DASHBOARDS: Final[Mapping[str, Any]] = {
    path.rpartition("/")[2]: json.loads(text) for path, text in dashboards().items()
}
"""File name to dashboard."""
_VARIABLE: Final = re.compile(r"\$(?:\{([a-z_]\w*)\}|([a-z_]\w*))")


@dataclass(frozen=True, slots=True)
class Query:
    """One query of a panel.

    Attributes:
        panel: The panel's title.
        name: Which of its queries.
        text: In PromQL or TraceQL.
        source: The type of its data source.
        is_range: Whether it is asked over time.
    """

    panel: str
    name: str
    text: str
    source: str
    is_range: bool

    def with_values(self, values: Mapping[str, str]) -> str:
        """Return the query as Grafana sends it, with values for its variables."""
        return _VARIABLE.sub(lambda found: values[found[1] or found[2]], self.text)

    @property
    def variables(self) -> set[str]:
        """The names of its variables."""
        return {found[0] or found[1] for found in _VARIABLE.findall(self.text)}


def panels(dashboard: Any) -> list[Any]:
    """Return a dashboard's panels, without the rows' titles."""
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def queries(dashboard: Any) -> Iterator[Query]:
    """Return the queries of all panels."""
    for panel in panels(dashboard):
        for target in panel["targets"]:
            source = panel["datasource"]["type"]
            text = target["expr" if source == "prometheus" else "query"]
            yield Query(panel["title"], target["refId"], text, source, target.get("range", False))


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    """Return all objects in a document."""
    if isinstance(node, dict):
        found = cast("dict[str, Any]", node)
        yield found
        for value in found.values():
            yield from nodes(value)
    elif isinstance(node, list):
        for value in cast("list[Any]", node):
            yield from nodes(value)
