"""Draw one journey as a person would tell it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Final

from cxotel import semconv
from cxotel.cli.lines import Piece, duration, line
from cxotel.reading.model import MS
from cxotel.reading.story import duration_of, moments, outcome_of
from cxotel.settings import active

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cxotel.cli.lines import Line
    from cxotel.experience.record import ContactScore
    from cxotel.experience.score import Blame, Reason
    from cxotel.reading.assemble import Journey, Segment
    from cxotel.reading.story import Moment

_STYLES: Final = {
    "step": "bold",
    "call": "cyan",
    "wait": "yellow",
    "event": "magenta",
    "hurt": "red",
    "span": "dim",
}
_GOOD: Final = 80
_POOR: Final = 60
_TEXT_WIDTH: Final = 46
_BAR_WIDTH: Final = 24
_AT_ONCE: Final = 1_000_000_000
"""Facts of the same second, in ns, are told together: later ones have a time of their own."""


def draw(journey: Journey, *, bars: bool = False) -> list[Line]:
    """Return a journey as lines: what came of it, who lost the points, and what happened.

    Args:
        journey: The journey.
        bars: Whether to draw each moment's place in time, for a terminal.
    """
    lines = [*_head(journey), line(), *_losses(journey)]
    for segment in journey.segments:
        lines += [line(), *_segment(segment, bars=bars)]
    return lines


def _head(journey: Journey) -> list[Line]:
    score = journey.score
    outcomes = [each for each in map(outcome_of, journey.segments) if each]
    contacts, segments = len(score.contacts), len(journey.segments)
    came_of_it = f"outcome: {', then '.join(outcomes)}" if outcomes else "no outcome was declared"
    return [
        line((journey.name or "journey", "bold"), f"  {journey.id}"),
        line("score ", _score(score.value), f"  {_words(score.class_)}"),
        line(came_of_it),
        line(
            f"{_count(contacts, 'contact')}, {_count(segments, 'segment')}, "
            f"{duration(duration_of(journey))} from {_moment(_start(journey))}"
        ),
    ]


def _losses(journey: Journey) -> list[Line]:
    contacts = [each for each in journey.score.contacts if each.score.reasons]
    if not contacts:
        return [line("nothing was lost")]
    lines = [line(("who lost the points", "bold"))]
    for contact in contacts:
        if len(journey.score.contacts) > 1:
            lines.append(_contact(contact))
        lines += [_reason(reason) for reason in contact.score.reasons]
    if journey.score.blame is not None:
        lines.append(_blame(journey.score.blame, journey))
    return lines


def _contact(contact: ContactScore) -> Line:
    name = f"contact {' = '.join(contact.ids)}" if contact.ids else "a contact without an id"
    score = contact.score
    return line(
        f"  {name}, score ",
        _score(score.value),
        f" {_words(score.class_)}, coverage {score.coverage:.0%}",
    )


def _reason(reason: Reason) -> Line:
    where = [reason.where.system, f"in {reason.where.step}" if reason.where.step else None]
    who = " ".join(word for word in where if word)
    return line(
        (f"{reason.points:8.1f}", "red"),
        f"  {reason.dimension:<15}",
        f"{who}: {reason.detail}" if who else reason.detail,
    )


def _blame(blame: Blame, journey: Journey) -> Line:
    who = blame.system or (f"step {blame.step}" if blame.step else None) or blame.layer or "nobody"
    owner = _owner(blame, journey)
    return line(
        "  blamed: ",
        (who, "bold red"),
        f" ({_words(blame.layer)})" if blame.layer and who != blame.layer else "",
        f", {blame.share:.0%} of what was lost",
        f"; owner: {owner}" if owner else "",
    )


def _owner(blame: Blame, journey: Journey) -> str | None:
    """Return the owner as the service knew it, else as the settings here do."""
    for segment in journey.segments:
        carrier = segment.carrier
        if carrier.text(semconv.CX_EXPERIENCE_BLAME_SYSTEM) == blame.system:
            owner = carrier.text(semconv.CX_EXPERIENCE_BLAME_OWNER)
            if owner:
                return owner
    return active().owner(blame.system, blame.layer)


def _segment(segment: Segment, *, bars: bool) -> list[Line]:
    carrier = segment.carrier
    told = [
        carrier.service,
        carrier.text(semconv.CX_CHANNEL),
        f"contact {segment.contacts[0]}" if segment.contacts else None,
        _moment(carrier.start_ns),
    ]
    score = carrier.whole(semconv.CX_EXPERIENCE_SCORE)
    head = line(
        (", ".join(filter(None, told)), "bold underline"),
        "  score " if score is not None else "",
        *([_score(score)] if score is not None else []),
    )
    scale = _Scale(carrier.start_ns, _end(segment)) if bars else None
    told = _gathered(moments(segment))
    return [head, *(_moment_line(each, carrier.start_ns, scale) for each in told)]


def _gathered(told: Sequence[Moment]) -> list[Moment]:
    """Tell what a reply says several times once: a call's quality comes in many samples."""
    groups: list[list[Moment]] = []
    for moment in told:
        if groups and _repeats(moment, groups[-1][0]):
            groups[-1].append(moment)
        else:
            groups.append([moment])
    return [
        replace(first, text=f"{first.text}, {len(again) + 1} times") if again else first
        for first, *again in groups
    ]


