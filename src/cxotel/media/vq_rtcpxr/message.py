"""The SIP request that carries a voice-quality report."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from cxotel.media.errors import MalformedError

MAX_MESSAGE: Final = 131_072
"""More bytes than this are no such request."""

MAX_ID: Final = 255
"""More characters than this are no Call-ID."""

_TYPE: Final = "application/vq-rtcpxr"
_COMPACT: Final = {"i": "call-id", "c": "content-type", "l": "content-length", "o": "event"}
_END: Final = re.compile(rb"\r?\n\r?\n")
_FOLD: Final = re.compile(rb"\r?\n[ \t]+")
_SEQUENCE: Final = re.compile(r"(\d{1,10})\s+[A-Z]+")


@dataclass(frozen=True, slots=True)
class Publish:
    """A PUBLISH or NOTIFY with a report.

    Args:
        call_id: The request's own Call-ID, not that of the call it reports on.
        sequence: Number of its CSeq.
        body: The report.
    """

    call_id: str
    sequence: int
    body: bytes


def read_publish(message: bytes) -> Publish:
    r"""Read a SIP request as it came from the network.

    Answer it with 200 and a `SIP-ETag`: a phone that gets none sends it again for 32 seconds.

    Args:
        message: One request, with its headers.

    Raises:
        MalformedError: It is no such request, or no voice-quality report.

    Example:
        >>> message = (
        ...     b"PUBLISH sip:collector@example.org SIP/2.0\r\ni: 7@a\r\nCSeq: 3 PUBLISH\r\n"
        ...     b"Content-Type: application/vq-rtcpxr\r\n\r\nVQSessionReport: CallTerm\r\n"
        ... )
        >>> read_publish(message)
        Publish(call_id='7@a', sequence=3, body=b'VQSessionReport: CallTerm\r\n')

    Source: RFC 3261 clause 7; RFC 6035 clauses 3 and 4; RFC 3903 for PUBLISH.
    """
    if len(message) > MAX_MESSAGE:
        raise MalformedError(f"vq-rtcpxr: {len(message)} bytes are no SIP request")
    end = _END.search(message)
    head = message[: end.start()] if end else message
    first, _, rest = _FOLD.sub(b" ", head).partition(b"\n")
    if not first.startswith((b"PUBLISH ", b"NOTIFY ")):
        raise MalformedError("vq-rtcpxr: no PUBLISH or NOTIFY")
    headers = _headers(rest)
    if headers.get("content-type", "").partition(";")[0].strip().lower() != _TYPE:
        raise MalformedError(f"vq-rtcpxr: the content is not {_TYPE}")
    call_id, sequence = headers.get("call-id", ""), _SEQUENCE.match(headers.get("cseq", ""))
    if not 0 < len(call_id) <= MAX_ID or sequence is None:
        raise MalformedError("vq-rtcpxr: Call-ID or CSeq is missing or no such thing")
    body = message[end.end() :] if end else b""
    return Publish(call_id, int(sequence[1]), body[: _length(headers, len(body))])


def _headers(lines: bytes) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition(":")
        name = name.strip().lower()
        headers.setdefault(_COMPACT.get(name, name), value.strip())
    return headers


def _length(headers: dict[str, str], available: int) -> int:
    text = headers.get("content-length", "")
    length = int(text) if text.isdecimal() and len(text) <= 9 else available
    if length > available:
        raise MalformedError(f"vq-rtcpxr: the body has {available} bytes, not {length}")
    return length
