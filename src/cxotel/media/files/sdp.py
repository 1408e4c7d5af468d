"""Where SIP messages say that sound will go, and what its payload types will mean."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from cxotel.media.errors import MalformedError
from cxotel.media.files.network import Endpoint
from cxotel.media.rtp import rtpmap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.media.rtp import Payload

_SIP: Final = re.compile(rb"(?:SIP/2\.0 \d{3} |[A-Z]{3,16} sips?:|[A-Z]{3,16} tel:)")
_BODY: Final = re.compile(rb"(?:^|\n)v=0\r?\n")
_MEDIA: Final = re.compile(r"(audio|video) (\d{1,5})(?:/\d+)? \S+")
_HOST: Final = re.compile(r"IN IP[46] ([0-9A-Fa-f.:]{2,45})")
_MAX_LINES: Final = 2000


@dataclass(frozen=True, slots=True)
class Media:
    """One stream that a session description announces.

    Args:
        kind: `audio` or `video`.
        endpoint: Where who sent the description waits for it.
        payloads: What its payload types mean.
    """

    kind: str
    endpoint: Endpoint
    payloads: dict[int, Payload] = field(default_factory=dict[int, "Payload"])


def is_sip(payload: bytes) -> bool:
    """Tell whether a datagram is a SIP message.

    Args:
        payload: What it carries.

    Example:
        >>> is_sip(b"INVITE sip:a@example.org SIP/2.0"), is_sip(b"SIP/2.0 200 OK"), is_sip(b"x")
        (True, True, False)
    """
    return _SIP.match(payload) is not None


def announced(message: bytes) -> tuple[Media, ...]:
    r"""Return the streams that the session description of a SIP message announces.

    Args:
        message: The message; without a description, it announces none.

    Example:
        >>> message = (
        ...     b"SIP/2.0 200 OK\r\n\r\nv=0\r\nc=IN IP4 192.0.2.1\r\n"
        ...     b"m=audio 4000 RTP/AVP 111\r\na=rtpmap:111 opus/48000/2\r\n"
        ... )
        >>> (media,) = announced(message)
        >>> str(media.endpoint), media.payloads[111].codec
        ('192.0.2.1:4000', 'opus')

    Source: RFC 8866 clauses 5.7, 5.14 and 6.6.
    """
    body = _BODY.search(message)
    if body is None:
        return ()
    lines = message[body.start() :].decode("utf-8", "replace").split("\n", _MAX_LINES)
    return tuple(_streams(lines[:_MAX_LINES]))


def _streams(lines: list[str]) -> Iterator[Media]:
    session: bytes | None = None
    current: tuple[str, int] | None = None
    host: bytes | None = None
    payloads: dict[int, Payload] = {}
    for line in (*lines, "m="):
        name, _, value = line.strip().partition("=")
        if name == "c" and current is None:
            session = _host(value)
        elif name == "c":
            host = _host(value)
        elif name == "a" and value.startswith("rtpmap:"):
            payloads |= _named(value)
        elif name == "m":
            where = host or session
            # Port 0 refuses a stream.
            if current is not None and where is not None and current[1]:
                yield Media(current[0], Endpoint(where, current[1]), payloads)
            media = _MEDIA.match(value)
            current = (media[1], int(media[2])) if media else ("", 0)
            host, payloads = None, {}


def _host(value: str) -> bytes | None:
    found = _HOST.match(value)
    try:
        return ip_address(found[1]).packed if found else None
    except ValueError:
        return None


def _named(value: str) -> dict[int, Payload]:
    try:
        return dict([rtpmap(value.removeprefix("rtpmap:"))])
    except MalformedError:
        return {}
