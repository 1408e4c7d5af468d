"""Whether a backend has kept all that a span says, and tells the same story of a journey."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from typer.testing import CliRunner

from cxotel.cli.app import app

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.trace import SpanContext

    from cxotel.reading import Source, Span


def _told(events: Iterable[tuple[str, Any, int | None]]) -> list[Any]:
    """Return events in a fixed order: Jaeger keeps those of one moment in an order of its own."""
    return sorted(events, key=lambda event: (event[2], event[0], json.dumps(event[1], default=str)))


def _ids(context: SpanContext) -> tuple[str, str]:
    """Return the ids that a link leads to."""
    return f"{context.trace_id:032x}", f"{context.span_id:016x}"


def _typed(value: Any) -> tuple[str, object]:
    plain = list(cast("tuple[object, ...]", value)) if isinstance(value, tuple) else value
    return type(plain).__name__, plain


def _sent(span: ReadableSpan) -> dict[str, Any]:
    """Return what a span says, with the types of its attributes."""
    context = span.get_span_context()
    assert context
    return {
        "name": span.name,
        "kind": span.kind.name,
        "span": f"{context.span_id:016x}",
        "parent": f"{span.parent.span_id:016x}" if span.parent else "",
        "times": (span.start_time, span.end_time),
        "attributes": _all_typed(span.attributes),
        "events": _told((e.name, _all_typed(e.attributes), e.timestamp) for e in span.events),
        "links": [(*_ids(e.context), _all_typed(e.attributes)) for e in span.links],
        "failed": span.status.status_code.name == "ERROR",
        "scope": span.instrumentation_scope.name if span.instrumentation_scope else "",
        "resource": _all_typed(span.resource.attributes),
    }  # fmt: skip


def _all_typed(attributes: Mapping[str, Any] | None) -> dict[str, tuple[str, object]]:
    """Return attributes with the names of their types: 1 is not 1.0."""
    return {key: _typed(value) for key, value in sorted((attributes or {}).items())}


def sent(spans: Iterable[ReadableSpan]) -> list[dict[str, Any]]:
    """Return what spans say, with the types of their attributes."""
    return _in_order(_sent(span) for span in spans)


def _in_order(spans: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(spans, key=lambda span: span["span"])


def arrived(source: Source, journey: str) -> list[dict[str, Any]]:
    """Return what a backend keeps of a journey, in the same shape as `sent`."""
    return _in_order(_arrived(span) for span in source.spans(journey))


def _arrived(span: Span) -> dict[str, Any]:
    return {
        "name": span.name,
        "kind": span.kind,
        "span": span.span_id,
        "parent": span.parent_id,
        "times": (span.start_ns, span.end_ns),
        "attributes": _all_typed(span.attributes),
        "events": _told(
            (each.name, _all_typed(each.attributes), each.time_ns) for each in span.events
        ),
        "links": [
            (each.trace_id, each.span_id, _all_typed(each.attributes)) for each in span.links
        ],
        "failed": span.failed,
        "scope": span.scope,
        "resource": _all_typed(span.resource),
    }


def told_by(journey: str, source: str, *more: str) -> str:
    """Return what `cxotel journey` says of a journey that it reads from *source*."""
    ran = CliRunner().invoke(app, ["journey", journey, "--from", source, *more])
    assert ran.exit_code == 0, ran.output
    return ran.output
