"""What is in a request to a service of AWS, as botocore hands it to its endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from cxotel.engine import json_text

if TYPE_CHECKING:
    from cxotel.engine import Call, Reader


def asked(*names: str) -> Reader:
    """Return a reader of the first member of the request, in its path or body, that is there."""

    def read(call: Call) -> object:
        content = {**_body(call), **_labels(call)}
        return next((content[name] for name in names if name in content), None)

    return read


def _labels(call: Call) -> dict[str, str]:
    """Read the ids out of the path with the template that the service's model gives."""
    template = call.argument("operation_model").http["requestUri"].partition("?")[0].split("/")
    path = call.argument("request_dict")["url_path"].split("/")
    pairs = zip(template, path, strict=False)
    return {name[1:-1]: value for name, value in pairs if name.startswith("{")}


def _body(call: Call) -> dict[str, Any]:
    """Parse the request's JSON, which botocore has written by now."""
    return cast("dict[str, Any]", json_text(call.argument("request_dict")["body"]) or {})
