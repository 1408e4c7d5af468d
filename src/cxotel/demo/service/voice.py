"""Telephone calls about refunds: the bot first, then a person where one is needed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import cxotel
from cxotel.demo.service.conversation import Conversation, HungUpError, Reply
from cxotel.demo.service.front import ask_what_is_wanted, note_case, show_customer

if TYPE_CHECKING:
    from cxotel.demo.service.clients import Clients
    from cxotel.demo.service.sound import Sounds

REFUND = "refund"
_TRANSFER = "transfer "
_SOLVED = "solved"


@cxotel.journey(REFUND, channel="voice", contact_id=lambda _, call: call.id)
def answer_call(clients: Clients, call: Conversation) -> Reply:
    """Answer a call that comes in: it ends with the bot, or in a queue."""
    try:
        code = call.ask("Welcome. Please say your code.")
        wish = ask_what_is_wanted(clients, call, code)
    except HungUpError:
        cxotel.outcome("abandoned")
        return Reply("", "end")
    if wish.queue is None:
        cxotel.outcome("contained")
        note_case(clients, call, "Refund granted")
        return Reply("Your refund is on its way. Goodbye.", "end")
    with cxotel.step("enqueue"):
        who = {"queue": wish.queue, "call_sid": call.id, "from": call.customer}
        workspace = clients.twilio.taskrouter.v1.workspaces(clients.settings.workspace)
        workspace.tasks.create(attributes=json.dumps(who), task_channel="voice")
    return Reply("I will connect you to a colleague.", "queue")


@cxotel.journey(REFUND, channel="voice", contact_id=lambda _, desk: desk.id)
def talk_to_agent(clients: Clients, desk: Conversation) -> Reply:
    """Accompany a call from the moment an agent takes it: what the desk says comes in here."""
    with cxotel.step("connect to agent"):
        workspace = clients.twilio.taskrouter.v1.workspaces(clients.settings.workspace)
        task = workspace.tasks(desk.details["task"])
        task.reservations(desk.details["reservation"]).update(reservation_status="accepted")
        task.fetch()
    show_customer(clients, desk)
    word = desk.ask("accepted")
    while word.startswith(_TRANSFER):
        with cxotel.step("transfer"):
            queue = word.removeprefix(_TRANSFER)
            dial = f"<Response><Dial>client:{queue}</Dial></Response>"
            clients.twilio.calls(desk.id).update(twiml=dial)
        show_customer(clients, desk)
        word = desk.ask("transferred")
    cxotel.outcome("resolved" if word == _SOLVED else "unresolved")
    note_case(clients, desk, "Refund decided")
    return Reply("noted", "end")


@cxotel.journey(REFUND, channel="voice", contact_id=lambda _, call_id, __: call_id)
def review_call(clients: Clients, call_id: str, sounds: Sounds) -> None:
    """Put together how a call sounded, once it is over: our own lines, and Voice Insights."""
    with cxotel.step("review quality"):
        for line, records in sounds.items():
            cxotel.record_media(records, leg_name=line, system=line)
        insights = clients.twilio.insights.v1.calls(call_id)
        insights.summary().fetch()
        insights.metrics.list()
