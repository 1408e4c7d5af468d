"""Receivers in trouble: the service goes on as before, and what is lost is counted and told."""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import trustme
from typer.testing import CliRunner

from backends.programs import MissingProgramError, free_ports
from backends.servers import Jaeger
from cxotel.cli.app import app
from tests.backends.conftest import absent
from tests.backends.moody import Moody, Proxy
from tests.backends.sending import ask, until
from tests.backends.service import slow_names

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

ROOM, BATCH = 200, 50
SETTINGS = {
    "OTEL_METRICS_EXPORTER": "none",
    "OTEL_BSP_MAX_QUEUE_SIZE": str(ROOM),
    "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": str(BATCH),
    "OTEL_BSP_SCHEDULE_DELAY": "100",
    "OTEL_EXPORTER_OTLP_TIMEOUT": "1",
}
SLOWER = 1.5
"""How much longer a journey may take with export than without: the queue, and a thread beside."""


class Fault(NamedTuple):
    """A receiver in trouble."""

    variables: dict[str, str]
    """What a service is told of it."""
    begin: Callable[[], object]
    """Let the trouble begin; some are there from the start."""
    heal: Callable[[], object] | None
    """End the trouble, where only the receiver can."""
    arrived: Callable[[], int]
    """How many spans have arrived."""
    said: str
    """What the log line and the doctor say of it."""
    twice: bool = False
    """Whether what counts as lost may have arrived after all."""


def _grpc(url: str) -> dict[str, str]:
    return {"OTEL_EXPORTER_OTLP_ENDPOINT": url, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}


