"""The real simple-salesforce client against the far end, over TLS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests
from simple_salesforce.exceptions import (
    SalesforceAuthenticationFailed,
    SalesforceExpiredSession,
    SalesforceGeneralError,
    SalesforceMalformedRequest,
    SalesforceRefusedRequest,
    SalesforceResourceNotFound,
)

from cxotel.demo.far_ends import Fault
from cxotel.demo.far_ends.salesforce import SalesforceFarEnd, client

if TYPE_CHECKING:
    from collections.abc import Iterator

PHONE = "+15550100"


@pytest.fixture(scope="module")
def running() -> Iterator[SalesforceFarEnd]:
    """One server for all tests of this file."""
    with SalesforceFarEnd() as far_end:
        yield far_end


@pytest.fixture
def far_end(running: SalesforceFarEnd) -> Iterator[SalesforceFarEnd]:
    """The server with nothing wrong and nothing received; no handler of it may crash."""
    running.clear()
    running.rest.page_size = 2000
    yield running
    assert running.crashes == []


@pytest.fixture
def salesforce(far_end: SalesforceFarEnd) -> Iterator[Any]:
    """A real client with a session; untyped, because what it returns is JSON."""
    with client(far_end) as connected:
        yield connected


def first_error(error: Any) -> dict[str, str]:
    """Return what Salesforce said in one of the library's exceptions."""
    said: dict[str, str] = error.value.content[0]
    return said


def error_code(error: Any) -> str:
    """Return Salesforce's own code from one of the library's exceptions."""
    return first_error(error)["errorCode"]


def test_record_is_created_changed_and_deleted(far_end: SalesforceFarEnd, salesforce: Any) -> None:
    """A case goes through its life, and its id names its object."""
    case = salesforce.Case.create({"Subject": "Where is my refund?", "SuppliedPhone": PHONE})
    assert case["success"] is True
    assert case["id"].startswith("500")
    assert len(case["id"]) == 18
    assert salesforce.Case.update(case["id"], {"Status": "Escalated"}) == 204
    shown = salesforce.Case.get(case["id"][:15])
    assert (shown["Status"], shown["attributes"]["type"]) == ("Escalated", "Case")
    assert salesforce.Case.delete(case["id"]) == 204
    with pytest.raises(SalesforceResourceNotFound):
        salesforce.Case.get(case["id"])
    assert far_end.received.operations == ["create", "update", "get", "delete", "get"]
    assert far_end.received.of("create")[0].json["SuppliedPhone"] == PHONE


def test_external_id_upserts_and_finds(salesforce: Any) -> None:
    """A record is created, then changed, by a key of another system."""
    key = "Ext__c/web-42"
    assert salesforce.Contact.upsert(key, {"LastName": "Lind"}) == 201
    assert salesforce.Contact.upsert(key, {"LastName": "Lindt"}) == 200
    found = salesforce.Contact.get_by_custom_id("Ext__c", "web-42")
    assert found["LastName"] == "Lindt"
    with pytest.raises(SalesforceResourceNotFound):
        salesforce.Contact.get_by_custom_id("Ext__c", "nobody")


def test_missing_field_is_named(salesforce: Any) -> None:
    """A record without a required field is refused with Salesforce's own code."""
    with pytest.raises(SalesforceMalformedRequest) as refused:
        salesforce.Contact.create({"FirstName": "Anna"})
    assert error_code(refused) == "REQUIRED_FIELD_MISSING"
    assert "LastName" in first_error(refused)["message"]


def test_query_comes_in_pages(far_end: SalesforceFarEnd, salesforce: Any) -> None:
    """A long result is fetched page by page, and the count alone in one."""
    for number in range(5):
        salesforce.Lead.create({"LastName": f"L{number}", "Company": "Acme"})
    far_end.rest.page_size = 2
    soql = "SELECT Id, LastName FROM Lead WHERE Company = 'Acme' ORDER BY LastName DESC"
    rows = list(salesforce.query_all_iter(soql))
    assert [row["LastName"] for row in rows] == ["L4", "L3", "L2", "L1", "L0"]
    assert far_end.received.operations[-3:] == ["query", "query_more", "query_more"]
    assert salesforce.query("SELECT COUNT() FROM Lead WHERE Company = 'Acme'")["totalSize"] == 5


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ("Phone = '+15550122'", ["O'Neil"]),
        ("LastName LIKE 'Li%' AND Phone != null", ["Lima"]),
        ("LastName IN ('Lima', 'O\\'Neil') AND Vip__c = true", ["O'Neil"]),
        ("Visits__c = 3", ["Lima"]),
    ],
)
def test_conditions_choose_records(salesforce: Any, where: str, names: list[str]) -> None:
    """Conditions of a query hold together."""
    vip = {"LastName": "O'Neil", "Phone": "+15550122", "Vip__c": True}
    visitor = {"LastName": "Lima", "Phone": "+15550111", "Visits__c": 3}
    for fields in (vip, visitor):
        salesforce.Contact.upsert(f"Phone/{fields['Phone']}", fields)
    rows = salesforce.query(f"SELECT LastName FROM Contact WHERE {where}")["records"]  # noqa: S608
    assert [row["LastName"] for row in rows] == names


