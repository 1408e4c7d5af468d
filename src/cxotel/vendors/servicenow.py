"""ServiceNow through pysnc, plain and asyncio, seen where a request is sent and its reply judged.

Retries happen below that, in the adapter of the plain client.
"""

from __future__ import annotations

import re
from copy import copy
from typing import TYPE_CHECKING, Any

from cxotel import semconv
from cxotel.engine import (
    Operation,
    Problem,
    Reader,
    Target,
    Vendor,
    body,
    first,
    handed_off,
    header,
    issued_id,
    json_text,
    number,
    seconds_until,
    unwaited,
)

if TYPE_CHECKING:
    from cxotel.engine import Arguments, Call

_SYS_ID = "[0-9a-f]{32}"
"""https://www.servicenow.com/docs/, Unique record identifier: 32 hexadecimal characters."""
_WORDS = re.compile(r"table|attachment|file|batch")
_CANCELLED = b"Transaction cancelled: maximum execution time exceeded"
_END = 1_000
_TASKS = frozenset(
    {"task", "incident", "problem", "change_request", "sc_request", "sc_req_item", "sc_task"}
    | {"sn_customerservice_case", "sn_customerservice_task", "sn_hr_core_case"}
)
"""Tables that extend `task`, and so have its field `correlation_id`, of 100 characters."""


def _path(call: Call) -> list[str]:
    """Return what follows the interface's version: `['table', 'incident', '46d4…']`."""
    if call.function == "execute":
        return ["batch"]
    path = str(call.argument("req").url).partition("?")[0].partition("/api/now/")[2]
    return re.sub(r"^v\d+/", "", path).split("/")


def _identify(call: Call) -> str:
    """Name a call by its verb and path, in which table and id are stars: `GET table/*/*`."""
    words = "/".join(part if _WORDS.fullmatch(part) else "*" for part in _path(call))
    if words == "batch":
        return "POST batch"
    key = f"{call.argument('req').method} {words}"
    sets = _sent(call) if key == "PATCH table/*/*" else {}
    return f"{key} assigned" if sets.keys() & {"assignment_group", "assigned_to"} else key


def _sent(call: Call) -> dict[str, Any]:
    """Return the fields of a record that is sent, by `requests` or by httpx."""
    request = call.argument("req")
    fields = getattr(request, "json", None) or json_text(getattr(request, "content", None))
    return fields or {}


def _table(call: Call) -> str | None:
    kind, *rest = _path(call)
    return rest[0] if kind == "table" and rest else None


def _record(call: Call) -> str | None:
    path = _path(call)
    return path[2] if path[0] == "table" and len(path) == 3 else None


def _failure(call: Call) -> Problem | None:
    """Find a query that was cut off: that is told as a success, at the end of half a reply."""
    if (
        call.plan.operation.name != "query_records"
        or _CANCELLED not in call.response.content[-_END:]
    ):
        return None
    return Problem("RequestException")


def _carry(call: Call, journey_id: str) -> Arguments | None:
    """Write the journey id into a new task's correlation id, where the caller left it free."""
    request, fields = call.argument("req"), _sent(call)
    if _table(call) not in _TASKS or fields.get("correlation_id"):
        return None
    fields = {**fields, "correlation_id": journey_id}
    if hasattr(request, "content"):
        return call.replacing("req", type(request)(request.method, request.url, json=fields))
    replaced = copy(request)
    replaced.json = fields
    return call.replacing("req", replaced)


def _asked(field: str) -> Reader:
    return lambda call: _sent(call).get(field)


QUEUED = handed_off(
    "queue",
    {semconv.CX_QUEUE_ID: issued_id(_asked("assignment_group"), _SYS_ID)},
    when=_asked("assignment_group"),
)
NEW_ID = first(body("result", "sys_id", "value"), body("result", "sys_id"))

VENDOR = Vendor(
    name="servicenow",
    layer="business_system",
    requires=("pysnc >= 1.2",),
    targets=tuple(
        Target(module, name, anchor=lambda call: call.instance._client)  # noqa: SLF001 - whose calls these are
        for module, name in (
            ("pysnc.client", "API._send"),
            ("pysnc.client", "BatchAPI.execute"),
            ("pysnc.asyncio.client", "AsyncAPI._send"),
            ("pysnc.asyncio.client", "AsyncBatchAPI.execute"),
        )
    ),
    asides=(Target("requests_oauthlib.oauth2_session", "OAuth2Session.refresh_token"),),
    clients=("pysnc.",),
    identify=_identify,
    document=lambda response: json_text(response.content),
    failure=_failure,
    raises=("pysnc",),
    request={
        semconv.CX_RECORD_TYPE: _table,
        semconv.CX_RECORD_ID: issued_id(_record, _SYS_ID),
    },
    response={
        semconv.CX_VENDOR_REQUEST_ID: issued_id(header("X-Transaction-ID"), "[0-9a-f]+"),
        semconv.CX_RATE_LIMIT_LIMIT: number(header("X-RateLimit-Limit")),
        semconv.CX_RATE_LIMIT_REMAINING: number(header("X-RateLimit-Remaining")),
        semconv.CX_RATE_LIMIT_RESET: seconds_until(header("X-RateLimit-Reset")),
    },
    operations={
        "GET table/*": Operation(
            "query_records", response={semconv.CX_CALL_ITEMS: number(header("X-Total-Count"))}
        ),
        "GET table/*/*": Operation("get_record"),
        "POST table/*": Operation(
            "create_record",
            response={semconv.CX_RECORD_ID: issued_id(NEW_ID, _SYS_ID)},
            carry=_carry,
        ),
        "PATCH table/*/*": Operation("update_record"),
        "PATCH table/*/* assigned": Operation(
            "assign_record",
            request={semconv.CX_AGENT_ID: issued_id(_asked("assigned_to"), _SYS_ID)},
            facts=(QUEUED,),
        ),
        "DELETE table/*/*": Operation("delete_record"),
        "GET attachment": Operation("list_attachments"),
        "GET attachment/*": Operation("fetch_attachment"),
        "GET attachment/*/file": Operation("download_file"),
        "POST attachment/file": Operation("upload_file"),
        "DELETE attachment/*": Operation("delete_attachment"),
        "POST batch": unwaited("run_batch"),
    },
)
