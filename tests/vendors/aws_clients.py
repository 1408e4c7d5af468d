"""Clients of AWS for contracts: one object that calls a service, and its siblings where asked.

Their sessions are shared, because reading the service models takes a second; the clients, and the
connections beneath them, are real and their own.
"""

from __future__ import annotations

from contextlib import AsyncExitStack, ExitStack
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_CREDENTIALS = {
    "aws_access_key_id": "AKIDLOOPBACK",
    "aws_secret_access_key": "loopback",
    "region_name": "eu-central-1",
}
_DIRECT: dict[str, Any] = {"proxies": {}}
"""No proxy of the environment may stand between a client and a loopback port."""
ONCE: dict[str, Any] = {"retries": {"max_attempts": 0}}
"""Configuration without retries."""


@cache
def _session() -> Any:
    import boto3

    session: Any = boto3.session.Session
    return session(**_CREDENTIALS)


@cache
def _async_session() -> Any:
    from aiobotocore.session import AioSession

    session: Any = AioSession()
    return session


class Clients:
    """A boto3 client of one service; `sibling` gives those of others with the same settings.

    Args:
        url: Where the far end listens.
        service: The service.
        config: Arguments for `botocore.config.Config`.
    """

    def __init__(self, url: str, service: str, **config: Any) -> None:
        self._url, self._service, self._config = url, service, {**_DIRECT, **config}
        self._closing = ExitStack()
        self._made: dict[str, Any] = {}

    def sibling(self, service: str) -> Any:
        """Return the client of another service."""
        from botocore.config import Config

        if service not in self._made:
            settings = Config(**self._config)
            made = _session().client(service, endpoint_url=self._url, config=settings)
            self._closing.callback(made.close)
            self._made[service] = made
        return self._made[service]

    def __enter__(self) -> Any:
        """Return the service's own client, with `sibling` beside its methods."""
        made = self.sibling(self._service)
        made.sibling = self.sibling
        return made

    def __exit__(self, *_: object) -> None:
        """Close all connections."""
        self._closing.close()


class AsyncClients:
    """The same with aiobotocore, where `sibling` is awaited.

    Args:
        url: Where the far end listens.
        service: The service.
        config: Arguments for `aiobotocore.config.AioConfig`.
    """

    def __init__(self, url: str, service: str, **config: Any) -> None:
        self._url, self._service, self._config = url, service, {**_DIRECT, **config}
        self._closing = AsyncExitStack()
        self._made: dict[str, Any] = {}

    async def sibling(self, service: str) -> Any:
        """Return the client of another service."""
        from aiobotocore.config import AioConfig

        if service not in self._made:
            made = _async_session().create_client(
                service, endpoint_url=self._url, config=AioConfig(**self._config), **_CREDENTIALS
            )
            self._made[service] = await self._closing.enter_async_context(made)
        return self._made[service]

    async def __aenter__(self) -> Any:
        """Return the service's own client, with `sibling` beside its methods."""
        made = await self.sibling(self._service)
        made.sibling = self.sibling
        return made

    async def __aexit__(self, *_: object) -> None:
        """Close all connections."""
        await self._closing.aclose()


def both(service: str, **config: Any) -> dict[str, Callable[[Any], Any]]:
    """Return what makes the two kinds of client of a service.

    Args:
        service: The service, as botocore names it.
        config: Arguments for `Config` and `AioConfig`.
    """
    return {
        "sync": lambda far_end: Clients(far_end.url, service, **config),
        "async": lambda far_end: AsyncClients(far_end.url, service, **config),
    }


def operating(service: str, method: str, **values: Any) -> dict[str, Any]:
    """Return an example's `call` and `call_async` of a sibling service's method.

    Args:
        service: The sibling service.
        method: The client's method.
        values: Its arguments; one may be found by a function of the `At`.
    """

    def given(at: Any) -> dict[str, Any]:
        return {name: value(at) if callable(value) else value for name, value in values.items()}

    def call(at: Any) -> Any:
        return getattr(at.client.sibling(service), method)(**given(at))

    async def call_async(at: Any) -> Any:
        return await getattr(await at.client.sibling(service), method)(**given(at))

    return {"call": call, "call_async": call_async}
