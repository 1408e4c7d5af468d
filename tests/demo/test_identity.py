"""The demo's in-house identity client, observed by a vendor's table of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.demo.identity.client import IdentityClient, IdentityError, IdentityTimeoutError
from cxotel.demo.identity.far_end import IdentityFarEnd
from cxotel.testing import ABSENT, Case, Example, VendorContract
from cxotel.testing.canary import CANARY

if TYPE_CHECKING:
    from cxotel.testing.case import At

CODE = "417"
WHO = "+15550100"
ANYTHING = f"{CANARY.phone}, {CANARY.name}, {CANARY.email}: {CANARY.text}"


def service() -> IdentityFarEnd:
    """Return the service, which knows two customers."""
    far_end = IdentityFarEnd()
    far_end.codes.update({WHO: CODE, ANYTHING: CODE})
    return far_end


def hang(at: At) -> None:
    """Let the far end never answer."""
    at.far_end.faults.add("identity", "verify", Fault(hang=True))


def throttle(at: At) -> None:
    """Let the far end refuse."""
    at.far_end.faults.add("identity", "verify", Fault(failure="throttled"))


class TestIdentity(VendorContract):
    """Every phrase of the contract is a test."""

    case = Case(
        vendor="cxotel.demo.identity.vendor:VENDOR",
        far_end=service,
        clients={"sync": lambda far_end: IdentityClient(far_end.url)},
        reset=lambda far_end: far_end.clear(),
        common={semconv.SERVER_ADDRESS: "127.0.0.1", semconv.HTTP_RESPONSE_STATUS_CODE: 200},
        examples=(
            Example(
                operation="verify_customer",
                call=lambda at: at.client.verify(WHO, CODE),
                attributes={
                    semconv.CX_AUTHENTICATION_ID: str,
                    semconv.CX_AUTHENTICATION_RESULT: "succeeded",
                },
            ),
            Example(
                operation="verify_customer",
                call=lambda at: at.client.verify(WHO, "0"),
                attributes={
                    semconv.CX_AUTHENTICATION_ID: str,
                    semconv.CX_AUTHENTICATION_RESULT: "failed",
                },
            ),
            Example(
                operation="verify_customer",
                prepare=throttle,
                call=lambda at: at.client.verify(WHO, CODE),
                raises=IdentityError,
                error="IdentityError",
                attributes={
                    semconv.HTTP_RESPONSE_STATUS_CODE: 429,
                    semconv.CX_VENDOR_ERROR_CODE: "slow_down",
                    semconv.CX_CALL_THROTTLED: True,
                },
            ),
        ),
        slow=Example(
            operation="verify_customer",
            prepare=hang,
            call=lambda at: at.client.verify(WHO, CODE),
            clients={"sync": lambda far_end: IdentityClient(far_end.url, timeout=0.3)},
            raises=IdentityTimeoutError,
            error="IdentityTimeoutError",
            attributes={
                semconv.CX_CALL_TIMED_OUT: True,
                semconv.HTTP_RESPONSE_STATUS_CODE: ABSENT,
            },
        ),
        canaries=(
            Example(operation="verify_customer", call=lambda at: at.client.verify(ANYTHING, CODE)),
            Example(
                operation="verify_customer",
                call=lambda at: at.client.verify(f"not {ANYTHING}", CODE),
                raises=IdentityError,
            ),
        ),
    )
