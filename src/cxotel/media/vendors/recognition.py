"""Tell by its members which vendor's report a document is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from cxotel.media.errors import MalformedError
from cxotel.media.fields import Fields, load
from cxotel.media.vendors import amazon_connect, asterisk, genesys, telnyx, twilio, webex, zoom
from cxotel.media.webrtc.daily import network_stats

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.media.quality import MediaQuality


class VendorReport(NamedTuple):
    """One kind of report.

    Args:
        name: What people call it.
        read: Its reader.
        paths: Members of which one must be there; a dot goes into an object, and into the first
            item of a list.
    """

    name: str
    read: Callable[[object], tuple[MediaQuality, ...]]
    paths: tuple[str, ...]


KINDS: Final = (
    VendorReport(
        "Twilio call summary",
        twilio.summary,
        tuple(f"{edge}.metrics" for edge in twilio.EDGES),
    ),
    VendorReport("Twilio call metrics", twilio.metrics, ("metrics.edge", "edge")),
    VendorReport("Twilio conference participant", twilio.participant, ("participant_sid",)),
    VendorReport(
        "Genesys Cloud conversation",
        genesys.conversations,
        ("participants.sessions", "conversations"),
    ),
    VendorReport(
        "Amazon Connect contact", amazon_connect.contact, ("Contact.Id", "QualityMetrics")
    ),
    VendorReport(
        "Telnyx hangup",
        telnyx.hangup,
        (
            "data.payload.call_quality_stats",
            "payload.call_quality_stats",
            "call_quality_stats",
            "CallQualityStats",
        ),
    ),
    VendorReport("Zoom meeting quality", zoom.meeting, ("participants.user_qos", "user_qos")),
    VendorReport("Zoom Phone call quality", zoom.phone_call, ("caller_qos", "callee_qos")),
    VendorReport(
        "Webex meeting qualities",
        webex.meeting,
        ("items.audioIn", "items.audioOut", "audioIn", "audioOut"),
    ),
    VendorReport("Asterisk RTP statistics", asterisk.rtp_statistics, ("rxcount", "txcount")),
    VendorReport("Daily network statistics", network_stats, ("stats.latest",)),
)
"""The kinds that are known, in the order in which they are tried."""


def recognised(document: object) -> VendorReport:
    """Return which kind of report a document is.

    Args:
        document: The report, or its JSON text.

    Raises:
        MalformedError: It is none of the kinds, or no JSON.

    Example:
        >>> recognised('{"caller_qos": {"receiving": []}}').name
        'Zoom Phone call quality'
    """
    content = load(document, "report")
    for kind in KINDS:
        if any(_has(content, path.split(".")) for path in kind.paths):
            return kind
    raise MalformedError("report: of no vendor that is known")


def _has(content: object, path: list[str]) -> bool:
    """Tell whether a member is there, of an object or of the first item of a list."""
    if isinstance(content, list):
        items = Fields({"items": content}, "report").values("items")  # pyright: ignore[reportUnknownArgumentType] - any list
        return bool(items) and _has(items[0], path)
    found = Fields(content, "report").raw(path[0])
    return found is not None and (len(path) == 1 or _has(found, path[1:]))
