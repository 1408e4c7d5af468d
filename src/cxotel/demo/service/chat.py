"""Chats about returns: the bot first, then a person in Amazon Connect where one is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cxotel
from cxotel.demo.service.connect import ContactEvent, look_back
from cxotel.demo.service.conversation import Conversation, HungUpError, Reply
from cxotel.demo.service.front import ask_what_is_wanted, note_case

if TYPE_CHECKING:
    from cxotel.demo.service.clients import Clients

RETURN = "return"


@cxotel.journey(RETURN, channel="chat", contact_id=lambda _, chat: chat.id)
def answer_chat(clients: Clients, chat: Conversation) -> Reply:
    """Answer a chat: it ends with the bot, or in a queue of Amazon Connect."""
    try:
        code = chat.ask("Hello! Please type your code.")
        wish = ask_what_is_wanted(clients, chat, code)
    except HungUpError:
        cxotel.outcome("abandoned")
        return Reply("", "end")
    if wish.queue is None:
        cxotel.outcome("contained")
        note_case(clients, chat, "Return label sent")
        return Reply("We have sent you a return label. Goodbye.", "end")
    note_case(clients, chat, "Return to be decided")
    with cxotel.step("enqueue"):
        clients.connect.start_chat_contact(
            InstanceId=clients.settings.instance,
            ContactFlowId=clients.settings.flow,
            Attributes={"queue": wish.queue, "conversation": chat.id},
            ParticipantDetails={"DisplayName": chat.details["name"]},
        )
    return Reply("A colleague will be with you.", "queue")


@cxotel.journey(
    RETURN,
    channel="chat",
    contact_id=lambda _, event: event.conversation,
    aliases=lambda _, event: [event.contact],
)
def end_chat(clients: Clients, event: ContactEvent) -> None:
    """Take note of how a chat with a person went, when Amazon Connect says that it is over."""
    look_back(clients, event)
