"""Run a service against simulated vendors: start them, start it, call it, say what came of it."""

# ruff: noqa: T201, S603 - it speaks by printing, and starts the interpreter that it runs in

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from cxotel.cli.drawing import draw
from cxotel.cli.lines import show
from cxotel.demo.far_ends import Fault, Faults, closed_port
from cxotel.demo.far_ends.dialogflow import DialogflowFarEnd
from cxotel.demo.far_ends.dialogflow.bot import Bot
from cxotel.demo.far_ends.dialogflow.clients import library
from cxotel.demo.far_ends.salesforce import SalesforceFarEnd
from cxotel.demo.far_ends.twilio import TwilioFarEnd
from cxotel.demo.far_ends.twilio.desk import Quality
from cxotel.reading import journey_ids
from cxotel.reading.assemble import assemble
from cxotel.reading.file import FileSource

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

FILE = "refund_bridge.jsonl"
"""Where the service writes its telemetry, in the folder that it is started in."""
_START_TIMEOUT = 30.0
_STOP_TIMEOUT = 15.0


@dataclass(frozen=True, slots=True)
class Customer:
    """Who calls, and what they say."""

    number: str
    order: str
    said: tuple[str, ...]


CUSTOMERS = (
    Customer("+15550111", "70001", ("I want my money back", "70001")),
    Customer("+15550122", "70002", ("I want my money back", "70002")),
    Customer("+15550133", "70003", ("erm", "it is the blue one", "well, the blue one")),
)
"""Of the first nothing goes wrong; see `_go_wrong` for the others."""


class Vendors:
    """The simulated vendors, and what goes wrong there.

    Args:
        resources: What closes them again.
    """

    def __init__(self, resources: ExitStack) -> None:
        faults = Faults()
        bot = Bot(escalate_after=3)
        self._twilio = resources.enter_context(TwilioFarEnd(faults))
        self._salesforce = resources.enter_context(SalesforceFarEnd(faults))
        self._dialogflow = resources.enter_context(DialogflowFarEnd(faults, bot=bot))
        library("cx")  # loaded now, it does not slow the first turn down
        for customer in CUSTOMERS:
            self._salesforce.records.add("Case", {"Order__c": customer.order, "Status": "New"})
        self._go_wrong(faults)

    def _go_wrong(self, faults: Faults) -> None:
        """Let Salesforce be slow for the second caller; the third gets a long queue and a bad line.

        That the bot does not understand the third needs no fault: that is how it is.
        """
        _, second, third = CUSTOMERS
        faults.add("salesforce", "query", Fault(latency=5.0, scope=second.order))
        conditions = self._twilio.conditions
        conditions.quality.default = Quality(mos=4.4)
        conditions.queue_wait.set(240, scope=third.number)
        conditions.quality.set(Quality(loss=3.0, jitter=45.0, mos=3.5), scope=third.number)

    @property
    def environ(self) -> dict[str, str]:
        """Where they are, for the service's environment, and a key for pseudonyms."""
        return {
            "TWILIO_URL": self._twilio.url,
            "SALESFORCE_INSTANCE": self._salesforce.authority,
            "SALESFORCE_CA": str(self._salesforce.ca_file),
            "DIALOGFLOW_TARGET": self._dialogflow.target,
            "CXOTEL_PSEUDONYM_KEY": "an example has no good secret",
        }

    def ring(self, customer: Customer) -> str:
        """Let a customer's call come in, and return its id."""
        sid = str(self._twilio.calls.add(customer.number, "+15550100", "inbound")["sid"])
        self._twilio.lineage.remember(sid, customer.number)
        return sid


class Service:
    """The service, in a process of its own.

    Args:
        process: The process.
        port: Where it listens.
    """

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self._process, self._port = process, port
        url = f"http://127.0.0.1:{port}"
        self._web = httpx.Client(base_url=url, timeout=30, trust_env=False)

    def wait(self) -> None:
        """Return when it listens.

        Raises:
            RuntimeError: It ended, or does not listen in time.
        """
        deadline = time.monotonic() + _START_TIMEOUT
        while self._process.poll() is None and time.monotonic() < deadline:
            with socket.socket() as knocking:
                if knocking.connect_ex(("127.0.0.1", self._port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("the service did not start; what it wrote is above")

    def answer(self, sid: str, customer: Customer) -> Any:
        """Tell it of a call; return what it answers once the call is over."""
        told = {
            "sid": sid,
            "from": customer.number,
            "order": customer.order,
            "said": customer.said,
        }
        reply = self._web.post("/calls", json=told).json()
        self._web.post("/ended", json={"sid": sid})
        return reply

    def stop(self) -> int:
        """End it as Ctrl+C does, and return its exit code."""
        self._web.close()
        self._process.send_signal(signal.SIGINT)
        try:
            return self._process.wait(_STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


def perform(command: Sequence[str], environ: Mapping[str, str] | None = None) -> int:
    """Run a service, have it answer three calls, and say where its telemetry is.

    Args:
        command: What starts the service.
        environ: Variables for it, beside this process's own.

    Returns:
        The exit code: 0 when all went as it should.
    """
    earlier = set(_journeys())
    with ExitStack() as resources:
        vendors = Vendors(resources)
        service = resources.enter_context(_running(command, {**vendors.environ, **(environ or {})}))
        for customer in CUSTOMERS:
            sid = vendors.ring(customer)
            print(f"call {sid}: {service.answer(sid, customer)['outcome']}", flush=True)
    return _tell([journey for journey in _journeys() if journey not in earlier])


@contextmanager
def _running(command: Sequence[str], environ: Mapping[str, str]) -> Generator[Service, None, None]:
    port = closed_port()
    process = subprocess.Popen(command, env={**os.environ, **environ, "PORT": str(port)})
    service = Service(process, port)
    try:
        service.wait()
        yield service
    finally:
        service.stop()


def _journeys() -> list[str]:
    source = FileSource(FILE)
    return journey_ids(source.every_span()) if Path(FILE).exists() else []


def _tell(ids: Sequence[str]) -> int:
    """Print what the telemetry says, the worst journey last and in full."""
    source = FileSource(FILE)
    journeys = sorted(
        (assemble(each, source.spans(each)) for each in ids),
        key=lambda journey: -(101 if journey.score.value is None else journey.score.value),
    )
    print(f"\nThe telemetry is in {FILE}:")
    for journey in journeys:
        score, blame = journey.score, journey.score.blame
        whose = f", blamed: {blame.system or blame.layer}" if blame else ""
        value = "none" if score.value is None else score.value
        print(f"  journey {journey.id}  score {value}  {score.class_}{whose}")
    if not journeys:
        print("  no journey: something is wrong", file=sys.stderr)
        return 1
    command = os.path.relpath(Path(sys.executable).with_name("cxotel"))
    print(f"\n{command} journey {journeys[-1].id} --from {FILE}\n", flush=True)
    show(draw(journeys[-1]))
    return 0
