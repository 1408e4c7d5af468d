"""`cxotel journey`: one journey, read back from where it was sent."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from cxotel.cli import UNUSABLE

if TYPE_CHECKING:
    from cxotel.reading import Source
    from cxotel.reading.assemble import Journey, Segment

_NAMED: Final = 5
"""How many journeys of a file are named where the one that was asked for is not there."""


def journey(
    journey_id: Annotated[str, typer.Argument(metavar="ID", help="The journey's id.")],
    *,
    source: Annotated[
        str,
        typer.Option(
            "--from", metavar="FILE|jaeger|tempo", help="Where it is: a file, Jaeger or Tempo."
        ),
    ] = "journeys.jsonl",
    endpoint: Annotated[
        str | None, typer.Option(metavar="URL", help="Where Jaeger or Tempo answers.")
    ] = None,
    hours: Annotated[
        float, typer.Option(min=0.1, help="How far back Jaeger or Tempo is searched.")
    ] = 168.0,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON, for scripts.")] = False,
) -> None:
    """Show one journey as a person would tell it.

    A timeline over all its segments, whatever process and day they are of, its score, and who lost
    the points.

    Exit codes: 0 shown, 2 no such journey, or the source cannot be read.
    """
    from cxotel.reading import SourceError

    try:
        found = _read(journey_id, source, endpoint, hours)
    except SourceError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(UNUSABLE) from None
    if as_json:
        typer.echo(json.dumps(document(found), indent=2))
        return
    from cxotel.cli.drawing import draw
    from cxotel.cli.lines import show

    show(draw(found, bars=sys.stdout.isatty()))


def _read(journey_id: str, source: str, endpoint: str | None, hours: float) -> Journey:
    from cxotel.propagation import valid_journey_id
    from cxotel.reading import SourceError, open_source
    from cxotel.reading.assemble import assemble
    from cxotel.settings import active

    if not valid_journey_id(journey_id):
        raise SourceError(
            f"{journey_id!r} cannot be a journey's id: those have 1 to 64 letters, digits, dots, "
            "dashes and underscores"
        )
    where = open_source(source, endpoint, hours)
    spans = where.spans(journey_id)
    if not spans:
        raise SourceError(f"{where} knows no journey {journey_id}{_hint(where)}")
    return assemble(journey_id, spans, active().score)


def _hint(where: Source) -> str:
    """Name some journeys of a file; asking a backend for all of them would take too long."""
    from cxotel.reading import journey_ids
    from cxotel.reading.file import FileSource

    if not isinstance(where, FileSource):
        return ""
    known = journey_ids(where.every_span())
    if not known:
        return "; it holds no journey at all"
    more = f" and {len(known) - _NAMED} more" if len(known) > _NAMED else ""
    return f"; it knows {', '.join(known[:_NAMED])}{more}"


def document(found: Journey) -> dict[str, Any]:
    """Return a journey as a document for scripts.

    Args:
        found: The journey.
    """
    score = found.score
    return {
        "journey": found.id,
        "name": found.name,
        "score": score.value,
        "class": score.class_,
        "mean": score.mean,
        "worst": score.worst,
        "last": score.last,
        "algorithm": score.algorithm,
        "blame": None if score.blame is None else score.blame._asdict(),
        "contacts": [
            {
                "ids": list(contact.ids),
                "start": contact.start,
                "score": contact.score.value,
                "class": contact.score.class_,
                "coverage": contact.score.coverage,
                "lost": dict(contact.score.lost),
                "reasons": [
                    {
                        "dimension": reason.dimension,
                        "layer": reason.where.layer,
                        "system": reason.where.system,
                        "step": reason.where.step,
                        "reason": reason.reason,
                        "points": reason.points,
                        "detail": reason.detail,
                    }
                    for reason in contact.score.reasons
                ],
            }
            for contact in score.contacts
        ],
        "segments": [_segment(segment) for segment in found.segments],
    }


def _segment(segment: Segment) -> dict[str, Any]:
    from cxotel import semconv
    from cxotel.reading.story import moments, outcome_of

    carrier = segment.carrier
    return {
        "id": segment.id,
        "revision": segment.revision,
        "service": carrier.service,
        "trace_id": carrier.trace_id,
        "start_ns": carrier.start_ns,
        "end_ns": carrier.end_ns,
        "channel": carrier.text(semconv.CX_CHANNEL),
        "contacts": list(segment.contacts),
        "outcome": outcome_of(segment),
        "exact": segment.exact,
        "ledger": json.loads(segment.ledger.to_json()),
        "moments": [asdict(moment) for moment in moments(segment)],
    }