def _repeats(moment: Moment, first: Moment) -> bool:
    at_once = moment.at_ns - first.at_ns < _AT_ONCE
    return moment.kind == "event" and at_once and moment == replace(first, at_ns=moment.at_ns)


class _Scale:
    """Places on a bar for moments of a segment."""

    def __init__(self, start_ns: int, end_ns: int) -> None:
        self._start = start_ns
        self._per_cell = max(1, end_ns - start_ns) / _BAR_WIDTH

    def bar(self, moment: Moment) -> str:
        """Return the bar of a moment: full cells while it lasts, or a point."""
        first = int((moment.at_ns - self._start) / self._per_cell)
        first = min(max(first, 0), _BAR_WIDTH - 1)
        if moment.duration is None:
            return f"{' ' * first}•".ljust(_BAR_WIDTH)
        cells = max(1, round(moment.duration * MS / self._per_cell))
        return f"{' ' * first}{'━' * min(cells, _BAR_WIDTH - first)}".ljust(_BAR_WIDTH)


def _moment_line(moment: Moment, start_ns: int, scale: _Scale | None) -> Line:
    style = "bold red" if moment.failed else _STYLES[moment.kind]
    text = f"{'  ' * moment.depth}{moment.text}"
    took = "" if moment.duration is None else duration(moment.duration)
    notes = ", ".join(moment.notes)
    pieces: list[Piece | str] = [
        Piece(f"{duration((moment.at_ns - start_ns) / MS):>11} {took:>11}  ", "dim"),
    ]
    if scale is not None:
        pieces.append(Piece(f"{scale.bar(moment)}  ", style))
    pieces += [Piece(text, style), " " * max(1, _TEXT_WIDTH - len(text))]
    if moment.points:
        pieces.append(Piece(f"-{moment.points} ", "bold red"))
    if notes:
        pieces.append(Piece(notes, "red" if moment.failed else "dim"))
    return line(*pieces)


def _score(value: int | None) -> Piece:
    if value is None:
        return Piece("unknown", "dim")
    style = "green" if value >= _GOOD else "yellow" if value >= _POOR else "red"
    return Piece(str(value), f"bold {style}")


def _words(name: str | None) -> str:
    return (name or "").replace("_", " ")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _start(journey: Journey) -> int:
    return min(segment.carrier.start_ns for segment in journey.segments)


def _end(segment: Segment) -> int:
    return max(span.end_ns for span in segment.spans)


def _moment(time_ns: int) -> str:
    at = datetime.fromtimestamp(time_ns / 1e9, timezone.utc)
    return at.strftime("%Y-%m-%d %H:%M:%S UTC")
