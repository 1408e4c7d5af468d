"""What `cxotel media` tells of a file, in words."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Final

from cxotel.cli.lines import duration, line
from cxotel.media.emodel.opinion import SCALES
from cxotel.media.verdict import on_narrowband, rating_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cxotel.cli.lines import Line
    from cxotel.media.emodel.opinion import Satisfaction
    from cxotel.media.files import Leg, Reading
    from cxotel.media.quality import Judgement, MediaQuality

_STYLES: Final[Mapping[Satisfaction, str]] = {
    "very_satisfied": "green",
    "satisfied": "green",
    "some_dissatisfied": "yellow",
    "many_dissatisfied": "yellow",
    "nearly_all_dissatisfied": "bold red",
    "not_recommended": "bold red",
}
_MODELS: Final = {"g107": "ITU-T G.107", "g107.1": "ITU-T G.107.1", "g107.2": "ITU-T G.107.2"}
_KINDS: Final = {"listening": "listening alone", "conversational": "conversation", None: "unsaid"}
_LOST: Final = {
    "loss": "packet loss",
    "discard": "late packets",
    "codec": "the codec",
    "delay": "delay",
}
_REMEDIES: Final = {
    "codec": " (--codec NAME tells it)",
    "delay": " (--delay MS tells it)",
}
_MAX_TEXT: Final = 400
_WIDTH: Final = 100
_INDENT: Final = 12


def tell(name: str, reading: Reading) -> list[Line]:
    """Return what to show of a file.

    Args:
        name: The file's name.
        reading: What was read.
    """
    lines = [line((clean(name), "bold"), f"  {reading.what}, {_count(len(reading.legs), 'leg')}")]
    lines += [line(f"  note: {clean(note)}") for note in reading.notes]
    if len(reading.legs) > 1:
        lines += _worst(reading)
    for leg in reading.legs:
        lines += [line(), *_leg(leg)]
    return lines


def clean(text: str) -> str:
    r"""Return a text from a file as a terminal may show it.

    Args:
        text: The text.

    Example:
        >>> clean("a\x1b[2Jb")
        'a?[2Jb'
    """
    return "".join(c if c.isprintable() else "?" for c in text[:_MAX_TEXT])


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _worst(reading: Reading) -> Iterator[Line]:
    rated: list[tuple[float, Leg, Judgement]] = []
    for leg in reading.legs:
        judgement = leg.assessment.judgement
        r = None if judgement is None else rating_of(judgement)
        if judgement is not None and r is not None:
            rated.append((on_narrowband(r, judgement.model), leg, judgement))
    if rated:
        _, leg, judgement = min(rated, key=lambda each: each[0])
        yield line(f"  worst: {clean(leg.name)}, {_numbers(judgement)}")


def _leg(leg: Leg) -> Iterator[Line]:
    found = leg.assessment
    yield line((clean(leg.name) or "the call", "bold"), f"  {clean(found.record.codec or '')}")
    if found.judgement is None or found.satisfaction is None:
        yield line(("  not rated", "yellow"))
    else:
        words = found.satisfaction.replace("_", " ")
        yield line(
            f"  {_numbers(found.judgement)}: ",
            (words, _STYLES[found.satisfaction]),
            f"  ({_method(found.judgement)})",
        )
    if found.lost:
        costs = (f"{_LOST[name]} {points:.1f}" for name, points in found.lost)
        yield from _row("cost", f"{', '.join(costs)} points of R")
    yield from _row("measured", ", ".join(_measured(found.record)))
    for judgement in found.record.judgements:
        if judgement is not found.judgement:
            yield from _row("told", f"{_numbers(judgement)} ({_method(judgement)})")
    for what, why in found.unknown:
        yield from _row("unknown", f"{what.replace('_', ' ')}: {why}{_REMEDIES.get(what, '')}")
    for problem in found.record.problems:
        yield from _row("problem", problem, "yellow")


def _row(name: str, text: str, style: str = "") -> Iterator[Line]:
    """Return a row of a leg, broken where it is longer than most terminals are wide."""
    rows = wrap(clean(text), _WIDTH - _INDENT)
    for number, row in enumerate(rows):
        yield line((f"  {'' if number else name:{_INDENT - 2}}{row}", style))


def _numbers(judgement: Judgement) -> str:
    parts: list[str] = []
    if judgement.r is not None:
        scale = SCALES.get(judgement.model, 1.0)
        parts.append(f"R {judgement.r:.0f}" + (f" of {100 * scale:.0f}" if scale != 1.0 else ""))
    if judgement.mos is not None:
        parts.append(f"MOS {judgement.mos:.1f}")
    return ", ".join(parts)


def _method(judgement: Judgement) -> str:
    model = _MODELS.get(judgement.model, "the reporter's own model")
    return f"{model}, {_KINDS[judgement.kind]}"


def _measured(record: MediaQuality) -> Iterator[str]:
    if record.loss is not None:
        yield f"loss {_share(record.loss)}{_counts(record)}"
    for name, share in (("discarded", record.discard), ("made up", record.concealment)):
        if share is not None:
            yield f"{name} {_share(share)}"
    burst = record.burst
    if burst is not None and burst.burst_duration and burst.burst_density:
        lost = _share(burst.burst_density)
        yield f"bursts of {duration(burst.burst_duration * 1000)} that lose {lost}"
    if record.jitter is not None:
        peak = record.jitter_max
        yield f"jitter {_ms(record.jitter)}" + (f" (at most {_ms(peak)})" if peak else "")
    yield from _delays(record)
    for name, count in (("twice", record.duplicates), ("overtaken", record.reordered)):
        if count:
            yield f"{count} packets {name}"
    if record.duration is not None:
        yield f"over {duration(record.duration * 1000)}"


def _counts(record: MediaQuality) -> str:
    if record.lost is None or record.packets is None:
        return ""
    return f" ({record.lost} of {record.lost + record.packets} packets)"


def _delays(record: MediaQuality) -> Iterator[str]:
    named = (
        ("mouth to ear", record.mouth_to_ear),
        ("one way", record.one_way_delay),
        ("round trip", record.round_trip),
        ("in the endpoint", record.end_system_delay),
        ("in the jitter buffer", record.buffer_delay),
    )
    for name, value in named:
        if value is not None:
            yield f"{name} {_ms(value)}"


def _share(share: float) -> str:
    return f"{share * 100:.1f}%"


def _ms(seconds: float) -> str:
    milliseconds = seconds * 1000
    return f"{milliseconds:.1f} ms" if milliseconds < 100 else duration(milliseconds)
