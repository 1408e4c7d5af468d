"""Recognise a file by what is in it, and read it into judged legs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from cxotel.media.errors import MalformedError
from cxotel.media.fields import load
from cxotel.media.files.assessment import Assessment, Unknown, assess
from cxotel.media.files.calls import calls
from cxotel.media.files.capture import container
from cxotel.media.files.hints import Hints
from cxotel.media.files.sdp import is_sip
from cxotel.media.files.source import Readable, Source
from cxotel.media.vendors.recognition import recognised
from cxotel.media.vq_rtcpxr import VqReader, parse, qualities
from cxotel.media.webrtc.dump import sessions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cxotel.media.quality import MediaQuality

Kind = Literal["capture", "webrtc", "vq_rtcpxr", "vendor"]
"""What a file is."""

KNOWN: Final = (
    "a capture (pcap, pcapng), a getStats() dump or webrtc-internals export, a SIP phone's report "
    "(vq-rtcpxr), a vendor's report"
)
"""What can be read, in words."""

_MAX_REPORT: Final = 128 * 1024
_MAX_JSON: Final = 32 * 1024 * 1024
_MAX_OBJECTS: Final = 600_000
_BLANK: Final = b"\xef\xbb\xbf \t\r\n"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_PACKED: Final = (b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"(\xb5/\xfd")
_PARTLY: Final = Unknown("delay", "seen is only the way between the capture and one of the ends")


@dataclass(frozen=True, slots=True)
class Leg:
    """One stream of sound, as one party saw it.

    Args:
        name: What tells it from the others of its file.
        assessment: How good it was.
    """

    name: str
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from a file.

    Args:
        kind: What the file is.
        what: The same in words, with a vendor's name.
        legs: The streams in it.
        notes: What was left out.
    """

    kind: Kind
    what: str
    legs: tuple[Leg, ...]
    notes: tuple[str, ...] = ()


def read(file: Readable, hints: Hints | None = None) -> Reading:
    """Recognise a file, read it and judge what is in it.

    Captures are read packet by packet, in memory that does not grow with them; other files may
    have 32 MiB.

    Args:
        file: The file, open for reading bytes. It need not be able to go back.
        hints: What is known beyond the file.

    Raises:
        MalformedError: It is none of what is known, or damaged; the message says how.
        MissingLibraryError: It is a capture, and what reads captures is not installed.

    Example:
        >>> import io
        >>> read(io.BytesIO(b"%PDF-1.7"))
        Traceback (most recent call last):
        cxotel.media.errors.MalformedError: not a capture (pcap, pcapng), ...
    """
    known = hints or Hints()
    source = Source(file)
    kind = container(source.head)
    if kind is not None:
        return _capture(source, kind, known)
    begin = source.head.lstrip(_BLANK)
    if begin.startswith((b"VQSessionReport", b"VQIntervalReport", b"VQAlertReport")):
        records = qualities(parse(source.rest(_MAX_REPORT).lstrip(_BLANK)))
        return _reading("vq_rtcpxr", "SIP phone's report (vq-rtcpxr)", records, known)
    if is_sip(begin):
        records = VqReader().receive(source.rest(_MAX_REPORT).lstrip(_BLANK))
        return _reading("vq_rtcpxr", "SIP request with a phone's report", records, known)
    if begin.startswith((b"{", b"[", *_UTF_16)):
        return _json(source.rest(_MAX_JSON), known)
    raise MalformedError(_strange(source.head))


def _strange(head: bytes) -> str:
    if not head.strip():
        return "the file is empty"
    if head.startswith(_PACKED):
        return "a compressed file: unpack it first"
    return f"not {KNOWN}"


def _capture(source: Source, container_name: str, hints: Hints) -> Reading:
    found = calls(source, hints.payload())
    legs: list[Leg] = []
    for heard in found.heard:
        judged = assess(heard.record, hints, discards_seen=heard.discards_seen)
        if not heard.whole_way and hints.delay is None:
            judged = replace(judged, unknown=(*judged.unknown, _PARTLY))
        legs.append(Leg(heard.name, judged))
    return Reading("capture", f"capture ({container_name})", tuple(legs), found.notes)


def _json(text: bytes, hints: Hints) -> Reading:
    # An object takes two bytes in the file and hundreds in memory.
    if text.count(b"{") + text.count(b"[") > _MAX_OBJECTS:
        raise MalformedError(f"more than {_MAX_OBJECTS} objects are no report")
    content = load(text, "file", _MAX_JSON)
    try:
        vendor = recognised(content)
    except MalformedError:
        return _webrtc(content, hints)
    return _reading("vendor", vendor.name, vendor.read(content), hints)


def _webrtc(content: object, hints: Hints) -> Reading:
    try:
        found = sessions(content)
    except MalformedError as error:
        raise MalformedError(f"JSON, but no vendor's report that is known, and {error}") from error
    named = [
        (f"{session.name} {_which(record)}".strip(), record)
        for session in found
        for record in session.totals(codec=hints.codec)
    ]
    if not named:
        raise MalformedError("webrtc: the statistics have no stream of sound")
    legs = tuple(Leg(name, assess(record, hints)) for name, record in named)
    exported = isinstance(content, dict) and "PeerConnections" in content
    what = "webrtc-internals export" if exported else "getStats() dump"
    return Reading("webrtc", what, legs)


def _reading(kind: Kind, what: str, records: Iterable[MediaQuality], hints: Hints) -> Reading:
    legs = tuple(Leg(_which(record), assess(record, hints)) for record in records)
    if not legs:
        raise MalformedError(f"{what}: it tells nothing of media quality")
    return Reading(kind, what, legs)


def _which(record: MediaQuality) -> str:
    parts = (record.leg_name, record.direction, record.leg)
    return " ".join(part for part in parts if part)
