"""Run the service: `python -m cxotel.demo.service SETTINGS`, until standard input is closed."""

from __future__ import annotations

import asyncio
import sys
import threading

import uvicorn

import cxotel
from cxotel.demo.identity.vendor import VENDOR as IDENTITY
from cxotel.demo.service.app import Webhooks
from cxotel.demo.service.clients import Clients
from cxotel.demo.service.settings import Settings

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
    with telemetry, Clients(settings) as clients:
        asyncio.run(_serve(Webhooks(clients)))


async def _serve(webhooks: Webhooks) -> None:
    config = uvicorn.Config(webhooks.app(), host=HOST, port=0, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    # Whoever started the service reads here where it listens.
    print(f"http://{HOST}:{port}", flush=True)
    loop = asyncio.get_running_loop()
    threading.Thread(target=_wait_for_the_end, args=(server, loop), daemon=True).start()
    await serving


def _wait_for_the_end(server: uvicorn.Server, loop: asyncio.AbstractEventLoop) -> None:
    sys.stdin.read()
    loop.call_soon_threadsafe(setattr, server, "should_exit", True)


if __name__ == "__main__":
    main(sys.argv[1])
