"""Dialogflow ES v2: a turn in the form of its messages, written as JSON for every transport."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.dialogflow.bot import Bot, Said, Turn
from cxotel.demo.far_ends.dialogflow.cx import recognised
from cxotel.demo.far_ends.dialogflow.webhook import fulfilled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cxotel.demo.far_ends.memory import Ids

    Json = dict[str, Any]

_LOST = ("NO_MATCH", "NO_INPUT")
_SERVER_ERROR = 13


class Es:
    """The methods of ``google.cloud.dialogflow.v2.Sessions``, from messages to messages.

    Args:
        bot: Who decides the turns.
        ids: Where the ids of responses come from.
    """

    def __init__(self, bot: Bot, ids: Ids) -> None:
        self._bot = bot
        self._ids = ids

    def detect(self, requests: Iterator[Json], changes: Mapping[str, Any]) -> Iterator[Json]:
        """Answer DetectIntent."""
        request = next(requests)
        yield self._response(said(request, spoken(request)), changes)

    def stream(self, requests: Iterator[Json], changes: Mapping[str, Any]) -> Iterator[Json]:
        """Answer StreamingDetectIntent: what was heard as it comes, then the answer."""
        first = next(requests)
        heard = spoken(first)
        for request in requests:
            heard += spoken(request)
            yield {"recognitionResult": _result(heard, final=False)}
        if heard:
            yield {"recognitionResult": _result(heard, final=True)}
        yield self._response(said(first, heard), changes)

    def _response(self, heard: Said, changes: Mapping[str, Any]) -> Json:
        turn = fulfilled(self._bot.turn(heard, changes), heard, self._bot.webhook_url)
        response: Json = {"responseId": self._ids.uuid(), "queryResult": query_result(heard, turn)}
        if turn.webhook_error is not None:
            response["webhookStatus"] = {"code": _SERVER_ERROR, "message": turn.webhook_error}
        return response


def said(request: Json, heard: str = "") -> Said:
    """Read what the customer said from a request."""
    query, params = request.get("queryInput", {}), request.get("queryParams", {})
    kind = next((kind for kind in ("text", "event") if kind in query), "audio")
    content = query.get("audioConfig" if kind == "audio" else kind, {})
    sentiment = params.get("sentimentAnalysisRequestConfig", {})
    return Said(
        session=request.get("session", ""),
        text=heard or content.get("text", content.get("name", "")),
        kind=kind,
        language=content.get("languageCode", "en"),
        parameters=content.get("parameters", {}),
        webhook_headers=params.get("webhookHeaders", {}),
        sentiment=sentiment.get("analyzeQueryTextSentiment", False),
    )


def spoken(request: Json) -> str:
    """Hear a piece of audio: here, audio is its words in UTF-8."""
    return base64.b64decode(request.get("inputAudio", "")).decode(errors="replace")


def query_result(heard: Said, turn: Turn) -> Json:
    """Write a turn as a QueryResult. A fallback is an intent too, and one that ES is sure of."""
    lost = turn.match in _LOST
    intent = turn.intent or ("Default Fallback Intent" if lost else "Default Welcome Intent")
    slug = intent.lower().replace(" ", "-")
    project = heard.session.split("/agent/")[0]
    result: Json = {
        "queryText": heard.text,
        "languageCode": heard.language,
        "action": "input.unknown" if lost else slug,
        "parameters": dict(turn.parameters),
        "allRequiredParamsPresent": turn.match != "PARAMETER_FILLING",
        "fulfillmentText": turn.reply,
        "fulfillmentMessages": [{"text": {"text": [turn.reply]}}],
        "intent": {
            "name": f"{project}/agent/intents/{slug}",
            "displayName": intent,
            "isFallback": lost,
            "liveAgentHandoff": turn.handoff is not None,
            "endInteraction": turn.ended,
        },
        "intentDetectionConfidence": 1.0 if lost else turn.confidence,
    }
    if turn.webhook_latencies:
        result["diagnosticInfo"] = {"webhook_latency_ms": turn.webhook_latencies[-1]}
    if heard.kind == "audio":
        result["speechRecognitionConfidence"] = 0.94
    if heard.sentiment:
        score, magnitude = turn.sentiment
        sentiment = {"score": score, "magnitude": magnitude}
        result["sentimentAnalysisResult"] = {"queryTextSentiment": sentiment}
    return result


def _result(heard: str, *, final: bool) -> Json:
    # ES tells no stability.
    return {
        key: value for key, value in recognised(heard, final=final).items() if key != "stability"
    }
