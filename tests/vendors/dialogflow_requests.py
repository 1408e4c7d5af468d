"""Requests to Dialogflow as applications make them, and what its far end is told to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxotel.demo.far_ends.dialogflow import library, session

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from cxotel.demo.far_ends import Fault
    from cxotel.demo.far_ends.dialogflow import Turn
    from cxotel.testing import At

NAME, ES_NAME = session("cx", "call-1", environment="prod"), session("es", "call-1")
AUDIO = {"audio_encoding": "AUDIO_ENCODING_LINEAR_16", "sample_rate_hertz": 16000}


def ask(words: str, name: str = NAME, **params: Any) -> dict[str, Any]:
    """Return a CX request of words."""
    query = {"text": {"text": words}, "language_code": "en"}
    return {"session": name, "query_input": query, "query_params": params}


def ask_es(words: str, name: str = ES_NAME, **params: Any) -> dict[str, Any]:
    """Return an ES request of words."""
    query = {"text": {"text": words, "language_code": "en"}}
    return {"session": name, "query_input": query, "query_params": params}


def spoken(*chunks: str, **params: Any) -> list[Any]:
    """Return the messages of a CX stream: what it will be, then audio, which is its words."""
    kind = library("cx").StreamingDetectIntentRequest
    query = {"audio": {"config": AUDIO}, "language_code": "en"}
    head = {
        "session": NAME,
        "query_input": query,
        "enable_partial_response": True,
        "query_params": params,
    }
    pieces = [{"query_input": {"audio": {"audio": chunk.encode()}}} for chunk in chunks]
    return [kind(message) for message in (head, *pieces)]


def spoken_es(*chunks: str) -> list[Any]:
    """Return the messages of an ES stream."""
    kind = library("es").StreamingDetectIntentRequest
    config = {**AUDIO, "language_code": "en"}
    head = kind(session=ES_NAME, query_input={"audio_config": config})
    return [head, *(kind(input_audio=chunk.encode()) for chunk in chunks)]


def audio(words: str) -> dict[str, Any]:
    """Return a CX request of audio, which is its words."""
    query = {"audio": {"config": AUDIO, "audio": words.encode()}, "language_code": "en"}
    return {"session": NAME, "query_input": query}


async def coming(messages: list[Any]) -> AsyncIterator[Any]:
    """Give messages one by one, as a microphone would."""
    for message in messages:
        yield message


def script(*turns: Turn) -> Callable[[At], object]:
    """Return a preparation: the bot takes these turns."""
    return lambda at: at.far_end.bot.script(*turns)


def succeeding(operation: str) -> Callable[[At], object]:
    """Return a preparation: the bot says that it could do what the customer wanted."""
    said: dict[str, Any] = {"conversationSuccess": {}}
    reply: Any = {"responseId": "r-1", "queryResult": {"responseMessages": [said]}}
    if operation == "streaming_detect_intent":
        reply = [{"detectIntentResponse": reply}]
    return lambda at: at.far_end.replies.push(operation, 200, {}, reply)


def failing(operation: str, fault: Fault) -> Callable[[At], object]:
    """Return a preparation: something goes wrong at the far end."""
    return lambda at: at.far_end.faults.add("dialogflow", operation, fault)
