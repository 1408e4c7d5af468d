"""Client libraries made by OpenAPI Generator, or by Swagger Codegen before it.

Their `ApiClient` is given a path as a template, apart from the ids in it: that is the call's name.
What it sends and returns are mappings, or models with the same names in snake case.
"""

from __future__ import annotations

import re
from copy import copy
from typing import TYPE_CHECKING, Any, cast

from cxotel.engine import json_text, walk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxotel.engine import Arguments, Call, Reader

_ID = re.compile(r"\{\w+\}")


def template(call: Call) -> str:
    """Return a call's path, in which an id is a star: `/crm/v3/objects/tickets/*`."""
    return _ID.sub("*", call.argument("resource_path"))


def in_path(name: str) -> Reader:
    """Return a reader of an id in the path.

    Args:
        name: Its name in the template.
    """
    return lambda call: walk(call.argument("path_params"), (name,))


def sent(name: str) -> Reader:
    """Return a reader of a field of what a call sends: JSON by its own name, or a model.

    Args:
        name: The field's name in JSON.
    """
    snake = re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()

    def read(call: Call) -> object:
        body = call.argument("body")
        return walk(body, (name if isinstance(body, dict) else snake,))

    return read


def adding(content: dict[str, Any], field: str, values: Mapping[str, str]) -> dict[str, Any]:
    """Return a copy of *content* with more in one of its mappings.

    Args:
        content: What is sent as JSON.
        field: The field that is a mapping of the caller's own.
        values: What to add there; a key that the caller has set stays as it is.
    """
    own: dict[str, Any] = content.get(field) or {}
    return {**content, field: {**values, **own}}


def sending(call: Call, field: str, values: Mapping[str, str]) -> Arguments | None:
    """Return the arguments for a call that sends more than the caller said, in copies.

    Args:
        call: A call of the library.
        field: The field of what it sends that is a mapping of the caller's own.
        values: What to add there; a key that the caller has set stays as it is.
    """
    body: Any = call.argument("body")
    if isinstance(body, dict):
        return call.replacing("body", adding(cast("dict[str, Any]", body), field, values))
    if not hasattr(body, field):
        return None
    model: Any = copy(body)
    setattr(model, field, {**values, **(getattr(body, field) or {})})
    return call.replacing("body", model)


def error_code(error: Any, *names: str) -> str | None:
    """Return the vendor's code in the JSON of an `ApiException`.

    Args:
        error: The exception; one of the connection has no JSON.
        names: The fields that may hold the code.
    """
    document = json_text(getattr(error, "body", None))
    codes = (walk(document, (name,)) for name in names)
    return next((code for code in codes if code is not None), None)


def cause(error: BaseException) -> BaseException:
    """Return what an exception of urllib3's retries wraps: a time limit, a broken connection.

    urllib3's `MaxRetryError` has it in `reason`:
    https://urllib3.readthedocs.io/en/stable/reference/urllib3.exceptions.html
    """
    reason = getattr(error, "reason", None)
    return reason if isinstance(reason, BaseException) else error
