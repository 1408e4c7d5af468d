"""The client library of Switchboard, a telephone exchange that does not exist."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from typing_extensions import Self


class SwitchboardError(Exception):
    """The exchange refused; its message repeats what was sent."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def _content(reply: httpx.Response) -> dict[str, Any]:
    content: dict[str, Any] = reply.json()
    if reply.status_code >= 400:
        raise SwitchboardError(content["code"], content["message"])
    return content


class Client:
    """The synchronous client."""

    def __init__(self, url: str, timeout: float = 5.0) -> None:
        self._http = httpx.Client(base_url=url, timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def place_call(self, to: str, note: str = "") -> dict[str, Any]:
        """Have the exchange call a number."""
        return self.request("POST", "/calls", {"to": to, "note": note})

    def fetch_call(self, call_id: str) -> dict[str, Any]:
        """Return what the exchange knows of a call."""
        return self.request("GET", f"/calls/{call_id}")

    def transcript(self, call_id: str) -> Iterator[dict[str, Any]]:
        """Return what is said in a call, piece by piece."""
        return self.stream(f"/calls/{call_id}/transcript")

    def request(self, method: str, path: str, content: object = None) -> dict[str, Any]:
        """Send one request; everything but streams goes through here."""
        return _content(self._http.request(method, path, json=content))

    def stream(self, path: str) -> Iterator[dict[str, Any]]:
        """Yield the lines of a reply as they arrive."""
        with self._http.stream("GET", path) as reply:
            for line in reply.iter_lines():
                yield json.loads(line)


class AsyncClient:
    """The asynchronous client."""

    def __init__(self, url: str, timeout: float = 5.0) -> None:
        self._http = httpx.AsyncClient(base_url=url, timeout=timeout)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def place_call(self, to: str, note: str = "") -> dict[str, Any]:
        """Have the exchange call a number."""
        return await self.request("POST", "/calls", {"to": to, "note": note})

    async def fetch_call(self, call_id: str) -> dict[str, Any]:
        """Return what the exchange knows of a call."""
        return await self.request("GET", f"/calls/{call_id}")

    def transcript(self, call_id: str) -> AsyncIterator[dict[str, Any]]:
        """Return what is said in a call, piece by piece."""
        return self.stream(f"/calls/{call_id}/transcript")

    async def request(self, method: str, path: str, content: object = None) -> dict[str, Any]:
        """Send one request; everything but streams goes through here."""
        return _content(await self._http.request(method, path, json=content))

    async def stream(self, path: str) -> AsyncIterator[dict[str, Any]]:
        """Yield the lines of a reply as they arrive."""
        async with self._http.stream("GET", path) as reply:
            async for line in reply.aiter_lines():
                yield json.loads(line)
