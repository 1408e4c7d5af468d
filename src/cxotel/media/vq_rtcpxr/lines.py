"""The lines of a SIP voice-quality report, as the standard has them and as phones send them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from cxotel.media.errors import MalformedError

MAX_BODY: Final = 65_535
"""More bytes than this are no report: real ones have one or two thousand."""

_KINDS: Final = {
    kind.lower(): kind for kind in ("VQSessionReport", "VQIntervalReport", "VQAlertReport")
}
_HEADER: Final = re.compile(r"\s*([A-Za-z][A-Za-z0-9_-]{0,39})\s*:(.*)")
_KEY: Final = re.compile(r"(?:^|(?<=\s))([A-Za-z][A-Za-z0-9_-]{0,39})\s*=")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a report, put together from what was folded.

    Args:
        name: What stands before the colon, in lower case.
        text: What stands behind it.
    """

    name: str
    text: str

    def values(self) -> dict[str, str]:
        """Return the line's `KEY=value` pairs, keys in upper case; the first of a key counts.

        Blanks may stand within a value (`PD=G.711 Mu-law`) and around the equals sign.

        Example:
            >>> Line("sessiondesc", 'PT= 0 PD=G.711 Mu-law FMTP="a=b"').values()
            {'PT': '0', 'PD': 'G.711 Mu-law', 'FMTP': 'a=b'}
        """
        found = list(_KEY.finditer(self.text))
        ends = [*(match.start() for match in found), len(self.text)][1:]
        pairs: dict[str, str] = {}
        for match, end in zip(found, ends, strict=False):
            value = self.text[match.end() : end].strip().strip('"')
            pairs.setdefault(match[1].upper(), value)
        return pairs


def split(body: str | bytes) -> tuple[str, list[Line]]:
    r"""Split a report's body into its kind and its lines.

    Args:
        body: The body of a PUBLISH or NOTIFY of type `application/vq-rtcpxr`.

    Returns:
        `VQSessionReport`, `VQIntervalReport` or `VQAlertReport`, and its lines. The first line
        has the kind's name.

    Raises:
        MalformedError: It is too long, or does not begin like a report.

    Example:
        >>> kind, lines = split("VQSessionReport: CallTerm\r\nDelay:RTD=200\r\n ESD=140\r\n")
        >>> kind, lines[1].text
        ('VQSessionReport', 'RTD=200 ESD=140')

    Source: RFC 6035 clause 4.6; RFC 3261 clause 7.3.1 for folding.
    """
    if len(body) > MAX_BODY:
        raise MalformedError(f"vq-rtcpxr: {len(body)} bytes are no report")
    # Names of people stand in reports in whatever encoding the phone has.
    text = body if isinstance(body, str) else body.decode("utf-8", "replace")
    lines = _unfolded(text)
    kind = _KINDS.get(lines[0].name) if lines else None
    if kind is None:
        raise MalformedError("vq-rtcpxr: the first line names no report")
    return kind, lines


def _unfolded(text: str) -> list[Line]:
    """Join lines to those that they continue.

    A line without a name of its own continues the one before, indented or not: gateways break
    long lines without indenting, and alerts put their attributes below the first line.
    """
    parts: list[tuple[str, list[str]]] = []
    for raw in text.splitlines():
        if not raw.strip():
            continue
        header = _HEADER.fullmatch(raw)
        if header is not None:
            parts.append((header[1].lower(), [header[2].strip()]))
        elif not parts:
            parts.append((raw.strip().lower(), []))
        elif raw.strip().lower().startswith("callid="):
            parts.append(("callid", [raw.strip()[len("callid=") :].strip()]))
        else:
            parts[-1][1].append(raw.strip())
    return [Line(name, " ".join(texts)) for name, texts in parts]
