"""A table of routes: made in Python, or read from a file."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from cxotel.routes.compile import Compiled, compiled
from cxotel.routes.errors import RouteError
from cxotel.routes.node import Node

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cxotel.engine import Host, Vendor
    from cxotel.semconv import CxEvidenceKind, CxImpairmentDimension, CxLayer


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """A fact that a reply tells beside the call itself.

    Args:
        kind: `queue`, `handoff`, `hold`, `contact`, `turn`, `authentication`, `outcome`, `media`.
        reads: Attribute key to where its value is.
        each: Where a list is, if the fact is told once for each of its items.
        when: Where a value is that must be true; or a mapping of `from` and `is` or `not`.
    """

    kind: CxEvidenceKind
    reads: Mapping[str, object]
    each: str | None = None
    when: str | Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What one kind of request means.

    Args:
        operation: A verb and its object in snake case: `get_conversation`.
        kind: `call`, or `turn` of a bot, or `authentication`.
        layer: The layer, where it is not the table's: `identity`, `payment`, `knowledge`, …
        shows: Dimensions of the score in which it could show an impairment.
        customer_waits: `False` for work that no customer waits for.
        answers: Statuses from 400 that are an answer here, and no failure: a look-up's 404.
        reads: Attribute key to where its value is: `{"cx.record.id": "path.ticket_id"}`.
        tells: What else the reply tells.
        carry: Where the journey id goes, if the user wants that: `header.NAME` or `body.FIELD`.
    """

    operation: str
    kind: CxEvidenceKind | None = None
    layer: CxLayer | None = None
    shows: Sequence[CxImpairmentDimension] | None = None
    customer_waits: bool | None = None
    answers: Sequence[int] | None = None
    reads: Mapping[str, object] | None = None
    tells: Sequence[Tell] | None = None
    carry: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTable:
    """A system that is called over plain HTTP: where it is, and what its routes mean.

    Args:
        system: The system's name, as in `cx.system`.
        layer: Where in the stack it is, as in `cx.layer`.
        hosts: Where it is: `api.example.com`, `.example.com`, `example.com:8443/api`.
        routes: A method and a path with names in it, to what it means or to its operation's name.
        name: The table's own name, by which it is switched on; the system's if left out.
        reference: Where the system's interface is described.
        request_id: Where the system's id of a request is: `header.X-Request-Id`.
        rate_limit: `limit`, `remaining`, `reset` to where they are.
        error_code: Where the system's code of an error is; of several places the first that has it.
        failure: When a reply of success is a failure: `{"when": …, "code": …}`.
        throttled: Codes that say "too many requests", beside HTTP's 429.
        traceparent: Whether the system can use a `traceparent`.
        reads: Attributes that every route has.

    Raises:
        RouteError: What is wrong first, and where.

    Example:
        >>> table = RouteTable(
        ...     system="crm",
        ...     layer="business_system",
        ...     hosts=["crm.example.com"],
        ...     routes={"GET /customers/{id}": "get_customer"},
        ... )
        >>> table.vendor.operations["GET /customers/{id}"].name
        'get_customer'
    """

    system: str
    layer: CxLayer
    hosts: Sequence[str]
    routes: Mapping[str, Route | str | Mapping[str, object]]
    name: str | None = None
    reference: str | None = None
    request_id: str | None = None
    rate_limit: Mapping[str, object] | None = None
    error_code: str | Sequence[str] | None = None
    failure: Mapping[str, object] | None = None
    throttled: Sequence[str] | None = None
    traceparent: bool | None = None
    reads: Mapping[str, object] | None = None
    file: str | None = field(default=None, repr=False)
    _compiled: Compiled | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the table."""
        if self._compiled is None:
            object.__setattr__(self, "_compiled", compiled(Node.of(_plain(self), self.label)))

    @property
    def label(self) -> str:
        """What the table is called in messages: its file, or its system."""
        return self.file or f"RouteTable {self.system!r}"

    @property
    def vendor(self) -> Vendor:
        """The description that cxotel observes calls by."""
        if self._compiled is None:
            raise RouteError(f"{self.label}: it is not in order")
        return self._compiled.vendor

    @property
    def at(self) -> tuple[Host, ...]:
        """Where the system is."""
        return self.vendor.hosts


_OWN = ("file", "_compiled")


def _plain(value: Any) -> Any:
    """Return a table of Python as a file would hold it."""
    if isinstance(value, (RouteTable, Route, Tell)):
        held = {one.name: getattr(value, one.name) for one in fields(value)}
        return {
            name: _plain(one) for name, one in held.items() if name not in _OWN and one is not None
        }
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in cast("dict[Any, Any]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in cast("Sequence[Any]", value)]
    return value


def load(path: str | os.PathLike[str]) -> RouteTable:
    """Read a table from a YAML file.

    Args:
        path: The file.

    Raises:
        RouteError: It cannot be read, or something in it is wrong: the message names the line.
    """
    file = os.fspath(path)
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise RouteError(f"{file}: cannot be read: {error.strerror}") from error
    except ValueError:
        raise RouteError(f"{file}: is not text in UTF-8") from None
    return loads(text, file)


def loads(text: str, file: str = "<text>") -> RouteTable:
    r"""Read a table from YAML.

    Args:
        text: The YAML.
        file: What it is called in messages.

    Raises:
        RouteError: Something in it is wrong: the message names the line.

    Example:
        >>> loads("system: crm\nlayer: crm", "crm.yaml")
        Traceback (most recent call last):
        ...
        cxotel.routes.errors.RouteError: crm.yaml:1: `hosts` is missing
    """
    from cxotel.routes.yaml_file import parsed

    node = parsed(text, file)
    made = compiled(node)
    held: dict[str, Any] = node.plain
    return RouteTable(**held, file=file, _compiled=made)
