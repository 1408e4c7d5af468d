"""Vonage's products that tell who somebody is: Verify, look-ups, and the networks' own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxotel import semconv
from cxotel.engine import (
    Fact,
    Operation,
    body,
    const,
    first,
    item,
    mapped,
    raised,
    told,
    walk,
)
from cxotel.vendors.families.rest_paths import segments

if TYPE_CHECKING:
    from cxotel.engine import Call, Problem, Reader

VERIFY_RESULT = {"completed": "succeeded", "expired": "timed_out", "failed": "failed"}
"""https://developer.vonage.com/en/api/verify.v2#webhooks."""

LEGACY_RESULT = {
    "0": "succeeded",
    "16": "failed",
    "17": "failed",
    "SUCCESS": "succeeded",
    "FAILED": "failed",
    "EXPIRED": "timed_out",
}
"""A check's status and a search's: https://developer.vonage.com/en/api/verify#verifyCheck."""

_WRONG_CODE = frozenset({400, 410})
"""HTTP statuses of a check of a wrong code, and of one too many.

https://developer.vonage.com/en/api/verify.v2#checkVerification
"""
_WRONG_LEGACY_CODE = frozenset({"16", "17"})


def in_path(position: int) -> Reader:
    """Return a reader of the id at one place of the path."""
    return lambda call: segments(call.argument("request_path"))[position]


def wrong_code(call: Call, problem: Problem) -> bool:
    """Tell whether a customer has mistyped a code."""
    if call.plan.operation.name == "check_legacy_code":
        return problem.code in _WRONG_LEGACY_CODE
    return call.plan.operation.name == "check_code" and call.status in _WRONG_CODE


def _checked(request_id: Reader, result: Reader, *, each: Reader | None = None) -> Fact:
    """Return the fact that somebody's identity was checked."""
    reads = {
        semconv.CX_AUTHENTICATION_ID: request_id,
        semconv.CX_AUTHENTICATION_RESULT: result,
    }
    return told("authentication", reads, each=each, when=result)


VERIFICATION: dict[str, Reader] = {semconv.CX_AUTHENTICATION_ID: body("request_id")}
ON_VERIFICATION: dict[str, Reader] = {semconv.CX_AUTHENTICATION_ID: in_path(2)}
NUMBER_IS_THEIRS = mapped(body("devicePhoneNumberVerified"), {True: "succeeded", False: "failed"})


def _identity(
    name: str,
    *facts: Fact,
    request: dict[str, Reader] | None = None,
    response: dict[str, Reader] | None = None,
) -> Operation:
    return Operation(
        name, layer="identity", request=request or {}, response=response or {}, facts=facts
    )


IDENTITY = {
    "POST v2/verify": _identity("start_verification", response=VERIFICATION),
    "POST v2/verify/*": _identity(
        "check_code",
        _checked(
            in_path(2),
            first(mapped(body("status"), VERIFY_RESULT), const("failed", when=raised)),
        ),
        request=ON_VERIFICATION,
    ),
    "DELETE v2/verify/*": _identity("cancel_verification", request=ON_VERIFICATION),
    "POST v2/verify/*/next_workflow": _identity("try_next_workflow", request=ON_VERIFICATION),
    "POST verify/json": _identity("start_legacy_verification", response=VERIFICATION),
    "POST verify/psd2/json": _identity("start_legacy_verification", response=VERIFICATION),
    "POST verify/check/json": _identity(
        "check_legacy_code",
        _checked(body("request_id"), mapped(body("status"), LEGACY_RESULT)),
        response=VERIFICATION,
    ),
    "GET verify/search/json": _identity(
        "fetch_legacy_verification",
        _checked(
            item("request_id"),
            mapped(item("status"), LEGACY_RESULT),
            each=lambda call: walk(call.document, ("verification_requests",)) or [call.document],
        ),
    ),
    "POST verify/control/json cancel": _identity("cancel_legacy_verification"),
    "POST verify/control/json trigger_next_event": _identity("try_next_legacy_event"),
    "GET ni/basic/json": _identity("look_up_number"),
    "GET ni/standard/json": _identity("look_up_number"),
    "GET ni/advanced/json": _identity("look_up_number"),
    "POST identity-insights/v1/requests": _identity("look_up_identity"),
    "POST oauth2/bc-authorize": _identity("request_network_access"),
    "POST oauth2/token": _identity("fetch_network_token"),
    "POST camara/sim-swap/v040/check": _identity("check_sim_swap"),
    "POST camara/number-verification/v031/verify": _identity(
        "verify_number",
        told(
            "authentication",
            {semconv.CX_AUTHENTICATION_RESULT: NUMBER_IS_THEIRS},
            when=NUMBER_IS_THEIRS,
        ),
    ),
}
"""Operations of the layer `identity`, by their keys."""
