"""ServiceNow's table, attachment and batch interfaces on a loopback port, and the real pysnc.

Rows live in memory. Queries find every row of a table: encoded queries are not understood. Access
rules, business rules and real limits are not there; their answers come when a fault asks for them.
"""

from __future__ import annotations

import base64
import itertools
import json
import ssl
import time
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cxotel.demo.far_ends.far_end import HttpFarEnd, route
from cxotel.demo.far_ends.faults import Failure, RefusedError
from cxotel.demo.far_ends.memory import Ids
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator, Mapping

    from pysnc import ServiceNowClient
    from pysnc.asyncio import AsyncServiceNowClient

FAILURES: Mapping[str, Failure] = {
    "throttled": Failure(429, "", "Rate limit exceeded"),
    "unavailable": Failure(503, "", "Instance is hibernating"),
    "server_error": Failure(500, "", "Internal server error"),
    "unauthorized": Failure(401, "", "User Not Authenticated"),
    "not_found": Failure(404, "", "No Record found"),
    "invalid": Failure(400, "", "Operation Failed"),
    "conflict": Failure(403, "", "Insufficient rights to update record"),
}
"""https://www.servicenow.com/docs/, REST API HTTP response codes."""
FIELDS = ("short_description", "state", "assignment_group", "assigned_to", "correlation_id")
"""What every row has: pysnc sends changes only of fields that it was told of."""
USER = ("service", "loopback")
_LIMIT = 5_000


class ServiceNowFarEnd(HttpFarEnd):
    """One ServiceNow instance.

    Attributes:
        tables: Its rows: table, sys_id, fields.
        tokens: How often somebody asked for a token.
    """

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, dict[str, str]]] = {}
        self.tokens = 0
        self._ids = Ids("servicenow")
        self._requests = itertools.count(1)
        table, attachment = "/api/now/table/{table}", "/api/now/v1/attachment"
        routes = [
            route("query", "GET", table, self._query),
            route("create", "POST", table, self._create),
            route("get", "GET", f"{table}/{{id}}", self._get),
            route("update", "PATCH", f"{table}/{{id}}", self._update),
            route("delete", "DELETE", f"{table}/{{id}}", self._delete),
            route("batch", "POST", "/api/now/v1/batch", self._batch),
            route("upload", "POST", f"{attachment}/file", self._upload),
            route("list_files", "GET", attachment, self._query),
            route("download", "GET", f"{attachment}/{{id}}/file", _download),
            route("get_file", "GET", f"{attachment}/{{id}}", self._get),
            route("delete_file", "DELETE", f"{attachment}/{{id}}", self._delete),
            route("token", "POST", "/oauth_token.do", self._token),
        ]
        super().__init__("servicenow", routes, FAILURES, tls=True)

    def clear(self) -> None:
        """Forget faults, scripted replies, requests and rows."""
        super().clear()
        self.tables.clear()
        self.tokens = 0

    def add(self, table: str, **fields: str) -> str:
        """Let the instance have a row, and return its id."""
        sys_id = self._ids.hex(32)
        row = {"sys_id": sys_id, **dict.fromkeys(FIELDS, ""), **fields}
        self.tables.setdefault(table, {})[sys_id] = row
        return sys_id

    def failed(self, failure: Failure, request: Received) -> Reply:
        """Say it as ServiceNow does."""
        error = {"message": failure.message, "detail": request.path}
        return Reply.of(failure.status, {"error": error, "status": "failure"}, failure.headers)

    def finished(self, reply: Reply, request: Received) -> Reply:
        """Count the request against the instance's limit, and say so."""
        count = next(self._requests)
        told = {
            "X-Transaction-ID": f"{count:012x}",
            "X-RateLimit-Limit": str(_LIMIT),
            "X-RateLimit-Remaining": str(_LIMIT - count % _LIMIT),
            "X-RateLimit-Reset": str(int(time.time()) + 1800),
        }
        return Reply(reply.status, {**told, **reply.headers}, reply.body)

    def _rows(self, request: Received) -> dict[str, dict[str, str]]:
        return self.tables.setdefault(request.ids.get("table", "sys_attachment"), {})

    def _row(self, request: Received) -> dict[str, str]:
        found = self._rows(request).get(request.ids["id"])
        if found is None:
            raise RefusedError(404, "", "No Record found")
        return found

    def _query(self, request: Received) -> Reply:
        found = [_shown(row) for row in self._rows(request).values()]
        start = int(request.params.get("sysparm_offset", "0"))
        size = int(request.params.get("sysparm_limit", "100"))
        content = {"result": found[start : start + size]}
        return Reply.of(200, content, {"X-Total-Count": str(len(found))})

    def _create(self, request: Received) -> Reply:
        sys_id = self.add(request.ids["table"], **request.json)
        return Reply.of(201, {"result": _shown(self._rows(request)[sys_id])})

    def _get(self, request: Received) -> Reply:
        return Reply.of(200, {"result": _shown(self._row(request))})

    def _update(self, request: Received) -> Reply:
        self._row(request).update(request.json)
        return Reply.of(200, {"result": _shown(self._row(request))})

    def _delete(self, request: Received) -> Reply:
        del self._rows(request)[self._row(request)["sys_id"]]
        return Reply(204)

    def _upload(self, request: Received) -> Reply:
        sys_id = self.add("sys_attachment", file_name=request.params["file_name"])
        location = {"Location": f"{self.url}/api/now/v1/attachment/{sys_id}"}
        return Reply.of(201, {"result": self.tables["sys_attachment"][sys_id]}, location)

    def _token(self, request: Received) -> Reply:
        """Give a token that has expired at once, then one that lives."""
        self.tokens += 1
        life = -10 if self.tokens == 1 else 1800
        token = {"access_token": f"token-{self.tokens}", "refresh_token": "again"}
        return Reply.of(200, {**token, "token_type": "Bearer", "expires_in": life})

    def _batch(self, request: Received) -> Reply:
        given = request.json
        serviced = [self._serviced(one) for one in given["rest_requests"]]
        content = {
            "batch_request_id": str(given["batch_request_id"]),
            "serviced_requests": serviced,
        }
        return Reply.of(200, {**content, "unserviced_requests": []})

    def _serviced(self, one: dict[str, Any]) -> dict[str, Any]:
        target = urlsplit(str(one["url"]))
        body = base64.b64decode(one.get("body", ""))
        inner, handler = self.routed(one["method"], target.path, target.query, {}, body)
        try:
            reply = handler(inner)
        except RefusedError as refused:
            reply = self.failed(refused.failure, inner)
        headers = [{"name": name, "value": value} for name, value in reply.headers.items()]
        told = {"id": one["id"], "status_code": reply.status, "headers": headers}
        return {**told, "body": base64.b64encode(reply.body).decode()}


