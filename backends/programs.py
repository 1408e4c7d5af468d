"""Find a program, start it, wait until it serves, and end it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

from backends.recipes import RECIPES, binaries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    from typing_extensions import Self

HOST = "127.0.0.1"
_START = 30.0
"""Seconds until a program must serve."""
_STOP = 10.0
"""Seconds for an orderly end; then it is killed."""
_TAIL = 2_000
_OTHER_NAMES = {"alertmanager": "prometheus-alertmanager"}
"""What Debian calls them."""


class MissingProgramError(Exception):
    """A program is not on this machine; the message says how to get it."""


class StartError(Exception):
    """A program did not start; the message has the end of what it said."""


def find(name: str) -> Path:
    """Return where a program is: among those that were built, else on PATH.

    Args:
        name: The program's name, for example `jaeger`.

    Raises:
        MissingProgramError: It is in neither place.
    """
    folders = os.pathsep.join([str(binaries()), os.environ.get("PATH", "")])
    for known in filter(None, (name, _OTHER_NAMES.get(name))):
        found = shutil.which(known, path=folders)
        if found:
            return Path(found)
    recipe = next((each.name for each in RECIPES.values() if name in each.packages), None)
    remedy = f"run: python -m backends.build {recipe}" if recipe else "put it on PATH"
    raise MissingProgramError(f"{name} is neither on PATH nor in {binaries()}; {remedy}")


def free_ports(number: int) -> list[int]:
    """Return ports of this machine on which nothing listens.

    Args:
        number: How many.
    """
    sockets = [socket.create_server((HOST, 0)) for _ in range(number)]
    ports: list[int] = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


class Program:
    """A program that runs for the length of a `with`, in a folder of its own.

    Args:
        name: The program's name.
        arguments: Its arguments.
        ready: The address that answers with success as soon as it serves.
        environment: Variables beside those of this process.
        folder: Where it runs; one that is removed afterwards, if not given.

    Raises:
        MissingProgramError: It is not on this machine.
        StartError: It ended, or did not serve in time.
    """

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        *,
        ready: str,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        self.name = name
        self.ready = ready
        self._command = [str(find(name)), *arguments]
        self._environment = {**os.environ, **(environment or {})}
        self._own_folder = None if folder else tempfile.TemporaryDirectory(prefix=f"cxotel-{name}-")
        self.folder = folder or Path(self._own_folder.name if self._own_folder else "")
        self.seconds = 0.0
        """How long it took until it served."""
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """What it says."""
        return self.folder / f"{self.name}.log"

    def add_environment(self, **variables: str) -> None:
        """Give it more variables, before it starts."""
        self._environment |= variables

    def start(self) -> Self:
        """Start it, and return when it serves."""
        begin = time.monotonic()
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=self.folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        while not self._serves():
            if self._process.poll() is not None or time.monotonic() > begin + _START:
                self.stop()
                said = self.log.read_text("utf-8", "replace")[-_TAIL:]
                raise StartError(f"{self.name} did not start:\n{said}")
            time.sleep(0.05)
        self.seconds = time.monotonic() - begin
        return self

    def stop(self) -> None:
        """End it, and only it."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            try:
                process.wait(_STOP)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def signal(self, number: int) -> None:
        """Send it a signal, for example to have it hang."""
        if self._process is not None:
            self._process.send_signal(number)

    def _serves(self) -> bool:
        try:
            with urlopen(self.ready, timeout=1.0) as reply:  # noqa: S310 - our own http address
                return reply.status < 300
        except (URLError, OSError):
            return False

    def __enter__(self) -> Self:
        """Start it."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it, and remove its folder."""
        self.stop()
        if self._own_folder is not None:
            self._own_folder.cleanup()
