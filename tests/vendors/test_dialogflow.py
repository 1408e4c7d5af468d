"""Dialogflow CX and ES: the real clients over gRPC and HTTP, held to the contract.

The far end is a real gRPC server of Google's own message types whose bot follows scripts. It proves
what the clients send and make of replies; it does not prove that Dialogflow itself answers so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from google.api_core import exceptions

from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.demo.far_ends.dialogflow import (
    DialogflowFarEnd,
    Turn,
    async_client,
    client,
    rest_client,
    session,
)
from cxotel.testing import Case, Event, Example, VendorContract
from tests.vendors.dialogflow_requests import (
    ES_NAME,
    ask,
    ask_es,
    audio,
    coming,
    failing,
    script,
    spoken,
    spoken_es,
    succeeding,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cxotel.testing import At

CX, ES = ("cx", "cx-async"), ("es", "es-async")
CODE, THROTTLED = semconv.CX_VENDOR_ERROR_CODE, semconv.CX_CALL_THROTTLED
RESULT = semconv.CX_BOT_TURN_RESULT


def detect(request: dict[str, Any], **options: Any) -> Callable[[At], Any]:
    """Return a call that asks the bot."""
    return lambda at: at.client.detect_intent(request=request, **options)


def hello(at: At, **options: Any) -> Any:
    """Greet the bot, whatever edition the client is of."""
    edition = "dialogflow_v2" in type(at.client).__module__
    return at.client.detect_intent(request=(ask_es if edition else ask)("hello"), **options)


def fulfil(request: dict[str, Any]) -> Callable[[At], Any]:
    """Return a call that takes the turn which a match was for."""
    asked = {"match_intent_request": request, "match": {}}
    return lambda at: at.client.fulfill_intent(request=asked)


def stream(messages: list[Any]) -> dict[str, Any]:
    """Return the calls of a stream, for both kinds of client."""

    def call(at: At) -> Any:
        return at.client.streaming_detect_intent(requests=iter(messages))

    def call_async(at: At) -> Any:
        return at.client.streaming_detect_intent(requests=coming(messages))

    return {"call": call, "call_async": call_async, "stream": True}


def answered(at: At) -> str:
    """Return the id of the reply, which may be the last of a stream."""
    streamed = isinstance(at.result, list)
    last: Any = at.result[-1] if streamed else at.result
    return str(getattr(last, "detect_intent_response", last).response_id)


AGENT: dict[str, Any] = {semconv.GEN_AI_AGENT_ID: "refunds"}
TURN: dict[str, Any] = {
    semconv.CX_EVIDENCE_ID: answered,
    semconv.CX_BOT_TURN_ID: answered,
    semconv.CX_BOT_TURN_DURATION: int,
    semconv.CX_BOT_TURN_MEASURED_FROM: "request",
}
START: dict[str, Any] = {
    **AGENT,
    **TURN,
    semconv.CX_BOT_FLOW_NAME: "Default Start Flow",
    semconv.CX_BOT_PAGE_NAME: "Start Page",
}
REFUND: dict[str, Any] = {
    **AGENT,
    **TURN,
    RESULT: "matched",
    semconv.CX_BOT_TURN_MATCH_TYPE: "INTENT",
    semconv.CX_BOT_INTENT_NAME: "refund.request",
    semconv.CX_BOT_INTENT_CONFIDENCE: 0.91,
    semconv.CX_BOT_FLOW_NAME: "Refunds",
    semconv.CX_BOT_PAGE_NAME: "Collect order",
}
FAILED = {key: TURN[key] for key in list(TURN)[2:]}
SPOKEN: dict[str, Any] = {semconv.CX_BOT_TURN_MODALITY: "voice"}
WIRE = {semconv.HTTP_RESPONSE_STATUS_CODE: 200, semconv.SERVER_ADDRESS: "127.0.0.1"}


def handoff(**reads: Any) -> Event:
    """Return the event of a handoff to a human."""
    known = {"queue": semconv.CX_QUEUE_NAME, "reason": semconv.CX_HANDOFF_REASON}
    return Event(
        semconv.EVENT_CX_HANDOFF,
        {
            semconv.CX_EVIDENCE_ID: answered,
            semconv.CX_HANDOFF_KIND: "bot_to_human",
            semconv.CX_HANDOFF_RESULT: "requested",
            **{known[name]: value for name, value in reads.items()},
        },
    )


TRANSFER = Event(
    semconv.EVENT_CX_HANDOFF,
    {
        semconv.CX_HANDOFF_KIND: "transfer_cold",
        semconv.CX_HANDOFF_WARM: False,
        semconv.CX_HANDOFF_RESULT: "requested",
    },
)
SUCCESS = Event(semconv.EVENT_CX_OUTCOME, {semconv.CX_JOURNEY_OUTCOME: "contained"})
LEAVING = Turn(
    "One moment",
    handoff={"queue": "returns", "reason": "angry"},
    transfer_to="+15550123",
    ended=True,
    sentiment=(-0.8, 1.5),
    webhook_latencies=(412.0, 77.0),
)
LEFT: dict[str, Any] = {
    **START,
    RESULT: "escalated",
    semconv.CX_BOT_TURN_MATCH_TYPE: "INTENT",
    semconv.CX_BOT_SENTIMENT_SCORE: -0.8,
    semconv.CX_BOT_WEBHOOK_DURATION: 489,
    semconv.CX_BOT_CONVERSATION_ENDED: True,
}
GONE = (handoff(queue="returns", reason="angry"), TRANSFER)
MESS = ask("this is a mess", analyze_query_text_sentiment=True)
EXAMPLES = (
    Example(operation="detect_intent", call=detect(ask("I want a refund")), attributes=REFUND),
    Example(
        operation="detect_intent",
        call=detect(audio("I want a refund")),
        attributes={**REFUND, **SPOKEN},
    ),
    Example(
        operation="detect_intent",
        prepare=script(LEAVING),
        call=detect(MESS),
        attributes=LEFT,
        events=GONE,
    ),
    Example(
        operation="detect_intent",
        prepare=succeeding("detect_intent"),
        call=detect(ask("that is all")),
        attributes={**AGENT, **TURN},
        events=(SUCCESS,),
    ),
    Example(
        operation="match_intent",
        call=lambda at: at.client.match_intent(request=ask("I want a refund")),
        attributes=AGENT,
    ),
    Example(
        operation="fulfill_intent",
        prepare=script(LEAVING),
        call=fulfil(MESS),
        attributes=LEFT,
        events=GONE,
    ),
    Example(
        operation="fulfill_intent",
        prepare=succeeding("fulfill_intent"),
        call=fulfil(audio("that is all")),
        attributes={**AGENT, **TURN, **SPOKEN},
        events=(SUCCESS,),
    ),
    Example(
        operation="fulfill_intent",
        call=fulfil(ask("I want a refund")),
        attributes=REFUND,
    ),
    Example(
        operation="detect_intent",
        prepare=failing("detect_intent", Fault(failure="throttled")),
        call=detect(ask("hello"), retry=None),
        raises=exceptions.TooManyRequests,
        error="ResourceExhausted",
        attributes={**AGENT, **FAILED, CODE: "RATE_LIMIT_EXCEEDED", THROTTLED: True},
    ),
)


def over_http(example: Example) -> Example:
    """Return the example for the client that speaks HTTP."""
    wire = WIRE
    if example.fails:
        wire = {**WIRE, semconv.HTTP_RESPONSE_STATUS_CODE: 429}
    error = "TooManyRequests" if example.fails else None
    attributes = {**example.attributes, **wire}
    return replace(example, variants=("cx-rest",), attributes=attributes, error=error)


CX_EXAMPLES = (
    *(replace(example, variants=CX) for example in EXAMPLES),
    *(over_http(example) for example in EXAMPLES),
    Example(
        operation="detect_intent",
        variants=CX,
        call=lambda at: at.client.server_streaming_detect_intent(request=ask("I want a refund")),
        stream=True,
        attributes=REFUND,
    ),
    Example(
        operation="stream_intent",
        variants=CX,
        prepare=script(Turn(intent="refund.request", confidence=0.91, partials=("Hm…",))),
        **stream(spoken("I want ", "a refund")),
        attributes={
            **START,
            **SPOKEN,
            RESULT: "matched",
            semconv.CX_BOT_TURN_MATCH_TYPE: "INTENT",
            semconv.CX_BOT_INTENT_NAME: "refund.request",
            semconv.CX_BOT_INTENT_CONFIDENCE: 0.91,
        },
    ),
    Example(
        operation="stream_intent",
        variants=CX,
        prepare=script(LEAVING),
        **stream(spoken("this is ", "a mess", analyze_query_text_sentiment=True)),
        attributes={**LEFT, **SPOKEN},
        events=GONE,
    ),
    Example(
        operation="stream_intent",
        variants=CX,
        prepare=succeeding("streaming_detect_intent"),
        **stream(spoken("that is all")),
        attributes={**AGENT, **TURN, **SPOKEN},
        events=(SUCCESS,),
    ),
    Example(
        operation="stream_intent",
        variants=CX,
        # After all that the client sends: gRPC tells of an end in the middle in several ways.
        prepare=failing("streaming_detect_intent", Fault(truncate=3)),
        **stream(spoken("I want ", "a refund")),
        raises=exceptions.ServiceUnavailable,
        error="ServiceUnavailable",
        attributes={**AGENT, **FAILED, **SPOKEN, CODE: str},
    ),
)
ES_EXAMPLES = (
    Example(
        operation="detect_intent",
        variants=ES,
        call=detect(ask_es("I want a refund")),
        attributes={
            **TURN,
            RESULT: "matched",
            semconv.CX_BOT_INTENT_NAME: "refund.request",
            semconv.CX_BOT_INTENT_CONFIDENCE: 0.91,
        },
    ),
    Example(
        operation="detect_intent",
        variants=ES,
        call=lambda at: at.client.detect_intent(
            session=ES_NAME, query_input=ask_es("mumble")["query_input"]
        ),
        attributes={
            **TURN,
            RESULT: "fallback",
            semconv.CX_BOT_INTENT_NAME: "Default Fallback Intent",
        },
    ),
    Example(
        operation="detect_intent",
        variants=ES,
        prepare=script(replace(LEAVING, intent="angry", confidence=0.8)),
        call=detect(
            ask_es(
                "this is a mess",
                sentiment_analysis_request_config={"analyze_query_text_sentiment": True},
            )
        ),
        attributes={
            **TURN,
            RESULT: "escalated",
            semconv.CX_BOT_INTENT_NAME: "angry",
            semconv.CX_BOT_INTENT_CONFIDENCE: 0.8,
            semconv.CX_BOT_SENTIMENT_SCORE: -0.8,
            semconv.CX_BOT_WEBHOOK_DURATION: 77,
            semconv.CX_BOT_CONVERSATION_ENDED: True,
        },
        events=(handoff(),),
    ),
    Example(
        operation="stream_intent",
        variants=ES,
        **stream(spoken_es("where is ", "my order")),
        attributes={
            **TURN,
            **SPOKEN,
            RESULT: "matched",
            semconv.CX_BOT_INTENT_NAME: "order.status",
            semconv.CX_BOT_INTENT_CONFIDENCE: 0.88,
        },
    ),
    Example(
        operation="detect_intent",
        variants=ES,
        prepare=failing("detect_intent", Fault(failure="unauthorized")),
        call=detect(ask_es("hello")),
        raises=exceptions.Unauthorized,
        error="Unauthenticated",
        attributes={**FAILED, CODE: "ACCESS_TOKEN_EXPIRED"},
    ),
)


def betraying(request: Callable[..., dict[str, Any]]) -> Callable[[At], Any]:
    """Return a call in which the customer says everything, in a session named by a number."""

    def call(at: At) -> Any:
        said = at.canary
        edition: Any = "cx" if request is ask else "es"
        words = f"I am {said.name}, {said.email}: {said.text}"
        return at.client.detect_intent(request=request(words, session(edition, said.phone)))

    return call


def betrayed(at: At) -> None:
    """Let the bot repeat in its reply what the customer said."""
    said = at.canary
    hands = {"queue": said.phone, "reason": said.text, "name": said.name}
    words = f"{said.name} {said.email} {said.phone} {said.text}"
    script(Turn(words, handoff=hands, parameters={"name": said.name}))(at)


def refused(at: At) -> object:
    """Let the far end repeat in its error what the customer said."""
    said = at.canary
    words = f"{said.phone} {said.email} {said.name} {said.text}"
    return failing("detect_intent", Fault(failure="invalid", message=words))(at)


def canaries(request: Callable[..., dict[str, Any]], *variants: str) -> Iterator[Example]:
    """Give the calls whose request, reply and error hold what a customer said."""
    call = betraying(request)
    told = Example(operation="detect_intent", variants=variants, call=call, prepare=betrayed)
    yield told
    yield replace(told, prepare=refused, raises=exceptions.BadRequest)


CASE = Case(
    vendor="dialogflow",
    far_end=lambda: DialogflowFarEnd(rest=True),
    clients={
        "cx": lambda far_end: client(far_end.target),
        "cx-async": lambda far_end: async_client(far_end.target),
        "cx-rest": lambda far_end: rest_client(far_end.url),
        "es": lambda far_end: client(far_end.target, "es"),
        "es-async": lambda far_end: async_client(far_end.target, "es"),
    },
    reset=lambda far_end: far_end.clear(),
    # OpenTelemetry's instrumentation of synchronous gRPC knows the global provider alone: its
    # silence is tested beside the turns.
    unseen_by_others=True,
    common={
        semconv.GEN_AI_OPERATION_NAME: "invoke_agent",
        semconv.GEN_AI_PROVIDER_NAME: "gcp.dialogflow",
        semconv.GEN_AI_CONVERSATION_ID: "call-1",
    },
    examples=(*CX_EXAMPLES, *ES_EXAMPLES),
    slow=Example(
        operation="detect_intent",
        prepare=failing("detect_intent", Fault(hang=True)),
        call=lambda at: hello(at, timeout=0.5, retry=None),
        call_async=hello,
        raises=Exception,
    ),
    canaries=(*canaries(ask, *CX, "cx-rest"), *canaries(ask_es, *ES)),
)


class TestDialogflow(VendorContract):
    """The contract that every vendor keeps."""

    case = CASE
