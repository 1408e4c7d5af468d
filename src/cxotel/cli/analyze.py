"""`cxotel analyze`: all journeys of files, with key figures and dependencies."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cxotel.cli import UNUSABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from cxotel.analysis.report import Report


def analyze(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILES", help="OTLP JSON lines, also .gz.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON, for scripts.")] = False,
    top: Annotated[
        int, typer.Option(min=1, max=100_000, metavar="N", help="How many of each to show.")
    ] = 10,
    memory: Annotated[
        int, typer.Option(min=512, metavar="MIB", help="Most memory that the engine takes.")
    ] = 2048,
    schema: Annotated[
        bool, typer.Option("--schema", help="Write the SQL for a ClickHouse server, and end.")
    ] = False,
) -> None:
    """Score all journeys of files, and show what hurts how many.

    The journeys that went worst, key figures of each kind of journey, who lost the points, and how
    each service's calls of each system fare. Millions of spans are no trouble: what does not fit
    into memory is kept on disk.

    Exit codes: 0 shown, 2 a file cannot be read, or the extra `analyze` is not installed.
    """
    from cxotel.analysis import sql

    if schema:
        typer.echo(sql.schema(), nl=False)
        return
    if not files:
        typer.echo("name the files to analyze, such as journeys.jsonl", err=True)
        raise typer.Exit(UNUSABLE)
    report = _analyzed(files, top, memory)
    if as_json:
        typer.echo(json.dumps(document(report), indent=2))
        return
    from cxotel.cli.analyze_telling import told
    from cxotel.cli.lines import show

    show(told(report))


def _analyzed(files: list[str], top: int, memory: int) -> Report:
    from cxotel.analysis import AnalysisError, UnreadableError
    from cxotel.analysis import analyze as run
    from cxotel.settings import active

    try:
        return run(
            files, top=top, memory=memory * 1024**2, rules=active().score, progress=_progress
        )
    except (AnalysisError, UnreadableError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(UNUSABLE) from None


def document(report: Report) -> dict[str, Any]:
    """Return a report as a document for scripts.

    Args:
        report: The report.
    """
    found = asdict(report)
    for worst in found["worst"]:
        worst["class"] = worst.pop("class_")
    return found


@contextmanager
def _progress(what: str, total: int) -> Generator[Callable[[int], None]]:
    """Show a bar on standard error where that is a terminal; say nothing where it is not."""
    if not sys.stderr.isatty():
        yield lambda _done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)
        bar.update(task, completed=total)
