"""What the author of a vendor tells the contract suite: clients, a far end, examples of calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from cxotel.testing.canary import CANARY, Canary

if TYPE_CHECKING:
    from cxotel.engine import Operation, Vendor

ClientFactory = Callable[[Any], AbstractContextManager[Any] | AbstractAsyncContextManager[Any]]
"""Makes a real client that talks to the far end it is given; asynchronous ones `async with`."""


class _Absent:
    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()
"""Expected in place of a value: the attribute must not be there."""


@dataclass(slots=True)
class At:
    """Where an example runs.

    Attributes:
        client: The real client.
        far_end: The far end that it talks to.
        prepared: What the example's `prepare` returned.
        number: Which of several calls at once this is, from 0.
        result: What the call returned, once it has; of a stream, the list of its pieces.
        canary: Values to send that must never leave in telemetry.
    """

    client: Any
    far_end: Any
    prepared: Any = None
    number: int = 0
    result: Any = None
    canary: Canary = CANARY


Expected = (
    str | int | float | bool | Sequence[str] | type[object] | Callable[[At], object] | _Absent
)
"""What an example says of an attribute: its value, its type, how to find it, or `ABSENT`."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event on a call's span.

    Args:
        name: Its name, from `cxotel.semconv`.
        attributes: What the table reads for it, as in `Told`; the system, layer, operation and
            evidence kind need not be repeated.
    """

    name: str
    attributes: Mapping[str, Expected] = field(default_factory=dict[str, Expected])


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one span says.

    Args:
        operation: The operation's name, for example `place_call`.
        attributes: Every attribute beyond those that each call has (system, layer, operation,
            evidence) and the case's *common* ones. A value is compared with its type; a type such
            as `str` stands for any value of it; a function is called with the `At`; `ABSENT`
            takes a common one away.
        events: Every event, in order.
        error: The expected `error.type` of a failed call.
    """

    operation: str
    attributes: Mapping[str, Expected] = field(default_factory=dict[str, Expected])
    events: tuple[Event, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example(Told):
    """One call of the client, as a user would write it, and the span it makes.

    Args:
        call: Makes the call. With an asynchronous client its result is awaited.
        call_async: The same for asynchronous clients, where the method has another name.
        prepare: Puts the far end into the state that the call needs; what it returns is
            `at.prepared`. What it does is not observed.
        also: Further spans of the same call, in order, for a call that makes several.
        raises: What reaches the caller, for a call that fails.
        stream: Whether the result is an iterator, to be read to its end.
        variants: The clients it runs with; all if left out.
        clients: Clients of its own, for example with a short timeout.
    """

    call: Callable[[At], Any]
    call_async: Callable[[At], Any] | None = None
    prepare: Callable[[At], object] | None = None
    also: tuple[Told, ...] = ()
    raises: type[BaseException] | None = None
    stream: bool = False
    variants: tuple[str, ...] = ()
    clients: Mapping[str, ClientFactory] = field(default_factory=dict[str, ClientFactory])

    @property
    def fails(self) -> bool:
        """Whether the call is one that fails."""
        return self.raises is not None or self.error is not None

    @property
    def told(self) -> tuple[Told, ...]:
        """All spans of the call."""
        return (self, *self.also)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A vendor and everything that it takes to hold it to the contract.

    Args:
        vendor: The vendor's name, or where its description is: `"acme_cxotel:VENDOR"`.
        far_end: Makes the far end: a context manager that gives a loopback server.
        clients: Makes clients, by variant: `{"sync": ..., "async": ...}`.
        examples: Calls that exercise every operation, reader and target of the vendor's table; the
            first is a plain one that may run eight times at once. At least one fails; where the
            client has streams, at least one is a stream and one a stream that fails half-way.
        slow: A call that is never answered. Synchronous clients give it up by a timeout of theirs
            (*raises*); with asynchronous ones it is cancelled.
        canaries: Calls whose request, reply and error hold every value of `at.canary`.
        common: Attributes that each span has, beyond those that the engine gives each call.
        reset: Puts the far end back to normal, before each example.
        unseen_by_others: Whether none of OpenTelemetry's own instrumentations sees this client's
            connections: then searching their spans for canaries proves nothing.
        reference: Where this case is: `"tests.test_acme:CASE"`. A `VendorContract` knows it.
    """

    vendor: str
    far_end: Callable[[], AbstractContextManager[Any]]
    clients: Mapping[str, ClientFactory]
    examples: tuple[Example, ...]
    slow: Example
    canaries: tuple[Example, ...]
    common: Mapping[str, Expected] = field(default_factory=dict[str, Expected])
    reset: Callable[[Any], object] | None = None
    unseen_by_others: bool = False
    reference: str = ""

    @property
    def variants(self) -> tuple[str, ...]:
        """The names of the clients."""
        return tuple(self.clients)

    def only(self, variant: str) -> Case:
        """Return this case with one of its clients."""
        return replace(self, clients={variant: self.clients[variant]})

    def load(self) -> Vendor:
        """Return the vendor's description."""
        return load_vendor(self.vendor)

    def of(self, variant: str, examples: tuple[Example, ...] | None = None) -> list[Example]:
        """Return those examples that run with *variant*."""
        chosen = self.examples if examples is None else examples
        return [one for one in chosen if not one.variants or variant in one.variants]


def load_vendor(reference: str) -> Vendor:
    """Return the vendor with that name, or the one that `module:NAME` leads to."""
    if ":" in reference:
        return follow(reference)
    from cxotel.vendors import load

    return load(reference)


def follow(reference: str) -> Any:
    """Return what `module:name.name` leads to."""
    module, _, path = reference.partition(":")
    value: Any = import_module(module)
    for name in path.split("."):
        value = getattr(value, name)
    return value


def operation_of(vendor: Vendor, name: str) -> Operation | None:
    """Return the operation with that name in *vendor*'s table."""
    named = (operation for operation in vendor.operations.values() if operation.name == name)
    return next(named, None)
