"""Formulas by which people rate calls, as they are published, and what they say of the same calls.

`python -m tests.media.popular_formulas` prints the table of docs/media-quality.md.

Each takes the round trip and the jitter in milliseconds and the loss in per cent, and answers a
MOS. What they do wrong is left as it is.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Final, NamedTuple

from cxotel.media import codecs, emodel
from tests.media.vectors import rows

Formula = Callable[[float, float, float], float]


class Popular(NamedTuple):
    """A formula.

    Args:
        name: What it is called in the table.
        formula: The formula.
        column: The column of recorded values, of the original code, where there is one.
        wrong: What is wrong with it.
    """

    name: str
    formula: Formula
    column: str | None
    wrong: str


def cubic(r: float) -> float:
    """Return the MOS of G.107 Annex B as most people copy it: without its limits."""
    return 1.0 + 0.035 * r + r * (r - 60.0) * (100.0 - r) * 7e-6


def ours(codec: str, variant: str | None = None) -> Formula:
    """Return our rating of a codec; G.107 in full, with delay put together from its parts."""
    values = codecs.lookup(codec, variant=variant)

    def formula(round_trip: float, jitter: float, loss: float) -> float:
        # Half the way, a jitter buffer of twice the jitter, and a packet of 20 ms.
        rating = emodel.rate(values, ta=round_trip / 2 + 2 * jitter + 20, ppl=loss)
        assert rating is not None
        assert rating.mos is not None
        return rating.mos

    return formula


def with_echo(round_trip: float, jitter: float, loss: float) -> float:
    """Rate by G.107 a call of G.711 whose parties hear themselves as on ordinary telephones."""
    values = codecs.lookup("PCMU")
    assert values.ie is not None
    assert values.bpl is not None
    delay = round_trip / 2 + 2 * jitter + 20
    rating = emodel.narrowband(
        ta=delay, t=delay, tr=2 * delay, ie=values.ie, bpl=values.bpl, ppl=loss
    )
    assert rating.mos is not None
    return rating.mos


def effective_latency(round_trip: float, jitter: float, loss: float) -> float:
    """Rate by PingPlotter's effective latency, made of the way there."""
    return _effective(93.2, round_trip / 2.0, jitter, loss)


def twilio_voice_sdk(round_trip: float, jitter: float, loss: float) -> float:
    """Rate as Twilio's voice SDK does: of the round trip, and from Ro, which is 94.768."""
    return _effective(94.768, round_trip, jitter, loss)


def _effective(r0: float, latency: float, jitter: float, loss: float) -> float:
    effective = latency + 2.0 * jitter + 10.0
    r = r0 - (effective / 40.0 if effective < 160.0 else (effective - 120.0) / 10.0)
    return cubic(max(0.0, r - 2.5 * loss))


def cole_rosenbluth(round_trip: float, jitter: float, loss: float) -> float:
    """Rate by Cole and Rosenbluth (2001): two lines for delay, a logarithm for loss."""
    delay = round_trip / 2 + 2 * jitter + 20
    delayed = 0.024 * delay + 0.11 * max(0.0, delay - 177.3)
    return cubic(94.2 - delayed - 30.0 * math.log(1.0 + 15.0 * loss / 100.0))


def percent_in_a_fraction(round_trip: float, jitter: float, loss: float) -> float:
    """Rate as webrtcmetrics does: a percentage where the logarithm wants a fraction."""
    delay = round_trip / 2 + jitter / 2 + 30
    delayed = 0.024 * delay + 0.11 * max(0.0, delay - 177.3)
    return cubic(max(0.0, 93.2 - delayed - 30.0 * math.log(1.0 + 15.0 * loss)))


def squared_delay(round_trip: float, jitter: float, loss: float) -> float:
    """Rate as rtcscore did: delay squared, R without limits."""
    delay = 20.0 + 2.0 * jitter + round_trip / 2.0
    equipment = 6.0 + 94.0 * loss / (loss + 20.0)
    delayed = 0.03 * delay + (0.1 * (delay - 150.0) ** 2 if delay > 150.0 else 0.0)
    return min(5.0, cubic(100.0 - equipment - delayed))


