"""Salesforce: the real simple-salesforce and aiosalesforce, over TLS, held to the contract.

The far end is a loopback server that follows Salesforce's developer guides. It proves what the
client sends and makes of replies; it does not prove that Salesforce itself answers so.
"""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import requests
from simple_salesforce.exceptions import (
    SalesforceExpiredSession,
    SalesforceMalformedRequest,
    SalesforceRefusedRequest,
)

from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.demo.far_ends.salesforce import SalesforceFarEnd, client
from cxotel.testing import ABSENT, Case, Example, Told, VendorContract

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.testing import At

STATUS = semconv.HTTP_RESPONSE_STATUS_CODE
TYPE, RECORD = semconv.CX_RECORD_TYPE, semconv.CX_RECORD_ID
CASES = "SELECT Id FROM Case WHERE Subject LIKE 'ref%'"
USAGE = {"Sforce-Limit-Info": "api-usage=18/15000"}
UNLIMITED = {semconv.CX_RATE_LIMIT_LIMIT: ABSENT, semconv.CX_RATE_LIMIT_REMAINING: ABSENT}
"""The first bulk interface does not tell how many calls are left."""


def known(kind: str, **fields: Any) -> Callable[[At], str]:
    """Return a preparation: a record that the org has."""
    return lambda at: str(at.far_end.records.add(kind, fields))


def reset(far_end: SalesforceFarEnd) -> None:
    """Let nothing go wrong, and forget the records."""
    far_end.clear()
    far_end.rest.page_size = 2000


def failing(operation: str, fault: Fault) -> Callable[[At], object]:
    """Return a preparation: something goes wrong at the far end."""
    return lambda at: at.far_end.faults.add("salesforce", operation, fault)


def refused(at: At) -> object:
    """Let the far end repeat in its error what the customer said."""
    said = at.canary
    words = f"{said.phone} {said.email} {said.name} {said.text}"
    return failing("query", Fault(failure="invalid", message=words))(at)


def loaded(at: At) -> str:
    """Load a contact, and return the job's id."""
    with client(at.far_end) as connected:
        salesforce: Any = connected
        [result] = salesforce.bulk2.Contact.insert(records=ROWS, wait=0)
    return str(result["job_id"])


def composite(*parts: tuple[str, str, dict[str, Any]]) -> Callable[[At], Any]:
    """Return a call that makes several requests in one."""

    def call(at: At) -> Any:
        base = f"/services/data/v{at.client.sf_version}/sobjects"
        steps = [
            {"referenceId": f"r{number}", "method": method, "url": f"{base}/{path}", "body": body}
            for number, (method, path, body) in enumerate(parts)
        ]
        content = {"allOrNone": False, "compositeRequest": steps}
        return at.client.restful("composite", method="POST", json=content)

    return call


def cases(number: int, page_size: int = 2000) -> Callable[[At], None]:
    """Return a preparation: so many cases whose subjects begin alike, and no other."""

    def prepare(at: At) -> None:
        for record in at.far_end.records.all("Case"):
            at.far_end.records.remove("Case", record["Id"])
        for _ in range(number):
            at.far_end.records.add("Case", {"Subject": "refund"})
        at.far_end.rest.page_size = page_size

    return prepare


def prepared(at: At) -> str:
    """Return the id of the record that was prepared."""
    return str(at.prepared)


def about(kind: str, record: Callable[[At], str] | None = None) -> dict[str, Any]:
    """Return what a span says of the record that it is about."""
    return {TYPE: kind} if record is None else {TYPE: kind, RECORD: record}


def found(number: int, status: int = 200) -> dict[str, Any]:
    """Return what a query's span says."""
    return {TYPE: "Case", semconv.CX_CALL_ITEMS: number, STATUS: status}


ROWS = [{"LastName": "Lind"}]
LOADED = (
    Told(operation="upload_job_data", attributes={STATUS: 201}),
    Told(operation="close_job", attributes=about("Contact")),
    Told(operation="fetch_job", attributes=about("Contact")),
    Told(operation="fetch_job", attributes=about("Contact")),
)
RESULTS = (
    Told(operation="fetch_job_results"),
    Told(operation="fetch_job_results"),
)

