"""Five9's SOAP services through zeep, seen at the method that sends an operation.

Other users of zeep in the process are left alone: only calls to Five9's own services are Five9's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cxotel import semconv
from cxotel.engine import (
    REACHES,
    Operation,
    Problem,
    Target,
    Vendor,
    body,
    count,
    unwaited,
    walk,
)

if TYPE_CHECKING:
    from cxotel.engine import Call

_NAMESPACE = re.compile(r"https?://service\.[a-z]+\.ws\.five9\.com/")
"""https://documentation.five9.com/, Configuration Web Services: the WSDL's target namespace."""


def _is_five9(call: Call) -> bool:
    """Tell whether the service's WSDL is Five9's."""
    namespace: str | None = call.instance.name.namespace
    return bool(namespace and _NAMESPACE.match(namespace))


def _failure(call: Call) -> Problem | None:
    """Find an import that was refused: Five9 tells that in the result, as a success."""
    told = (walk(call.document, (field,)) for field in ("failureMessage", "uploadErrorsCount"))
    return Problem("import_failed") if any(told) else None


def _code(error: Any) -> str | None:
    """Read a fault's name, such as `CampaignNotFoundException`; a lost connection has none."""
    detail = getattr(error, "detail", None)  # an element: it has no truth, only children
    tag = None if detail is None else getattr(next(iter(detail), None), "tag", None)
    return getattr(error, "code", None) if tag is None else str(tag).rpartition("}")[2]


LISTED = {semconv.CX_CALL_ITEMS: count(body())}

VENDOR = Vendor(
    name="five9",
    layer="contact_center",
    requires=("zeep >= 4.2.1",),
    targets=tuple(
        Target(
            "zeep.wsdl.bindings.soap",
            f"SoapBinding.{name}",
            when=_is_five9,
            anchor=lambda call: call.argument("client"),
        )
        for name in ("send", "send_async")
    ),
    clients=("zeep.",),
    identify=lambda call: call.argument("operation"),
    document=lambda response: response,
    failure=_failure,
    error_code=_code,
    operations={
        "addRecordToList": Operation("add_to_list", shows=REACHES),
        "addRecordToListSimple": Operation("add_to_list", shows=REACHES),
        "asyncAddRecordsToList": unwaited("load_list"),
        "addToListCsv": unwaited("load_list"),
        "deleteRecordFromList": Operation("remove_from_list"),
        "getListImportResult": unwaited("fetch_import_result"),
        "isImportRunning": unwaited("check_import"),
        "getContactRecords": Operation(
            "find_contacts", response={semconv.CX_CALL_ITEMS: count(body("records"))}
        ),
        "updateContacts": Operation("update_contacts"),
        "checkDncForNumbers": Operation("check_dnc", response=LISTED),
        "addNumbersToDnc": Operation("add_to_dnc"),
        "removeNumbersFromDnc": Operation("remove_from_dnc"),
        "getCampaigns": unwaited("list_campaigns", response=LISTED),
        "getCampaignState": Operation("fetch_campaign_state"),
        "startCampaign": unwaited("start_campaign"),
        "stopCampaign": unwaited("stop_campaign"),
        "getSkills": unwaited("list_skills", response=LISTED),
        "getDispositions": unwaited("list_dispositions", response=LISTED),
        "getUsersGeneralInfo": unwaited("list_users", response=LISTED),
        "runReport": unwaited("run_report"),
        "isReportRunning": unwaited("check_report"),
        "getReportResultCsv": unwaited("fetch_report"),
        "getCallCountersState": unwaited("fetch_limits"),
        "setSessionParameters": unwaited("open_session"),
        "getStatistics": unwaited("fetch_statistics"),
    },
)
