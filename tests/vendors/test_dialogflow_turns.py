"""Dialogflow: how turns go, what reaches the webhook, and what the score makes of them."""

from __future__ import annotations

import copy
from contextlib import contextmanager
from importlib import metadata
from typing import TYPE_CHECKING, Any

import pytest
from google.api_core import exceptions
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

import cxotel
from cxotel import semconv
from cxotel.demo.far_ends import Fault, LoopbackServer
from cxotel.demo.far_ends.dialogflow import (
    DialogflowFarEnd,
    Turn,
    client,
    library,
    rest_client,
)
from cxotel.engine.instrumentation import instrument, uninstrument
from cxotel.engine.requirements import check
from cxotel.testing import Telemetry
from cxotel.testing.neighbours import neighbours
from cxotel.vendors import load
from tests.vendors.dialogflow_requests import ask, ask_es, audio, spoken
from tests.vendors.scored import calls, lost, scored, watching

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from starlette.requests import Request

RESULT = semconv.CX_BOT_TURN_RESULT


@pytest.fixture(scope="module")
def running() -> Iterator[DialogflowFarEnd]:
    """One far end for all tests of this file, over gRPC and HTTP."""
    with DialogflowFarEnd(rest=True) as far_end:
        yield far_end


@pytest.fixture
def far_end(running: DialogflowFarEnd) -> Iterator[DialogflowFarEnd]:
    """The far end with nothing wrong; no handler of it may crash."""
    running.clear()
    running.bot.webhook_url = None
    yield running
    assert running.crashes == []


@pytest.fixture
def cx(far_end: DialogflowFarEnd) -> Iterator[Any]:
    """A real synchronous CX client over gRPC."""
    with client(far_end.target) as connected:
        yield connected


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    """What Dialogflow's calls tell."""
    with watching("dialogflow") as seen:
        yield seen


def only(telemetry: Telemetry) -> dict[str, Any]:
    """Return the attributes of the one span of a call."""
    (span,) = calls(telemetry)
    attributes: dict[str, Any] = span["attributes"]
    return attributes


@pytest.mark.parametrize(
    ("turn", "result"),
    [
        (Turn(), "matched"),
        (Turn(match="PARAMETER_FILLING"), "matched"),
        (Turn(match="PLAYBOOK"), "matched"),
        (Turn(match="NO_MATCH", confidence=0.3), "no_match"),
        (Turn(match="NO_INPUT"), "no_input"),
        (Turn(match="NO_MATCH", handoff={}), "escalated"),
    ],
)
def test_turn_tells_how_it_went(
    far_end: DialogflowFarEnd, cx: Any, telemetry: Telemetry, turn: Turn, result: str
) -> None:
    """A turn was understood, or not, or handed over; a miss has no confidence to speak of."""
    far_end.bot.script(turn)
    cx.detect_intent(request=ask("hello"))
    told = only(telemetry)
    assert told[RESULT] == result
    assert told[semconv.CX_BOT_TURN_MATCH_TYPE] == turn.match
    assert semconv.CX_BOT_INTENT_CONFIDENCE not in told


def test_match_that_nobody_specified_is_absent(
    far_end: DialogflowFarEnd, cx: Any, telemetry: Telemetry
) -> None:
    """A reply that says nothing of a match tells no result, and no type of match."""
    reply = {"responseId": "r-1", "queryResult": {"match": {"resolvedInput": "hi"}}}
    far_end.replies.push("detect_intent", 0, {}, reply)
    cx.detect_intent(request=ask("hello"))
    assert RESULT not in only(telemetry)
    assert semconv.CX_BOT_TURN_MATCH_TYPE not in only(telemetry)


@pytest.mark.parametrize("reason", ["The customer is angry about +15558675309", "my purple walrus"])
def test_reason_that_is_a_sentence_stays_inside(
    far_end: DialogflowFarEnd, cx: Any, telemetry: Telemetry, reason: str
) -> None:
    """Why a bot hands over is told by a code, and not in words that a customer may have said."""
    far_end.bot.script(Turn(handoff={"queue": "Returns EU", "reason": reason, "priority": 3}))
    cx.detect_intent(request=ask("hello"))
    (span,) = calls(telemetry)
    (event,) = span["events"]
    assert event["attributes"][semconv.CX_QUEUE_NAME] == "Returns EU"
    assert semconv.CX_HANDOFF_REASON not in event["attributes"]


@pytest.mark.parametrize(
    ("query", "modality"),
    [({"text": {"text": "hello"}}, None), ({"audio": {"config": {}, "audio": b"hello"}}, "voice")],
)
def test_request_of_messages_within_a_mapping_is_read(
    cx: Any, telemetry: Telemetry, query: dict[str, Any], modality: str | None
) -> None:
    """What a message does not hold is not there, also where a mapping holds the message."""
    held = library("cx").QueryInput(**query, language_code="en")
    cx.detect_intent(request={"session": ask("")["session"], "query_input": held})
    assert only(telemetry).get(semconv.CX_BOT_TURN_MODALITY) == modality


