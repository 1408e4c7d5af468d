"""Salesforce's REST, Bulk and login interfaces, with TLS: the client library speaks nothing else.

Records live in memory, and a small part of SOQL is understood: fields, one object, conditions
joined by AND, order and limit. It does not prove triggers, validation rules, sharing, real row
locks or governor limits; those errors come when a fault asks for them. Shapes and codes follow
Salesforce's REST API and Bulk API developer guides. The HTTP status of ``UNABLE_TO_LOCK_ROW`` is
not written there: it is told as 500.
"""

from cxotel.demo.far_ends.salesforce.clients import client
from cxotel.demo.far_ends.salesforce.far_end import SESSION, SalesforceFarEnd

__all__ = ["SESSION", "SalesforceFarEnd", "client"]
