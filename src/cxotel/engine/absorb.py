"""A live span that another instrumentation made for the same call, used in place of a second."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from opentelemetry import trace
from opentelemetry.trace import Status

from cxotel import privacy, semconv

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from opentelemetry.context import Context
    from opentelemetry.trace import Span, StatusCode


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
