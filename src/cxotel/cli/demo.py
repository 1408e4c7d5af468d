"""`cxotel demo`: a small contact center on loopback, with faults, and its scored journeys."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from cxotel.cli import UNUSABLE


def demo(
    *,
    seed: Annotated[int, typer.Option(help="Which faults happen: the same seed, the same.")] = 1,
    journeys: Annotated[int, typer.Option(min=1, help="How many journeys are handled.")] = 150,
    otlp_endpoint: Annotated[
        str | None, typer.Option(help="An OTLP receiver that the same is sent to.")
    ] = None,
    file: Annotated[
        Path, typer.Option(help="The file for all telemetry, as OTLP JSON lines; it is replaced.")
    ] = Path("journeys.jsonl"),
    speed: Annotated[
        float,
        typer.Option(
            min=0.1, help="How much faster than in real life people speak; slow systems stay slow."
        ),
    ] = 20.0,
) -> None:
    """Run a simulated contact center with faults; score journeys.

    The vendors' client libraries are the real ones; faults exist only in the simulated vendors and
    on the way to them. At the end the blame is compared with what was injected.

    Exit codes: 0 the blame was right at least 95 % of the time, 1 it was not, 2 it could not run.
    """
    try:
        command: Any = import_module("cxotel.demo.command")
    except ImportError as error:
        typer.echo(
            f"The demo needs {error.name}, which is not installed; run: pip install 'cxotel[demo]'",
            err=True,
        )
        raise typer.Exit(UNUSABLE) from None
    code: int = command.run(
        seed=seed, journeys=journeys, otlp_endpoint=otlp_endpoint, file=file, speed=speed
    )
    raise typer.Exit(code)
