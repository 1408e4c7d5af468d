"""What every call of a table tells, and how its replies fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cxotel import semconv
from cxotel.engine import Problem
from cxotel.routes.conditions import condition
from cxotel.routes.places import Around, place
from cxotel.routes.values import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cxotel.engine import Call, Reader
    from cxotel.routes.node import Node

_LIMITS: Final = {
    "limit": semconv.CX_RATE_LIMIT_LIMIT,
    "remaining": semconv.CX_RATE_LIMIT_REMAINING,
    "reset": semconv.CX_RATE_LIMIT_RESET,
}
_FIRST_ERROR: Final = 400
_RETURNED: Final = "returned_error"
"""`error.type` of an error that came back with a status of success."""


def where() -> dict[str, Reader]:
    """Return what is read of where every call goes."""
    return {
        semconv.HTTP_REQUEST_METHOD: lambda call: call.address.method if call.address else None,
        semconv.SERVER_ADDRESS: lambda call: call.address.host if call.address else None,
    }


def of_every_reply(fields: Mapping[str, Node]) -> dict[str, Reader]:
    """Return what is read from every reply: status, request id, rate limits."""
    reads: dict[str, Reader] = {
        semconv.HTTP_RESPONSE_STATUS_CODE: lambda call: call.response and call.response.status
    }
    if "request_id" in fields:
        name = semconv.CX_VENDOR_REQUEST_ID
        reads[name] = Value(name, fields["request_id"], Around()).reader
    if "rate_limit" in fields:
        for word, node in fields["rate_limit"].fields("field", tuple(_LIMITS)).items():
            reads[_LIMITS[word]] = Value(_LIMITS[word], node, Around()).reader
    return reads


def failing(
    fields: Mapping[str, Node], answers: Mapping[str, frozenset[int]]
) -> Callable[[Call], Problem | None]:
    """Return what tells how a reply that was returned is a failure."""
    code = _code(fields.get("error_code"))
    returned, returned_code = _returned(fields.get("failure"), code)

    def failure(call: Call) -> Problem | None:
        if call.response is None:
            return None
        status = call.response.status
        if status >= _FIRST_ERROR:
            is_answer = status in answers.get(call.notes.get("route", ""), ())
            return None if is_answer else Problem(str(status), code(call))
        if returned is not None and returned(call):
            return Problem(_RETURNED, returned_code(call))
        return None

    return failure


def _code(node: Node | None) -> Callable[[Call], str | None]:
    """Return a reader of the vendor's code; a whole number is one too."""
    readers = [
        one.fit(lambda text: place(text, Around()))
        for one in (node.each() if node is not None else ())
    ]

    def read(call: Call) -> str | None:
        for reader in readers:
            value = reader(call)
            if isinstance(value, (str, int)) and not isinstance(value, bool) and value != "":
                return str(value)
        return None

    return read


def _returned(
    node: Node | None, code: Callable[[Call], str | None]
) -> tuple[Reader | None, Callable[[Call], str | None]]:
    """Return when a reply of success is a failure, and its code."""
    if node is None:
        return None, code
    fields = node.fields("field of failure", ("when", "code"))
    if "when" not in fields:
        raise node.error("`when` of `failure` is missing")
    own = _code(fields["code"]) if "code" in fields else code
    return condition(fields["when"], Around()), own


def code_of_exception(_: Any) -> str | None:
    """Return no code: what an HTTP library raises has none of the vendor's."""
    return None
