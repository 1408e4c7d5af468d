"""Vonage: the real client library, over TLS, held to the contract.

The far end is a loopback server that follows developer.vonage.com. It proves what the client sends
and makes of replies; it does not prove that Vonage itself answers so.
"""

# The library's models have defaults that type checkers do not see: `Field(None, ...)`.
# pyright: reportCallIssue=false

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests
from vonage_http_client.errors import HttpRequestError, NotFoundError
from vonage_messages.models import Sms
from vonage_network_number_verification import NumberVerificationRequest
from vonage_network_sim_swap import SimSwapCheckRequest
from vonage_number_insight import BasicInsightRequest, StandardInsightRequest
from vonage_number_insight.errors import NumberInsightError
from vonage_number_insight.requests import AdvancedSyncInsightRequest
from vonage_sms import SmsMessage
from vonage_sms.errors import SmsError
from vonage_verify import VerifyRequest
from vonage_verify.requests import SmsChannel
from vonage_verify_legacy import Psd2Request
from vonage_verify_legacy import VerifyRequest as LegacyRequest
from vonage_verify_legacy.errors import VerifyError
from vonage_video.models import InitiateSipRequest
from vonage_video.models.sip import SipOptions
from vonage_voice.models import AudioStreamOptions, ListCallsFilter, TtsStreamOptions
from vonage_voice.models.common import Phone
from vonage_voice.models.connect_endpoints import PhoneEndpoint
from vonage_voice.models.ncco import Connect, Talk
from vonage_voice.models.requests import CreateCallRequest, ToPhone

from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.testing import ABSENT, Case, Event, Example, Told, VendorContract
from tests.vendors.far_ends.vonage import CODE, VonageFarEnd, client

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.testing import At

CUSTOMER, CENTER, AGENT = "15550100", "15550199", "15550111"
CALL_ID = "63f61863-4a51-4f6b-86e1-46edebcf9356"
REQUEST_ID = "c11236f4-00bf-4b89-84ba-88b25df97315"
STATUS, CONTACT = semconv.HTTP_RESPONSE_STATUS_CODE, semconv.CX_CONTACT_ID
AUTHENTICATION = semconv.CX_AUTHENTICATION_ID
OUTBOUND = {semconv.CX_CONTACT_DIRECTION: "outbound"}


def place_call(at: At, to: str = CUSTOMER) -> Any:
    """Place a call as an application does."""
    request = CreateCallRequest(
        to=[ToPhone(number=to)],
        from_=Phone(number=CENTER),
        ncco=[Talk(text="One moment please")],
    )
    return at.client.voice.create_call(request)


def on_call(operation: str, call: Callable[[Any], Any], status: int = 204) -> Example:
    """Return an example of a call to the voice interface about a call."""
    return Example(
        operation=operation,
        call=lambda at: call(at.client.voice),
        attributes={CONTACT: CALL_ID, STATUS: status},
    )


def authenticated(result: str, request_id: Callable[[At], str] | str | None = REQUEST_ID) -> Event:
    """Return the event of somebody whose identity was checked."""
    known = {} if request_id is None else {AUTHENTICATION: request_id}
    return Event(
        semconv.EVENT_CX_AUTHENTICATION, {**known, semconv.CX_AUTHENTICATION_RESULT: result}
    )


def answered(operation: str, content: object) -> Callable[[At], None]:
    """Return a preparation: the far end's next answer, with an HTTP status of success."""
    return lambda at: at.far_end.replies.push(operation, 200, {}, content)


def failing(operation: str, fault: Fault) -> Callable[[At], object]:
    """Return a preparation: something goes wrong at the far end."""
    return lambda at: at.far_end.faults.add("vonage", operation, fault)


def words(at: At) -> str:
    """Return everything that a customer may have said."""
    said = at.canary
    return f"{said.phone} {said.email} {said.name} {said.text}"


def message(to: str, text: str = "On its way") -> Sms:
    """Return a message."""
    return Sms(to=to, from_=CENTER, text=text)


