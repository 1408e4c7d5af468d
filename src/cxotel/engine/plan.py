"""A vendor's table, prepared: what is known before a call is not worked out again during it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cxotel import semconv
from cxotel.engine.permits import permit
from cxotel.engine.shield import report
from cxotel.engine.vocabulary import Fact, Operation, Reader, Vendor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cxotel.engine.call import Call

UNKNOWN = Operation("request")
"""What a call is that the table does not name: one fixed name, nothing read from its content."""


class Reading(NamedTuple):
    """One attribute to read, and what may leave of its value."""

    key: str
    reader: Reader
    let_out: Callable[[object], object]


class PreparedFact(NamedTuple):
    """A fact with its readings prepared."""

    fact: Fact
    static: dict[str, object]
    readings: tuple[Reading, ...]


class Plan:
    """One operation of one vendor, ready to be observed."""

    __slots__ = (
        "facts",
        "metric",
        "operation",
        "request",
        "response",
        "span_name",
        "static",
        "vendor",
    )

    def __init__(self, vendor: Vendor, operation: Operation) -> None:
        """Prepare *operation* of *vendor*."""
        self.vendor = vendor
        self.operation = operation
        system = vendor.system_name
        self.span_name = f"{operation.name} {system}"
        layer = operation.layer or vendor.layer
        self.metric = {
            semconv.CX_SYSTEM: system,
            semconv.CX_LAYER: layer,
            semconv.CX_OPERATION_NAME: operation.name,
        }
        self.static: dict[str, object] = {
            **self.metric,
            semconv.SERVICE_PEER_NAME: system,
            semconv.CX_EVIDENCE_KIND: operation.kind,
            semconv.CX_EVIDENCE_SHOWS: operation.shows,
            **operation.static,
        }
        if not operation.customer_waits:
            self.static[semconv.CX_CALL_CUSTOMER_WAITING] = False
        named = operation is not UNKNOWN
        self.request = _prepare({**vendor.request, **operation.request})
        self.response = _prepare(
            {**vendor.response, **operation.response} if named else vendor.response
        )
        self.facts = tuple(
            PreparedFact(
                fact, {semconv.CX_EVIDENCE_KIND: fact.kind, **self.metric}, _prepare(fact.reads)
            )
            for fact in operation.facts
        )


def plans(vendor: Vendor) -> tuple[dict[str, Plan], Plan]:
    """Prepare all operations of *vendor*, and the one for calls that it does not name."""
    prepared = {id(operation): Plan(vendor, operation) for operation in vendor.operations.values()}
    by_key = {key: prepared[id(operation)] for key, operation in vendor.operations.items()}
    return by_key, Plan(vendor, UNKNOWN)


def _prepare(reads: Mapping[str, Reader]) -> tuple[Reading, ...]:
    """Pair each reader with what may leave of its value; drop the keys that never leave."""
    guarded = ((key, reader, permit(key)) for key, reader in reads.items())
    return tuple(Reading(key, reader, guard) for key, reader, guard in guarded if guard is not None)


def read_into(attributes: dict[str, object], call: Call, readings: Iterable[Reading]) -> None:
    """Read values from *call* into *attributes*; one that fails costs only itself."""
    for key, reader, let_out in readings:
        try:
            value = reader(call)
            if value is not None:
                value = let_out(value)
            if value is not None:
                attributes[key] = value
        except Exception as error:  # noqa: BLE001 - whatever a reader raises stays here
            report(f"reading {key} of {call.plan.span_name}", error)
