"""Dialogflow CX and ES, at the methods of their session clients: a call is a turn of the bot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxotel import semconv
from cxotel.engine import (
    Operation,
    Target,
    Vendor,
    body,
    const,
    decimal,
    elapsed,
    first,
    handed_off,
    having,
    named,
    protobuf,
    told,
    walk,
    word,
)
from cxotel.vendors.dialogflow_webhook import carry

if TYPE_CHECKING:
    from cxotel.engine import Call, Reader

CX = ("dialogflowcx_v3", "dialogflowcx_v3beta1")
ES = ("dialogflow_v2", "dialogflow_v2beta1")
_STREAMED = frozenset({"streaming_detect_intent", "server_streaming_detect_intent"})
_METHODS = {
    CX: ("detect_intent", "match_intent", "fulfill_intent", *sorted(_STREAMED)),
    ES: ("detect_intent", "streaming_detect_intent"),
}
MESSAGES = body("query_result", "response_messages")
_NOT_MATCHED = {"NO_MATCH": "no_match", "NO_INPUT": "no_input"}
"""https://cloud.google.com/dialogflow/cx/docs/reference/rest/v3/Match, MatchType."""


def _targets() -> tuple[Target, ...]:
    """Return the sync and the async client's methods of every version of both interfaces."""
    clients = (("client", "SessionsClient"), ("async_client", "SessionsAsyncClient"))
    return tuple(
        Target(
            f"google.cloud.{version}.services.sessions.{module}",
            f"{client}.{method}",
            streams=method in _STREAMED,
        )
        for versions, methods in _METHODS.items()
        for version in versions
        for module, client in clients
        for method in methods
    )


def _asked(*path: str) -> Reader:
    """Return a reader of the request: a message, a mapping, or the first one of a stream."""

    def read(call: Call) -> Any:
        request = call.notes["sent"] if "sent" in call.notes else call.argument("request")
        if request is None:  # ES takes its parts as arguments too
            request = {path[0]: protobuf(call.argument(path[0]))}
        asked = protobuf(request)
        return walk(walk(asked, ("match_intent_request",)) or asked, path)

    return read


def _handoffs(call: Call) -> list[Any]:
    """Read what hands over to a human: messages of CX, or the intent of ES."""
    intent = walk(call.document, ("query_result", "intent"))
    handing = [intent] if walk(intent, ("live_agent_handoff",)) else []
    return handing or having("live_agent_handoff", MESSAGES)(call)


def _metadata(key: str) -> Reader:
    """Return a reader of what the bot's author handed to the agent's side."""

    def read(call: Call) -> Any:
        fields = walk(call.item, ("live_agent_handoff", "metadata"))
        return fields[key] if fields is not None and key in fields.fields else None

    return read


def _result(call: Call) -> str | None:
    """Read how the turn went: a handoff to a human counts before what was matched."""
    kind = walk(call.document, ("query_result", "match", "match_type"))
    intent = walk(call.document, ("query_result", "intent"))
    if _handoffs(call):
        return "escalated"
    if walk(intent, ("is_fallback",)):
        return "fallback"
    return _NOT_MATCHED.get(kind, "matched") if kind or intent is not None else None


def _ended(call: Call) -> bool | None:
    """Read whether the bot ended the conversation; it says so, or says nothing."""
    by_intent = walk(call.document, ("query_result", "intent", "end_interaction"))
    return bool(by_intent or having("end_interaction", MESSAGES)(call)) or None


def _confidence(call: Call) -> float | None:
    """Read the confidence of what was matched; that of a fallback is made up by the service."""
    if _result(call) in {"fallback", "no_match", "no_input"}:
        return None
    return first(
        body("query_result", "match", "confidence"),
        body("query_result", "intent_detection_confidence"),
    )(call)


def _webhook_ms(call: Call) -> int | None:
    """Read how long the fulfilment webhooks took, where diagnostics tell it."""
    diagnosis = walk(call.document, ("query_result", "diagnostic_info"))
    if diagnosis is None:
        return None
    if "webhook_latency_ms" in diagnosis.fields:
        return round(diagnosis["webhook_latency_ms"])
    if "Webhook Latencies (ms)" in diagnosis.fields:
        return round(sum(diagnosis["Webhook Latencies (ms)"]))
    return None


