"""Freshdesk's ticketing interface on a loopback port, and the real python-freshdesk.

Records live in memory under ids of eleven digits, as Freshdesk's contacts have them. Filters and
searches find everything. Automations and real limits are not there.
"""

from __future__ import annotations

import itertools
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.far_end import HttpFarEnd, route
from cxotel.demo.far_ends.faults import Failure, RefusedError
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

FAILURES: Mapping[str, Failure] = {
    "throttled": Failure(429, "", "You have exceeded the limit of requests per hour"),
    "unavailable": Failure(503, "", "Service unavailable"),
    "server_error": Failure(500, "", "We're sorry, something went wrong"),
    "unauthorized": Failure(401, "invalid_credentials", "You have to be logged in"),
    "not_found": Failure(404, "", ""),
    "invalid": Failure(400, "invalid_value", "It should be one of these values: '2,3,4,5'"),
    "conflict": Failure(409, "inconsistent_state", "It was changed meanwhile"),
}
"""https://developers.freshdesk.com/api/#error."""
PREFIX = "/freshdesk.com/api/v2"
"""The client insists on a domain with this name in it; a folder of that name does as well."""
_FIRST_ID = 82_000_000_000
_LIMIT = 1000
_DATES = {"created_at": "2026-01-07T09:00:00Z", "updated_at": "2026-01-07T09:05:00Z"}


class FreshdeskFarEnd(HttpFarEnd):
    """One Freshdesk account.

    Attributes:
        records: What it holds: kind, id, fields.
    """

    def __init__(self) -> None:
        self.records: dict[str, dict[int, dict[str, Any]]] = {}
        self._ids = itertools.count(_FIRST_ID)
        self._requests = itertools.count(1)
        routes = [
            route("search", "GET", f"{PREFIX}/search/{{kind}}", self._search),
            route("email", "POST", f"{PREFIX}/tickets/outbound_email", self._email),
            route("comments", "GET", f"{PREFIX}/tickets/{{id}}/conversations", self._comments),
            route("note", "POST", f"{PREFIX}/tickets/{{id}}/notes", self._said),
            route("reply", "POST", f"{PREFIX}/tickets/{{id}}/reply", self._said),
            route("article", "GET", f"{PREFIX}/solutions/articles/{{id}}", _article),
            route("list", "GET", f"{PREFIX}/{{kind}}", self._list),
            route("create", "POST", f"{PREFIX}/{{kind}}", self._create),
            route("fetch", "GET", f"{PREFIX}/{{kind}}/{{id}}", self._fetch),
            route("update", "PUT", f"{PREFIX}/{{kind}}/{{id}}", self._update),
            route("delete", "DELETE", f"{PREFIX}/{{kind}}/{{id}}", self._delete),
        ]
        super().__init__("freshdesk", routes, FAILURES, tls=True)

    def add(self, kind: str, **fields: Any) -> int:
        """Let the account have a record, and return its id."""
        new_id = next(self._ids)
        self.records.setdefault(kind, {})[new_id] = {"id": new_id, **_DATES, **fields}
        return new_id

    def clear(self) -> None:
        """Forget faults, scripted replies, requests and records."""
        super().clear()
        self.records.clear()

    def failed(self, failure: Failure, request: Received) -> Reply:
        """Say it as Freshdesk does: nothing at all where something is not there."""
        if failure.status == 404:
            return Reply(404)
        if failure.status == 400:
            error = {"field": "status", "message": failure.message, "code": failure.code}
            content: Any = {"description": "Validation failed", "errors": [error]}
            return Reply.of(400, content, failure.headers)
        content = {"code": failure.code, "message": failure.message}
        return Reply.of(failure.status, content, failure.headers)

    def finished(self, reply: Reply, request: Received) -> Reply:
        """Count the request against the account's limit, and say so."""
        number = next(self._requests)
        told = {
            "X-RateLimit-Total": str(_LIMIT),
            "X-RateLimit-Remaining": str(_LIMIT - number % _LIMIT),
            "X-RateLimit-Used-CurrentRequest": "1",
            "X-Request-Id": f"00000000-0000-4000-8000-{number:012x}",
        }
        return Reply(reply.status, {**told, **reply.headers}, reply.body)

    def _held(self, request: Received) -> dict[str, Any]:
        known = self.records.get(request.ids.get("kind", "tickets"), {})
        found = known.get(int(request.ids["id"])) if request.ids["id"].isdecimal() else None
        if found is None:
            raise RefusedError(404, "", "")
        return found

    def _list(self, request: Received) -> Reply:
        return Reply.of(200, list(self.records.get(request.ids["kind"], {}).values()))

    def _search(self, request: Received) -> Reply:
        found = list(self.records.get(request.ids["kind"], {}).values())
        # Articles are told as a list, everything else with the number of all that were found.
        plain = request.ids["kind"] == "solutions"
        return Reply.of(200, found if plain else {"total": len(found), "results": found})

    def _create(self, request: Received) -> Reply:
        kind = request.ids["kind"]
        new_id = self.add(kind, **request.json)
        return Reply.of(201, self.records[kind][new_id])

    def _fetch(self, request: Received) -> Reply:
        return Reply.of(200, self._held(request))

    def _update(self, request: Received) -> Reply:
        self._held(request).update(request.json)
        return Reply.of(200, self._held(request))

    def _delete(self, request: Received) -> Reply:
        del self.records[request.ids["kind"]][self._held(request)["id"]]
        return Reply(204)

    def _email(self, request: Received) -> Reply:
        new_id = self.add("tickets", **request.json)
        return Reply.of(201, self.records["tickets"][new_id])

    def _comments(self, request: Received) -> Reply:
        said = {"id": next(self._ids), "ticket_id": self._held(request)["id"], **_DATES}
        return Reply.of(200, [{**said, "body_text": "It is late.", "private": False}])

    def _said(self, request: Received) -> Reply:
        said = {"id": next(self._ids), "ticket_id": self._held(request)["id"], **_DATES}
        return Reply.of(201, {**said, **request.json})


def _article(request: Received) -> Reply:
    return Reply.of(200, {"id": int(request.ids["id"]), "title": "Refunds", **_DATES})


@contextmanager
def client(far_end: FreshdeskFarEnd, *, timeout: float | None = None) -> Generator[Any, None, None]:
    """Give a client, untyped as the library is, and close its connections afterwards.

    Args:
        far_end: The far end, running.
        timeout: Seconds until a request is given up; the library itself would wait for ever.
    """
    from freshdesk.v2.api import API
    from requests.adapters import HTTPAdapter

    class Impatient(HTTPAdapter):
        def send(self, *args: Any, **more: Any) -> Any:
            return super().send(*args, **{**more, "timeout": timeout})

    domain = f"{far_end.server.authority}/freshdesk.com"
    made: Any = API(domain, "loopback", proxies={})
    session = made._session  # noqa: SLF001 - it has no other name
    session.verify = str(far_end.server.ca_file)
    session.trust_env = False  # the machine's settings could bring in a proxy
    session.mount("https://", Impatient())
    try:
        yield made
    finally:
        session.close()
