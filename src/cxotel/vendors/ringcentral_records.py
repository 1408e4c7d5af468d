"""RingCentral's records of calls: what one attempt tells of the contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxotel import semconv
from cxotel.engine import body, count, item, mapped, moment, number, told, unwaited, walk

if TYPE_CHECKING:
    from cxotel.engine import Call

CONNECTED = frozenset({"Call connected", "Accepted"})
RESULT = {
    "Busy": "busy",
    "Rejected": "busy",
    "Declined": "busy",
    "No Answer": "no_answer",
    "Missed": "no_answer",
    "Hang Up": "canceled",
    "Call Failed": "failed",
    "Call Failure": "failed",
    "Internal Error": "failed",
}
"""https://developers.ringcentral.com/api-reference/Call-Log/readCompanyCallLog."""

DIRECTION = {"Inbound": "inbound", "Outbound": "outbound"}


def _result(call: Call) -> str | None:
    """Read what became of the contact from a record of one attempt.

    A queue tries several extensions: an attempt that nobody answered tells of the contact only
    where it went out.
    """
    result = walk(call.item, ("result",))
    if result in CONNECTED:
        return "completed"
    return RESULT.get(result) if walk(call.item, ("direction",)) == "Outbound" else None


RECORDED = told(
    "contact",
    {
        semconv.CX_CONTACT_ID: item("telephonySessionId"),
        semconv.CX_CONTACT_DIRECTION: mapped(item("direction"), DIRECTION),
        semconv.CX_CONTACT_STATUS: _result,
        semconv.CX_CONTACT_CONNECTED_DURATION: number(item("duration"), 1000),
        semconv.CX_EVIDENCE_START_TIME: moment(item("startTime")),
    },
    each=body("records"),
    when=_result,
)
RECORDS = unwaited(
    "list_call_records",
    RECORDED,
    shows=("reach",),
    response={semconv.CX_CALL_ITEMS: count(body("records"))},
)
