"""A vendor that did its work and said no: an answer, and no failure of the vendor's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import cxotel
from cxotel import ExperienceProcessor, semconv
from cxotel.engine import Operation, Problem, Target, Vendor, shield, told
from cxotel.testing import Telemetry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.engine import Call

HERE = __name__


class DeniedError(Exception):
    """The client's exception, with the vendor's code."""

    def __init__(self, code: str) -> None:
        super().__init__("wrong password for jane@example.com")
        self.code = code


def sign_in(code: str) -> None:
    """Refuse whoever signs in, as a client library does."""
    raise DeniedError(code)


def _result(call: Call) -> str | None:
    return {"wrong_password": "failed"}.get(call.error.code)


TOY = Vendor(
    name="toy",
    layer="identity",
    requires=("pytest",),
    clients=(HERE,),
    targets=(Target(HERE, "sign_in"),),
    operations={
        "": Operation(
            "sign_in",
            facts=(told("authentication", {semconv.CX_AUTHENTICATION_RESULT: _result}),),
        )
    },
    error_code=lambda error: error.code,
    refused=lambda _, problem: problem.code == "wrong_password",
    throttled=frozenset({"wrong_password"}),
)


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    """Spans, scored."""
    processor = ExperienceProcessor()
    with Telemetry(processors=(processor,)) as seen:
        yield seen
        cxotel.uninstrument()
        processor.shutdown()


def _sign_in(telemetry: Telemetry, vendor: Vendor, code: str) -> None:
    """Let a customer be refused in a journey, which the refusal ends."""
    cxotel.instrument(
        vendor,
        tracer_provider=telemetry.tracer_provider,
        meter_provider=telemetry.meter_provider,
    )
    with pytest.raises(DeniedError) as raised, cxotel.journey("refund", channel="voice"):
        sign_in(code)
    assert raised.value.code == code


def test_a_refusal_is_a_fact_and_no_failure(telemetry: Telemetry) -> None:
    """The span says what was refused, by code; it has no error, and the vendor no blame."""
    _sign_in(telemetry, TOY, "wrong_password")

    journey, span = telemetry.spans
    said = span["attributes"]
    assert (span["status"], said[semconv.CX_VENDOR_ERROR_CODE]) == ("UNSET", "wrong_password")
    assert not {semconv.ERROR_TYPE, semconv.CX_CALL_MET, semconv.CX_CALL_THROTTLED} & set(said)
    (event,) = span["events"]
    assert event["attributes"][semconv.CX_AUTHENTICATION_RESULT] == "failed"
    assert semconv.CX_EXPERIENCE_LOST_RELIABILITY not in journey["attributes"]


def test_another_error_is_a_failure_as_ever(telemetry: Telemetry) -> None:
    """What the table does not call a refusal has failed, and its facts are not told."""
    _sign_in(telemetry, TOY, "out_of_order")

    journey, span = telemetry.spans
    assert (span["status"], span["events"]) == ("ERROR", [])
    assert span["attributes"][semconv.ERROR_TYPE] == "DeniedError"
    assert journey["attributes"][semconv.CX_EXPERIENCE_LOST_RELIABILITY] == 7


def test_a_refusal_is_counted_as_a_call_without_an_error(telemetry: Telemetry) -> None:
    """An alert on failed calls stays silent when customers forget their passwords."""
    _sign_in(telemetry, TOY, "wrong_password")

    (duration,) = [one for one in telemetry.metrics if one["name"] == "cx.vendor.call.duration"]
    (point,) = duration["points"]
    assert semconv.ERROR_TYPE not in point["attributes"]


def test_a_table_that_cannot_tell_makes_it_a_failure(telemetry: Telemetry) -> None:
    """A mistake in the table costs nobody the exception, and is told as the failure it may be."""

    def broken(_: Call, problem: Problem) -> bool:
        raise ValueError(problem.code)

    shield.forget()
    _sign_in(telemetry, replace(TOY, refused=broken), "wrong_password")

    assert telemetry.spans[1]["status"] == "ERROR"
    assert len(telemetry.logs) == 1
