"""Dataverse's Web API on a loopback port, and Microsoft's real clients that talk to it.

Rows live in memory; every table exists, and has no choices. Queries look at no filter: they find
all rows of a table. Plug-ins, permissions and real limits are not there.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from azure.core.credentials import AccessToken

from cxotel.demo.far_ends.far_end import HttpFarEnd, route
from cxotel.demo.far_ends.faults import Failure, RefusedError
from cxotel.demo.far_ends.memory import Ids
from cxotel.demo.far_ends.server import LoopbackServer
from cxotel.demo.far_ends.wire import Received, Reply

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from PowerPlatform.Dataverse.aio.async_client import AsyncDataverseClient
    from PowerPlatform.Dataverse.client import DataverseClient
    from starlette.types import Message, Receive, Scope, Send
    from typing_extensions import Self

FAILURES: Mapping[str, Failure] = {
    "throttled": Failure(429, "0x80072322", "Number of requests exceeded the limit of 6000"),
    "unavailable": Failure(503, "0x8005E240", "Service is unavailable"),
    "server_error": Failure(500, "0x80040216", "An unexpected error occurred."),
    "unauthorized": Failure(401, "0x80072560", "The user is not a member of the organization."),
    "not_found": Failure(404, "0x80040217", "Does not exist"),
    "invalid": Failure(400, "0x80048d19", "Error identified in Payload"),
    "conflict": Failure(412, "0x80060882", "A record with matching key values already exists."),
}
"""https://learn.microsoft.com/power-apps/developer/data-platform/reference/web-service-error-codes."""
TABLES = ("account", "contact", "incident")
"""Tables whose schema a client knows from the start."""
_API = "/api/data/v9.2"
_NAME = re.compile(r"'([^']*)'")
_LIMIT = 6000
_SPELLED = {b"odata-entityid": b"OData-EntityId"}
_PART = (
    "--batchresponse\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n\r\n"
)


class DataverseFarEnd(HttpFarEnd):
    """One environment.

    The synchronous client insists on TLS. aiohttp says its farewell over TLS after it was closed,
    which a test would have to wait for, so the asynchronous client has a port without.

    Attributes:
        plain: That port's server.
        rows: What it holds: table, id, columns.
        page_size: How many rows a page of a query has.
    """

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, dict[str, Any]]] = {}
        self.page_size = 5000
        self._ids = Ids("dataverse")
        self._used = 0
        schema, bound = f"{_API}/EntityDefinitions", f"{_API}/{{table}}/Microsoft.Dynamics.CRM."
        routes = [
            route("schema", "GET", f"{schema}{{more+}}", _schema),
            route("schema", "GET", schema, _table),
            route("schema", "POST", f"{schema}{{more+}}", lambda _: Reply(204)),
            route("schema", "DELETE", f"{schema}{{more+}}", lambda _: Reply(204)),
            route("batch", "POST", f"{_API}/$batch", _batch),
            route("bulk_delete", "POST", f"{_API}/BulkDelete", self._bulk_delete),
            route("create_multiple", "POST", f"{bound}CreateMultiple", self._create_multiple),
            route("change_multiple", "POST", f"{bound}{{action}}", lambda _: Reply(204)),
            route("upload", "PATCH", f"{_API}/{{table}}({{key}})/{{column}}", lambda _: Reply(204)),
            route("get", "GET", f"{_API}/{{table}}({{key}})", self._get),
            route("update", "PATCH", f"{_API}/{{table}}({{key}})", lambda _: Reply(204)),
            route("delete", "DELETE", f"{_API}/{{table}}({{key}})", lambda _: Reply(204)),
            route("query", "GET", f"{_API}/{{table}}", self._query),
            route("create", "POST", f"{_API}/{{table}}", self._create),
        ]
        super().__init__("dynamics_365", routes, FAILURES, tls=True)
        self.plain = LoopbackServer(self)

    def start(self) -> Self:
        """Open both ports."""
        self.plain.start()
        return super().start()

    def stop(self) -> None:
        """Close both ports."""
        super().stop()
        self.plain.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and spell a header as Dataverse does: the asynchronous client looks closely."""

        async def spelled(message: Message) -> None:
            if message["type"] == "http.response.start":
                pairs = message["headers"]
                message["headers"] = [(_SPELLED.get(name, name), value) for name, value in pairs]
            await send(message)

        await super().__call__(scope, receive, spelled)

    def add(self, table: str, **columns: Any) -> str:
        """Let the environment have a row, and return its id.

        Args:
            table: The table, in the plural, as in ``accounts``.
            columns: What the row says.
        """
        new_id = str(self._ids.uuid())
        self.rows.setdefault(table, {})[new_id] = {
            f"{table.removesuffix('s')}id": new_id,
            **columns,
        }
        return new_id

    def failed(self, failure: Failure, request: Received) -> Reply:
        """Say it as OData does."""
        content = {"error": {"code": failure.code, "message": failure.message}}
        return Reply.of(failure.status, content, failure.headers)

    def finished(self, reply: Reply, request: Received) -> Reply:
        """Add the request's id, and how many requests are left."""
        self._used += 1
        own = {
            "x-ms-service-request-id": self._ids.uuid(),
            "x-ms-ratelimit-burst-remaining-xrm-requests": str(_LIMIT - self._used % _LIMIT),
        }
        return Reply(reply.status, {**own, **reply.headers}, reply.body)

    def _create(self, request: Received) -> Reply:
        table = request.ids["table"]
        new_id = self.add(table, **request.json)
        return Reply(204, {"OData-EntityId": f"{self.url}{_API}/{table}({new_id})"})

    def _create_multiple(self, request: Received) -> Reply:
        targets: list[dict[str, Any]] = request.json["Targets"]
        ids = [self.add(request.ids["table"], **_columns(one)) for one in targets]
        return Reply.of(200, {"Ids": ids})

    def _get(self, request: Received) -> Reply:
        row = self.rows.get(request.ids["table"], {}).get(request.ids["key"])
        if row is None:
            raise RefusedError(404, "0x80040217", f"{request.ids['key']} Does Not Exist")
        return Reply.of(200, row)

    def _query(self, request: Received) -> Reply:
        rows = list(self.rows.get(request.ids["table"], {}).values())
        start = int(request.params.get("$skiptoken", 0))
        end = start + self.page_size
        content: dict[str, Any] = {"value": rows[start:end]}
        if end < len(rows):
            place = next(
                url for url in (self.plain.url, self.url) if request.headers["host"] in url
            )
            content["@odata.nextLink"] = f"{place}{request.path}?$skiptoken={end}"
        return Reply.of(200, content)

    def _bulk_delete(self, request: Received) -> Reply:
        return Reply.of(200, {"JobId": self._ids.uuid()})


