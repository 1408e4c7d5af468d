"""Spans from OTLP's JSON, as files hold it and as Jaeger and Tempo answer.

Source: OpenTelemetry Protocol, "JSON Protobuf Encoding". Beyond it, what backends do is understood
too: ids in base 64 and enumerations by name, as protobuf's own JSON has them, and the older field
names of Tempo (`batches`, `instrumentationLibrarySpans`).
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any, Final, cast

from cxotel.reading.model import Event, Link, Span, events_in_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WRAPPERS: Final = ("result", "trace")
_RESOURCES: Final = ("resourceSpans", "batches")
_SCOPES: Final = ("scopeSpans", "instrumentationLibrarySpans")
_KINDS: Final = ("UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER")
_ERROR: Final = (2, "STATUS_CODE_ERROR")


def spans_of(document: object) -> Iterator[Span]:
    """Yield the spans of a document; what is no span, such as a metric, is passed over.

    Args:
        document: Parsed JSON.

    Example:
        >>> span = {"traceId": "01" * 16, "spanId": "02" * 8, "name": "a", "kind": 3}
        >>> found = spans_of({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]})
        >>> [(one.name, one.kind) for one in found]
        [('a', 'CLIENT')]
    """
    for name in _WRAPPERS:
        inner = _mapping(document).get(name)
        if inner:
            document = inner
    for resource in _listed(document, _RESOURCES):
        shared = _attributes(_mapping(_mapping(resource).get("resource")).get("attributes"))
        for scope in _listed(resource, _SCOPES):
            name = _scope_name(_mapping(scope))
            for span in _listed(scope, ("spans",)):
                yield _span(_mapping(span), name, shared)


def _span(span: Mapping[str, Any], scope: str, resource: Mapping[str, object]) -> Span:
    return Span(
        name=str(span.get("name", "")),
        kind=_kind(span.get("kind")),
        trace_id=_identity(span.get("traceId"), 32),
        span_id=_identity(span.get("spanId"), 16),
        parent_id=_identity(span.get("parentSpanId"), 16),
        start_ns=_number(span.get("startTimeUnixNano")),
        end_ns=_number(span.get("endTimeUnixNano")),
        failed=_mapping(span.get("status")).get("code") in _ERROR,
        scope=scope,
        attributes=_attributes(span.get("attributes")),
        events=_events(span),
        links=tuple(_link(_mapping(link)) for link in _listed(span, ("links",))),
        resource=resource,
    )


def _events(span: Mapping[str, Any]) -> tuple[Event, ...]:
    return events_in_order(_event(_mapping(event)) for event in _listed(span, ("events",)))


def _event(event: Mapping[str, Any]) -> Event:
    return Event(
        str(event.get("name", "")),
        _attributes(event.get("attributes")),
        _number(event.get("timeUnixNano")),
    )


def _link(link: Mapping[str, Any]) -> Link:
    return Link(
        _identity(link.get("traceId"), 32),
        _identity(link.get("spanId"), 16),
        _attributes(link.get("attributes")),
    )


def _mapping(node: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", node) if isinstance(node, dict) else {}


def _listed(node: object, names: tuple[str, ...]) -> list[object]:
    for name in names:
        value = _mapping(node).get(name)
        if isinstance(value, list):
            return cast("list[object]", value)
    return []


def _scope_name(scope: Mapping[str, Any]) -> str:
    named = scope.get("scope") or scope.get("instrumentationLibrary")
    return str(_mapping(named).get("name") or "")


def _identity(value: object, digits: int) -> str:
    """Return an id in hexadecimal; empty where there is none."""
    text = value if isinstance(value, str) else ""
    if len(text) == digits or not text:
        return text.lower()
    try:
        return base64.b64decode(text, validate=True).hex()
    except (binascii.Error, ValueError):
        return text.lower()


def _kind(value: object) -> str:
    if isinstance(value, str):
        return value.removeprefix("SPAN_KIND_")
    return _KINDS[value] if isinstance(value, int) and 0 <= value < len(_KINDS) else _KINDS[0]


def _number(value: object) -> int:
    try:
        return int(cast("str", value or 0))
    except (TypeError, ValueError):
        return 0


def _attributes(pairs: object) -> dict[str, object]:
    if not isinstance(pairs, list):
        return {}
    found = (_mapping(pair) for pair in cast("list[object]", pairs))
    return {
        str(pair["key"]): _value(_mapping(pair.get("value"))) for pair in found if "key" in pair
    }


def _value(value: Mapping[str, Any]) -> object:
    if "intValue" in value:
        return _number(value["intValue"])
    if "arrayValue" in value:
        return [_value(_mapping(item)) for item in _listed(value["arrayValue"], ("values",))]
    if "kvlistValue" in value:
        return _attributes(_mapping(value["kvlistValue"]).get("values"))
    return next(iter(value.values()), None)
