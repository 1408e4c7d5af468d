"""What the suite itself does with a client, which is no part of any example."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from opentelemetry import context as otel_context
from opentelemetry.instrumentation.utils import suppress_instrumentation

if TYPE_CHECKING:
    from collections.abc import Generator

_UNOBSERVED = otel_context.create_key("cxotel-testing-unobserved")


@contextmanager
def unobserved() -> Generator[None, None, None]:
    """Let nothing in a block be observed, and no witness note it."""
    token = otel_context.attach(otel_context.set_value(_UNOBSERVED, value=True))
    try:
        with suppress_instrumentation():
            yield
    finally:
        otel_context.detach(token)


def is_unobserved() -> bool:
    """Tell whether the running code is in such a block."""
    return bool(otel_context.get_value(_UNOBSERVED))
