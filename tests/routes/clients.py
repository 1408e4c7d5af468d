"""The HTTP libraries behind one face: each real, each with requests as its users write them."""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from functools import partial
from json import dumps, loads
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

import aiohttp
import httpx
import httpx2
import requests
import urllib3

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator, Mapping

    from cxotel.testing import At


class Answer(NamedTuple):
    """What came back, as far as all libraries have it."""

    status: int
    content: Any


@contextmanager
def requests_client(far_end: Any, timeout: float = 10) -> Generator[requests.Session]:
    """A session of requests."""
    with requests.Session() as session:
        session.params = {}
        yield _told(session, far_end, timeout)


@contextmanager
def httpx_client(far_end: Any, timeout: float = 10) -> Generator[httpx.Client]:
    """A client of httpx."""
    with httpx.Client(base_url=far_end.url, timeout=timeout) as client:
        yield _told(client, far_end, timeout)


@contextmanager
def httpx2_client(far_end: Any, timeout: float = 10) -> Generator[httpx2.Client]:
    """A client of httpx2."""
    with httpx2.Client(base_url=far_end.url, timeout=timeout) as client:  # pyright: ignore[reportUnknownVariableType] - its `__enter__` is untyped
        yield _told(client, far_end, timeout)


@asynccontextmanager
async def httpx_async_client(
    far_end: Any, timeout: float = 10
) -> AsyncGenerator[httpx.AsyncClient]:
    """An asynchronous client of httpx."""
    async with httpx.AsyncClient(base_url=far_end.url, timeout=timeout) as client:
        yield _told(client, far_end, timeout)


@asynccontextmanager
async def httpx2_async_client(
    far_end: Any, timeout: float = 10
) -> AsyncGenerator[httpx2.AsyncClient]:
    """An asynchronous client of httpx2."""
    async with httpx2.AsyncClient(base_url=far_end.url, timeout=timeout) as client:  # pyright: ignore[reportUnknownVariableType] - see above
        yield _told(client, far_end, timeout)


@asynccontextmanager
async def aiohttp_client(
    far_end: Any, timeout: float = 10
) -> AsyncGenerator[aiohttp.ClientSession]:
    """A session of aiohttp."""
    limit = aiohttp.ClientTimeout(timeout)
    async with aiohttp.ClientSession(far_end.url, timeout=limit) as session:
        yield _told(session, far_end, timeout)


@contextmanager
def urllib3_client(far_end: Any, timeout: float = 10) -> Generator[urllib3.PoolManager]:
    """A manager of urllib3's pools."""
    with urllib3.PoolManager(timeout=timeout, retries=False) as manager:
        yield _told(manager, far_end, timeout)


@contextmanager
def pool_client(far_end: Any, timeout: float = 10) -> Generator[urllib3.HTTPConnectionPool]:
    """A single pool of urllib3."""
    with urllib3.connection_from_url(far_end.url, timeout=timeout, retries=False) as pool:
        yield _told(pool, far_end, timeout)


_FACTS: dict[int, tuple[str, float]] = {}


def _told(client: Any, far_end: Any, timeout: float) -> Any:
    """Remember what a client does not know itself: where its far end is, and how long it waits."""
    _FACTS[id(client)] = (far_end.url, timeout)
    return client


CLIENTS: Mapping[str, Callable[..., Any]] = {
    "requests": requests_client,
    "httpx": httpx_client,
    "httpx_async": httpx_async_client,
    "httpx2": httpx2_client,
    "httpx2_async": httpx2_async_client,
    "aiohttp": aiohttp_client,
    "urllib3": urllib3_client,
    "urllib3_pool": pool_client,
}
"""A factory for each library and style."""


def impatient(seconds: float = 0.3) -> dict[str, Callable[[Any], Any]]:
    """Return the same, with a short timeout."""
    return {name: partial(made, timeout=seconds) for name, made in CLIENTS.items()}


TIMEOUTS = (
    requests.Timeout,
    httpx.TimeoutException,
    httpx2.TimeoutException,
    TimeoutError,
    urllib3.exceptions.TimeoutError,
)


def ask(
    client: Any,
    method: str,
    path: str,
    json: Any = None,
    params: Mapping[str, str] | None = None,
) -> Any:
    """Send a request as the client's users do; asynchronous clients give something to await."""
    url, timeout = _FACTS[id(client)]
    if isinstance(client, aiohttp.ClientSession):
        return _ask_aiohttp(client, method, path, json, params)
    if isinstance(client, (httpx.AsyncClient, httpx2.AsyncClient)):
        return _ask_httpx(client, method, path, json, params)
    if isinstance(client, (urllib3.PoolManager, urllib3.HTTPConnectionPool)):
        query = f"?{urlencode(params)}" if params else ""
        base = url if isinstance(client, urllib3.PoolManager) else ""
        # The first versions have no `json` of their own, neither for requests nor for replies.
        body = None if json is None else dumps(json)
        sent: Any = client.request(method, f"{base}{path}{query}", body=body)
        return Answer(sent.status, loads(sent.data) if sent.data else None)
    if isinstance(client, requests.Session):
        reply: Any = client.request(method, url + path, json=json, params=params, timeout=timeout)
    else:
        reply = client.request(method, path, json=json, params=params)
    return Answer(reply.status_code, reply.json() if reply.content else None)


async def _ask_httpx(client: Any, method: str, path: str, json: Any, params: Any) -> Answer:
    reply = await client.request(method, path, json=json, params=params)
    return Answer(reply.status_code, reply.json() if reply.content else None)


async def _ask_aiohttp(
    client: aiohttp.ClientSession, method: str, path: str, json: Any, params: Any
) -> Answer:
    async with client.request(method, path, json=json, params=params) as reply:
        return Answer(reply.status, await reply.json() if await reply.read() else None)


def asking(
    method: str,
    path: str | Callable[[At], str],
    json: Callable[[At], object] | object = None,
    params: Callable[[At], Mapping[str, str]] | None = None,
) -> Callable[[At], Any]:
    """Return an example's call."""

    def call(at: At) -> Any:
        return ask(
            at.client,
            method,
            path(at) if callable(path) else path,
            json(at) if callable(json) else json,
            params(at) if params else None,
        )

    return call
