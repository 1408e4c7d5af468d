"""A real simple-salesforce client that talks to the far end, over its own requests session.

The library has ``https`` built in and takes a session and an instance; the session trusts the far
end's throw-away authority. Logging in goes to a host that is built in too, so an adapter mounted on
the session sends that host's requests to the far end: the library's own code runs unchanged.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from cxotel.demo.far_ends.salesforce.far_end import SESSION

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    import requests
    from simple_salesforce.api import Salesforce

_LOGIN_HOST = "https://login.salesforce.com"
_CONNECTIONS = 64


class Org(Protocol):
    """Where an org is, as the far end says it."""

    @property
    def authority(self) -> str:
        """Host and port."""
        ...

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        ...

    @property
    def ca_file(self) -> Path:
        """The certificate authority to trust."""
        ...


@contextmanager
def client(
    far_end: Org, *, login: bool = False, timeout: float = 5.0, **options: Any
) -> Generator[Salesforce, None, None]:
    """Give a client, and close its connections afterwards.

    Args:
        far_end: The far end, running.
        login: Log in with a name and password, so that the client can do it again when its
            session has ended; otherwise it has a session id from the start.
        timeout: Seconds until a request is given up.
        options: More arguments for ``Salesforce``.
    """
    from simple_salesforce.api import Salesforce

    session = _session(far_end, timeout)
    who: dict[str, Any] = {"session_id": SESSION, "instance": far_end.authority}
    if login:
        who = {"username": "integration@cx.example", "password": "loopback", "security_token": ""}
    try:
        yield Salesforce(session=session, **who, **options)
    finally:
        session.close()


def _session(far_end: Org, timeout: float) -> requests.Session:
    import requests
    from requests.adapters import HTTPAdapter

    class ToFarEnd(HTTPAdapter):
        """Send requests to the far end, whatever host they are for."""

        def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> Any:
            request.url = (request.url or "").replace(_LOGIN_HOST, far_end.url)
            # The library sets no timeout of its own.
            more["timeout"] = more.get("timeout") or timeout
            return super().send(request, *args, **more)

    session = requests.Session()
    # The machine's settings could bring in a proxy, or another authority than this one.
    session.trust_env = False
    session.verify = str(far_end.ca_file)
    session.mount("https://", ToFarEnd(pool_maxsize=_CONNECTIONS))
    return session
