"""RingCentral: the real library held to the contract.

The far end is a loopback server that follows developers.ringcentral.com. It proves what the client
sends and makes of replies; it does not prove that RingCentral itself answers so.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from ringcentral.http.api_exception import ApiException

from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.testing import Case, Event, Example, VendorContract
from cxotel.vendors.ringcentral_records import RECORDED
from tests.vendors.far_ends.ringcentral import PASSWORD, RECORD, RingCentralFarEnd, client

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.testing import At

# The library's own words on logging in by a password.
pytestmark = pytest.mark.filterwarnings("ignore:username-password login:UserWarning")

STATUS, CONTACT = semconv.HTTP_RESPONSE_STATUS_CODE, semconv.CX_CONTACT_ID
SESSION, PARTY = "s-a0d16d2e9f4b4", "p-a0d16d2e9f4b4-2"
PARTY_PATH = f"/account/~/telephony/sessions/{SESSION}/parties/{PARTY}"
ON_CALL: dict[str, Any] = {CONTACT: SESSION}
AT_TEN = 1_763_978_400_000
"""2025-11-24T10:00:00Z, in milliseconds since the epoch."""


def asked(method: str, path: str, content: object = None) -> Callable[[At], Any]:
    """Return a request: the library has no methods but those of HTTP."""
    more = {} if content is None else {"body": content}
    return lambda at: getattr(at.client, method)(path, **more)


def ring_out(at: At) -> Any:
    """Place a call as an application does."""
    content = {"from": {"phoneNumber": "+15550199"}, "to": {"phoneNumber": "+15550100"}}
    return at.client.post("/account/~/extension/~/ring-out", body=content)


def send_sms(at: At) -> Any:
    """Send what the customer said."""
    content = {"to": [{"phoneNumber": at.canary.phone}], "text": words(at)}
    return at.client.post("/account/~/extension/~/sms", body=content)


def words(at: At) -> str:
    """Return everything that a customer may have said."""
    said = at.canary
    return f"{said.phone} {said.email} {said.name} {said.text}"


def failing(operation: str, fault: Fault) -> Callable[[At], object]:
    """Return a preparation: something goes wrong at the far end."""
    return lambda at: at.far_end.faults.add("ringcentral", operation, fault)


def on_party(operation: str, verb: str, *events: Event, content: object = None) -> Example:
    """Return an example of call control."""
    return Example(
        operation=operation,
        call=asked("post", f"{PARTY_PATH}/{verb}", content or {}),
        attributes=ON_CALL,
        events=events,
    )


def handoff(kind: str, *, warm: bool) -> Event:
    """Return the event of a handoff that was asked for."""
    return Event(
        semconv.EVENT_CX_HANDOFF,
        {
            semconv.CX_HANDOFF_KIND: kind,
            semconv.CX_HANDOFF_WARM: warm,
            semconv.CX_HANDOFF_RESULT: "requested",
        },
    )


def hold(end: str) -> Event:
    """Return the event of one end of a hold."""
    return Event(semconv.EVENT_CX_HOLD, {semconv.CX_EVIDENCE_ID: PARTY, end: int})


def authenticated(result: str) -> Event:
    """Return the event of a person who logged in, or did not."""
    return Event(semconv.EVENT_CX_AUTHENTICATION, {semconv.CX_AUTHENTICATION_RESULT: result})


def told(key: str) -> Callable[[At], Any]:
    """Return what reads a value from the reply."""
    return lambda at: at.result.json_dict()[key]


RECORDS = Event(
    semconv.EVENT_CX_CONTACT,
    {
        CONTACT: SESSION,
        semconv.CX_CONTACT_DIRECTION: "inbound",
        semconv.CX_CONTACT_STATUS: "completed",
        semconv.CX_CONTACT_CONNECTED_DURATION: 95_000,
        semconv.CX_EVIDENCE_START_TIME: AT_TEN,
    },
)
OUTBOUND: dict[str, Any] = {semconv.CX_CONTACT_DIRECTION: "outbound"}

CASE = Case(
    vendor="ringcentral",
    far_end=RingCentralFarEnd,
    clients={"sync": client},
    reset=RingCentralFarEnd.clear,
    common={
        STATUS: 200,
        semconv.SERVER_ADDRESS: "127.0.0.1",
        semconv.CX_VENDOR_REQUEST_ID: str,
        semconv.CX_RATE_LIMIT_LIMIT: 40,
        semconv.CX_RATE_LIMIT_REMAINING: 39,
    },
    examples=(
        Example(
            operation="place_call",
            call=ring_out,
            attributes={
                **OUTBOUND,
                CONTACT: told("id"),
                semconv.CX_CONTACT_STATUS: "ringing",
            },
        ),
        Example(
            operation="place_call",
            prepare=failing("ring_out", Fault(failure="throttled")),
            call=ring_out,
            raises=ApiException,
            error="ApiException",
            attributes={
                **OUTBOUND,
                STATUS: 429,
                semconv.CX_VENDOR_ERROR_CODE: "CMN-301",
                semconv.CX_CALL_THROTTLED: True,
            },
        ),
        Example(
            operation="fetch_call",
            call=asked("get", "/account/~/extension/~/ring-out/Y3MxNzI"),
            attributes={CONTACT: "Y3MxNzI", semconv.CX_CONTACT_STATUS: "connected"},
        ),
        Example(
            operation="cancel_call",
            call=asked("delete", "/account/~/extension/~/ring-out/Y3MxNzI"),
            attributes={STATUS: 204},
        ),
        Example(
            operation="place_call",
            call=asked("post", "/account/~/telephony/call-out", {"to": {}}),
            attributes={
                **OUTBOUND,
                STATUS: 201,
                CONTACT: lambda at: at.result.json_dict()["session"]["id"],
            },
        ),
        Example(
            operation="fetch_session",
            call=asked("get", f"/account/~/telephony/sessions/{SESSION}"),
            attributes=ON_CALL,
        ),
        Example(
            operation="end_call",
            call=asked("delete", f"/account/~/telephony/sessions/{SESSION}"),
            attributes={**ON_CALL, STATUS: 204},
        ),
        Example(
            operation="fetch_party",
            call=asked("get", PARTY_PATH),
            attributes={
                **ON_CALL,
                semconv.CX_CONTACT_DIRECTION: "inbound",
                semconv.CX_CONTACT_STATUS: "connected",
            },
        ),
        Example(
            operation="remove_party",
            call=asked("delete", PARTY_PATH),
            attributes={**ON_CALL, STATUS: 204},
        ),
        on_party("answer_call", "answer"),
        on_party("reject_call", "reject"),
        on_party("hold_party", "hold", hold(semconv.CX_EVIDENCE_START_TIME)),
        on_party("resume_party", "unhold", hold(semconv.CX_EVIDENCE_END_TIME)),
        on_party(
            "transfer_party",
            "transfer",
            handoff("transfer_warm", warm=True),
            content={"sessionId": "s-a0d16d2e9f4b5"},
        ),
        on_party(
            "transfer_party",
            "transfer",
            handoff("transfer_cold", warm=False),
            content={"phoneNumber": "+15550111"},
        ),
        on_party("transfer_party", "transfer", content={"parkOrbit": "81"}),
        on_party("forward_party", "forward", handoff("transfer_cold", warm=False)),
        on_party("park_party", "park"),
        on_party("flip_party", "flip"),
        on_party("start_recording", "recordings"),
        Example(
            operation="start_conference",
            call=asked("post", "/account/~/telephony/conference", {}),
        ),
        Example(
            operation="fetch_presence",
            call=asked("get", "/account/~/extension/~/presence"),
        ),
        Example(
            operation="list_call_records",
            call=asked("get", "/account/~/call-log"),
            attributes={semconv.CX_CALL_ITEMS: 1},
            events=(RECORDS,),
        ),
        Example(
            operation="list_call_records",
            call=asked("get", "/account/~/extension/~/call-log"),
            attributes={semconv.CX_CALL_ITEMS: 1},
            events=(RECORDS,),
        ),
        Example(operation="list_active_calls", call=asked("get", "/account/~/active-calls")),
        Example(operation="list_queues", call=asked("get", "/account/~/call-queues")),
        Example(
            operation="fetch_call_statistics",
            call=asked("post", "/analytics/calls/v1/accounts/~/aggregation/fetch", {}),
        ),
        Example(
            operation="send_sms",
            call=asked(
                "post",
                "/account/~/extension/~/sms",
                {"to": [{"phoneNumber": "+15550100"}], "text": "On its way"},
            ),
        ),
        Example(operation="send_mms", call=asked("post", "/account/~/extension/~/mms", {})),
        Example(operation="send_fax", call=asked("post", "/account/~/extension/~/fax", {})),
        Example(
            operation="fetch_message",
            call=asked("get", "/account/~/extension/~/message-store/315458412010"),
        ),
        Example(
            operation="send_post",
            call=asked("post", "/team-messaging/v1/chats/7/posts", {"text": "On its way"}),
        ),
        Example(
            operation="create_meeting",
            call=asked("post", "/rcvideo/v2/account/~/extension/~/bridges", {}),
        ),
        Example(
            operation="log_in",
            call=lambda at: at.client.login(username="agent@cx.example", password=PASSWORD),
            events=(authenticated("succeeded"),),
        ),
        Example(
            operation="log_in",
            call=lambda at: at.client.login(username="agent@cx.example", password="wrong"),
            raises=ApiException,
            attributes={STATUS: 400, semconv.CX_VENDOR_ERROR_CODE: "OAU-140"},
            events=(authenticated("failed"),),
        ),
        Example(operation="fetch_token", call=lambda at: at.client.login(jwt="loopback")),
        Example(
            operation="fetch_token",
            call=lambda at: at.client.login(jwt="loopback"),
            prepare=failing("token", Fault(failure="unauthorized")),
            raises=ApiException,
            error="ApiException",
            attributes={STATUS: 401, semconv.CX_VENDOR_ERROR_CODE: "TokenInvalid"},
        ),
        Example(operation="refresh_token", call=lambda at: at.client.refresh()),
        Example(
            operation="revoke_token",
            call=lambda at: at.client._request_token(  # noqa: SLF001 - logging out would last
                "/restapi/oauth/revoke", body={"token": "loopback"}
            ),
        ),
        Example(operation="request", call=asked("get", "/account/~")),
    ),
    slow=Example(
        operation="place_call",
        prepare=failing("ring_out", Fault(hang=True)),
        call=ring_out,
        clients={"sync": lambda far_end: client(far_end, hurried=True)},
        raises=ApiException,
        error="ReadTimeout",
    ),
    canaries=(
        Example(operation="send_sms", call=send_sms),
        Example(
            operation="send_sms",
            prepare=lambda at: failing("sms", Fault(failure="invalid", message=words(at)))(at),
            call=send_sms,
            raises=ApiException,
        ),
        Example(
            operation="log_in",
            call=lambda at: at.client.login(username=at.canary.email, password="wrong"),
            raises=ApiException,
        ),
    ),
)


class TestRingCentral(VendorContract):
    """The contract that every vendor keeps."""

    case = CASE


@pytest.mark.parametrize(
    ("record", "status"),
    [
        ({"result": "Call connected"}, "completed"),
        ({"result": "Missed"}, None),
        ({"result": "No Answer", "direction": "Outbound"}, "no_answer"),
        ({"result": "Voicemail", "direction": "Outbound"}, None),
    ],
)
def test_a_record_tells_of_the_contact_what_it_can(
    record: dict[str, str], status: str | None
) -> None:
    """One extension that did not answer is no failed contact: the queue goes on to the next."""
    call: Any = SimpleNamespace(item={**RECORD, **record})
    assert RECORDED.reads[semconv.CX_CONTACT_STATUS](call) == status
