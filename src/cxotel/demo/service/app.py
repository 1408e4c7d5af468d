"""The web application: what Twilio, the chat window, agents' desks and Amazon Connect send us."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from twilio.twiml.voice_response import VoiceResponse

from cxotel.demo.service.chat import answer_chat, end_chat
from cxotel.demo.service.connect import ContactEvent, call_back, end_call_back
from cxotel.demo.service.conversation import Conversation, Conversations, Reply
from cxotel.demo.service.sound import Reports
from cxotel.demo.service.voice import answer_call, review_call, talk_to_agent

if TYPE_CHECKING:
    from starlette.requests import Request

    from cxotel.demo.service.clients import Clients


class Webhooks:
    """The endpoints.

    Args:
        clients: The vendors' clients.
    """

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._customers = Conversations()
        self._desks = Conversations()
        self._sounds = Reports()

    def app(self) -> Starlette:
        """Return the application."""
        endpoints = {
            "/voice/incoming": self.incoming_call,
            "/voice/said": self.said,
            "/voice/status": self.call_ended,
            "/taskrouter/assignment": self.assigned,
            "/desk": self.desk,
            "/media/softphone": self.softphone,
            "/media/trunk": self.trunk,
            "/chat/begin": self.chat,
            "/chat/message": self.message,
            "/callback": self.asked_for_call,
            "/connect/events": self.connect_event,
        }
        return Starlette(
            routes=[Route(path, endpoint, methods=["POST"]) for path, endpoint in endpoints.items()]
        )

    def close(self) -> None:
        """End all conversations."""
        self._customers.close()
        self._desks.close()

    # Twilio: https://www.twilio.com/docs/voice/twiml#request-parameters

    async def incoming_call(self, request: Request) -> Response:
        """Answer a call that comes in."""
        form = await _form(request)
        call = Conversation(form["CallSid"], form["From"], {"words": form.get("CallerName", "")})
        return _twiml(await self._customers.begin(call, partial(answer_call, self._clients)))

    async def said(self, request: Request) -> Response:
        """Go on with a call in which the customer said something."""
        form = await _form(request)
        return _twiml(await self._customers.go_on(form["CallSid"], form["SpeechResult"]))

    async def call_ended(self, request: Request) -> Response:
        """Look back on a call that is over."""
        form = await _form(request)
        call = form["CallSid"]
        await run_in_threadpool(review_call, self._clients, call, self._sounds.of(call))
        return Response(status_code=204)

    async def assigned(self, request: Request) -> Response:
        """Accept a task for an agent, and go on with the call."""
        form = await _form(request)
        caller = json.loads(form["TaskAttributes"])
        names = {"task": form["TaskSid"], "reservation": form["ReservationSid"]}
        desk = Conversation(caller["call_sid"], caller["from"], names)
        return _json(await self._desks.begin(desk, partial(talk_to_agent, self._clients)))

    async def desk(self, request: Request) -> Response:
        """Go on with a call in which an agent pressed a button."""
        form = await _form(request)
        return _json(await self._desks.go_on(form["CallSid"], form["Button"]))

    # How calls sounded

    async def softphone(self, request: Request) -> Response:
        """Take what an agent's browser measured: `getStats()` at a call's begin and end."""
        content = await request.json()
        self._sounds.last_mile(content["call"], content["stats"])
        return Response(status_code=204)

    async def trunk(self, request: Request) -> Response:
        """Take what the session border controller publishes of a call (RFC 6035)."""
        self._sounds.trunk(await request.body())
        return Response(status_code=204)

    # The chat window of the web site

    async def chat(self, request: Request) -> Response:
        """Answer somebody who opened the chat window."""
        content = await request.json()
        details = {"name": content["name"], "words": content["words"]}
        chat = Conversation(content["conversation"], content["customer"], details)
        return _json(await self._customers.begin(chat, partial(answer_chat, self._clients)))

    async def message(self, request: Request) -> Response:
        """Go on with a chat in which the customer wrote something."""
        content = await request.json()
        return _json(await self._customers.go_on(content["conversation"], content["text"]))

    # Amazon Connect

    async def asked_for_call(self, request: Request) -> Response:
        """Have somebody called who asked for it on the web site."""
        asked = await request.json()
        contact = await run_in_threadpool(
            call_back, self._clients, asked["customer"], asked["name"]
        )
        return JSONResponse({"contact": contact})

    async def connect_event(self, request: Request) -> Response:
        """Look back on a contact that is over."""
        event = ContactEvent.read(await request.json())
        end = end_chat if event.channel == "CHAT" else end_call_back
        await run_in_threadpool(end, self._clients, event)
        return Response(status_code=204)


async def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))


def _twiml(reply: Reply) -> Response:
    answer: Any = VoiceResponse()
    answer.say(reply.says)
    if reply.then == "listen":
        answer.gather(input="speech", action="/voice/said")
    elif reply.then == "queue":
        answer.enqueue(workflow_sid="WW" + "0" * 32)
    else:
        answer.hangup()
    return Response(str(answer), media_type="text/xml")


def _json(reply: Reply) -> Response:
    return JSONResponse(reply._asdict())
