"""Queues, and what customers say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxotel import semconv
from cxotel.semconv import CxFeedbackKindValues as Feedback
from cxotel.semconv import CxQueueResultValues as QueueResult
from cxotel.semconv import metrics
from tools.dashboards import panels
from tools.dashboards.outcomes import QUERIES
from tools.dashboards.panels import About
from tools.dashboards.queries import RATE

if TYPE_CHECKING:
    from grafana_foundation_sdk.cog.builder import Builder
    from grafana_foundation_sdk.models.dashboard import Panel


def panels_of_waiting() -> list[Builder[Panel]]:
    """Return how long customers wait, who gives up, and what they say."""
    return [_queues(), _left(), _feedback()]


def _queues() -> Builder[Panel]:
    about = About(
        "Wait in queues",
        "How long the slowest twentieth waited in each queue, whatever came of it.",
        panels.SECONDS,
        "nobody waited in a queue",
        width=8,
    )
    waited = QUERIES.quantile(
        0.95, metrics.CX_QUEUE_WAIT_DURATION, semconv.CX_QUEUE_NAME, window=RATE
    )
    return panels.lines(about, {"{{cx_queue_name}}, 95 %": waited})


def _left() -> Builder[Panel]:
    about = About(
        "Gave up in a queue",
        "Share of those who waited in each queue that left before anybody answered.",
        panels.SHARE,
        "nobody waited in a queue",
        width=8,
    )
    gone = {semconv.CX_QUEUE_RESULT: QueueResult.ABANDONED.value}
    share = QUERIES.share(metrics.CX_QUEUE_WAIT_DURATION, gone, semconv.CX_QUEUE_NAME)
    return panels.bars(about, {"{{cx_queue_name}}": share}).max(1)


def _feedback() -> Builder[Panel]:
    about = About(
        "What customers say",
        f"Mean of their own ratings ({', '.join(kind.value for kind in Feedback)}), each kind on "
        "the scale it is asked on; they never change the score.",
        panels.POINTS,
        "nobody was asked, or answered",
        width=8,
        decimals=1,
    )
    said = QUERIES.mean(metrics.CX_FEEDBACK_VALUE, semconv.CX_FEEDBACK_KIND)
    return panels.bars(about, {"{{cx_feedback_kind}}": said})
