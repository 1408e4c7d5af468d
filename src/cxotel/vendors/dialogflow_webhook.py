"""What a request to Dialogflow sends along to the fulfilment webhook: the journey that it is of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from cxotel import semconv
from cxotel.engine import Arguments

if TYPE_CHECKING:
    from cxotel.engine import Call

_FLATTENED = ("session", "query_input")
"""Parts of a request that ES takes as arguments in place of one."""


def carry(call: Call, journey_id: str) -> Arguments | None:
    """Send the journey id along to the fulfilment webhook, as the headers that it would read.

    What the caller sends there itself comes first.
    https://cloud.google.com/dialogflow/cx/docs/reference/rest/v3/QueryParameters, webhookHeaders.
    """
    request, span = call.argument("request"), call.span.get_span_context()
    trace = f"{span.trace_id:032x}-{span.span_id:016x}-{span.trace_flags:02x}"
    headers = {"baggage": f"{semconv.CX_JOURNEY_ID}={journey_id}", "traceparent": f"00-{trace}"}
    if request is not None and not isinstance(request, Mapping):
        copied = type(request)(request)
        copied.query_params = _with_headers(copied.query_params, headers)
        return call.replacing("request", copied)
    parts = {name: call.kwargs[name] for name in _FLATTENED if name in call.kwargs}
    given: dict[str, Any] = {**parts, **(request or {})}
    given["query_params"] = _with_headers(given.get("query_params") or {}, headers)
    args, kwargs = call.replacing("request", given)
    return Arguments(args, {name: kwargs[name] for name in kwargs if name not in parts})


def _with_headers(params: Any, headers: dict[str, str]) -> Any:
    if isinstance(params, Mapping):
        given = dict(cast("Mapping[str, Any]", params))
        return {**given, "webhook_headers": {**headers, **given.get("webhook_headers", {})}}
    copied = type(params)(params)
    copied.webhook_headers = {**headers, **copied.webhook_headers}
    return copied
