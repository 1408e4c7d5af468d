"""The vendors' client libraries, connected; one of each serves all threads."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.connect import client as connect_client
from cxotel.demo.far_ends.dialogflow import client as dialogflow_client
from cxotel.demo.far_ends.salesforce import client as salesforce_client
from cxotel.demo.far_ends.twilio import client as twilio_client
from cxotel.demo.identity.client import IdentityClient

if TYPE_CHECKING:
    from simple_salesforce.api import Salesforce
    from twilio.rest import Client
    from typing_extensions import Self

    from cxotel.demo.service.settings import Settings

_PATIENCE = 15.0
_CONNECTIONS = 64


@dataclass(frozen=True, slots=True)
class _Org:
    """Where Salesforce is."""

    authority: str
    ca_file: Path

    @property
    def url(self) -> str:
        return f"https://{self.authority}"


class Clients:
    """All clients of the service, open from `__enter__` to `__exit__`.

    Args:
        settings: Where the vendors are.

    Attributes:
        twilio: A real `twilio.rest.Client`.
        salesforce: A real `simple_salesforce.Salesforce`.
        connect: A real boto3 client for Amazon Connect.
        dialogflow: A real `SessionsClient` of Dialogflow CX.
        identity: The in-house client.
    """

    twilio: Client
    salesforce: Salesforce
    connect: Any
    dialogflow: Any
    identity: IdentityClient

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._open = ExitStack()

    def __enter__(self) -> Self:
        """Connect them."""
        settings, opened = self.settings, self._open.enter_context
        self.twilio = opened(twilio_client(settings.twilio, timeout=_PATIENCE))
        org = _Org(settings.salesforce, Path(settings.salesforce_ca))
        self.salesforce = opened(salesforce_client(org, timeout=_PATIENCE))
        self.connect = opened(connect_client(settings.connect, max_pool_connections=_CONNECTIONS))
        self.dialogflow = opened(dialogflow_client(settings.dialogflow))
        self.identity = opened(IdentityClient(settings.identity))
        return self

    def __exit__(self, *_: object) -> None:
        """Close them."""
        self._open.close()
