"""What a call tells: names, kinds, and every attribute by name and type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxotel import semconv
from cxotel.testing.expectations import differences, mismatches
from cxotel.testing.observed import ensure, observed

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from cxotel.testing.case import Case, Example
    from cxotel.testing.observed import Observed

LEAVING = ("public", "pseudonymous")
"""The privacy classes whose attributes may leave by default."""
_TYPES: Mapping[str, type] = {"string": str, "int": int, "double": float, "boolean": bool}


def check_spans(case: Case) -> None:
    """Each example makes exactly the spans that its author says, attribute by attribute."""
    for variant in case.variants:
        with observed(case, variant) as seen:
            for example in case.of(variant):
                outcome = seen.call(example)
                found = differences(case, seen.vendor, example, outcome.at, seen.spans)
                ensure(not found, f"{seen.where(example)}:\n  " + "\n  ".join(found))
                ensure(seen.telemetry.open_spans == 0, f"{seen.where(example)}: a span never ended")


def check_registry(case: Case) -> None:
    """Every attribute is in the registry, has its type, and is of a class that may leave."""
    for variant in case.variants:
        with observed(case, variant) as seen:
            for example in case.of(variant):
                seen.call(example)
                for place, attributes in _emitted(seen):
                    for key, value in attributes.items():
                        problem = _out_of_order(key, value)
                        ensure(not problem, f"{seen.where(example)}, {place}: {key} {problem}")


def _emitted(seen: Observed) -> Generator[tuple[str, dict[str, Any]], None, None]:
    for span in seen.spans:
        yield f"span {span['name']!r}", span["attributes"]
        for event in span["events"]:
            yield f"event {event['name']!r}", event["attributes"]
    for metric in seen.telemetry.metrics:
        for point in metric["points"]:
            yield f"metric {metric['name']!r}", point["attributes"]


def _out_of_order(key: str, value: object) -> str | None:
    """Return what is wrong with an attribute, by the registry."""
    kind = semconv.PRIVACY.get(key)
    if kind is None:
        return "is not in the registry"
    if str(kind) not in LEAVING:
        return f"is {kind}: it must not leave"
    declared = semconv.TYPES[key]
    if declared == "string[]":
        fits = isinstance(value, tuple) and all(isinstance(one, str) for one in value)  # pyright: ignore[reportUnknownVariableType] - any
    else:
        fits = type(value) is _TYPES[declared]
    if not fits:
        return f"is {value!r}, the registry says {declared}"
    values = _values(key)
    if values is not None and value not in values:
        return f"is {value!r}, the registry knows {', '.join(sorted(values))}"
    return None


def _values(key: str) -> set[str] | None:
    """Return the closed set of values of *key*, if it has one."""
    words = key.replace(".", "_").split("_")
    kind: Any = getattr(semconv, "".join(word.capitalize() for word in words) + "Values", None)
    return None if kind is None else {str(value.value) for value in kind}


def check_metrics(case: Case) -> None:
    """Each call is one point of `cx.vendor.call.duration`, in seconds, with few attributes."""
    for variant in case.variants:
        with observed(case, variant) as seen:
            for example in case.of(variant):
                outcome = seen.call(example)
                found = _durations(seen)
                ensure(
                    sum(point["count"] for point in found) == len(example.told),
                    f"{seen.where(example)}: {len(example.told)} calls made {found}",
                )
                wanted = _labels(seen, example)
                for point in found:
                    wrong = [mismatches(point["attributes"], one, outcome.at) for one in wanted]
                    ensure(
                        [] in wrong and 0 <= point["sum"] < 60 * point["count"],
                        f"{seen.where(example)}: metric point {point}, expected {wanted}",
                    )


def _durations(seen: Observed) -> list[dict[str, Any]]:
    from cxotel.semconv.metrics import CX_VENDOR_CALL_DURATION

    return [
        point
        for metric in seen.telemetry.metrics
        if metric["name"] == CX_VENDOR_CALL_DURATION and metric["unit"] == "s"
        for point in metric["points"]
    ]


def _labels(seen: Observed, example: Example) -> list[dict[str, object]]:
    """Return the attributes of a metric point for each span of *example*."""
    labels: list[dict[str, object]] = []
    keys = (semconv.CX_SYSTEM, semconv.CX_LAYER, semconv.CX_OPERATION_NAME, semconv.ERROR_TYPE)
    for span in seen.spans:
        told = span["attributes"]
        labels.append({key: told[key] for key in keys if key in told})
    ensure(len(labels) == len(example.told), f"{seen.where(example)}: {len(labels)} spans")
    return labels
