"""The bot: what a customer wants is found out by Dialogflow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from google.cloud.dialogflowcx_v3 import DetectIntentRequest

from cxotel.demo.far_ends.dialogflow import session

if TYPE_CHECKING:
    from cxotel.demo.service.conversation import Conversation

_ORDER = re.compile(r"\d{4,}")
_FOUND = "Confirm order"


class Turn(NamedTuple):
    """What the bot makes of one thing that was said."""

    says: str
    order: str | None
    queue: str | None

    @property
    def done(self) -> bool:
        """Whether the bot knows enough, or gives up."""
        return self.order is not None or self.queue is not None


def find_out(client: Any, conversation: Conversation, greeting: str) -> Turn:
    """Talk to a customer until it is known which order this is about, or that the bot cannot help.

    Args:
        client: A Dialogflow session client.
        conversation: The conversation.
        greeting: What to say first.
    """
    turn = Turn(greeting, None, None)
    while not turn.done:
        turn = _turn(client, conversation.id, conversation.ask(turn.says))
    return turn


def _turn(client: Any, contact_id: str, said: str) -> Turn:
    request = DetectIntentRequest(
        session=session("cx", contact_id),
        query_input={"text": {"text": said}, "language_code": "en"},
    )
    result = client.detect_intent(request).query_result
    texts = [part for message in result.response_messages for part in message.text.text]
    handoffs = [
        message.live_agent_handoff
        for message in result.response_messages
        if "live_agent_handoff" in message
    ]
    number = _ORDER.search(said)
    found = number is not None and result.current_page.display_name == _FOUND
    queue = str(handoffs[0].metadata["queue"]) if handoffs else None
    return Turn(" ".join(texts), number[0] if found and number else None, queue)
