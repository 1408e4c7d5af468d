"""Failed vendor calls whose error reaches the journey's code."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

import pytest

import cxotel
from cxotel.context import Failure, current

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from typing_extensions import Self

    from tests.journeys.telemetry import Telemetry, Witness


class VendorError(Exception):
    """What a client library raises."""


def _call(span_id: int, error: BaseException | None, *raises: str) -> None:
    """Do what the engine does for a call that failed: leave a note with the journey."""
    now = current()
    assert now is not None
    if now.journey.failures is None:
        now.journey.failures = deque(maxlen=32)
    identity = None if error is None else id(error)
    kind = None if error is None else type(error)
    now.journey.failures.append(Failure("crm", span_id, identity, raises, kind))
    if error is not None:
        raise error


class ExceptionGroup(Exception):  # noqa: N818 - stands in on Python 3.10
    """What several tasks raised, as backports for older versions of Python have it."""

    exceptions: tuple[BaseException, ...] = ()


class _Group:
    """Stands in for `asyncio.TaskGroup`."""

    def __init__(self) -> None:
        self._calls: list[Coroutine[Any, Any, None]] = []

    async def __aenter__(self) -> Self:
        return self

    def create_task(self, call: Coroutine[Any, Any, None]) -> None:
        """Remember what to run."""
        self._calls.append(call)

    async def __aexit__(self, *_: object) -> None:
        group = ExceptionGroup()
        results = await asyncio.gather(*self._calls, return_exceptions=True)
        group.exceptions = tuple(each for each in results if isinstance(each, BaseException))
        raise group from None


def _leave_step_with(error: Exception) -> None:
    with pytest.raises(type(error)), cxotel.step("s"):
        raise error


def _met(witness: Witness) -> list[tuple[str | None, int]]:
    return [what[1:] for what in witness.seen if what[0] == "met"]


def test_an_error_that_leaves_a_step_was_met(told: Telemetry, witness: Witness) -> None:
    """A call's error that leaves its step reached the journey's code, caught there or not."""
    with cxotel.journey("refund"):
        with pytest.raises(VendorError), cxotel.step("look up"):
            _call(0xA, VendorError())
        cxotel.outcome("contained")
    assert _met(witness) == [("look up", 0xA)]
    assert "cx.evidence.cause" not in told.events("refund")[0][1]


def test_an_error_that_its_step_handles_was_not_met(told: Telemetry, witness: Witness) -> None:
    """A failure that the code around the call makes good reached nobody."""
    with cxotel.journey("refund"), cxotel.step("look up"):
        try:
            _call(0xA, VendorError())
        except VendorError:
            told.names()
    assert _met(witness) == []


def test_an_error_that_ends_the_journey_is_the_cause_of_its_outcome(
    told: Telemetry, witness: Witness
) -> None:
    """The outcome `failed` of an escaped error names the call that it came from."""
    with pytest.raises(VendorError), cxotel.journey("refund"), cxotel.step("look up"):
        _call(0xABC, VendorError())
    assert _met(witness) == [("look up", 0xABC), (None, 0xABC)]
    (event,) = told.events("refund")
    assert event[1]["cx.evidence.cause"] == "0000000000000abc"


def test_an_outcome_said_while_handling_an_error_names_its_cause(told: Telemetry) -> None:
    """In an `except` block, `outcome` knows which call led to it."""
    with cxotel.journey("refund"):
        try:
            _call(0xABC, VendorError())
        except VendorError:
            cxotel.outcome("unresolved")
    (event,) = told.events("refund")
    assert event[1]["cx.evidence.cause"] == "0000000000000abc"


def test_an_error_is_recognised_behind_others(witness: Witness) -> None:
    """As the cause of another, as what was being handled, or hidden by `from None`."""

    def cause() -> None:
        try:
            _call(1, VendorError())
        except VendorError as error:
            raise RuntimeError from error

    def during() -> None:
        try:
            _call(2, VendorError())
        except VendorError:
            raise RuntimeError  # noqa: B904 - as careless code does

    def hidden() -> None:
        try:
            _call(3, VendorError())
        except VendorError:
            raise RuntimeError from None

    for fail in (cause, during, hidden):
        with cxotel.journey("refund"), pytest.raises(RuntimeError), cxotel.step("s"):
            fail()
    assert _met(witness) == [("s", 1), ("s", 2), ("s", 3)]


async def test_an_error_is_recognised_in_a_group(witness: Witness) -> None:
    """The errors of concurrent calls come in a group: those are looked at, too."""

    async def call() -> None:
        _call(7, VendorError())

    concurrent: Any = getattr(asyncio, "TaskGroup", _Group)  # which 3.10 does not have
    with cxotel.journey("refund"):
        with pytest.raises(BaseException) as caught, cxotel.step("s"):  # noqa: PT011 - a group
            async with concurrent() as group:
                group.create_task(call())
        assert type(caught.value).__name__ == "ExceptionGroup"
    assert _met(witness) == [("s", 7)]


def test_an_error_raised_later_for_a_reply_is_recognised_by_its_module(witness: Witness) -> None:
    """A client that returns a failure and raises in its own code is known by its exceptions."""
    with cxotel.journey("refund"):
        _call(4, None, "another.module")
        _call(5, None, __name__.rpartition(".")[0])
        _call(6, None, f"{__name__}x")
        _leave_step_with(VendorError())
    assert _met(witness) == [("s", 5)]


def test_the_latest_of_several_failures_is_meant(witness: Witness) -> None:
    """Where two calls could be meant, it is the later."""
    with cxotel.journey("refund"):
        _call(5, None, __name__)
        _call(6, None, __name__)
        _leave_step_with(VendorError())
    assert _met(witness) == [("s", 6)]


def test_another_error_at_the_same_place_in_memory_is_another(witness: Witness) -> None:
    """A freed error's identity may return with an error of another class: that was no call's."""
    error = KeyError()
    with cxotel.journey("refund"):
        now = current()
        assert now is not None
        now.journey.failures = deque([Failure("crm", 9, id(error), (), VendorError)])
        _leave_step_with(error)
    assert _met(witness) == []


def test_errors_that_go_in_circles_end(witness: Witness) -> None:
    """A chain of errors that leads back to itself is looked at once."""
    one, two = VendorError(), KeyError()
    one.__cause__, two.__cause__ = two, one
    with cxotel.journey("refund"):
        _call(9, None, "another.module")
        _leave_step_with(one)
    assert _met(witness) == []
