"""The in-house client library of the identity service; it knows nothing of telemetry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from typing_extensions import Self

TIMEOUT = 2.5
"""Seconds after which a request is given up: a caller is waiting."""


class IdentityError(Exception):
    """The identity service did not answer as it should.

    Attributes:
        code: The service's own word for what is wrong, where it answered.
    """

    def __init__(self, message: str, code: str | None = None) -> None:
        """Say what is wrong."""
        super().__init__(message)
        self.code = code


class IdentityTimeoutError(IdentityError):
    """The identity service did not answer in time."""


class IdentityClient:
    """Verify customers.

    Args:
        url: Base URL of the service.
        timeout: Seconds until a request is given up.
    """

    def __init__(self, url: str, timeout: float = TIMEOUT) -> None:
        # No proxy of the environment may stand between a client and a loopback port.
        self._http = httpx.Client(base_url=url, timeout=timeout, trust_env=False)

    def verify(self, who: str, code: str) -> bool:
        """Tell whether *code* proves that this is *who*.

        Args:
            who: The customer's telephone number or account.
            code: What they know.

        Raises:
            IdentityError: The service did not answer, or refused to.
        """
        found = self.request("POST", "/v1/verifications", {"who": who, "code": code})
        return found["result"] == "verified"

    def request(self, method: str, path: str, content: object) -> dict[str, Any]:
        """Send one request; everything goes through here.

        Raises:
            IdentityError: The service did not answer, or refused to.
        """
        try:
            reply = self._http.request(method, path, json=content)
        except httpx.TimeoutException as error:
            raise IdentityTimeoutError("the identity service did not answer in time") from error
        except httpx.HTTPError as error:
            raise IdentityError("the identity service cannot be reached") from error
        answer = dict[str, Any](reply.json())
        if reply.is_error:
            raise IdentityError(answer["message"], answer["code"])
        return answer

    def close(self) -> None:
        """Close its connections."""
        self._http.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close its connections."""
        self.close()
