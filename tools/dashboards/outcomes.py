"""What the parts of the dashboard of all journeys share."""

from __future__ import annotations

from typing import Final

from cxotel import semconv
from cxotel.semconv import CxExperienceClassValues as Class
from cxotel.semconv import CxJourneyOutcomeValues as Outcome
from cxotel.semconv import metrics
from tools.dashboards.queries import Queries

NAME: Final = semconv.CX_JOURNEY_NAME
QUERIES: Final = Queries({NAME: "journey", semconv.CX_CHANNEL: "channel"})
WELL: Final = {
    semconv.CX_JOURNEY_OUTCOME: (Outcome.RESOLVED.value, Outcome.CONTAINED.value),
}
ABANDONED: Final = {semconv.CX_JOURNEY_OUTCOME: Outcome.ABANDONED.value}
ESCALATED: Final = {semconv.CX_JOURNEY_OUTCOME: Outcome.ESCALATED.value}
OPEN: Final = metrics.CX_JOURNEY_OPEN
POOR: Final = {
    semconv.CX_EXPERIENCE_CLASS: (
        Class.NEARLY_ALL_DISSATISFIED.value,
        Class.NOT_RECOMMENDED.value,
    ),
}
NO_JOURNEY: Final = "no journey ended"
NO_SCORE: Final = "nothing was scored"