SYNC = Case(
    vendor="salesforce",
    far_end=SalesforceFarEnd,
    clients={"sync": client},
    reset=reset,
    common={
        STATUS: 200,
        semconv.SERVER_ADDRESS: "127.0.0.1",
        semconv.CX_RATE_LIMIT_LIMIT: 15_000,
        semconv.CX_RATE_LIMIT_REMAINING: int,
    },
    examples=(
        Example(
            operation="create_record",
            call=lambda at: at.client.Case.create({"Subject": "Where is my refund?"}),
            attributes={**about("Case", lambda at: at.result["id"]), STATUS: 201},
        ),
        Example(
            operation="get_record",
            prepare=known("Case", Subject="refund"),
            call=lambda at: at.client.Case.get(at.prepared),
            attributes=about("Case", prepared),
        ),
        Example(
            operation="get_record",
            prepare=known("Contact", LastName="Lind", Ext__c="web-42"),
            call=lambda at: at.client.Contact.get_by_custom_id("Ext__c", "web-42"),
            attributes=about("Contact", lambda at: at.result["Id"]),
        ),
        Example(
            operation="update_record",
            prepare=known("Case", Subject="refund"),
            call=lambda at: at.client.Case.update(at.prepared, {"Status": "Escalated"}),
            attributes={**about("Case", prepared), STATUS: 204},
        ),
        Example(
            operation="upsert_record",
            prepare=known("Contact", LastName="Lind", Ext__c="web-43"),
            call=lambda at: at.client.Contact.upsert("Ext__c/web-43", {"LastName": "Lindt"}),
            attributes=about("Contact", prepared),
        ),
        Example(
            operation="delete_record",
            prepare=known("Case", Subject="refund"),
            call=lambda at: at.client.Case.delete(at.prepared),
            attributes={**about("Case", prepared), STATUS: 204},
        ),
        Example(
            operation="delete_record",
            prepare=lambda at: at.far_end.replies.push("unknown", 204, USAGE),
            call=lambda at: at.client.Contact.delete("Ext__c/web-44"),
            attributes={**about("Contact"), STATUS: 204},
        ),
        Example(
            operation="describe_object",
            call=lambda at: at.client.Case.describe(),
            attributes=about("Case"),
        ),
        Example(
            operation="query_records",
            prepare=cases(3),
            call=lambda at: at.client.query(CASES),
            attributes=found(3),
        ),
        Example(
            operation="query_records",
            prepare=cases(3, page_size=2),
            call=lambda at: list(at.client.query_all_iter(CASES)),
            attributes=found(3),
            also=(Told(operation="query_records", attributes={semconv.CX_CALL_ITEMS: 3}),),
        ),
        Example(
            operation="query_records",
            prepare=cases(3, page_size=2),
            call=lambda at: list(at.client.query_all_iter(CASES, include_deleted=True)),
            attributes=found(3),
            also=(Told(operation="query_records", attributes={semconv.CX_CALL_ITEMS: 3}),),
        ),
        Example(
            operation="query_records",
            prepare=lambda at: at.far_end.replies.push(
                "unknown", 200, USAGE, {"totalSize": 3, "done": True, "records": []}
            ),
            call=lambda at: at.client.query_more("01g000000000001AAA-2", include_deleted=True),
            attributes={semconv.CX_CALL_ITEMS: 3},
        ),
        Example(
            operation="search_records",
            call=lambda at: at.client.quick_search("refund"),
        ),
        Example(
            operation="search_records",
            prepare=lambda at: at.far_end.replies.push(
                "unknown", 200, USAGE, {"searchRecords": []}
            ),
            call=lambda at: at.client.restful("parameterizedSearch", {"q": "FROM here"}),
        ),
        Example(
            operation="run_composite",
            call=composite(("POST", "Account/", {"Name": "Acme"}), ("GET", "Account/", {})),
            attributes={semconv.CX_CALL_ITEMS: 2},
        ),
        Example(
            operation="run_composite",
            call=composite(("POST", "Account/", {"Name": "Acme"}), ("POST", "Contact/", {})),
            error="400",
            attributes={
                semconv.CX_CALL_ITEMS: 2,
                semconv.CX_VENDOR_ERROR_CODE: "REQUIRED_FIELD_MISSING",
            },
        ),
        Example(operation="fetch_limits", call=lambda at: at.client.limits()),
        Example(operation="request", call=lambda at: at.client.describe()),
        Example(
            operation="create_job",
            call=lambda at: at.client.bulk2.Contact.insert(records=ROWS, wait=0),
            attributes=about("Contact"),
            also=LOADED,
        ),
        Example(
            operation="create_job",
            call=lambda at: list(at.client.bulk2.Case.query(CASES, max_records=2, wait=0)),
            prepare=cases(3),
            attributes=about("Case"),
            also=(Told(operation="fetch_job", attributes=about("Case")), *RESULTS),
        ),
        Example(
            operation="fetch_job_results",
            prepare=loaded,
            call=lambda at: (
                at.client.bulk2.Contact.get_successful_records(at.prepared),
                at.client.bulk2.Contact.get_failed_records(at.prepared),
            ),
            also=(Told(operation="fetch_job_results"),),
        ),
        Example(
            operation="create_job",
            call=lambda at: at.client.bulk.Contact.insert(ROWS),
            attributes={**about("Contact"), **UNLIMITED, STATUS: 201},
            also=(
                Told(operation="upload_job_data", attributes={**UNLIMITED, STATUS: 201}),
                Told(operation="fetch_batch", attributes=UNLIMITED),
                Told(operation="fetch_job_results", attributes=UNLIMITED),
                Told(operation="close_job", attributes={**about("Contact"), **UNLIMITED}),
            ),
        ),
        Example(
            operation="create_job",
            prepare=cases(1),
            call=lambda at: at.client.bulk.Case.query(CASES, lazy_operation=False, wait=0),
            attributes={**about("Case"), **UNLIMITED, STATUS: 201},
            also=(
                Told(operation="upload_job_data", attributes={**UNLIMITED, STATUS: 201}),
                Told(operation="close_job", attributes={**about("Case"), **UNLIMITED}),
                Told(operation="fetch_batch", attributes=UNLIMITED),
                Told(operation="fetch_job_results", attributes=UNLIMITED),
                Told(operation="fetch_job_results", attributes=UNLIMITED),
            ),
        ),
        Example(
            operation="query_records",
            prepare=lambda at: at.far_end.expire(),
            call=lambda at: at.client.query("SELECT COUNT() FROM Lead"),
            clients={"sync": lambda far_end: client(far_end, login=True)},
            attributes={
                TYPE: "Lead",
                semconv.CX_CALL_ITEMS: 0,
                semconv.HTTP_REQUEST_RESEND_COUNT: 1,
                semconv.CX_CALL_RETRY_WAIT: int,
                semconv.CX_CALL_RECOVERED: True,
            },
        ),
        Example(
            operation="query_records",
            prepare=lambda at: at.far_end.expire(),
            call=lambda at: at.client.query(CASES),
            raises=SalesforceExpiredSession,
            error="SalesforceExpiredSession",
            attributes={
                TYPE: "Case",
                STATUS: 401,
                semconv.CX_VENDOR_ERROR_CODE: "INVALID_SESSION_ID",
            },
        ),
        Example(
            operation="query_records",
            prepare=failing("query", Fault(failure="throttled")),
            call=lambda at: at.client.query(CASES),
            raises=SalesforceRefusedRequest,
            error="SalesforceRefusedRequest",
            attributes={
                TYPE: "Case",
                STATUS: 403,
                semconv.CX_VENDOR_ERROR_CODE: "REQUEST_LIMIT_EXCEEDED",
                semconv.CX_CALL_THROTTLED: True,
            },
        ),
    ),
    slow=Example(
        operation="create_record",
        prepare=failing("create", Fault(hang=True)),
        call=lambda at: at.client.Case.create({"Subject": "Where is my refund?"}),
        clients={"sync": lambda far_end: client(far_end, timeout=0.3)},
        raises=requests.Timeout,
        error="ReadTimeout",
        attributes={**UNLIMITED, STATUS: ABSENT, TYPE: "Case"},
    ),
    canaries=(
        Example(
            operation="create_record",
            call=lambda at: at.client.Case.create(
                {
                    "SuppliedName": at.canary.name,
                    "SuppliedEmail": at.canary.email,
                    "SuppliedPhone": at.canary.phone,
                    "Description": at.canary.text,
                }
            ),
        ),
        Example(
            operation="get_record",
            prepare=lambda at: known(
                "Contact",
                LastName=at.canary.name,
                Email=at.canary.email,
                Phone=at.canary.phone,
                Description=at.canary.text,
            )(at),
            call=lambda at: at.client.Contact.get_by_custom_id("Email", at.canary.email),
        ),
        Example(
            operation="query_records",
            prepare=refused,
            call=lambda at: at.client.query(
                f"SELECT Id FORM Contact WHERE Name = 'mail from {at.canary.name}'"  # noqa: S608
            ),
            raises=SalesforceMalformedRequest,
        ),
        Example(
            operation="search_records",
            call=lambda at: at.client.search(f"FIND {{mail from Quackenbush {at.canary.phone}}}"),
        ),
    ),
)


def both(case: Case) -> Case:
    """Return the case with aiosalesforce's examples too, which differ by its methods' names."""
    from tests.vendors import aiosalesforce_examples as others

    sync = (*case.examples, *case.canaries)
    plain = {id(one): replace(one, variants=("sync",)) for one in sync}
    return replace(
        case,
        clients={**case.clients, **others.CLIENTS},
        examples=(*(plain[id(one)] for one in case.examples), *others.EXAMPLES),
        canaries=(*(plain[id(one)] for one in case.canaries), *others.CANARIES),
        slow=replace(case.slow, call_async=others.EXAMPLES[0].call),
    )


CASE = both(SYNC) if find_spec("aiosalesforce") else SYNC
"""aiosalesforce needs Python 3.11."""


class TestSalesforce(VendorContract):
    """The contract that every vendor keeps."""

    case = CASE