def _columns(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if not key.startswith("@")}


def _table(request: Received) -> Reply:
    """Say how a table is called in the plural; every table is there."""
    (name,) = _NAME.findall(request.params["$filter"])
    known = {"LogicalName": name, "EntitySetName": f"{name}s", "PrimaryIdAttribute": f"{name}id"}
    return Reply.of(
        200, {"value": [{**known, "MetadataId": "5" * 8 + "-0000-4000-8000-" + "5" * 12}]}
    )


def _schema(request: Received) -> Reply:
    """Say that a table has no choices, and every column that somebody looks for."""
    names = _NAME.findall(request.params.get("$filter", ""))
    return Reply.of(200, {"value": [{"LogicalName": name} for name in names]})


def _batch(request: Received) -> Reply:
    parts = _PART * request.body.count(b"HTTP/1.1") + "--batchresponse--\r\n"
    return Reply.of(200, parts, {"Content-Type": "multipart/mixed; boundary=batchresponse"})


class Credential:
    """A token that nobody checks."""

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        """Return it."""
        return AccessToken("loopback", 2_000_000_000)


class AsyncCredential:
    """The same for asynchronous clients."""

    async def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        """Return it."""
        return AccessToken("loopback", 2_000_000_000)

    async def close(self) -> None:
        """Do nothing."""

    async def __aenter__(self) -> Self:
        """Return itself."""
        return self

    async def __aexit__(
        self, exc_type: object = None, exc_value: object = None, traceback: object = None
    ) -> None:
        """Do nothing."""


@contextmanager
def client(far_end: DataverseFarEnd, **options: Any) -> Generator[DataverseClient, None, None]:
    """Give a real client that knows some tables already, and close its connections afterwards.

    Args:
        far_end: Where it calls.
        options: Of its configuration, such as ``http_timeout`` in seconds.
    """
    from PowerPlatform.Dataverse.client import DataverseClient

    with DataverseClient(far_end.url, Credential(), _config(options)) as connected:
        session: Any = vars(connected)["_session"]
        # The machine's settings could bring in a proxy, or another authority than this one.
        session.trust_env = False
        session.verify = str(far_end.server.ca_file)
        for table in TABLES:
            connected.records.create(table, {"name": "known"})
        yield connected


class AsyncClient:
    """The same with the asynchronous client.

    Args:
        far_end: Where it calls.
        options: Of its configuration.
    """

    def __init__(self, far_end: DataverseFarEnd, **options: Any) -> None:
        from PowerPlatform.Dataverse.aio.async_client import AsyncDataverseClient

        place = far_end.plain.url
        self._client = AsyncDataverseClient(place, AsyncCredential(), _config(options))

    async def __aenter__(self) -> AsyncDataverseClient:
        """Return the client."""
        for table in TABLES:
            await self._client.records.create(table, {"name": "known"})
        return self._client

    async def __aexit__(self, *_: object) -> None:
        """Close its connections."""
        await self._client.aclose()


def _config(options: dict[str, Any]) -> Any:
    from PowerPlatform.Dataverse.core.config import DataverseConfig

    settings: dict[str, Any] = {"http_retries": 1, **options}
    return DataverseConfig(**settings)
