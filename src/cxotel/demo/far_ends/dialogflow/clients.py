"""Real Dialogflow clients that talk to the far end, over their own transports.

A transport object is built with an insecure channel to the loopback port, or for HTTP with
``url_scheme="http"`` and anonymous credentials. Retries, metadata, errors and streams are the
library's.
"""

from __future__ import annotations

import importlib
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

    Edition = Literal["cx", "es", "cx-beta", "es-beta"]

_LIBRARIES = {
    "cx": "google.cloud.dialogflowcx_v3",
    "es": "google.cloud.dialogflow_v2",
    "cx-beta": "google.cloud.dialogflowcx_v3beta1",
    "es-beta": "google.cloud.dialogflow_v2beta1",
}
# No proxy of the environment may stand between a client and a loopback port.
_OPTIONS = (("grpc.enable_http_proxy", 0),)


def library(edition: Edition) -> Any:
    """Return the vendor's package of an edition, with its clients and message types."""
    return importlib.import_module(_LIBRARIES[edition])


def session(edition: Edition, name: str, *, environment: str | None = None) -> str:
    """Return the full name of a session of the demo's agent.

    Example:
        >>> session("es", "s1")
        'projects/cx-demo/agent/sessions/s1'
    """
    if edition.startswith("es"):
        return f"projects/cx-demo/agent/sessions/{name}"
    within = f"/environments/{environment}" if environment else ""
    return f"projects/cx-demo/locations/global/agents/refunds{within}/sessions/{name}"


@contextmanager
def client(target: str, edition: Edition = "cx") -> Generator[Any, None, None]:
    """Give a synchronous ``SessionsClient`` over gRPC.

    Args:
        target: Host and port of the far end.
        edition: Which Dialogflow.
    """
    import grpc

    transport = _transport(edition, "grpc")
    with grpc.insecure_channel(target, options=_OPTIONS) as channel:
        yield library(edition).SessionsClient(transport=transport(channel=channel))


@asynccontextmanager
async def async_client(target: str, edition: Edition = "cx") -> AsyncGenerator[Any, None]:
    """Give a ``SessionsAsyncClient`` over gRPC.

    Args:
        target: Host and port of the far end.
        edition: Which Dialogflow.
    """
    from grpc import aio

    transport = _transport(edition, "grpc_asyncio")
    async with aio.insecure_channel(target, options=_OPTIONS) as channel:
        yield library(edition).SessionsAsyncClient(transport=transport(channel=channel))


@contextmanager
def rest_client(url: str, edition: Edition = "cx") -> Generator[Any, None, None]:
    """Give a synchronous ``SessionsClient`` over HTTP.

    Args:
        url: Where the far end serves HTTP.
        edition: Which Dialogflow.
    """
    from google.auth.credentials import AnonymousCredentials

    transport = _transport(edition, "rest")(
        host=urlsplit(url).netloc, credentials=AnonymousCredentials(), url_scheme="http"
    )
    with library(edition).SessionsClient(transport=transport) as connected:
        yield connected


def _transport(edition: Edition, name: str) -> Any:
    return library(edition).SessionsClient.get_transport_class(name)
