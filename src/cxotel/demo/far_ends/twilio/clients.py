"""Real Twilio clients that talk to the far end, over their own HTTP stacks.

A domain object of the client (``client.api``, ``client.taskrouter``, …) has a public ``base_url``;
that is all that is changed. Everything above and below it is the library's: requests for the
synchronous client, aiohttp for the asynchronous one. What differs from the real thing is that all
products share one host.
"""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.twilio.desk import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

    from twilio.rest import Client

_DOMAINS = ("api", "conversations", "insights", "messaging", "taskrouter", "voice")
_TOKEN = "loopback"  # noqa: S105 - any token will do


def connect(client: Client, url: str) -> Client:
    """Point a client at the far end.

    Args:
        client: Any real client, synchronous or asynchronous.
        url: Where the far end listens.

    Returns:
        The same client.
    """
    for name in _DOMAINS:
        domain: Any = getattr(client, name)
        domain.base_url = url
    return client


@contextmanager
def client(
    url: str, *, timeout: float | None = 5.0, **options: Any
) -> Generator[Client, None, None]:
    """Give a synchronous client, and close its connections afterwards.

    Args:
        url: Where the far end listens.
        timeout: Seconds until a request is given up.
        options: More arguments for ``TwilioHttpClient``.
    """
    from twilio.http.http_client import TwilioHttpClient
    from twilio.rest import Client

    http = TwilioHttpClient(timeout=timeout, **options)
    if http.session is not None:
        # No proxy of the environment may stand between a client and a loopback port.
        http.session.trust_env = False
    try:
        yield connect(Client(ACCOUNT, _TOKEN, http_client=http), url)
    finally:
        if http.session is not None:
            http.session.close()


@asynccontextmanager
async def async_client(url: str, **options: Any) -> AsyncGenerator[Client, None]:
    """Give an asynchronous client, and close its connections afterwards.

    Args:
        url: Where the far end listens.
        options: More arguments for ``AsyncTwilioHttpClient``.
    """
    from twilio.http.async_http_client import AsyncTwilioHttpClient
    from twilio.rest import Client

    async with AsyncTwilioHttpClient(**options) as http:
        yield connect(Client(ACCOUNT, _TOKEN, http_client=http), url)
