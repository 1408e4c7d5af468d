"""What voice and chat have in common: who is it, what do they want, which order is it about?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simple_salesforce.exceptions import SalesforceError

import cxotel
from cxotel.demo.identity.client import IdentityError
from cxotel.demo.service.bot import find_out
from cxotel.demo.service.crm import Record, customer_of, open_case, order_of
from cxotel.demo.service.identify import authenticate

if TYPE_CHECKING:
    from cxotel.demo.service.clients import Clients
    from cxotel.demo.service.conversation import Conversation

_CRM_ERRORS = (SalesforceError, OSError)
"""What simple-salesforce raises: its own errors, and those of requests."""


class Wish(NamedTuple):
    """What was found out before anybody had to talk to a person."""

    order: Record | None
    queue: str | None
    """Where to wait for a person, if one is needed."""


def ask_what_is_wanted(clients: Clients, contact: Conversation, code: str) -> Wish:
    """Find out who the customer is and what they want, as far as it goes without a person.

    Args:
        clients: The vendors' clients.
        contact: The conversation.
        code: What the customer knows, to prove who they are.
    """
    known = _authenticated(clients, contact, code)
    customer = _customer(clients, contact)
    with cxotel.step("talk to the bot"):
        turn = find_out(clients.dialogflow, contact, "Thank you. How can I help?")
    order = _order(clients, turn.order) if turn.order else None
    settled = order is not None and not order["Review__c"]
    if settled and known and customer is not None:
        return Wish(order, None)
    return Wish(order, turn.queue or "returns")


def note_case(clients: Clients, contact: Conversation, subject: str) -> None:
    """Write down what the customer wants; where that fails, they are helped all the same."""
    words = contact.details.get("words", "")
    try:
        with cxotel.step("open case"):
            open_case(clients.salesforce, contact.customer, subject, words)
    except _CRM_ERRORS:
        return


def show_customer(clients: Clients, desk: Conversation) -> None:
    """Show an agent who is calling; where that fails, they ask."""
    _customer(clients, desk)


def _authenticated(clients: Clients, contact: Conversation, code: str) -> bool:
    try:
        with cxotel.step("authenticate"):
            return authenticate(clients.identity, contact.customer, code)
    except IdentityError:
        return False


def _customer(clients: Clients, contact: Conversation) -> Record | None:
    try:
        with cxotel.step("find customer"):
            return customer_of(clients.salesforce, contact.customer)
    except _CRM_ERRORS:
        return None


def _order(clients: Clients, number: str) -> Record | None:
    try:
        with cxotel.step("find order"):
            return order_of(clients.salesforce, number)
    except _CRM_ERRORS:
        return None
