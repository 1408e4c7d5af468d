"""What the bot says: scripted turns, rules on the customer's words, and what it does when lost."""

from __future__ import annotations

import re
import threading
from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.memory import Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the bot, in words that both editions of Dialogflow can be made of.

    Attributes:
        reply: What the bot says.
        match: How it understood: ``INTENT``, ``PARAMETER_FILLING``, ``NO_MATCH``, ``NO_INPUT``,
            ``EVENT``, ``PLAYBOOK``, … (Dialogflow CX, ``Match.MatchType``).
        intent: The intent's display name; empty when none matched.
        confidence: How sure it is of the intent, from 0 to 1.
        parameters: What it filled in.
        page: The page it is on afterwards.
        flow: The flow of that page.
        handoff: What it hands over to a person with, as ``{"queue": "billing"}``; None when it
            does not hand over.
        transfer_to: The phone number it transfers the call to, or None.
        ended: Whether it ends the conversation.
        sentiment: Score from -1 to 1 and magnitude, told when the client asked for it.
        webhook: The tag of the fulfilment webhook that it calls, or None.
        webhook_latencies: Milliseconds of webhook calls to report beside real ones.
        webhook_error: The message of a failed webhook call, or None.
        partials: What it says before its answer is complete, in streams.
    """

    reply: str = "How can I help?"
    match: str = "INTENT"
    intent: str = ""
    confidence: float = 0.0
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    page: str = "Start Page"
    flow: str = "Default Start Flow"
    handoff: Mapping[str, Any] | None = None
    transfer_to: str | None = None
    ended: bool = False
    sentiment: tuple[float, float] = (0.0, 0.0)
    webhook: str | None = None
    webhook_latencies: Sequence[float] = ()
    webhook_error: str | None = None
    partials: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What the customer said in one turn, whatever the edition and transport.

    Attributes:
        session: The session's full name.
        text: The words, the event's or intent's name, or the digits.
        kind: ``text``, ``event``, ``intent``, ``dtmf`` or ``audio``.
        language: The language's code.
        parameters: Session parameters that the client sent.
        webhook_headers: Header fields for the webhook call that the client sent.
        sentiment: Whether the client asked for the sentiment.
    """

    session: str
    text: str
    kind: str = "text"
    language: str = "en"
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    webhook_headers: Mapping[str, str] = field(default_factory=dict[str, str])
    sentiment: bool = False


LOST = Turn("Sorry, I did not get that.", "NO_MATCH", page="Start Page")
SILENCE = Turn("Are you still there?", "NO_INPUT")
RULES: Sequence[tuple[str, Turn]] = (
    (
        r"agent|human|person|representative",
        Turn(
            "I will connect you to a colleague.",
            intent="talk.to.agent",
            confidence=0.97,
            handoff={"queue": "billing", "reason": "customer_request"},
        ),
    ),
    (
        r"refund|return|money back",
        Turn(
            "I can help you with a refund. What is your order number?",
            intent="refund.request",
            confidence=0.91,
            page="Collect order",
            flow="Refunds",
        ),
    ),
    (
        r"order|where is|delivery",
        Turn(
            "Your order is on its way.",
            intent="order.status",
            confidence=0.88,
            page="Order status",
            flow="Orders",
            webhook="order-status",
        ),
    ),
    (
        r"\d{4,}",
        Turn(
            "Thank you, I found it.",
            match="PARAMETER_FILLING",
            confidence=1.0,
            page="Confirm order",
            flow="Refunds",
            webhook="find-order",
        ),
    ),
    (
        r"bye|thank|that is all",
        Turn("Goodbye.", intent="goodbye", confidence=0.99, page="End Session", ended=True),
    ),
    (r"hello|hi\b|hey", Turn(intent="Default Welcome Intent", confidence=1.0)),
)


class Bot:
    """Decide each turn: a script first, then the rules, else it is lost.

    Args:
        rules: Regular expressions on the customer's words, the first that matches wins.
        escalate_after: After how many turns in a row without a match the bot hands over by itself;
            None for never.

    Attributes:
        webhook_url: Where turns with a webhook call the fulfilment service; None for nowhere.

    Example:
        >>> bot = Bot(escalate_after=2)
        >>> said = Said("projects/p/locations/l/agents/a/sessions/s", "mumble")
        >>> bot.turn(said).match, bot.turn(said).handoff
        ('NO_MATCH', {'queue': 'general', 'reason': 'no_match'})
    """

    def __init__(
        self, rules: Sequence[tuple[str, Turn]] = RULES, *, escalate_after: int | None = None
    ) -> None:
        self.webhook_url: str | None = None
        self.escalate_after = escalate_after
        self._rules = [(re.compile(words, re.IGNORECASE), turn) for words, turn in rules]
        self._scripts: list[tuple[str, deque[Turn]]] = []
        self._sessions = Table()
        self._lock = threading.Lock()

    def script(self, *turns: Turn, session: str = "") -> None:
        """Take the next turns exactly so, in sessions whose name contains `session`."""
        with self._lock:
            self._scripts.append((session, deque(turns)))

    def clear(self) -> None:
        """Forget scripts and sessions."""
        with self._lock:
            self._scripts.clear()
            self._sessions.clear()

    def turn(self, said: Said, changes: Mapping[str, Any] | None = None) -> Turn:
        """Decide on a turn, and remember it.

        Args:
            said: What the customer said.
            changes: Fields of the turn that a fault changes.
        """
        with self._lock:
            turn = replace(self._decided(said), **(changes or {}))
            return self._remembered(said, turn)

    def look(self, said: Said) -> Turn:
        """Decide on a turn without remembering it, as matching without fulfilling does."""
        return self._ruled(said)

    def _decided(self, said: Said) -> Turn:
        for session, turns in self._scripts:
            if turns and session in said.session:
                return turns.popleft()
        return self._ruled(said)

    def _ruled(self, said: Said) -> Turn:
        if not said.text.strip() or said.text == "sys.no-input-default":
            return SILENCE
        for words, turn in self._rules:
            if words.search(said.text):
                return turn
        return LOST

    def _remembered(self, said: Said, turn: Turn) -> Turn:
        memory = self._sessions.get(said.session, {"parameters": {}, "misses": 0})
        missed = turn.match in ("NO_MATCH", "NO_INPUT")
        misses = memory["misses"] + 1 if missed else 0
        parameters = {**memory["parameters"], **said.parameters, **turn.parameters}
        self._sessions[said.session] = {"parameters": parameters, "misses": misses}
        if self.escalate_after is not None and misses >= self.escalate_after:
            turn = replace(turn, handoff={"queue": "general", "reason": turn.match.lower()})
        return replace(turn, parameters=parameters)
