"""The contract, phrase by phrase: each check takes a `Case` and raises `AssertionError`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxotel.testing.checks.carried import check_carried
from cxotel.testing.checks.endings import check_cancelled, check_interrupted, check_timed_out
from cxotel.testing.checks.once import check_instrumented_twice, check_one_span_among_neighbours
from cxotel.testing.checks.orders import check_orders
from cxotel.testing.checks.privacy import check_canaries, check_canaries_among_neighbours
from cxotel.testing.checks.readers import check_raising_hook, check_raising_reader
from cxotel.testing.checks.spans import check_metrics, check_registry, check_spans
from cxotel.testing.checks.streams import (
    check_stream,
    check_stream_closed_early,
    check_stream_fails,
)
from cxotel.testing.checks.surroundings import (
    check_context_kept,
    check_journey,
    check_outside,
    check_suppressed,
)
from cxotel.testing.checks.table import check_complete
from cxotel.testing.checks.together import check_eight_at_once, check_one_client
from cxotel.testing.checks.undo import check_cached_method_silent, check_classes_restored
from cxotel.testing.checks.untouched import check_same_exception, check_same_result

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.testing.case import Case

    Check = Callable[[Case], None]

BY_CLIENT: tuple[Check, ...] = (
    check_spans,
    check_registry,
    check_metrics,
    check_same_result,
    check_same_exception,
    check_raising_reader,
    check_raising_hook,
    check_suppressed,
    check_journey,
    check_outside,
    check_carried,
    check_context_kept,
    check_canaries,
    check_canaries_among_neighbours,
    check_classes_restored,
    check_cached_method_silent,
    check_instrumented_twice,
    check_one_span_among_neighbours,
    check_cancelled,
    check_timed_out,
    check_interrupted,
    check_stream,
    check_stream_closed_early,
    check_stream_fails,
    check_eight_at_once,
    check_one_client,
)
"""Checks that make sense for each client on its own."""

WHOLE: tuple[Check, ...] = (check_complete, check_orders)
"""Checks of the vendor as a whole."""

CHECKS: tuple[Check, ...] = (*BY_CLIENT, *WHOLE)
"""The whole contract."""

__all__ = [
    "BY_CLIENT",
    "CHECKS",
    "WHOLE",
    "check_cached_method_silent",
    "check_canaries",
    "check_canaries_among_neighbours",
    "check_cancelled",
    "check_carried",
    "check_classes_restored",
    "check_complete",
    "check_context_kept",
    "check_eight_at_once",
    "check_instrumented_twice",
    "check_interrupted",
    "check_journey",
    "check_metrics",
    "check_one_client",
    "check_one_span_among_neighbours",
    "check_orders",
    "check_outside",
    "check_raising_hook",
    "check_raising_reader",
    "check_registry",
    "check_same_exception",
    "check_same_result",
    "check_spans",
    "check_stream",
    "check_stream_closed_early",
    "check_stream_fails",
    "check_suppressed",
    "check_timed_out",
]
