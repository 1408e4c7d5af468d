"""HubSpot's interface on a loopback port, and the real client that talks to it.

Objects live in memory under ids of eleven digits, as a portal's have them. A search looks at no
filter: it finds every object of its type. What else is asked for is answered with as little as the
client accepts. Real limits are not there; what a limit answers comes when a fault asks for it.
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
    "throttled": Failure(429, "RATE_LIMITS", "You have reached your secondly limit."),
    "unavailable": Failure(503, "SERVICE_UNAVAILABLE", "Please try again"),
    "server_error": Failure(500, "INTERNAL_ERROR", "internal error"),
    "unauthorized": Failure(401, "INVALID_AUTHENTICATION", "The token is invalid"),
    "not_found": Failure(404, "OBJECT_NOT_FOUND", "resource not found"),
    "invalid": Failure(400, "VALIDATION_ERROR", "Property values were not valid"),
    "conflict": Failure(409, "CONFLICT", "The object exists already"),
}
"""https://developers.hubspot.com/docs/reference/api/other-resources/error-handling."""
LIMIT = 190
_FIRST_ID = 10_202_100_001
_NOW = "2026-05-04T09:00:00.000Z"
_OBJECTS = "/crm/v3/objects/{kind}"


class HubSpotFarEnd(HttpFarEnd):
    """One portal.

    Attributes:
        objects: What it holds: type, id, properties.
    """

    def __init__(self) -> None:
        self.objects: dict[str, dict[str, dict[str, Any]]] = {}
        self._ids = itertools.count(_FIRST_ID)
        self._requests = itertools.count(1)
        super().__init__("hubspot", self._table(), FAILURES)

    def _table(self) -> list[Any]:
        other = "{rest+}"
        return [
            route("search", "POST", f"{_OBJECTS}/search", self._search),
            route("merge", "POST", f"{_OBJECTS}/merge", self._merge),
            route("batch", "POST", f"{_OBJECTS}/batch/{{verb}}", self._batch),
            route("create", "POST", _OBJECTS, self._create),
            route("list", "GET", _OBJECTS, self._list),
            route("get", "GET", f"{_OBJECTS}/{{id}}", self._get),
            route("update", "PATCH", f"{_OBJECTS}/{{id}}", self._update),
            route("delete", "DELETE", f"{_OBJECTS}/{{id}}", self._delete),
            route("associations", "GET", f"/crm/v4/{other}", _nothing),
            route("associate", "PUT", f"/crm/v4/{other}", _associated),
            route("associate", "POST", f"/crm/v3/associations/{other}", _batched),
            route("owner", "GET", "/crm/v3/owners/{id}", _owner),
            route("file", "GET", "/files/v3/files/{id}", _file),
            route("signed", "GET", "/files/v3/files/{id}/signed-url", _signed),
            route("subscriptions", "GET", f"/communication-preferences/{other}", _subscriptions),
            route("other", "GET", f"/{other}", _nothing),
            route("other", "POST", f"/{other}", _said),
        ]

    def add(self, kind: str, **properties: Any) -> str:
        """Let the portal have an object, and return its id."""
        object_id = str(next(self._ids))
        self.objects.setdefault(kind, {})[object_id] = properties
        return object_id

    def failed(self, failure: Failure, request: Received) -> Reply:
        """Put a failure into the form of HubSpot."""
        content = {
            "status": "error",
            "message": failure.message,
            "correlationId": f"00000000-0000-4000-8000-{next(self._requests):012}",
            "category": failure.code,
        }
        return Reply.of(failure.status, content, failure.headers)

    def finished(self, reply: Reply, request: Received) -> Reply:
        """Add the fields that come with each answer, another correlation id each time."""
        number = next(self._requests)
        told = {
            "X-HubSpot-Correlation-Id": f"00000000-0000-4000-8000-{number:012}",
            "X-HubSpot-RateLimit-Max": str(LIMIT),
            "X-HubSpot-RateLimit-Remaining": str(LIMIT - number % LIMIT),
            "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
        }
        return Reply(reply.status, {**told, **reply.headers}, reply.body, reply.created)

    def _known(self, request: Received) -> dict[str, Any]:
        kind, object_id = request.ids["kind"], request.ids["id"]
        named = request.params.get("idProperty")
        for known_id, properties in self.objects.get(kind, {}).items():
            if known_id == object_id or (named and properties.get(named) == object_id):
                return _object(known_id, properties)
        raise RefusedError(404, "OBJECT_NOT_FOUND", f"{object_id} was not found")

    def _create(self, request: Received) -> Reply:
        properties: dict[str, Any] = request.json.get("properties") or {}
        object_id = self.add(request.ids["kind"], **properties)
        return Reply.of(201, _object(object_id, properties))

    def _get(self, request: Received) -> Reply:
        return Reply.of(200, self._known(request))

    def _update(self, request: Received) -> Reply:
        known = self._known(request)
        known["properties"].update(request.json.get("properties") or {})
        return Reply.of(200, known)

    def _delete(self, request: Received) -> Reply:
        return Reply.of(204)

    def _all(self, request: Received) -> list[dict[str, Any]]:
        known = self.objects.get(request.ids["kind"], {})
        return [_object(object_id, properties) for object_id, properties in known.items()]

    def _list(self, request: Received) -> Reply:
        """Return a page of as many objects as are asked for."""
        every, limit = self._all(request), int(request.params.get("limit", "10"))
        after = int(request.params.get("after", "0"))
        more = {"paging": {"next": {"after": str(after + limit)}}}
        page = {"results": every[after : after + limit]}
        return Reply.of(200, {**page, **(more if after + limit < len(every) else {})})

    def _search(self, request: Received) -> Reply:
        found = self._all(request)
        return Reply.of(200, {"total": len(found), "results": found})

    def _merge(self, request: Received) -> Reply:
        return Reply.of(200, _object(request.json["primaryObjectId"], {}))

    def _batch(self, request: Received) -> Reply:
        """Answer for each input; what has no properties is refused, and the rest done."""
        inputs = request.json["inputs"]
        times = {"startedAt": _NOW, "completedAt": _NOW, "status": "COMPLETE"}
        wrong = [one for one in inputs if one.get("properties") == {}]
        done = [_object(str(next(self._ids)), {}) for one in inputs if one not in wrong]
        if request.ids["verb"] == "upsert":
            done = [{**one, "new": True} for one in done]
        if not wrong:
            created = request.ids["verb"] == "create"
            return Reply.of(201 if created else 200, {**times, "results": done})
        errors = [{"status": "error", "category": "VALIDATION_ERROR", "message": "no properties"}]
        return Reply.of(207, {**times, "results": done, "numErrors": len(wrong), "errors": errors})


