"""What the dashboards are tried on: a contact center's day, and what it does not have."""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING, Final

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import SERVICE_NAME, Resource

from backends.servers import Prometheus
from backends.stack import CXOTEL, rules
from cxotel import semconv
from cxotel.semconv import metrics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.metrics import CallbackOptions, Meter, Observation

DEMO: Final = "contact-center-bridge"
"""What the demo's service calls itself."""
REST: Final = "the-rest"
"""The service that sends what the demo does not have."""
JOURNEYS: Final = 24
_FASTER: Final = 1 / 60
"""Rules over hours are made rules over minutes."""


def prometheus(scraped: str) -> Prometheus:
    """Return a Prometheus to start, with the rules that we ship.

    Args:
        scraped: Host and port of the Collector's metrics.
    """
    return Prometheus(scraped, rules=rules(_FASTER))


def run_demo(otlp_grpc: str, file: str) -> None:
    """Run a contact center whose telemetry goes to a URL by OTLP over gRPC."""
    options = {"--journeys": str(JOURNEYS), "--seed": "2", "--speed": "60", "--file": file}
    command = [word for option in options.items() for word in option]
    ran = subprocess.run(
        [*CXOTEL, "demo", "--otlp-endpoint", otlp_grpc, *command],
        capture_output=True,
        text=True,
        check=False,
    )
    # Whether the blame was right is another test's.
    assert ran.returncode in {0, 1}, ran.stderr


def send_rest(otlp_http: str) -> None:
    """Send what the demo has no reason to send: other codecs, ratings, warnings, mishaps.

    Args:
        otlp_http: URL that takes OTLP over HTTP, without a path.
    """
    exporter = OTLPMetricExporter(f"{otlp_http}/v1/metrics")
    reader = PeriodicExportingMetricReader(exporter, export_interval_millis=float("inf"))
    provider = MeterProvider([reader], Resource({SERVICE_NAME: REST}), shutdown_on_exit=False)
    meter = provider.get_meter("cxotel")
    _media(meter)
    rated = {semconv.CX_FEEDBACK_KIND: "csat", semconv.CX_JOURNEY_NAME: "refund"}
    metrics.create_cx_feedback_value(meter).record(4, rated)
    dropped = {semconv.CX_TELEMETRY_TABLE: "contacts"}
    metrics.create_cx_telemetry_dropped(meter).add(1, dropped)
    failed = {semconv.CX_TELEMETRY_COMPONENT: "twilio"}
    metrics.create_cx_telemetry_errors(meter).add(1, failed)
    metrics.create_cx_journey_age(meter, _ages)
    # Its series began when it did, and Prometheus must not take the beginning for the same moment.
    time.sleep(1.0)
    assert provider.force_flush()
    provider.shutdown()


def _ages(_: CallbackOptions) -> Iterator[Observation]:
    from opentelemetry.metrics import Observation

    yield Observation(30, {semconv.CX_JOURNEY_NAME: "refund"})


def _media(meter: Meter) -> None:
    leg = {semconv.CX_MEDIA_LEG_NAME: "agent", semconv.CX_SYSTEM: "twilio"}
    sound = {**leg, semconv.CX_MEDIA_CODEC: "opus", semconv.CX_MEDIA_OPINION: "listening"}
    ratings, opinions = metrics.create_cx_media_r(meter), metrics.create_cx_media_mos(meter)
    for model, rating in {"g107.1": 110, "g107.2": 130}.items():
        ratings.record(rating, {**sound, semconv.CX_MEDIA_MODEL: model})
    for model in ("g107.1", "g107.2", "vendor"):
        opinions.record(4.1, {**sound, semconv.CX_MEDIA_MODEL: model})
    metrics.create_cx_media_burst_ratio(meter).record(1.5, sound)
    warning = {**leg, semconv.CX_MEDIA_WARNING_NAME: "high_jitter"}
    metrics.create_cx_media_warning_count(meter).add(1, warning)