def percent_good(round_trip: float, jitter: float, loss: float) -> float:
    """Rate as if the share of good packets were R, as some switches' records suggest."""
    del round_trip, jitter
    return cubic(100.0 - loss)


def fixed_codec(round_trip: float, jitter: float, loss: float) -> float:
    """Rate a call of G.729 as if it were G.711, as whoever has no codec in the formula does."""
    return ours("PCMU")(round_trip, jitter, loss)


POPULAR: Final = (
    Popular(
        "effective latency (PingPlotter), of the way there",
        effective_latency,
        "pingplotter_MOS",
        "fair for short delays; two straight lines forgive long ones",
    ),
    Popular(
        "effective latency, of the round trip (Twilio voice SDK)",
        twilio_voice_sdk,
        "twilio_voice_sdk_MOS",
        "takes the round trip for the way there: delay counts twice; R begins with Ro",
    ),
    Popular(
        "Cole and Rosenbluth",
        cole_rosenbluth,
        None,
        "fits one codec of 2001 with echo; its two lines cost long delays too much",
    ),
    Popular(
        "30 ln(1 + 15 loss), loss in per cent",
        percent_in_a_fraction,
        "webrtcmetrics_effective_MOS",
        "wants a fraction and gets a percentage: one packet in a hundred ends the call",
    ),
    Popular(
        "delay squared, R without limits (rtcscore)",
        squared_delay,
        "rtcscore_MOS",
        "R falls below 0, where the cubic rises again: the longest delay gets the best mark",
    ),
    Popular(
        "per cent of good packets as R",
        percent_good,
        "freeswitch_pct_as_R_MOS",
        "knows neither delay nor codec, and what a lost packet costs",
    ),
)
"""The formulas, of calls with G.711 whose losses are concealed."""

CALLS: Final = (
    (20, 2, 0),
    (100, 20, 1),
    (100, 20, 3),
    (20, 2, 10),
    (300, 50, 0.5),
    (600, 20, 0),
)
"""The calls of the table: round trip ms, jitter ms, loss per cent."""


def _numbers(row: dict[str, str]) -> tuple[float, float, float]:
    return float(row["rtt_ms"]), float(row["jitter_ms"]), float(row["loss_pct"])


def worst(formula: Formula, truth: Formula) -> float:
    """Return how far a formula is off at most, MOS, over all recorded calls."""
    calls = [_numbers(row) for row in rows("heuristics_comparison.csv")]
    return max(abs(formula(*each) - truth(*each)) for each in calls)


def table() -> str:
    """Return the table of the documentation."""
    truth = ours("PCMU")
    heads = [f"{rtt}/{jitter} ms, {loss} %" for rtt, jitter, loss in CALLS]
    lines = [
        "| formula | " + " | ".join(heads) + " | off by up to | what goes wrong |",
        "| --- |" + " --- |" * (len(CALLS) + 2),
        _line("**ITU-T G.107, G.711 (cxotel)**", truth, "", ""),
    ]
    off = f"{worst(with_echo, truth):.1f}"
    why = "nothing: whether people hear themselves is a fact to know, not to assume"
    lines.append(_line("ITU-T G.107, with the echo of plain telephones", with_echo, off, why))
    for name, formula, _, wrong in POPULAR:
        lines.append(_line(name, formula, f"{worst(formula, truth):.1f}", wrong))
    lines.append(_line("**ITU-T G.107, G.729 (cxotel)**", ours("G729"), "", ""))
    off = f"{worst(fixed_codec, ours('G729')):.1f}"
    wrong = "the codec itself costs 11 points of R, and stands loss differently"
    lines.append(_line("G.711 assumed for a call of G.729", fixed_codec, off, wrong))
    return "\n".join(lines) + "\n"


def _line(name: str, formula: Formula, off: str, wrong: str) -> str:
    marks = (f"{formula(*call):.1f}" for call in CALLS)
    return f"| {name} | " + " | ".join(marks) + f" | {off} | {wrong} |"


if __name__ == "__main__":
    sys.stdout.write(table())
