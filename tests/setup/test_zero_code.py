"""`opentelemetry-instrument python app.py`, with no line of cxotel in the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cxotel.demo.far_ends.twilio import TwilioFarEnd
from tests.otlp_receiver import OtlpReceiver
from tests.setup.environments import build_wheel, environment
from tests.setup.programs import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.otlp_receiver import ReceivedSpan
    from tests.setup.programs import Ran

APP = """
import os
from opentelemetry import trace
from twilio.rest import Client

client = Client("AC" + "0" * 32, "token")
client.api.base_url = os.environ["FAR_END"]
tracer = trace.get_tracer("refund-bridge")
with tracer.start_as_current_span("POST /refund", kind=trace.SpanKind.SERVER):
    client.calls.create(to="+15550100", from_="+15550199", url="https://app.example/voice")
"""

DECLARED = """
file_format: "1.0"
resource:
  attributes:
    - name: service.name
      value: declared
tracer_provider:
  processors:
    - batch:
        exporter:
          otlp_grpc:
            endpoint: {endpoint}
"""


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the project once."""
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """Make an environment as `pip install cxotel[twilio]` does."""
    return environment(tmp_path_factory.mktemp("plain") / "venv", f"cxotel[twilio] @ {wheel}")


@pytest.fixture(scope="session")
def distro(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """Make an environment that has OpenTelemetry's distro and declarative configuration too."""
    return environment(
        tmp_path_factory.mktemp("distro") / "venv",
        f"cxotel[twilio] @ {wheel}",
        "opentelemetry-distro",
        "opentelemetry-configuration",
        "opentelemetry-instrumentation-requests",
    )


@pytest.fixture
def receiver() -> Iterator[OtlpReceiver]:
    """Run an OTLP receiver."""
    with OtlpReceiver() as running:
        yield running


@pytest.fixture(scope="module")
def far_end() -> Iterator[TwilioFarEnd]:
    """Run a far end for Twilio."""
    with TwilioFarEnd() as running:
        yield running


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """Write the application."""
    path = tmp_path / "app.py"
    path.write_text(APP)
    return path


def start(app: Path, bin_: Path, far_end: TwilioFarEnd, **environ: str) -> Ran:
    """Run the application under `opentelemetry-instrument`."""
    return run(
        str(app),
        {"FAR_END": far_end.url, "OTEL_SERVICE_NAME": "refund-bridge", **environ},
        python=str(bin_ / "python"),
        through=[str(bin_ / "opentelemetry-instrument")],
    )


def assert_scored(receiver: OtlpReceiver, service: str = "refund-bridge") -> None:
    """Check that the call is named by what it means, and that the local root has a score."""
    root, call = receiver.wait_for_span("POST /refund"), receiver.wait_for_span("place_call twilio")
    assert sorted(span.name for span in receiver.spans()) == ["POST /refund", "place_call twilio"]
    assert call.kind == "CLIENT"
    assert call.attributes["cx.system"] == "twilio"
    assert call.parent_id == root.span_id
    assert journey_id(call) == journey_id(root)
    assert isinstance(root.attributes.get("cx.experience.score"), int), root.attributes
    assert root.resource["service.name"] == service


def journey_id(span: ReceivedSpan) -> str:
    """Return the journey id, which is there under both of its names."""
    assert span.attributes["cx.journey.id"] == span.attributes["session.id"]
    return str(span.attributes["cx.journey.id"])


def test_without_a_distro(
    app: Path, plain: Path, far_end: TwilioFarEnd, receiver: OtlpReceiver
) -> None:
    """What the README's pip line installs is enough: cxotel sets the SDK up itself."""
    ran = start(app, plain, far_end, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.grpc_endpoint)
    assert (ran.code, ran.log) == (0, ())
    assert_scored(receiver)
    assert "cx.vendor.call.duration" in receiver.metric_names()


def test_with_a_distro(
    app: Path, distro: Path, far_end: TwilioFarEnd, receiver: OtlpReceiver
) -> None:
    """Where a distro sets the SDK up, it stays, and the score comes beside it."""
    ran = start(app, distro, far_end, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.grpc_endpoint)
    assert (ran.code, ran.log) == (0, ())
    assert_scored(receiver)
    assert "cx.vendor.call.duration" in receiver.metric_names()


def test_with_a_declarative_configuration(
    app: Path, distro: Path, far_end: TwilioFarEnd, receiver: OtlpReceiver, tmp_path: Path
) -> None:
    """Under OTEL_CONFIG_FILE, which has no place for span processors, the score is there too."""
    file = tmp_path / "otel.yaml"
    file.write_text(DECLARED.format(endpoint=receiver.grpc_endpoint))
    ran = start(app, distro, far_end, OTEL_CONFIG_FILE=str(file))
    assert ran.code == 0
    assert_scored(receiver, service="declared")


def test_a_declarative_configuration_that_nothing_reads(
    app: Path, plain: Path, far_end: TwilioFarEnd, tmp_path: Path
) -> None:
    """Without the package that reads it, one line says which to install, and the app runs."""
    file = tmp_path / "otel.yaml"
    file.write_text(DECLARED.format(endpoint="http://127.0.0.1:9"))
    ran = start(app, plain, far_end, OTEL_CONFIG_FILE=str(file))
    assert ran.code == 0
    (line,) = ran.log
    assert "pip install opentelemetry-configuration" in line


def test_switched_off_by_name(
    app: Path, plain: Path, far_end: TwilioFarEnd, receiver: OtlpReceiver
) -> None:
    """OpenTelemetry's list of disabled instrumentations switches all of cxotel off."""
    ran = start(
        app,
        plain,
        far_end,
        OTEL_EXPORTER_OTLP_ENDPOINT=receiver.grpc_endpoint,
        OTEL_PYTHON_DISABLED_INSTRUMENTATIONS="cxotel",
    )
    assert (ran.code, ran.log) == (0, ())
    assert not receiver.spans()


def test_no_receiver_and_no_code(app: Path, plain: Path, far_end: TwilioFarEnd) -> None:
    """An application started with no receiver about runs, and one line says so."""
    ran = start(app, plain, far_end, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9")
    assert ran.code == 0
    (line,) = ran.log
    assert "nothing listens at 127.0.0.1:9" in line
