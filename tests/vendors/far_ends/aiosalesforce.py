"""A real aiosalesforce client that talks to Salesforce's far end, over its own httpx.

The library insists on a host under `my.salesforce.com`, so a transport sends that host's requests
to the far end: everything else of the library, and of httpx, runs unchanged.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any

import httpx
from aiosalesforce import Salesforce
from aiosalesforce.auth import ClientCredentialsFlow

if TYPE_CHECKING:
    from cxotel.demo.far_ends.salesforce import SalesforceFarEnd

DOMAIN = "https://loopback.my.salesforce.com"


class ToFarEnd(httpx.AsyncHTTPTransport):
    """Send requests to the far end, whatever host they are for.

    Args:
        far_end: The far end, running.
    """

    def __init__(self, far_end: SalesforceFarEnd) -> None:
        super().__init__(verify=ssl.create_default_context(cafile=str(far_end.ca_file)))
        self._place = httpx.URL(far_end.url)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Make the request where the far end is."""
        request.url = request.url.copy_with(host=self._place.host, port=self._place.port)
        return await super().handle_async_request(request)


class AsyncClient:
    """Give a client that logs in when it needs to, and close its connections afterwards.

    Args:
        far_end: The far end, running.
        options: More arguments for ``Salesforce``; without any it does not try again.
    """

    def __init__(self, far_end: SalesforceFarEnd, **options: Any) -> None:
        self._http = httpx.AsyncClient(transport=ToFarEnd(far_end), timeout=30)
        settings: dict[str, Any] = {"retry_policy": None, **options}
        auth = ClientCredentialsFlow("integration", "loopback")
        self._client = Salesforce(self._http, DOMAIN, auth, **settings)

    async def __aenter__(self) -> Salesforce:
        """Return the client."""
        return self._client

    async def __aexit__(self, *_: object) -> None:
        """Close its connections."""
        await self._http.aclose()
