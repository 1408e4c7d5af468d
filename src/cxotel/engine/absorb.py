"""A live span that another instrumentation made for the same call, used in place of a second."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from opentelemetry import trace
from opentelemetry.trace import Status

from cxotel import privacy, semconv

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from opentelemetry.context import Context
    from opentelemetry.trace import Span, StatusCode

    from cxotel.engine.call import Call


def absorbed(parent: Context, scopes: Collection[str]) -> Span | None:
    """Return the live span of one of *scopes* that is current, kept free of an error's words.

    Args:
        parent: The context that the call is made in.
        scopes: Names of instrumentation scopes, as in `Vendor.absorbs`.
    """
    if not scopes:
        return None
    span = trace.get_current_span(parent)
    scope = getattr(getattr(span, "instrumentation_scope", None), "name", "")
    if scope not in scopes or not span.is_recording():
        return None
    if not privacy.permitted(semconv.CX_ERROR_MESSAGE):
        _keep_words_out(span)
    return span


def rename(span: Any, call: Call) -> None:
    """Name an HTTP client's span by what the call means, and take ids out of its URL.

    Args:
        span: The live span of another instrumentation.
        call: A call of a vendor that is known by its hosts.
    """
    from opentelemetry.semconv._incubating.attributes import http_attributes
    from opentelemetry.semconv.attributes import url_attributes

    address = call.address
    template = call.plan.operation.static.get(semconv.URL_TEMPLATE, "")
    if address is None:
        return
    whole = f"{address.scheme}://{address.host}{template}"
    plain = {
        url_attributes.URL_FULL: whole,
        url_attributes.URL_PATH: template,
        url_attributes.URL_QUERY: "",
        http_attributes.HTTP_URL: whole,
        http_attributes.HTTP_TARGET: template,
    }
    told: Mapping[str, object] = span.attributes or {}
    span.update_name(call.plan.span_name)
    span.set_attributes({key: value for key, value in plain.items() if key in told})


def _keep_words_out(span: Any) -> None:
    """Let *span* forget what an error says: vendors repeat in it what the customer sent.

    Whoever made the span describes a failure to it after our call is closed, so it cannot be
    cleaned then.
    """
    span.set_status = partial(_set_status, span.set_status)
    span.record_exception = partial(_record_exception, span)


def _set_status(
    set_status: Callable[..., None], status: Status | StatusCode, description: str | None = None
) -> None:
    set_status(status.status_code if isinstance(status, Status) else status)


def _record_exception(span: Span, exception: BaseException, *_: object, **__: object) -> None:
    from opentelemetry.semconv.attributes.exception_attributes import EXCEPTION_TYPE

    kind = type(exception)
    span.add_event("exception", {EXCEPTION_TYPE: f"{kind.__module__}.{kind.__qualname__}"})
