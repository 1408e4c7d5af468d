"""Where a click leads: to traces in Explore, to one journey, to the other dashboards."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from grafana_foundation_sdk.builders.dashboard import DashboardLink
from grafana_foundation_sdk.models.dashboard import DashboardLinkType

if TYPE_CHECKING:
    from collections.abc import Sequence

TAG: Final = "cxotel"
"""What all dashboards bear, by which they find each other."""
JOURNEY: Final = "cxotel-journey"
VENDORS: Final = "cxotel-vendors"
Of = Callable[[str], str]
"""Makes a variable of a label's or a column's name."""
_VARIABLE: Final = re.compile(r"(\$\{[^}]+\})")
_TIME: Final = "from=${__from}&to=${__to}"
_SAME: Final = "${prometheus:queryparam}&${tempo:queryparam}&${service:queryparam}"


def traces(title: str, traceql: str) -> DashboardLink:
    """Return a link to spans in Explore.

    Args:
        title: What the link says.
        traceql: Which spans; Grafana's variables in it are replaced when it is clicked.
    """
    source = {"type": "tempo", "uid": "${tempo}"}
    query = {
        "refId": "A",
        "datasource": source,
        "queryType": "traceql",
        "query": traceql,
        "tableType": "spans",
        "limit": 50,
    }
    pane = {
        "datasource": "${tempo}",
        "queries": [query],
        "range": {"from": "${__from}", "to": "${__to}"},
    }
    panes = _encoded(json.dumps({"cx": pane}, separators=(",", ":")))
    return _link(title, f"/explore?schemaVersion=1&panes={panes}")


def journey(title: str, journey_id: str = "${__value.raw}") -> DashboardLink:
    """Return a link to the dashboard of one journey.

    Args:
        title: What the link says.
        journey_id: Which: the value that is clicked.
    """
    return _link(title, f"/d/{JOURNEY}?var-journey_id={journey_id}&{_SAME}&{_TIME}")


def system(title: str, name: str) -> DashboardLink:
    """Return a link to the dashboard of vendors, narrowed to one system.

    Args:
        title: What the link says.
        name: Which system, as a variable of Grafana.
    """
    return _link(title, f"/d/{VENDORS}?var-system={name}&{_SAME}&{_TIME}")


def others() -> DashboardLink:
    """Return the links to all of these dashboards, at the same time and of the same service."""
    link = DashboardLink("cxotel").type(DashboardLinkType.DASHBOARDS).tags([TAG])
    return link.icon("external link").include_vars(True).keep_time(True)


def of_label(name: str) -> str:
    """Return the variable for a label of the line that is clicked."""
    return f"${{__field.labels.{name}}}"


def of_cell(column: str) -> str:
    """Return the variable for another cell of the row that is clicked."""
    return f"${{__data.fields.{column}}}"


def in_row(links: Sequence[DashboardLink]) -> list[dict[str, object]]:
    """Return links as an override of a column has them."""
    built = [link.build() for link in links]
    return [{"title": link.title, "url": link.url} for link in built]


def _link(title: str, url: str) -> DashboardLink:
    return DashboardLink(title).url(url).target_blank(False)


def _encoded(text: str) -> str:
    """Return a text as it stands in a URL, its variables as they are."""
    parts = _VARIABLE.split(text)
    return "".join(part if part.startswith("${") else quote(part, safe="") for part in parts)
