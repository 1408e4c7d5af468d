"""From a table as it is written to the description of a vendor, checked on the way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast, get_args

from cxotel import semconv
from cxotel.engine import Fact, Operation, Vendor, json_text, told
from cxotel.routes.carrying import carrier
from cxotel.routes.clients import ABSORBS, RAISES, REQUIRES, TARGETS
from cxotel.routes.conditions import condition
from cxotel.routes.errors import UnfitError
from cxotel.routes.hosts import host
from cxotel.routes.matching import Matcher, template
from cxotel.routes.node import near, shown
from cxotel.routes.places import Around, place
from cxotel.routes.replies import code_of_exception, failing, of_every_reply, where
from cxotel.routes.values import Value, key, truth

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.engine import Call, Reader
    from cxotel.routes.matching import Template
    from cxotel.routes.node import Node

TABLE: Final = (
    "system",
    "name",
    "layer",
    "hosts",
    "reference",
    "request_id",
    "rate_limit",
    "error_code",
    "failure",
    "throttled",
    "traceparent",
    "reads",
    "routes",
)
"""The fields of a table."""
ROUTE: Final = (
    "operation",
    "kind",
    "layer",
    "shows",
    "customer_waits",
    "answers",
    "reads",
    "tells",
    "carry",
)
"""The fields of a route."""
TELLS: Final = ("kind", "each", "when", "reads")
"""The fields of a fact."""
LAYERS: Final = cast("tuple[str, ...]", get_args(semconv.CxLayer))
DIMENSIONS: Final = cast("tuple[str, ...]", get_args(semconv.CxImpairmentDimension))
KINDS: Final = ("call", "turn", "authentication")
FACTS: Final = (
    "turn",
    "queue",
    "handoff",
    "hold",
    "contact",
    "media",
    "authentication",
    "outcome",
)
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,47}")
_MOST_ROUTES: Final = 1000


class Compiled(NamedTuple):
    """A table that is in order."""

    vendor: Vendor
    reference: str | None
    templates: tuple[str, ...]


class _Route(NamedTuple):
    """One route: how its path looks, what it means, and which failures it takes for an answer."""

    template: Template
    operation: Operation
    answers: frozenset[int]


def compiled(node: Node) -> Compiled:
    """Check a table and return what it describes.

    Args:
        node: The table.

    Raises:
        RouteError: What is wrong first, and where.
    """
    fields = node.fields("field", TABLE)
    for name in ("system", "layer", "hosts", "routes"):
        if name not in fields:
            raise node.error(f"`{name}` is missing")
    system, layer = fields["system"].fit(_snake), fields["layer"].fit(_layer)
    name = fields["name"].fit(_snake) if "name" in fields else system
    hosts = tuple(one.fit(host) for one in fields["hosts"].each())
    if not hosts:
        raise fields["hosts"].error("`hosts` names no host")
    routes = _routes(fields["routes"])
    texts = [f"{one.template.method} {one.template.path}" for one in routes]
    reads = _reads(fields.get("reads"), Around())
    vendor = Vendor(
        name=name,
        system=None if name == system else system,
        layer=cast("Any", layer),
        requires=REQUIRES,
        targets=TARGETS,
        clients=(),
        hosts=hosts,
        operations={text: one.operation for text, one in zip(texts, routes, strict=True)},
        identify=_identifying(fields["routes"], texts, routes),
        document=lambda reply: json_text(reply.body),
        failure=failing(
            fields, {text: one.answers for text, one in zip(texts, routes, strict=True)}
        ),
        error_code=code_of_exception,
        request={**where(), **_before(reads)},
        response={**of_every_reply(fields), **_after(reads)},
        raises=RAISES,
        throttled=frozenset(_texts(fields.get("throttled"))),
        absorbs=ABSORBS,
        traceparent="traceparent" in fields and fields["traceparent"].fit(truth),
    )
    reference = fields["reference"].fit(_text) if "reference" in fields else None
    return Compiled(vendor, reference, tuple(texts))


def _snake(value: object) -> str:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise UnfitError(f"{shown(value)} must be a name in snake_case, such as get_ticket")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise UnfitError(f"{shown(value)} must be a text")
    return value


def _among(what: str, words: tuple[str, ...]) -> Callable[[object], str]:
    def check(value: object) -> str:
        if value not in words:
            raise UnfitError(f"unknown {what} {shown(value)}; {near(value, words)}")
        return str(value)

    return check


_layer = _among("layer", LAYERS)


def _texts(node: Node | None) -> list[str]:
    return [] if node is None else [str(one.plain) for one in node.each()]


def _routes(node: Node) -> list[_Route]:
    table = node.mapping("`routes`")
    if not table:
        raise node.error("`routes` has no route")
    if len(table) > _MOST_ROUTES:
        raise node.error(f"`routes` has more than {_MOST_ROUTES} routes")
    return [_route(text, one.within(f"route '{text}': ")) for text, one in table.items()]


def _route(text: str, node: Node) -> _Route:
    made = node.fit(lambda _: template(text))
    around = Around(made.names)
    if isinstance(node.value, str):  # the short form: a name is all there is to say
        operation = Operation(node.fit(_snake), static={semconv.URL_TEMPLATE: made.path})
        return _Route(made, operation, frozenset())
    fields = node.fields("field", ROUTE)
    if "operation" not in fields:
        raise node.error("`operation` is missing")
    waits = "customer_waits" not in fields or fields["customer_waits"].fit(truth)
    reads = _reads(fields.get("reads"), around)
    operation = Operation(
        fields["operation"].fit(_snake),
        kind=cast("Any", fields["kind"].fit(_among("kind", KINDS)) if "kind" in fields else "call"),
        layer=cast("Any", fields["layer"].fit(_layer) if "layer" in fields else None),
        shows=_shows(fields.get("shows"), waits=waits),
        customer_waits=waits,
        request=_before(reads),
        response=_after(reads),
        facts=tuple(_fact(one, around) for one in _listed(fields.get("tells"))),
        carry=carrier(fields["carry"]) if "carry" in fields else None,
        static={semconv.URL_TEMPLATE: made.path},
    )
    return _Route(
        made, operation, frozenset(_status(one) for one in _listed(fields.get("answers")))
    )


def _listed(node: Node | None) -> list[Node]:
    return [] if node is None else list(node.each())


def _shows(node: Node | None, *, waits: bool) -> tuple[Any, ...]:
    if node is not None:
        return tuple(one.fit(_among("dimension", DIMENSIONS)) for one in node.each())
    return ("responsiveness", "reliability") if waits else ()


def _status(node: Node) -> int:
    def check(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not 100 <= value <= 599:
            raise UnfitError(f"{shown(value)} is no HTTP status")
        return value

    return node.fit(check)


def _reads(node: Node | None, around: Around) -> list[Value]:
    if node is None:
        return []
    values: list[Value] = []
    for name, one in node.mapping("`reads`").items():
        known = one.fit(lambda _, name=name: key(name))
        values.append(Value(known, one, around))
    return values


def _before(reads: list[Value]) -> dict[str, Reader]:
    return {value.key: value.reader for value in reads if not value.is_of_reply}


def _after(reads: list[Value]) -> dict[str, Reader]:
    return {value.key: value.reader for value in reads if value.is_of_reply}


def _fact(node: Node, around: Around) -> Fact:
    fields = node.fields("field", TELLS)
    for name in ("kind", "reads"):
        if name not in fields:
            raise node.error(f"`{name}` of a fact is missing")
    inside = around._replace(in_item="each" in fields)
    return told(
        cast("Any", fields["kind"].fit(_among("kind of fact", FACTS))),
        {value.key: value.reader for value in _reads(fields["reads"], inside)},
        each=_each(fields["each"].fit(lambda text: place(text, around)))
        if "each" in fields
        else None,
        when=condition(fields["when"], inside) if "when" in fields else None,
    )


def _each(reader: Reader) -> Reader:
    def read(call: Call) -> list[Any]:
        found: Any = reader(call)
        return cast("list[Any]", found) if isinstance(found, list) else []

    return read


def _identifying(node: Node, texts: list[str], routes: list[_Route]) -> Callable[[Call], str]:
    matcher = _matcher(
        node, [(text, one.template) for text, one in zip(texts, routes, strict=True)]
    )

    def identify(call: Call) -> str:
        address = call.address
        found = matcher.match(address.method, address.path) if address else None
        if found is None:
            return ""
        call.notes["route"], call.notes["path"] = found
        return found.key

    return identify


def _matcher(node: Node, pairs: list[tuple[str, Template]]) -> Matcher:
    """Return what finds routes; two that nothing tells apart are an error."""
    seen: dict[tuple[object, ...], str] = {}
    for (text, one), (_, made) in zip(node.mapping("`routes`").items(), pairs, strict=True):
        shape = (made.method, *(part._replace(name=part.name and "") for part in made.parts))
        if shape in seen:
            raise one.error(f"route '{text}': it is the same route as '{seen[shape]}'")
        seen[shape] = text
    return Matcher(pairs)
