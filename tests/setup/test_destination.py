"""Where telemetry goes: arguments, variables, settings, defaults."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxotel.engine import shield
from cxotel.exporting.destination import resolve
from cxotel.exporting.diagnosis import diagnose
from cxotel.settings import Export


def where(**given: object) -> str:
    """Return the URL and the protocol that traces go to."""
    found = resolve("traces", **{"environ": {}, **given})  # type: ignore[arg-type]
    return f"{found.url} {found.protocol}"


def test_the_defaults_are_opentelemetrys() -> None:
    """With nothing configured OTLP goes where a local collector listens."""
    assert where() == "http://localhost:4317 grpc"
    assert where(protocol="http/protobuf") == "http://localhost:4318/v1/traces http/protobuf"


def test_the_port_tells_the_protocol() -> None:
    """The HTTP port alone is enough to be spoken to in HTTP."""
    assert where(endpoint="http://c:4318") == "http://c:4318/v1/traces http/protobuf"
    assert where(endpoint="http://c:4317") == "http://c:4317 grpc"
    assert where(endpoint="http://c:4318", protocol="grpc") == "http://c:4318 grpc"


def test_an_endpoint_in_code_needs_no_scheme() -> None:
    """A bare host and port in code means no TLS, as everybody expects of localhost."""
    found = resolve("traces", endpoint="collector:4317", environ={})
    assert found.url == "http://collector:4317"
    assert (found.host, found.port, found.plain) == ("collector", 4317, True)


def test_a_bare_endpoint_in_the_environment_means_tls() -> None:
    """OpenTelemetry's own exporter takes a gRPC endpoint without a scheme as TLS; so do we."""
    environ = {"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4317"}
    assert not resolve("traces", environ=environ).plain
    assert resolve("traces", environ={**environ, "OTEL_EXPORTER_OTLP_INSECURE": "true"}).plain


def test_code_above_environment_above_settings() -> None:
    """What is nearest to the program wins, and the source is named."""
    export = Export(endpoint="http://settings:4317")
    environ = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://env:4317"}
    found = resolve("traces", endpoint="http://code:4317", export=export, environ=environ)
    assert (found.host, found.source) == ("code", "configure(endpoint=…)")
    found = resolve("traces", export=export, environ=environ)
    assert (found.host, found.source) == ("env", "OTEL_EXPORTER_OTLP_ENDPOINT")
    found = resolve("traces", export=export, environ={})
    assert (found.host, found.source) == ("settings", "settings export.endpoint")


def test_a_signal_may_go_its_own_way() -> None:
    """A signal's own variable is taken as it stands, path included."""
    environ = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://all:4318",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://one:4318/custom",
        "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/protobuf",
        "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL": "http/protobuf",
    }
    assert resolve("traces", environ=environ).url == "http://one:4318/custom"
    assert resolve("metrics", environ=environ).url == "http://all:4318/v1/metrics"


@pytest.mark.parametrize("base", ["http://c:4318", "http://c:4318/", "http://c:4318/v1/traces"])
def test_a_signals_path_is_added_once(base: str) -> None:
    """An endpoint that was pasted with a signal's path still works for every signal."""
    assert resolve("traces", endpoint=base, environ={}).url == "http://c:4318/v1/traces"
    assert resolve("metrics", endpoint=base, environ={}).url == "http://c:4318/v1/metrics"


def test_a_wrong_protocol_in_code_is_an_error() -> None:
    """A word that is no protocol is told at once, where the program is started."""
    with pytest.raises(ValueError, match="protocol must be grpc or http/protobuf, not 'http'"):
        resolve("traces", protocol="http", environ={})


def test_an_unsupported_protocol_in_the_environment_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A protocol that is not supported costs one line and is not used."""
    shield.forget()
    environ = {"OTEL_EXPORTER_OTLP_PROTOCOL": "http/json"}
    assert resolve("traces", environ=environ).protocol == "grpc"
    assert "http/json" in caplog.text


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=30))
def test_any_endpoint_is_an_address_or_none(text: str) -> None:
    """Whatever somebody wrote as an endpoint, there is a host and a port, or no host."""
    found = resolve("traces", endpoint=text, environ={})
    assert found.host or str(diagnose(found)).find("is no URL with a host") > 0
    assert 0 < found.port <= 65535
