"""Salesforce through simple-salesforce, whose requests three functions make, and aiosalesforce.

Both speak the same interface, so they share one table.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cxotel import semconv
from cxotel.engine import (
    Operation,
    Problem,
    Target,
    Vendor,
    body,
    count,
    first,
    json_text,
    number,
    unwaited,
    walk,
)

if TYPE_CHECKING:
    from cxotel.engine import Call, Reader

_FIRST_ERROR = 400
_HALTED = frozenset({"PROCESSING_HALTED", "BATCH_PROCESSING_HALTED"})
_RECORD = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")
"""https://help.salesforce.com/s/articleView?id=000385203: ids have 15 characters, or 18."""
_QUERIES = frozenset({"query", "queryAll"})
_QUOTED = re.compile(r"'(?:\\.|[^'\\])*'")
_NESTED = re.compile(r"\([^()]*\)")
_FROM = re.compile(r"\bFROM\s+(\w+)", re.IGNORECASE)
_USAGE = re.compile(r"(?<![\w-])api-usage=(\d+)/(\d+)")


def _path(call: Call) -> list[str]:
    """Return what follows the version: `['sobjects', 'Case', '500…']`."""
    url = str(call.argument("url")).partition("?")[0]
    rest = re.split(r"/services/(?:data|async)/[^/]+/", url, maxsplit=1)[-1]
    return [part for part in rest.split("/") if part] or [""]


def _identify(call: Call) -> str:
    """Name a call by its verb and path, in which an id is a star, as in `GET jobs/query/*`."""
    method, path = call.argument("method").upper(), _path(call)
    if path[0] == "composite":
        return f"{method} composite"
    if path[0] != "sobjects":
        return f"{method} {'/'.join(part if part.isalpha() else '*' for part in path)}"
    where = path[2:3]
    if where and where[0].isalpha() and where[0].islower():
        return f"{method} {where[0]}"  # describe, updated, deleted
    by = "" if not where else "id" if _RECORD.fullmatch(where[0]) else "key"
    return f"{method} record {by}".rstrip()


def _object(call: Call) -> str | None:
    """Read which object a call is about: from the path, or after the query's outermost FROM."""
    path = _path(call)
    if path[0] == "sobjects":
        return path[1] if len(path) > 1 else None
    query = walk(call.argument("params"), ("q",)) if path[0] in _QUERIES else None
    if not query:
        return None
    query = _QUOTED.sub("", query)  # a customer's words may hold a FROM too
    while _NESTED.search(query):
        query = _NESTED.sub("", query)
    found = _FROM.search(query)
    return found[1] if found else None


def _record_id(call: Call) -> str | None:
    where, *path = _path(call)
    is_record = where == "sobjects" and len(path) > 1 and _RECORD.fullmatch(path[1])
    return path[1] if is_record else None


_parts = first(body("compositeResponse"), body("results"))
"""Reads the answers within an answer: of a composite request, or of a batch."""


def _failure(call: Call) -> Problem | None:
    """Find the part of a composite request that failed: the whole is told as a success.

    Where all or none is to happen, the others are told as halted, in a batch as not processed.
    https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_composite.htm
    """
    if call.plan.operation.name != "run_composite":
        return None  # the reply may be a download that the caller streams: not ours to read
    for part in _parts(call) or ():
        status = part.get("httpStatusCode") or part["statusCode"]
        code = walk(part, ("body", 0, "errorCode")) or walk(part, ("result", 0, "errorCode"))
        if status >= _FIRST_ERROR and code not in _HALTED:
            return Problem(str(status), code)
    return None


def _usage(part: int) -> Reader:
    """Return a reader of the organisation's API calls of the day: used (1) or allowed (2)."""

    def read(call: Call) -> int | None:
        found = _USAGE.search(call.headers.get("Sforce-Limit-Info") or "")
        return int(found[part]) if found else None

    return read


def _remaining(call: Call) -> int | None:
    used, allowed = _usage(1)(call), _usage(2)(call)
    return None if used is None or allowed is None else max(0, allowed - used)


def _session(call: Call) -> object:
    """Read the HTTP session: a client shares it with the objects that it makes for records."""
    return call.argument("session") or call.instance.session


