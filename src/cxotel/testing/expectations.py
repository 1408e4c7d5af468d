"""What the spans of a call should say, compared with what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxotel import semconv
from cxotel.testing.case import ABSENT, operation_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cxotel.engine import Fact, Operation, Vendor
    from cxotel.testing.case import At, Case, Event, Example, Told

    Span = dict[str, Any]


def differences(
    case: Case, vendor: Vendor, example: Example, at: At, spans: Sequence[Span]
) -> list[str]:
    """Return how *spans* differ from what *example* should tell; nothing where they agree."""
    names = [span["name"] for span in spans]
    expected = [f"{told.operation} {vendor.system_name}" for told in example.told]
    if names != expected:
        return [f"spans are {names}, expected {expected}"]
    pairs = zip(example.told, spans, strict=True)
    return [line for told, span in pairs for line in _of_span(case, vendor, told, at, span)]


def _of_span(case: Case, vendor: Vendor, told: Told, at: At, span: Span) -> list[str]:
    operation = operation_of(vendor, told.operation)
    plain: dict[str, object] = {
        "kind": "CLIENT",
        "scope": f"cxotel.{vendor.name}",
        "status": "ERROR" if told.error else "UNSET",
        "description": None,
    }
    lines = [
        f"{key} is {span[key]!r}, expected {value!r}"
        for key, value in plain.items()
        if span[key] != value
    ]
    given = _given(vendor, told.operation, operation)
    expected: dict[str, Any] = {**given, **case.common, **told.attributes}
    if told.error:
        expected[semconv.ERROR_TYPE] = told.error
    lines += mismatches(span["attributes"], expected, at)
    names, wanted = [event["name"] for event in span["events"]], [one.name for one in told.events]
    if names != wanted:
        return [*lines, f"events are {names}, expected {wanted}"]
    facts = operation.facts if operation else ()
    for event, found in zip(told.events, span["events"], strict=True):
        lines += [f"event {line}" for line in _of_event(given, facts, event, found, at)]
    return [f"span {span['name']!r}: {line}" for line in lines]


def _given(vendor: Vendor, name: str, operation: Operation | None) -> dict[str, object]:
    """Return what the engine gives every call."""
    given: dict[str, object] = {
        semconv.CX_SYSTEM: vendor.system_name,
        semconv.CX_LAYER: (operation and operation.layer) or vendor.layer,
        semconv.CX_OPERATION_NAME: name,
        semconv.SERVICE_PEER_NAME: vendor.system_name,
        semconv.CX_EVIDENCE_KIND: operation.kind if operation else "call",
        semconv.CX_EVIDENCE_SHOWS: operation.shows if operation else tuple,
    }
    if operation and not operation.customer_waits:
        given[semconv.CX_CALL_CUSTOMER_WAITING] = False
    return given


def _of_event(
    given: Mapping[str, Any], facts: tuple[Fact, ...], event: Event, found: Span, at: At
) -> list[str]:
    kind = next((one.kind for one in facts if one.event == event.name), "")
    keys = (semconv.CX_SYSTEM, semconv.CX_LAYER, semconv.CX_OPERATION_NAME)
    expected = {
        **{key: given[key] for key in keys},
        semconv.CX_EVIDENCE_KIND: kind,
        **event.attributes,
    }
    return [f"{event.name!r}: {line}" for line in mismatches(found["attributes"], expected, at)]


def mismatches(found: Mapping[str, object], expected: Mapping[str, object], at: At) -> list[str]:
    """Return how attributes differ from what is expected of them, by name, value and type."""
    wanted = {key: value for key, value in expected.items() if value is not ABSENT}
    lines = [f"attribute {key} is missing" for key in sorted(wanted.keys() - found.keys())]
    lines += [
        f"attribute {key} = {found[key]!r} is not expected"
        for key in sorted(found.keys() - wanted.keys())
    ]
    for key in sorted(wanted.keys() & found.keys()):
        line = _mismatch(found[key], wanted[key], at)
        if line:
            lines.append(f"attribute {key} {line}")
    return lines


def _mismatch(found: object, wanted: Any, at: At) -> str | None:
    if isinstance(wanted, type):
        same = type(found) is wanted
        return None if same else f"is {found!r}, expected a value of {wanted.__name__}"
    if callable(wanted):
        wanted = wanted(at)
    if isinstance(wanted, list):
        wanted = tuple(wanted)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - the SDK's own form of a list
    if type(found) is type(wanted) and found == wanted:
        return None
    return f"is {found!r}, expected {wanted!r}"
