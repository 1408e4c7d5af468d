"""The contact center: all far ends on loopback, and the service between them."""

from __future__ import annotations

import importlib
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from cxotel.demo.far_ends import Faults
from cxotel.demo.far_ends.connect import INSTANCE, ConnectFarEnd
from cxotel.demo.far_ends.dialogflow import DialogflowFarEnd
from cxotel.demo.far_ends.media import Lines
from cxotel.demo.far_ends.salesforce import SalesforceFarEnd
from cxotel.demo.far_ends.twilio import Quality, TwilioFarEnd
from cxotel.demo.far_ends.twilio.queues import WORKSPACE
from cxotel.demo.identity.far_end import IdentityFarEnd
from cxotel.demo.service.settings import Settings

if TYPE_CHECKING:
    from typing_extensions import Self

    from cxotel.demo.population import Customer

NUMBER = "+18005550199"
"""The number that customers call."""
FLOW = "f10a0000-0000-4000-8000-000000000000"
_GOOD = Quality(mos=4.38)
_STOP_TIMEOUT = 30.0


class ServiceFailedError(Exception):
    """The service did not start, or did not stop."""


class ContactCenter:
    """The far ends, open from `__enter__` to `__exit__`.

    Attributes:
        faults: What goes wrong, in all of them.
        twilio: Telephony.
        connect: Amazon Connect.
        salesforce: The CRM.
        dialogflow: The bot.
        identity: The identity service.
        lines: What calls travel over.
    """

    def __init__(self) -> None:
        self.faults = Faults()
        self.twilio = TwilioFarEnd(self.faults)
        self.connect = ConnectFarEnd(self.faults)
        self.salesforce = SalesforceFarEnd(self.faults)
        self.dialogflow = DialogflowFarEnd(self.faults)
        self.identity = IdentityFarEnd(self.faults)
        self.lines = Lines()
        self._open = ExitStack()
        # A toll-quality line, and contacts that are over when somebody asks how they went.
        self.twilio.conditions.quality.default = _GOOD
        self.connect.conditions.ended.default = True

    def __enter__(self) -> Self:
        """Open all ports."""
        # Otherwise the first caller would wait until the bot has read its message types.
        importlib.import_module("google.cloud.dialogflowcx_v3")
        for far_end in (
            self.twilio,
            self.connect,
            self.salesforce,
            self.dialogflow,
            self.identity,
        ):
            self._open.enter_context(far_end)
        return self

    def __exit__(self, *_: object) -> None:
        """Close all ports."""
        self._open.close()

    def settings(self, file: Path, otlp_endpoint: str | None) -> Settings:
        """Return what the service needs to know.

        Args:
            file: Where its telemetry goes.
            otlp_endpoint: An OTLP receiver that it goes to as well.
        """
        return Settings(
            telemetry_file=str(file),
            otlp_endpoint=otlp_endpoint,
            twilio=self.twilio.url,
            workspace=WORKSPACE,
            salesforce=self.salesforce.authority,
            salesforce_ca=str(self.salesforce.ca_file),
            connect=self.connect.url,
            instance=INSTANCE,
            flow=FLOW,
            dialogflow=self.dialogflow.target,
            identity=self.identity.url,
        )

    def know(self, customer: Customer) -> None:
        """Put a customer into the CRM and the identity service, with an order."""
        records = self.salesforce.records
        contact = {"LastName": customer.name, "Phone": customer.phone, "Email": customer.email}
        records.add("Contact", contact)
        order = {"Number__c": customer.order, "Status__c": "Shipped"}
        records.add("Order__c", {**order, "Review__c": customer.needs_person})
        self.identity.codes[customer.phone] = customer.code

    def ring(self, phone: str) -> str:
        """Let a call come in, and return its sid."""
        call = self.twilio.calls.add(NUMBER, phone, "inbound")
        call["status"] = "in-progress"
        sid = str(call["sid"])
        # Faults and conditions find the customer by what they were called from.
        self.twilio.lineage.remember(sid, phone)
        return sid

    def task_of(self, call_sid: str) -> tuple[str, str, str]:
        """Return the newest task of a call: its sid, its reservation's, and its attributes."""
        tasks = list(self.twilio.taskrouter.tasks.values())
        task = next(each for each in reversed(tasks) if call_sid in each["attributes"])
        reservation = next(iter(self.twilio.taskrouter.reservations[task["sid"]]))
        return str(task["sid"]), reservation, str(task["attributes"])

    def chat_of(self, conversation: str) -> str:
        """Return the contact in Amazon Connect that a chat has become."""
        rows = list(self.connect.contacts.rows.values())
        found = next(row for row in rows if row["Attributes"].get("conversation") == conversation)
        return str(found["Id"])

    @property
    def crashes(self) -> list[str]:
        """Tracebacks of the far ends' own errors, which should be none."""
        ends = (self.twilio, self.connect, self.salesforce, self.dialogflow, self.identity)
        return [crash for far_end in ends for crash in far_end.crashes]


class Service:
    """The integration service in a process of its own, running inside a ``with``.

    Args:
        settings: What it needs to know.

    Attributes:
        url: Where it takes webhooks.
    """

    url = ""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._resources = ExitStack()
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        """Start it, and wait until it listens."""
        folder = self._resources.enter_context(tempfile.TemporaryDirectory(prefix="cxotel-demo-"))
        path = Path(folder, "settings.json")
        self._settings.save(path)
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter, and a file of ours
            [sys.executable, "-m", "cxotel.demo.service", str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        output = self._process.stdout
        self.url = output.readline().strip() if output else ""
        if not self.url:
            self.__exit__()
            raise ServiceFailedError("the service did not start; its own words are above")
        return self

    def __exit__(self, *_: object) -> None:
        """Let it send what it has recorded, and wait for its end."""
        process = self._process
        if process is not None:
            if process.stdin:
                process.stdin.close()
            try:
                process.wait(_STOP_TIMEOUT)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout:
                process.stdout.close()
        self._resources.close()