def _object(object_id: str, properties: dict[str, Any]) -> dict[str, Any]:
    times = {"createdAt": _NOW, "updatedAt": _NOW, "archived": False}
    return {"id": object_id, "properties": properties, **times}


def _nothing(request: Received) -> Reply:
    return Reply.of(200, {"results": []})


def _batched(request: Received) -> Reply:
    times = {"startedAt": _NOW, "completedAt": _NOW}
    return Reply.of(201, {"status": "COMPLETE", "results": [], **times})


def _associated(request: Received) -> Reply:
    ids = {"fromObjectId": "1", "toObjectId": "2", "fromObjectTypeId": "0-5"}
    if "default" in request.path:
        return _batched(request)
    return Reply.of(201, {**ids, "toObjectTypeId": "0-1", "labels": []})


def _owner(request: Received) -> Reply:
    who = {"firstName": "Zoe", "type": "PERSON", "archived": False}
    return Reply.of(200, {"id": request.ids["id"], "createdAt": _NOW, "updatedAt": _NOW, **who})


def _file(request: Received) -> Reply:
    about = {"access": "PRIVATE", "archived": False, "createdAt": _NOW, "updatedAt": _NOW}
    return Reply.of(200, {"id": request.ids["id"], **about})


def _signed(request: Received) -> Reply:
    about = {"url": "https://files.example/1", "extension": "pdf", "name": "x", "type": "DOCUMENT"}
    return Reply.of(200, {**about, "size": 1, "expiresAt": _NOW})


def _subscriptions(request: Received) -> Reply:
    return Reply.of(200, {"recipient": "nobody@customer.example", "subscriptionStatuses": []})


def _said(request: Received) -> Reply:
    """Return what was said, with what the client wants of several kinds of reply."""
    is_json = request.headers.get("content-type") == "application/json"
    said: dict[str, Any] = request.json if is_json else {}
    wanted: dict[str, Any] = {
        "token": "t",
        "access_token": "t",
        "expires_in": 1800,
        "id": "71",
        "results": [],
    }
    return Reply.of(200, {**said, **wanted, "status": "PENDING", "statusId": "71"})


_CLIENTS = itertools.count(1)


@contextmanager
def client(far_end: HubSpotFarEnd, **config: Any) -> Generator[Any, None, None]:
    """Give a client whose token no other has.

    Args:
        far_end: Whom it talks to.
        config: More of the client's own configuration.
    """
    from hubspot import HubSpot

    token = f"loopback-{next(_CLIENTS)}"
    yield HubSpot(access_token=token, host=far_end.url, base_url=far_end.url, **config)
