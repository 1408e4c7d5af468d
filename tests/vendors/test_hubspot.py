"""HubSpot: the real hubspot-api-client, held to the contract.

The far end is a loopback server that follows HubSpot's developer guides. It proves what the client
sends and makes of replies; it does not prove that HubSpot itself answers so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hubspot.crm.contacts.exceptions import ApiException as ContactsException
from hubspot.crm.tickets.exceptions import ApiException
from urllib3.exceptions import ReadTimeoutError

from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.testing import Case, Example, VendorContract
from tests.vendors.far_ends.hubspot import HubSpotFarEnd, client

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.testing import At

pytestmark = [
    pytest.mark.timeout(180),  # importing sixty packages takes seconds
    # The library's own, where Python compiles it for the first time.
    pytest.mark.filterwarnings("ignore:invalid escape sequence"),
    pytest.mark.filterwarnings("ignore:HTTPResponse.getheader:DeprecationWarning"),
]

STATUS = semconv.HTTP_RESPONSE_STATUS_CODE
TYPE, RECORD = semconv.CX_RECORD_TYPE, semconv.CX_RECORD_ID
ITEMS, CODE = semconv.CX_CALL_ITEMS, semconv.CX_VENDOR_ERROR_CODE
SUBJECT = {"properties": {"subject": "Where is my refund?"}}


def failing(operation: str, fault: Fault) -> Callable[[At], object]:
    """Return a preparation: something goes wrong at the far end."""
    return lambda at: at.far_end.faults.add("hubspot", operation, fault)


def reset(far_end: HubSpotFarEnd) -> None:
    """Let nothing go wrong, and forget the objects."""
    far_end.clear()
    far_end.objects.clear()


def a_ticket(at: At) -> str:
    """Let the portal have a ticket."""
    return str(at.far_end.add("tickets", subject="refund"))


def prepared(at: At) -> str:
    """Return the id of what was prepared."""
    return str(at.prepared)


def found(at: At) -> str:
    """Return the id of what came back."""
    return str(at.result.id)


def own(method: str, path: str, body: object = None, **options: Any) -> Callable[[At], Any]:
    """Return a request of one's own."""

    def call(at: At) -> Any:
        said = {} if body is None else {"body": body}
        where = path.format(at.prepared)
        return at.client.api_request({"method": method, "path": where, **said, **options})

    return call


def about(kind: str, record: Callable[[At], str] | None = None, **more: Any) -> dict[str, Any]:
    """Return what a span says of the object that it is about."""
    known = {TYPE: kind, STATUS: more.pop("status", 200)}
    return known if record is None else {**known, RECORD: record}


def tickets(at: At) -> Any:
    """Return the interface for tickets: made anew each time."""
    return at.client.crm.tickets.basic_api


INPUTS: dict[str, Any] = {"inputs": [{"id": "1", "properties": {"subject": "a"}}]}
BATCH = (
    ("get_records", "read", 200),
    ("create_records", "create", 201),
    ("update_records", "update", 200),
    ("upsert_records", "upsert", 200),
)
SPEC = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 16}]
THREAD = "/conversations/v3/conversations/threads/8205830146"