def test_es_alone_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """An application that has only the ES library installed is observed too."""
    installed = metadata.version

    def version(name: str) -> str:
        if name == "google-cloud-dialogflow-cx":
            raise metadata.PackageNotFoundError(name)
        return installed(name)

    monkeypatch.setattr(metadata, "version", version)
    assert check(load("dialogflow").requires).missing is None


@pytest.mark.parametrize("edition", ["cx-beta", "es-beta"])
def test_beta_clients_are_observed_too(
    far_end: DialogflowFarEnd, telemetry: Telemetry, edition: Any
) -> None:
    """The packages of the beta versions tell the same."""
    request = (ask if edition == "cx-beta" else ask_es)("I want a refund")
    with client(far_end.target, edition) as connected:
        connected.detect_intent(request=request)
    assert only(telemetry)[semconv.CX_BOT_INTENT_NAME] == "refund.request"


def test_es_over_http_tells_its_session(far_end: DialogflowFarEnd, telemetry: Telemetry) -> None:
    """The HTTP transport of ES passes the same methods."""
    with rest_client(far_end.url, "es") as connected:
        connected.detect_intent(request=ask_es("hello"))
    assert only(telemetry)[semconv.GEN_AI_CONVERSATION_ID] == "call-1"


def test_stream_over_http_is_one_turn(far_end: DialogflowFarEnd, telemetry: Telemetry) -> None:
    """What the bot says early is not the answer; the turn lasts until the answer is there."""
    far_end.bot.script(Turn("Found it.", intent="order.status", partials=("One moment…",)))
    with rest_client(far_end.url) as connected:
        stream = connected.server_streaming_detect_intent(request=ask("my order"))
        assert [reply.response_type.name for reply in stream] == ["PARTIAL", "FINAL"]
    assert only(telemetry)[semconv.CX_BOT_INTENT_NAME] == "order.status"


def test_stream_given_up_early_tells_no_result(cx: Any, telemetry: Telemetry) -> None:
    """A caller who hangs up while speaking has had no answer: nothing is made up."""
    stream = cx.streaming_detect_intent(requests=iter(spoken("I want ", "a refund")))
    next(stream)
    stream.cancel()
    told = only(telemetry)
    assert told[semconv.CX_BOT_TURN_MODALITY] == "voice"
    assert RESULT not in told
    assert semconv.ERROR_TYPE not in told


def test_error_tells_googles_reason(
    far_end: DialogflowFarEnd, cx: Any, telemetry: Telemetry
) -> None:
    """The reason in ErrorInfo is the vendor's code; its message stays inside."""
    fault = Fault(failure="not_found", message="No agent for +15558675309")
    far_end.faults.add("dialogflow", "detect_intent", fault)
    with pytest.raises(exceptions.NotFound):
        cx.detect_intent(request=ask("hello"))
    told = only(telemetry)
    assert told[semconv.ERROR_TYPE] == "NotFound"
    assert told[semconv.CX_VENDOR_ERROR_CODE] == "RESOURCE_NOT_FOUND"
    assert b"8675309" not in telemetry.exported()


def test_error_without_details_tells_its_status(
    far_end: DialogflowFarEnd, cx: Any, telemetry: Telemetry
) -> None:
    """Where Google gives no reason, as when the deadline is over, the canonical code is told."""
    far_end.faults.add("dialogflow", "detect_intent", Fault(hang=True))
    with pytest.raises(exceptions.DeadlineExceeded):
        cx.detect_intent(request=ask("hello"), timeout=0.2, retry=None)
    told = only(telemetry)
    assert told[semconv.CX_VENDOR_ERROR_CODE] == "DEADLINE_EXCEEDED"
    assert told[semconv.CX_CALL_TIMED_OUT] is True


