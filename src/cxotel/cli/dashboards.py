"""`cxotel dashboards`: rules, alerts, objectives and dashboards, from a file of journeys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cxotel.cli import UNUSABLE
from cxotel.cli.program import program

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxotel.operations import Goals

FORMATS: Final = {"prometheus": "rules/", "slo": "slo/", "grafana": "grafana/"}
"""What can be asked for alone, and the folder that it goes to."""
JOURNEYS: Final = "journeys.toml"


def dashboards(
    *,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="The folder for the files; they are replaced.")
    ] = Path(),
    journeys: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Your journeys and objectives; an example's where left out."
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--format", metavar="|".join(FORMATS), help="Write this alone; may be repeated."
        ),
    ] = None,
    init: Annotated[
        bool, typer.Option("--init", help=f"Write {JOURNEYS} to begin with, and nothing else.")
    ] = False,
) -> None:
    """Write Prometheus rules, alerts, SLOs and Grafana dashboards.

    A file of journeys says what you promise and who owns what; begin with --init.

    Exit codes: 0 all is written, 2 the file cannot be used or the folder cannot be written.
    """
    try:
        if init:
            _init(out)
        else:
            _write(out, journeys, only or list(FORMATS))
    except BrokenPipeError:
        raise  # whoever reads what we say has enough: no file is at fault
    except OSError as error:
        _refuse(f"{error.filename}: cannot be written: {error.strerror}")


def _init(out: Path) -> None:
    from cxotel.operations.reading import DEFAULT

    path = out / JOURNEYS
    if path.exists():
        _refuse(f"{path} is there already, and stays as it is")
    out.mkdir(parents=True, exist_ok=True)
    path.write_text(DEFAULT.read_text("utf-8"), "utf-8")
    typer.echo(f"{path}\n\nnext: put your journeys into it, then")
    typer.echo(f"  {program()} dashboards --journeys {path} --out {out}")


def _write(out: Path, journeys: Path | None, wanted: list[str]) -> None:
    from cxotel.operations import files

    unknown = [name for name in wanted if name not in FORMATS]
    if unknown:
        _refuse(f"no format {unknown[0]}; there are {', '.join(FORMATS)}")
    goals = _goals(journeys)
    folders = tuple(FORMATS[name] for name in wanted)
    written = {name: text for name, text in files(goals).items() if name.startswith(folders)}
    for name, text in written.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        typer.echo(path)
    _tell_next(written, goals, is_example=journeys is None)


def _goals(journeys: Path | None) -> Goals:
    from cxotel.operations import GoalsError, load

    try:
        return load(journeys) if journeys else load()
    except GoalsError as error:
        _refuse(str(error))
        raise


def _tell_next(written: Mapping[str, str], goals: Goals, *, is_example: bool) -> None:
    names = ", ".join(journey.name for journey in goals.journeys)
    typer.echo(f"\nobjectives of {names}, over {goals.window}")
    if is_example:
        typer.echo(f"that is the example's: {program()} dashboards --init writes it for you")
    typer.echo("\nnext:")
    for folder, step in _STEPS.items():
        if any(name.startswith(folder) for name in written):
            typer.echo(f"  {step}")


_STEPS: Final = {
    "rules/": "promtool check rules rules/*.yml; name them in prometheus.yml: "
    'rule_files: ["rules/*.yml"]',
    "slo/": "slo/ is for Sloth or OpenSLO, if you use them: the rules above hold the same",
    "grafana/": "grafana/: import into Grafana, or put where its provisioning looks",
}


def _refuse(why: str) -> None:
    typer.echo(why, err=True)
    raise typer.Exit(UNUSABLE)
