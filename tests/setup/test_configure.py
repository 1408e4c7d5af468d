"""`cxotel.configure`, in programs of their own: a process is configured once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.otlp_receiver import OtlpReceiver
from tests.setup.programs import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOGGING = """
import logging
logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
import cxotel
"""
JOURNEY = """
with cxotel.journey("refund", channel="chat"):
    with cxotel.step("find order"):
        pass
    cxotel.handoff("transfer_cold")
    cxotel.outcome("unresolved")
"""


@pytest.fixture
def receiver() -> Iterator[OtlpReceiver]:
    """Run an OTLP receiver."""
    with OtlpReceiver() as running:
        yield running


def test_one_call_sends_a_scored_journey(receiver: OtlpReceiver) -> None:
    """A name and an endpoint are enough: what is left at the end of the program arrives."""
    ran = run(
        f"""{LOGGING}
cxotel.configure("refund-bridge", endpoint="{receiver.grpc_endpoint}",
                 headers={{"X-Token": "t0k3n"}}, resource={{"deployment.environment.name": "test"}})
{JOURNEY}"""
    )
    assert (ran.code, ran.log) == (0, ())
    spans = {span.name: span for span in receiver.spans()}
    journey = spans["refund"]
    assert journey.attributes["cx.journey.outcome"] == "unresolved"
    assert isinstance(journey.attributes["cx.experience.score"], int)
    assert spans["find order"].attributes["cx.journey.id"] == journey.attributes["cx.journey.id"]
    assert journey.resource["service.name"] == "refund-bridge"
    assert journey.resource["deployment.environment.name"] == "test"
    assert "cx.journey.completed" in receiver.metric_names()
    assert all(headers["x-token"] == "t0k3n" for headers in receiver.headers)


def test_the_environment_alone_is_enough(receiver: OtlpReceiver) -> None:
    """OpenTelemetry's variables say where, how, and for whom; the code says nothing."""
    ran = run(
        f"{LOGGING}\nhandle = cxotel.configure()\n{JOURNEY}\nprint(handle.flush())",
        {
            "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.http_endpoint,
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
            "OTEL_EXPORTER_OTLP_HEADERS": "x-token=t0k3n",
            "OTEL_SERVICE_NAME": "refund-bridge",
            "OTEL_RESOURCE_ATTRIBUTES": "team=crm",
            "OTEL_METRICS_EXPORTER": "none",
        },
    )
    assert (ran.code, ran.out, ran.log) == (0, "True\n", ())
    span = receiver.wait_for_span("refund")
    assert span.resource["service.name"] == "refund-bridge"
    assert span.resource["team"] == "crm"
    assert not receiver.metric_names()
    assert receiver.headers[0]["x-token"] == "t0k3n"


def test_a_file_instead_of_a_receiver(tmp_path: Path) -> None:
    """With a file named, nothing is sent anywhere, and the file holds traces and metrics."""
    path = tmp_path / "journeys.jsonl"
    ran = run(f"{LOGGING}\nwith cxotel.configure(file={str(path)!r}):\n    exec({JOURNEY!r})")
    assert (ran.code, ran.log) == (0, ())
    ran = run(f"{LOGGING}\ncxotel.configure('x')\n{JOURNEY}", {"CXOTEL_FILE": str(path)})
    assert (ran.code, ran.log) == (0, ())
    documents = [json.loads(line) for line in path.read_text().splitlines()]
    assert {key for document in documents for key in document} == {
        "resourceSpans",
        "resourceMetrics",
    }


def test_a_file_that_cannot_be_written_is_named(receiver: OtlpReceiver) -> None:
    """Telemetry goes on to the receiver where the file cannot be had."""
    ran = run(
        f"{LOGGING}\ncxotel.configure(file='/nowhere/x', endpoint='{receiver.grpc_endpoint}')"
        f"\n{JOURNEY}"
    )
    (line,) = ran.log
    assert "cannot write /nowhere/x: No such file or directory" in line
    assert receiver.wait_for_span("refund")


