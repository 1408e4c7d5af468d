"""A SIP voice-quality report: whom it is of, why it came, and both ends' metrics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cxotel.media.values import MAX_TEXT
from cxotel.media.vq_rtcpxr.lines import split
from cxotel.media.vq_rtcpxr.metrics import MetricsReader, VqMetrics

if TYPE_CHECKING:
    from cxotel.media.vq_rtcpxr.lines import Line

_LOCAL: Final = ("localmetrics", "metrics")
_REMOTE: Final = "remotemetrics"
_METRICS: Final = frozenset(
    (
        "timestamps",
        "sessiondesc",
        "jitterbuffer",
        "packetloss",
        "burstgaploss",
        "delay",
        "signal",
        "qualityest",
    )
)


@dataclass(frozen=True, slots=True)
class Alert:
    """Why an alert was sent.

    Args:
        kind: Which metric crossed its threshold: `RLQ`, `RCQ`, `EXTR`, `MOSLQ`, `OWD` and so on.
        severity: `Warning`, `Critical` or `Clear`.
        direction: Whose metrics: `local` or `remote`.
    """

    kind: str | None
    severity: str | None
    direction: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VqReport:
    """A report. Names and numbers of people that it holds are left out.

    Args:
        kind: `VQSessionReport`, `VQIntervalReport` or `VQAlertReport`.
        call_term: Whether it was sent at the end of the call.
        call_id: The call's SIP Call-ID.
        dialog_id: Call-ID and tags of the dialog.
        local_ssrc: The SSRC of the sound that the reporter sends.
        remote_ssrc: The SSRC of the sound that it receives.
        alert: Why it was sent, in an alert.
        local: What the reporter measured of the sound that it received.
        remote: What the other end told of the sound that the reporter sent.
        problems: What could not be read.
    """

    kind: str
    call_term: bool = False
    call_id: str | None = None
    dialog_id: str | None = None
    local_ssrc: int | None = None
    remote_ssrc: int | None = None
    alert: Alert | None = None
    local: VqMetrics | None = None
    remote: VqMetrics | None = None
    problems: tuple[str, ...] = ()


def parse(body: str | bytes) -> VqReport:
    r"""Read the body of a report in any of the dialects that phones send.

    Args:
        body: A body of type `application/vq-rtcpxr`.

    Returns:
        The report. Values that make no sense are None and told in `problems`; values outside
        what the standard allows are None: that is how phones say that they do not know.

    Raises:
        MalformedError: It is too long, or does not begin like a report.

    Example:
        >>> body = "VQSessionReport: CallTerm\r\nCallID:1@a\r\nPacketLoss:NLR=5.0 JDR=2.0\r\n"
        >>> report = parse(body)
        >>> report.call_term, report.local.loss, report.local.discard
        (True, 0.05, 0.02)

    Source: RFC 6035 clause 4.6.
    """
    kind, lines = split(body)
    texts, local, remote = _sorted(lines)
    problems: list[str] = []
    first = lines[0]
    alert = first.values()
    return VqReport(
        kind=kind,
        call_term="callterm" in first.text.lower(),
        call_id=_text(texts, "callid"),
        # Folding leaves blanks between the tags.
        dialog_id=(_text(texts, "dialogid") or "").replace(" ", "") or None,
        local_ssrc=_ssrc(texts.get("localaddr")),
        remote_ssrc=_ssrc(texts.get("remoteaddr")),
        alert=Alert(alert.get("TYPE"), alert.get("SEVERITY"), alert.get("DIR")) if alert else None,
        local=MetricsReader(local, "local", problems).read() if local else None,
        remote=MetricsReader(remote, "remote", problems).read() if remote else None,
        problems=tuple(problems),
    )


def _sorted(lines: list[Line]) -> tuple[dict[str, Line], dict[str, str], dict[str, str]]:
    """Part a report's lines from those of the local and the remote metrics.

    Older dialects repeat lines of the report among the remote metrics: the first of each counts.
    """
    texts: dict[str, Line] = {}
    local: dict[str, str] = {}
    remote: dict[str, str] = {}
    current = local
    for line in lines[1:]:
        if line.name == _REMOTE:
            current = remote
        elif line.name in _LOCAL:
            current = local
        elif line.name in _METRICS:
            for key, value in line.values().items():
                current.setdefault(key, value)
        else:
            texts.setdefault(line.name, line)
    return texts, local, remote


def _text(texts: dict[str, Line], name: str) -> str | None:
    line = texts.get(name)
    return None if line is None else line.text[:MAX_TEXT] or None


def _ssrc(line: Line | None) -> int | None:
    """Return an SSRC, written as 0x and hexadecimal, as hexadecimal alone, or as a decimal."""
    text = "" if line is None else line.values().get("SSRC", "").lower()
    digits = text.removeprefix("0x")
    # Without 0x, digits alone are decimal: that is what phones mean that leave it out.
    base = 10 if digits == text and digits.lstrip("-").isdecimal() else 16
    try:
        number = int(digits, base) if len(digits) <= 11 else 0
    except ValueError:
        return None
    # Some print it as a signed number; 0 is what they print that do not know.
    return number % (1 << 32) or None
