"""Twilio's REST interfaces: voice, messages, conferences, TaskRouter, Conversations, Insights.

The far end keeps calls, tasks and conversations in memory and moves them along as a client asks.
It does not prove what Twilio does by itself: no call rings, no webhook is sent, and times in a
queue and media quality are those that `Conditions` say. Field names, error codes and paging follow
Twilio's public OpenAPI description and documentation.
"""

from cxotel.demo.far_ends.twilio.clients import async_client, client, connect
from cxotel.demo.far_ends.twilio.desk import ACCOUNT, Conditions, Quality
from cxotel.demo.far_ends.twilio.far_end import TwilioFarEnd

__all__ = [
    "ACCOUNT",
    "Conditions",
    "Quality",
    "TwilioFarEnd",
    "async_client",
    "client",
    "connect",
]
