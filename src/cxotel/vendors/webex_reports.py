"""Webex's reports: calls in a queue, records of calls, and the quality of meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxotel import semconv
from cxotel.engine import (
    body,
    const,
    count,
    decimal,
    digest,
    first,
    heard,
    item,
    mapped,
    moment,
    number,
    told,
    unwaited,
    walk,
)
from cxotel.vendors.families.legs import LEG, WHOLE, legs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cxotel.engine import Call, Reader
    from cxotel.media.quality import MediaQuality

RECORD_DIRECTION = {"ORIGINATING": "outbound", "TERMINATING": "inbound"}
"""https://developer.webex.com/docs/api/v1/reports-detailed-call-history."""

UNANSWERED = {"UserBusy": "busy", "NoAnswer": "no_answer"}
"""The same page, "Call outcome reason" of a call whose outcome is `Success`."""

ENDED_BY = {"Local": "agent", "Remote": "customer"}
"""The same page, "Releasing party" of a record of the user's own."""


def _is_set(reader: Reader) -> Reader:
    """Return a reader of a flag: the reports write `true`, as text."""
    return lambda call: str(reader(call)).lower() in {"true", "yes"}


def _record_status(call: Call) -> str | None:
    """Read what became of the contact from the record of one leg.

    A leg that nobody answered tells of the contact only where it was dialed: of a queue's call
    other agents may have been tried. A call that fails once it is answered was cut off.
    """
    outcome = walk(call.item, ("Call outcome",))
    if _is_set(item("Answered"))(call):
        return "dropped" if outcome == "Failure" else "completed"
    if walk(call.item, ("Direction",)) != "ORIGINATING":
        return None
    if outcome == "Failure":
        return "failed"
    return UNANSWERED.get(walk(call.item, ("Call outcome reason",)))


def _ended_by(call: Call) -> str | None:
    is_user = walk(call.item, ("User type",)) == "User"
    return ENDED_BY.get(walk(call.item, ("Releasing party",))) if is_user else None


def _qualities(document: object) -> Iterable[MediaQuality]:
    from cxotel.media.vendors.webex import meeting  # costs import time

    return meeting(document)


def _codec(call: Call) -> str | None:
    return call.item.codec and call.item.codec.lower()


QUEUED = told(
    "queue",
    {
        semconv.CX_EVIDENCE_ID: first(item("origCallId"), item("callId")),
        semconv.CX_CONTACT_ID: item("callId"),
        semconv.CX_QUEUE_NAME: item("queueName"),
        semconv.CX_EVIDENCE_START_TIME: moment(item("addTime")),
        semconv.CX_EVIDENCE_END_TIME: moment(item("removeTime")),
        semconv.CX_QUEUE_RESULT: const("answered", when=item("answeringAgentId")),
    },
    each=body("items"),
)
RECORDED = told(
    "contact",
    {
        semconv.CX_CONTACT_ID: item("Correlation ID"),
        semconv.CX_CONTACT_DIRECTION: mapped(item("Direction"), RECORD_DIRECTION),
        semconv.CX_CONTACT_STATUS: _record_status,
        semconv.CX_CONTACT_ENDED_BY: _ended_by,
        semconv.CX_CONTACT_CONNECTED_DURATION: number(item("Duration"), 1000),
        semconv.CX_EVIDENCE_END_TIME: moment(item("Release time")),
    },
    each=body("items"),
    when=_record_status,
)
HELD = told(
    "hold",
    {
        semconv.CX_EVIDENCE_ID: digest(item("Local call ID"), const("hold")),
        semconv.CX_HOLD_DURATION: number(item("Hold Duration"), 1000),
        semconv.CX_EVIDENCE_END_TIME: moment(item("Release time")),
    },
    each=body("items"),
    when=number(item("Hold Duration")),
)
HEARD = heard(
    "webex",
    {
        **LEG,
        **WHOLE,
        semconv.CX_MEDIA_CODEC: _codec,
        semconv.CX_MEDIA_ROUND_TRIP: decimal(item("round_trip")),
    },
    each=legs(_qualities),
)
RECORDS = unwaited(
    "list_call_records",
    RECORDED,
    HELD,
    shows=("reach", "reliability", "effort"),
    response={semconv.CX_CALL_ITEMS: count(body("items"))},
)
QUEUED_CALLS = unwaited("list_queued_calls", QUEUED, shows=("reach",))
QUALITIES = unwaited("list_meeting_qualities", HEARD, shows=("media",))
