"""`cxotel media`: how good the calls in a file were, and what hurt them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from cxotel.cli import UNUSABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cxotel.media.files import Hints, Reading

_STDIN = "-"


class Outcome(NamedTuple):
    """What became of one file.

    Args:
        name: The file's name, as it was given.
        reading: What was read; None where it could not be.
        error: Why not; None where it could.
    """

    name: str
    reading: Reading | None
    error: str | None


def media(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help="The files; - is standard input.")
    ],
    *,
    codec: Annotated[
        str | None, typer.Option(metavar="NAME", help="The codec, where the file does not tell it.")
    ] = None,
    bitrate: Annotated[
        float | None,
        typer.Option(metavar="KBIT/S", help="The codec's bitrate, where its rating depends on it."),
    ] = None,
    table: Annotated[
        str,
        typer.Option(metavar="itu|al-ahmadi", help="Who published the codec values to rate with."),
    ] = "itu",
    delay: Annotated[
        float | None,
        typer.Option(
            min=0, max=60_000, metavar="MS", help="One-way delay from mouth to ear, of every leg."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON, for scripts.")] = False,
) -> None:
    """Judge the calls in captures, dumps and reports.

    Captures (pcap, pcapng), getStats() dumps and webrtc-internals exports, reports of SIP phones
    (vq-rtcpxr) and of vendors. For each leg: R and MOS by ITU-T's E-model, what cost how many
    points, what was measured, and what is not known. Nothing of the files is sent anywhere.

    Exit codes: 0 all were judged, 2 a file cannot be read.
    """
    outcomes = [_outcome(name, _hints(codec, bitrate, table, delay)) for name in files]
    if as_json:
        from cxotel.cli.media_json import document

        typer.echo(json.dumps({"files": [document(*outcome) for outcome in outcomes]}, indent=2))
    else:
        _show(outcomes)
    failed = [outcome for outcome in outcomes if outcome.error is not None]
    for outcome in failed:
        typer.echo(f"{outcome.name}: {outcome.error}", err=True)
    if failed:
        raise typer.Exit(UNUSABLE)


def _hints(codec: str | None, bitrate: float | None, table: str, delay: float | None) -> Hints:
    from cxotel.media.files import Hints

    seconds = None if delay is None else delay / 1000.0
    try:
        # Whether there is such a table is for `Hints` to say.
        return Hints(codec=codec, bitrate=bitrate, table=table, delay=seconds)  # pyright: ignore[reportArgumentType]
    except ValueError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(UNUSABLE) from None


def _outcome(name: str, hints: Hints) -> Outcome:
    from cxotel.media.files import MissingLibraryError, read

    try:
        if name == _STDIN:
            return Outcome(name, read(typer.get_binary_stream("stdin"), hints), None)
        with open(name, "rb") as file:  # noqa: PTH123 - a name with a zero byte is a ValueError
            return Outcome(name, read(file, hints), None)
    except OSError as error:
        return Outcome(name, None, error.strerror or str(error))
    # A name that cannot be one is a ValueError too, as is whatever a file holds that cannot be.
    except (ValueError, MissingLibraryError) as error:
        return Outcome(name, None, str(error))


def _show(outcomes: Sequence[Outcome]) -> None:
    from cxotel.cli.lines import show
    from cxotel.cli.media_telling import tell

    blocks = [tell(each.name, each.reading) for each in outcomes if each.reading is not None]
    for number, block in enumerate(blocks):
        if number:
            typer.echo()
        show(block)
