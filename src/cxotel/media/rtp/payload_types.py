"""Which codec a payload type or a name on a telephone's display stands for."""

from __future__ import annotations

from typing import Final

_STATIC: Final = {
    0: "PCMU",
    3: "GSM",
    4: "G723",
    8: "PCMA",
    9: "G722",
    15: "G728",
    18: "G729",
}

# How written names begin, lower case without blanks; the longer of two comes first.
_BEGINNINGS: Final = (
    ("pcmu", "PCMU"),
    ("g711u", "PCMU"),
    ("g711mu", "PCMU"),
    ("g711\N{GREEK SMALL LETTER MU}", "PCMU"),
    ("ulaw", "PCMU"),
    ("pcma", "PCMA"),
    ("g711a", "PCMA"),
    ("alaw", "PCMA"),
    ("g7222", "AMR-WB"),
    ("g7221", "G7221"),
    ("g722", "G722"),
    ("g7231", "G723"),
    ("g723", "G723"),
    ("g72616", "G726-16"),
    ("g72624", "G726-24"),
    ("g72632", "G726-32"),
    ("g72640", "G726-40"),
    ("g728", "G728"),
    ("g729", "G729"),
    ("gsmefr", "GSM-EFR"),
    ("gsmhr", "GSM-HR-08"),
    ("gsm", "GSM"),
    ("amrwb", "AMR-WB"),
    ("amr", "AMR"),
    ("ilbc", "iLBC"),
    ("opus", "opus"),
    ("evs", "EVS"),
)

_CLOCK_RATES: Final = {"AMR-WB": 16000, "G7221": 16000, "opus": 48000, "EVS": 16000}
_LONGEST: Final = 64


def static_name(payload_type: int | None) -> str | None:
    """Return the encoding name of a static payload type.

    Args:
        payload_type: The number.

    Example:
        >>> static_name(9), static_name(96)
        ('G722', None)

    Source: RFC 3551 table 4.
    """
    return None if payload_type is None else _STATIC.get(payload_type)


def sdp_name(written: str | None) -> str | None:
    """Return the encoding name as in SDP for a codec's name as somebody wrote it.

    Args:
        written: The name, also as a MIME type; one that is not known is left as it is.

    Example:
        >>> sdp_name("G.711 Mu-law"), sdp_name("audio/opus"), sdp_name("L16")
        ('PCMU', 'opus', 'L16')

    Source: the IANA registry of RTP payload format media types.
    """
    if written is None:
        return None
    name = written.strip()[:_LONGEST].removeprefix("audio/")
    plain = "".join(c for c in name.lower() if c.isalnum())
    for beginning, encoding in _BEGINNINGS:
        if plain.startswith(beginning):
            return encoding
    return name or None


def clock_rate_of(codec: str | None) -> int | None:
    """Return the units of the RTP timestamp a second of a codec whose rate is fixed.

    Args:
        codec: Encoding name as in SDP.

    Returns:
        The rate; G.722's is 8000 by an error of history that stayed. None for codecs not known.

    Example:
        >>> clock_rate_of("G722"), clock_rate_of("opus"), clock_rate_of("L16")
        (8000, 48000, None)

    Source: RFC 3551 clause 4.5.2 and table 4; RFC 7587 clause 4.1.
    """
    if codec in _CLOCK_RATES:
        return _CLOCK_RATES[codec]
    return 8000 if codec in {encoding for _, encoding in _BEGINNINGS} else None
