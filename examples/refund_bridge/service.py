"""The refund bridge: it answers calls about refunds, with three vendors, and says how it went."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import uvicorn
from google.cloud import dialogflowcx_v3 as dialogflow
from simple_salesforce.format import format_soql
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.routing import Route

import cxotel
from examples.clients import WORKSPACE, Clients, connect, session

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.requests import Request

LINE = "+15550100"
"""The number that customers call."""


@dataclass(frozen=True, slots=True)
class Call:
    """An incoming call, as the telephony platform's webhook tells of it."""

    sid: str
    caller: str
    order: str
    said: tuple[str, ...]


class RefundBridge:
    """Answer calls about refunds.

    Args:
        clients: The vendors' client libraries.
    """

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._bot: Any = clients.dialogflow

    @cxotel.journey(
        "refund",
        channel="voice",
        contact_id=lambda _, call: call.sid,
        customer=lambda _, call: call.caller,
    )
    def answer(self, call: Call) -> str:
        """Handle a call, and return how it ended."""
        with cxotel.step("talk to the bot"):
            wants_person = self._talk(call)
        with cxotel.step("find order"):
            case = self._find_case(call)
        if wants_person:
            with cxotel.step("pass to a person"):
                self._pass_on(call)
            outcome = "escalated"
        else:
            with cxotel.step("pay back"):
                self._pay_back(call, case)
            outcome = "contained"
        cxotel.outcome(outcome)
        return outcome

    @cxotel.journey("refund call ended", contact_id=lambda _, sid: sid)
    def ended(self, sid: str) -> None:
        """Look up how well the two could hear each other, once the call is over."""
        self._clients.twilio.insights.v1.calls(sid).metrics.list()

    def _talk(self, call: Call) -> bool:
        """Pass on what the customer said, until the bot gives up; tell whether it did."""
        for text in call.said:
            words = dialogflow.QueryInput(text=dialogflow.TextInput(text=text), language_code="en")
            reply = self._bot.detect_intent(
                request=dialogflow.DetectIntentRequest(session=session(call.sid), query_input=words)
            )
            if any("live_agent_handoff" in each for each in reply.query_result.response_messages):
                return True
        return False

    def _find_case(self, call: Call) -> str:
        query = format_soql("SELECT Id, Status FROM Case WHERE Order__c = {}", call.order)
        found: Any = self._clients.salesforce.query(query)
        return str(found["records"][0]["Id"])

    def _pass_on(self, call: Call) -> None:
        """Queue the customer for a person, who accepts."""
        attributes = json.dumps({"queue": "billing", "call_sid": call.sid})
        tasks = self._clients.twilio.taskrouter.v1.workspaces(WORKSPACE).tasks
        task = tasks.create(attributes=attributes)
        reservations = tasks(str(task.sid)).reservations
        for reservation in reservations.list(reservation_status="pending"):
            reservations(str(reservation.sid)).update(reservation_status="accepted")
        task.fetch()  # how long it waited

    def _pay_back(self, call: Call, case: str) -> None:
        cases: Any = self._clients.salesforce.Case
        cases.update(case, {"Status": "Refunded"})
        self._clients.twilio.messages.create(
            to=call.caller, from_=LINE, body="Your money is on its way."
        )


def application(bridge: RefundBridge) -> Starlette:
    """Return the web application: two webhooks of the telephony platform."""

    async def call(request: Request) -> JSONResponse:
        told = await request.json()
        call = Call(told["sid"], told["from"], told["order"], tuple(told["said"]))
        return JSONResponse({"outcome": await run_in_threadpool(bridge.answer, call)})

    async def ended(request: Request) -> JSONResponse:
        told = await request.json()
        await run_in_threadpool(bridge.ended, told["sid"])
        return JSONResponse({})

    routes = [Route("/calls", call, methods=["POST"]), Route("/ended", ended, methods=["POST"])]
    return Starlette(routes=routes, lifespan=_flushed)


@contextlib.asynccontextmanager
async def _flushed(_: Starlette) -> AsyncGenerator[None, None]:
    """Send what is left before the server ends: it may be killed without running `atexit`."""
    yield
    cxotel.configure().shutdown()


def main() -> None:
    """Serve."""
    cxotel.configure(
        "refund-bridge", file="refund_bridge.jsonl", settings={"owners": {"salesforce": "crm-team"}}
    )
    cxotel.instrument()
    bridge = RefundBridge(connect())
    uvicorn.run(application(bridge), port=int(os.environ["PORT"]), log_level="warning")


if __name__ == "__main__":
    main()
