"""The words in which a vendor's client library is described."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from cxotel.engine.call import Call
    from cxotel.semconv import CxEvidenceKind, CxImpairmentDimension, CxLayer

Reader = Callable[["Call"], Any]
"""Reads a value from a call; `None` where there is none. It may raise: that costs its attribute."""


class Arguments(NamedTuple):
    """The arguments to call the client's function with, in place of the caller's."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class Problem(NamedTuple):
    """How a call failed, without a word of what was said."""

    type: str
    """A low-cardinality name for `error.type`: an exception's class or a status code."""
    code: str | None = None
    """The vendor's own code, such as `20429` or `REQUEST_LIMIT_EXCEEDED`."""


class Host(NamedTuple):
    """Where calls of one system go.

    Args:
        name: The host's name in lower case; of a whole domain, what comes after its first dot.
        is_domain: Whether any host below *name* is meant, in place of *name* itself.
        port: Only this port.
        path: Only paths that are this one or begin with it and a slash; `""` for any.
    """

    name: str
    is_domain: bool = False
    port: int | None = None
    path: str = ""


class Address(NamedTuple):
    """Where one call goes.

    Args:
        library: Reads the call's request and reply.
        method: The HTTP method in capitals.
        scheme: `http` or `https`.
        host: The host's name in lower case.
        port: The port, also where it is the scheme's own.
        path: The path as it is sent; below the host's own path, once the host is known.
        query: The query as it is sent.
    """

    library: Library
    method: str
    scheme: str
    host: str
    port: int | None
    path: str
    query: str = ""


class Reply(NamedTuple):
    """A reply as far as it is known, whatever library it came through.

    Args:
        status: The HTTP status.
        headers: The headers, found by any spelling of their names.
        body: The body; `None` where it is not read, or not yet.
        is_later: Whether the caller is still to read the body, as far as can be told.
    """

    status: int
    headers: Any
    body: bytes | None = None
    is_later: bool = False


