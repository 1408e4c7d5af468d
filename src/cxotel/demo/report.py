"""What a run has shown, in one screen: who is hurt, by whom, and whether the blame is right."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

from cxotel.cli.drawing import draw
from cxotel.cli.lines import line
from cxotel.cli.program import program
from cxotel.reading.story import outcome_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cxotel.cli.lines import Line
    from cxotel.demo.judging import Judgement, Verdict

GOAL: Final = 0.95
"""Share of the journeys with faults in which the blame is to be right."""
_WORST: Final = 8
_SYSTEMS: Final = 8


def report(judgement: Judgement, file: Path, *, bars: bool) -> list[Line]:
    """Return the report as lines.

    Args:
        judgement: What the telemetry said, beside what was injected.
        file: The file that it was read from.
        bars: Whether to draw the journey's moments in time, for a terminal.
    """
    shown = _worth_showing(judgement)
    return [
        *_worst(judgement),
        line(),
        *_lost(judgement),
        line(),
        *_blame(judgement),
        line(),
        line(("one of them, from the file", "bold")),
        *(draw(shown.journey, bars=bars) if shown else ()),
        line(),
        line("all telemetry: ", (str(file), "bold"), ", OTLP JSON lines"),
        line("next:          ", (_next(shown, file), "bold")),
    ]


def _next(shown: Verdict | None, file: Path) -> str:
    journey = shown.journey.id if shown else "ID"
    return f"{program()} journey {journey} --from {shlex.quote(str(file))}"


def _worst(judgement: Judgement) -> list[Line]:
    head = (
        f"{'score':>7}  {'journey':<32}  {'what':<9} {'outcome':<11} {'blamed':<15} what went wrong"
    )
    return [
        line((f"the worst of {len(judgement.verdicts)} journeys", "bold")),
        line((head, "dim")),
        *(_row(each) for each in _by_score(judgement.verdicts)[:_WORST]),
    ]


def _row(verdict: Verdict) -> Line:
    journey = verdict.journey
    score = journey.score.value
    outcomes = [each for each in map(outcome_of, journey.segments) if each]
    told = f"{journey.name or '':<9} {outcomes[-1] if outcomes else '?':<11} "
    return line(
        (f"{'?' if score is None else score:>7}", "bold red"),
        f"  {journey.id:<32}  {told}",
        (f"{verdict.blamed:<15} ", "bold"),
        (", ".join(map(str, verdict.injected)) or "nothing", "dim"),
    )


def _by_score(verdicts: Iterable[Verdict]) -> list[Verdict]:
    scored = [each for each in verdicts if each.journey.score.value is not None]
    return sorted(scored, key=lambda each: (each.journey.score.value or 0, each.journey.id))


def _lost(judgement: Judgement) -> list[Line]:
    most = judgement.lost().most_common(_SYSTEMS)
    return [
        line(("points lost, by layer and system", "bold")),
        *(
            line((f"{points:8.0f}", "red"), f"  {layer.replace('_', ' '):<16} {system}")
            for (layer, system), points in most
        ),
    ]


def _blame(judgement: Judgement) -> list[Line]:
    lines = [
        line(("blame against the injection log", "bold")),
        line(("  of the journey, and on its worst segment's span; both must be right", "dim")),
    ]
    lines += [_confused(kind, dict(blamed)) for kind, blamed in judgement.confusion().items()]
    single, pairs, healthy = judgement.of(1), judgement.of(2), judgement.of(0)
    both = sum(each.complete for each in pairs)
    lines += [
        line(f"  one fault:  {_right(single)}: the system that it was injected in"),
        line(
            f"  two faults: {_right(pairs)}: one of the two systems; "
            f"both are among the reasons in {both}"
        ),
        line(f"  no fault:   {_right(healthy)}: nobody"),
    ]
    if judgement.missing:
        lines.append(line((f"  {judgement.missing} journeys are not in the file", "bold red")))
    style = "bold green" if judgement.share >= GOAL else "bold red"
    words = f"right in {judgement.share:.1%} of {len(judgement.hurt) + judgement.missing} journeys"
    return [*lines, line((f"  {words} with faults", style), f" (goal: {GOAL:.0%})")]


def _right(verdicts: list[Verdict]) -> str:
    return f"{sum(each.right for each in verdicts):>3} of {len(verdicts):>3}"


def _confused(kind: str, blamed: dict[str, int]) -> Line:
    who = ", ".join(f"{system} {count}" for system, count in sorted(blamed.items()))
    return line(f"  {kind:<20} ", (f"→ {who}", "dim"))


def _worth_showing(judgement: Judgement) -> Verdict | None:
    """Return a bad journey in which two things went wrong, else the worst one."""
    ranked = _by_score(judgement.verdicts)
    pairs = [each for each in ranked if each.complete and len(each.injected) > 1]
    longest = sorted(pairs, key=lambda each: -len(each.journey.segments))
    return next(iter([*longest, *ranked]), None)
