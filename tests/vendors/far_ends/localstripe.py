"""localstripe, a server that somebody else wrote after Stripe's API, in a process of its own.

Its own command listens on all interfaces; here it gets a listening socket of the loopback one.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

_SERVE = """
import socket, sys
from aiohttp import web
from localstripe.resources import Store
from localstripe.server import app
Store.dump_to_disk = lambda self: None
web.run_app(app, sock=socket.socket(fileno=int(sys.argv[1])), print=None, handle_signals=False)
"""


class Localstripe:
    """Where it listens."""

    def __init__(self, url: str) -> None:
        self.url = url


@contextmanager
def localstripe() -> Generator[Localstripe, None, None]:
    """Run localstripe with no objects in it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        number = listener.fileno()
        # What the socket queues until the process is there is answered then: nobody has to wait.
        with subprocess.Popen(
            [sys.executable, "-c", _SERVE, str(number)],
            pass_fds=(number,),
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                yield Localstripe(f"http://127.0.0.1:{port}")
            finally:
                process.kill()