def _reply_in_stream(message: Any) -> object:
    """Return the reply out of a streamed message; transcripts and partial replies are not it."""
    inner = walk(message, ("detect_intent_response",))
    reply = message if inner is None else inner
    partial = walk(reply, ("response_type",)) == "PARTIAL"
    return None if partial or walk(reply, ("query_result",)) is None else reply


FACTS = (
    handed_off(
        "bot_to_human",
        {
            semconv.CX_HANDOFF_REASON: word(_metadata("reason")),
            semconv.CX_QUEUE_NAME: _metadata("queue"),
        },
        fact_id=body("response_id"),
        each=_handoffs,
    ),
    handed_off("transfer_cold", warm=False, each=having("telephony_transfer_call", MESSAGES)),
    told(
        "outcome",
        {semconv.CX_JOURNEY_OUTCOME: const("contained")},
        each=having("conversation_success", MESSAGES),
    ),
)
AUDIO = first(
    _asked("query_input", "audio"), _asked("query_input", "audio_config"), _asked("input_audio")
)
TURN: dict[str, Reader] = {
    semconv.CX_EVIDENCE_ID: body("response_id"),
    semconv.CX_BOT_TURN_ID: body("response_id"),
    semconv.CX_BOT_TURN_DURATION: elapsed,
    semconv.CX_BOT_TURN_MEASURED_FROM: const("request"),
    # Text says nothing: it may be the transcript of a call.
    semconv.CX_BOT_TURN_MODALITY: const("voice", when=AUDIO),
    semconv.CX_BOT_TURN_RESULT: _result,
    semconv.CX_BOT_TURN_MATCH_TYPE: body("query_result", "match", "match_type"),
    semconv.CX_BOT_INTENT_NAME: first(
        body("query_result", "match", "intent", "display_name"),
        body("query_result", "intent", "display_name"),
    ),
    semconv.CX_BOT_INTENT_CONFIDENCE: decimal(_confidence),
    semconv.CX_BOT_FLOW_NAME: body("query_result", "current_flow", "display_name"),
    semconv.CX_BOT_PAGE_NAME: body("query_result", "current_page", "display_name"),
    semconv.CX_BOT_SENTIMENT_SCORE: decimal(
        first(
            body("query_result", "sentiment_analysis_result", "score"),
            body("query_result", "sentiment_analysis_result", "query_text_sentiment", "score"),
        )
    ),
    semconv.CX_BOT_WEBHOOK_DURATION: _webhook_ms,
    semconv.CX_BOT_CONVERSATION_ENDED: _ended,
}


def _turn(name: str, **how: Any) -> Operation:
    shows = ("responsiveness", "reliability", "effort")
    return Operation(name, kind="turn", shows=shows, response=TURN, facts=FACTS, **how)


VENDOR = Vendor(
    name="dialogflow",
    layer="ai",
    requires=("google-cloud-dialogflow-cx >= 1.35", "google-cloud-dialogflow >= 2.31"),
    targets=_targets(),
    clients=tuple(f"google.cloud.{version}." for version in (*CX, *ES)),
    identify=lambda call: call.function,
    document=protobuf,
    # Older releases of google-api-core find no reason in an error over REST; its details hold it.
    error_code=lambda error: (
        walk(error, ("reason",))
        or walk(error, ("details", 0, "reason"))
        or walk(error, ("grpc_status_code", "name"))
    ),
    throttled=frozenset({"RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED"}),
    request={
        semconv.GEN_AI_OPERATION_NAME: const("invoke_agent"),
        semconv.GEN_AI_PROVIDER_NAME: const("gcp.dialogflow"),
    },
    response={
        semconv.GEN_AI_AGENT_ID: named("agents", _asked("session")),
        semconv.GEN_AI_CONVERSATION_ID: named("sessions", _asked("session")),
    },
    operations={
        "detect_intent": _turn("detect_intent", carry=carry),
        "server_streaming_detect_intent": _turn(
            "detect_intent", select=_reply_in_stream, carry=carry
        ),
        "streaming_detect_intent": _turn(
            "stream_intent", select=_reply_in_stream, sends="requests"
        ),
        "fulfill_intent": _turn("fulfill_intent"),
        "match_intent": Operation("match_intent"),
    },
)
