"""The real Dialogflow clients, of both editions and over each transport, against the far end."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest
from google.api_core import exceptions
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from cxotel.demo.far_ends import Fault, LoopbackServer
from cxotel.demo.far_ends.dialogflow import (
    Bot,
    DialogflowFarEnd,
    Turn,
    async_client,
    client,
    library,
    rest_client,
    session,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from starlette.requests import Request

SESSION = session("cx", "call-1")
ES_SESSION = session("es", "call-1")


@pytest.fixture(scope="module")
def running() -> Iterator[DialogflowFarEnd]:
    """One far end for all tests of this file, over gRPC and HTTP."""
    with DialogflowFarEnd(rest=True) as far_end:
        yield far_end


@pytest.fixture
def far_end(running: DialogflowFarEnd) -> Iterator[DialogflowFarEnd]:
    """The far end with nothing wrong; no handler of it may crash."""
    running.clear()
    running.bot.escalate_after = None
    running.bot.webhook_url = None
    yield running
    assert running.crashes == []


@pytest.fixture
def cx(far_end: DialogflowFarEnd) -> Iterator[Any]:
    """A real synchronous CX client over gRPC."""
    with client(far_end.target) as connected:
        yield connected


@pytest.fixture
def es(far_end: DialogflowFarEnd) -> Iterator[Any]:
    """A real synchronous ES client over gRPC."""
    with client(far_end.target, "es") as connected:
        yield connected


def text(words: str, name: str = SESSION, **params: Any) -> dict[str, Any]:
    """Make a CX request from words."""
    query = {"text": {"text": words}, "language_code": "en"}
    return {"session": name, "query_input": query, "query_params": params}


def es_text(words: str, **params: Any) -> dict[str, Any]:
    """Make an ES request from words."""
    query = {"text": {"text": words, "language_code": "en"}}
    return {"session": ES_SESSION, "query_input": query, "query_params": params}


def match_type(response: Any) -> str:
    """Return how a CX response was matched."""
    return response.query_result.match.match_type.name


def test_words_match_an_intent(far_end: DialogflowFarEnd, cx: Any) -> None:
    """A known wish comes back as an intent with confidence, page and flow."""
    result = cx.detect_intent(request=text("I want a refund")).query_result
    assert result.match.match_type.name == "INTENT"
    assert result.match.intent.display_name == "refund.request"
    assert result.match.confidence == pytest.approx(0.91)
    assert result.match.resolved_input == "I want a refund"
    assert result.current_page.display_name == "Collect order"
    assert result.response_messages[0].text.text[0].startswith("I can help you")
    received = far_end.received.last
    assert received.operation == "detect_intent"
    assert received.path == "/google.cloud.dialogflow.cx.v3.Sessions/DetectIntent"
    assert "session=" in received.headers["x-goog-request-params"]
    assert received.json["queryInput"]["text"]["text"] == "I want a refund"


def test_bot_gives_up_after_some_misses(far_end: DialogflowFarEnd, cx: Any) -> None:
    """After two turns without a match, and silence, the bot hands over and says why."""
    far_end.bot.escalate_after = 3
    first, second = (cx.detect_intent(request=text("mumble")) for _ in range(2))
    silence = {"event": {"event": "sys.no-input-default"}, "language_code": "en"}
    third = cx.detect_intent(request={"session": SESSION, "query_input": silence})
    assert [match_type(turn) for turn in (first, second, third)] == [
        "NO_MATCH",
        "NO_MATCH",
        "NO_INPUT",
    ]
    handoff = third.query_result.response_messages[1].live_agent_handoff
    assert dict(handoff.metadata) == {"queue": "general", "reason": "no_input"}


def test_scripted_turn_hands_over_transfers_and_ends(far_end: DialogflowFarEnd, cx: Any) -> None:
    """A scripted turn comes back with everything that it says, only in its session."""
    far_end.bot.script(
        Turn(
            "One moment",
            handoff={"queue": "returns", "reason": "angry"},
            transfer_to="+15550100",
            ended=True,
            sentiment=(-0.8, 1.5),
            webhook_latencies=(412.0, 77.0),
            webhook_error="Webhook call failed. Error: DEADLINE_EXCEEDED.",
        ),
        session="call-1",
    )
    other = cx.detect_intent(request=text("hello", session("cx", "call-2")))
    assert len(other.query_result.response_messages) == 1
    request = text("this is a mess", analyze_query_text_sentiment=True)
    result = cx.detect_intent(request=request).query_result
    kinds = [message._pb.WhichOneof("message") for message in result.response_messages]  # noqa: SLF001
    assert kinds == ["text", "live_agent_handoff", "telephony_transfer_call", "end_interaction"]
    assert result.sentiment_analysis_result.score == pytest.approx(-0.8)
    assert list(result.diagnostic_info["Webhook Latencies (ms)"]) == [412.0, 77.0]
    assert result.webhook_statuses[0].code == 13


def test_parameters_stay_in_the_session(cx: Any) -> None:
    """What a client puts into a session comes back in its later turns."""
    parameters = {"cx_journey": "j-1"}
    cx.detect_intent(request=text("hello", parameters=parameters))
    result = cx.detect_intent(request=text("refund")).query_result
    assert dict(result.parameters) == {"cx_journey": "j-1"}


def test_matching_and_fulfilling_are_two_calls(cx: Any) -> None:
    """A match leaves the conversation as it is; fulfilling it takes the turn."""
    request = text("I want a refund")
    match = cx.match_intent(request=request).matches[0]
    assert match.intent.display_name == "refund.request"
    fulfilled = cx.fulfill_intent(request={"match_intent_request": request, "match": match})
    assert fulfilled.query_result.current_flow.display_name == "Refunds"


def test_server_streams_early_replies(far_end: DialogflowFarEnd, cx: Any) -> None:
    """What the bot says before its answer is complete arrives first, marked as partial."""
    far_end.bot.script(Turn("Found it.", intent="order.status", partials=("One moment…",)))
    responses = list(cx.server_streaming_detect_intent(request=text("my order")))
    kinds = [response.response_type.name for response in responses]
    assert kinds == ["PARTIAL", "FINAL"]
    assert responses[0].query_result.response_messages[0].text.text[0] == "One moment…"
    assert responses[1].query_result.match.intent.display_name == "order.status"


def audio_requests(*chunks: str) -> list[dict[str, Any]]:
    """Make the requests of a CX stream: a header, then audio, which is its words."""
    config = {"audio_encoding": "AUDIO_ENCODING_LINEAR_16", "sample_rate_hertz": 16000}
    head = {
        "session": SESSION,
        "query_input": {"audio": {"config": config}, "language_code": "en"},
        "enable_partial_response": True,
    }
    pieces = ({"query_input": {"audio": {"audio": chunk.encode()}}} for chunk in chunks)
    return [head, *pieces]


def cx_stream(*chunks: str) -> Iterator[Any]:
    """Give the requests of a CX stream as its messages."""
    kind = library("cx").StreamingDetectIntentRequest
    return iter([kind(request) for request in audio_requests(*chunks)])


def test_stream_recognises_then_answers(far_end: DialogflowFarEnd, cx: Any) -> None:
    """Audio is heard piece by piece, then answered; early replies are marked as partial."""
    far_end.bot.script(Turn(intent="refund.request", partials=("Hm…",)))
    responses = list(cx.streaming_detect_intent(requests=cx_stream("I want ", "a refund")))
    heard = [each.recognition_result for each in responses if "recognition_result" in each]
    assert [(each.transcript, each.is_final) for each in heard] == [
        ("I want ", False),
        ("I want a refund", False),
        ("I want a refund", True),
    ]
    answers = [each.detect_intent_response for each in responses[3:]]
    assert [answer.response_type.name for answer in answers] == ["PARTIAL", "FINAL"]
    assert answers[1].query_result.transcript == "I want a refund"
    assert len(far_end.received.of("streaming_detect_intent")) == 3


def test_fallback_of_es_is_an_intent_that_it_is_sure_of(es: Any) -> None:
    """ES tells a miss by the fallback flag, with full confidence."""
    result = es.detect_intent(request=es_text("mumble")).query_result
    assert result.intent.is_fallback
    assert result.action == "input.unknown"
    assert result.intent_detection_confidence == 1.0


def test_es_hands_over_and_ends_and_feels(far_end: DialogflowFarEnd, es: Any) -> None:
    """ES marks handover and end on the intent, and the sentiment where asked for it."""
    far_end.bot.script(Turn(intent="angry", handoff={}, ended=True, sentiment=(-0.6, 0.9)))
    config = {"analyze_query_text_sentiment": True}
    request = es_text("I am angry", sentiment_analysis_request_config=config)
    result = es.detect_intent(request=request).query_result
    assert result.intent.live_agent_handoff
    assert result.intent.end_interaction
    score = result.sentiment_analysis_result.query_text_sentiment.score
    assert score == pytest.approx(-0.6)


def test_es_streams_audio(es: Any) -> None:
    """ES hears audio piece by piece, then answers."""
    kind = library("es").StreamingDetectIntentRequest
    config = {"audio_encoding": "AUDIO_ENCODING_LINEAR_16", "language_code": "en"}
    head = kind(session=ES_SESSION, query_input={"audio_config": config})
    chunks = [kind(input_audio=chunk) for chunk in (b"where is ", b"my order")]
    responses = list(es.streaming_detect_intent(requests=iter([head, *chunks])))
    assert responses[2].recognition_result.is_final
    assert responses[3].query_result.intent.display_name == "order.status"
    assert responses[3].query_result.query_text == "where is my order"


@pytest.mark.parametrize("edition", ["cx-beta", "es-beta"])
def test_beta_clients_are_answered_too(far_end: DialogflowFarEnd, edition: Any) -> None:
    """The beta packages talk to their own service names and get the same turns."""
    with client(far_end.target, edition) as connected:
        request = text("refund") if edition == "cx-beta" else es_text("refund")
        result = connected.detect_intent(request=request).query_result
    assert "refund" in result.intent.display_name or "refund" in result.match.intent.display_name


def test_quota_error_says_why_and_when_to_retry(far_end: DialogflowFarEnd, cx: Any) -> None:
    """A throttled call carries Google's reason, domain and retry delay in its details."""
    fault = Fault(failure="throttled", retry_after=1.5, message="Quota exceeded by +15550100")
    far_end.faults.add("dialogflow", "detect_intent", fault)
    with pytest.raises(exceptions.ResourceExhausted) as throttled:
        cx.detect_intent(request=text("hello"))
    error: Any = throttled.value
    assert (error.reason, error.domain) == ("RATE_LIMIT_EXCEEDED", "dialogflow.googleapis.com")
    assert "+15550100" in error.message
    assert [type(detail).__name__ for detail in error.details] == ["ErrorInfo", "RetryInfo"]