def test_the_second_call_returns_the_first_handle(receiver: OtlpReceiver) -> None:
    """Set up twice is set up once: no span is sent twice, and a difference is logged once."""
    ran = run(
        f"""{LOGGING}
first = cxotel.configure("one", endpoint="{receiver.grpc_endpoint}")
assert cxotel.configure("one", endpoint="{receiver.grpc_endpoint}") is first
assert cxotel.configure("two") is cxotel.configure("three") is first
{JOURNEY}
first.shutdown()
first.shutdown()"""
    )
    (line,) = ran.log
    assert "cxotel is set up already: service_name of the later call is not used" in line
    assert sorted(span.name for span in receiver.spans()) == ["find order", "refund"]
    assert receiver.spans()[0].resource["service.name"] == "one"


def test_a_provider_that_is_there_stays(receiver: OtlpReceiver) -> None:
    """Beside an application's own set-up the score is added; its exporter is the only one."""
    ran = run(
        f"""{LOGGING}
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter("{receiver.grpc_endpoint}")))
trace.set_tracer_provider(provider)
handle = cxotel.configure("other", endpoint="http://127.0.0.1:9")
assert handle.tracer_provider is provider
{JOURNEY}
assert handle.flush()
handle.shutdown()
provider.get_tracer("still").start_span("still there").end()
"""
    )
    assert ran.code == 0
    (line,) = ran.log
    assert "set up already and stays: service_name, endpoint not used" in line
    names = [span.name for span in receiver.spans()]
    assert sorted(names) == ["find order", "refund", "still there"]
    assert "cx.experience.score" in receiver.wait_for_span("refund").attributes


def test_exporters_of_ones_own(receiver: OtlpReceiver) -> None:
    """An exporter and a reader given in code are used, and nothing else is sent anywhere."""
    ran = run(
        f"""{LOGGING}
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
spans, metrics = InMemorySpanExporter(), InMemoryMetricReader()
handle = cxotel.configure(exporter=spans, metric_reader=metrics)
{JOURNEY}
assert handle.flush()
print([span.name for span in spans.get_finished_spans()])
print("cx.journey.completed" in metrics.get_metrics_data().to_json())
"""
    )
    assert (ran.code, ran.log) == (0, ())
    assert ran.out == "['find order', 'refund']\nTrue\n"


def test_a_disabled_sdk_sets_up_nothing(receiver: OtlpReceiver) -> None:
    """OTEL_SDK_DISABLED switches everything off, and the program runs as ever."""
    ran = run(
        f"{LOGGING}\nhandle = cxotel.configure('x')\n{JOURNEY}\nprint(handle.flush())",
        {
            "OTEL_SDK_DISABLED": "true",
            "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.grpc_endpoint,
        },
    )
    assert (ran.code, ran.out, ran.log) == (0, "True\n", ())
    assert not receiver.spans()


def test_a_receiver_out_of_reach_costs_one_line_and_no_time() -> None:
    """The program ends at once, with one line that says what to do."""
    ran = run(
        f"{LOGGING}\ncxotel.configure('x')\n{JOURNEY}\nprint('done')",
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"},
        timeout=8.0,
    )
    assert (ran.code, ran.out) == (0, "done\n")
    (line,) = ran.log
    assert "nothing listens at 127.0.0.1:9" in line
    assert "OTEL_EXPORTER_OTLP_ENDPOINT" in line


