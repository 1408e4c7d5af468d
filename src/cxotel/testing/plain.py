"""Spans and metrics as plain dictionaries, to be compared and printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from opentelemetry.sdk.metrics.export import Metric, MetricsData
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.trace import SpanContext

    Plain = dict[str, Any]


def plain_span(span: ReadableSpan) -> Plain:
    """Return what *span* says: name, kind, scope, ids in hexadecimal, status, attributes, events.

    Times are nanoseconds since the epoch.
    """
    return {
        "name": span.name,
        "kind": span.kind.name,
        "scope": span.instrumentation_scope.name if span.instrumentation_scope else "",
        "trace_id": _trace_id(span.get_span_context()),
        "span_id": _span_id(span.get_span_context()),
        "parent_id": _span_id(span.parent),
        "start": span.start_time,
        "end": span.end_time,
        "status": span.status.status_code.name,
        "description": span.status.description,
        "attributes": dict(span.attributes or {}),
        "events": [
            {
                "name": event.name,
                "time": event.timestamp,
                "attributes": dict(event.attributes or {}),
            }
            for event in span.events
        ],
        "links": [
            {
                "trace_id": _trace_id(link.context),
                "span_id": _span_id(link.context),
                "attributes": dict(link.attributes or {}),
            }
            for link in span.links
        ],
    }


def _trace_id(context: SpanContext | None) -> str | None:
    return format(context.trace_id, "032x") if context else None


def _span_id(context: SpanContext | None) -> str | None:
    return format(context.span_id, "016x") if context else None


def plain_metrics(collected: Iterable[MetricsData]) -> list[Plain]:
    """Return each metric of *collected* with its unit, scope and points."""
    return [
        {
            "name": metric.name,
            "unit": metric.unit,
            "scope": scope.scope.name,
            "points": _points(metric),
        }
        for data in collected
        for resource in data.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
    ]


def _points(metric: Metric) -> list[Plain]:
    points: list[Plain] = []
    for point in metric.data.data_points:
        plain: Plain = {"attributes": dict(point.attributes or {})}
        for name in ("value", "count", "sum", "min", "max"):
            if hasattr(point, name):
                plain[name] = getattr(point, name)
        points.append(plain)
    return points