def test_library_retries_when_unavailable(far_end: DialogflowFarEnd, cx: Any) -> None:
    """One unavailable answer is made good by the library's own retry, unseen by the caller."""
    far_end.faults.add("dialogflow", "detect_intent", Fault(failure="unavailable", times=1))
    assert match_type(cx.detect_intent(request=text("refund"))) == "INTENT"
    assert len(far_end.received) == 2


def test_hang_ends_at_the_clients_deadline(far_end: DialogflowFarEnd, cx: Any) -> None:
    """A call that never answers ends when the client's time is up."""
    far_end.faults.add("dialogflow", "detect_intent", Fault(hang=True))
    with pytest.raises(exceptions.DeadlineExceeded):
        cx.detect_intent(request=text("hello"), timeout=0.2, retry=None)


def test_cut_stream_fails_after_what_it_sent(far_end: DialogflowFarEnd, cx: Any) -> None:
    """A stream that breaks gives its first messages, then an error."""
    far_end.faults.add("dialogflow", "streaming_detect_intent", Fault(truncate=2))
    stream = cx.streaming_detect_intent(requests=cx_stream("a ", "b ", "refund"))
    assert [next(stream).recognition_result.transcript for _ in range(2)] == ["a ", "a b "]
    with pytest.raises(exceptions.ServiceUnavailable):
        next(stream)


