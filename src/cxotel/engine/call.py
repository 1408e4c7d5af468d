"""One call of a vendor's client, as the readers of its table see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cxotel.engine.vocabulary import Arguments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.context import Context
    from opentelemetry.trace import Span

    from cxotel.engine.life import Life
    from cxotel.engine.plan import Plan
    from cxotel.engine.vocabulary import Address, Vendor

_UNREAD = object()
MAX_EXCHANGES = 32
"""Attempts remembered per call; a client that tries more often shows at least this many."""


class Site(NamedTuple):
    """The function that a call goes through.

    Args:
        vendor: The client library's description.
        function: The function's name, without its class.
        parameters: Position of each of its positional parameters.
    """

    vendor: Vendor
    function: str
    parameters: Mapping[str, int]


class Exchange(NamedTuple):
    """One HTTP request and its reply, as seen on the wire inside a call; status 0: no reply."""

    started_ns: int
    ended_ns: int
    status: int
    headers: Mapping[str, str]
    host: str | None
    timed_out: bool = False


class Call:
    """One call in progress.

    Attributes:
        vendor: The client library's description.
        function: The name of the client's function, without its class.
        instance: The client object whose method was called, or `None` for a function.
        args: The positional arguments, without the instance.
        kwargs: The keyword arguments.
        response: What the client returned, once it has.
        error: What the client raised instead.
        item: The document that a `Fact` is being read from, while one is.
        pieces: How many pieces of a streamed reply have arrived.
        started_ns: Wall clock at the start, nanoseconds since the epoch.
        ended_ns: Wall clock at the end, or 0 while the call is open.
        notes: What a reader keeps for the next one.
        exchanges: The HTTP attempts inside the call, oldest first.
        address: Where it goes, for a vendor that is known by its hosts.
    """

    __slots__ = (
        "_document",
        "_parameters",
        "address",
        "args",
        "context",
        "ended_ns",
        "error",
        "exchanges",
        "function",
        "instance",
        "item",
        "kwargs",
        "life",
        "notes",
        "owns_span",
        "pieces",
        "plan",
        "response",
        "span",
        "started_ns",
        "vendor",
    )

    life: Life
    plan: Plan
    span: Span
    context: Context

    def __init__(
        self, site: Site, instance: object, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Describe a call that is about to be made.

        Args:
            site: The function that is called.
            instance: The client object, or `None`.
            args: Positional arguments without the instance.
            kwargs: Keyword arguments.
        """
        self.vendor = site.vendor
        self.function = site.function
        self.instance: Any = instance
        self.args = args
        self.kwargs = kwargs
        self.response: Any = None
        self.error: Any = None
        self.item: Any = None
        self.pieces = 0
        self.started_ns = 0
        self.ended_ns = 0
        self.exchanges: list[Exchange] = []
        self.notes: dict[str, Any] = {}
        self.address: Address | None = None
        self.owns_span = True
        self._parameters = site.parameters
        self._document: Any = _UNREAD

    def argument(self, name: str, default: object = None) -> Any:
        """Return the argument called *name*, however it was passed.

        Args:
            name: The parameter's name in the client's own signature.
            default: What to return where the caller left it out.
        """
        if name in self.kwargs:
            return self.kwargs[name]
        position = self._parameters.get(name)
        if position is not None and position < len(self.args):
            return self.args[position]
        return default

    def replacing(self, name: str, value: object) -> Arguments:
        """Return the call's arguments with another one in the place of the one called *name*.

        Args:
            name: The parameter's name in the client's own signature.
            value: What to pass for it; the caller's objects stay as they are.
        """
        position = self._parameters.get(name)
        if name in self.kwargs or position is None or position >= len(self.args):
            return Arguments(self.args, {**self.kwargs, name: value})
        return Arguments((*self.args[:position], value, *self.args[position + 1 :]), self.kwargs)

    @property
    def document(self) -> Any:
        """The reply's content, parsed on first use, or `None`."""
        if self._document is _UNREAD:
            self._document = None if self.response is None else self.vendor.document(self.response)
        return self._document

    @document.setter
    def document(self, value: object) -> None:
        self._document = value

    @property
    def milliseconds(self) -> int:
        """How long the call took, in whole milliseconds, once it has ended."""
        return max(0, self.ended_ns - self.started_ns) // 1_000_000

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the last HTTP reply inside the call; empty where none was seen."""
        return self.exchanges[-1].headers if self.exchanges else {}

    @property
    def status(self) -> int | None:
        """The last HTTP status inside the call."""
        return self.exchanges[-1].status if self.exchanges else None

    def exchanged(self, exchange: Exchange) -> None:
        """Remember an HTTP attempt inside this call."""
        if len(self.exchanges) < MAX_EXCHANGES:
            self.exchanges.append(exchange)
