"""Zoom through pyzoom: meetings, Zoom Phone, Contact Center, and the quality of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxotel import semconv
from cxotel.engine import (
    REACHES,
    Operation,
    Problem,
    Target,
    Vendor,
    body,
    count,
    decimal,
    header,
    heard,
    item,
    json_text,
    moment,
    number,
    numeric_id,
    told,
    unwaited,
    walk,
)
from cxotel.vendors.families.legs import LEG, WHOLE, legs
from cxotel.vendors.families.rest_paths import segments, starred, words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cxotel.engine import Call, Reader
    from cxotel.media.quality import MediaQuality

_FIRST_ERROR = 400

UNANSWERED = {
    "busy": "busy",
    "rejected": "busy",
    "no_answer": "no_answer",
    "ring_timeout": "no_answer",
    "canceled": "canceled",
    "call_failed": "failed",
    "service_unavailable": "failed",
}
"""What became of a call that was not answered: `call_result`.

https://developers.zoom.us/docs/api/phone/#tag/call-logs/get/phone/call_history
"""

HISTORIES = ("call_history", "call_elements", "call_logs", "call_path")
"""The same page: what a history's rows are under, the names of before 2026 last."""


def _identify(call: Call) -> str:
    return starred(call.argument("method"), call.argument("endpoint"), _WORDS)


def _failure(call: Call) -> Problem | None:
    """Find an error that the caller wanted returned, and not raised."""
    status = call.response.status_code
    if status < _FIRST_ERROR:
        return None
    return Problem(str(status), _code(call.document))


def _code(document: object) -> str | None:
    code = walk(document, ("code",))
    return None if code is None else str(code)


def _request_id(call: Call) -> str | None:
    """Read the request's id, which Zoom sends among others: `v=2.0;clid=us06;rid=WEB_1a2b`."""
    return (call.headers.get("x-zm-trackingid") or "").rpartition("rid=")[2] or None


def _meeting(call: Call) -> str | None:
    """Read a meeting's number from the path: `meetings/{id}`, `past_meetings/{id}`."""
    parts = segments(call.argument("endpoint"))
    place = next((index for index, part in enumerate(parts) if part.endswith("meetings")), None)
    return None if place is None or len(parts) <= place + 1 else parts[place + 1]


def _rows(call: Call) -> list[Any]:
    for name in HISTORIES:
        rows: list[Any] | None = walk(call.document, (name,))
        if rows:
            return rows
    return []


def _status(call: Call) -> str | None:
    """Read what became of the contact from one row of a call's history.

    A row is one attempt: of a queue's call several agents may have been tried, so that an attempt
    which nobody answered tells of the contact only where it went out.
    """
    row = call.item
    if walk(row, ("answer_time",)):
        return "completed"
    result = walk(row, ("call_result",))
    return UNANSWERED.get(result) if walk(row, ("direction",)) == "outbound" else None


def _connected(call: Call) -> int | None:
    answered, ended = (moment(item(name))(call) for name in ("answer_time", "end_time"))
    return None if answered is None or ended is None else max(0, ended - answered)


def _in_meeting(document: object) -> Iterable[MediaQuality]:
    from cxotel.media.vendors.zoom import meeting  # costs import time

    return meeting(document)


def _on_phone(document: object) -> Iterable[MediaQuality]:
    from cxotel.media.vendors.zoom import phone_call  # costs import time

    return phone_call(document)


