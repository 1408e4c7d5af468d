"""Salesforce: what is simple-salesforce's own: logging in again, queries, pages, threads, parts."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from simple_salesforce import bulk2
from simple_salesforce.exceptions import (
    SalesforceExpiredSession,
    SalesforceMalformedRequest,
    SalesforceRefusedRequest,
)

import cxotel
from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.demo.far_ends.salesforce import SalesforceFarEnd, client
from tests.vendors.scored import calls, lost, scored, watching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.testing import Telemetry

STATUS = semconv.HTTP_RESPONSE_STATUS_CODE
RESENT = semconv.HTTP_REQUEST_RESEND_COUNT
_DEPLOYED = (
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">'
    '<soapenv:Body xmlns="http://soap.sforce.com/2006/04/metadata"><deployResponse><result>'
    "<id>0Af000000000001</id><state>Queued</state></result></deployResponse></soapenv:Body>"
    "</soapenv:Envelope>"
)


@pytest.fixture(scope="module")
def running() -> Iterator[SalesforceFarEnd]:
    """One server for all tests of this file."""
    with SalesforceFarEnd() as far_end:
        yield far_end


@pytest.fixture
def far_end(running: SalesforceFarEnd) -> Iterator[SalesforceFarEnd]:
    """The server with nothing wrong; no handler of it may crash."""
    running.clear()
    running.rest.page_size = 2000
    yield running
    assert running.crashes == []


@pytest.fixture
def salesforce(far_end: SalesforceFarEnd) -> Iterator[Any]:
    """A real client with a session; untyped, because what it returns is JSON."""
    with client(far_end) as connected:
        yield connected


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    """What Salesforce's calls tell."""
    with watching("salesforce") as seen:
        yield seen


def only(telemetry: Telemetry) -> dict[str, Any]:
    """Return the attributes of the one span of a call."""
    (span,) = calls(telemetry)
    attributes: dict[str, Any] = span["attributes"]
    return attributes


def test_logging_in_again_and_again_is_one_call(
    far_end: SalesforceFarEnd, telemetry: Telemetry
) -> None:
    """The library's object client never stops trying: one span, six repeats, logins not counted."""
    with client(far_end, login=True) as connected:
        salesforce: Any = connected
        far_end.faults.add("salesforce", "create", Fault(failure="unauthorized", times=6))
        salesforce.Case.create({"Subject": "refund"})
    told = only(telemetry)
    assert (told[STATUS], told[RESENT]) == (201, 6)
    assert told[semconv.CX_CALL_RECOVERED] is True
    assert far_end.logins == 7


def test_giving_up_tells_the_refusal_and_not_the_login(
    far_end: SalesforceFarEnd, telemetry: Telemetry
) -> None:
    """The library logs in once more before it gives up; the span tells the query's own status."""
    with client(far_end, login=True) as salesforce:
        far_end.faults.add("salesforce", "query", Fault(failure="unauthorized"))
        with pytest.raises(SalesforceExpiredSession):
            salesforce.query("SELECT Id FROM Case")
    told = only(telemetry)
    assert (told[STATUS], told[RESENT]) == (401, 3)
    assert told[semconv.CX_VENDOR_ERROR_CODE] == "INVALID_SESSION_ID"
    assert told[semconv.CX_RATE_LIMIT_LIMIT] == 15_000


@pytest.mark.parametrize(
    ("soql", "kind"),
    [
        ("SELECT Id, (SELECT Id FROM Contacts WHERE Name = 'x') FROM Account", "Account"),
        ("SELECT Id FROM Case WHERE AccountId IN (SELECT Id FROM Account)", "Case"),
        ("select id from\n Case where Subject = 'mail FROM Anna)'", "Case"),
        ("SELECT Id FORM Case WHERE Subject = 'mail FROM Anna'", None),
        ("SELECT Id FORM Case WHERE Subject = 'it\\'s FROM Anna'", None),
    ],
)
def test_query_tells_its_outermost_object_and_no_more(
    far_end: SalesforceFarEnd, salesforce: Any, telemetry: Telemetry, soql: str, kind: str | None
) -> None:
    """Of a query nothing leaves but the object that it asks for, however it is written."""
    far_end.replies.push("query", 200, {}, {"totalSize": 0, "done": True, "records": []})
    salesforce.query(soql)
    assert only(telemetry).get(semconv.CX_RECORD_TYPE) == kind
    exported = telemetry.exported()
    assert not any(word in exported for word in (b"SELECT", b"select", b"WHERE", b"Anna"))


def test_words_of_a_search_are_no_object(salesforce: Any, telemetry: Telemetry) -> None:
    """A search for a sentence that reads like a query tells nothing of it."""
    salesforce.search("FIND {a mail FROM Anna}")
    assert semconv.CX_RECORD_TYPE not in only(telemetry)
    assert b"Anna" not in telemetry.exported()


def test_pages_belong_to_the_step_that_reads_them(
    far_end: SalesforceFarEnd, salesforce: Any, telemetry: Telemetry
) -> None:
    """Each page is a call of its own, in the step where the program asks for it."""
    for _ in range(5):
        far_end.records.add("Lead", {"LastName": "Lind", "Company": "Acme"})
    far_end.rest.page_size = 2
    with cxotel.journey("refund", channel="voice"):
        rows = salesforce.query_all_iter("SELECT Id FROM Lead")
        with cxotel.step("find"):
            next(rows)
        with cxotel.step("compare"):
            assert len(list(rows)) == 4
    by_id = {span["span_id"]: span["name"] for span in telemetry.spans}
    pages = calls(telemetry)
    assert [by_id[span["parent_id"]] for span in pages] == ["find", "compare", "compare"]
    assert [span["attributes"][semconv.CX_STEP_NAME] for span in pages] == [
        "find",
        "compare",
        "compare",
    ]


