"""How OpenTelemetry's names are written in Prometheus."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, Literal

from cxotel.semconv.metrics import METRICS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Part = Literal["count", "sum", "bucket"]

_UNITS: Final = {"s": "seconds"}
"""Units that become part of the name; `1` does on gauges only, and `{journey}` never."""

JOB: Final = "job"
"""The label that tells services apart: `service.name`, by every way into Prometheus."""


def label(attribute: str) -> str:
    """Return an attribute's name as a label.

    Args:
        attribute: The attribute's name.

    Example:
        >>> label("cx.journey.name")
        'cx_journey_name'
    """
    return attribute.replace(".", "_")


def series(metric: str, part: Part | None = None) -> str:
    """Return a metric's name as that of its time series.

    Source: OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility", metric
    metadata: `_` for what is no letter or digit, the unit as a suffix, `_total` on counters.

    Args:
        metric: The metric's name.
        part: Which series of a histogram.

    Example:
        >>> from cxotel.semconv import metrics
        >>> series(metrics.CX_JOURNEY_COMPLETED)
        'cx_journey_completed_total'
        >>> series(metrics.CX_BOT_TURN_DURATION, "count")
        'cx_bot_turn_duration_seconds_count'
    """
    known = METRICS[metric]
    suffixes = [_UNITS.get(known.unit), "total" if known.instrument == "counter" else None, part]
    return "_".join([label(metric), *filter(None, suffixes)])


def select(
    name: str, equal: Mapping[str, str] | None = None, among: Mapping[str, Iterable[str]] = {}
) -> str:
    """Return what selects series of a name.

    Args:
        name: The series' name.
        equal: Attribute to the value that it has.
        among: Attribute to the values of which it has one; no value may hold signs that mean
            something in a regular expression, but for `.`, which stands for itself.

    Example:
        >>> select("a_total", {"cx.system": "twilio"}, {"cx.channel": ["voice", "chat"]})
        'a_total{cx_system="twilio",cx_channel=~"voice|chat"}'
    """
    terms = [f"{label(key)}={quoted(value)}" for key, value in (equal or {}).items()]
    for key, values in among.items():
        pattern = "|".join(value.replace(".", r"\.") for value in values)
        terms.append(f"{label(key)}=~{quoted(pattern)}")
    return f"{name}{{{','.join(terms)}}}" if terms else name


def quoted(text: str) -> str:
    r"""Return a text as PromQL, TraceQL and JSON write it.

    Example:
        >>> print(quoted('say "hi"'))
        "say \"hi\""
    """
    return json.dumps(text, ensure_ascii=False)