def test_the_wrong_port_costs_one_line(receiver: OtlpReceiver) -> None:
    """gRPC to the HTTP port is named, and the remedy with it."""
    ran = run(
        f"{LOGGING}\ncxotel.configure('x', endpoint='{receiver.http_endpoint}', protocol='grpc')"
        f"\n{JOURNEY}",
    )
    (line,) = ran.log
    assert "speaks HTTP, not gRPC" in line


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"OTEL_TRACES_EXPORTER": "zipkin"}, "no traces exporter is called 'zipkin'; installed"),
        ({"OTEL_TRACES_SAMPLER": "most"}, "OTEL_TRACES_SAMPLER=most cannot be used"),
        ({"OTEL_CONFIG_FILE": "/nowhere.yaml"}, "OTEL_CONFIG_FILE"),
        ({"CXOTEL_CONFIG": "/nowhere.toml"}, "/nowhere.toml: cannot be read"),
        ({"CXOTEL_SAMPLE_RATIO": "most"}, "CXOTEL_SAMPLE_RATIO must be a number from 0 to 1"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_costs_one_line(environ: dict[str, str], said: str) -> None:
    """A mistake in the configuration is one clear line, and the application goes on."""
    nowhere = {"OTEL_TRACES_EXPORTER": "none", "OTEL_METRICS_EXPORTER": "none"}
    ran = run(f"{LOGGING}\ncxotel.configure('x')\n{JOURNEY}\nprint('done')", {**nowhere, **environ})
    assert (ran.code, ran.out) == (0, "done\n")
    (line,) = ran.log
    assert said in line


def test_sampling_by_settings_and_by_opentelemetrys_name(receiver: OtlpReceiver) -> None:
    """The ratio of the settings is used, unless OpenTelemetry's variable names a sampler."""
    program = f"{LOGGING}\nhandle = cxotel.configure('x')\n{JOURNEY}\nhandle.flush()"
    environ = {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.grpc_endpoint, "CXOTEL_SAMPLE_RATIO": "0"}
    assert run(program, environ).log == ()
    assert not receiver.spans()
    assert "cx.journey.completed" in receiver.metric_names()
    assert run(program, {**environ, "OTEL_TRACES_SAMPLER": "always_on"}).log == ()
    assert receiver.wait_for_span("refund")
    named = {"OTEL_TRACES_SAMPLER": "cx_journey", "OTEL_TRACES_SAMPLER_ARG": "1"}
    assert run(program.replace("refund", "cancel"), {**environ, **named}).log == ()
    assert receiver.wait_for_span("cancel")


def test_a_wrong_protocol_in_code_is_an_error_at_the_start() -> None:
    """A word that is no protocol is told where it stands, before anything is set up."""
    ran = run(f"{LOGGING}\ncxotel.configure(protocol='http')")
    assert ran.code == 1
    assert "protocol must be grpc or http/protobuf, not 'http'" in ran.log[-1]


@pytest.mark.parametrize("before", ["", "handle.flush()"])
def test_a_forked_child_sends_its_own(receiver: OtlpReceiver, before: str) -> None:
    """In a prefork server the parent configures and each child sends, before and after use."""
    ran = run(
        f"""{LOGGING}
import os, warnings
# From 3.12 on Python warns of every fork with threads about; a prefork server's are no other.
warnings.simplefilter("ignore", DeprecationWarning)
handle = cxotel.configure("x", endpoint="{receiver.grpc_endpoint}")
with cxotel.journey("parent", channel="chat"):
    pass
{before}
child = os.fork()
with cxotel.journey("child" if child == 0 else "parent again", channel="chat"):
    pass
assert handle.flush()
if child == 0:
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
""",
    )
    assert (ran.code, ran.log) == (0, ())
    names = sorted(span.name for span in receiver.spans())
    assert names == ["child", "parent", "parent again"]


def test_settings_are_handed_on(receiver: OtlpReceiver, tmp_path: Path) -> None:
    """A settings file given in code names the service and puts its privacy policy in force."""
    path = tmp_path / "cxotel.toml"
    path.write_text(f"""
[export]
service_name = "from-file"
endpoint = "{receiver.grpc_endpoint}"
[privacy]
classes = ["public"]
""")
    ran = run(
        f"""{LOGGING}
cxotel.configure(settings={str(path)!r})
from cxotel import privacy
print(sorted(privacy.policy().classes))
{JOURNEY}"""
    )
    assert (ran.code, ran.out, ran.log) == (0, "['public']\n", ())
    assert receiver.wait_for_span("refund").resource["service.name"] == "from-file"


def test_a_provider_of_another_maker_is_left_alone() -> None:
    """A provider that takes no span processors gets no score, and one line says why."""
    ran = run(
        f"""{LOGGING}
from opentelemetry import trace
trace.set_tracer_provider(trace.NoOpTracerProvider())
with cxotel.configure("x") as handle:
    exec({JOURNEY!r})
assert handle.flush()
"""
    )
    assert ran.code == 0
    (line,) = ran.log
    assert "the tracer provider in use, NoOpTracerProvider, takes no span processors" in line


def test_metrics_of_the_application_stay(receiver: OtlpReceiver) -> None:
    """An application that has set metrics up keeps its provider; nothing is said of it."""
    ran = run(
        f"""{LOGGING}
from opentelemetry import metrics
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
reader = InMemoryMetricReader()
metrics.set_meter_provider(MeterProvider([reader]))
handle = cxotel.configure("x", endpoint="{receiver.grpc_endpoint}")
assert handle.meter_provider is None
{JOURNEY}
assert handle.flush()
print("cx.journey.completed" in reader.get_metrics_data().to_json())
"""
    )
    assert (ran.code, ran.out, ran.log) == (0, "True\n", ())
    assert not receiver.metric_names()


@pytest.mark.parametrize(
    ("program", "scored"),
    [
        ("trace.set_tracer_provider(TracerProvider())", "True"),
        ("raise ValueError('file_format:\\n is missing')", "False"),
    ],
)
def test_a_declarative_file_says_where_everything_goes(program: str, scored: str) -> None:
    """With OTEL_CONFIG_FILE OpenTelemetry's own reader sets up, and the score is added to it."""
    ran = run(
        f"""{LOGGING}
import sys, types
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
reader = types.ModuleType("opentelemetry.configuration")
reader.load_config_file = lambda path: path
def configure_sdk(path):
    assert path == "otel.yaml"
    {program}
reader.configure_sdk = configure_sdk
sys.modules["opentelemetry.configuration"] = reader
handle = cxotel.configure()
with cxotel.journey("refund") as span:
    pass
print(handle.tracer_provider is not None)
""",
        {"OTEL_CONFIG_FILE": "otel.yaml"},
    )
    assert (ran.code, ran.out) == (0, f"{scored}\n")
    assert ran.lines_about("file_format: is missing") == list(ran.log)


def test_an_exporter_that_cannot_be_made_costs_one_line(receiver: OtlpReceiver) -> None:
    """A variable that upstream's exporter refuses is named, and the application goes on."""
    ran = run(
        f"{LOGGING}\ncxotel.configure('x', file='/dev/null')\n{JOURNEY}\nprint('done')",
        {
            "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.grpc_endpoint,
            "OTEL_EXPORTER_OTLP_COMPRESSION": "zip",
            "OTEL_METRICS_EXPORTER": "none",
        },
    )
    assert (ran.code, ran.out) == (0, "done\n")
    (line,) = ran.log
    assert "no OTLP traces are exported" in line
    assert "zip" in line


def test_an_error_of_our_own_never_reaches_the_application() -> None:
    """Whatever goes wrong while setting up, `configure` returns a handle."""
    ran = run(
        f"""{LOGGING}
from cxotel import propagation
def broken():
    raise RuntimeError("secret")
propagation.install = broken
with cxotel.configure("x") as handle:
    exec({JOURNEY!r})
assert handle.flush()
"""
    )
    assert ran.code == 0
    (line,) = ran.log
    assert "telemetry error (RuntimeError) while setting up" in line


def test_a_flush_that_fails_is_no_error() -> None:
    """A reader that fails makes `flush` tell so, and nothing more."""
    ran = run(
        f"""{LOGGING}
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
class Broken(InMemoryMetricReader):
    def force_flush(self, timeout_millis=0):
        raise RuntimeError("secret")
handle = cxotel.configure("x", metric_reader=Broken())
print(handle.flush())
"""
    )
    assert (ran.code, ran.out) == (0, "False\n")
    assert "secret" not in "".join(ran.log)