def test_fault_makes_one_session_lost(far_end: DialogflowFarEnd, cx: Any) -> None:
    """A change of the turn hits the session it is for, as often as it says."""
    changes = {"match": "NO_MATCH", "intent": "", "reply": "Sorry?"}
    fault = Fault(changes=changes, scope="call-1", times=2)
    far_end.faults.add("dialogflow", "detect_intent", fault)
    theirs = [match_type(cx.detect_intent(request=text("refund"))) for _ in range(3)]
    assert theirs == ["NO_MATCH", "NO_MATCH", "INTENT"]
    assert match_type(cx.detect_intent(request=text("refund", session("cx", "x")))) == "INTENT"


def test_scripted_reply_is_given_exactly(far_end: DialogflowFarEnd, cx: Any) -> None:
    """A pushed message answers the next call as it is; a list answers a stream."""
    body = {"responseId": "r-1", "queryResult": {"text": "hi"}}
    far_end.replies.push("detect_intent", 0, {"x-debug": "1"}, body)
    assert cx.detect_intent(request=text("hello")).response_id == "r-1"
    far_end.replies.push("server_streaming_detect_intent", 0, {}, [body, body])
    assert len(list(cx.server_streaming_detect_intent(request=text("hello")))) == 2
    far_end.replies.push("detect_intent", 7, {}, {"reason": "NO", "message": "Not for you"})
    with pytest.raises(exceptions.PermissionDenied):
        cx.detect_intent(request=text("hello"))


