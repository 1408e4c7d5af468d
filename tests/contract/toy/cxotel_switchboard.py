"""Switchboard calls, seen at the two methods that everything in its client passes through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxotel import semconv
from cxotel.engine import Arguments, Fact, Operation, Target, Vendor, body, const, mapped

if TYPE_CHECKING:
    from cxotel.engine import Call

MODULE = "tests.contract.toy.switchboard"

STATES = {"dialing": "ringing", "talking": "connected", "over": "completed"}
"""The exchange's words for the state of a call, and ours."""


def identify(call: Call) -> str:
    """Name a call by its verb and path, without ids: `GET calls/*/transcript`."""
    parts = call.argument("path").strip("/").split("/")
    parts[1:2] = ["*"] * len(parts[1:2])
    return f"{call.argument('method', 'GET')} {'/'.join(parts)}"


def carry(call: Call, journey_id: str) -> Arguments:
    """Send the journey id along as a reference, in a copy of what the caller gave."""
    content = {**call.argument("content"), "reference": journey_id}
    return Arguments((call.argument("method"), call.argument("path"), content), {})


CONTACT = {
    semconv.CX_CONTACT_ID: body("id"),
    semconv.CX_CONTACT_STATUS: mapped(body("state"), STATES),
}

VENDOR = Vendor(
    name="switchboard",
    layer="contact_center",
    requires=("httpx >= 0.25",),
    targets=(
        Target(MODULE, "Client.request"),
        Target(MODULE, "AsyncClient.request"),
        Target(MODULE, "Client.stream", streams=True),
        Target(MODULE, "AsyncClient.stream", streams=True),
    ),
    clients=(MODULE,),
    identify=identify,
    document=lambda reply: reply,
    error_code=lambda error: getattr(error, "code", None),
    throttled=frozenset({"slow_down"}),
    operations={
        "POST calls": Operation(
            "place_call",
            shows=("reach", "responsiveness", "reliability"),
            request={semconv.CX_CONTACT_DIRECTION: const("outbound")},
            response=CONTACT,
            carry=carry,
        ),
        "GET calls/*": Operation(
            "fetch_call",
            response=CONTACT,
            facts=(
                Fact(
                    semconv.EVENT_CX_QUEUE,
                    "queue",
                    when=body("queue"),
                    reads={
                        semconv.CX_EVIDENCE_ID: body("id"),
                        semconv.CX_QUEUE_NAME: body("queue", "name"),
                        semconv.CX_QUEUE_WAIT: body("queue", "waited_ms"),
                        semconv.CX_QUEUE_RESULT: const("answered"),
                    },
                ),
            ),
        ),
        "GET calls/*/transcript": Operation(
            "read_transcript",
            customer_waits=False,
            response={semconv.CX_CALL_ITEMS: lambda call: call.pieces},
        ),
    },
)
