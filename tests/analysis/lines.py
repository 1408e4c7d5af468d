"""Journeys as lines of OTLP JSON, made without a tracer: only what the tables read."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast

from cxotel import semconv

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from cxotel.experience.record import SegmentRecord

MS = 1_000_000


def _value(value: object) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    if isinstance(value, (list, tuple)):
        items = cast("list[object]", value)
        return {"arrayValue": {"values": [_value(each) for each in items]}}
    return {"stringValue": str(value)}


def attributes(values: Mapping[str, object]) -> list[dict[str, Any]]:
    """Return attributes as OTLP has them."""
    return [{"key": key, "value": _value(value)} for key, value in values.items()]


def line(
    values: Mapping[str, object],
    *,
    name: str = "refund",
    start: int = 0,
    duration: int = 1_000,
    service: str = "bridge",
    **more: Any,
) -> str:
    """Return a line with one span; its ids follow from what it is.

    Args:
        values: The span's attributes.
        name: The span's name.
        start: When it started, ms since the epoch.
        duration: How long it took, ms.
        service: The service that it is from.
        more: Further fields of the span.
    """
    identity = sha256(json.dumps([values, name, start, more], default=list).encode()).hexdigest()
    span = {
        "traceId": identity[:32],
        "spanId": identity[-16:],
        "name": name,
        "kind": 1,
        "startTimeUnixNano": str(start * MS),
        "endTimeUnixNano": str((start + duration) * MS),
        "attributes": attributes(values),
        **more,
    }
    resource = {"attributes": attributes({"service.name": service})}
    scopes = [{"scope": {"name": "cxotel.journey"}, "spans": [span]}]
    return json.dumps({"resourceSpans": [{"resource": resource, "scopeSpans": scopes}]})


def carrier(journey_id: str, segment_id: str, segment: SegmentRecord, **more: Any) -> str:
    """Return a line with the span that carries a segment.

    Args:
        journey_id: The journey's id.
        segment_id: The segment's id.
        segment: What it knew.
        more: What `line` takes.
    """
    values: dict[str, object] = {
        semconv.CX_JOURNEY_ID: journey_id,
        semconv.CX_JOURNEY_NAME: "refund",
        semconv.CX_EXPERIENCE_LEDGER: segment.ledger.to_json().decode(),
        semconv.CX_SEGMENT_ID: segment_id,
        semconv.CX_SEGMENT_REVISION: segment.revision,
    }
    if segment.contacts:
        first, *others = segment.contacts
        values[semconv.CX_CONTACT_ID] = first
        values |= {semconv.CX_CONTACT_ALIASES: others} if others else {}
    return line(values, start=segment.start, **more)


def write(path: Path, lines: Iterable[str]) -> Path:
    """Write lines to a file."""
    path.write_text("".join(f"{each}\n" for each in lines), encoding="utf-8")
    return path
