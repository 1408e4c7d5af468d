"""Client libraries that Stainless generates: one method makes every request, retries included."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from cxotel.engine import Target, json_text, walk

if TYPE_CHECKING:
    from cxotel.engine import Arguments, Call, Reader


def targets(package: str) -> tuple[Target, ...]:
    """Return the one method of the synchronous client, and that of the asynchronous one.

    Args:
        package: The library's top-level package, such as `telnyx`.
    """
    module = f"{package}._base_client"
    return (Target(module, "SyncAPIClient.request"), Target(module, "AsyncAPIClient.request"))


def asked(call: Call) -> tuple[str, list[str]]:
    """Return a request's verb, and what stands between the slashes of its path.

    Args:
        call: A call of the library.
    """
    options = call.argument("options")
    return options.method.upper(), options.url.partition("?")[0].strip("/").split("/")


def sent(*path: str | int) -> Reader:
    """Return a reader of what a request sends as JSON.

    Args:
        path: Keys or positions that lead to the value.
    """
    return lambda call: walk(call.argument("options"), ("json_data", *path))


def sending(call: Call, **values: object) -> Arguments:
    """Return the arguments for a call that sends more than the caller said, in copies.

    Args:
        call: A call of the library.
        values: What to add to the JSON that it sends.
    """
    options = copy(call.argument("options"))
    options.json_data = {**(options.json_data or {}), **values}
    return call.replacing("options", options)


def document(reply: Any) -> Any:
    """Return what a reply says: the library's model, or a raw response's JSON.

    What the caller is to stream is not ours to read.

    Args:
        reply: What the client's method returned.
    """
    raw = getattr(reply, "http_response", None)
    if raw is None:
        return reply
    return json_text(raw.content) if raw.is_closed else None
