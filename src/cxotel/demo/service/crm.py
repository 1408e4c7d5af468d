"""The CRM: customers, orders and cases in Salesforce."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from simple_salesforce.exceptions import SalesforceError
from simple_salesforce.format import format_soql

if TYPE_CHECKING:
    from collections.abc import Callable

    from simple_salesforce.api import Salesforce

_LIMIT = "REQUEST_LIMIT_EXCEEDED"
_PAUSES = (0.4, 0.8)

Record = dict[str, Any]


def customer_of(salesforce: Salesforce, phone: str) -> Record | None:
    """Find the customer with a telephone number."""
    query = format_soql("SELECT Id, LastName, Email FROM Contact WHERE Phone = {}", phone)
    return _first(salesforce, query)


def order_of(salesforce: Salesforce, number: str) -> Record | None:
    """Find an order by its number."""
    query = format_soql(
        "SELECT Id, Status__c, Review__c FROM Order__c WHERE Number__c = {}", number
    )
    return _first(salesforce, query)


def open_case(salesforce: Salesforce, contact_id: str, subject: str, words: str) -> str:
    """Write down what a customer wants, and return the case's id."""
    case = {"Subject": subject, "Description": words, "Origin": contact_id, "Status": "New"}
    cases: Any = salesforce.Case  # an attribute that the client makes up when it is asked for
    created = _patiently(lambda: cases.create(case))
    return str(created["id"])


def _first(salesforce: Salesforce, query: str) -> Record | None:
    found = _patiently(lambda: salesforce.query(query))
    return found["records"][0] if found["records"] else None


def _patiently(ask: Callable[[], Any]) -> Any:
    """Try again in a moment where Salesforce says that there were too many requests."""
    for pause in _PAUSES:
        try:
            return ask()
        except SalesforceError as error:
            if _LIMIT not in str(error.content):
                raise
            time.sleep(pause)
    return ask()
