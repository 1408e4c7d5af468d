"""Score journeys: evidence, ledger, rules and the processor that applies them.

All of it but the processor and the sampler is arithmetic that knows nothing of OpenTelemetry.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from cxotel.experience.evidence import Impairment
from cxotel.experience.ledger import Ledger
from cxotel.experience.rules import Rules

# Not when it is first used, as what follows: the function has the name of its module.
from cxotel.experience.score import Score, score

if TYPE_CHECKING:
    from cxotel.experience import profiles
    from cxotel.experience.record import JourneyRecord, JourneyScore, journey_score
    from cxotel.experience.segment import Segment

__all__ = [
    "Impairment",
    "JourneyRecord",
    "JourneyScore",
    "Ledger",
    "Rules",
    "Score",
    "Segment",
    "journey_score",
    "profiles",
    "score",
]

_WHERE = {
    "JourneyRecord": "cxotel.experience.record",
    "JourneyScore": "cxotel.experience.record",
    "Segment": "cxotel.experience.segment",
    "journey_score": "cxotel.experience.record",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used."""
    if name == "profiles":
        return import_module("cxotel.experience.profiles")
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_WHERE[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Name the public names, also those that are not imported yet."""
    return sorted({*globals(), *__all__})