def test_malformed_query_is_repeated_in_the_error(salesforce: Any) -> None:
    """What Salesforce cannot read it repeats, customer data and all."""
    with pytest.raises(SalesforceMalformedRequest) as refused:
        salesforce.query(f"SELECT Id FORM Contact WHERE Phone = '{PHONE}'")
    assert error_code(refused) == "MALFORMED_QUERY"
    assert PHONE in first_error(refused)["message"]


def test_search_looks_into_all_fields(salesforce: Any) -> None:
    """A search finds records of any object."""
    account = salesforce.Account.create({"Name": "Waldo Brothers"})
    found = salesforce.quick_search("Waldo")["searchRecords"]
    assert [row["Id"] for row in found] == [account["id"]]


def test_composite_refers_to_earlier_answers(salesforce: Any) -> None:
    """Several requests go in one, and the second uses the id that the first gave."""
    base = f"/services/data/v{salesforce.sf_version}/sobjects"

    def asked(name: str, method: str, path: str, **more: Any) -> dict[str, Any]:
        return {"referenceId": name, "method": method, "url": f"{base}/{path}", **more}

    steps = [
        asked("account", "POST", "Account/", body={"Name": "Acme"}),
        asked("again", "GET", "Account/@{account.id}"),
        asked("contact", "POST", "Contact/", body={}),
    ]
    content = {"allOrNone": False, "compositeRequest": steps}
    answer = salesforce.restful("composite", method="POST", json=content)
    statuses = [each["httpStatusCode"] for each in answer["compositeResponse"]]
    assert statuses == [201, 200, 400]
    assert answer["compositeResponse"][1]["body"]["Name"] == "Acme"


def test_usage_is_told_with_each_answer(salesforce: Any) -> None:
    """The library reads the limit from the header field of each answer."""
    salesforce.limits()
    first = salesforce.api_usage["api-usage"]
    salesforce.limits()
    second = salesforce.api_usage["api-usage"]
    assert (second.used - first.used, second.total) == (1, 15000)


def test_request_limit_refuses(far_end: SalesforceFarEnd, salesforce: Any) -> None:
    """Where the org's limit is used up, requests are refused."""
    far_end.faults.add("salesforce", "query", Fault(failure="throttled", times=1))
    with pytest.raises(SalesforceRefusedRequest) as refused:
        salesforce.query("SELECT Id FROM Case")
    assert error_code(refused) == "REQUEST_LIMIT_EXCEEDED"
    assert salesforce.query("SELECT Id FROM Case")["done"] is True


def test_locked_row_hits_one_record(far_end: SalesforceFarEnd, salesforce: Any) -> None:
    """A lock scoped by a customer's number follows to the record's id."""
    theirs = salesforce.Case.create({"SuppliedPhone": "+15550155"})["id"]
    other = salesforce.Case.create({"SuppliedPhone": "+15550166"})["id"]
    fault = Fault(failure="conflict", scope="+15550155")
    far_end.faults.add("salesforce", "update", fault)
    with pytest.raises(SalesforceGeneralError) as locked:
        salesforce.Case.update(theirs, {"Status": "Closed"})
    assert error_code(locked) == "UNABLE_TO_LOCK_ROW"
    assert salesforce.Case.update(other, {"Status": "Closed"}) == 204


def test_expired_session_ends_a_client_that_cannot_log_in(
    far_end: SalesforceFarEnd, salesforce: Any
) -> None:
    """With a session id alone, an expired session is the caller's problem."""
    far_end.expire()
    with pytest.raises(SalesforceExpiredSession) as expired:
        salesforce.query("SELECT Id FROM Case")
    assert error_code(expired) == "INVALID_SESSION_ID"


def test_client_logs_in_again_by_itself(far_end: SalesforceFarEnd) -> None:
    """With name and password the library logs in, and again when its session has ended."""
    with client(far_end, login=True) as salesforce:
        assert salesforce.sf_instance == far_end.authority
        far_end.expire()
        assert salesforce.query("SELECT Id FROM Case")["done"] is True
    assert far_end.logins == 2
    assert far_end.received.operations == ["login", "query", "login", "query"]


