"""The client libraries of three vendors, set up as a service does; the environment says where.

Nothing here knows of telemetry. What differs from production is that the vendors are on loopback.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import grpc
import requests
from google.cloud import dialogflowcx_v3 as dialogflow
from simple_salesforce.api import Salesforce
from twilio.rest import Client as Twilio

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCOUNT = "AC" + "c0" * 16
WORKSPACE = "WS" + "c0" * 16
AGENT = "projects/cx-demo/locations/global/agents/refunds"


@dataclass(frozen=True, slots=True)
class Clients:
    """What the service calls.

    Args:
        twilio: Telephony and the queues of the contact center.
        salesforce: Orders and cases.
        dialogflow: The bot.
    """

    twilio: Twilio
    salesforce: Salesforce
    dialogflow: dialogflow.SessionsClient


def connect(environ: Mapping[str, str] = os.environ) -> Clients:
    """Set the clients up.

    Args:
        environ: Where the vendors are: `TWILIO_URL`, `SALESFORCE_INSTANCE` with the certificate
            authority in `SALESFORCE_CA`, and `DIALOGFLOW_TARGET`.
    """
    return Clients(
        _twilio(environ["TWILIO_URL"]),
        _salesforce(environ["SALESFORCE_INSTANCE"], environ["SALESFORCE_CA"]),
        _dialogflow(environ["DIALOGFLOW_TARGET"]),
    )


def session(contact_id: str) -> str:
    """Return the name of the bot's session for a contact."""
    return f"{AGENT}/sessions/{contact_id}"


def _twilio(url: str) -> Twilio:
    client = Twilio(ACCOUNT, "an example has no secret")
    for product in ("api", "insights", "messaging", "taskrouter"):
        domain: Any = getattr(client, product)
        domain.base_url = url
    return client


def _salesforce(instance: str, authority: str) -> Salesforce:
    connections = requests.Session()
    connections.trust_env = False
    connections.verify = authority
    return Salesforce(session_id="00D000000000001!loopback", instance=instance, session=connections)


def _dialogflow(target: str) -> dialogflow.SessionsClient:
    transport = dialogflow.SessionsClient.get_transport_class("grpc")
    options = (("grpc.enable_http_proxy", 0),)
    channel: Any = grpc.insecure_channel(target, options=options)
    # Connect now: the first customer should not wait for it.
    grpc.channel_ready_future(channel).result(10)
    return dialogflow.SessionsClient(transport=transport(channel=channel))