@pytest.mark.parametrize("interface", ["bulk", "bulk2"])
def test_bulk_threads_stay_in_the_journey(
    salesforce: Any, telemetry: Telemetry, interface: str
) -> None:
    """What the library does in threads of its own belongs to the journey that asked for it."""
    rows = [{"LastName": f"L{number}"} for number in range(4)]
    more: dict[str, Any] = {"records": rows, "concurrency": 2, "wait": 0}
    if interface == "bulk":
        more = {"data": rows}
    with cxotel.journey("import", journey_id="j-1"):
        getattr(salesforce, interface).Contact.insert(batch_size=2, **more)
    journey, *spans = telemetry.spans
    assert len(spans) >= 8
    assert {span["attributes"][semconv.CX_JOURNEY_ID] for span in spans} == {"j-1"}
    assert {span["parent_id"] for span in spans} == {journey["span_id"]}
    assert {span["attributes"][semconv.CX_CALL_CUSTOMER_WAITING] for span in spans} == {False}


def test_a_download_stays_a_stream(salesforce: Any, telemetry: Telemetry) -> None:
    """Bulk results are read piece by piece, by the library alone: none of them is read for us."""
    function: Any = vars(bulk2)["call_salesforce"]
    reply = function(
        url=f"{salesforce.base_url}limits",
        method="GET",
        session=salesforce.session,
        headers=dict(salesforce.headers),
        stream=True,
    )
    assert len(telemetry.spans) == 1
    assert reply.raw.tell() == 0
    assert reply.json()["DailyApiRequests"]


def test_limit_of_the_organisation_is_told_and_not_that_of_one_app(
    far_end: SalesforceFarEnd, salesforce: Any, telemetry: Telemetry
) -> None:
    """Where Salesforce tells both limits, the organisation's is meant."""
    usage = "per-app-api-usage=17/250(appName=crm); api-usage=18/15000"
    far_end.replies.push("limits", 200, {"sforce-limit-info": usage}, {})
    salesforce.limits()
    told = only(telemetry)
    assert told[semconv.CX_RATE_LIMIT_LIMIT] == 15_000
    assert told[semconv.CX_RATE_LIMIT_REMAINING] == 14_982


def test_all_or_nothing_tells_which_part_failed(
    far_end: SalesforceFarEnd, salesforce: Any, telemetry: Telemetry
) -> None:
    """Parts that Salesforce only halted are not the error; the one that failed is."""
    halted = {"httpStatusCode": 400, "body": [{"errorCode": "PROCESSING_HALTED"}]}
    failed = {"httpStatusCode": 404, "body": [{"errorCode": "NOT_FOUND"}]}
    content = {"compositeResponse": [halted, failed]}
    far_end.replies.push("composite", 200, {}, content)
    assert salesforce.restful("composite", method="POST", json={}) == content
    told = only(telemetry)
    assert told[semconv.ERROR_TYPE] == "404"
    assert told[semconv.CX_VENDOR_ERROR_CODE] == "NOT_FOUND"


def test_metadata_is_observed_too(
    far_end: SalesforceFarEnd, salesforce: Any, telemetry: Telemetry
) -> None:
    """A deployment goes through a function of its own; it is a call without a name of ours."""
    far_end.replies.push("unknown", 200, {"Content-Type": "text/xml"}, _DEPLOYED)
    salesforce.deploy(io.BytesIO(b"zip"), sandbox=True)
    told = only(telemetry)
    assert told[semconv.CX_OPERATION_NAME] == "request"
    assert semconv.CX_RECORD_TYPE not in told


def test_refusal_that_reaches_the_service_costs_reliability(
    far_end: SalesforceFarEnd, salesforce: Any
) -> None:
    """A used-up limit is Salesforce's failure where the journey meets it."""
    far_end.faults.add("salesforce", "query", Fault(failure="throttled"))
    with pytest.raises(SalesforceRefusedRequest), scored("salesforce") as told:
        salesforce.query("SELECT Id FROM Case")
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "salesforce"
    assert "reliability" in lost(told)


def test_failure_that_the_service_copes_with_costs_nothing(
    far_end: SalesforceFarEnd, salesforce: Any
) -> None:
    """An error that the service handles is on the call's span, and not in the score."""
    far_end.faults.add("salesforce", "query", Fault(failure="invalid"))
    with scored("salesforce") as told, pytest.raises(SalesforceMalformedRequest):
        salesforce.query("SELECT Id FROM Case")
    assert lost(told) == set()


def test_slow_record_costs_responsiveness(far_end: SalesforceFarEnd, salesforce: Any) -> None:
    """A customer who waits five seconds for a record has waited for Salesforce."""
    record = far_end.records.add("Case", {"Subject": "refund"})
    far_end.faults.add("salesforce", "get", Fault(latency=4.5))
    with scored("salesforce") as told, cxotel.step("find case"):
        salesforce.Case.get(record)
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "salesforce"
    assert told[semconv.CX_EXPERIENCE_BLAME_STEP] == "find case"
    assert lost(told) == {"responsiveness"}
