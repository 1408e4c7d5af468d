"""All commands together."""

from __future__ import annotations

from typing import Annotated

import typer

from cxotel.cli.analyze import analyze
from cxotel.cli.dashboards import dashboards
from cxotel.cli.demo import demo
from cxotel.cli.doctor import doctor
from cxotel.cli.journey import journey
from cxotel.cli.media import media
from cxotel.cli.routes import routes

app = typer.Typer(
    help="Traces and scores of customer journeys, from your own services.",
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    # Help is plain text: it is piped as often as it is read in a terminal.
    rich_markup_mode=None,
    # An error of ours is shown as Python does: it is to be reported, not to be decorated.
    pretty_exceptions_enable=False,
)
for command in (doctor, journey, media, demo, dashboards, analyze):
    app.command()(command)
app.add_typer(routes, name="routes")


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - typer passes a flag's value by position
    if wanted:
        from cxotel.version import version

        typer.echo(version())
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show it.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""
