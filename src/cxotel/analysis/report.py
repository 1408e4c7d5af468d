"""What `cxotel analyze` finds in files: journeys, key figures, dependencies."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cxotel.analysis.feed import check
from cxotel.analysis.store import AnalysisError, Store
from cxotel.experience.rules import DEFAULT

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Generator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from cxotel.experience.rules import Rules

    Row = Mapping[str, Any]
    Progress = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]
    """Begins what is named, of which there is so much, and gives what to call as it is done."""

MEMORY: Final = 2 * 1024**3
"""Most bytes that the engine takes, unless it is told otherwise."""
ALWAYS: Final = "1970-01-01 00:00:00"


@contextmanager
def _silent(_what: str, _total: int) -> Generator[Callable[[int], None]]:
    yield lambda _done: None


SILENT: Final = _silent


@dataclass(frozen=True, slots=True)
class Figures:
    """Key figures of one kind of journey, or of all.

    Shares are from 0 to 1, and None where there is nothing to take a share of.

    Args:
        name: The journeys' name; None for all together.
        journeys: How many.
        scored: How many have a score.
        ended: How many have an outcome.
        success: Share of those that ended resolved or contained.
        abandonment: Share of those that were abandoned.
        escalation: Share of all that a bot handed to a human, or that ended escalated.
        containment: Share of those that the bot contained.
        resolution_p50: Median time from the start to a good outcome, ms.
        resolution_p95: Of 100 journeys 95 took no longer, ms.
        mean_score: Mean of the scores.
        score_p10: Of 100 journeys 10 scored no more.
        score_p50: The median score.
        classes: How many are of which class.
        distribution: How many score from 0, 10, ... 90.
        other_rules: How many were scored by other rules than those in force here.
        unread: How many ledgers could not be read.
    """

    name: str | None
    journeys: int
    scored: int
    ended: int
    success: float | None
    abandonment: float | None
    escalation: float | None
    containment: float | None
    resolution_p50: float | None
    resolution_p95: float | None
    mean_score: float | None
    score_p10: float | None
    score_p50: float | None
    classes: Mapping[str, int]
    distribution: Mapping[str, int]
    other_rules: int
    unread: int


@dataclass(frozen=True, slots=True)
class Worst:
    """A journey that went badly.

    Args:
        id: Its id.
        name: Its name; empty where no span tells it.
        score: Its score.
        class_: The class of the score.
        outcome: Its outcome; empty where none is known.
        layer: Layer that is blamed; empty for none.
        system: System that is blamed.
        step: Step in which it took most.
        share: Its share of what was lost, 0 to 1.
        start: When the journey started, ms since the epoch.
        duration: From its first span to its last, ms.
        spans: How many spans it has.
        segments: How many segments.
        contacts: How many contacts.
        services: Services that took part.
        channels: Channels that it went through.
    """

    id: str
    name: str
    score: int
    class_: str
    outcome: str
    layer: str
    system: str
    step: str
    share: float
    start: int
    duration: int
    spans: int
    segments: int
    contacts: int
    services: Sequence[str]
    channels: Sequence[str]


@dataclass(frozen=True, slots=True)
class Loss:
    """What a system cost customers.

    Args:
        layer: Its layer; empty with *system* for what nobody is charged with.
        system: Its name.
        points: Points of R, over all journeys.
        dimensions: The same by dimension.
        journeys: Journeys that lost any.
        blamed: Journeys that are blamed on it.
    """

    layer: str
    system: str
    points: float
    dimensions: Mapping[str, float]
    journeys: int
    blamed: int


@dataclass(frozen=True, slots=True)
class Impact:
    """Time that customers spent in segments that score below 60.

    Args:
        layer: Layer that is blamed; empty for none.
        system: System that is blamed.
        minutes: How long all of them took.
        segments: How many there are.
    """

    layer: str
    system: str
    minutes: float
    segments: int


@dataclass(frozen=True, slots=True)
class Dependency:
    """How one service's calls of one system fared.

    Args:
        service: The service that calls.
        layer: The system's layer.
        system: The system.
        calls: How many calls.
        errors: How many failed.
        throttled: How many the system refused for want of room.
        error_share: Share of calls that failed, 0 to 1.
        p50: Median duration, ms.
        p95: Of 100 calls 95 took no longer, ms.
        p99: Of 100 calls 99 took no longer, ms.
        points: Points of R that calls cost when they ended, each rounded up.
        journeys: Journeys that depended on it, about.
    """

    service: str
    layer: str
    system: str
    calls: int
    errors: int
    throttled: int
    error_share: float
    p50: float
    p95: float
    p99: float
    points: int
    journeys: int


@dataclass(frozen=True, slots=True)
class Report:
    """What was found.

    Args:
        spans: Spans of all files, copies included.
        figures: Key figures of each kind of journey, the most frequent first, then of all.
        worst: The journeys that went worst.
        losses: Who took how many points.
        impact: Who made customers suffer how long.
        dependencies: Which service depends on which system, the costliest first.
    """

    spans: int
    figures: tuple[Figures, ...]
    worst: tuple[Worst, ...]
    losses: tuple[Loss, ...]
    impact: tuple[Impact, ...]
    dependencies: tuple[Dependency, ...]


def analyze(
    files: Sequence[str | os.PathLike[str]],
    *,
    top: int = 10,
    memory: int = MEMORY,
    rules: Rules = DEFAULT,
    progress: Progress = SILENT,
) -> Report:
    """Analyse all journeys of files of OTLP JSON lines, however many they are.

    Args:
        files: The files; one whose name ends in `.gz` is decompressed.
        top: How many journeys, systems and dependencies to return.
        memory: Most bytes that the engine may take; the rest is kept on disk.
        rules: The rules that the journeys were scored by.
        progress: Told how far it is.

    Raises:
        AnalysisError: chDB is not installed, or the engine refused.
        UnreadableError: A file cannot be read.
    """
    paths = [Path(file) for file in files]
    for path in paths:
        check(path)
    with (
        tempfile.TemporaryDirectory(prefix="cxotel-analyze-") as folder,
        Store(folder, memory=memory, rules=rules) as store,
    ):
        for path in paths:
            with progress(f"reading {path.name}", path.stat().st_size) as tell:
                store.read(path, tell)
        [found] = store.ask("SELECT uniqExact(JourneyId) AS Journeys FROM cx_journeys")
        with progress("scoring journeys", found["Journeys"]) as tell:
            store.score(tell)
        return _report(store, top)


def _report(store: Store, top: int) -> Report:
    [counted] = store.ask("SELECT count() AS Spans FROM otel_traces")
    if not counted["Spans"]:
        raise AnalysisError("there is no span in what was read: no line of it is OTLP JSON")
    return Report(
        spans=counted["Spans"],
        figures=tuple(_figures(row) for row in store.rows("kpis")),
        worst=tuple(Worst(*row.values()) for row in store.rows("worst", top=top)),
        losses=tuple(_loss(row) for row in store.rows("blame", top=top)),
        impact=tuple(Impact(*row.values()) for row in store.rows("impact", top=top)),
        dependencies=tuple(
            _dependency(row) for row in store.rows("dependencies", top=top, since=ALWAYS)
        ),
    )


def _figures(row: Row) -> Figures:
    return Figures(
        name=None if row["Whole"] else row["Name"],
        journeys=row["Journeys"],
        scored=row["Scored"],
        ended=row["Ended"],
        success=row["Success"],
        abandonment=row["Abandonment"],
        escalation=row["Escalation"],
        containment=row["Containment"],
        resolution_p50=row["ToResolution"][0],
        resolution_p95=row["ToResolution"][1],
        mean_score=row["MeanScore"],
        score_p10=row["LowScores"][0],
        score_p50=row["LowScores"][1],
        classes=row["Classes"],
        distribution=row["Distribution"],
        other_rules=row["OtherRules"],
        unread=row["Unread"],
    )


def _loss(row: Row) -> Loss:
    dimensions = {name: points / 1000 for name, points in row["Dimensions"].items()}
    told = (row["Layer"], row["System"], row["Lost"], dimensions, row["Journeys"], row["Blamed"])
    return Loss(*told)


def _dependency(row: Row) -> Dependency:
    return Dependency(
        row["Service"],
        row["Layer"],
        row["System"],
        row["Calls"],
        row["Errors"],
        row["ThrottledCalls"],
        row["ErrorShare"],
        *row["Milliseconds"],
        points=row["Lost"],
        journeys=row["Journeys"],
    )