CASE = Case(
    vendor="hubspot",
    far_end=HubSpotFarEnd,
    clients={"sync": client},
    reset=reset,
    common={
        STATUS: 200,
        semconv.SERVER_ADDRESS: "127.0.0.1",
        semconv.CX_VENDOR_REQUEST_ID: str,
        semconv.CX_RATE_LIMIT_LIMIT: 190,
        semconv.CX_RATE_LIMIT_REMAINING: int,
    },
    examples=(
        Example(
            operation="create_ticket",
            call=lambda at: tickets(at).create(SUBJECT),
            attributes=about("tickets", found, status=201),
        ),
        Example(
            operation="create_ticket",
            call=own("POST", "/crm/v3/objects/tickets", SUBJECT),
            attributes=about("tickets", lambda at: at.result.json()["id"], status=201),
        ),
        Example(
            operation="create_ticket",
            prepare=failing("create", Fault(failure="throttled")),
            call=lambda at: tickets(at).create(SUBJECT),
            raises=ApiException,
            error="ApiException",
            attributes={
                **about("tickets", status=429),
                CODE: "RATE_LIMITS",
                semconv.CX_CALL_THROTTLED: True,
            },
        ),
        Example(
            operation="create_record",
            call=lambda at: at.client.crm.contacts.basic_api.create({"properties": {}}),
            attributes=about("contacts", found, status=201),
        ),
        Example(
            operation="create_record",
            call=lambda at: at.client.crm.objects.basic_api.create("2-3465404", {"properties": {}}),
            attributes=about("2-3465404", found, status=201),
        ),
        Example(
            operation="list_records",
            prepare=a_ticket,
            call=lambda at: tickets(at).get_page(limit=10),
            attributes={**about("tickets"), ITEMS: 1},
        ),
        Example(
            operation="list_records",
            prepare=lambda at: [at.far_end.add("deals") for _ in range(3)],
            call=lambda at: at.client.crm.deals.basic_api.get_page(limit=2),
            attributes={**about("deals"), ITEMS: 2},
        ),
        Example(
            operation="get_record",
            prepare=a_ticket,
            call=lambda at: tickets(at).get_by_id(at.prepared),
            attributes=about("tickets", prepared),
        ),
        Example(
            operation="get_record",
            prepare=a_ticket,
            call=lambda at: tickets(at).get_by_id_with_http_info(at.prepared)[0],
            attributes=about("tickets", prepared),
        ),
        Example(
            operation="get_record",
            prepare=lambda at: at.far_end.add("contacts", phone="15550100"),
            call=lambda at: at.client.crm.contacts.basic_api.get_by_id(
                "15550100", id_property="phone"
            ),
            attributes=about("contacts", prepared),
        ),
        Example(
            operation="get_record",
            prepare=a_ticket,
            call=own("GET", "/crm/v3/objects/tickets/{}"),
            attributes=about("tickets", prepared),
        ),
        Example(
            operation="get_record",
            call=own("GET", "/crm/v3/objects/contacts/15550100", qs={"idProperty": "phone"}),
            error="404",
            attributes={**about("contacts", status=404), CODE: "OBJECT_NOT_FOUND"},
        ),
        Example(
            operation="update_record",
            prepare=a_ticket,
            call=lambda at: tickets(at).update(at.prepared, SUBJECT, async_req=True).get(),
            attributes=about("tickets", prepared),
        ),
        Example(
            operation="delete_record",
            prepare=a_ticket,
            call=lambda at: tickets(at).archive(at.prepared),
            attributes=about("tickets", prepared, status=204),
        ),
        Example(
            operation="search_records",
            prepare=a_ticket,
            call=lambda at: at.client.crm.tickets.search_api.do_search({"query": "refund"}),
            attributes={**about("tickets"), ITEMS: 1},
        ),
        Example(
            operation="merge_records",
            call=own(
                "POST",
                "/crm/v3/objects/tickets/merge",
                {"primaryObjectId": "10202100723", "objectIdToMerge": "10202100724"},
            ),
            attributes=about("tickets", lambda _: "10202100723"),
        ),
        *(
            Example(
                operation=operation,
                call=lambda at, verb=verb: getattr(at.client.crm.tickets.batch_api, verb)(INPUTS),
                attributes={**about("tickets", status=status), ITEMS: 1},
            )
            for operation, verb, status in BATCH
        ),
        Example(
            operation="create_records",
            call=lambda at: at.client.crm.tickets.batch_api.create(
                {"inputs": [*INPUTS["inputs"], {"properties": {}}]}
            ),
            error="207",
            attributes={**about("tickets", status=207), CODE: "VALIDATION_ERROR", ITEMS: 1},
        ),
        Example(
            operation="list_associations",
            call=lambda at: at.client.crm.associations.v4.basic_api.get_page(
                "tickets", "10202100723", "contacts"
            ),
            attributes={**about("tickets", lambda _: "10202100723"), ITEMS: 0},
        ),
        Example(
            operation="associate_records",
            call=lambda at: at.client.crm.associations.v4.basic_api.create(
                "tickets", "10202100723", "contacts", "71", SPEC
            ),
            attributes=about("tickets", lambda _: "10202100723", status=201),
        ),
        Example(
            operation="associate_records",
            call=lambda at: at.client.crm.associations.v4.basic_api.create_default(
                "tickets", "10202100723", "contacts", "71"
            ),
            attributes=about("tickets", lambda _: "10202100723", status=201),
        ),
        Example(
            operation="associate_records",
            call=lambda at: at.client.crm.associations.batch_api.create(
                "tickets", "contacts", {"inputs": []}
            ),
            attributes={STATUS: 201},
        ),
        Example(operation="list_owners", call=lambda at: at.client.crm.owners.get_all()),
        Example(
            operation="get_owner", call=lambda at: at.client.crm.owners.owners_api.get_by_id(71)
        ),
        Example(
            operation="list_pipelines",
            call=lambda at: at.client.crm.pipelines.pipelines_api.get_all("tickets"),
        ),
        Example(
            operation="list_properties",
            call=lambda at: at.client.crm.properties.core_api.get_all("tickets"),
        ),
        Example(
            operation="send_message",
            call=own("POST", f"{THREAD}/messages", {"text": "hello"}),
            attributes={semconv.CX_CONTACT_ID: "8205830146"},
        ),
        Example(
            operation="fetch_thread",
            call=own("GET", THREAD),
            attributes={semconv.CX_CONTACT_ID: "8205830146"},
        ),
        Example(
            operation="identify_visitor",
            call=lambda at: (
                at.client.conversations.visitor_identification.generate_api.generate_token(
                    {"email": "jane@customer.example"}
                )
            ),
        ),
        Example(
            operation="send_email",
            call=lambda at: at.client.marketing.transactional.single_send_api.send_email(
                {"emailId": 71, "message": {"to": "jane@customer.example"}}
            ),
        ),
        Example(
            operation="fetch_subscriptions",
            call=lambda at: at.client.communication_preferences.status_api.get_email_status(
                "jane@customer.example"
            ),
        ),
        Example(
            operation="update_subscriptions",
            call=own("POST", "/communication-preferences/v3/subscribe", {}),
        ),
        Example(
            operation="update_subscriptions",
            call=own("POST", "/communication-preferences/v3/unsubscribe", {}),
        ),
        Example(operation="get_file", call=lambda at: at.client.files.files_api.get_by_id("71")),
        Example(
            operation="sign_file_url",
            call=lambda at: at.client.files.files_api.get_signed_url("71"),
        ),
        Example(
            operation="create_timeline_event",
            call=own("POST", "/integrators/timeline/v3/events", {"eventTemplateId": "1"}),
        ),
        Example(operation="send_event", call=own("POST", "/events/v3/send", {"eventName": "x"})),
        Example(
            operation="fetch_token",
            call=lambda at: at.client.oauth.tokens_api.create(grant_type="refresh_token"),
        ),
        Example(operation="request", call=own("GET", "/account-info/v3/details")),
    ),
    slow=Example(
        operation="create_ticket",
        prepare=failing("create", Fault(hang=True)),
        call=lambda at: tickets(at).create(SUBJECT, _request_timeout=0.3),
        raises=ReadTimeoutError,
        error="ReadTimeoutError",
        attributes=about("tickets"),
    ),
    canaries=(
        Example(
            operation="create_record",
            call=lambda at: at.client.crm.contacts.basic_api.create(
                {
                    "properties": {
                        "lastname": at.canary.name,
                        "email": at.canary.email,
                        "phone": at.canary.phone,
                        "note": at.canary.text,
                    }
                }
            ),
        ),
        Example(
            operation="get_record",
            prepare=lambda at: at.far_end.add("contacts", email=at.canary.email),
            call=lambda at: at.client.crm.contacts.basic_api.get_by_id(
                at.canary.email, id_property="email"
            ),
        ),
        Example(
            operation="get_record",
            prepare=lambda at: failing(
                "get",
                Fault(
                    failure="invalid",
                    message=f"{at.canary.phone} {at.canary.email} {at.canary.name} "
                    f"{at.canary.text}",
                ),
            )(at),
            call=lambda at: at.client.crm.contacts.basic_api.get_by_id(at.canary.phone),
            raises=ContactsException,
        ),
    ),
)


class TestHubSpot(VendorContract):
    """The contract that every vendor keeps."""

    case = CASE
