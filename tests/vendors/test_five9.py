"""Five9: the real zeep, plain and asynchronous, against two WSDLs of ours, held to the contract.

The far end speaks SOAP over a loopback port; its WSDLs follow Five9's reference guides. It proves
what zeep sends and makes of replies; it does not prove that Five9 itself answers so.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import requests
from zeep.exceptions import Fault as SoapFault

from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.testing import ABSENT, Case, Example, VendorContract
from tests.vendors.far_ends.five9 import SUPERVISOR, Five9FarEnd, async_client, client

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.testing import At

pytestmark = pytest.mark.timeout(300)
"""Importing zeep takes a while, and the order of imports is tried in many ways."""
STATUS, ITEMS = semconv.HTTP_RESPONSE_STATUS_CODE, semconv.CX_CALL_ITEMS
CODE = semconv.CX_VENDOR_ERROR_CODE
STATISTICS = {
    "sync": partial(client, service=SUPERVISOR),
    "async": partial(async_client, service=SUPERVISOR),
}
CONTACT = ["5550100", "Ada", "Lind"]


def ask(operation: str, *arguments: Any) -> Callable[[At], Any]:
    """Return a call of an operation; an asynchronous client's is awaited."""
    return lambda at: getattr(at.client.service, operation)(*arguments)


def failing(operation: str, fault: Fault) -> Callable[[At], object]:
    """Return a preparation: something goes wrong at the far end."""
    return lambda at: at.far_end.faults.add("five9", operation, fault)


def plainly(operation: str, name: str, *arguments: Any, **attributes: Any) -> Example:
    """Return an example that tells nothing but itself, and how many there were."""
    return Example(operation=operation, call=ask(name, *arguments), attributes=attributes)


def refusing(at: At) -> None:
    """Let imports be refused."""
    at.far_end.refuses = "wrong number"


def repeating(at: At) -> None:
    """Let the far end know a contact, and repeat in its fault what the customer said."""
    said = at.canary
    at.far_end.contacts.append([said.phone, said.name, said.email, said.text])
    words = f"{said.phone} {said.email} {said.name} {said.text}"
    failing("updateContacts", Fault(failure="invalid", message=words))(at)


def said(at: At) -> list[str]:
    """Return everything that a customer said."""
    return [at.canary.phone, at.canary.name, at.canary.email, at.canary.text]


CASE = Case(
    vendor="five9",
    far_end=Five9FarEnd,
    clients={"sync": client, "async": async_client},
    reset=Five9FarEnd.clear,
    common={STATUS: 200, semconv.SERVER_ADDRESS: "127.0.0.1"},
    examples=(
        plainly("add_to_list", "addRecordToList", "callbacks", CONTACT),
        plainly("add_to_list", "addRecordToListSimple", "callbacks", CONTACT),
        plainly("load_list", "asyncAddRecordsToList", "callbacks", CONTACT),
        plainly("load_list", "addToListCsv", "callbacks", "5550100,Ada"),
        plainly("remove_from_list", "deleteRecordFromList", "callbacks", CONTACT),
        plainly("fetch_import_result", "getListImportResult", "47CC8E"),
        plainly("check_import", "isImportRunning", "47CC8E"),
        Example(
            operation="find_contacts",
            prepare=lambda at: at.far_end.contacts.append(CONTACT),
            call=ask("getContactRecords", "number1 = 5550100"),
            attributes={ITEMS: 1},
        ),
        plainly("update_contacts", "updateContacts", CONTACT),
        plainly("check_dnc", "checkDncForNumbers", ["5550100"], **{ITEMS: 1}),
        plainly("add_to_dnc", "addNumbersToDnc", ["5550100"]),
        plainly("remove_from_dnc", "removeNumbersFromDnc", ["5550100"]),
        plainly("list_campaigns", "getCampaigns", ".*", **{ITEMS: 2}),
        plainly("fetch_campaign_state", "getCampaignState", "callbacks"),
        plainly("start_campaign", "startCampaign", "callbacks"),
        plainly("stop_campaign", "stopCampaign", "callbacks"),
        plainly("list_skills", "getSkills", ".*", **{ITEMS: 2}),
        plainly("list_dispositions", "getDispositions", ".*", **{ITEMS: 2}),
        plainly("list_users", "getUsersGeneralInfo", ".*", **{ITEMS: 2}),
        plainly("run_report", "runReport", "Call Log Reports", "Call Log"),
        plainly("check_report", "isReportRunning", "47CC8E"),
        plainly("fetch_report", "getReportResultCsv", "47CC8E"),
        plainly("fetch_limits", "getCallCountersState"),
        plainly("request", "getIVRScripts", ".*"),
        Example(
            operation="open_session",
            call=ask("setSessionParameters", "Minutes30"),
            clients=STATISTICS,
        ),
        Example(
            operation="fetch_statistics", call=ask("getStatistics", "ACDStatus"), clients=STATISTICS
        ),
        Example(
            operation="add_to_list",
            prepare=refusing,
            call=ask("addRecordToListSimple", "callbacks", CONTACT),
            error="import_failed",
        ),
        Example(
            operation="fetch_campaign_state",
            prepare=failing("getCampaignState", Fault(failure="not_found")),
            call=ask("getCampaignState", "callbacks"),
            raises=SoapFault,
            error="Fault",
            attributes={STATUS: 500, CODE: "CampaignNotFoundException"},
        ),
        Example(
            operation="fetch_campaign_state",
            prepare=failing("getCampaignState", Fault(failure="unavailable")),
            call=ask("getCampaignState", "callbacks"),
            raises=SoapFault,
            error="Fault",
            attributes={STATUS: 503},
        ),
    ),
    slow=Example(
        operation="add_to_list",
        prepare=failing("addRecordToListSimple", Fault(hang=True)),
        call=ask("addRecordToListSimple", "callbacks", CONTACT),
        clients={"sync": partial(client, timeout=0.3)},
        raises=requests.Timeout,
        error="ReadTimeout",
        attributes={STATUS: ABSENT},
    ),
    canaries=(
        Example(
            operation="find_contacts",
            prepare=repeating,
            call=lambda at: at.client.service.getContactRecords(" ".join(said(at))),
        ),
        Example(
            operation="update_contacts",
            prepare=repeating,
            call=lambda at: at.client.service.updateContacts(said(at)),
            raises=SoapFault,
        ),
    ),
)


class TestFive9(VendorContract):
    """The contract that every vendor keeps."""

    case = CASE
