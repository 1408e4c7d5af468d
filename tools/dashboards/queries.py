"""PromQL of the registry's metrics, in what a dashboard's variables let through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from cxotel.operations.names import JOB, label, quoted, series
from cxotel.semconv.metrics import METRICS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxotel.operations.names import Part

RANGE: Final = "$__range"
"""Everything that the dashboard shows, as one number."""
RATE: Final = "$__rate_interval"
"""What a point of a line stands for: Grafana makes it long enough for a rate."""
SERVICE: Final = "service"
"""The variable that every dashboard has."""

Value = str | tuple[str, ...]
"""What an attribute must be; a tuple is one of several."""


@dataclass(frozen=True, slots=True)
class Queries:
    """Writes queries that the variables of one dashboard narrow.

    Args:
        variables: Attribute to the dashboard's variable of it. It narrows the queries of those
            metrics that carry the attribute, and no others.
    """

    variables: Mapping[str, str]

    def select(
        self, metric: str, part: Part | None = None, where: Mapping[str, Value] | None = None
    ) -> str:
        """Return what selects a metric's series.

        Args:
            metric: The metric's name.
            part: Which series of a histogram.
            where: Attribute to what it must be.

        Raises:
            ValueError: The metric does not carry such an attribute.
        """
        terms = [f'{JOB}=~"${SERVICE}"']
        for attribute, variable in self.variables.items():
            if attribute in METRICS[metric].attributes:
                terms.append(f'{label(attribute)}=~"${variable}"')
        for attribute, value in (where or {}).items():
            known(metric, attribute)
            sign = "=" if isinstance(value, str) else "=~"
            text = value if isinstance(value, str) else "|".join(value)
            terms.append(f"{label(attribute)}{sign}{quoted(text)}")
        return f"{series(metric, part)}{{{','.join(terms)}}}"

    def count(
        self,
        metric: str,
        *by: str,
        window: str = RANGE,
        where: Mapping[str, Value] | None = None,
        part: Part | None = None,
    ) -> str:
        """Return how much was counted, or how often a histogram's value was recorded.

        Args:
            metric: The metric's name.
            by: Attributes to tell apart.
            window: Over which time.
            where: Attribute to what it must be.
            part: Another part of a histogram than its count.
        """
        is_histogram = METRICS[metric].instrument == "histogram"
        selected = self.select(metric, part or ("count" if is_histogram else None), where)
        return f"{_sum(metric, by)}(increase({selected}[{window}]))"

    def per_minute(self, metric: str, *by: str, where: Mapping[str, Value] | None = None) -> str:
        """Return how much is counted in a minute, as a line."""
        is_histogram = METRICS[metric].instrument == "histogram"
        selected = self.select(metric, "count" if is_histogram else None, where)
        return f"60 * {_sum(metric, by)}(rate({selected}[{RATE}]))"

    def share(self, metric: str, where: Mapping[str, Value], *by: str, window: str = RANGE) -> str:
        """Return the share of what is counted that is so: 0 where none is, and nothing of nothing.

        Args:
            metric: The metric's name.
            where: Attribute to what it must be.
            by: Attributes to tell apart.
            window: Over which time.
        """
        every = self.count(metric, *by, window=window)
        some = self.count(metric, *by, window=window, where=where)
        return ratio(some, every)

    def mean(
        self,
        metric: str,
        *by: str,
        window: str = RANGE,
        where: Mapping[str, Value] | None = None,
    ) -> str:
        """Return the mean of a histogram."""
        total = self.count(metric, *by, window=window, where=where, part="sum")
        number = self.count(metric, *by, window=window, where=where)
        return f"{total} / ({number} > 0)"

    def quantile(
        self,
        quantile: float,
        metric: str,
        *by: str,
        window: str = RANGE,
        where: Mapping[str, Value] | None = None,
    ) -> str:
        """Return a quantile of a histogram, and nothing where nothing was recorded.

        Args:
            quantile: From 0 to 1.
            metric: The metric's name.
            by: Attributes to tell apart.
            window: Over which time.
            where: Attribute to what it must be.
        """
        buckets = self.select(metric, "bucket", where)
        summed = f"{_sum(metric, by, 'le')}(rate({buckets}[{window}]))"
        # Of nothing it is NaN, which would be shown; a comparison leaves that out.
        return f"histogram_quantile({quantile:g}, {summed}) >= 0"

    def now(self, metric: str, how: Literal["sum", "max"], *by: str) -> str:
        """Return what a gauge stands at."""
        return f"{_sum(metric, by).replace('sum', how, 1)}({self.select(metric)})"


def known(metric: str, attribute: str) -> None:
    """Refuse an attribute that a metric does not carry: the panel would always be empty."""
    if attribute not in METRICS[metric].attributes:
        raise ValueError(f"{metric} does not carry {attribute}")


def ratio(some: str, every: str) -> str:
    """Return a share: 0 where there is none of it, and nothing where there is nothing at all."""
    return f"({some} or 0 * {every}) / ({every} > 0)"


def with_rest(query: str, attribute: str) -> str:
    """Return a query whose series without a value of an attribute say so, instead of nothing."""
    name = label(attribute)
    return f'label_replace({query}, "{name}", "(no one system)", "{name}", "")'


def _sum(metric: str, by: tuple[str, ...], *more: str) -> str:
    for attribute in by:
        known(metric, attribute)
    labels = [*more, *map(label, by)]
    return f"sum by ({', '.join(labels)}) " if labels else "sum"
