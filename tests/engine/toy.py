"""Client code of several styles, each making real HTTP requests and retrying in its own way."""

from __future__ import annotations

import http.client
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import ThreadPool
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import aiohttp
import httpx
import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

if TYPE_CHECKING:
    from collections.abc import Callable

ATTEMPTS = 3


def with_requests(url: str) -> int:
    """Fetch with requests: urllib3 retries below it, unseen by the caller."""
    with requests.Session() as session:
        retry = Retry(total=ATTEMPTS, status_forcelist=[429, 503], backoff_factor=0.01)
        session.mount("http://", HTTPAdapter(max_retries=retry))
        return session.get(url, timeout=5).status_code


def like_urllib3_1(url: str) -> int:
    """Fetch as the first urllib3 does: with what only Python 2 knew, and then without."""
    split = urlsplit(url)
    connection = http.client.HTTPConnection(split.hostname or "", split.port, timeout=5)
    connection.request("GET", "/")
    getresponse: Callable[..., http.client.HTTPResponse] = connection.getresponse
    try:
        response = getresponse(buffering=True)
    except TypeError:
        response = getresponse()
    response.read()
    connection.close()
    return response.status


class UnreachableError(Exception):
    """What a client says in its own words, whatever happened below."""


def impatiently(url: str) -> int:
    """Fetch with requests, and say no more of a failure than that there was one."""
    with requests.Session() as session:
        try:
            return session.get(url, timeout=0.1).status_code
        except requests.RequestException as error:
            raise UnreachableError from error


def with_httpx(url: str) -> int:
    """Fetch with httpx, in a loop of its own."""
    status = 0
    with httpx.Client(trust_env=False) as client:
        for _ in range(ATTEMPTS):
            status = client.get(url).status_code
            if status < 400:
                break
    return status


async def with_aiohttp(url: str) -> int:
    """Fetch with aiohttp, in a loop of its own."""
    status = 0
    async with aiohttp.ClientSession() as session:
        for _ in range(ATTEMPTS):
            async with session.get(url) as response:
                status = response.status
            if status < 400:
                break
    return status


async def with_httpx_async(url: str) -> int:
    """Fetch with httpx's async client."""
    status = 0
    async with httpx.AsyncClient(trust_env=False) as client:
        for _ in range(ATTEMPTS):
            status = (await client.get(url)).status_code
            if status < 400:
                break
    return status


def in_a_pool(url: str) -> list[int]:
    """Hand two requests to a pool."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(fetch, [url, url]))


POOL: list[ThreadPool] = []


def in_a_pool_that_stays(url: str) -> list[int]:
    """Hand a request to a pool that is made on first use, and stays."""
    if not POOL:
        POOL.append(ThreadPool(1))
    return [POOL[0].apply_async(fetch, (url,)).get()]


def in_a_thread(url: str) -> list[int]:
    """Make a request on a bare thread."""
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(fetch(url)))
    thread.start()
    thread.join()
    return found


def tell(url: str, done: Callable[[int], None] | None = None) -> int | None:
    """Fetch, and tell the caller's function instead of returning what came."""
    with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - a loopback address
        status: int = response.status
    return done(status) if done else status


def tell_later(url: str, done: Callable[[int], None]) -> threading.Thread:
    """Do so on a thread of its own."""
    thread = threading.Thread(target=tell, args=(url, done))
    thread.start()
    return thread


def fetch(url: str) -> int:
    """Fetch with the standard library."""
    with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - a loopback address
        return response.status
