"""The REST interface: records, queries in pages, search, several requests in one, limits."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.far_end import Route, route
from cxotel.demo.far_ends.faults import RefusedError
from cxotel.demo.far_ends.memory import Table
from cxotel.demo.far_ends.salesforce.records import Records, shown
from cxotel.demo.far_ends.salesforce.soql import parse
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Json = dict[str, Any]

DATA = "/services/data/v{version}"
_OBJECT = DATA + "/sobjects/{kind}"
_REFERENCE = re.compile(r"@\{(\w+)\.(\w+)\}")


class Rest:
    """The operations on records.

    Args:
        records: The org's records.
        inner: How one of several requests within a request is answered.

    Attributes:
        page_size: How many records a page of a query has; the header ``Sforce-Query-Options``
            may ask for fewer.
    """

    def __init__(self, records: Records, inner: Callable[[str, str, bytes], Reply]) -> None:
        self.page_size = 2000
        self._records, self._inner = records, inner
        self._cursors = Table(1000)

    def routes(self) -> Iterable[Route]:
        """Return the operations."""
        key = _OBJECT + "/{field}/{value}"
        return (
            route("describe_global", "GET", DATA + "/sobjects/?", self.describe_global),
            route("describe", "GET", _OBJECT + "/describe/?", self.describe),
            route("describe", "GET", _OBJECT + "/?", self.describe),
            route("create", "POST", _OBJECT + "/?", self.create),
            route("get", "GET", _OBJECT + "/{id}", self.get),
            route("update", "PATCH", _OBJECT + "/{id}", self.update),
            route("delete", "DELETE", _OBJECT + "/{id}", self.delete),
            route("get_by_key", "GET", key, self.get_by_key),
            route("upsert", "PATCH", key, self.upsert),
            route("query", "GET", DATA + "/query/?", self.query),
            route("query", "GET", DATA + "/queryAll/?", self.query),
            route("query_more", "GET", DATA + "/query/{cursor}", self.query_more),
            route("search", "GET", DATA + "/search/?", self.search),
            route("composite", "POST", DATA + "/composite/?", self.composite),
            route("limits", "GET", DATA + "/limits/?", self.limits),
        )

    def describe_global(self, request: Received) -> Reply:
        """Show the org's objects."""
        kinds = [{"name": kind, "label": kind} for kind in self._records.kinds()]
        return Reply.of(200, {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": kinds})

    def describe(self, request: Received) -> Reply:
        """Show an object's fields, as far as its records have any."""
        kind = request.ids["kind"]
        names = {name for record in self._records.all(kind) for name in record}
        fields = [{"name": name, "type": "string"} for name in sorted({"Id", *names})]
        return Reply.of(200, {"name": kind, "label": kind, "fields": fields})

    def create(self, request: Received) -> Reply:
        """Create a record."""
        record_id = self._records.add(request.ids["kind"], request.json)
        content: Json = {"id": record_id, "success": True, "errors": []}
        return Reply.of(201, content, created=(record_id,))

    def get(self, request: Received) -> Reply:
        """Show a record."""
        kind = request.ids["kind"]
        record = self._records.get(kind, request.ids["id"])
        return Reply.of(200, shown(kind, record, base(request)))

    def get_by_key(self, request: Received) -> Reply:
        """Show the record whose external id has a value."""
        kind, field, value = (request.ids[name] for name in ("kind", "field", "value"))
        record = self._records.find(kind, field, value)
        if record is None:
            message = f"Provided external ID field does not exist or is not accessible: {value}"
            raise RefusedError(404, "NOT_FOUND", message)
        return Reply.of(200, shown(kind, record, base(request)))

    def update(self, request: Received) -> Reply:
        """Change a record."""
        self._records.change(request.ids["kind"], request.ids["id"], request.json)
        return Reply(204)

    def upsert(self, request: Received) -> Reply:
        """Change the record whose external id has a value, or create it."""
        kind, field, value = (request.ids[name] for name in ("kind", "field", "value"))
        record_id, created = self._records.upsert(kind, field, value, request.json)
        content: Json = {"id": record_id, "success": True, "errors": [], "created": created}
        return Reply.of(201 if created else 200, content, created=(record_id,))

    def delete(self, request: Received) -> Reply:
        """Delete a record."""
        self._records.remove(request.ids["kind"], request.ids["id"])
        return Reply(204)

    def query(self, request: Received) -> Reply:
        """Answer a query, with its first page."""
        asked = parse(request.params.get("q", ""))
        rows = asked.of(self._records.all(asked.kind))
        if asked.counts:
            return Reply.of(200, {"totalSize": len(rows), "done": True, "records": []})
        found = [shown(asked.kind, row, base(request)) for row in rows]
        cursor = self._records.new_id("01g")
        self._cursors[cursor] = {"rows": found, "size": self._size(request)}
        return self._page(request, cursor, 0)

    def query_more(self, request: Received) -> Reply:
        """Answer with a further page of a query."""
        cursor, _, start = request.ids["cursor"].rpartition("-")
        if cursor not in self._cursors:
            raise RefusedError(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
        return self._page(request, cursor, int(start))

    def search(self, request: Received) -> Reply:
        """Find a text in the fields of all records."""
        wanted = re.search(r"\{(.+?)\}", request.params.get("q", ""))
        if wanted is None:
            raise RefusedError(400, "MALFORMED_SEARCH", "No search term found")
        hits = [
            shown(kind, {"Id": record["Id"]}, base(request))
            for kind in self._records.kinds()
            for record in self._records.all(kind)
            if any(wanted[1].lower() in str(value).lower() for value in record.values())
        ]
        return Reply.of(200, {"searchRecords": hits})

    def composite(self, request: Received) -> Reply:
        """Answer several requests, of which later ones may refer to earlier ones' answers."""
        answers: dict[str, Json] = {}
        for asked in request.json["compositeRequest"]:
            text = _REFERENCE.sub(lambda found: _referred(answers, found), json.dumps(asked))
            answers[asked["referenceId"]] = self._within(json.loads(text))
        return Reply.of(200, {"compositeResponse": list(answers.values())})

    def limits(self, request: Received) -> Reply:
        """Show what is left of the org's limits."""
        daily = {"Max": 15000, "Remaining": 14982}
        return Reply.of(200, {"DailyApiRequests": daily, "DailyBulkApiBatches": daily})

    def _within(self, asked: Json) -> Json:
        body = json.dumps(asked["body"]).encode() if "body" in asked else b""
        reply = self._inner(asked["method"], asked["url"], body)
        return {
            "body": json.loads(reply.body) if reply.body else None,
            "httpHeaders": {},
            "httpStatusCode": reply.status,
            "referenceId": asked["referenceId"],
        }

    def _size(self, request: Received) -> int:
        asked = re.search(r"batchSize=(\d+)", request.headers.get("sforce-query-options", ""))
        return min(self.page_size, int(asked[1])) if asked else self.page_size

    def _page(self, request: Received, cursor: str, start: int) -> Reply:
        rows, size = self._cursors[cursor]["rows"], self._cursors[cursor]["size"]
        end = start + size
        page: Json = {"totalSize": len(rows), "done": end >= len(rows), "records": rows[start:end]}
        if not page["done"]:
            page["nextRecordsUrl"] = f"{base(request)}/query/{cursor}-{end}"
        return Reply.of(200, page)


def base(request: Received) -> str:
    """Return the path that a version's resources begin with."""
    return f"/services/data/v{request.ids['version']}"


def _referred(answers: dict[str, Json], found: re.Match[str]) -> str:
    earlier: Json = answers.get(found[1], {})
    body: Json | None = earlier.get("body")
    return str(body.get(found[2], "")) if body else ""