def test_webhook_is_called_with_the_clients_headers(far_end: DialogflowFarEnd, cx: Any) -> None:
    """The fulfilment service is called inside the turn; its time and answer come back."""
    called: list[Any] = []

    async def fulfil(request: Request) -> JSONResponse:
        called.append((request.headers["traceparent"], (await request.json())["fulfillmentInfo"]))
        messages = [{"text": {"text": ["It arrives on Monday."]}}]
        return JSONResponse({"fulfillmentResponse": {"messages": messages}})

    with LoopbackServer(Starlette(routes=[Route("/hook", fulfil, methods=["POST"])])) as service:
        far_end.bot.webhook_url = f"{service.url}/hook"
        headers = {"traceparent": "00-1-2-01"}
        request = text("where is my order", webhook_headers=headers)
        result = cx.detect_intent(request=request).query_result
        far_end.bot.webhook_url = f"{service.url}/nothing"
        failed = cx.detect_intent(request=text("where is my order")).query_result
    assert called == [("00-1-2-01", {"tag": "order-status"})]
    assert result.response_messages[0].text.text[0] == "It arrives on Monday."
    assert result.diagnostic_info["Webhook Latencies (ms)"][0] > 0
    assert failed.webhook_statuses[0].message == "Webhook call failed. Status: 404."


