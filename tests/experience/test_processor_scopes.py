"""How the spans of other libraries are read: each row of the table, and what it leaves out."""

from __future__ import annotations

import pytest

from cxotel import semconv
from cxotel.experience.scopes import MARKS, is_vendor, translate


def test_a_livekit_turn_is_a_turn_of_a_voice_bot() -> None:
    """The customer's wait is from the end of speech to the first audio, in milliseconds."""
    said = {"lk.e2e_latency": 1.2344, "lk.generation_id": "g-1", "lk.pii.user_input": "private"}
    assert any(mark in said for mark in MARKS)
    assert translate("livekit-agents", "agent_turn", said) == {
        semconv.CX_EVIDENCE_KIND: "turn",
        semconv.CX_LAYER: "ai",
        semconv.CX_SYSTEM: "livekit",
        semconv.CX_BOT_TURN_DURATION: 1234,
        semconv.CX_BOT_TURN_MEASURED_FROM: "end_of_speech",
        semconv.CX_BOT_TURN_MODALITY: "voice",
        semconv.CX_EVIDENCE_ID: "g-1",
    }


def test_a_livekit_greeting_answers_nobody() -> None:
    """A turn without a latency is no turn to wait for, even where it is a call of an agent."""
    said = {"gen_ai.operation.name": "invoke_agent", "lk.speech_id": "s"}
    assert translate("livekit-agents", "agent_turn", said) is None


def test_a_pipecat_turn_is_a_turn_of_a_voice_bot() -> None:
    """Its latency is measured from the end of the customer's speech."""
    said = {"turn.number": 2, "turn.user_bot_latency_seconds": 0.8, "turn.duration_seconds": 9.0}
    assert any(mark in said for mark in MARKS)
    turn = translate("pipecat.turn", "turn", said)
    assert turn is not None
    assert turn[semconv.CX_BOT_TURN_DURATION] == 800
    assert turn[semconv.CX_SYSTEM] == "pipecat"
    assert translate("pipecat.turn", "conversation", said) is None


@pytest.mark.parametrize("latency", ["1.2", None, -1.0])
def test_a_latency_that_is_none_makes_no_turn(latency: object) -> None:
    """What is not a number of seconds is left out."""
    assert translate("pipecat.turn", "turn", {"turn.user_bot_latency_seconds": latency}) is None


@pytest.mark.parametrize("operation", ["chat", "invoke_agent", "generate_content"])
def test_a_call_of_a_model_is_a_call_of_the_ai_layer(operation: str) -> None:
    """Whoever made the span, OpenTelemetry's words for generative AI say what it is."""
    said = {
        "gen_ai.operation.name": operation,
        "gen_ai.provider.name": "openai",
        "error.type": "RateLimitError",
        "gen_ai.input.messages": "private",
    }
    assert any(mark in said for mark in MARKS)
    assert translate("any.library", f"{operation} gpt", said) == {
        semconv.CX_EVIDENCE_KIND: "call",
        semconv.CX_LAYER: "ai",
        semconv.CX_SYSTEM: "openai",
        semconv.CX_OPERATION_NAME: operation,
        semconv.ERROR_TYPE: "RateLimitError",
    }


def test_embeddings_and_tools_are_no_calls_to_wait_for() -> None:
    """Other operations of a model are not read."""
    assert translate("any.library", "x", {"gen_ai.operation.name": "execute_tool"}) is None
    assert translate("any.library", "x", {"http.request.method": "GET"}) is None


def test_evidence_in_registered_names_is_taken_as_it_is() -> None:
    """Any span may speak for itself, as OpenTelemetry's botocore span does once it is enriched."""
    said = {semconv.CX_EVIDENCE_KIND: "call", "rpc.system": "aws-api"}
    assert translate("opentelemetry.instrumentation.botocore", "Connect", said) is said


def test_vendors_are_known_by_their_scope() -> None:
    """The scopes of vendors begin as ours do; journeys are no vendor."""
    assert is_vendor("cxotel.twilio")
    assert not is_vendor("cxotel.journey")
    assert not is_vendor("starlette")