CASE = Case(
    vendor="vonage",
    far_end=VonageFarEnd,
    clients={"sync": client},
    reset=VonageFarEnd.clear,
    common={STATUS: 200, semconv.SERVER_ADDRESS: "127.0.0.1"},
    examples=(
        Example(
            operation="place_call",
            call=place_call,
            attributes={
                **OUTBOUND,
                STATUS: 201,
                CONTACT: lambda at: at.result.uuid,
                semconv.CX_CONTACT_STATUS: "queued",
            },
        ),
        Example(
            operation="place_call",
            call=lambda at: place_call(at, "9999999"),
            prepare=failing("place_call", Fault(failure="invalid")),
            raises=HttpRequestError,
            error="HttpRequestError",
            attributes={STATUS: 422, semconv.CX_VENDOR_ERROR_CODE: "invalid-params"},
        ),
        Example(
            operation="list_calls",
            call=lambda at: at.client.voice.list_calls(ListCallsFilter(page_size=5)),
        ),
        Example(
            operation="fetch_call",
            prepare=place_call,
            call=lambda at: at.client.voice.get_call(at.prepared.uuid),
            attributes={
                **OUTBOUND,
                CONTACT: lambda at: at.prepared.uuid,
                semconv.CX_CONTACT_STATUS: "completed",
            },
            events=(
                Event(
                    semconv.EVENT_CX_CONTACT,
                    {
                        **OUTBOUND,
                        CONTACT: lambda at: at.prepared.uuid,
                        semconv.CX_CONTACT_STATUS: "completed",
                        semconv.CX_CONTACT_CONNECTED_DURATION: 95_000,
                        semconv.CX_CONTACT_ALIASES: lambda at: (at.prepared.conversation_uuid,),
                    },
                ),
            ),
        ),
        Example(
            operation="transfer_call",
            call=lambda at: at.client.voice.transfer_call_ncco(
                CALL_ID,
                [
                    Talk(text="I connect you"),
                    Connect(endpoint=[PhoneEndpoint(number=AGENT)], from_=CENTER),
                ],
            ),
            attributes={CONTACT: CALL_ID, STATUS: 204},
            events=(
                Event(
                    semconv.EVENT_CX_HANDOFF,
                    {
                        semconv.CX_HANDOFF_KIND: "transfer_cold",
                        semconv.CX_HANDOFF_WARM: False,
                        semconv.CX_HANDOFF_RESULT: "requested",
                    },
                ),
            ),
        ),
        on_call(
            "transfer_call",
            lambda voice: voice.transfer_call_answer_url(CALL_ID, "https://app.example/more"),
        ),
        on_call("end_call", lambda voice: voice.hangup(CALL_ID)),
        on_call("mute_call", lambda voice: voice.mute(CALL_ID)),
        on_call("unmute_call", lambda voice: voice.unmute(CALL_ID)),
        on_call("earmuff_call", lambda voice: voice.earmuff(CALL_ID)),
        on_call("unearmuff_call", lambda voice: voice.unearmuff(CALL_ID)),
        on_call(
            "play_audio",
            lambda voice: voice.play_audio_into_call(
                CALL_ID, AudioStreamOptions(stream_url=["https://app.example/music.mp3"])
            ),
            200,
        ),
        on_call("stop_audio", lambda voice: voice.stop_audio_stream(CALL_ID), 200),
        on_call(
            "speak_text",
            lambda voice: voice.play_tts_into_call(CALL_ID, TtsStreamOptions(text="Still here")),
            200,
        ),
        on_call("stop_text", lambda voice: voice.stop_tts(CALL_ID), 200),
        on_call("send_dtmf", lambda voice: voice.play_dtmf_into_call(CALL_ID, "1#"), 200),
        Example(
            operation="download_recording",
            call=lambda at: at.client.voice.download_recording(
                f"{at.far_end.url}/vonage.com/r.wav", "/dev/null"
            ),
        ),
        Example(
            operation="send_message",
            call=lambda at: at.client.messages.send(message(CUSTOMER)),
            attributes={STATUS: 202},
        ),
        Example(
            operation="update_message",
            call=lambda at: at.client.messages.revoke_rcs_message(CALL_ID),
        ),
        Example(
            operation="send_sms",
            call=lambda at: at.client.sms.send(
                SmsMessage(to=CUSTOMER, from_=CENTER, text="On its way")
            ),
        ),
        Example(
            operation="send_sms",
            prepare=answered(
                "send_sms",
                {
                    "message-count": "1",
                    "messages": [{"status": "1", "error-text": "Throughput Rate Exceeded"}],
                },
            ),
            call=lambda at: at.client.sms.send(
                SmsMessage(to=CUSTOMER, from_=CENTER, text="On its way")
            ),
            raises=SmsError,
            error="rejected",
            attributes={semconv.CX_VENDOR_ERROR_CODE: "1", semconv.CX_CALL_THROTTLED: True},
        ),
        Example(
            operation="start_verification",
            call=lambda at: at.client.verify.start_verification(
                VerifyRequest(brand="Acme", workflow=[SmsChannel(to=CUSTOMER)])
            ),
            attributes={STATUS: 202, AUTHENTICATION: lambda at: at.result.request_id},
        ),
        Example(
            operation="check_code",
            call=lambda at: at.client.verify.check_code(REQUEST_ID, CODE),
            attributes={AUTHENTICATION: REQUEST_ID},
            events=(authenticated("succeeded"),),
        ),
        Example(
            operation="check_code",
            call=lambda at: at.client.verify.check_code(REQUEST_ID, "4321"),
            raises=HttpRequestError,
            attributes={
                AUTHENTICATION: REQUEST_ID,
                STATUS: 400,
                semconv.CX_VENDOR_ERROR_CODE: "invalid-code",
            },
            events=(authenticated("failed"),),
        ),
        Example(
            operation="cancel_verification",
            call=lambda at: at.client.verify.cancel_verification(REQUEST_ID),
            attributes={AUTHENTICATION: REQUEST_ID, STATUS: 204},
        ),
        Example(
            operation="try_next_workflow",
            call=lambda at: at.client.verify.trigger_next_workflow(REQUEST_ID),
            attributes={AUTHENTICATION: REQUEST_ID},
        ),
        Example(
            operation="start_legacy_verification",
            call=lambda at: at.client.verify_legacy.start_verification(
                LegacyRequest(number=CUSTOMER, brand="Acme")
            ),
            attributes={AUTHENTICATION: lambda at: at.result.request_id},
        ),
        Example(
            operation="start_legacy_verification",
            call=lambda at: at.client.verify_legacy.start_psd2_verification(
                Psd2Request(number=CUSTOMER, payee="Acme", amount=9.5)
            ),
            attributes={AUTHENTICATION: lambda at: at.result.request_id},
        ),
        Example(
            operation="start_legacy_verification",
            prepare=answered("legacy_verify", {"status": "10", "error_text": "Concurrent"}),
            call=lambda at: at.client.verify_legacy.start_verification(
                LegacyRequest(number=CUSTOMER, brand="Acme")
            ),
            raises=VerifyError,
            error="rejected",
            attributes={semconv.CX_VENDOR_ERROR_CODE: "10"},
        ),
        Example(
            operation="check_legacy_code",
            call=lambda at: at.client.verify_legacy.check_code(REQUEST_ID, CODE),
            attributes={AUTHENTICATION: REQUEST_ID},
            events=(authenticated("succeeded"),),
        ),
        Example(
            operation="check_legacy_code",
            call=lambda at: at.client.verify_legacy.check_code(REQUEST_ID, "4321"),
            raises=VerifyError,
            attributes={AUTHENTICATION: REQUEST_ID, semconv.CX_VENDOR_ERROR_CODE: "16"},
            events=(authenticated("failed"),),
        ),
        Example(
            operation="fetch_legacy_verification",
            call=lambda at: at.client.verify_legacy.search(REQUEST_ID),
            events=(authenticated("timed_out"),),
        ),
        Example(
            operation="fetch_legacy_verification",
            prepare=answered(
                "legacy_search",
                {
                    "verification_requests": [
                        {"request_id": REQUEST_ID, "status": "SUCCESS"},
                        {"request_id": "b" * 32, "status": "IN PROGRESS"},
                    ]
                },
            ),
            call=lambda at: at.client.verify_legacy.search([REQUEST_ID, "b" * 32]),
            events=(authenticated("succeeded"),),
        ),
        Example(
            operation="cancel_legacy_verification",
            call=lambda at: at.client.verify_legacy.cancel_verification(REQUEST_ID),
        ),
        Example(
            operation="try_next_legacy_event",
            call=lambda at: at.client.verify_legacy.trigger_next_event(REQUEST_ID),
        ),
        Example(
            operation="look_up_number",
            call=lambda at: at.client.number_insight.get_basic_info(
                BasicInsightRequest(number=CUSTOMER)
            ),
        ),
        Example(
            operation="look_up_number",
            call=lambda at: at.client.number_insight.get_standard_info(
                StandardInsightRequest(number=CUSTOMER)
            ),
        ),
        Example(
            operation="look_up_number",
            prepare=answered("insight", {"status": 44, "status_message": "No live data"}),
            call=lambda at: at.client.number_insight.get_advanced_info_sync(
                AdvancedSyncInsightRequest(number=CUSTOMER)
            ),
        ),
        Example(
            operation="look_up_number",
            prepare=answered("insight", {"status": 9, "status_message": "Quota exceeded"}),
            call=lambda at: at.client.number_insight.get_basic_info(
                BasicInsightRequest(number=CUSTOMER)
            ),
            raises=NumberInsightError,
            error="rejected",
            attributes={semconv.CX_VENDOR_ERROR_CODE: "9"},
        ),
        Example(
            operation="look_up_identity",
            # The client has a method for it since 4.7; what that calls is there in all versions.
            call=lambda at: at.client.http_client.post(
                at.client.http_client.api_host,
                "/identity-insights/v1/requests",
                {"phone_number": CUSTOMER, "insights": {"format": {}}},
            ),
        ),
        Example(
            operation="request_network_access",
            call=lambda at: at.client.network_sim_swap.check(
                SimSwapCheckRequest(phone_number=CUSTOMER)
            ),
            also=(Told(operation="fetch_network_token"), Told(operation="check_sim_swap")),
        ),
        Example(
            operation="fetch_network_token",
            call=lambda at: at.client.network_number_verification.verify(
                NumberVerificationRequest(
                    code="loopback", redirect_uri="https://app.example", phone_number=CUSTOMER
                )
            ),
            also=(Told(operation="verify_number", events=(authenticated("succeeded", None),)),),
        ),
        Example(
            operation="create_video_session",
            call=lambda at: at.client.video.create_session(),
        ),
        Example(
            operation="dial_into_video",
            call=lambda at: at.client.video.initiate_sip_call(
                InitiateSipRequest(
                    session_id="1_loopback",
                    token="loopback",
                    sip=SipOptions(uri="sip:desk@pbx.example"),
                )
            ),
        ),
        Example(
            operation="request",
            call=lambda at: at.client.users.get_user("USR-1"),
            raises=NotFoundError,
            error="NotFoundError",
            attributes={STATUS: 404, semconv.CX_VENDOR_ERROR_CODE: "not-found"},
        ),
    ),
    slow=Example(
        operation="place_call",
        prepare=failing("place_call", Fault(hang=True)),
        call=place_call,
        clients={"sync": lambda far_end: client(far_end, timeout=1)},
        raises=requests.Timeout,
        error="ReadTimeout",
        attributes={STATUS: ABSENT},
    ),
    canaries=(
        Example(
            operation="send_message",
            prepare=lambda at: at.far_end.replies.push(
                "send_message", 202, {}, {"message_uuid": CALL_ID, "about": words(at)}
            ),
            call=lambda at: at.client.messages.send(message("15558675309", words(at))),
        ),
        Example(
            operation="send_message",
            prepare=lambda at: failing("send_message", Fault(failure="invalid", message=words(at)))(
                at
            ),
            call=lambda at: at.client.messages.send(message("15558675309", words(at))),
            raises=HttpRequestError,
        ),
        Example(
            operation="look_up_number",
            call=lambda at: at.client.number_insight.get_basic_info(
                BasicInsightRequest(number="15558675309")
            ),
        ),
    ),
)


class TestVonage(VendorContract):
    """The contract that every vendor keeps."""

    case = CASE