MEETING: dict[str, Reader] = {semconv.CX_CONTACT_ID: numeric_id(_meeting)}
CREATED: dict[str, Reader] = {semconv.CX_CONTACT_ID: numeric_id(body("id"))}
ENGAGED: dict[str, Reader] = {
    semconv.CX_CONTACT_ID: body("engagement_id"),
    semconv.CX_CONTACT_DIRECTION: body("direction"),
}
ENGAGEMENT = told("contact", {**ENGAGED, semconv.CX_EVIDENCE_END_TIME: moment(body("end_time"))})
CALLED = told(
    "contact",
    {
        semconv.CX_CONTACT_ID: numeric_id(item("call_id")),
        semconv.CX_CONTACT_DIRECTION: item("direction"),
        semconv.CX_CONTACT_STATUS: _status,
        semconv.CX_CONTACT_CONNECTED_DURATION: _connected,
        semconv.CX_EVIDENCE_END_TIME: moment(item("end_time")),
    },
    each=_rows,
    when=_status,
)
_MEASURED = {
    key: LEG[key]
    for key in (
        semconv.CX_MEDIA_LEG_ID,
        semconv.CX_MEDIA_DIRECTION,
        semconv.CX_MEDIA_LOSS,
        semconv.CX_MEDIA_JITTER,
        semconv.CX_EVIDENCE_START_TIME,
    )
}
IN_MEETING = heard(
    "zoom",
    {
        **_MEASURED,
        **WHOLE,
        semconv.CX_MEDIA_ROUND_TRIP: decimal(item("round_trip")),
    },
    each=legs(_in_meeting),
)
"""Zoom names no codec in meetings and has no opinion of its own: there is no R."""
ON_PHONE = heard(
    "zoom_phone",
    {
        **LEG,
        semconv.CX_MEDIA_LEG_ID: numeric_id(LEG[semconv.CX_MEDIA_LEG_ID]),
        semconv.CX_MEDIA_LEG_NAME: item("leg_name"),
    },
    each=legs(_on_phone),
)
_HISTORY = unwaited(
    "list_calls",
    CALLED,
    shows=("reach",),
    response={semconv.CX_CALL_ITEMS: lambda c: len(_rows(c))},
)
_PATH = unwaited("fetch_call_history", CALLED, shows=("reach",))
_MEETING_QUALITY = unwaited("list_meeting_quality", IN_MEETING, shows=("media",))

OPERATIONS = {
    "POST users/*/meetings": Operation("create_meeting", response=CREATED),
    "GET users/*/meetings": unwaited("list_meetings"),
    "GET meetings/*": Operation("fetch_meeting", request=MEETING),
    "PATCH meetings/*": Operation("update_meeting", request=MEETING),
    "DELETE meetings/*": Operation("cancel_meeting", request=MEETING),
    "PUT meetings/*/status": Operation("end_meeting", request=MEETING),
    "POST meetings/*/registrants": Operation("add_registrant", request=MEETING),
    "GET meetings/*/registrants": unwaited("list_registrants"),
    "PUT meetings/*/registrants/status": Operation("update_registrants", request=MEETING),
    "GET past_meetings/*/participants": unwaited(
        "list_participants", response={semconv.CX_CALL_ITEMS: count(body("participants"))}
    ),
    "GET metrics/meetings/*/participants/qos": _MEETING_QUALITY,
    "GET metrics/meetings/*/participants/*/qos": _MEETING_QUALITY,
    "GET phone/metrics/call_logs/*/qos": unwaited("fetch_call_quality", ON_PHONE, shows=("media",)),
    "GET phone/call_history": _HISTORY,
    "GET phone/users/*/call_history": _HISTORY,
    "GET phone/call_history/*": _PATH,
    "GET phone/call_queues": unwaited("list_queues"),
    "GET contact_center/engagements": unwaited("list_engagements"),
    "GET contact_center/engagements/*": unwaited(
        "fetch_engagement", ENGAGEMENT, shows=("reach",), response=ENGAGED
    ),
    "POST contact_center/engagement": Operation("start_engagement", shows=REACHES),
    "POST contact_center/users/*/commands": Operation("control_agent_call"),
    "GET contact_center/queues/*": unwaited("fetch_queue"),
    "POST chat/users/*/messages": Operation("send_message", layer="channel", shows=REACHES),
}
_WORDS = words(OPERATIONS)

VENDOR = Vendor(
    name="zoom",
    layer="contact_center",
    requires=("pyzoom >= 1.0.8",),
    targets=(Target("pyzoom._base", "APIClientBase.make_request"),),
    clients=("pyzoom.",),
    anchor=lambda client: getattr(client, "raw", client),
    identify=_identify,
    document=lambda response: json_text(response.text),
    failure=_failure,
    error_code=lambda error: _code(walk(error, ("args", 0))),
    response={
        semconv.CX_VENDOR_REQUEST_ID: _request_id,
        semconv.CX_RATE_LIMIT_LIMIT: number(header("X-RateLimit-Limit")),
        semconv.CX_RATE_LIMIT_REMAINING: number(header("X-RateLimit-Remaining")),
    },
    operations=OPERATIONS,
)
