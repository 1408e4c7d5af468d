"""The bot's call to a fulfilment service in the middle of its turn."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxotel.demo.far_ends.dialogflow.bot import Said, Turn

_TIMEOUT = 5.0
_SUCCESS = range(200, 300)


def fulfilled(turn: Turn, said: Said, url: str | None) -> Turn:
    """Call the fulfilment service where the turn has a webhook, and take what it says.

    Args:
        turn: The turn as the bot decided it.
        said: What the customer said; its webhook header fields go along.
        url: Where the service is; None when there is none.

    Returns:
        The turn with the call's duration, and its answer or failure.
    """
    if url is None or turn.webhook is None:
        return turn
    start = time.monotonic()
    try:
        answer, error = _post(url, _question(turn, said), said.webhook_headers)
    except (OSError, HTTPException, ValueError) as failed:
        answer, error = {}, f"Webhook call failed. Error: {type(failed).__name__}."
    latency = (time.monotonic() - start) * 1000
    return replace(
        turn,
        reply=_text(answer) or turn.reply,
        parameters={**turn.parameters, **answer.get("sessionInfo", {}).get("parameters", {})},
        webhook_latencies=(*turn.webhook_latencies, round(latency, 3)),
        webhook_error=error or turn.webhook_error,
    )


def _question(turn: Turn, said: Said) -> dict[str, Any]:
    return {
        "text": said.text,
        "languageCode": said.language,
        "fulfillmentInfo": {"tag": turn.webhook},
        "intentInfo": {"displayName": turn.intent, "confidence": turn.confidence},
        "pageInfo": {"displayName": turn.page},
        "sessionInfo": {"session": said.session, "parameters": dict(turn.parameters)},
    }


def _post(
    url: str, body: dict[str, Any], headers: Mapping[str, str]
) -> tuple[dict[str, Any], str | None]:
    target = urlsplit(url)
    connection = HTTPConnection(target.netloc, timeout=_TIMEOUT)
    try:
        fields = {"Content-Type": "application/json", **headers}
        connection.request("POST", target.path or "/", json.dumps(body), fields)
        response = connection.getresponse()
        content = response.read()
        if response.status not in _SUCCESS:
            return {}, f"Webhook call failed. Status: {response.status}."
        return json.loads(content or b"{}"), None
    finally:
        connection.close()


def _text(answer: Mapping[str, Any]) -> str:
    messages = answer.get("fulfillmentResponse", {}).get("messages", [])
    return " ".join(
        text for message in messages for text in message.get("text", {}).get("text", [])
    )
