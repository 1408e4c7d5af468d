"""Zendesk's ticketing interface on a loopback port, and the real zenpy that talks to it.

Records live in memory under ids of twelve digits, as Zendesk's users have them. Searches look at
no query: they find every ticket, or every user. Triggers, views and real limits are not there;
what a limit answers comes when a fault asks for it.
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

    from zenpy import Zenpy

FAILURES: Mapping[str, Failure] = {
    "throttled": Failure(429, "APIRateLimitExceeded", "Number of allowed API requests exceeded"),
    "unavailable": Failure(503, "ServiceUnavailable", "Please try again"),
    "server_error": Failure(500, "InternalError", "Something went wrong"),
    "unauthorized": Failure(401, "Couldn't authenticate you", "Couldn't authenticate you"),
    "not_found": Failure(404, "RecordNotFound", "Not found"),
    "invalid": Failure(422, "RecordInvalid", "Record validation errors"),
    "conflict": Failure(409, "UpdateConflict", "Safe update prevented it"),
}
"""https://developer.zendesk.com/documentation/api-basics/working-with-data/best-practices/."""
KINDS = {"tickets": "ticket", "users": "user", "organizations": "organization", "groups": "group"}
_FIRST_ID = 360_000_000_000
_LIMIT = 700


class ZendeskFarEnd(HttpFarEnd):
    """One Zendesk account.

    Attributes:
        records: What it holds: kind, id, fields.
    """

    def __init__(self) -> None:
        self.records: dict[str, dict[int, dict[str, Any]]] = {kind: {} for kind in KINDS}
        self._ids = itertools.count(_FIRST_ID)
        self._requests = itertools.count(1)
        super().__init__("zendesk", self._table(), FAILURES, tls=True)

    def _table(self) -> list[Any]:
        special = [
            route("search", "GET", "/api/v2/search.json", self._search),
            route("search_users", "GET", "/api/v2/users/search.json", self._users),
            route("search_articles", "GET", "/api/v2/help_center/articles/search.json", _articles),
            route("export", "GET", "/api/v2/incremental/tickets/cursor.json", self._export),
            route("create_many", "POST", "/api/v2/tickets/create_many.json", _job),
            route("update_many", "PUT", "/api/v2/tickets/update_many.json", _job),
            route("job", "GET", "/api/v2/job_statuses/{id}.json", _job),
            route("merge", "POST", "/api/v2/tickets/{id}/merge.json", _job),
            route("upsert", "POST", "/api/v2/users/create_or_update.json", self._upsert),
            route("comments", "GET", "/api/v2/tickets/{id}/comments.json", self._comments),
            route("tags", "PUT", "/api/v2/tickets/{id}/tags.json", _tags),
            route("requested", "GET", "/api/v2/users/{id}/tickets/requested.json", self._tickets),
            route("identities", "GET", "/api/v2/users/{id}/identities.json", _identities),
            route("create_request", "POST", "/api/v2/requests.json", self._request),
            route("upload", "POST", "/api/v2/uploads.json", _upload),
        ]
        plain = [
            route("list", "GET", "/api/v2/{kind}.json", self._list),
            route("create", "POST", "/api/v2/{kind}.json", self._create),
            route("fetch", "GET", "/api/v2/{kind}/{id}.json", self._fetch),
            route("update", "PUT", "/api/v2/{kind}/{id}.json", self._update),
            route("delete", "DELETE", "/api/v2/{kind}/{id}.json", self._delete),
        ]
        return [*special, *plain]

    def add(self, kind: str, **fields: Any) -> int:
        """Let the account have a record, and return its id."""
        new_id = next(self._ids)
        self.records[kind][new_id] = {"id": new_id, **fields}
        return new_id

    def clear(self) -> None:
        """Forget faults, scripted replies, requests and records."""
        super().clear()
        for held in self.records.values():
            held.clear()

    def failed(self, failure: Failure, request: Received) -> Reply:
        """Say it as Zendesk does."""
        content = {"error": failure.code, "description": failure.message}
        return Reply.of(failure.status, content, failure.headers)

    def finished(self, reply: Reply, request: Received) -> Reply:
        """Count the request against the account's limit, and say so."""
        number = next(self._requests)
        remaining = str(_LIMIT - number % _LIMIT)
        told = {
            "X-Rate-Limit": str(_LIMIT),
            "X-Rate-Limit-Remaining": remaining,
            "ratelimit-limit": str(_LIMIT),
            "ratelimit-remaining": remaining,
            "ratelimit-reset": "41",
            "X-Zendesk-Request-Id": f"{number:020x}",
        }
        return Reply(reply.status, {**told, **reply.headers}, reply.body)

    def _held(self, request: Received) -> dict[str, Any]:
        known = self.records.get(request.ids.get("kind", "tickets"), {})
        if not request.ids["id"].isdecimal() or int(request.ids["id"]) not in known:
            raise RefusedError(404, "RecordNotFound", f"Not found: {request.path}")
        return known[int(request.ids["id"])]

    def _list(self, request: Received) -> Reply:
        kind = request.ids["kind"]
        return Reply.of(200, {kind: list(self.records[kind].values()), "next_page": None})

    def _create(self, request: Received) -> Reply:
        kind = request.ids["kind"]
        fields = request.json[KINDS[kind]]
        if "requester" in fields:  # Zendesk makes a user of it, and tells the user's id alone
            fields["requester_id"] = self.add("users", **fields.pop("requester"))
        new_id = self.add(kind, **fields)
        return self._told(201, kind, self.records[kind][new_id])

    def _fetch(self, request: Received) -> Reply:
        return self._told(200, request.ids["kind"], self._held(request), audit=False)

    def _update(self, request: Received) -> Reply:
        record = self._held(request)
        record.update(request.json[KINDS[request.ids["kind"]]])
        return self._told(200, request.ids["kind"], record)

    def _delete(self, request: Received) -> Reply:
        del self.records[request.ids["kind"]][self._held(request)["id"]]
        return Reply(204)

    def _told(self, status: int, kind: str, record: dict[str, Any], *, audit: bool = True) -> Reply:
        content: dict[str, Any] = {KINDS[kind]: record}
        if audit and kind == "tickets":
            content["audit"] = {"id": next(self._ids), "metadata": {}, "events": []}
        return Reply.of(status, content)

    def _upsert(self, request: Received) -> Reply:
        new_id = self.add("users", **request.json["user"])
        return self._told(201, "users", self.records["users"][new_id])

    def _tickets(self, request: Received) -> Reply:
        return Reply.of(200, {"tickets": list(self.records["tickets"].values())})

    def _users(self, request: Received) -> Reply:
        found = list(self.records["users"].values())
        return Reply.of(200, {"users": found, "count": len(found), "next_page": None})

    def _search(self, request: Received) -> Reply:
        found = [{**one, "result_type": "ticket"} for one in self.records["tickets"].values()]
        return Reply.of(200, {"results": found, "count": len(found), "next_page": None})

    def _export(self, request: Received) -> Reply:
        tickets = list(self.records["tickets"].values())
        return Reply.of(200, {"tickets": tickets, "end_of_stream": True, "after_url": None})

    def _comments(self, request: Received) -> Reply:
        said = self._held(request).get("comment", {})
        return Reply.of(200, {"comments": [{"id": next(self._ids), **said}], "next_page": None})

    def _request(self, request: Received) -> Reply:
        return Reply.of(201, {"request": {"id": next(self._ids), **request.json["request"]}})


