"""Each program with the configuration of `examples/stack`, on free ports of loopback."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from backends.programs import HOST, Program, free_ports
from cxotel.operations.shipped import dashboards

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    from typing_extensions import Self

STACK = Path(__file__).parent.parent / "examples" / "stack"
"""The configurations, which `compose.yaml` uses too."""


class Server:
    """A program that serves for the length of a `with`.

    Attributes:
        program: The program.
    """

    program: Program

    def __enter__(self) -> Self:
        """Start it."""
        self.program.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it."""
        self.program.__exit__(kind, error, trace)


class Jaeger(Server):
    """Jaeger, with traces in memory.

    Attributes:
        url: Where it is asked.
        otlp_grpc: Where it takes OTLP over gRPC.
        otlp_http: Where it takes OTLP over HTTP, without a path.
    """

    def __init__(self) -> None:
        ports = _ports("HEALTH", "QUERY", "QUERY_GRPC", "OTLP_GRPC", "OTLP_HTTP")
        self.url = _url(ports["QUERY"])
        self.otlp_grpc = _url(ports["OTLP_GRPC"])
        self.otlp_http = _url(ports["OTLP_HTTP"])
        self.program = Program(
            "jaeger",
            ["--config", str(STACK / "jaeger.yaml")],
            ready=f"{_url(ports['HEALTH'])}/status",
            environment={
                **{f"JAEGER_{name}_PORT": str(port) for name, port in ports.items()},
                # It would send traces of itself to port 4317, whoever listens there.
                "OTEL_TRACES_SAMPLER": "always_off",
            },
        )


