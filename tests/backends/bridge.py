"""A small service in this process: real journeys and client libraries, metrics sent by OTLP."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Final

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import CLOUD_REGION, SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from simple_salesforce.exceptions import SalesforceError

import cxotel
from cxotel import semconv
from cxotel.demo.far_ends.salesforce import SalesforceFarEnd, client
from cxotel.experience.processor import ExperienceProcessor
from cxotel.journey import set_provider
from cxotel.media.quality import MediaQuality

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from typing_extensions import Self

SERVICE: Final = "refund-bridge"
REGION: Final = "eu-west-1"
SYSTEM: Final = "salesforce"


class Bridge:
    """A service that looks orders up in Salesforce, for as long as a `with`.

    Args:
        metrics: URLs that metrics go to, by OTLP over HTTP.
        interval: Milliseconds between two exports.

    Attributes:
        far_end: The simulated Salesforce, where faults are injected.
        salesforce: The real client library's client, connected to it.
        traces: Ids of the traces of all journeys, as 32 hexadecimal digits.
        ended: How many journeys have ended.
    """

    def __init__(self, metrics: Sequence[str], interval: float = 500.0) -> None:
        self.far_end = SalesforceFarEnd()
        self.traces: set[str] = set()
        self.ended = 0
        resource = Resource({SERVICE_NAME: SERVICE, CLOUD_REGION: REGION})
        readers = [
            PeriodicExportingMetricReader(OTLPMetricExporter(url), export_interval_millis=interval)
            for url in metrics
        ]
        self.meters = MeterProvider(readers, resource, shutdown_on_exit=False)
        self.tracers = TracerProvider(resource=resource, shutdown_on_exit=False)
        self.tracers.add_span_processor(ExperienceProcessor(meter_provider=self.meters))
        self.salesforce: Any = None

    def __enter__(self) -> Self:
        """Open, with the real client library observed."""
        set_provider(self.tracers)
        providers: dict[str, Any] = {"tracer_provider": self.tracers, "meter_provider": self.meters}
        cxotel.instrument(SYSTEM, **providers)
        self.far_end.__enter__()
        self._client = client(self.far_end)
        self.salesforce = self._client.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Send what is left, and close."""
        self._client.__exit__(None, None, None)
        self.far_end.__exit__(None, None, None)
        cxotel.uninstrument(SYSTEM)
        self.meters.shutdown()
        self.tracers.shutdown()
        set_provider(None)

    def refund(self, name: str = "refund") -> str:
        """Let a customer ask for a refund, and return how it came out."""
        with cxotel.journey(name, channel="voice"):
            self._noticed()
            self._turn("matched")
            try:
                self.salesforce.query("SELECT COUNT() FROM Case")
                outcome = "resolved"
            except SalesforceError:
                outcome = "failed"
            self._turn("matched" if outcome == "resolved" else "no_match")
            cxotel.outcome(outcome)
        self.ended += 1
        return outcome

    def escalation(self, queue: str = "billing") -> None:
        """Let a customer be passed on, wait, and hear badly what they are told."""
        with cxotel.journey("return", channel="voice"):
            self._noticed()
            cxotel.handoff("bot_to_human", queue=queue)
            with cxotel.wait(queue):
                pass
            heard = MediaQuality(source="rtp", codec="PCMU", loss=0.2, duration=5.0)
            cxotel.record_media(
                heard, leg_name="agent", system="twilio", meter_provider=self.meters
            )
            cxotel.feedback("csat", 2, scale=(1, 5))
            cxotel.impairment("effort", points=60, reason="echo", layer="connectivity")
            cxotel.outcome("escalated")
        self.ended += 1

    def keep_calling(self, until: threading.Event, pause: float) -> Callable[[], None]:
        """Let customers call one after another until an event; return what waits for the last."""

        def call() -> None:
            while not until.wait(pause):
                self.refund()

        thread = threading.Thread(target=call, daemon=True)
        thread.start()
        return thread.join

    def _noticed(self) -> None:
        """Note the journey's trace, whose id a journey has that began here."""
        now = cxotel.current_journey()
        assert now is not None
        self.traces.add(now.id)

    def _turn(self, result: str) -> None:
        """Let a bot answer, as the span of a bot's vendor tells it."""
        told = {
            semconv.CX_EVIDENCE_KIND: semconv.CxEvidenceKindValues.TURN.value,
            semconv.CX_SYSTEM: "dialogflow",
            semconv.CX_LAYER: semconv.CxLayerValues.AI.value,
            semconv.CX_BOT_TURN_RESULT: result,
            semconv.CX_BOT_TURN_DURATION: 400,
        }
        tracer = self.tracers.get_tracer("cxotel.dialogflow")
        tracer.start_span("detect_intent dialogflow", attributes=told).end()


def wait_for(what: Callable[[], Any], seconds: float = 20.0) -> Any:
    """Return the first answer that is one, or fail after so many seconds."""
    end = time.monotonic() + seconds
    while True:
        answer = what()
        if answer:
            return answer
        assert time.monotonic() < end, f"nothing came within {seconds:.0f} s"
        time.sleep(0.1)
