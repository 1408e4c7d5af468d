"""Dynamics 365 through Microsoft's client library for Dataverse, where its records live."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cxotel import semconv
from cxotel.engine import (
    Operation,
    Target,
    Vendor,
    body,
    count,
    header,
    json_text,
    number,
    unwaited,
    walk,
)

if TYPE_CHECKING:
    from cxotel.engine import Call

_BASE = re.compile(r"^.*?/api/data/v[\d.]+/")
_ADDRESS = re.compile(r"([^(/?]*)(\((?:[^()']|'(?:[^']|'')*')*\))?/?([^?]*)")
"""A name, what stands between brackets (an id, or fields and values), and what follows.

https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part2-url-conventions.html
"""
_GUID = re.compile(r"\(([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})\)")
_BOUND = "Microsoft.Dynamics.CRM."
_SCHEMA = ("EntityDefinitions", "RelationshipDefinitions", "RetrieveMetadata", "CreateEntities")


def _address(call: Call) -> tuple[str, str, str]:
    """Return what is asked for: `('accounts', '(…)', 'logo')`."""
    found = _ADDRESS.match(_BASE.sub("", call.argument("url")))
    return (found[1], found[2] or "", found[3]) if found else ("", "", "")


def _identify(call: Call) -> str:
    """Name a call by its verb and the form of its path, as in `GET record id`."""
    method = call.argument("method").upper()
    name, key, more = _address(call)
    if name.startswith(_SCHEMA):
        return f"{method} schema"
    if not name[:1].islower():  # tables are in lower case, actions and batches are not
        return f"{method} {name}"
    if more.startswith(_BOUND):
        return f"{method} {more.removeprefix(_BOUND)}"
    by = " id" if _GUID.fullmatch(key) else " key" if key else ""
    return f"{method} {'column' if more else 'record'}{by}"


def _table(call: Call) -> str | None:
    name = _address(call)[0]
    return name if name[:1].islower() else None


def _record_id(call: Call) -> str | None:
    found = _GUID.fullmatch(_address(call)[1]) if _table(call) else None
    return found[1] if found else None


def _created(call: Call) -> str | None:
    """Read the new record's id: the reply has no body.

    https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-entity-web-api
    """
    found = _GUID.search(call.headers.get("OData-EntityId") or "")
    return found[1] if found else None


FOUND = {semconv.CX_CALL_ITEMS: count(body("value"))}
UPDATE, DELETE = Operation("update_record"), Operation("delete_record")

VENDOR = Vendor(
    name="dynamics_365",
    layer="business_system",
    requires=("PowerPlatform-Dataverse-Client >= 1.0",),
    targets=tuple(
        Target(
            f"PowerPlatform.Dataverse.{module}",
            f"{kind}._request",
            anchor=lambda call: call.instance.auth,
        )
        for module, kind in (
            ("data._odata", "_ODataClient"),
            ("aio.data._async_odata", "_AsyncODataClient"),
        )
    ),
    asides=(
        Target("PowerPlatform.Dataverse.core._auth", "_AuthManager._acquire_token"),
        Target("PowerPlatform.Dataverse.aio.core._async_auth", "_AsyncAuthManager._acquire_token"),
    ),
    clients=("PowerPlatform.Dataverse.",),
    anchor=lambda client: client.auth,
    identify=_identify,
    document=lambda reply: json_text(getattr(reply, "content", None) or reply.text),
    error_code=lambda error: walk(error, ("details", "service_error_code")),
    throttled=frozenset({"0x80072321", "0x80072322", "0x80072326"}),
    request={semconv.CX_RECORD_TYPE: _table, semconv.CX_RECORD_ID: _record_id},
    response={
        semconv.CX_VENDOR_REQUEST_ID: header("x-ms-service-request-id"),
        semconv.CX_RATE_LIMIT_REMAINING: number(
            header("x-ms-ratelimit-burst-remaining-xrm-requests")
        ),
    },
    operations={
        "POST record": Operation("create_record", response={semconv.CX_RECORD_ID: _created}),
        "GET record": Operation("query_records", response=FOUND),
        "GET record id": Operation("get_record"),
        "GET record key": Operation("get_record"),
        "PATCH record id": UPDATE,
        "PATCH record key": Operation("upsert_record"),
        "DELETE record id": DELETE,
        "DELETE record key": DELETE,
        "POST CreateMultiple": Operation(
            "create_records", response={semconv.CX_CALL_ITEMS: count(body("Ids"))}
        ),
        "POST UpdateMultiple": Operation("update_records"),
        "POST UpsertMultiple": Operation("upsert_records"),
        "POST BulkDelete": unwaited("delete_records"),
        "POST $batch": Operation("run_batch"),
        "PATCH column id": Operation("upload_file"),
        "GET schema": Operation("fetch_schema"),
        "POST schema": unwaited("create_schema"),
        "DELETE schema": unwaited("delete_schema"),
    },
)
