"""Client libraries that Fern generates: one method makes every request, and calls itself again.

It returns refused replies, of which the library makes exceptions later, out of our sight.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxotel.engine import Problem, Target, json_text, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.engine import Call, Reader

_FIRST_ERROR = 400


def targets(package: str) -> tuple[Target, ...]:
    """Return the one method of the synchronous client, and that of the asynchronous one.

    Args:
        package: Where the generated code is, such as `intercom` or `auth0.management`.
    """
    module = f"{package}.core.http_client"
    return (Target(module, "HttpClient.request"), Target(module, "AsyncHttpClient.request"))


def anchor(client: Any) -> object:
    """Return what makes the requests of a client, or of a part of it.

    Args:
        client: The library's client, or what one of its attributes is.
    """
    paths = (("_client_wrapper",), ("_raw_client", "_client_wrapper"))
    return walk(walk(client, paths[0]) or walk(client, paths[1]), ("httpx_client",))


def asked(call: Call) -> tuple[str, str]:
    """Return a request's verb, and its path without the API's address.

    Args:
        call: A call of the library.
    """
    return call.argument("method"), call.argument("path") or ""


def sent(*path: str | int) -> Reader:
    """Return a reader of what a request sends as JSON.

    Args:
        path: Keys or positions that lead to the value.
    """

    def read(call: Call) -> Any:
        value = walk(call.argument("json"), path)
        return None if value is ... else value  # what the caller left out is an ellipsis

    return read


def document(response: Any) -> Any:
    """Return what a reply says.

    Args:
        response: The HTTP response that the method returned.
    """
    return json_text(response.content)


def failing(*code: str | int) -> Callable[[Call], Problem | None]:
    """Return what finds the problem of a reply that is refused.

    Args:
        code: Keys or positions that lead to the vendor's code in such a reply.
    """

    def failure(call: Call) -> Problem | None:
        status = call.response.status_code
        if status < _FIRST_ERROR:
            return None
        found = walk(call.document, code)
        return Problem(str(status), None if found is None else str(found))

    return failure
