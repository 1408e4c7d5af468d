"""What services of AWS share in boto3 and aiobotocore: one choke point, errors, ids, retries.

botocore's endpoint lies inside every other instrumentation of botocore, so a span that one of them
made for the same call is there to be enriched, whoever patched first. botocore's own events would
come close, but a call that is cancelled between two events never reports its end.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from cxotel import semconv
from cxotel.engine import Problem, Target, Vendor, body, json_text, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from cxotel.engine import Arguments, Call, Operation, Reader
    from cxotel.semconv import CxLayer

_OTHERS = "opentelemetry.instrumentation.botocore"
_FIRST_ERROR = 300
"""botocore raises from 300 on, after its endpoint has returned."""


def botocore_vendor(
    name: str,
    layer: CxLayer,
    *,
    services: Mapping[str, str],
    operations: Mapping[str, Operation],
    request: Mapping[str, Reader] | None = None,
    throttled: Collection[str] = (),
    refusals: Collection[str] = (),
) -> Vendor:
    """Return the description of a system that botocore calls.

    Args:
        name: The system's name.
        layer: Where in the stack its calls go.
        services: The service's name in botocore to the name of the class of its clients.
        operations: Operations by AWS's own name of them, such as `DescribeContact`.
        request: Attributes read before every call.
        throttled: Codes for too many requests, beside those that all of AWS has.
        refusals: Codes by which the service says no to a customer, and has done its work.
    """
    refused = frozenset(refusals)
    libraries = ("botocore.client", "aiobotocore.client")
    return Vendor(
        name=name,
        layer=layer,
        requires=("botocore >= 1.39.9", "boto3 >= 1.39.9", "aiobotocore >= 2.24"),
        targets=(
            Target(
                "botocore.endpoint",
                "Endpoint.make_request",
                when=lambda call: _service(call) in services,
            ),
        ),
        clients=tuple(f"{each}.{kind}" for each in libraries for kind in services.values()),
        anchor=lambda client: client._endpoint,  # noqa: SLF001 - what the client's calls pass through
        identify=lambda call: call.argument("operation_model").name,
        document=lambda response: response[1],
        failure=_failure,
        raises=("botocore",),
        refused=lambda _, problem: problem.code in refused,
        throttled=frozenset({"ThrottlingException", "TooManyRequestsException", *throttled}),
        absorbs=(_OTHERS, *(f"{_OTHERS}.{service}" for service in services)),
        request=request or {},
        response={
            semconv.CX_VENDOR_REQUEST_ID: body("ResponseMetadata", "RequestId"),
            semconv.HTTP_REQUEST_RESEND_COUNT: lambda call: (
                walk(call.document, ("ResponseMetadata", "RetryAttempts")) or None
            ),
        },
        operations=operations,
    )


def asked(*names: str) -> Reader:
    """Return a reader of the first member of the request, in its path or body, that is there."""

    def read(call: Call) -> object:
        content = {**_body(call), **_labels(call)}
        return next((content[name] for name in names if name in content), None)

    return read


def carrying(member: str, limit: int | None = None) -> Callable[[Call, str], Arguments | None]:
    """Return what writes the journey id into a map of the request, in a copy.

    Args:
        member: The map's name, such as `Attributes`.
        limit: Bytes of UTF-8 that its keys and values may have together.
    """

    def carry(call: Call, journey_id: str) -> Arguments | None:
        request = call.argument("request_dict")
        content: dict[str, Any] = json.loads(request["body"])
        pairs: dict[str, str] = {**(content.get(member) or {}), "cx_journey_id": journey_id}
        size = sum(len(f"{key}{value}".encode()) for key, value in pairs.items())
        if limit is not None and size > limit:
            return None
        written = json.dumps({**content, member: pairs}).encode()
        return call.replacing("request_dict", {**request, "body": written})

    return carry


def error_code(call: Call) -> str | None:
    """Read AWS's name of what is wrong, such as `ResourceNotFoundException`."""
    return walk(call.document, ("Error", "Code"))


def _service(call: Call) -> str:
    return call.argument("operation_model").service_model.service_name


def _failure(call: Call) -> Problem | None:
    if call.response[0].status_code < _FIRST_ERROR:
        return None
    code = error_code(call)
    return Problem(code or str(call.response[0].status_code), code)


def _labels(call: Call) -> dict[str, str]:
    """Read the ids out of the path with the template that the service's model gives."""
    template = call.argument("operation_model").http["requestUri"].partition("?")[0].split("/")
    path = call.argument("request_dict")["url_path"].split("/")
    pairs = zip(template, path, strict=False)
    return {name[1:-1]: value for name, value in pairs if name.startswith("{")}


def _body(call: Call) -> dict[str, Any]:
    """Parse the request's JSON, which botocore has written by now."""
    return cast("dict[str, Any]", json_text(call.argument("request_dict")["body"]) or {})
