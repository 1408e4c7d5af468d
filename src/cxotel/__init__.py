"""OpenTelemetry for customer experience: journeys, vendor calls, media quality, and a score.

What costs import time is imported when its name is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from cxotel.journey import (
    CurrentJourney,
    current_journey,
    feedback,
    handoff,
    impairment,
    journey,
    outcome,
    step,
    wait,
)

if TYPE_CHECKING:
    from cxotel._configure import configure
    from cxotel.engine.instrumentation import (
        instrument,
        instrument_client,
        uninstrument,
        uninstrument_client,
    )
    from cxotel.experience.processor import ExperienceProcessor
    from cxotel.experience.sampler import JourneySampler
    from cxotel.media.recorder import record_media
    from cxotel.store import ContactStore, InMemoryContactStore, LastSegment

    __version__: str

__all__ = [
    "ContactStore",
    "CurrentJourney",
    "ExperienceProcessor",
    "InMemoryContactStore",
    "JourneySampler",
    "LastSegment",
    "__version__",
    "configure",
    "current_journey",
    "feedback",
    "handoff",
    "impairment",
    "instrument",
    "instrument_client",
    "journey",
    "outcome",
    "record_media",
    "step",
    "uninstrument",
    "uninstrument_client",
    "wait",
]

_WHERE = {
    "ContactStore": "cxotel.store",
    "ExperienceProcessor": "cxotel.experience.processor",
    "InMemoryContactStore": "cxotel.store",
    "JourneySampler": "cxotel.experience.sampler",
    "LastSegment": "cxotel.store",
    "configure": "cxotel._configure",
    "instrument": "cxotel.engine.instrumentation",
    "instrument_client": "cxotel.engine.instrumentation",
    "record_media": "cxotel.media.recorder",
    "uninstrument": "cxotel.engine.instrumentation",
    "uninstrument_client": "cxotel.engine.instrumentation",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used."""
    if name == "__version__":
        from cxotel.version import version

        value: object = version()
    elif name in _WHERE:
        value = getattr(import_module(_WHERE[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Name the public names, also those that are not imported yet."""
    return sorted({*globals(), *__all__})
