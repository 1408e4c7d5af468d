"""What of a record's names may leave, and which of them may be on metrics."""

from __future__ import annotations

import re
from secrets import token_bytes
from typing import TYPE_CHECKING, Final

from cxotel.bounded import OTHER
from cxotel.media.rtp.payload_types import sdp_name
from cxotel.privacy import code, identifier, label, pseudonym

if TYPE_CHECKING:
    from cxotel.media.quality import MediaQuality

_CODECS: Final = frozenset(
    (
        *("pcmu", "pcma", "g722", "g7221", "g723", "g726-16", "g726-24", "g726-32", "g726-40"),
        *("g728", "g729", "gsm", "gsm-efr", "gsm-hr-08", "amr", "amr-wb", "ilbc", "opus", "evs"),
        *("speex", "l16", "silk"),
    )
)
_NETWORK_ADDRESS: Final = re.compile(
    r"(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?!\d)"  # 192.0.2.1
    r"|::|(?:[0-9A-Fa-f]{1,4}:){3}"  # 2001:db8::1
)
_SECRET: Final = token_bytes(16)


def source_of(record: MediaQuality) -> str:
    """Return what a record was read from.

    Example:
        >>> from cxotel.media.quality import MediaQuality
        >>> source_of(MediaQuality(source="rtcp_xr")), source_of(MediaQuality(source="a b"))
        ('rtcp_xr', '_OTHER')
    """
    return code(record.source) or OTHER


def codec_of(record: MediaQuality) -> str | None:
    """Return a record's codec by its RTP name, in lower case.

    Example:
        >>> from cxotel.media.quality import MediaQuality
        >>> codec_of(MediaQuality(source="rtp", codec="G.711 a-law"))
        'pcma'
    """
    return code((sdp_name(record.codec) or "").lower())


def codec_on_metrics(record: MediaQuality) -> str | None:
    """Return a record's codec where it is in daily use; `_OTHER` for any other.

    Example:
        >>> from cxotel.media.quality import MediaQuality
        >>> codec_on_metrics(MediaQuality(source="rtp", codec="x-own"))
        '_OTHER'
    """
    if record.codec is None:
        return None
    name = codec_of(record)
    return name if name in _CODECS else OTHER


def leg_name_of(record: MediaQuality) -> str | None:
    """Return what a leg is to its call, where that can be a name."""
    return label(record.leg_name)


def leg_id_of(record: MediaQuality) -> str | None:
    """Return an id that tells legs apart and nothing else.

    A SIP Call-ID often holds an IP address, and vendors put phone numbers into ids. Such a one
    becomes a pseudonym where a key is configured; without a key, a number that only this process
    can tell the meaning of, for legs without an id would be taken for one.

    Args:
        record: The record.

    Example:
        >>> from cxotel.media.quality import MediaQuality
        >>> leg_id_of(MediaQuality(source="rtp", leg="2468abcd"))
        '2468abcd'
        >>> len(leg_id_of(MediaQuality(source="vq_rtcpxr", leg="a84b4c76e66710@192.0.2.1")))
        16
    """
    if record.leg is None:
        return None
    permitted = pseudonym if _NETWORK_ADDRESS.search(record.leg) else identifier
    return permitted(record.leg) or _number(record.leg)


def _number(leg: str) -> str:
    from hashlib import blake2b

    return blake2b(leg.encode("utf-8", "replace"), digest_size=8, key=_SECRET).hexdigest()
