"""What an operator wants: the journeys that matter, what is promised of them, and when to call."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cxotel.semconv import CxExperienceClassValues as Class
from cxotel.semconv import CxJourneyOutcomeValues as Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

BELOW: Final[Mapping[int, tuple[str, ...]]] = {
    90: tuple(one.value for one in list(Class)[1:6]),
    80: tuple(one.value for one in list(Class)[2:6]),
    70: tuple(one.value for one in list(Class)[3:6]),
    60: tuple(one.value for one in list(Class)[4:6]),
    50: tuple(one.value for one in list(Class)[5:6]),
}
"""Score to the classes of the scores below it: what is unclassified has no score."""


@dataclass(frozen=True, slots=True)
class Journey:
    """A journey that matters.

    Args:
        name: Its name, as in `cxotel.journey(name)`.
        owner: Who is asked first when it goes badly.
        outcome: Objective: percentage of journeys that end in none of *failing*.
        failing: Outcomes that break the promise.
        score: Objective: percentage of scored segments that score at least *score_at_least*.
        score_at_least: 50, 60, 70, 80 or 90.
        longest: How long one may be open, as `30m`; what the alerts say where left out.
    """

    name: str
    owner: str | None = None
    outcome: float | None = None
    failing: tuple[str, ...] = (Outcome.FAILED.value, Outcome.ABANDONED.value)
    score: float | None = None
    score_at_least: int = 60
    longest: str | None = None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When an alert speaks. Shares are from 0 to 1.

    Args:
        minimum: Journeys, turns, calls or legs in an alert's window below which it is silent.
        escalation_rise: How many times the week's share of journeys passed to a human.
        containment_fall: What share of the week's share of journeys that the bot contained.
        not_understood: Share of a bot's turns that it did not understand.
        looping: Points of effort that a bot's turn costs on average. The first re-prompt costs 3
            points and a loop of three 19, so 2 means a loop in every ten turns.
        poor_media: Share of measured legs with which most people would be dissatisfied.
        throttled: Share of a vendor's calls that it throttled.
        impact: Minutes that customers spent in journeys scoring below 60, within 15 minutes.
        longest: How long a journey may be open.
    """

    minimum: int = 20
    escalation_rise: float = 1.5
    containment_fall: float = 0.75
    not_understood: float = 0.3
    looping: float = 2.0
    poor_media: float = 0.2
    throttled: float = 0.05
    impact: float = 60.0
    longest: str = "1h"


@dataclass(frozen=True, slots=True)
class Goals:
    """Everything that the rules are made of.

    Args:
        journeys: The journeys that matter, three to five of them.
        owners: System or layer to the name of its owner, as in the settings of a service.
        window: Over which the objectives hold.
        service: What the SLO documents call the service.
        thresholds: When alerts speak.
    """

    journeys: tuple[Journey, ...]
    owners: Mapping[str, str] = field(default_factory=dict[str, str])
    window: str = "30d"
    service: str = "customer-journeys"
    thresholds: Thresholds = Thresholds()