class Library(Protocol):
    """How the calls of a library that speaks to any host are read."""

    def host(self, instance: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str | None:
        """Return the host that a call goes to, in lower case: asked of every call, so quickly."""
        ...

    def address(self, instance: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Address:
        """Return where a call goes, once its host is one of interest."""
        ...

    def reply(self, call: Call, result: Any) -> Reply:
        """Return what the library's own result tells; a body that streams is not touched."""
        ...


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a reply tells beside the call itself: a queue wait, a handoff, a leg's media.

    It becomes an event on the call's span.

    Args:
        event: The event's name in the registry, for example `semconv.EVENT_CX_QUEUE`.
        kind: Which kind of evidence it is.
        reads: Attribute key to reader. A reader of the single item uses `item(...)`.
        each: Reads a list of documents out of the reply; the fact is told once for each.
        when: Only where this reader's value is true.
    """

    event: str
    kind: CxEvidenceKind
    reads: Mapping[str, Reader]
    each: Reader | None = None
    when: Reader | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """What one kind of call means.

    Args:
        name: A verb and its object in snake case, of few distinct values: `place_call`.
        kind: Which kind of evidence the call is; most are plainly a `call`.
        layer: The layer, where it is not the vendor's.
        shows: Dimensions of the score in which this call could show an impairment.
        customer_waits: `False` for work that no customer waits for (reports, analytics).
        request: Attribute key to reader, read before the call; these are there for samplers.
        response: Attribute key to reader, read from the reply.
        facts: What else the reply tells.
        select: For a reply that arrives in pieces: the document to read in a piece, or `None`.
        sends: The parameter that is an iterator of requests; the first one that the client takes
            from it is there for readers of the reply as `call.notes["sent"]`.
        carry: Writes the journey id into the vendor's own fields and returns the arguments to use
            instead (copies: the caller's objects stay as they are), or `None`. Used only where the
            user switched it on.
        static: Attributes that are the same for each such call.
    """

    name: str
    kind: CxEvidenceKind = "call"
    layer: CxLayer | None = None
    shows: tuple[CxImpairmentDimension, ...] = ("responsiveness", "reliability")
    customer_waits: bool = True
    request: Mapping[str, Reader] = field(default_factory=dict[str, Reader])
    response: Mapping[str, Reader] = field(default_factory=dict[str, Reader])
    facts: tuple[Fact, ...] = ()
    select: Callable[[Any], object] | None = None
    sends: str | None = None
    carry: Callable[[Call, str], Arguments | None] | None = None
    static: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Target:
    """One function of the client library that calls pass through.

    Args:
        module: The module that *defines* it, as the user's import would name it.
        name: `Class.method`, or a function's name.
        streams: Whether the result is an iterator that delivers the reply in pieces.
        when: Decides on the call's arguments whether the vendor's table speaks of it at all;
            a call that it does not speak of is passed on as if nothing were patched.
        anchor: Reads from a call the object that tells whose client it belongs to, where that is
            not the instance itself: for instrumenting one client only.
        library: For a function through which calls to any host pass: how they are read. The calls
            are then those to the vendor's *hosts*, and several vendors share one replacement.
        callback: The parameter that may be a function of the caller's, to which the client then
            delivers the reply in place of returning it.
    """

    module: str
    name: str
    streams: bool = False
    when: Callable[[Call], bool] | None = None
    anchor: Callable[[Call], object] | None = None
    library: Library | None = None
    callback: str | None = None


def nothing(_: object) -> None:
    """Return `None`: the reader for what a vendor does not have."""


def itself(error: BaseException) -> BaseException:
    """Return an error as it is: the cause of one that wraps no other."""
    return error


def never(_: Call, __: Problem) -> bool:
    """Return `False`: the answer of what a vendor does not refuse."""
    return False


def unknown(_: Call) -> str:
    """Return the key of no operation."""
    return ""


@dataclass(frozen=True, slots=True)
class Vendor:
    """A client library: where its calls pass, what they mean, and how they fail.

    Args:
        name: The system's name, `snake_case`, as in `cx.system`.
        layer: Where in the stack its calls go, as in `cx.layer`.
        requires: Requirement strings of the distributions it was proved with.
        targets: The functions to observe.
        clients: Beginnings of the full names of the library's client classes: of their module, or
            of the class too where one module has those of several systems.
        operations: Operations by the key that *identify* returns.
        identify: Names a call from its arguments; an unlisted key is the operation `request`.
        document: The reply's content as mappings, sequences and attributes: JSON, protobuf.
        failure: The problem of a reply that was returned and yet is a failure.
        error_code: The vendor's code in an exception.
        cause: The exception to name a failure by, where the client's own only wraps it.
        request: Attributes read before every call.
        response: Attributes read from every reply.
        refused: Whether a problem is an answer and no failure: a wrong password, a declined card, a
            number that is busy. Such a call has not failed, and its facts are told; their readers
            find the exception in `call.error`.
        raises: Modules whose exceptions the client raises *after* its choke point, for a failure
            that was returned there.
        throttled: The vendor's codes for "too many requests", beside HTTP's 429.
        absorbs: Instrumentation scopes whose live span for the same call is enriched, in place of
            a second one.
        scopes: Functions that hand their work to threads; these work in the caller's context.
        asides: Functions whose HTTP attempts are none of the call's own, such as a login that the
            client makes on its way.
        anchor: Maps a client object to what a target's `anchor` returns for its calls.
        traceparent: Whether this vendor can use a `traceparent`, so that it may be sent there.
        hosts: Where its calls go, for targets with a *library*.
        system: The system, where it has another name than the description.
    """

    name: str
    layer: CxLayer
    requires: tuple[str, ...]
    targets: tuple[Target, ...]
    clients: tuple[str, ...]
    operations: Mapping[str, Operation]
    identify: Callable[[Call], str] = unknown
    document: Callable[[Any], object] = nothing
    failure: Callable[[Call], Problem | None] = nothing
    refused: Callable[[Call, Problem], bool] = never
    error_code: Callable[[Any], str | None] = nothing
    cause: Callable[[BaseException], BaseException] = itself
    request: Mapping[str, Reader] = field(default_factory=dict[str, Reader])
    response: Mapping[str, Reader] = field(default_factory=dict[str, Reader])
    raises: tuple[str, ...] = ()
    throttled: frozenset[str] = frozenset()
    absorbs: tuple[str, ...] = ()
    scopes: tuple[Target, ...] = ()
    asides: tuple[Target, ...] = ()
    anchor: Callable[[Any], object] | None = None
    traceparent: bool = False
    hosts: tuple[Host, ...] = ()
    system: str | None = None

    @property
    def system_name(self) -> str:
        """The system's name, as in `cx.system`."""
        return self.system or self.name
