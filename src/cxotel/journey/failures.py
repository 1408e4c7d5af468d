"""Recognise, in an exception that reached the journey's code, the vendor call that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.context import Failure, JourneyState

_FARTHEST = 32
"""Exceptions looked at: chains and groups can be long, and can run in circles."""


def find_failure(journey: JourneyState, error: BaseException | None) -> Failure | None:
    """Return the failed call that *error* comes from, the latest where several could be meant.

    The exception that left the call is known by its identity, also as the cause or the context of
    another, or within a group. A client that raises later for a reply is known by the module of its
    exceptions.
    """
    if error is None or not journey.failures:
        return None
    errors = list(_related(error))
    latest_first = tuple(journey.failures)[::-1]
    for failure in latest_first:
        if any(_is_same(failure, one) for one in errors):
            return failure
    for failure in latest_first:
        if any(_is_raised_by(failure, one) for one in errors):
            return failure
    return None


def _is_same(failure: Failure, error: BaseException) -> bool:
    return failure.error == id(error) and failure.error_type in (None, type(error))


def _is_raised_by(failure: Failure, error: BaseException) -> bool:
    module = type(error).__module__
    return any(module == name or module.startswith(f"{name}.") for name in failure.raises)


def _related(error: BaseException) -> Iterator[BaseException]:
    """Yield the exception, what it was raised from or during, and what it groups."""
    waiting, seen = [error], set[int]()
    while waiting and len(seen) < _FARTHEST:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        group: tuple[object, ...] = getattr(one, "exceptions", ())
        waiting += [each for each in (one.__cause__, one.__context__) if each is not None]
        waiting += [each for each in group if isinstance(each, BaseException)]
