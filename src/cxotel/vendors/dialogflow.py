"""Dialogflow CX and ES, at the methods of their session clients: a call is a turn of the bot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from cxotel import semconv
from cxotel.engine import (
    Arguments,
    Fact,
    Operation,
    Target,
    Vendor,
    body,
    const,
    decimal,
    elapsed,
    first,
    walk,
    word,
)

if TYPE_CHECKING:
    from cxotel.engine import Call, Reader

CX = ("dialogflowcx_v3", "dialogflowcx_v3beta1")
ES = ("dialogflow_v2", "dialogflow_v2beta1")
_STREAMED = frozenset({"streaming_detect_intent", "server_streaming_detect_intent"})
_METHODS = {
    CX: ("detect_intent", "match_intent", "fulfill_intent", *sorted(_STREAMED)),
    ES: ("detect_intent", "streaming_detect_intent"),
}
_FLATTENED = ("session", "query_input")
"""Parts of a request that ES takes as arguments in place of one."""
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


def _raw(message: Any) -> Any:
    """Return the protobuf message inside a proto-plus one: reading it is ten times cheaper."""
    pb: Any = getattr(type(message), "pb", None)  # pyright: ignore[reportUnknownArgumentType] - any
    return message if pb is None else pb(message)


def _asked(*path: str) -> Reader:
    """Return a reader of the request: a message, a mapping, or the first one of a stream."""

    def read(call: Call) -> Any:
        request = call.notes["sent"] if "sent" in call.notes else call.argument("request")
        if request is None:  # ES takes its parts as arguments too
            request = {path[0]: _raw(call.argument(path[0]))}
        asked = _raw(request)
        return walk(walk(asked, ("match_intent_request",)) or asked, path)

    return read


def _part_of_session(name: str) -> Reader:
    """Return a reader of a part of the session's path, `…/agents/A/environments/E/sessions/S`."""

    def read(call: Call) -> str | None:
        parts = str(_asked("session")(call) or "").split("/")
        return parts[parts.index(name) + 1] if name in parts[:-1] else None

    return read


def _messages(kind: str) -> Reader:
    """Return a reader of those of the bot's messages that are of a kind."""

    def read(call: Call) -> list[Any]:
        messages = walk(call.document, ("query_result", "response_messages")) or ()
        return [one for one in messages if walk(one, (kind,)) is not None]

    return read


def _handoffs(call: Call) -> list[Any]:
    """Read what hands over to a human: messages of CX, or the intent of ES."""
    intent = walk(call.document, ("query_result", "intent"))
    handing = [intent] if walk(intent, ("live_agent_handoff",)) else []
    return handing or _messages("live_agent_handoff")(call)


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
    return bool(by_intent or _messages("end_interaction")(call)) or None


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
    told = walk(call.document, ("query_result", "diagnostic_info"))
    if told is None:
        return None
    if "webhook_latency_ms" in told.fields:
        return round(told["webhook_latency_ms"])
    if "Webhook Latencies (ms)" in told.fields:
        return round(sum(told["Webhook Latencies (ms)"]))
    return None


def _reply_in_stream(message: Any) -> object:
    """Return the reply out of a streamed message; transcripts and partial replies are not it."""
    inner = walk(message, ("detect_intent_response",))
    reply = message if inner is None else inner
    partial = walk(reply, ("response_type",)) == "PARTIAL"
    return None if partial or walk(reply, ("query_result",)) is None else reply


def _carry(call: Call, journey_id: str) -> Arguments | None:
    """Send the journey id along to the fulfilment webhook, as the headers that it would read.

    What the caller sends there itself comes first.
    https://cloud.google.com/dialogflow/cx/docs/reference/rest/v3/QueryParameters, webhookHeaders.
    """
    request, span = call.argument("request"), call.span.get_span_context()
    trace = f"{span.trace_id:032x}-{span.span_id:016x}-{span.trace_flags:02x}"
    headers = {"baggage": f"{semconv.CX_JOURNEY_ID}={journey_id}", "traceparent": f"00-{trace}"}
    if request is not None and not isinstance(request, Mapping):
        copied = type(request)(request)
        copied.query_params = _with_headers(copied.query_params, headers)
        return call.replacing("request", copied)
    parts = {name: call.kwargs[name] for name in _FLATTENED if name in call.kwargs}
    given: dict[str, Any] = {**parts, **(request or {})}
    given["query_params"] = _with_headers(given.get("query_params") or {}, headers)
    args, kwargs = call.replacing("request", given)
    return Arguments(args, {name: kwargs[name] for name in kwargs if name not in parts})


def _with_headers(params: Any, headers: dict[str, str]) -> Any:
    if isinstance(params, Mapping):
        given = dict(cast("Mapping[str, Any]", params))
        return {**given, "webhook_headers": {**headers, **given.get("webhook_headers", {})}}
    copied = type(params)(params)
    copied.webhook_headers = {**headers, **copied.webhook_headers}
    return copied


ESCALATED = Fact(
    semconv.EVENT_CX_HANDOFF,
    "handoff",
    each=_handoffs,
    reads={
        semconv.CX_EVIDENCE_ID: body("response_id"),
        semconv.CX_HANDOFF_KIND: const("bot_to_human"),
        semconv.CX_HANDOFF_RESULT: const("requested"),
        semconv.CX_HANDOFF_REASON: word(_metadata("reason")),
        semconv.CX_QUEUE_NAME: _metadata("queue"),
    },
)
TRANSFERRED = Fact(
    semconv.EVENT_CX_HANDOFF,
    "handoff",
    each=_messages("telephony_transfer_call"),
    reads={
        semconv.CX_HANDOFF_KIND: const("transfer_cold"),
        semconv.CX_HANDOFF_WARM: const(value=False),
        semconv.CX_HANDOFF_RESULT: const("requested"),
    },
)
SUCCEEDED = Fact(
    semconv.EVENT_CX_OUTCOME,
    "outcome",
    each=_messages("conversation_success"),
    reads={semconv.CX_JOURNEY_OUTCOME: const("contained")},
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
    return Operation(
        name,
        kind="turn",
        shows=("responsiveness", "reliability", "effort"),
        response=TURN,
        facts=(ESCALATED, TRANSFERRED, SUCCEEDED),
        **how,
    )


VENDOR = Vendor(
    name="dialogflow",
    layer="ai",
    requires=("google-cloud-dialogflow-cx >= 1.35", "google-cloud-dialogflow >= 2.31"),
    targets=_targets(),
    clients=tuple(f"google.cloud.{version}." for version in (*CX, *ES)),
    identify=lambda call: call.function,
    document=_raw,
    error_code=lambda error: walk(error, ("reason",)) or walk(error, ("grpc_status_code", "name")),
    throttled=frozenset({"RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED"}),
    request={
        semconv.GEN_AI_OPERATION_NAME: const("invoke_agent"),
        semconv.GEN_AI_PROVIDER_NAME: const("gcp.dialogflow"),
    },
    response={
        semconv.GEN_AI_AGENT_ID: _part_of_session("agents"),
        semconv.GEN_AI_CONVERSATION_ID: _part_of_session("sessions"),
    },
    operations={
        "detect_intent": _turn("detect_intent", carry=_carry),
        "server_streaming_detect_intent": _turn(
            "detect_intent", select=_reply_in_stream, carry=_carry
        ),
        "streaming_detect_intent": _turn(
            "stream_intent", select=_reply_in_stream, sends="requests"
        ),
        "fulfill_intent": _turn("fulfill_intent"),
        "match_intent": Operation("match_intent"),
    },
)
