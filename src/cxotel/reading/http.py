"""Ask a backend's HTTP interface, and say what to do where it does not answer."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from cxotel.reading.model import SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

BAD_REQUEST = 400
NOT_FOUND = 404


class Window(NamedTuple):
    """The time that is searched, seconds since the epoch."""

    start: float
    end: float

    @classmethod
    def last(cls, hours: float) -> Window:
        """Return as many hours, until a minute from now, for clocks that differ.

        No longer than that: Tempo refuses a search of a second more than it allows.
        """
        end = time.time() + 60
        return cls(end - hours * 3600, end)

    def rfc3339(self) -> tuple[str, str]:
        """Return both ends as RFC 3339, section 5.6, writes times."""
        first, last = (datetime.fromtimestamp(at, timezone.utc) for at in self)
        return first.strftime("%Y-%m-%dT%H:%M:%SZ"), last.strftime("%Y-%m-%dT%H:%M:%SZ")


class Backend:
    """One backend's HTTP interface.

    Args:
        name: What it is called: Jaeger, Tempo.
        endpoint: Its base URL.
        timeout: Seconds to wait for an answer.
    """

    def __init__(self, name: str, endpoint: str, timeout: float = 30.0) -> None:
        base = endpoint if "//" in endpoint else f"http://{endpoint}"
        self.name = name
        self.endpoint = base.rstrip("/")
        self._timeout = timeout

    def ask(self, path: str, query: Mapping[str, str] | None = None) -> tuple[int, Any]:
        """Return the status and the JSON document that answers; `None` for what is no JSON.

        Args:
            path: The path, from the base URL on.
            query: The query's parameters.

        Raises:
            SourceError: Nobody answers, or with an error of the server's own.
        """
        import httpx

        try:
            answer = httpx.get(
                f"{self.endpoint}{path}",
                params=dict(query or {}),
                headers={"Accept": "application/json"},
                timeout=self._timeout,
                follow_redirects=True,
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SourceError(
                f"{self.name} does not answer at {self.endpoint} ({error}). Name it with --endpoint"
            ) from error
        self._refuse_errors(answer, path)
        return answer.status_code, _document(answer)

    def _refuse_errors(self, answer: httpx.Response, path: str) -> None:
        status = answer.status_code
        if status in {401, 403}:
            raise SourceError(f"{self.name} at {self.endpoint} wants credentials ({status})")
        if status >= 500:
            words = " ".join(answer.text.split())[:200]
            raise SourceError(f"{self.name} fails at {path} with {status}: {words}")

    def listed(self, answer: object, name: str) -> list[Any]:
        """Return a list of an answer; empty where it has none of that name.

        Raises:
            SourceError: The answer is no object: somebody else answers here.
        """
        if not isinstance(answer, dict):
            raise self.stranger()
        value = cast("dict[str, Any]", answer).get(name)
        return cast("list[Any]", value) if isinstance(value, list) else []

    def stranger(self) -> SourceError:
        """Return the error for a server that answers, but not as this backend does."""
        return SourceError(
            f"what answers at {self.endpoint} is not {self.name}. Name it with --endpoint"
        )


def _document(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None
