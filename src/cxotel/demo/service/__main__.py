"""Run the service: `python -m cxotel.demo.service SETTINGS`, until standard input is closed."""

from __future__ import annotations

import sys
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import uvicorn

import cxotel
from cxotel.demo.identity.vendor import VENDOR as IDENTITY
from cxotel.demo.service.app import Webhooks
from cxotel.demo.service.clients import Clients
from cxotel.demo.service.settings import Settings

if TYPE_CHECKING:
    import socket

    from starlette.applications import Starlette

NAME = "contact-center-bridge"
HOST = "127.0.0.1"


def main(path: str) -> None:
    """Serve webhooks, with telemetry on.

    Args:
        path: The settings file.
    """
    settings = Settings.load(path)
    telemetry = cxotel.configure(
        NAME, file=settings.telemetry_file, endpoint=settings.otlp_endpoint
    )
    cxotel.instrument()
    cxotel.instrument(IDENTITY)
    with telemetry, Clients(settings) as clients, closing(Webhooks(clients)) as webhooks:
        server = _Server(_config(webhooks.app()))
        threading.Thread(target=_wait_for_the_end, args=(server,), daemon=True).start()
        server.run()


def _config(app: Starlette) -> uvicorn.Config:
    # A connection that is closed while a request is on its way to it would be a lost webhook.
    return uvicorn.Config(
        app, host=HOST, port=0, log_level="warning", lifespan="off", timeout_keep_alive=3600
    )


class _Server(uvicorn.Server):
    """Tell where it listens, for whoever started the service."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        port = self.servers[0].sockets[0].getsockname()[1]
        print(f"http://{HOST}:{port}", flush=True)


def _wait_for_the_end(server: uvicorn.Server) -> None:
    sys.stdin.read()
    server.should_exit = True


if __name__ == "__main__":
    main(sys.argv[1])
