"""How `cxotel analyze` tells what it found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxotel.cli.lines import Line, duration, line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cxotel.analysis.report import Dependency, Figures, Impact, Loss, Report, Worst

_WIDEST: Final = 40
"""Characters of the longest bar."""


def told(report: Report) -> list[Line]:
    """Return a report as lines.

    Args:
        report: The report.
    """
    *kinds, whole = report.figures
    parts = (
        _head(report.spans, whole),
        _figures([*kinds, whole] if len(kinds) > 1 else [whole]),
        _distribution(whole),
        _worst(report.worst),
        _losses(report.losses),
        _impact(report.impact),
        _dependencies(report.dependencies),
    )
    return [each for part in parts if part for each in (*part, line())][:-1]


def _head(spans: int, whole: Figures) -> list[Line]:
    lines = [line((f"{_count(whole.journeys, 'journey')}, {_count(spans, 'span')}", "bold"))]
    if whole.other_rules:
        lines.append(
            line(
                f"not scored: {_count(whole.other_rules, 'journey')} of other rules; name the "
                "settings file that its services use in CXOTEL_CONFIG"
            )
        )
    if whole.unread:
        lines.append(line(f"ledgers that could not be read: {whole.unread}"))
    return lines


def _figures(figures: Sequence[Figures]) -> list[Line]:
    columns: tuple[tuple[str, Callable[[Figures], str]], ...] = (
        ("journeys", lambda each: str(each.journeys)),
        ("mean", lambda each: _number(each.mean_score)),
        ("median", lambda each: _number(each.score_p50)),
        ("p10", lambda each: _number(each.score_p10)),
        ("success", lambda each: _share(each.success)),
        ("abandoned", lambda each: _share(each.abandonment)),
        ("escalated", lambda each: _share(each.escalation)),
        ("contained", lambda each: _share(each.containment)),
        ("resolved in p50", lambda each: _time(each.resolution_p50)),
        ("p95", lambda each: _time(each.resolution_p95)),
    )
    rows = [[_kind(each), *(cell(each) for _, cell in columns)] for each in figures]
    return _table(["kind", *(name for name, _ in columns)], rows, left=1)


def _kind(figures: Figures) -> str:
    return "all" if figures.name is None else figures.name or "without a name"


def _distribution(whole: Figures) -> list[Line]:
    if not whole.scored:
        return [line("no journey has a score")]
    most = max(whole.distribution.values())
    lines = [line(("scores", "bold"))]
    for low in range(90, -10, -10):
        number = whole.distribution.get(str(low), 0)
        bar = "#" * -(-number * _WIDEST // most)
        high = low + 9 if low < 90 else 100
        lines.append(line(f"  {low:>2}-{high:<3} {number:>9}  {bar}"))
    return lines


def _worst(worst: Sequence[Worst]) -> list[Line]:
    rows = [
        [
            str(each.score),
            each.id,
            each.name,
            each.class_.replace("_", " "),
            each.outcome or "-",
            _who(each.layer, each.system),
            each.step or "-",
            duration(each.duration),
        ]
        for each in worst
    ]
    head = ["score", "journey", "kind", "class", "outcome", "blamed", "step", "took"]
    return _titled("went worst", head, rows, left=7)


def _losses(losses: Sequence[Loss]) -> list[Line]:
    head = ["system", "mostly", "points", "journeys", "blamed for"]
    rows = [
        [
            _who(each.layer, each.system, "nobody"),
            ", ".join(sorted(each.dimensions, key=lambda name: -each.dimensions[name])[:2]),
            f"{each.points:.1f}",
            str(each.journeys),
            str(each.blamed),
        ]
        for each in losses
    ]
    return _titled("who lost the points", head, rows, left=2)


def _impact(impact: Sequence[Impact]) -> list[Line]:
    rows = [
        [_who(each.layer, each.system), f"{each.minutes:.1f}", str(each.segments)]
        for each in impact
    ]
    head = ["blamed", "minutes", "segments"]
    return _titled("customers' minutes below 60", head, rows, left=1)


def _dependencies(dependencies: Sequence[Dependency]) -> list[Line]:
    rows = [
        [
            each.service,
            _who(each.layer, each.system),
            str(each.calls),
            _share(each.error_share),
            str(each.throttled),
            *map(_time, (each.p50, each.p95, each.p99)),
            str(each.points),
            str(each.journeys),
        ]
        for each in dependencies
    ]
    head = ["service", "system", "calls", "failed", "throttled", "p50", "p95", "p99"]
    return _titled("dependencies", [*head, "points", "journeys"], rows, left=2)


def _titled(title: str, head: list[str], rows: list[list[str]], left: int) -> list[Line]:
    return [line((title, "bold")), *_table(head, rows, left)] if rows else []


def _table(head: list[str], rows: list[list[str]], left: int) -> list[Line]:
    """Return rows in columns, of which the first *left* ones hold words, the others numbers."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]

    def drawn(row: list[str]) -> str:
        cells = [
            cell.ljust(width) if at < left else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        return "  " + "  ".join(cells)

    return [line((drawn(head), "dim")), *(line(drawn(row)) for row in rows)]


def _who(layer: str, system: str, otherwise: str = "-") -> str:
    return system or layer or otherwise


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def _time(milliseconds: float | None) -> str:
    return "-" if milliseconds is None else duration(milliseconds)
