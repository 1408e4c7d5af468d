"""A call of SIPp with itself over loopback, whose sound goes through a relay."""

from __future__ import annotations

import signal
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest

from tests.media.live.programs import DUMPCAP, SIPP, SOUNDS
from tests.media.live.relay import Relay, free_socket

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from tests.media.live.relay import Harm

HOST: Final = "127.0.0.1"


@contextmanager
def capturing(file: Path, ports: tuple[int, ...]) -> Generator[None]:
    """Capture what goes over loopback between some ports.

    Where that is not allowed, the test is skipped and says so.
    """
    assert DUMPCAP is not None
    wanted = " or ".join(f"udp port {port}" for port in ports)
    command = (DUMPCAP, "-q", "-i", "lo", "-f", wanted, "-w", str(file))
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = ""
        for line in process.stderr:
            said += line
            if line.startswith("File:"):
                break
        else:
            pytest.skip(f"dumpcap may not capture here: {said.strip()}")
        try:
            yield
            _settle(file)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=10)


def _settle(file: Path) -> None:
    """Wait until the newest packets have come from the kernel into the file."""
    size, since = -1, time.monotonic()
    while time.monotonic() - since < 1.5:
        now = file.stat().st_size
        if now != size:
            size, since = now, time.monotonic()
        time.sleep(0.1)


def scenario(folder: Path, name: str, *changes: tuple[str, str]) -> Path:
    """Write one of SIPp's own scenarios, changed in places.

    Args:
        folder: Where to.
        name: What SIPp calls it.
        changes: What to replace by what.
    """
    assert SIPP is not None
    told = subprocess.run([SIPP, "-sd", name], capture_output=True, text=True, check=False).stdout
    for what, by in changes:
        assert what in told
        told = told.replace(what, by)
    file = folder / f"{name}.xml"
    file.write_text(told, "utf-8")
    return file


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with free_socket(HOST) as found:
        return int(found.getsockname()[1])


def call(folder: Path, harm: Harm) -> tuple[Path, Relay]:
    """Hold a call of about ten seconds while it is captured.

    Args:
        folder: Where files may be kept.
        harm: What the relay does to the sound on its way from the caller.

    Returns:
        The capture, and the relay.
    """
    assert SIPP is not None
    capture = folder / "call.pcapng"
    caller, callee, sound = free_port(), free_port(), free_port()
    with Relay(HOST, harm) as relay, free_socket(HOST) as sink:
        relay.parties[1] = (HOST, int(sink.getsockname()[1]))
        answers = scenario(folder, "uas", ("[media_port]", str(relay.ports[0])))
        places = scenario(folder, "uac_pcap", ('"pcap/', f'"{SOUNDS}/'))
        ports = (caller, callee, sound, *relay.ports)
        common = ("-i", HOST, "-mi", HOST, "-m", "1", "-nostdin", "-timeout", "40")
        answer = (SIPP, "-sf", str(answers), *common, "-p", str(callee))
        place = (SIPP, f"{HOST}:{callee}", "-sf", str(places), *common, "-p", str(caller))
        place = (*place, "-mp", str(sound))
        quiet = subprocess.DEVNULL
        with (
            capturing(capture, ports),
            subprocess.Popen(answer, cwd=folder, stdout=quiet, stderr=quiet) as answering,
        ):
            try:
                subprocess.run(place, cwd=folder, capture_output=True, check=True, timeout=50)
            finally:
                answering.terminate()
    return capture, relay
