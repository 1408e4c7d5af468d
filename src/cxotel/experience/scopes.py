"""How spans of other libraries are read as evidence: a table by instrumentation scope.

Any span may carry evidence in the `cx.evidence.kind` attribute and its companions. cxotel's own
spans do, and those of OpenTelemetry's botocore instrumentation where cxotel has enriched them. What
other libraries say in words of their own is translated here:

- `livekit-agents`: the span `agent_turn` is a turn of a voice bot where it has `lk.e2e_latency`,
  the seconds from the end of the customer's speech to the first audio of the answer. A turn
  without it, such as a greeting, answered nobody.
- `pipecat.turn`: the span `turn` is a turn of a voice bot where it has
  `turn.user_bot_latency_seconds`, from the end of the customer's speech to the start of the bot's.
- any scope, by OpenTelemetry's attribute `gen_ai.operation.name`: a call of a model (`chat`,
  `generate_content`, `text_completion`) or of an agent (`invoke_agent`) is a call of the layer
  `ai`; the system is `gen_ai.provider.name`, and `error.type` makes it a failure.

Sources: livekit-agents 1.8, `telemetry/trace_types.py`; pipecat-ai 1.14,
`utils/tracing/turn_trace_observer.py`; OpenTelemetry semantic conventions for generative AI, spans.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from cxotel import semconv

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan

Attributes = Mapping[str, object]
Reader = Callable[[str, Attributes], Attributes | None]

JOURNEY_SCOPE: Final = "cxotel.journey"
"""The scope of journeys and steps."""
VENDOR_SCOPES: Final = "cxotel."
"""What the scopes of vendor calls begin with."""

_LIVEKIT_LATENCY: Final = "lk.e2e_latency"
_LIVEKIT_TURN_ID: Final = "lk.generation_id"
_PIPECAT_LATENCY: Final = "turn.user_bot_latency_seconds"
MARKS: Final = (
    semconv.CX_EVIDENCE_KIND,
    semconv.GEN_AI_OPERATION_NAME,
    _LIVEKIT_LATENCY,
    _PIPECAT_LATENCY,
)
"""A span without any of these attributes is no evidence: the cheapest question comes first."""
_MODEL_CALLS: Final = frozenset({"chat", "generate_content", "text_completion", "invoke_agent"})


def plain(attributes: Attributes | None) -> dict[str, object]:
    """Return attributes as a plain dictionary: the SDK's own answers ten times as slowly."""
    try:
        return attributes.copy()  # type: ignore[union-attr] # a `MappingProxyType` has it
    except AttributeError:
        return dict(attributes or {})


def scope_of(span: ReadableSpan) -> str:
    """Return the name of the instrumentation scope that made a span."""
    scope = span.instrumentation_scope
    return scope.name if scope else ""


def is_vendor(scope: str) -> bool:
    """Tell whether spans of *scope* are calls of a vendor that cxotel observes."""
    return scope.startswith(VENDOR_SCOPES) and scope != JOURNEY_SCOPE


def translate(scope: str, name: str, attributes: Attributes) -> Attributes | None:
    """Return a span's attributes as those of evidence, or `None` where it is none.

    Args:
        scope: Name of the instrumentation scope.
        name: Name of the span.
        attributes: Attributes of the span.

    Example:
        >>> translate("pipecat.turn", "turn", {"turn.user_bot_latency_seconds": 1.5})[
        ...     semconv.CX_BOT_TURN_DURATION
        ... ]
        1500
    """
    if semconv.CX_EVIDENCE_KIND in attributes:
        return attributes
    reader = _READERS.get(scope)
    if reader is not None and name in _TURNS:
        return reader(name, attributes)
    if attributes.get(semconv.GEN_AI_OPERATION_NAME) in _MODEL_CALLS:
        return _model_call(attributes)
    return None


def _livekit_turn(name: str, attributes: Attributes) -> Attributes | None:
    return _turn("livekit", attributes.get(_LIVEKIT_LATENCY), attributes.get(_LIVEKIT_TURN_ID))


def _pipecat_turn(name: str, attributes: Attributes) -> Attributes | None:
    return _turn("pipecat", attributes.get(_PIPECAT_LATENCY), None)


def _turn(system: str, seconds: object, turn_id: object) -> Attributes | None:
    if not isinstance(seconds, (int, float)) or seconds < 0:
        return None
    return {
        semconv.CX_EVIDENCE_KIND: semconv.CxEvidenceKindValues.TURN.value,
        semconv.CX_LAYER: semconv.CxLayerValues.AI.value,
        semconv.CX_SYSTEM: system,
        semconv.CX_BOT_TURN_DURATION: round(seconds * 1000),
        semconv.CX_BOT_TURN_MEASURED_FROM: semconv.CxBotTurnMeasuredFromValues.END_OF_SPEECH.value,
        semconv.CX_BOT_TURN_MODALITY: semconv.CxBotTurnModalityValues.VOICE.value,
        **({semconv.CX_EVIDENCE_ID: turn_id} if isinstance(turn_id, str) else {}),
    }


def _model_call(attributes: Attributes) -> Attributes:
    provider = attributes.get(semconv.GEN_AI_PROVIDER_NAME)
    translated: dict[str, object] = {
        semconv.CX_EVIDENCE_KIND: semconv.CxEvidenceKindValues.CALL.value,
        semconv.CX_LAYER: semconv.CxLayerValues.AI.value,
        semconv.CX_OPERATION_NAME: attributes[semconv.GEN_AI_OPERATION_NAME],
    }
    if isinstance(provider, str):
        translated[semconv.CX_SYSTEM] = provider
    for key in (semconv.ERROR_TYPE, semconv.CX_STEP_NAME, semconv.CX_CALL_CUSTOMER_WAITING):
        if key in attributes:
            translated[key] = attributes[key]
    return translated


_READERS: Final[Mapping[str, Reader]] = {
    "livekit-agents": _livekit_turn,
    "pipecat.turn": _pipecat_turn,
}
_TURNS: Final = frozenset({"agent_turn", "turn"})
