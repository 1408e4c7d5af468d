"""Real client libraries whose network answers at once, with about two kilobytes.

Nothing below the client's own code takes time, so what is left is what it costs to call it. Replies
are put in at the lowest seam that each library has: an adapter, an event, a channel.
"""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

SIZE = 2_000


def padded(reply: dict[str, Any]) -> bytes:
    """Return a JSON reply filled up to its usual size with fields that nobody reads."""
    fields = {f"field_{number}": "value of a field" for number in range(48)}
    return json.dumps({**reply, **fields}).encode()


def _session(reply: bytes, headers: dict[str, str]) -> Any:
    import requests
    from requests.adapters import BaseAdapter

    class Instant(BaseAdapter):
        def send(self, request: Any, *_: Any, **__: Any) -> requests.Response:
            response = requests.Response()
            response.status_code, response.raw = 200, io.BytesIO(reply)
            response.headers.update(headers)
            response.request, response.url = request, request.url
            return response

        def close(self) -> None:
            """Nothing is held."""

    session = requests.Session()
    session.trust_env = False
    session.mount("https://", Instant())
    return session


def twilio() -> Callable[[], object]:
    """Place a call."""
    from twilio.http.http_client import TwilioHttpClient
    from twilio.rest import Client

    http = TwilioHttpClient()
    http.session = _session(
        padded({"sid": "CA" + "0" * 32, "status": "queued"}), {"Twilio-Request-Id": "RQ1"}
    )
    client = Client("AC" + "0" * 32, "token", http_client=http)
    return lambda: client.calls.create(to="+15550100", from_="+15550199", url="https://app.example")


def salesforce() -> Callable[[], object]:
    """Create a case."""
    from simple_salesforce.api import Salesforce

    usage = {"Sforce-Limit-Info": "api-usage=18/15000"}
    session = _session(padded({"id": "500000000000001AAA", "success": True}), usage)
    client = Salesforce(instance="acme.example", session_id="token", session=session)
    cases: Any = client.Case
    return lambda: cases.create({"Subject": "refund"})


def amazon_connect() -> Callable[[], object]:
    """Place a call."""
    import boto3
    from botocore.awsrequest import AWSResponse

    boto: Any = boto3
    client = boto.client(
        "connect",
        region_name="eu-central-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",  # noqa: S106 - signs requests that go nowhere
    )
    reply = padded({"ContactId": "11111111-2222-3333-4444-555555555555"})

    class Raw(io.BytesIO):
        def stream(self) -> Any:
            yield self.read()

    def instant(**_: Any) -> AWSResponse:
        headers: Any = {"x-amzn-RequestId": "r-1"}
        return AWSResponse("https://connect", 200, headers, Raw(reply))

    client.meta.events.register("before-send.connect.*", instant)
    return lambda: client.start_outbound_voice_contact(
        DestinationPhoneNumber="+15550100",
        ContactFlowId="00000000-0000-0000-0000-000000000000",
        InstanceId="00000000-0000-0000-0000-000000000000",
        QueueId="00000000-0000-0000-0000-000000000000",
    )


def dialogflow(around: Callable[[Any], Any] = lambda channel: channel) -> Callable[[], object]:
    """Take a turn; *around* is what another instrumentation puts around the channel."""
    import grpc
    from google.cloud.dialogflowcx_v3 import SessionsClient
    from google.cloud.dialogflowcx_v3.services.sessions.transports import SessionsGrpcTransport
    from google.cloud.dialogflowcx_v3.types import DetectIntentResponse

    answer = DetectIntentResponse(
        response_id="11111111-2222-3333-4444-555555555555",
        query_result={
            "match": {
                "match_type": "INTENT",
                "confidence": 0.9,
                "intent": {"display_name": "refund"},
            },
            "text": "x" * SIZE,
        },
    )

    class Channel(grpc.Channel):
        def unary_unary(self, *_: Any, **__: Any) -> Any:
            return _Instant(answer)

        unary_stream = stream_unary = stream_stream = unary_unary

        def subscribe(self, *_: Any, **__: Any) -> None:
            """Nothing ever changes."""

        unsubscribe = subscribe

        def close(self) -> None:
            """Nothing is held."""

        def __enter__(self) -> Any:
            return self

        def __exit__(self, *_: object) -> None:
            """Nothing is held."""

    client: Any = SessionsClient(transport=SessionsGrpcTransport(channel=around(Channel())))
    session = "projects/p/locations/global/agents/a/sessions/s"
    said = {"text": {"text": "refund"}, "language_code": "en"}
    return lambda: client.detect_intent(request={"session": session, "query_input": said})


class _Instant:
    """A remote procedure that has already answered."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def __call__(self, *_: Any, **__: Any) -> Any:
        return self._answer

    def with_call(self, *_: Any, **__: Any) -> Any:
        return self._answer, _Done()


class _Done:
    """The call of such a procedure, as far as interceptors look at it."""

    def _nothing(self) -> None:
        return None

    code = details = initial_metadata = trailing_metadata = _nothing
    cancel = is_active = time_remaining = _nothing


CLIENTS: dict[str, Callable[[], Callable[[], object]]] = {
    "twilio": twilio,
    "salesforce": salesforce,
    "amazon_connect": amazon_connect,
    "dialogflow": dialogflow,
}
