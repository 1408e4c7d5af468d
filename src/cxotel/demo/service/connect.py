"""Calls back through Amazon Connect, and what its events say when a contact is over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cxotel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxotel.demo.service.clients import Clients

CALLBACK = "callback"
_SOLVED = "solved"


@dataclass(frozen=True, slots=True)
class ContactEvent:
    """A contact event, as Amazon Connect sends it through EventBridge.

    Attributes:
        contact: The contact's id.
        channel: ``VOICE`` or ``CHAT``.
        conversation: Our own id of the chat, or None.
        disposition: What the agent noted, or None.

    Source:
        https://docs.aws.amazon.com/connect/latest/adminguide/contact-events.html
    """

    contact: str
    channel: str
    conversation: str | None
    disposition: str | None

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> ContactEvent:
        """Read an event out of a request's body."""
        detail = content["detail"]
        tags: Mapping[str, str] = detail.get("tags", {})
        return cls(
            detail["contactId"],
            detail["channel"],
            tags.get("conversation"),
            tags.get("disposition"),
        )


@cxotel.journey(CALLBACK, channel="voice")
def call_back(clients: Clients, phone: str, name: str) -> str:
    """Have a customer called who asked for it, and return the contact's id."""
    with cxotel.step("place call"):
        placed = clients.connect.start_outbound_voice_contact(
            InstanceId=clients.settings.instance,
            ContactFlowId=clients.settings.flow,
            DestinationPhoneNumber=phone,
            Attributes={"queue": "returns", "caller": name},
        )
    return str(placed["ContactId"])


@cxotel.journey(CALLBACK, channel="voice", contact_id=lambda _, event: event.contact)
def end_call_back(clients: Clients, event: ContactEvent) -> None:
    """Take note of how a call back went, when Amazon Connect says that it is over."""
    look_back(clients, event)


def look_back(clients: Clients, event: ContactEvent) -> None:
    """Ask Amazon Connect how a contact went, and say what came of it."""
    with cxotel.step("review contact"):
        clients.connect.describe_contact(
            InstanceId=clients.settings.instance, ContactId=event.contact
        )
    cxotel.outcome("resolved" if event.disposition == _SOLVED else "unresolved")
