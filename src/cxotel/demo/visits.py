"""What customers, agents and the vendors' platforms do: they send the service its webhooks."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

from cxotel.demo.far_ends.media import quality_report, snapshots

if TYPE_CHECKING:
    from random import Random

    import httpx

    from cxotel.demo.contact_center import ContactCenter
    from cxotel.demo.population import Customer

_SAY = re.compile(r"<Say>(.*?)</Say>")
_LOST = ("Sorry", "Are you still there")
_PATIENCE = 3
_TALK = 40.0
_CALL = 95.0
"""Seconds that a call lasts, for those who measured its sound."""


class VisitFailedError(Exception):
    """The service did not answer as it should."""


class Answer(NamedTuple):
    """What somebody hears from the service."""

    says: str
    then: str


class Script:
    """What a customer says, in the order in which they say it.

    They say the same again where they were not understood, and ask for a person when that has
    happened three times.

    Example:
        >>> script = Script(["hello", "bye"])
        >>> script.next("How can I help?"), script.next("Sorry, what?"), script.next("I see.")
        ('hello', 'hello', 'bye')
    """

    def __init__(self, lines: list[str]) -> None:
        """Start at the first of the *lines*."""
        self._lines, self._said, self._misses = lines, 0, 0

    def next(self, heard: str) -> str:
        """Return what they say to what they *heard*."""
        if heard.startswith(_LOST):
            self._misses += 1
            if self._misses >= _PATIENCE:
                return "agent"
            return self._lines[max(0, self._said - 1)]
        self._said = min(self._said + 1, len(self._lines))
        return self._lines[self._said - 1]


@dataclass(frozen=True, slots=True)
class Visit:
    """One customer's journey, as the world outside the service sees it.

    Attributes:
        center: The far ends.
        http: A client that reaches the service.
        customer: Who.
        random: Chance, the customer's own.
        speed: How much faster than in real life people speak and think.
        transferred: Whether the first agent sends the customer on, without a word to the next.
        contact: The id of the call, or of the chat.
    """

    center: ContactCenter
    http: httpx.AsyncClient
    customer: Customer
    random: Random
    speed: float
    transferred: bool
    contact: str

    async def run(self) -> str:
        """Live through it, and return the id under which the service knows the contact.

        Raises:
            VisitFailedError: The service did not answer as it should.
        """
        ways = {"call": self._call, "chat": self._chat, "callback": self._callback}
        return await ways[self.customer.way]()

    async def _call(self) -> str:
        who = self.customer
        base = {"CallSid": self.contact, "From": who.phone, "CallStatus": "in-progress"}
        answer = await self._twiml("/voice/incoming", {**base, "CallerName": who.name})
        script = self._script()
        while answer.then == "listen":
            await self._think(who.pace)
            said = {**base, "SpeechResult": script.next(answer.says)}
            answer = await self._twiml("/voice/said", said)
        if answer.then == "queue":
            await self._agent()
            await self._last_mile()
        await self._trunk()
        ended = {**base, "CallStatus": "completed"}
        await self._post("/voice/status", data=ended)
        return self.contact

    async def _agent(self) -> None:
        task, reservation, attributes = self.center.task_of(self.contact)
        names = {"TaskSid": task, "ReservationSid": reservation, "TaskAttributes": attributes}
        await self._post("/taskrouter/assignment", data=names)
        buttons = ["transfer billing"] if self.transferred else []
        for button in (*buttons, "solved"):
            await self._think(_TALK)
            await self._post("/desk", data={"CallSid": self.contact, "Button": button})

    async def _last_mile(self) -> None:
        line = self.center.lines.last_mile.of(self.customer.phone)
        stats = snapshots(line, _CALL, self.random)
        await self._post("/media/softphone", json={"call": self.contact, "stats": stats})

    async def _trunk(self) -> None:
        line = self.center.lines.trunk.of(self.customer.phone)
        report = quality_report(self.contact, line, _CALL, self.random)
        await self._post("/media/trunk", content=report)

    async def _chat(self) -> str:
        who = self.customer
        opened = {"customer": who.phone, "name": who.name, "words": who.words}
        answer = await self._chatted("/chat/begin", opened)
        script = self._script()
        while answer.then == "listen":
            await self._think(who.pace)
            answer = await self._chatted("/chat/message", {"text": script.next(answer.says)})
        if answer.then == "queue":
            await self._contact_ends(self.center.chat_of(self.contact), "CHAT", "solved")
        return self.contact

    async def _callback(self) -> str:
        asked = {"customer": self.customer.phone, "name": self.customer.name}
        reply = await self._post("/callback", json=asked)
        reason = self.center.connect.conditions.disconnect_reason.of(self.customer.phone)
        solved = None if reason == "TELECOM_PROBLEM" else "solved"
        contact = str(reply.json()["contact"])
        await self._contact_ends(contact, "VOICE", solved)
        return contact

    async def _contact_ends(self, contact: str, channel: str, disposition: str | None) -> None:
        await self._think(_TALK)
        tags = {"disposition": disposition} if disposition else {}
        if channel == "CHAT":
            tags["conversation"] = self.contact
        detail = {"contactId": contact, "eventType": "COMPLETED", "channel": channel, "tags": tags}
        await self._post("/connect/events", json={"detail": detail})

    def _script(self) -> Script:
        who = self.customer
        return Script([who.code, "hello", who.words, f"It is number {who.order}"])

    async def _think(self, seconds: float) -> None:
        await asyncio.sleep(seconds * self.random.uniform(0.7, 1.3) / self.speed)

    async def _twiml(self, path: str, form: dict[str, str]) -> Answer:
        text = (await self._post(path, data=form)).text
        says = unescape(" ".join(_SAY.findall(text)))
        then = "listen" if "<Gather" in text else "queue" if "<Enqueue" in text else "end"
        return Answer(says, then)

    async def _chatted(self, path: str, content: dict[str, str]) -> Answer:
        reply = await self._post(path, json={"conversation": self.contact, **content})
        return Answer(**reply.json())

    async def _post(self, path: str, **body: object) -> httpx.Response:
        reply = await self.http.post(path, **body)  # pyright: ignore[reportArgumentType]
        if reply.is_error:
            raise VisitFailedError(f"{path} answered {reply.status_code}")
        return reply
