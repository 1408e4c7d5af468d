"""Examples of calls to the services beside Amazon Connect: chats, cases, profiles, analysis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxotel import semconv
from cxotel.demo.far_ends.connect import INSTANCE
from cxotel.testing import Example
from tests.vendors.aws_clients import operating

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.testing import At
    from cxotel.testing.case import Expected

TOKEN = "token"
CONTACT = "c1c1c1c1-0000-4000-8000-000000000000"
CASE_ID = "ca5eca5e-0000-4000-8000-000000000000"
PROFILE = "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
TYPE, RECORD, ITEMS = semconv.CX_RECORD_TYPE, semconv.CX_RECORD_ID, semconv.CX_CALL_ITEMS
FIELDS = [{"id": "title", "value": {"stringValue": "a refund"}}]


def of_participant(operation: str, method: str, **values: Any) -> Example:
    """Return an example of a participant's call."""
    attributes = values.pop("attributes", {})
    given = operating("connectparticipant", method, **{"ConnectionToken": TOKEN, **values})
    return Example(operation=operation, attributes=attributes, **given)


def of_case(
    operation: str, method: str, attributes: dict[str, Expected] | None = None, **values: Any
) -> Example:
    """Return an example of a call about cases."""
    about = {RECORD: values["caseId"]} if "caseId" in values else {}
    given = operating("connectcases", method, domainId="support", **values)
    told: dict[str, Expected] = {TYPE: "case", **about, **(attributes or {})}
    return Example(operation=operation, attributes=told, **given)


def of_profile(
    operation: str, method: str, attributes: dict[str, Expected] | None = None, **values: Any
) -> Example:
    """Return an example of a call about customer profiles."""
    record = values.get("ProfileId") or values.get("MainProfileId")
    given = operating("customer-profiles", method, DomainName="support", **values)
    told: dict[str, Expected] = {
        TYPE: "profile",
        **({RECORD: record} if record else {}),
        **(attributes or {}),
    }
    return Example(operation=operation, attributes=told, **given)


def replied(name: str) -> Callable[[At], Any]:
    """Return what finds a value in the reply."""
    return lambda at: at.result[name]


def listed(name: str) -> Callable[[At], int]:
    """Return what counts the items of a reply's list."""

    def count(at: At) -> int:
        return len(at.result[name])

    return count


PARTICIPANT = (
    Example(
        operation="connect_participant",
        **operating(
            "connectparticipant",
            "create_participant_connection",
            Type=["CONNECTION_CREDENTIALS"],
            ParticipantToken=TOKEN,
        ),
    ),
    of_participant(
        "send_message", "send_message", ContentType="text/plain", Content="where is my order?"
    ),
    of_participant(
        "send_event", "send_event", ContentType="application/vnd.amazonaws.connect.event.typing"
    ),
    of_participant(
        "fetch_transcript",
        "get_transcript",
        ContactId=CONTACT,
        attributes={
            semconv.CX_CONTACT_ID: replied("InitialContactId"),
            ITEMS: listed("Transcript"),
        },
    ),
    of_participant(
        "upload_attachment",
        "start_attachment_upload",
        ContentType="text/csv",
        AttachmentSizeInBytes=7,
        AttachmentName="bill.csv",
        ClientToken="once",
    ),
    of_participant(
        "complete_attachment",
        "complete_attachment_upload",
        AttachmentIds=["a1"],
        ClientToken="once",
    ),
    of_participant("fetch_attachment", "get_attachment", AttachmentId="a1"),
    of_participant("disconnect_participant", "disconnect_participant"),
)

CASES = (
    of_case(
        "create_case",
        "create_case",
        {RECORD: replied("caseId")},
        templateId="refund",
        fields=FIELDS,
    ),
    of_case("fetch_case", "get_case", caseId=CASE_ID, fields=[{"id": "title"}]),
    of_case("update_case", "update_case", caseId=CASE_ID, fields=FIELDS),
    of_case("search_cases", "search_cases", {ITEMS: listed("cases")}, searchTerm="a refund"),
    of_case(
        "list_cases",
        "list_cases_for_contact",
        {ITEMS: listed("cases")},
        contactArn=f"arn:aws:connect:eu-central-1:111122223333:instance/{INSTANCE}/contact/{CONTACT}",
    ),
    of_case(
        "add_case_item",
        "create_related_item",
        caseId=CASE_ID,
        type="Comment",
        content={"comment": {"body": "called back", "contentType": "Text/Plain"}},
    ),
    of_case(
        "search_case_items",
        "search_related_items",
        {ITEMS: listed("relatedItems")},
        caseId=CASE_ID,
    ),
    of_case("fetch_case_history", "get_case_audit_events", caseId=CASE_ID),
)

PROFILES = (
    of_profile(
        "search_profiles",
        "search_profiles",
        {ITEMS: listed("Items")},
        KeyName="_phone",
        Values=["+15550100"],
    ),
    of_profile(
        "fetch_profiles",
        "batch_get_profile",
        {ITEMS: listed("Profiles")},
        ProfileIds=[PROFILE],
    ),
    of_profile(
        "create_profile",
        "create_profile",
        {RECORD: replied("ProfileId")},
        FirstName="Ada",
    ),
    of_profile("update_profile", "update_profile", ProfileId=PROFILE, FirstName="Ada"),
    of_profile(
        "add_profile_key",
        "add_profile_key",
        ProfileId=PROFILE,
        KeyName="_account",
        Values=["a-1"],
    ),
    of_profile("put_profile_object", "put_profile_object", ObjectTypeName="CTR", Object="{}"),
    of_profile(
        "list_profile_objects",
        "list_profile_objects",
        {ITEMS: listed("Items")},
        ProfileId=PROFILE,
        ObjectTypeName="CTR",
    ),
    of_profile(
        "list_profile_attributes", "list_calculated_attributes_for_profile", ProfileId=PROFILE
    ),
    of_profile(
        "fetch_profile_attribute",
        "get_calculated_attribute_for_profile",
        ProfileId=PROFILE,
        CalculatedAttributeName="_calls",
    ),
    of_profile(
        "merge_profiles",
        "merge_profiles",
        MainProfileId=PROFILE,
        ProfileIdsToBeMerged=["1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f"],
    ),
)

ANALYSIS = tuple(
    Example(
        operation="fetch_contact_analysis",
        attributes={semconv.CX_CONTACT_ID: CONTACT, ITEMS: listed("Segments")},
        **operating(service, method, InstanceId=INSTANCE, ContactId=CONTACT, **more),
    )
    for service, method, more in (
        ("connect-contact-lens", "list_realtime_contact_analysis_segments", {}),
        (
            "connect",
            "list_realtime_contact_analysis_segments_v2",
            {"OutputType": "Raw", "SegmentTypes": ["Transcript"]},
        ),
    )
)

SIBLINGS = (*PARTICIPANT, *CASES, *PROFILES, *ANALYSIS)
