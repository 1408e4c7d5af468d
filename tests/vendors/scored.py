"""Real calls inside a journey, and what its score makes of them without a line of user code."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import cxotel
from cxotel import semconv
from cxotel.experience.processor import ExperienceProcessor
from cxotel.testing import Telemetry
from cxotel.testing.observed import JOURNEY, observing
from cxotel.vendors import load

if TYPE_CHECKING:
    from collections.abc import Generator

LOST = {
    "reach": semconv.CX_EXPERIENCE_LOST_REACH,
    "responsiveness": semconv.CX_EXPERIENCE_LOST_RESPONSIVENESS,
    "reliability": semconv.CX_EXPERIENCE_LOST_RELIABILITY,
    "effort": semconv.CX_EXPERIENCE_LOST_EFFORT,
}


@contextmanager
def watching(vendor: str) -> Generator[Telemetry, None, None]:
    """Observe a vendor's clients; everything stays in memory."""
    with Telemetry() as telemetry, observing(load(vendor), telemetry):
        yield telemetry


@contextmanager
def scored(vendor: str) -> Generator[dict[str, Any], None, None]:
    """Run a block as a journey, and give what its span says once it has ended."""
    told: dict[str, Any] = {}
    processor = ExperienceProcessor()
    with Telemetry(processors=(processor,)) as telemetry, observing(load(vendor), telemetry):
        try:
            with cxotel.journey("refund", channel="voice"):
                yield told
        finally:
            told.update(telemetry.spans[0]["attributes"])
            processor.shutdown()


def lost(told: dict[str, Any]) -> set[str]:
    """Return the dimensions in which a journey lost points."""
    return {name for name, key in LOST.items() if told.get(key)}


def calls(telemetry: Telemetry) -> list[dict[str, Any]]:
    """Return the spans that are not those of journeys."""
    return [span for span in telemetry.spans if span["scope"] != JOURNEY]