class Tempo(Server):
    """Tempo, with traces in its folder; what it has is found sooner than with the defaults.

    Args:
        prometheus: Where its metrics of spans go; None where a Collector counts them already.

    Attributes:
        url: Where it is asked.
        otlp_grpc: Where it takes OTLP over gRPC.
        otlp_http: Where it takes OTLP over HTTP, without a path.
    """

    def __init__(self, prometheus: str | None = None) -> None:
        ports = _ports("HTTP", "GRPC", "OTLP_GRPC", "OTLP_HTTP")
        self.url = _url(ports["HTTP"])
        self.otlp_grpc = _url(ports["OTLP_GRPC"])
        self.otlp_http = _url(ports["OTLP_HTTP"])
        settings = {
            **({"PROMETHEUS": prometheus} if prometheus else {"PROCESSORS": "[]"}),
            "DATA": "data",
            "CUTOFF": "0s",
            "COMMIT": "1s",
            "GRAPH_WAIT": "2s",
            "METRICS_INTERVAL": "1s",
        }
        self.program = Program(
            "tempo",
            [f"-config.file={STACK / 'tempo.yaml'}", "-config.expand-env=true"],
            ready=f"{self.url}/ready",
            environment={
                **{f"TEMPO_{name}_PORT": str(port) for name, port in ports.items()},
                **{f"TEMPO_{name}": value for name, value in settings.items()},
            },
        )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it at once: an orderly end takes it half a minute, for traces that nobody wants."""
        self.program.signal(signal.SIGKILL)
        super().__exit__(kind, error, trace)


class SamplingCollector(Server):
    """A Collector that keeps the journeys worth keeping.

    Args:
        backend: Host and port that it sends to by OTLP over gRPC.
        wait: How long it holds a trace after its root has come, as in `1s`.
        longest: How long it holds a trace whose root does not come.
        percent: The share of good journeys that it keeps.
        tempo: Host and port of a Tempo that it sends to as well.

    Attributes:
        address: Host and port where it takes OTLP over gRPC.
    """

    def __init__(
        self,
        backend: str,
        *,
        wait: str = "1s",
        longest: str = "60s",
        percent: int = 10,
        tempo: str | None = None,
    ) -> None:
        ports = _ports("HEALTH", "OTLP_GRPC")
        self.address = f"{HOST}:{ports['OTLP_GRPC']}"
        settings = {
            "BACKEND": backend,
            "WAIT": longest,
            "WAIT_AFTER_ROOT": wait,
            "PERCENT": str(percent),
            **({"TEMPO": tempo} if tempo else {}),
        }
        files = ["collector-sampling.yaml", *(["collector-tempo.yaml"] if tempo else [])]
        self.program = Program(
            "otelcol",
            [f"--config={STACK / file}" for file in files],
            ready=_url(ports["HEALTH"]),
            environment={
                **{f"SAMPLING_{name}_PORT": str(port) for name, port in ports.items()},
                **{f"SAMPLING_{name}": value for name, value in settings.items()},
            },
        )


class Collector(Server):
    """The Collector that services send to.

    Args:
        behind: Host and port of the Collectors behind it, one or two.
        interval: How often metrics of calls are published, as in `1s`.
        memory: MiB that it may use.

    Attributes:
        otlp_grpc: Where it takes OTLP over gRPC.
        otlp_http: Where it takes OTLP over HTTP, without a path.
        metrics: Host and port of what Prometheus scrapes.
    """

    def __init__(
        self,
        behind: Sequence[str],
        *,
        interval: str = "1s",
        memory: int = 512,
    ) -> None:
        ports = _ports("HEALTH", "OTLP_GRPC", "OTLP_HTTP", "PROMETHEUS")
        self.otlp_grpc = _url(ports["OTLP_GRPC"])
        self.otlp_http = _url(ports["OTLP_HTTP"])
        self.metrics = f"{HOST}:{ports['PROMETHEUS']}"
        settings = {
            "METRICS_INTERVAL": interval,
            "MEMORY_MIB": str(memory),
            "GRAPH_TTL": "2s",
            "SAMPLING_1": behind[0],
            "SAMPLING_2": behind[-1],
        }
        self.program = Program(
            "otelcol",
            ["--config", str(STACK / "collector.yaml")],
            ready=_url(ports["HEALTH"]),
            environment={
                **{f"COLLECTOR_{name}_PORT": str(port) for name, port in ports.items()},
                **{f"COLLECTOR_{name}": value for name, value in settings.items()},
            },
        )


class Prometheus(Server):
    """Prometheus with the stack's configuration, and rules.

    Args:
        scraped: Host and port of the Collector's metrics.
        alertmanager: Host and port of Alertmanager.
        rules: Rule files, their text by name.
        interval: How often it scrapes and evaluates, as in `1s`.

    Attributes:
        url: Where it is asked.
    """

    def __init__(
        self,
        scraped: str,
        *,
        alertmanager: str = f"{HOST}:9",
        rules: Mapping[str, str] | None = None,
        interval: str = "1s",
    ) -> None:
        (port,) = free_ports(1)
        self.url = _url(port)
        self.program = Program(
            "prometheus",
            [
                "--config.file=prometheus.yml",
                "--storage.tsdb.path=data",
                f"--web.listen-address={HOST}:{port}",
                "--web.enable-otlp-receiver",
                "--web.enable-remote-write-receiver",
                # Without the second the first increase of a counter is lost, and a demo runs once.
                "--enable-feature=exemplar-storage,created-timestamp-zero-ingestion",
            ],
            ready=f"{self.url}/-/ready",
        )
        text = (STACK / "prometheus.yml").read_text("utf-8").replace("15s", interval)
        text = text.replace("collector:18889", scraped).replace("alertmanager:9093", alertmanager)
        folder = self.program.folder
        (folder / "prometheus.yml").write_text(text, "utf-8")
        (folder / "rules").mkdir()
        for name, rule in (rules or {}).items():
            (folder / "rules" / name).write_text(rule, "utf-8")


class Alertmanager(Server):
    """Alertmanager with the stack's configuration.

    Args:
        pager: The URL that pages are sent to, with a slash at its end.

    Attributes:
        url: Where it is asked.
        address: The same as host and port.
    """

    def __init__(self, pager: str) -> None:
        (port,) = free_ports(1)
        self.address, self.url = f"{HOST}:{port}", _url(port)
        self.program = Program(
            "alertmanager",
            [
                "--config.file=alertmanager.yml",
                "--storage.path=data",
                f"--web.listen-address={self.address}",
                "--cluster.listen-address=",
            ],
            ready=f"{self.url}/-/ready",
        )
        text = (STACK / "alertmanager.yml").read_text("utf-8").replace("http://pager:8080/", pager)
        text = text.replace("group_wait: 10s", "group_wait: 0s")
        (self.program.folder / "alertmanager.yml").write_text(text, "utf-8")


class Grafana(Server):
    """Grafana with the stack's data sources and dashboards; whoever comes may look.

    Its own files are looked for where packages put them, or where `GRAFANA_HOME` says.

    Args:
        sources: Where the data sources are, by the names that they have in `compose.yaml`.

    Attributes:
        url: Where it is looked at.
    """

    def __init__(self, sources: Mapping[str, str]) -> None:
        (port,) = free_ports(1)
        self.url = _url(port)
        home = os.environ.get("GRAFANA_HOME", "/usr/share/grafana")
        self.program = Program("grafana", ["server", "--homepath", home], ready=f"{self.url}/login")
        folder = self.program.folder
        self.program.add_environment(
            GF_SERVER_HTTP_ADDR=HOST,
            GF_SERVER_HTTP_PORT=str(port),
            GF_PATHS_DATA=str(folder / "data"),
            GF_PATHS_PROVISIONING=str(provision(folder, sources)),
            GF_AUTH_ANONYMOUS_ENABLED="true",
            GF_AUTH_ANONYMOUS_ORG_ROLE="Admin",
            GF_ANALYTICS_REPORTING_ENABLED="false",
        )


def provision(folder: Path, sources: Mapping[str, str]) -> Path:
    """Write what Grafana is provisioned with, and return the folder that it reads.

    Args:
        folder: Where to write it.
        sources: Where the data sources are, by the names that they have in `compose.yaml`.
    """
    for name, text in dashboards().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    shipped = STACK / "grafana" / "provisioning"
    for file in shipped.rglob("*.yaml"):
        text = file.read_text("utf-8").replace("/etc/cxotel/grafana", str(folder / "grafana"))
        for name, url in sources.items():
            text = re.sub(rf"http://{name}:\d+", url, text)
        path = folder / "provisioning" / file.relative_to(shipped)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder / "provisioning"


def _ports(*names: str) -> dict[str, int]:
    return dict(zip(names, free_ports(len(names)), strict=True))


def _url(port: int) -> str:
    return f"http://{HOST}:{port}"
