"""Conversations: chat between a customer and whoever answers, as messages of participants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.far_end import Route, route
from cxotel.demo.far_ends.faults import RefusedError
from cxotel.demo.far_ends.memory import Table
from cxotel.demo.far_ends.twilio.desk import ACCOUNT, Desk, found, iso, now
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import Iterable

_ALL = "/v1/Conversations"
_ONE = _ALL + "/{conversation}"
_MESSAGES = _ONE + "/Messages"
_PARTICIPANTS = _ONE + "/Participants"


class Conversations:
    """Conversations by sid or unique name, with their messages and participants."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.rows = Table()
        self.messages: dict[str, Table] = {}
        self.participants: dict[str, Table] = {}

    def routes(self) -> Iterable[Route]:
        """Return the operations on conversations."""
        message, participant = _MESSAGES + "/{message}", _PARTICIPANTS + "/{participant}"
        return (
            route("create_conversation", "POST", _ALL, self.create),
            route("list_conversations", "GET", _ALL, self.list),
            route("fetch_conversation", "GET", _ONE, self.fetch),
            route("update_conversation", "POST", _ONE, self.update),
            route("delete_conversation", "DELETE", _ONE, self.delete),
            route("create_conversation_message", "POST", _MESSAGES, self.say),
            route("list_conversation_messages", "GET", _MESSAGES, self.said),
            route("fetch_conversation_message", "GET", message, self.fetch_message),
            route("create_conversation_participant", "POST", _PARTICIPANTS, self.join),
            route("list_conversation_participants", "GET", _PARTICIPANTS, self.who),
            route("fetch_conversation_participant", "GET", participant, self.fetch_participant),
            route("delete_conversation_participant", "DELETE", participant, self.leave),
        )

    def create(self, request: Received) -> Reply:
        """Begin a conversation."""
        form = request.form
        name = form.get("UniqueName")
        if name is not None and self.rows.matching(unique_name=name):
            message = "Conversation with provided unique name already exists"
            raise RefusedError(409, "50353", message)
        sid = self._desk.sid("CH")
        self.messages[sid], self.participants[sid] = Table(), Table()
        self.rows[sid] = {
            **self._common(sid, f"{_ALL}/{sid}"),
            "unique_name": name,
            "friendly_name": form.get("FriendlyName"),
            "attributes": form.get("Attributes", "{}"),
            "chat_service_sid": "IS" + "0" * 32,
            "messaging_service_sid": form.get("MessagingServiceSid", "MG" + "0" * 32),
            "state": form.get("State", "active"),
            "timers": {},
            "links": {
                "messages": self._desk.link(f"{_ALL}/{sid}/Messages"),
                "participants": self._desk.link(f"{_ALL}/{sid}/Participants"),
            },
            "bindings": {},
        }
        return Reply.of(201, self.rows[sid], created=(sid,))

    def list(self, request: Received) -> Reply:
        """Show the conversations, newest first."""
        rows = self.rows.matching(state=request.params.get("State"))
        return self._desk.meta_page(request, "conversations", rows[::-1])

    def fetch(self, request: Received) -> Reply:
        """Show a conversation."""
        return Reply.of(200, self._one(request))

    def update(self, request: Received) -> Reply:
        """Change a conversation; its attributes are replaced as a whole."""
        row = self._one(request)
        for field in ("State", "Attributes"):
            row[field.lower()] = request.form.get(field, row[field.lower()])
        row["friendly_name"] = request.form.get("FriendlyName", row["friendly_name"])
        row["date_updated"] = iso(now())
        return Reply.of(200, row)

    def delete(self, request: Received) -> Reply:
        """Forget a conversation."""
        del self.rows[self._one(request)["sid"]]
        return Reply(204)

    def say(self, request: Received) -> Reply:
        """Add a message."""
        conversation = self._one(request)
        if conversation["state"] == "closed":
            raise RefusedError(400, "50361", "Conversation is closed")
        form, rows = request.form, self.messages[conversation["sid"]]
        sid = self._desk.sid("IM")
        rows[sid] = {
            **self._common(sid, f"{_ALL}/{conversation['sid']}/Messages/{sid}"),
            "conversation_sid": conversation["sid"],
            "index": len(rows),
            "author": form.get("Author", "system"),
            "body": form.get("Body"),
            "media": None,
            "attributes": form.get("Attributes", "{}"),
            "participant_sid": None,
            "delivery": None,
            "content_sid": None,
            "links": {},
        }
        return Reply.of(201, rows[sid], created=(sid,))

    def said(self, request: Received) -> Reply:
        """Show a conversation's messages."""
        rows = list(self.messages[self._one(request)["sid"]].values())
        return self._desk.meta_page(request, "messages", rows)

    def fetch_message(self, request: Received) -> Reply:
        """Show a message."""
        rows = self.messages[self._one(request)["sid"]]
        return Reply.of(200, found(rows, request.ids["message"], request))

    def join(self, request: Received) -> Reply:
        """Let somebody take part: by identity, or by the address of a phone."""
        conversation, form = self._one(request), request.form
        address, proxy = "MessagingBinding.Address", "MessagingBinding.ProxyAddress"
        binding = {"type": "sms", "address": form.get(address), "proxy_address": form.get(proxy)}
        sid = self._desk.sid("MB")
        path = f"{_ALL}/{conversation['sid']}/Participants/{sid}"
        participant = {
            **self._common(sid, path),
            "conversation_sid": conversation["sid"],
            "identity": form.get("Identity"),
            "attributes": form.get("Attributes", "{}"),
            "messaging_binding": binding if address in form else None,
            "role_sid": "RL" + "0" * 32,
            "last_read_message_index": None,
            "last_read_timestamp": None,
        }
        self.participants[conversation["sid"]][sid] = participant
        return Reply.of(201, participant, created=(sid,))

    def who(self, request: Received) -> Reply:
        """Show who takes part."""
        rows = list(self.participants[self._one(request)["sid"]].values())
        return self._desk.meta_page(request, "participants", rows)

    def fetch_participant(self, request: Received) -> Reply:
        """Show one who takes part."""
        rows = self.participants[self._one(request)["sid"]]
        return Reply.of(200, found(rows, request.ids["participant"], request))

    def leave(self, request: Received) -> Reply:
        """Put somebody out of the conversation."""
        rows = self.participants[self._one(request)["sid"]]
        del rows[found(rows, request.ids["participant"], request)["sid"]]
        return Reply(204)

    def _one(self, request: Received) -> dict[str, Any]:
        key = request.ids["conversation"]
        named = next(iter(self.rows.matching(unique_name=key)), None)
        return named or found(self.rows, key, request)

    def _common(self, sid: str, path: str) -> dict[str, Any]:
        moment = iso(now())
        dates = {"date_created": moment, "date_updated": moment}
        return {"sid": sid, "account_sid": ACCOUNT, "url": self._desk.link(path), **dates}
