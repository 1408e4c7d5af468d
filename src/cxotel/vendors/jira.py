"""Jira Service Management and Jira through `jira`, seen at its session: retries happen in there.

The library makes further calls of its own accord, such as reading an issue back that it has just
created; each is a call like any other.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from cxotel import semconv
from cxotel.engine import (
    Operation,
    Target,
    Vendor,
    body,
    count,
    first,
    header,
    json_text,
    moment,
    number,
    numeric_id,
    unwaited,
    walk,
)
from cxotel.vendors.families.rest_paths import segments, starred, words

if TYPE_CHECKING:
    from cxotel.engine import Arguments, Call, Reader

_VERSION = re.compile(r"^(?:api|agile|auth)/[^/]+/")
_KEY = re.compile(r"[A-Z][A-Z0-9_]*-\d+|\d+")
"""https://support.atlassian.com/jira-software-cloud/docs/what-is-an-issue/: a key, or an id."""
_KINDS = {"issue": "issue", "project": "project"}


def _path(call: Call) -> list[str]:
    """Return what follows the interface's version: `['issue', 'SUP-7', 'comment']`."""
    url = call.argument("url")
    text = url.decode() if isinstance(url, bytes) else url
    path = text.partition("?")[0].partition("/rest/")[2]
    return segments(_VERSION.sub("", path, count=1))


def _identify(call: Call) -> str:
    """Name a call by its verb and path, in which an id is a star: `POST issue/*/comment`."""
    return starred(call.argument("method"), "/".join(_path(call)), _WORDS)


def _kind(call: Call) -> str | None:
    return _KINDS.get(_path(call)[0])


def _id(call: Call) -> str | None:
    kind, *rest = _path(call)
    return rest[0] if kind == "issue" and rest and _KEY.fullmatch(rest[0]) else None


def _carry(call: Call, journey_id: str) -> Arguments:
    """Write the journey id into a new issue's properties, which no customer and no agent sees.

    https://developer.atlassian.com/cloud/jira/platform/jira-entity-properties/
    """
    sent: dict[str, Any] = json.loads(call.argument("data"))
    properties: list[Any] = sent.get("properties") or []
    mine = {"key": "cx_journey_id", "value": journey_id}
    return call.replacing("data", json.dumps({**sent, "properties": [*properties, mine]}))


def _reset(call: Call) -> int | None:
    """Read in how many seconds the limit begins anew: Jira tells the time of day."""
    at = moment(header("X-RateLimit-Reset"))(call)
    return None if at is None else max(0, round(at / 1000 - call.ended_ns / 1e9))


def _items(*path: str) -> dict[str, Reader]:
    return {semconv.CX_CALL_ITEMS: count(body(*path))}


FOUND: dict[str, Reader] = {
    semconv.CX_CALL_ITEMS: first(body("total"), count(body("issues"))),
}

VENDOR = Vendor(
    name="jira",
    layer="business_system",
    requires=("jira >= 3.5.2",),
    targets=(Target("jira.resilientsession", "ResilientSession.request"),),
    clients=("jira.",),
    anchor=lambda client: client._session,  # noqa: SLF001 - what the client's calls pass through
    identify=_identify,
    document=lambda response: json_text(response.content),
    error_code=lambda error: walk(
        json_text(walk(error, ("response", "content"))), ("i18nErrorMessage", "i18nErrorKey")
    ),
    request={semconv.CX_RECORD_TYPE: _kind, semconv.CX_RECORD_ID: numeric_id(_id)},
    response={
        semconv.CX_VENDOR_REQUEST_ID: first(header("Atl-Traceid"), header("X-AREQUESTID")),
        semconv.CX_RATE_LIMIT_LIMIT: number(header("X-RateLimit-Limit")),
        semconv.CX_RATE_LIMIT_REMAINING: number(header("X-RateLimit-Remaining")),
        semconv.CX_RATE_LIMIT_RESET: _reset,
    },
    operations={
        "POST issue": Operation(
            "create_issue", response={semconv.CX_RECORD_ID: body("key")}, carry=_carry
        ),
        "POST issue/bulk": unwaited("create_issues"),
        "GET issue/*": Operation("fetch_issue"),
        "PUT issue/*": Operation("update_issue"),
        "DELETE issue/*": Operation("delete_issue"),
        "PUT issue/*/assignee": Operation("assign_issue"),
        "GET issue/*/comment": Operation("list_comments", response=_items("comments")),
        "POST issue/*/comment": Operation("add_comment"),
        "GET issue/*/transitions": Operation("list_transitions"),
        "POST issue/*/transitions": Operation("transition_issue"),
        "POST issue/*/worklog": Operation("add_worklog"),
        "POST issue/*/attachments": Operation("upload_file"),
        "POST issueLink": Operation("link_issues"),
        "GET search": Operation("search_issues", response=FOUND),
        "GET search/jql": Operation("search_issues", response=FOUND),
        "GET user/search": Operation("search_users"),
        "GET project/*": Operation("fetch_project"),
        "GET issuetype": Operation("list_issue_types"),
        "GET field": Operation("list_fields"),
        "GET serverInfo": unwaited("fetch_server_info"),
        "POST servicedeskapi/request": Operation(
            "create_request",
            request={semconv.CX_RECORD_TYPE: lambda _: "request"},
            response={semconv.CX_RECORD_ID: body("issueKey")},
        ),
        "POST servicedeskapi/customer": Operation("create_customer"),
        "GET servicedeskapi/servicedesk": Operation(
            "list_service_desks", response=_items("values")
        ),
        "GET servicedeskapi/servicedesk/*": Operation("fetch_service_desk"),
        "GET servicedeskapi/servicedesk/*/requesttype": Operation(
            "list_request_types", response=_items("values")
        ),
    },
)
_WORDS = words(VENDOR.operations)
