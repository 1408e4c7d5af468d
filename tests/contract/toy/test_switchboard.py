"""Switchboard's vendor, held to the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from cxotel import semconv
from cxotel.testing import ABSENT, Case, Event, Example, VendorContract
from tests.contract.toy.exchange import Exchange
from tests.contract.toy.switchboard import AsyncClient, Client, SwitchboardError

if TYPE_CHECKING:
    from cxotel.testing import At


def refused_with_canaries(at: At) -> Any:
    """Place a call that is refused, in words that repeat what the customer said."""
    said = at.canary
    return at.client.place_call(f"tel:{said.phone}", f"{said.name}, {said.email}: {said.text}")


CASE = Case(
    vendor="tests.contract.toy.cxotel_switchboard:VENDOR",
    far_end=Exchange,
    clients={
        "sync": lambda exchange: Client(exchange.url),
        "async": lambda exchange: AsyncClient(exchange.url),
    },
    reset=lambda exchange: exchange.reset(),
    common={semconv.SERVER_ADDRESS: "127.0.0.1", semconv.HTTP_RESPONSE_STATUS_CODE: 200},
    examples=(
        Example(
            operation="place_call",
            call=lambda at: at.client.place_call("+15550100", f"call {at.number}"),
            attributes={
                semconv.HTTP_RESPONSE_STATUS_CODE: 201,
                semconv.CX_CONTACT_DIRECTION: "outbound",
                semconv.CX_CONTACT_ID: lambda at: at.result["id"],
                semconv.CX_CONTACT_STATUS: "ringing",
            },
        ),
        Example(
            operation="place_call",
            call=lambda at: at.client.place_call("nobody"),
            raises=SwitchboardError,
            error="SwitchboardError",
            attributes={
                semconv.HTTP_RESPONSE_STATUS_CODE: 400,
                semconv.CX_CONTACT_DIRECTION: "outbound",
                semconv.CX_VENDOR_ERROR_CODE: "bad_number",
            },
        ),
        Example(
            operation="fetch_call",
            call=lambda at: at.client.fetch_call("C7"),
            attributes={semconv.CX_CONTACT_ID: "C7", semconv.CX_CONTACT_STATUS: "connected"},
            events=(
                Event(
                    semconv.EVENT_CX_QUEUE,
                    {
                        semconv.CX_EVIDENCE_ID: "C7",
                        semconv.CX_QUEUE_NAME: "billing",
                        semconv.CX_QUEUE_WAIT: 240_000,
                        semconv.CX_QUEUE_RESULT: "answered",
                    },
                ),
            ),
        ),
        Example(
            operation="read_transcript",
            call=lambda at: at.client.transcript("C7"),
            stream=True,
            attributes={semconv.CX_CALL_ITEMS: lambda at: len(at.result)},
        ),
        Example(
            operation="read_transcript",
            prepare=lambda at: setattr(at.far_end, "cut", True),
            call=lambda at: at.client.transcript("C7"),
            stream=True,
            raises=httpx.RemoteProtocolError,
            error="RemoteProtocolError",
            attributes={semconv.CX_CALL_ITEMS: 1},
        ),
    ),
    slow=Example(
        operation="place_call",
        prepare=lambda at: setattr(at.far_end, "slow", True),
        call=lambda at: at.client.place_call("+15550100"),
        clients={"sync": lambda exchange: Client(exchange.url, timeout=0.3)},
        raises=httpx.ReadTimeout,
        error="ReadTimeout",
        attributes={semconv.HTTP_RESPONSE_STATUS_CODE: ABSENT},
    ),
    canaries=(
        Example(
            operation="place_call",
            call=lambda at: at.client.place_call(
                at.canary.phone, f"{at.canary.name}, {at.canary.email}: {at.canary.text}"
            ),
        ),
        Example(operation="place_call", call=refused_with_canaries, raises=SwitchboardError),
        # What is in a path is what instrumentations of HTTP would tell.
        Example(operation="fetch_call", call=lambda at: at.client.fetch_call(at.canary.phone)),
    ),
)


class TestSwitchboard(VendorContract):
    """Every phrase of the contract is a test."""

    case = CASE
