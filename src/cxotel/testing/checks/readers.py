"""A reader that raises costs one attribute and one log line, and never the call."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

from cxotel.testing.canary import CANARY, found_in
from cxotel.testing.observed import Observed, ensure, observing
from cxotel.testing.session import Session
from cxotel.testing.telemetry import Telemetry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxotel.engine import Fact, Operation, Reader, Vendor
    from cxotel.testing.case import Case, Example

_HOOKS = ("identify", "document", "failure", "cause", "refused", "error_code")
"""Functions of a `Vendor` that are no readers of one attribute."""


class _BrokeError(Exception):
    """Raised by a reader or hook in the place of what it does; its words are a customer's."""


def _raise(*_: object) -> NoReturn:
    raise _BrokeError(f"{CANARY.name} {CANARY.phone}")


def check_raising_reader(case: Case) -> None:
    """Each reader may raise: the call goes on, less one attribute, with one log line."""
    vendor = case.load()
    for variant in case.variants:
        with Telemetry() as telemetry, Session(case, variant) as session:
            seen = Observed(case, variant, vendor, session, telemetry)
            once = {*vendor.request, *vendor.response}
            for example in _one_of_each(case.of(variant)):
                keys = _keys(seen, example)
                shared = once & keys[""]
                once -= shared
                for place, key in _read_by(vendor, example, keys, shared):
                    _check_one(seen, example, place, key)


def _one_of_each(examples: list[Example]) -> list[Example]:
    """Return the first example of each operation that makes one span and succeeds."""
    firsts: dict[str, Example] = {}
    for example in examples:
        if not example.fails and not example.also:
            firsts.setdefault(example.operation, example)
    return list(firsts.values())


Keys = dict[str, set[str]]
"""Attribute keys by place: the span, as an empty name, and its events."""


def _keys(seen: Observed, example: Example) -> Keys:
    """Return which attributes *example* makes with all readers in order."""
    with observing(seen.vendor, seen.telemetry):
        seen.call(example)
    return _keys_of(seen, example)


def _keys_of(seen: Observed, example: Example) -> Keys:
    ensure(len(seen.spans) == 1, f"{seen.where(example)}: {len(seen.spans)} spans")
    keys: Keys = {"": set(seen.spans[0]["attributes"])}
    for event in seen.spans[0]["events"]:
        keys.setdefault(event["name"], set()).update(event["attributes"])
    return keys


def _read_by(
    vendor: Vendor, example: Example, keys: Keys, shared: set[str]
) -> list[tuple[str, str]]:
    """Return which of *keys* come from readers of the operation, or from *shared* ones."""
    read = {("", key) for key in shared}
    for operation in vendor.operations.values():
        if operation.name == example.operation:
            read |= {("", key) for key in (*operation.request, *operation.response)}
            read |= {(fact.event, key) for fact in operation.facts for key in fact.reads}
    return sorted((place, key) for place, key in read if key in keys.get(place, ()))


def _check_one(seen: Observed, example: Example, place: str, key: str) -> None:
    broken = _broken(seen.vendor, example.operation, place, key)
    with observing(seen.vendor, seen.telemetry):
        seen.call(example)
        before = _keys_of(seen, example)
    with observing(broken, seen.telemetry):
        seen.call(example)
        where = f"{seen.where(example)}, reader of {place} {key} raising"
        lines = seen.telemetry.logs
        _ensure_one_line(lines, where)
        found = _keys_of(seen, example)
        ensure(_less_one(before, found, place, key), f"{where}: left {found} of {before}")
        seen.call(example)
        ensure(seen.telemetry.logs == [], f"{where}: the second time is logged too")


def _less_one(before: Keys, found: Keys, place: str, key: str) -> bool:
    """Tell whether nothing but *key* is lost; the engine itself may know its value too."""
    without = {**before, place: before[place] - {key}}
    return found in (before, without)


def _ensure_one_line(lines: list[dict[str, Any]], where: str) -> None:
    ensure(len(lines) == 1, f"{where}: {len(lines)} lines were logged: {lines}")
    ensure(not found_in(str(lines)), f"{where}: the log repeats the error's words: {lines}")


def _broken(vendor: Vendor, operation: str, place: str, key: str) -> Vendor:
    """Return *vendor* with the reader of one attribute raising."""
    operations = {
        name: _broken_operation(one, place, key) if one.name == operation else one
        for name, one in vendor.operations.items()
    }
    if place:
        return replace(vendor, operations=operations)
    return replace(
        vendor,
        operations=operations,
        request=_raising(vendor.request, key),
        response=_raising(vendor.response, key),
    )


def _broken_operation(operation: Operation, place: str, key: str) -> Operation:
    if place:
        facts = tuple(_broken_fact(fact, place, key) for fact in operation.facts)
        return replace(operation, facts=facts)
    return replace(
        operation,
        request=_raising(operation.request, key),
        response=_raising(operation.response, key),
    )


def _broken_fact(fact: Fact, place: str, key: str) -> Fact:
    return replace(fact, reads=_raising(fact.reads, key)) if fact.event == place else fact


def _raising(reads: Mapping[str, Reader], key: str) -> Mapping[str, Reader]:
    return {one: _raise if one == key else reader for one, reader in reads.items()}


def _one_of_each_kind(examples: list[Example]) -> list[Example]:
    """Return the first example that succeeds, that fails, and the same of streams."""
    firsts: dict[tuple[bool, bool], Example] = {}
    for example in examples:
        firsts.setdefault((example.fails, example.stream), example)
    return list(firsts.values())


def check_raising_hook(case: Case) -> None:
    """Identifying a call, parsing its reply, reading its failure may raise: the call goes on."""
    vendor = case.load()
    deciding = tuple(replace(target, when=_raise) for target in vendor.targets)
    hooks: dict[str, Any] = {**dict.fromkeys(_HOOKS, _raise), "targets": deciding}
    for variant in case.variants:
        with Telemetry() as telemetry, Session(case, variant) as session:
            for name, value in hooks.items():
                broken = replace(vendor, **{name: value})
                with observing(broken, telemetry):
                    _check_hook(Observed(case, variant, broken, session, telemetry), name)


def _check_hook(seen: Observed, name: str) -> None:
    for example in _one_of_each_kind(seen.case.of(seen.variant)):
        seen.call(example)
        where = f"{seen.where(example)}, {name} raising"
        ensure(seen.telemetry.open_spans == 0, f"{where}: a span never ended")
        ensure(not found_in(str(seen.telemetry.logs)), f"{where}: the log tells words")
