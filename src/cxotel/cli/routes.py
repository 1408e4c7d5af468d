"""`cxotel routes`: the tables that there are, a check of one's own, and a file to begin with."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations when it runs
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cxotel.cli import PROBLEM
from cxotel.cli.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cxotel.engine.vocabulary import Host
    from cxotel.routes import RouteTable
    from cxotel.settings import Settings

AREA: Final = "tables of routes"

routes = typer.Typer(
    help="Tables of routes: systems that are called over plain HTTP.", no_args_is_help=True
)


@routes.command("list")
def show_all() -> None:
    """Name the tables that come with cxotel, and the hosts that they speak of."""
    from cxotel.routes import RouteError, names, shipped

    for name in names():
        try:
            table = shipped(name)
        except RouteError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(PROBLEM) from None
        typer.echo(f"{name:<18} {_summary(table)}")


@routes.command("check")
def check(
    files: Annotated[list[Path], typer.Argument(help="Tables of your own.", show_default=False)],
) -> None:
    """Tell what is wrong with tables, by file and line.

    Exit codes: 0 all are in order, 1 one is not.
    """
    from cxotel.routes import RouteError, load

    broken = False
    for file in files:
        try:
            table = load(file)
        except RouteError as error:
            broken = True
            typer.echo(str(error), err=True)
        else:
            typer.echo(f"{file}: {table.system}, {_summary(table)}")
    raise typer.Exit(PROBLEM if broken else 0)


@routes.command("template")
def show_template(
    name: Annotated[
        str | None, typer.Argument(help="A table that comes with cxotel, to begin with that.")
    ] = None,
) -> None:
    """Write a table to begin with to standard output."""
    from cxotel.routes.shipped import text

    try:
        typer.echo(text(name), nl=False)
    except ValueError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(PROBLEM) from None


def tables(settings: Settings) -> Iterator[Finding]:
    """Tell which tables there are, for `cxotel doctor`.

    Args:
        settings: Those in force.
    """
    from cxotel.routes import RouteError, load

    for file in settings.routes:
        try:
            yield Finding(AREA, file, _summary(load(file)))
        except RouteError as error:
            yield Finding(AREA, file, str(error), "problem", f"cxotel routes check {file}")
    yield _shipped(settings)


def _shipped(settings: Settings) -> Finding:
    """Tell of the tables that come with cxotel: nobody knows whether the program calls them."""
    from cxotel.engine.requirements import check
    from cxotel.routes import RouteError, names, shipped
    from cxotel.routes.clients import REQUIRES

    subject = "with cxotel"
    try:
        found = [shipped(name).vendor for name in names()]
    except RouteError:
        words = "they need PyYAML: pip install 'cxotel[routes]'"
        return Finding(AREA, subject, words, "note")
    systems = ", ".join(
        one.system_name
        for one in found
        if settings.observes(one.name) and settings.observes(one.system_name)
    )
    versions = check(REQUIRES).versions
    libraries = ", ".join(f"{name} {number}" for name, number in versions.items())
    if not systems or not libraries:
        return Finding(AREA, subject, "switched off" if libraries else "no HTTP library", "note")
    return Finding(AREA, subject, f"{systems}: where they are called by {libraries}")


def named(name: str, settings: Settings) -> bool:
    """Tell whether a name in the settings is that of a table, or of its system."""
    from cxotel.routes import names
    from cxotel.routes.chosen import read

    own = read(settings.routes)
    ours = any(name in (one, one.removesuffix("_routes")) for one in names())
    return ours or any(name in (one.name, one.system_name) for one in own)


def _summary(table: RouteTable) -> str:
    number = len(table.routes)
    return f"{number} route{'' if number == 1 else 's'} at {', '.join(map(_shown, table.at))}"


def _shown(host: Host) -> str:
    port = "" if host.port is None else f":{host.port}"
    return f"{'.' if host.is_domain else ''}{host.name}{port}{host.path}"
