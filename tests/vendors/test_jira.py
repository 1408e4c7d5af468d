"""Jira Service Management: the real `jira`, held to the contract.

Issues are answered by jira820, a stateful Jira 8.20, on a loopback port; service desks, limits and
faults by a far end of ours that follows Atlassian's reference. It does not prove that Atlassian's
own servers answer so.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
import requests
from jira import JIRAError

from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.testing import ABSENT, Case, Example, Told, VendorContract
from tests.vendors.far_ends.jira import PROJECT, JiraFarEnd, client

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.testing import At

pytestmark = pytest.mark.timeout(300)
"""Importing the library takes a while, and the order of imports is tried in many ways."""
STATUS, ITEMS = semconv.HTTP_RESPONSE_STATUS_CODE, semconv.CX_CALL_ITEMS
TYPE, RECORD = semconv.CX_RECORD_TYPE, semconv.CX_RECORD_ID
HEADERS = (
    semconv.CX_VENDOR_REQUEST_ID,
    semconv.CX_RATE_LIMIT_LIMIT,
    semconv.CX_RATE_LIMIT_REMAINING,
    semconv.CX_RATE_LIMIT_RESET,
)
FIELDS = {"project": {"key": PROJECT}, "issuetype": {"name": "Task"}, "summary": "Refund"}
REQUEST = {"serviceDeskId": "1", "requestTypeId": 11, "requestFieldValues": {"summary": "Refund"}}


def known(at: At) -> str:
    """Let the site have an issue, and return its key."""
    return str(at.far_end.issue())


def failing(operation: str, fault: Fault) -> Callable[[At], object]:
    """Return a preparation: something goes wrong at the far end."""
    return lambda at: at.far_end.faults.add("jira", operation, fault)


def refused(at: At) -> None:
    """Let the far end repeat in its error what the customer said."""
    said = at.canary
    words = f"{said.phone} {said.email} {said.name} {said.text}"
    failing("create_request", Fault(failure="invalid", message=words))(at)


def prepared(at: At) -> str:
    """Return the key of the issue that was prepared."""
    return str(at.prepared)


def made(at: At) -> str:
    """Return the key of the issue that the call made."""
    return str(at.result.key)


def issue(key: Callable[[At], str] = prepared, status: int = 200) -> dict[str, Any]:
    """Return what a span says that is about an issue."""
    return {TYPE: "issue", RECORD: key, STATUS: status}


def search(at: At) -> Any:
    """Search; the client asks for the fields' names first, once in its life."""
    return at.client.search_issues("project = SUP", maxResults=1, json_result=True)


def read_back(key: Callable[[At], str] = made) -> Told:
    """Return the span of the issue that the library reads of its own accord."""
    return Told(operation="fetch_issue", attributes=issue(key))