async def test_asynchronous_clients_do_the_same(far_end: DialogflowFarEnd) -> None:
    """The asyncio clients answer concurrent turns, stream, and see errors."""
    async with async_client(far_end.target) as cx, async_client(far_end.target, "es") as es:
        names = [session("cx", f"chat-{number}") for number in range(4)]
        requests = [text("refund", name) for name in names]
        turns = await asyncio.gather(*(cx.detect_intent(request=each) for each in requests))
        assert {match_type(turn) for turn in turns} == {"INTENT"}

        async def speak() -> AsyncIterator[Any]:
            for request in cx_stream("a refund"):
                yield request

        stream = await cx.streaming_detect_intent(requests=speak())
        last = [response async for response in stream][-1].detect_intent_response
        assert last.query_result.match.intent.display_name == "refund.request"
        early = await cx.server_streaming_detect_intent(request=text("refund"))
        assert [each.response_type.name async for each in early] == ["FINAL"]
        fallback = await es.detect_intent(request=es_text("mumble"))
        assert fallback.query_result.intent.is_fallback
        far_end.faults.add("dialogflow", "match_intent", Fault(failure="not_found"))
        with pytest.raises(exceptions.NotFound):
            await cx.match_intent(request=text("hello"))


def test_cancelled_stream_ends_quietly(far_end: DialogflowFarEnd, cx: Any) -> None:
    """A client that cancels in the middle of speaking leaves no crash behind."""
    speaking = threading.Event()

    def speak() -> Iterator[Any]:
        yield from cx_stream("a ")
        speaking.wait(5)

    stream = cx.streaming_detect_intent(requests=speak())
    assert next(stream).recognition_result.transcript == "a "
    stream.cancel()
    speaking.set()
    with pytest.raises(exceptions.Cancelled):
        next(stream)
    assert match_type(cx.detect_intent(request=text("refund"))) == "INTENT"


@pytest.mark.parametrize(("edition", "name"), [("cx", SESSION), ("es", ES_SESSION)])
def test_rest_transport_says_the_same(far_end: DialogflowFarEnd, edition: Any, name: str) -> None:
    """Over HTTP the same client class gets the same turns and errors."""
    query = {"text": {"text": "refund"}, "language_code": "en"}
    if edition == "es":
        query = {"text": {"text": "refund", "language_code": "en"}}
    request = {"session": name, "query_input": query}
    with rest_client(far_end.url, edition) as connected:
        result = connected.detect_intent(request=request).query_result
        matched = result.intent if edition == "es" else result.match.intent
        assert matched.display_name == "refund.request"
        far_end.faults.add("dialogflow", "detect_intent", Fault(failure="throttled"))
        with pytest.raises(exceptions.TooManyRequests, match="Quota exceeded"):
            connected.detect_intent(request=request)
    assert [each.method for each in far_end.received] == ["POST", "POST"]


def test_rest_transport_streams_and_is_changed(far_end: DialogflowFarEnd) -> None:
    """Server streaming works over HTTP, scoped changes of the turn too, and environments."""
    name = session("cx", "web-1", environment="prod")
    changes = {"match": "NO_MATCH", "partials": ("Hm…",)}
    far_end.faults.add("dialogflow", "*", Fault(changes=changes, scope="web-1"))
    with rest_client(far_end.url) as cx:
        responses = list(cx.server_streaming_detect_intent(request=text("refund", name)))
        matched = cx.match_intent(request=text("refund", name)).matches[0]
    assert [each.response_type.name for each in responses] == ["PARTIAL", "FINAL"]
    assert match_type(responses[1]) == "NO_MATCH"
    assert responses[1].query_result.current_page.name.startswith(name.split("/environments")[0])
    assert matched.match_type.name == "NO_MATCH"


def test_stopping_ends_calls_that_hang() -> None:
    """A far end stops while a call hangs, and the caller sees the call end."""
    far_end = DialogflowFarEnd(bot=Bot(rules=())).start()
    far_end.faults.add("dialogflow", "detect_intent", Fault(hang=True))
    ended: list[Exception] = []

    def call() -> None:
        with client(far_end.target) as cx:
            try:
                cx.detect_intent(request=text("hello"), retry=None, timeout=20)
            except exceptions.GoogleAPICallError as error:
                ended.append(error)

    caller = threading.Thread(target=call)
    caller.start()
    assert far_end.received.wait_for(1)
    far_end.stop()
    caller.join(5)
    assert len(ended) == 1
