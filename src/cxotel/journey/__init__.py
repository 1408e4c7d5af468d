"""Journeys: what a customer is trying to get done, its steps, and what happens in them."""

from cxotel.journey.journey import CurrentJourney, current_journey, journey, set_provider
from cxotel.journey.moments import feedback, handoff, impairment, outcome
from cxotel.journey.stages import step, wait

__all__ = [
    "CurrentJourney",
    "current_journey",
    "feedback",
    "handoff",
    "impairment",
    "journey",
    "outcome",
    "set_provider",
    "step",
    "wait",
]
