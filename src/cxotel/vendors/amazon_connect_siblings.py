"""Amazon Connect's sibling services: participants of chats, cases, customer profiles, Contact Lens.

Each is a service of its own to AWS; to who runs a contact center they are parts of one system.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cxotel import semconv
from cxotel.engine import REACHES, Operation, body, const, count, unwaited
from cxotel.vendors.families.botocore import asked

if TYPE_CHECKING:
    from collections.abc import Mapping


def _of_business(record_type: str, operations: Mapping[str, Operation]) -> Mapping[str, Operation]:
    """Return operations on records of a type: another layer than the contacts'."""
    kind = {semconv.CX_RECORD_TYPE: const(record_type)}
    return {
        key: replace(operation, layer="business_system", request=kind)
        for key, operation in operations.items()
    }


PARTICIPANT: Mapping[str, Operation] = {
    "CreateParticipantConnection": Operation("connect_participant", shows=REACHES),
    "SendMessage": Operation("send_message"),
    "SendEvent": Operation("send_event"),
    "GetTranscript": Operation(
        "fetch_transcript",
        response={
            semconv.CX_CONTACT_ID: body("InitialContactId"),
            semconv.CX_CALL_ITEMS: count(body("Transcript")),
        },
    ),
    "StartAttachmentUpload": Operation("upload_attachment"),
    "CompleteAttachmentUpload": Operation("complete_attachment"),
    "GetAttachment": Operation("fetch_attachment"),
    "DisconnectParticipant": Operation("disconnect_participant"),
}
"""The connection's token is all that these say of their contact, and it is a secret."""

CASES = _of_business(
    "case",
    {
        "CreateCase": Operation("create_case", response={semconv.CX_RECORD_ID: body("caseId")}),
        "GetCase": Operation("fetch_case"),
        "UpdateCase": Operation("update_case"),
        "SearchCases": Operation(
            "search_cases", response={semconv.CX_CALL_ITEMS: count(body("cases"))}
        ),
        "ListCasesForContact": Operation(
            "list_cases", response={semconv.CX_CALL_ITEMS: count(body("cases"))}
        ),
        "CreateRelatedItem": Operation("add_case_item"),
        "SearchRelatedItems": Operation(
            "search_case_items", response={semconv.CX_CALL_ITEMS: count(body("relatedItems"))}
        ),
        "GetCaseAuditEvents": unwaited("fetch_case_history"),
    },
)

PROFILES = _of_business(
    "profile",
    {
        "SearchProfiles": Operation(
            "search_profiles", response={semconv.CX_CALL_ITEMS: count(body("Items"))}
        ),
        "BatchGetProfile": Operation(
            "fetch_profiles", response={semconv.CX_CALL_ITEMS: count(body("Profiles"))}
        ),
        "CreateProfile": Operation(
            "create_profile", response={semconv.CX_RECORD_ID: body("ProfileId")}
        ),
        "UpdateProfile": Operation("update_profile"),
        "AddProfileKey": Operation("add_profile_key"),
        "PutProfileObject": Operation("put_profile_object"),
        "ListProfileObjects": Operation(
            "list_profile_objects", response={semconv.CX_CALL_ITEMS: count(body("Items"))}
        ),
        "ListCalculatedAttributesForProfile": Operation("list_profile_attributes"),
        "GetCalculatedAttributeForProfile": Operation("fetch_profile_attribute"),
        "MergeProfiles": unwaited("merge_profiles"),
    },
)

RECORD = asked("caseId", "ProfileId", "MainProfileId")
"""Reads which record a request is about."""

ANALYSIS: Mapping[str, Operation] = {
    name: unwaited(
        "fetch_contact_analysis", response={semconv.CX_CALL_ITEMS: count(body("Segments"))}
    )
    for name in ("ListRealtimeContactAnalysisSegments", "ListRealtimeContactAnalysisSegmentsV2")
}
"""Contact Lens: what was said and how it was meant, of which only the number of pieces is read."""