def _shown(row: dict[str, str]) -> dict[str, Any]:
    """Return a row with values and display values, as pysnc asks for them."""
    return {key: {"value": value, "display_value": value} for key, value in row.items()}


def _download(request: Received) -> Reply:
    return Reply.of(200, b"hello", {"Content-Type": "application/octet-stream"})


@contextmanager
def client(far_end: ServiceNowFarEnd, **options: Any) -> Generator[ServiceNowClient, None, None]:
    """Give a client, and close its connections afterwards.

    Args:
        far_end: The far end, running.
        options: More arguments for `ServiceNowClient`.
    """
    from pysnc import ServiceNowClient

    known: dict[str, Any] = {"auth": USER, "verify": str(far_end.server.ca_file), **options}
    made: Any = ServiceNowClient(far_end.url, **known)
    made.session.trust_env = False  # the machine's settings could bring in a proxy
    try:
        yield made
    finally:
        made.session.close()


@contextmanager
def impatient(far_end: ServiceNowFarEnd) -> Generator[ServiceNowClient, None, None]:
    """Give a client that waits 0.3 seconds for a reply; pysnc itself would wait for ever."""
    import requests
    from requests.adapters import HTTPAdapter

    class Impatient(HTTPAdapter):
        def send(self, *args: Any, **more: Any) -> Any:
            return super().send(*args, **{**more, "timeout": 0.3})

    session = requests.Session()
    session.auth = USER
    with client(far_end, auth=session, auto_retry=False) as made:
        session.mount("https://", Impatient())
        yield made


@asynccontextmanager
async def async_client(far_end: ServiceNowFarEnd) -> AsyncGenerator[AsyncServiceNowClient, None]:
    """Give an asynchronous client, and close its connections afterwards."""
    from pysnc.asyncio import AsyncServiceNowClient

    trust = ssl.create_default_context(cafile=far_end.server.ca_file)
    made: Any = AsyncServiceNowClient(far_end.url, USER, verify=trust)
    try:
        yield made
    finally:
        await made.close()


def cut_off(far_end: ServiceNowFarEnd) -> None:
    """Let the next query be cut off for its duration, which ServiceNow tells as a success."""
    error = {"message": "Transaction cancelled: maximum execution time exceeded", "detail": ""}
    half = '{"result":[{"sys_id":' + json.dumps({"error": error, "status": "failure"})
    far_end.replies.push("query", 200, {"Content-Type": "application/json"}, half)