CASE = Case(
    vendor="jira",
    far_end=JiraFarEnd,
    clients={"sync": client},
    reset=JiraFarEnd.clear,
    common={
        STATUS: 200,
        semconv.SERVER_ADDRESS: "127.0.0.1",
        semconv.CX_VENDOR_REQUEST_ID: str,
        semconv.CX_RATE_LIMIT_LIMIT: 100,
        semconv.CX_RATE_LIMIT_REMAINING: int,
        semconv.CX_RATE_LIMIT_RESET: int,
    },
    examples=(
        Example(
            operation="create_issue",
            call=lambda at: at.client.create_issue(FIELDS, prefetch=False),
            attributes=issue(made, 201),
        ),
        Example(
            operation="create_issue",
            call=lambda at: at.client.create_issue(FIELDS),
            attributes=issue(made, 201),
            also=(read_back(),),
        ),
        Example(
            operation="create_issues",
            call=lambda at: at.client.create_issues([FIELDS], prefetch=False),
            attributes={TYPE: "issue", STATUS: 201},
        ),
        Example(
            operation="fetch_issue",
            prepare=known,
            call=lambda at: at.client.issue(at.prepared),
            attributes=issue(),
        ),
        Example(
            operation="fetch_issue",
            prepare=known,
            call=lambda at: at.client.issue(at.prepared).update(summary="Refund, urgent"),
            attributes=issue(),
            also=(
                Told(operation="update_issue", attributes=issue(status=204)),
                read_back(prepared),
            ),
        ),
        Example(
            operation="fetch_issue",
            prepare=known,
            call=lambda at: at.client.issue(at.prepared).delete(),
            attributes=issue(),
            also=(Told(operation="delete_issue", attributes=issue(status=204)),),
        ),
        Example(
            operation="search_users",
            prepare=known,
            call=lambda at: at.client.assign_issue(at.prepared, "u01"),
            also=(Told(operation="assign_issue", attributes=issue(status=204)),),
        ),
        Example(
            operation="add_comment",
            prepare=known,
            call=lambda at: at.client.add_comment(at.prepared, "It is on its way."),
            attributes=issue(status=201),
        ),
        Example(
            operation="list_comments",
            prepare=known,
            call=lambda at: at.client.comments(at.prepared),
            attributes={**issue(), ITEMS: 0},
        ),
        Example(
            operation="list_transitions",
            prepare=known,
            call=lambda at: at.client.transitions(at.prepared),
            attributes=issue(),
        ),
        Example(
            operation="transition_issue",
            prepare=known,
            call=lambda at: at.client.transition_issue(at.prepared, "21"),
            attributes=issue(status=204),
        ),
        Example(
            operation="add_worklog",
            prepare=known,
            call=lambda at: at.client.add_worklog(at.prepared, timeSpent="5m"),
            attributes=issue(status=201),
        ),
        Example(
            operation="upload_file",
            prepare=known,
            call=lambda at: at.client.add_attachment(
                at.prepared, attachment=io.BytesIO(b"hello"), filename="note.txt"
            ),
            attributes=issue(),
        ),
        Example(
            operation="request",
            prepare=known,
            call=lambda at: at.client.create_issue_link("Relates", at.prepared, "SUP-1"),
            also=(Told(operation="link_issues", attributes={STATUS: 201}),),
        ),
        Example(
            operation="search_issues",
            prepare=search,
            call=search,
            attributes={ITEMS: lambda at: at.result["total"]},
        ),
        Example(
            operation="search_issues",
            # Older releases have no method for it, as `enhanced_search_issues` is.
            call=lambda at: at.client._get_json("search/jql", {"jql": "project = SUP"}),  # noqa: SLF001
            attributes={ITEMS: lambda at: len(at.result["issues"])},
        ),
        Example(
            operation="fetch_project",
            call=lambda at: at.client.project(PROJECT),
            attributes={TYPE: "project"},
        ),
        Example(operation="list_issue_types", call=lambda at: at.client.issue_types()),
        Example(operation="list_fields", call=lambda at: at.client.fields()),
        Example(operation="fetch_server_info", call=lambda at: at.client.server_info()),
        Example(
            operation="list_service_desks",
            call=lambda at: at.client.service_desks(),
            attributes={ITEMS: 1},
        ),
        Example(operation="fetch_service_desk", call=lambda at: at.client.service_desk("1")),
        Example(
            operation="list_request_types",
            call=lambda at: at.client.request_types("1"),
            attributes={ITEMS: 1},
        ),
        Example(
            operation="create_customer",
            call=lambda at: at.client.create_customer("ada@cx.example", "Ada Lind"),
            attributes={STATUS: 201},
        ),
        Example(
            operation="fetch_service_desk",
            call=lambda at: at.client.create_customer_request({**REQUEST}),
            also=(
                Told(
                    operation="create_request",
                    attributes={TYPE: "request", RECORD: made, STATUS: 201},
                ),
                read_back(),
            ),
        ),
        Example(
            operation="fetch_issue",
            call=lambda at: at.client.issue("SUP-99999"),
            raises=JIRAError,
            error="JIRAError",
            attributes=issue(lambda _: "SUP-99999", 404),
        ),
        Example(
            operation="fetch_service_desk",
            call=lambda at: at.client.service_desk("2"),
            raises=JIRAError,
            error="JIRAError",
            attributes={
                STATUS: 404,
                semconv.CX_VENDOR_ERROR_CODE: "sd.admin.servicedesk.error.not.existed",
            },
        ),
        Example(
            operation="fetch_issue",
            prepare=failing("fetch_issue", Fault(failure="throttled")),
            call=lambda at: at.client.issue("SUP-1"),
            clients={"sync": lambda far_end: client(far_end, max_retries=0)},
            raises=JIRAError,
            error="JIRAError",
            attributes={**issue(lambda _: "SUP-1", 429), semconv.CX_CALL_THROTTLED: True},
        ),
    ),
    slow=Example(
        operation="create_issue",
        prepare=failing("create_issue", Fault(hang=True)),
        call=lambda at: at.client.create_issue(FIELDS),
        clients={"sync": lambda far_end: client(far_end, timeout=0.3)},
        raises=requests.Timeout,
        error="ReadTimeout",
        attributes={TYPE: "issue", STATUS: ABSENT, **dict.fromkeys(HEADERS, ABSENT)},
    ),
    canaries=(
        Example(
            operation="create_issue",
            call=lambda at: at.client.create_issue(
                {
                    **FIELDS,
                    "summary": at.canary.text,
                    "description": f"{at.canary.name} {at.canary.email} {at.canary.phone}",
                }
            ),
        ),
        Example(
            operation="search_issues",
            call=lambda at: at.client.search_issues(
                f'project = SUP AND text ~ "{at.canary.email} Quackenbush {at.canary.phone}"',
                json_result=True,
            ),
        ),
        Example(
            operation="create_request",
            prepare=refused,
            call=lambda at: at.client.create_customer_request({**REQUEST}),
            raises=JIRAError,
        ),
        Example(
            operation="fetch_issue",
            call=lambda at: at.client.issue(at.canary.phone),
            raises=JIRAError,
        ),
    ),
)


class TestJira(VendorContract):
    """The contract that every vendor keeps."""

    case = CASE