def test_otels_grpc_instrumentation_is_silent_inside(
    far_end: DialogflowFarEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OpenTelemetry's span of the same call, which would repeat errors' words, is not made."""
    words = "No agent for +15558675309"
    with Telemetry() as telemetry, neighbours(telemetry):
        # That instrumentation knows no other provider than the global one.
        monkeypatch.setattr("opentelemetry.trace._TRACER_PROVIDER", telemetry.tracer_provider)
        with client(far_end.target) as connected:
            connected.detect_intent(request=ask("hello"))
            assert [span["scope"] for span in calls(telemetry)] == [
                "opentelemetry.instrumentation.grpc"
            ]
            telemetry.clear()
            instrument("dialogflow", tracer_provider=telemetry.tracer_provider)
            far_end.faults.add("dialogflow", "*", Fault(failure="invalid", message=words))
            try:
                with pytest.raises(exceptions.BadRequest):
                    connected.detect_intent(request=ask("hello"))
            finally:
                uninstrument("dialogflow")
        assert [span["scope"] for span in calls(telemetry)] == ["cxotel.dialogflow"]
        assert b"8675309" not in telemetry.exported()


@contextmanager
def webhook(far_end: DialogflowFarEnd) -> Generator[list[Any], None, None]:
    """Serve a fulfilment webhook, and give the header fields that it gets."""
    got: list[Any] = []

    async def fulfil(request: Request) -> JSONResponse:
        got.append(request.headers)
        return JSONResponse({"fulfillmentResponse": {}})

    with LoopbackServer(Starlette(routes=[Route("/", fulfil, methods=["POST"])])) as service:
        far_end.bot.webhook_url = service.url
        yield got


@contextmanager
def carrying() -> Generator[Telemetry, None, None]:
    """Observe with the journey id sent along to webhooks, inside a journey."""
    with Telemetry() as telemetry:
        instrument("dialogflow", tracer_provider=telemetry.tracer_provider, carry=["dialogflow"])
        try:
            with cxotel.journey("refund", journey_id="j-1"):
                yield telemetry
        finally:
            uninstrument("dialogflow")


@pytest.mark.parametrize("form", ["mapping", "message", "mapping of messages"])
def test_webhook_joins_the_journey_where_switched_on(
    far_end: DialogflowFarEnd, cx: Any, form: str
) -> None:
    """The webhook gets the journey id and the call's span, and the caller's request stays as is."""
    request: Any = ask("where is my order", webhook_headers={"x-shop": "eu"})
    if form == "message":
        request = library("cx").DetectIntentRequest(request)
    elif form == "mapping of messages":
        request["query_params"] = library("cx").QueryParameters(request["query_params"])
    before = copy.deepcopy(request)
    with webhook(far_end) as got, carrying() as telemetry:
        cx.detect_intent(request=request)
        (span,) = calls(telemetry)
    (headers,) = got
    assert headers["baggage"] == "cx.journey.id=j-1"
    assert headers["traceparent"] == f"00-{span['trace_id']}-{span['span_id']}-01"
    assert headers["x-shop"] == "eu"
    assert request == before
    assert span["attributes"][semconv.CX_BOT_WEBHOOK_DURATION] >= 0


def test_what_the_caller_sends_to_the_webhook_comes_first(
    far_end: DialogflowFarEnd, cx: Any
) -> None:
    """A trace that the application itself sends there is not replaced."""
    own = {"traceparent": f"00-{'1' * 32}-{'2' * 16}-01"}
    with webhook(far_end) as got, carrying():
        cx.detect_intent(request=ask("where is my order", webhook_headers=own))
    assert got[0]["traceparent"] == own["traceparent"]
    assert got[0]["baggage"] == "cx.journey.id=j-1"


def test_webhook_gets_nothing_where_not_switched_on(
    far_end: DialogflowFarEnd, cx: Any, telemetry: Telemetry
) -> None:
    """Unasked, nothing is added to what the caller sends."""
    with webhook(far_end) as got, cxotel.journey("refund", journey_id="j-1"):
        cx.detect_intent(request=ask("where is my order"))
    assert "traceparent" not in got[0]
    assert "baggage" not in got[0]


def test_repeated_misses_cost_effort(far_end: DialogflowFarEnd, cx: Any) -> None:
    """A customer whom the bot asks again three times has made an effort, and the bot is blamed."""
    far_end.bot.script(*[Turn("Sorry?", "NO_MATCH")] * 3)
    with scored("dialogflow") as told:
        for _ in range(4):
            cx.detect_intent(request=ask("I want a refund"))
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "dialogflow"
    assert lost(told) == {"effort"}


def test_refused_turn_costs_reliability(far_end: DialogflowFarEnd, cx: Any) -> None:
    """A quota that is used up is the bot's failure where the journey meets it."""
    far_end.faults.add("dialogflow", "detect_intent", Fault(failure="throttled"))
    with pytest.raises(exceptions.TooManyRequests), scored("dialogflow") as told:
        cx.detect_intent(request=ask("hello"), retry=None)
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "dialogflow"
    assert "reliability" in lost(told)


def test_slow_answer_costs_responsiveness(far_end: DialogflowFarEnd, cx: Any) -> None:
    """A caller who waits four seconds for the bot's answer has waited for the bot."""
    far_end.faults.add("dialogflow", "detect_intent", Fault(latency=4.0, times=1))
    with scored("dialogflow") as told:
        cx.detect_intent(request=audio("I want a refund"))
    assert lost(told) == {"responsiveness"}


def test_transfer_by_the_bot_costs_effort(far_end: DialogflowFarEnd, cx: Any) -> None:
    """A cold transfer to a number is a start from nothing for the customer."""
    far_end.bot.script(Turn("One moment", transfer_to="+15550123"))
    with scored("dialogflow") as told:
        cx.detect_intent(request=ask("I want a refund"))
    assert lost(told) == {"effort"}
