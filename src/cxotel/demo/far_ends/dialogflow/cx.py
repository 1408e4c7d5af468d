"""Dialogflow CX v3: a turn in the form of its messages, written as JSON for every transport."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.dialogflow.bot import Bot, Said, Turn
from cxotel.demo.far_ends.dialogflow.webhook import fulfilled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cxotel.demo.far_ends.memory import Ids

    Json = dict[str, Any]

_SERVER_ERROR = 13


class Cx:
    """The methods of ``google.cloud.dialogflow.cx.v3.Sessions``, from messages to messages.

    Args:
        bot: Who decides the turns.
        ids: Where the ids of responses come from.
    """

    def __init__(self, bot: Bot, ids: Ids) -> None:
        self._bot = bot
        self._ids = ids

    def detect(self, requests: Iterator[Json], changes: Mapping[str, Any]) -> Iterator[Json]:
        """Answer DetectIntent."""
        yield self._response(said(next(requests)), changes)

    def server_stream(self, requests: Iterator[Json], changes: Mapping[str, Any]) -> Iterator[Json]:
        """Answer ServerStreamingDetectIntent: what is said early, then the whole answer."""
        yield from self._responses(said(next(requests)), changes, partial=True)

    def stream(self, requests: Iterator[Json], changes: Mapping[str, Any]) -> Iterator[Json]:
        """Answer StreamingDetectIntent: what was heard as it comes, then the answer."""
        first = next(requests)
        heard = ""
        for request in requests:
            heard += spoken(request)
            yield {"recognitionResult": recognised(heard, final=False)}
        if heard:
            yield {"recognitionResult": recognised(heard, final=True)}
        partial = bool(first.get("enablePartialResponse"))
        for response in self._responses(said(first, heard), changes, partial=partial):
            yield {"detectIntentResponse": response}

    def match(self, requests: Iterator[Json], changes: Mapping[str, Any]) -> Iterator[Json]:
        """Answer MatchIntent: what the words mean, without a turn."""
        heard = said(next(requests))
        turn = replace(self._bot.look(heard), **changes)
        matches = [_match(heard, turn)]
        yield {**_echo(heard), "matches": matches, "currentPage": _page(heard, turn)}

    def fulfil(self, requests: Iterator[Json], changes: Mapping[str, Any]) -> Iterator[Json]:
        """Answer FulfillIntent: take the turn that a match was for."""
        request = next(requests)["matchIntentRequest"]
        response = self._response(said(request), changes)
        yield {key: response[key] for key in ("responseId", "queryResult")}

    def _responses(
        self, heard: Said, changes: Mapping[str, Any], *, partial: bool
    ) -> Iterator[Json]:
        final = self._response(heard, changes, partials := [])
        for text in partials if partial else ():
            messages = [{"text": {"text": [text]}}]
            early = {"responseMessages": messages, "languageCode": heard.language}
            yield {**final, "responseType": "PARTIAL", "queryResult": early}
        yield final

    def _response(
        self, heard: Said, changes: Mapping[str, Any], partials: list[str] | None = None
    ) -> Json:
        turn = fulfilled(self._bot.turn(heard, changes), heard, self._bot.webhook_url)
        if partials is not None:
            partials.extend(turn.partials)
        return {
            "responseId": self._ids.uuid(),
            "responseType": "FINAL",
            "queryResult": query_result(heard, turn),
        }


def said(request: Json, heard: str = "") -> Said:
    """Read what the customer said from a request."""
    query, params = request.get("queryInput", {}), request.get("queryParams", {})
    kind, text = _input(query, heard)
    return Said(
        session=request.get("session", ""),
        text=text,
        kind=kind,
        language=query.get("languageCode", "en"),
        parameters=params.get("parameters", {}),
        webhook_headers=params.get("webhookHeaders", {}),
        sentiment=params.get("analyzeQueryTextSentiment", False),
    )


def _input(query: Json, heard: str) -> tuple[str, str]:
    if "audio" in query:
        return "audio", heard or spoken({"queryInput": query})
    if "event" in query:
        return "event", query["event"].get("event", "")
    if "intent" in query:
        return "intent", query["intent"].get("intent", "")
    if "dtmf" in query:
        return "dtmf", query["dtmf"].get("digits", "")
    return "text", query.get("text", {}).get("text", "")


def spoken(request: Json) -> str:
    """Hear a piece of audio: here, audio is its words in UTF-8."""
    audio = request.get("queryInput", {}).get("audio", {}).get("audio", "")
    return base64.b64decode(audio).decode(errors="replace")


def recognised(heard: str, *, final: bool) -> Json:
    """Say what was heard so far."""
    result = {"messageType": "TRANSCRIPT", "transcript": heard, "isFinal": final}
    return {**result, "confidence": 0.94} if final else {**result, "stability": 0.8}


def query_result(heard: Said, turn: Turn) -> Json:
    """Write a turn as a QueryResult."""
    result = {
        **_echo(heard),
        "languageCode": heard.language,
        "parameters": dict(turn.parameters),
        "responseMessages": _messages(turn),
        "currentPage": _page(heard, turn),
        "currentFlow": {
            "name": f"{agent(heard)}/flows/{_slug(turn.flow)}",
            "displayName": turn.flow,
        },
        "match": _match(heard, turn),
        "diagnosticInfo": _diagnosis(heard, turn),
    }
    if turn.webhook_error is not None:
        result["webhookStatuses"] = [{"code": _SERVER_ERROR, "message": turn.webhook_error}]
    elif turn.webhook_latencies:
        result["webhookStatuses"] = [{} for _ in turn.webhook_latencies]
    if heard.sentiment:
        score, magnitude = turn.sentiment
        result["sentimentAnalysisResult"] = {"score": score, "magnitude": magnitude}
    return result


def _echo(heard: Said) -> Json:
    if heard.kind == "dtmf":
        return {"dtmf": {"digits": heard.text}}
    names = {"audio": "transcript", "event": "triggerEvent", "intent": "triggerIntent"}
    return {names.get(heard.kind, "text"): heard.text}


def _messages(turn: Turn) -> list[Json]:
    messages: list[Json] = [{"text": {"text": [turn.reply]}}]
    if turn.handoff is not None:
        messages.append({"liveAgentHandoff": {"metadata": dict(turn.handoff)}})
    if turn.transfer_to is not None:
        messages.append({"telephonyTransferCall": {"phoneNumber": turn.transfer_to}})
    if turn.ended:
        messages.append({"endInteraction": {}})
    return messages


def _match(heard: Said, turn: Turn) -> Json:
    match: Json = {"matchType": turn.match, "confidence": turn.confidence}
    if heard.kind == "event":
        match["event"] = heard.text
    else:
        match["resolvedInput"] = heard.text
    if turn.intent:
        name = f"{agent(heard)}/intents/{_slug(turn.intent)}"
        match["intent"] = {"name": name, "displayName": turn.intent}
    return match


def _page(heard: Said, turn: Turn) -> Json:
    flow = f"{agent(heard)}/flows/{_slug(turn.flow)}"
    return {"name": f"{flow}/pages/{_slug(turn.page)}", "displayName": turn.page}


def _diagnosis(heard: Said, turn: Turn) -> Json:
    diagnosis: Json = {"Session Id": heard.session.rsplit("/", 1)[-1]}
    if turn.webhook_latencies:
        diagnosis["Webhook Latencies (ms)"] = list(turn.webhook_latencies)
    return diagnosis


def agent(heard: Said) -> str:
    """Return the name of the agent that a session is with."""
    return heard.session.split("/sessions/")[0].split("/environments/")[0]


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")