def test_client_gives_up_logging_in(far_end: SalesforceFarEnd) -> None:
    """Queries are tried four times in all; then the expired session reaches the caller."""
    with client(far_end, login=True) as salesforce:
        far_end.faults.add("salesforce", "query", Fault(failure="unauthorized"))
        with pytest.raises(SalesforceExpiredSession):
            salesforce.query("SELECT Id FROM Case")
    assert len(far_end.received.of("query")) == 4


def test_object_client_forgets_how_often_it_tried(far_end: SalesforceFarEnd) -> None:
    """The library's object client logs in again without counting: six refusals, seven requests."""
    with client(far_end, login=True) as connected:
        salesforce: Any = connected
        fault = Fault(failure="unauthorized", times=6)
        far_end.faults.add("salesforce", "create", fault)
        assert salesforce.Case.create({"Subject": "x"})["success"] is True
    assert len(far_end.received.of("create")) == 7


def test_wrong_password_is_a_fault_in_xml(far_end: SalesforceFarEnd) -> None:
    """A refused login comes out as the library's own exception, with Salesforce's code."""
    fault = Fault(status=500, code="INVALID_LOGIN", message="Invalid username, password")
    far_end.faults.add("salesforce", "login", fault)
    with pytest.raises(SalesforceAuthenticationFailed) as refused, client(far_end, login=True):
        pass
    assert refused.value.code == "INVALID_LOGIN"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(reset=True), requests.ConnectionError),
        (Fault(hang=True), requests.ReadTimeout),
        (Fault(truncate=5), requests.exceptions.ChunkedEncodingError),
    ],
)
def test_broken_connection_reaches_the_client(
    far_end: SalesforceFarEnd, fault: Fault, error: type[Exception]
) -> None:
    """What the network does to an answer comes out as the exception of requests."""
    far_end.faults.add("salesforce", "limits", fault)
    patience = 0.3 if fault.hang else 10
    with client(far_end, timeout=patience) as salesforce, pytest.raises(error):
        salesforce.limits()


def test_bulk_2_loads_and_tells_what_failed(salesforce: Any) -> None:
    """A job loads good rows, and shows the bad ones with their error."""
    rows = [{"LastName": "Bulk1"}, {"LastName": "Bulk2"}, {"LastName": ""}]
    [result] = salesforce.bulk2.Contact.insert(records=rows, wait=0)
    assert result["numberRecordsProcessed"] == 3
    assert result["numberRecordsFailed"] == 1
    shown = salesforce.bulk2.Contact.get_all_ingest_records(result["job_id"])
    assert len(shown["successfulRecords"]) == 2
    assert shown["failedRecords"][0]["sf__Error"].startswith("REQUIRED_FIELD_MISSING")
    changes = [{"LastName": "Bulk1", "Phone": PHONE}]
    salesforce.bulk2.Contact.upsert(records=changes, external_id_field="LastName", wait=0)
    assert salesforce.Contact.get_by_custom_id("LastName", "Bulk1")["Phone"] == PHONE


def test_bulk_2_query_comes_in_pages(salesforce: Any) -> None:
    """A query job gives its rows as CSV, page by page."""
    for number in range(3):
        salesforce.Task.create({"Subject": f"call {number}"})
    soql = "SELECT Subject FROM Task WHERE Subject LIKE 'call%'"
    pages = list(salesforce.bulk2.Task.query(soql, max_records=2, wait=0))
    assert pages == ["Subject\ncall 0\ncall 1\n", "Subject\ncall 2\n"]


def test_first_bulk_interface_loads_and_queries(far_end: SalesforceFarEnd, salesforce: Any) -> None:
    """Batches of the older interface are loaded from several threads, and queried."""
    rows = [{"Name": f"Opp {number}", "StageName": "New"} for number in range(4)]
    rows = [{**row, "CloseDate": "2026-05-04"} for row in rows]
    results = salesforce.bulk.Opportunity.insert([*rows, {"Name": "?"}], batch_size=2)
    assert [each["success"] for each in results] == [True] * 4 + [False]
    assert results[4]["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    found = salesforce.bulk.Opportunity.query(
        "SELECT Name FROM Opportunity WHERE Name LIKE 'Opp%'", lazy_operation=False, wait=0
    )
    assert [row["Name"] for row in found] == [f"Opp {number}" for number in range(4)]
    assert len(far_end.received.of("add_bulk_batch")) == 4


def test_scripted_reply_is_given_exactly(far_end: SalesforceFarEnd, salesforce: Any) -> None:
    """A pushed reply answers the next request as it is, without the far end's header fields."""
    usage = {"Sforce-Limit-Info": "api-usage=18/15000; per-app-api-usage=17/250(appName=crm)"}
    far_end.replies.push("create", 201, usage, {"id": "500x", "success": True, "errors": []})
    case = salesforce.Case
    assert case.create({"Subject": "x"})["id"] == "500x"
    assert case.api_usage["per-app-api-usage"].name == "crm"
