"""What the calls of the identity client mean, as a table: `cxotel.instrument(VENDOR)`."""

from __future__ import annotations

from typing import Final

from cxotel import semconv
from cxotel.engine import Operation, Target, Vendor, body, mapped

MODULE: Final = "cxotel.demo.identity.client"
RESULTS: Final = {"verified": "succeeded", "rejected": "failed"}
"""The service's words, and the registry's."""

VENDOR: Final = Vendor(
    name="identity",
    layer="identity",
    requires=("httpx >= 0.25",),
    targets=(Target(MODULE, "IdentityClient.request"),),
    clients=(MODULE,),
    identify=lambda call: f"{call.argument('method')} {call.argument('path')}",
    document=lambda reply: reply,
    error_code=lambda error: getattr(error, "code", None),
    throttled=frozenset({"slow_down"}),
    operations={
        "POST /v1/verifications": Operation(
            "verify_customer",
            kind="authentication",
            shows=("responsiveness", "reliability", "effort"),
            response={
                semconv.CX_AUTHENTICATION_ID: body("id"),
                semconv.CX_AUTHENTICATION_RESULT: mapped(body("result"), RESULTS),
            },
        ),
    },
)