def _error_code(error: object) -> str | None:
    return walk(error, ("error_code",)) or walk(error, ("content", 0, "errorCode"))


FOUND = {semconv.CX_CALL_ITEMS: number(body("totalSize"))}
JOB: dict[str, Reader] = {semconv.CX_RECORD_TYPE: body("object")}

VENDOR = Vendor(
    name="salesforce",
    layer="business_system",
    requires=("simple-salesforce >= 1.12.6", "aiosalesforce >= 0.6"),
    targets=(
        Target("simple_salesforce.api", "Salesforce._call_salesforce", anchor=_session),
        Target("simple_salesforce.api", "SFType._call_salesforce", anchor=_session),
        Target("simple_salesforce.bulk", "call_salesforce", anchor=_session),
        Target("simple_salesforce.bulk2", "call_salesforce", anchor=_session),
        Target("simple_salesforce.metadata", "call_salesforce", anchor=_session),
        Target("aiosalesforce.client", "Salesforce.request"),
    ),
    clients=("simple_salesforce.", "aiosalesforce."),
    scopes=(
        Target("simple_salesforce.bulk", "SFBulkType._bulk_operation"),
        Target("simple_salesforce.bulk2", "SFBulk2Type._upload_file"),
    ),
    asides=(
        Target("simple_salesforce.api", "Salesforce._refresh_session"),
        Target("aiosalesforce.auth.base", "Auth.get_access_token"),
        Target("aiosalesforce.auth.base", "Auth.refresh_access_token"),
    ),
    anchor=lambda client: getattr(client, "session", client),
    identify=_identify,
    document=lambda response: json_text(response.content),
    failure=_failure,
    error_code=_error_code,
    throttled=frozenset({"REQUEST_LIMIT_EXCEEDED"}),
    request={semconv.CX_RECORD_TYPE: _object, semconv.CX_RECORD_ID: _record_id},
    response={
        semconv.CX_RATE_LIMIT_LIMIT: _usage(2),
        semconv.CX_RATE_LIMIT_REMAINING: _remaining,
    },
    operations={
        "POST record": Operation("create_record", response={semconv.CX_RECORD_ID: body("id")}),
        "GET record id": Operation("get_record"),
        "GET record key": Operation("get_record", response={semconv.CX_RECORD_ID: body("Id")}),
        "PATCH record id": Operation("update_record"),
        "PATCH record key": Operation("upsert_record", response={semconv.CX_RECORD_ID: body("id")}),
        "DELETE record id": Operation("delete_record"),
        "DELETE record key": Operation("delete_record"),
        "GET describe": Operation("describe_object"),
        "GET query": Operation("query_records", response=FOUND),
        "GET query/*": Operation("query_records", response=FOUND),
        "GET queryAll": Operation("query_records", response=FOUND),
        "GET queryAll/*": Operation("query_records", response=FOUND),
        "GET search": Operation("search_records"),
        "GET parameterizedSearch": Operation("search_records"),
        "POST composite": Operation(
            "run_composite", response={semconv.CX_CALL_ITEMS: count(_parts)}
        ),
        "GET limits": unwaited("fetch_limits"),
        "POST jobs/ingest": unwaited("create_job", response=JOB),
        "PUT jobs/ingest/*/batches": unwaited("upload_job_data"),
        "PATCH jobs/ingest/*": unwaited("close_job", response=JOB),
        "GET jobs/ingest/*": unwaited("fetch_job", response=JOB),
        "GET jobs/ingest/*/successfulResults": unwaited("fetch_job_results"),
        "GET jobs/ingest/*/failedResults": unwaited("fetch_job_results"),
        "POST jobs/query": unwaited("create_job", response=JOB),
        "GET jobs/query/*": unwaited("fetch_job", response=JOB),
        "GET jobs/query/*/results": unwaited("fetch_job_results"),
        "POST job": unwaited("create_job", response=JOB),
        "POST job/*": unwaited("close_job", response=JOB),
        "POST job/*/batch": unwaited("upload_job_data"),
        "GET job/*/batch/*": unwaited("fetch_batch"),
        "GET job/*/batch/*/result": unwaited("fetch_job_results"),
        "GET job/*/batch/*/result/*": unwaited("fetch_job_results"),
    },
)