def _http(port: int, scheme: str = "http", host: str = "127.0.0.1") -> dict[str, str]:
    url = f"{scheme}://{host}:{port}"
    return {"OTEL_EXPORTER_OTLP_ENDPOINT": url, "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}


def _nothing() -> None:
    """Let it be: the trouble is there already."""


def _in(jaeger: Jaeger) -> int:
    found = ask(jaeger.url, "/api/traces", service="patient", limit="5000")
    return sum(len(trace["spans"]) for trace in found["data"])


@contextmanager
def _jaeger() -> Generator[Jaeger]:
    try:
        jaeger = Jaeger()
    except MissingProgramError as error:
        absent(error)
    try:
        yield jaeger
    finally:
        jaeger.program.signal(signal.SIGCONT)
        jaeger.__exit__(None, None, None)


@contextmanager
def never_started() -> Generator[Fault]:
    """Jaeger is started long after the service."""
    with _jaeger() as jaeger:
        yield Fault(
            _grpc(jaeger.otlp_grpc),
            _nothing,
            jaeger.program.start,
            lambda: _in(jaeger),
            "nothing listens at",
        )


@contextmanager
def dies() -> Generator[Fault]:
    """Jaeger ends, with all that it kept, and is started again."""
    with _jaeger() as jaeger:
        jaeger.program.start()
        yield Fault(
            _grpc(jaeger.otlp_grpc),
            jaeger.program.stop,
            jaeger.program.start,
            lambda: _in(jaeger),
            "nothing listens at",
        )


@contextmanager
def hangs() -> Generator[Fault]:
    """Jaeger takes connections, and says nothing."""
    with _jaeger() as jaeger:
        jaeger.program.start()
        yield Fault(
            _grpc(jaeger.otlp_grpc),
            lambda: jaeger.program.signal(signal.SIGSTOP),
            lambda: jaeger.program.signal(signal.SIGCONT),
            lambda: _in(jaeger),
            "does not answer within",
            twice=True,
        )


def _moody(status: int, said: str) -> Callable[[], Any]:
    @contextmanager
    def fault() -> Generator[Fault]:
        with Moody() as moody:
            yield Fault(
                _http(moody.port),
                lambda: setattr(moody, "status", status),
                lambda: setattr(moody, "status", 200),
                lambda: len(moody.spans),
                said,
            )

    return fault


@contextmanager
def wrong_certificate() -> Generator[Fault]:
    """The receiver shows a certificate of an authority that nobody knows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate: Any = trustme.CA().issue_cert("127.0.0.1")
    certificate.configure_cert(context)
    with Moody(context=context) as moody:
        variables = _http(moody.port, "https")
        yield Fault(
            variables, _nothing, None, lambda: len(moody.spans), "certificate of 127.0.0.1 is not"
        )


@contextmanager
def no_proxy_there() -> Generator[Fault]:
    """The proxy on the way is down, and comes back."""
    (port,) = free_ports(1)
    with Moody() as moody:
        started: list[Proxy] = []
        variables = {**_http(moody.port), "http_proxy": f"http://user:secret@127.0.0.1:{port}"}
        yield Fault(
            {**variables, "no_proxy": ""},
            _nothing,
            lambda: started.append(Proxy(port).__enter__()),
            lambda: len(moody.spans),
            f"the proxy 127.0.0.1:{port} (http_proxy) cannot be reached",
        )
        for proxy in started:
            assert proxy.passed, "what arrived came through the proxy"
            proxy.__exit__(None, None, None)


class Running:
    """A service of its own process, and how to tell it what to do.

    Args:
        variables: What it is told by its environment.
        log: Where it logs.
    """

    def __init__(self, variables: dict[str, str], log: Any) -> None:
        inherited = {key: value for key, value in os.environ.items() if "OTEL" not in key}
        self._log = log
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.backends.service"],
            env={**inherited, **SETTINGS, **variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        assert self._answer() == "ready"

    def __call__(self, command: str, *given: float) -> Any:
        """Have it do something, and return its answer."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps([command, *given]) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, self.log()
        return json.loads(line)

    def log(self) -> str:
        """Return what it has logged."""
        self._log.seek(0)
        return self._log.read()

    def end(self) -> None:
        """End it."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(10.0)
        self._process.stdout.close()


@contextmanager
def service(variables: dict[str, str]) -> Generator[Running]:
    """Run a service that is told of its receiver."""
    with tempfile.TemporaryFile("w+") as log:
        running = Running(variables, log)
        try:
            yield running
        finally:
            running.end()


FAULTS = [
    pytest.param(never_started, id="absent at start"),
    pytest.param(dies, id="dies"),
    pytest.param(hangs, id="hangs"),
    pytest.param(_moody(401, "wants other credentials"), id="refuses"),
    pytest.param(_moody(429, "takes no more"), id="too many requests"),
    pytest.param(_moody(503, "answers 503"), id="unavailable"),
    pytest.param(wrong_certificate, id="wrong certificate"),
    pytest.param(no_proxy_there, id="proxy down"),
]


@pytest.mark.parametrize("trouble", FAULTS)
def test_a_receiver_in_trouble(trouble: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls are as quick as without export, memory is bounded, losses are counted and told once.

    When the receiver is well again, what is sent from then on arrives.
    """
    with trouble() as fault, service(fault.variables) as running:
        before = 0
        if fault.begin is not _nothing:
            before = running("work", 5)
            assert until(fault.arrived, lambda number: number == before) == before
        fault.begin()
        compared = running("compare", 700)
        held = running("held")
        assert compared["ratio"] < SLOWER
        assert held <= ROOM + 2 * BATCH
        told = until(running.log, lambda log: "do not arrive" in log)
        assert told.count("do not arrive") == 1, told
        assert fault.said in told
        assert "secret" not in told
        assert fault.said in doctor(fault.variables, monkeypatch)
        if fault.heal is None:
            return
        fault.heal()
        running("work", 1)
        running("flush")
        assert until(lambda: running("flush"))
        arrived = fault.arrived() if trouble is not dies else fault.arrived() + before
        made = before + compared["spans"] + 2
        lost = running("lost")
        assert lost["failed exports"] > 0
        missing = made - arrived - sum(lost.values())
        assert (missing <= 0) if fault.twice else (missing == 0), (made, arrived, lost)
        after = running("work", 3)
        assert until(fault.arrived, lambda number: number >= arrived - before + after)
        assert running("flush")
        assert running.log().count("arrive again") == 1
        assert running.log().count("do not arrive") == 1


def doctor(variables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what `cxotel doctor` says of traces, with the variables of the service."""
    with monkeypatch.context() as patch:
        for name, value in {**SETTINGS, **variables}.items():
            patch.setenv(name, value)
        ran = CliRunner().invoke(app, ["doctor", "--json"])
    assert ran.exit_code == 1, ran.output
    (finding,) = [
        each
        for each in json.loads(ran.output)["findings"]
        if (each["subject"], each["state"]) == ("traces", "problem")
    ]
    return f"{finding['text']}. {finding['remedy']}"


def test_slow_name_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a name takes seconds, spans come late; calls do not wait, and the doctor knows."""
    with Moody() as moody:
        variables = {**_http(moody.port, host="slow.example"), "no_proxy": "*"}
        with service({**variables, "SLOW_NAMES": "1.2"}) as running:
            assert running("compare", 140)["ratio"] < SLOWER
            made = 2 * 140
            arrived = until(lambda: len(moody.spans) and running("flush") and len(moody.spans))
            assert arrived + sum(running("lost").values()) == made
            assert "do not arrive" not in running.log()
        with monkeypatch.context() as patch:
            patch.setattr("socket.getaddrinfo", None)
            slow_names(1.2)
            said = doctor(variables, monkeypatch)
    assert "s to find out where slow.example is. Look at the name servers" in said