def _job(request: Received) -> Reply:
    job = {"id": "8b726e606741012ffc2d782bcb7848fe", "status": "queued", "url": "", "total": 1}
    return Reply.of(200, {"job_status": job})


def _tags(request: Received) -> Reply:
    return Reply.of(200, {"tags": request.json["tags"]})


def _identities(request: Received) -> Reply:
    identity = {"id": _FIRST_ID, "type": "email", "value": "ada@cx.example"}
    return Reply.of(200, {"identities": [identity], "next_page": None})


def _upload(request: Received) -> Reply:
    return Reply.of(201, {"upload": {"token": "6bk3gql82em5nmf", "attachments": []}})


def _articles(request: Received) -> Reply:
    article = {"id": _FIRST_ID, "title": "Refunds", "result_type": "article"}
    return Reply.of(200, {"results": [article], "count": 1, "next_page": None})


@contextmanager
def client(far_end: ZendeskFarEnd, **options: Any) -> Generator[Zenpy, None, None]:
    """Give a client, and close its connections afterwards.

    Args:
        far_end: The far end, running.
        options: More arguments for `Zenpy`; by default it keeps no cache.
    """
    import requests
    from requests.adapters import HTTPAdapter
    from zenpy import Zenpy

    session = requests.Session()
    # The machine's settings could bring in a proxy, or another authority than this one.
    session.trust_env = False
    session.verify = str(far_end.server.ca_file)
    defaults: Any = getattr(Zenpy, "http_adapter_kwargs")  # noqa: B009 - the library has no types
    session.mount("https://", HTTPAdapter(**defaults()))
    # The library puts a dot between the two.
    subdomain, _, domain = far_end.server.authority.partition(".")
    arguments: dict[str, Any] = {
        "email": "service@cx.example",
        "token": "loopback",
        "timeout": 5.0,
        "subdomain": subdomain,
        "domain": domain,
        "session": session,
        "disable_cache": True,
        **options,
    }
    try:
        yield Zenpy(**arguments)
    finally:
        session.close()
