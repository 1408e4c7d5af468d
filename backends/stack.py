"""Start everything without Docker, and run the demo into it: `python -m backends.stack`.

It builds what is not there yet and says how long that takes, starts Jaeger, the Collectors,
Prometheus and Alertmanager, Tempo and Grafana where their programs are on PATH, and says where each
is.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from backends import build
from backends.pager import Pager
from backends.programs import MissingProgramError, find
from backends.servers import (
    Alertmanager,
    Collector,
    Grafana,
    Jaeger,
    Prometheus,
    SamplingCollector,
    Tempo,
)
from cxotel.operations import files, load

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backends.pager import Notice
    from backends.servers import Server

    Started = TypeVar("Started", bound=Server)

ABSENT = "not started: its program is not on PATH"
CXOTEL = (sys.executable, "-c", "from cxotel.cli import main; raise SystemExit(main())")


@dataclass(frozen=True, slots=True)
class Stack:
    """Everything that runs.

    Attributes:
        collector: Where services send to.
        jaeger: Where traces are found.
        prometheus: Where metrics are found, and rules evaluated.
        tempo: Where traces are found too; None where its program is not there.
        grafana: Where dashboards are; None where its program is not there.
    """

    collector: Collector
    jaeger: Jaeger
    prometheus: Prometheus
    tempo: Tempo | None
    grafana: Grafana | None


def start(
    opened: ExitStack, pager: str, *, scale: float = 1.0, percent: int = 100, wait: str = "1s"
) -> Stack:
    """Start all programs.

    Args:
        opened: Ends them.
        pager: Where Alertmanager tells of alerts, with a slash at the end.
        scale: What the windows of all rules are multiplied by.
        percent: The share of good journeys that is kept.
        wait: How long the sampling Collectors hold a trace.

    Raises:
        MissingProgramError: One that must be there is not.
    """

    def begin(server: Started) -> Started:
        opened.enter_context(server)
        return server

    jaeger = begin(Jaeger())
    tempo = begin(Tempo()) if _is_there("tempo") else None
    sampling = [
        begin(
            SamplingCollector(
                _address(jaeger.otlp_grpc),
                wait=wait,
                percent=percent,
                tempo=_address(tempo.otlp_grpc) if tempo else None,
            )
        )
        for _ in range(2)
    ]
    collector = begin(Collector([each.address for each in sampling]))
    alertmanager = begin(Alertmanager(pager))
    prometheus = begin(
        Prometheus(collector.metrics, alertmanager=alertmanager.address, rules=rules(scale))
    )
    sources = {"prometheus": prometheus.url, "jaeger": jaeger.url}
    sources |= {"tempo": tempo.url} if tempo else {}
    grafana = begin(Grafana(sources)) if _is_there("grafana") else None
    return Stack(collector, jaeger, prometheus, tempo, grafana)


def rules(scale: float = 1.0) -> Mapping[str, str]:
    """Return the rule files that are shipped, by name.

    Args:
        scale: What the windows of all rules are multiplied by.
    """
    written = files(load(), scale)
    return {Path(name).name: text for name, text in written.items() if name.startswith("rules/")}


def main(arguments: list[str]) -> int:
    """Build, start, run the demo, and serve until somebody stops it.

    Args:
        arguments: `--once` ends after the demo; `--journeys N` come in it.

    Returns:
        The exit code: 0 when all went well.
    """
    options = _options(arguments)
    built = build.main([])
    if built:
        return built
    with ExitStack() as opened, tempfile.TemporaryDirectory(prefix="cxotel-stack-") as folder:
        pager = opened.enter_context(Pager(_show))
        began = time.monotonic()
        stack = start(opened, pager.url)
        _say(f"started in {time.monotonic() - began:.1f} s")
        file = Path(folder, "journeys.jsonl")
        code = _demo(stack, file, options.journeys)
        _tell(stack, file)
        if not options.once:
            _serve()
    return code


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m backends.stack", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end after the demo")
    parser.add_argument("--journeys", type=int, default=60, help="how many journeys come")
    return parser.parse_args(arguments)


def _demo(stack: Stack, file: Path, journeys: int) -> int:
    endpoint = stack.collector.otlp_grpc
    options = ["--journeys", str(journeys), "--otlp-endpoint", endpoint, "--file", str(file)]
    return subprocess.run([*CXOTEL, "demo", *options], check=False).returncode


def _tell(stack: Stack, file: Path) -> None:
    """Say where everything is, and how the worst journey is shown."""
    places = {
        "Collector": f"{stack.collector.otlp_grpc} (gRPC), {stack.collector.otlp_http} (HTTP)",
        "Jaeger": stack.jaeger.url,
        "Prometheus": stack.prometheus.url,
        "Tempo": stack.tempo.url if stack.tempo else ABSENT,
        "Grafana": stack.grafana.url if stack.grafana else ABSENT,
    }
    for name, place in places.items():
        _say(f"{name:<11} {place}")
    injected = json.loads(file.with_suffix(".injected.json").read_text("utf-8"))
    journey = next((row["journey"] for row in injected if row["injected"]), None)
    if journey:
        where = shlex.join(["--from", "jaeger", "--endpoint", stack.jaeger.url])
        _say(f"\nshow one:   cxotel journey {journey} {where}")


def _show(notice: Notice) -> None:
    labels, status = notice.alert["labels"], notice.alert["status"]
    _say(
        f"{'page' if notice.path == '/' else 'ticket'}: {labels['alertname']} is {status}: {labels}"
    )


def _serve() -> None:
    _say("\neverything runs until Ctrl-C")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        _say("ended")


def _address(url: str) -> str:
    return url.removeprefix("http://")


def _is_there(name: str) -> bool:
    try:
        find(name)
    except MissingProgramError:
        return False
    return True


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
