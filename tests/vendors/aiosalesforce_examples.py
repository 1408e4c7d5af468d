"""Examples of calls through aiosalesforce: the same operations, by other methods."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aiosalesforce.exceptions import NotFoundError, RequestLimitExceededError, SalesforceError
from aiosalesforce.retries import POLICY_DEFAULT

from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.testing import Example, Told
from tests.vendors.far_ends.aiosalesforce import AsyncClient

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.testing import At
    from cxotel.testing.case import Expected

STATUS, ITEMS = semconv.HTTP_RESPONSE_STATUS_CODE, semconv.CX_CALL_ITEMS
TYPE, RECORD = semconv.CX_RECORD_TYPE, semconv.CX_RECORD_ID
CASES = "SELECT Id FROM Case WHERE Subject LIKE 'ref%'"
USAGE = {"Sforce-Limit-Info": "api-usage=18/15000"}
UNKNOWN = "500000000000001AAA"


def known(kind: str, **fields: Any) -> Callable[[At], str]:
    """Return a preparation: a record that the org has."""
    return lambda at: str(at.far_end.records.add(kind, fields))


def prepared(at: At) -> str:
    """Return the id of the record that was prepared."""
    return str(at.prepared)


def result(at: At) -> str:
    """Return the id that the call returned."""
    return str(at.result)


def failing(operation: str, fault: Fault) -> Callable[[At], object]:
    """Return a preparation: something goes wrong at the far end."""
    return lambda at: at.far_end.faults.add("salesforce", operation, fault)


def replying(content: Any) -> Callable[[At], object]:
    """Return a preparation: an answer to what the far end does not know."""
    return lambda at: at.far_end.replies.push("unknown", 200, USAGE, content)


def cases(at: At) -> None:
    """Prepare three cases, on pages of two."""
    for record in at.far_end.records.all("Case"):
        at.far_end.records.remove("Case", record["Id"])
    for _ in range(3):
        at.far_end.records.add("Case", {"Subject": "refund"})
    at.far_end.rest.page_size = 2


async def queried(at: At, soql: str = CASES, **options: Any) -> list[Any]:
    """Read all pages of a query."""
    return [record async for record in at.client.query(soql, **options)]


async def batched(at: At) -> str:
    """Make two requests in one."""
    async with at.client.composite.batch() as batch:
        batch.query("SELECT Id FROM Account")
        batch.sobject.create("Case", {"Subject": "refund"})
    return "done"


def refused(at: At) -> object:
    """Let the far end repeat in its error what the customer said."""
    said = at.canary
    words = f"{said.phone} {said.email} {said.name} {said.text}"
    return failing("query", Fault(failure="invalid", message=words))(at)


def a_known_customer(at: At) -> str:
    """Prepare a contact of whom all is known that must not leave."""
    said = at.canary
    details = {"LastName": said.name, "Email": said.email, "Phone": said.phone}
    return str(at.far_end.records.add("Contact", {**details, "Description": said.text}))


def of_case(operation: str, status: int, call: Callable[[At], Any], **more: Any) -> Example:
    """Return an example about a case that the org has."""
    attributes: dict[str, Expected] = {TYPE: "Case", RECORD: prepared, STATUS: status}
    return Example(
        operation=operation,
        prepare=known("Case", Subject="refund"),
        call=call,
        attributes=attributes,
        **more,
    )


RECOVERED: dict[str, Expected] = {
    semconv.HTTP_REQUEST_RESEND_COUNT: 1,
    semconv.CX_CALL_RETRY_WAIT: int,
    semconv.CX_CALL_RECOVERED: True,
}
PARTS: list[Any] = [{"statusCode": 200, "result": {}}, {"statusCode": 201, "result": {}}]
FAILED: list[Any] = [
    {"statusCode": 400, "result": [{"errorCode": "REQUIRED_FIELD_MISSING", "message": ""}]},
    {"statusCode": 412, "result": [{"errorCode": "BATCH_PROCESSING_HALTED", "message": ""}]},
]
_EXAMPLES = (
    Example(
        operation="create_record",
        call=lambda at: at.client.sobject.create("Case", {"Subject": "Where is my refund?"}),
        attributes={TYPE: "Case", RECORD: result, STATUS: 201},
    ),
    of_case("get_record", 200, lambda at: at.client.sobject.get("Case", at.prepared)),
    Example(
        operation="get_record",
        prepare=known("Contact", LastName="Lind", Ext__c="web-52"),
        call=lambda at: at.client.sobject.get("Contact", "web-52", "Ext__c"),
        attributes={TYPE: "Contact", RECORD: prepared},
    ),
    of_case(
        "update_record",
        204,
        lambda at: at.client.sobject.update("Case", at.prepared, {"Status": "Escalated"}),
    ),
    Example(
        operation="upsert_record",
        prepare=known("Contact", LastName="Lind", Ext__c="web-53"),
        call=lambda at: at.client.sobject.upsert(
            "Contact", "web-53", "Ext__c", {"LastName": "Lindt"}
        ),
        attributes={TYPE: "Contact", RECORD: prepared},
    ),
    of_case("delete_record", 204, lambda at: at.client.sobject.delete("Case", at.prepared)),
    Example(
        operation="query_records",
        prepare=cases,
        call=queried,
        attributes={TYPE: "Case", ITEMS: 3},
        also=(Told(operation="query_records", attributes={ITEMS: 3}),),
    ),
    Example(
        operation="query_records",
        call=lambda at: queried(at, "SELECT COUNT() FROM Lead", include_all_records=True),
        attributes={TYPE: "Lead", ITEMS: 0},
    ),
    Example(
        operation="run_composite",
        prepare=replying({"hasErrors": False, "results": PARTS}),
        call=batched,
        attributes={ITEMS: 2},
    ),
    Example(
        operation="run_composite",
        prepare=replying({"hasErrors": True, "results": FAILED}),
        call=batched,
        error="400",
        attributes={ITEMS: 2, semconv.CX_VENDOR_ERROR_CODE: "REQUIRED_FIELD_MISSING"},
    ),
    Example(operation="fetch_limits", call=lambda at: at.client.get_limits()),
    Example(
        operation="query_records",
        prepare=lambda at: at.far_end.expire(),
        call=lambda at: queried(at, "SELECT COUNT() FROM Lead"),
        attributes={TYPE: "Lead", ITEMS: 0, **RECOVERED},
    ),
    Example(
        operation="create_record",
        clients={"async": lambda far_end: AsyncClient(far_end, retry_policy=POLICY_DEFAULT)},
        prepare=failing("create", Fault(failure="conflict", times=1)),
        call=lambda at: at.client.sobject.create("Case", {"Subject": "Where is my refund?"}),
        attributes={
            TYPE: "Case",
            RECORD: result,
            STATUS: 201,
            **RECOVERED,
        },
    ),
    Example(
        operation="get_record",
        call=lambda at: at.client.sobject.get("Case", UNKNOWN),
        raises=NotFoundError,
        error="NotFoundError",
        attributes={
            TYPE: "Case",
            RECORD: UNKNOWN,
            STATUS: 404,
            semconv.CX_VENDOR_ERROR_CODE: "NOT_FOUND",
        },
    ),
    Example(
        operation="query_records",
        prepare=failing("query", Fault(failure="throttled")),
        call=queried,
        raises=RequestLimitExceededError,
        error="RequestLimitExceededError",
        attributes={
            TYPE: "Case",
            STATUS: 403,
            semconv.CX_VENDOR_ERROR_CODE: "REQUEST_LIMIT_EXCEEDED",
            semconv.CX_CALL_THROTTLED: True,
        },
    ),
)

_CANARIES = (
    Example(
        operation="create_record",
        call=lambda at: at.client.sobject.create(
            "Case",
            {
                "SuppliedName": at.canary.name,
                "SuppliedEmail": at.canary.email,
                "SuppliedPhone": at.canary.phone,
                "Description": at.canary.text,
            },
        ),
    ),
    Example(
        operation="get_record",
        prepare=a_known_customer,
        call=lambda at: at.client.sobject.get("Contact", at.prepared),
    ),
    Example(operation="query_records", prepare=refused, call=queried, raises=SalesforceError),
)

CLIENTS = {"async": AsyncClient}
EXAMPLES = tuple(replace(one, variants=("async",)) for one in _EXAMPLES)
CANARIES = tuple(replace(one, variants=("async",)) for one in _CANARIES)
