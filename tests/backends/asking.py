"""Ask Prometheus as people do."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen


def get(url: str, path: str, **parameters: str) -> Any:
    """Return the data of an answer of Prometheus's API."""
    with urlopen(f"{url}/api/v1/{path}?{urlencode(parameters)}", timeout=10.0) as reply:  # noqa: S310 - our own http address
        return json.load(reply)["data"]


def query(url: str, expression: str) -> dict[str, float]:
    """Return the values of an expression now, by the labels of the series as JSON."""
    return {
        json.dumps(each["metric"], sort_keys=True): float(each["value"][1])
        for each in get(url, "query", query=expression)["result"]
    }


def names(url: str) -> set[str]:
    """Return the names of all series."""
    return set(get(url, "label/__name__/values"))


def labels(url: str, series: str) -> list[dict[str, str]]:
    """Return the labels of the series of a name."""
    return get(url, "series", **{"match[]": series})


def exemplars(url: str, series: str) -> set[str]:
    """Return the trace ids of the exemplars that series of a name have."""
    now = time.time()
    found = get(
        url, "query_exemplars", query=series, start=f"{now - 600:.0f}", end=f"{now + 60:.0f}"
    )
    return {one["labels"].get("trace_id", "") for each in found for one in each["exemplars"]}
