"""ServiceNow: the real pysnc, plain and asynchronous, over TLS, held to the contract.

The far end is a loopback server that follows ServiceNow's reference. It proves what the clients
send and make of replies; it does not prove that ServiceNow itself answers so.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import requests
from pysnc.exceptions import NotFoundException, RequestException, RoleException

from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.testing import ABSENT, Case, Event, Example, Told, VendorContract
from tests.vendors.far_ends.servicenow import (
    ServiceNowFarEnd,
    async_client,
    client,
    cut_off,
    impatient,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.testing import At

    Work = Callable[[Any, At], Any]

STATUS, ITEMS = semconv.HTTP_RESPONSE_STATUS_CODE, semconv.CX_CALL_ITEMS
TYPE, RECORD = semconv.CX_RECORD_TYPE, semconv.CX_RECORD_ID
HEADERS = (
    semconv.CX_VENDOR_REQUEST_ID,
    semconv.CX_RATE_LIMIT_LIMIT,
    semconv.CX_RATE_LIMIT_REMAINING,
    semconv.CX_RATE_LIMIT_RESET,
)
GROUP = "287ebd7da9fe198100f92cc8d1d2154e"
AGENT = "46d44a5dc0a8010e0012345678901234"
GONE = "0" * 32


def on(table: str, *works: Work) -> dict[str, Any]:
    """Return how to do something with a record of a table, for either client.

    Args:
        table: The table.
        works: What to do in turn; each gets the record. Awaited where there is something to await.
    """

    def call(at: At) -> Any:
        record = at.client.GlideRecord(table)
        return [work(record, at) for work in works][-1]

    async def call_async(at: At) -> Any:
        record, result = await at.client.GlideRecord(table), None
        for work in works:
            result = work(record, at)
            if inspect.isawaitable(result):
                result = await result
        return result

    return {"call": call, "call_async": call_async}


def get(record: Any, at: At) -> Any:
    """Get the record that was prepared."""
    return record.get(at.prepared)


def setting(**fields: str) -> Work:
    """Return what sets fields of a record."""

    def work(record: Any, at: At) -> None:
        for name, value in fields.items():
            record.set_value(name, value)

    return work


def new(record: Any, at: At) -> None:
    """Begin a new record."""
    record.initialize()


def insert(record: Any, at: At) -> Any:
    """Send a new record."""
    return record.insert()


def update(record: Any, at: At) -> Any:
    """Send the changes to a record."""
    return record.update()


def delete(record: Any, at: At) -> Any:
    """Delete the record."""
    return record.delete()


def delete_all(record: Any, at: At) -> Any:
    """Delete all records that were found."""
    return record.delete_multiple()


def query(record: Any, at: At) -> Any:
    """Ask for all records."""
    return record.query()


def known(table: str = "incident", **fields: str) -> Callable[[At], str]:
    """Return a preparation: a record that the instance has."""
    return lambda at: str(at.far_end.add(table, **{"short_description": "Refund", **fields}))


def failing(operation: str, fault: Fault) -> Callable[[At], object]:
    """Return a preparation: something goes wrong at the far end."""
    return lambda at: at.far_end.faults.add("servicenow", operation, fault)


def refused(at: At) -> str:
    """Let the far end repeat in its error what the customer said."""
    said = at.canary
    words = f"{said.phone} {said.email} {said.name} {said.text}"
    failing("update", Fault(failure="conflict", message=words))(at)
    return known()(at)


def prepared(at: At) -> str:
    """Return the id of the record that was prepared."""
    return str(at.prepared)


def made(at: At) -> str:
    """Return the id of the record that the call made."""
    return str(at.result)


def about(record: Callable[[At], str] | None = prepared, table: str = "incident") -> dict[str, Any]:
    """Return what a span says of the record that it is about."""
    return {TYPE: table} if record is None else {TYPE: table, RECORD: record}


GOT = Told(operation="get_record", attributes=about())

CASE = Case(
    vendor="servicenow",
    far_end=ServiceNowFarEnd,
    clients={"sync": client, "async": async_client},
    reset=ServiceNowFarEnd.clear,
    common={
        STATUS: 200,
        semconv.SERVER_ADDRESS: "127.0.0.1",
        semconv.CX_VENDOR_REQUEST_ID: str,
        semconv.CX_RATE_LIMIT_LIMIT: 5000,
        semconv.CX_RATE_LIMIT_REMAINING: int,
        semconv.CX_RATE_LIMIT_RESET: int,
    },
    examples=(
        Example(
            operation="create_record",
            **on("incident", new, setting(short_description="Where is my refund?"), insert),
            attributes={**about(made), STATUS: 201},
        ),
        Example(
            operation="get_record",
            prepare=known(),
            **on("incident", get),
            attributes=about(),
        ),
        Example(
            operation="query_records",
            prepare=known(),
            **on("incident", query),
            attributes={**about(None), ITEMS: 1},
        ),
        Example(
            operation="get_record",
            prepare=known(),
            **on("incident", get, setting(short_description="Refund, urgent"), update),
            attributes=about(),
            also=(Told(operation="update_record", attributes=about()),),
        ),
        Example(
            operation="get_record",
            prepare=known(),
            **on("incident", get, setting(assignment_group=GROUP, assigned_to=AGENT), update),
            attributes=about(),
            also=(
                Told(
                    operation="assign_record",
                    attributes={**about(), semconv.CX_AGENT_ID: AGENT},
                    events=(
                        Event(
                            semconv.EVENT_CX_HANDOFF,
                            {
                                semconv.CX_HANDOFF_KIND: "queue",
                                semconv.CX_HANDOFF_RESULT: "requested",
                                semconv.CX_QUEUE_ID: GROUP,
                            },
                        ),
                    ),
                ),
            ),
        ),
        Example(
            operation="get_record",
            prepare=known(),
            **on("incident", get, delete),
            attributes=about(),
            also=(Told(operation="delete_record", attributes={**about(), STATUS: 204}),),
        ),
        Example(
            operation="query_records",
            prepare=known(),
            **on("incident", query, delete_all),
            attributes={**about(None), ITEMS: 1},
            also=(Told(operation="run_batch"),),
            variants=("sync",),
        ),
        Example(
            operation="run_batch",
            call=lambda at: at.client.batch_api.execute(),
        ),
        Example(
            operation="list_attachments",
            prepare=known("sys_attachment"),
            call=lambda at: at.client.attachment_api.get(),
        ),
        Example(
            operation="fetch_attachment",
            prepare=known("sys_attachment"),
            call=lambda at: at.client.attachment_api.get(at.prepared),
        ),
        Example(
            operation="download_file",
            call=lambda at: at.client.attachment_api.get_file(GONE, stream=False),
        ),
        Example(
            operation="upload_file",
            call=lambda at: at.client.attachment_api.upload_file(
                "note.txt", "incident", GONE, b"hello"
            ),
            attributes={STATUS: 201},
        ),
        Example(
            operation="delete_attachment",
            prepare=known("sys_attachment"),
            call=lambda at: at.client.attachment_api.delete(at.prepared),
            attributes={STATUS: 204},
        ),
        Example(
            operation="get_record",
            prepare=lambda _: GONE,
            **on("incident", get),
            error="NotFoundException",
            attributes={**about(), STATUS: 404},
        ),
        Example(
            operation="delete_attachment",
            call=lambda at: at.client.attachment_api.delete(GONE),
            raises=NotFoundException,
            error="NotFoundException",
            attributes={STATUS: 404},
        ),
        Example(
            operation="query_records",
            prepare=lambda at: cut_off(at.far_end),
            **on("incident", query),
            raises=RequestException,
            error="RequestException",
            attributes={**about(None), **dict.fromkeys(HEADERS, ABSENT)},
        ),
        Example(
            operation="create_record",
            prepare=failing("create", Fault(failure="throttled")),
            **on("incident", new, setting(short_description="Refund"), insert),
            raises=RequestException,
            error="RequestException",
            attributes={**about(None), STATUS: 429, semconv.CX_CALL_THROTTLED: True},
        ),
    ),
    slow=Example(
        operation="create_record",
        prepare=failing("create", Fault(hang=True)),
        **on("incident", new, setting(short_description="Refund"), insert),
        clients={"sync": impatient},
        raises=requests.Timeout,
        error="ReadTimeout",
        attributes={**about(None), STATUS: ABSENT, **dict.fromkeys(HEADERS, ABSENT)},
    ),
    canaries=(
        Example(
            operation="create_record",
            **on(
                "incident",
                new,
                lambda record, at: record.set_value("short_description", at.canary.text),
                lambda record, at: record.set_value("correlation_id", at.canary.email),
                lambda record, at: record.set_value("u_caller", at.canary.name),
                lambda record, at: record.set_value("u_phone", at.canary.phone),
                insert,
            ),
        ),
        Example(
            operation="query_records",
            **on(
                "incident",
                lambda record, at: record.add_query("u_phone", at.canary.phone),
                lambda record, at: record.add_query("u_caller", at.canary.name),
                query,
            ),
        ),
        Example(
            operation="get_record",
            prepare=refused,
            **on("incident", get, setting(state="2"), update),
            raises=RoleException,
        ),
        Example(
            operation="get_record",
            prepare=lambda at: at.canary.phone,
            **on("incident", get),
        ),
    ),
)


class TestServiceNow(VendorContract):
    """The contract that every vendor keeps."""

    case = CASE
