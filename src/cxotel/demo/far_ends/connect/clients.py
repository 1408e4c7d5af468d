"""Real AWS clients that talk to the far end, over their own HTTP stacks.

``endpoint_url`` is public, and any credentials will do: nobody checks the signature.
"""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

_CREDENTIALS = {
    "aws_access_key_id": "AKIDLOOPBACK",
    "aws_secret_access_key": "loopback",
    "region_name": "eu-central-1",
}
# No proxy of the environment may stand between a client and a loopback port.
_DIRECT: dict[str, Any] = {"proxies": {}}


@contextmanager
def client(url: str, service: str = "connect", **config: Any) -> Generator[Any, None, None]:
    """Give a boto3 client, and close its connections afterwards.

    Args:
        url: Where the far end listens.
        service: Which service, as in ``connectparticipant``.
        config: Arguments for ``botocore.config.Config``, as in ``retries={"max_attempts": 0}``.
    """
    import boto3
    from botocore.config import Config

    # A session of its own: the default one would read the machine's AWS settings.
    session: Any = boto3.session.Session
    settings = Config(**{**_DIRECT, **config})
    connected = session(**_CREDENTIALS).client(service, endpoint_url=url, config=settings)
    try:
        yield connected
    finally:
        connected.close()


@asynccontextmanager
async def async_client(
    url: str, service: str = "connect", **config: Any
) -> AsyncGenerator[Any, None]:
    """Give an aiobotocore client, and close its connections afterwards.

    Args:
        url: Where the far end listens.
        service: Which service, as in ``connectparticipant``.
        config: Arguments for ``aiobotocore.config.AioConfig``.
    """
    from aiobotocore.config import AioConfig
    from aiobotocore.session import AioSession

    session: Any = AioSession()
    settings = AioConfig(**{**_DIRECT, **config})
    made = session.create_client(service, endpoint_url=url, config=settings, **_CREDENTIALS)
    async with made as connected:
        yield connected
