"""From what a journey's segments stated to its score: the last step, in Python.

A ClickHouse server runs this file as an executable function, `python -m cxotel.analysis.scoring`:
it reads and writes the format JSONEachRow. chDB calls `scored` in its own process.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from cxotel.experience.arithmetic import milli
from cxotel.experience.ledger import Ledger, LedgersDifferError
from cxotel.experience.record import JourneyRecord, journey_score
from cxotel.experience.rules import DEFAULT
from cxotel.experience.score import UNCLASSIFIED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cxotel.experience.record import JourneyScore
    from cxotel.experience.rules import Rules


class Statement(NamedTuple):
    """What a segment stated, as the tables keep it.

    Args:
        segment_id: The segment's id.
        revision: Number that rises with every revision of it.
        contacts: Ids of its contact, a JSON array.
        start: Start of the segment, ms since the epoch, as text.
        ledger: What it lost, canonical JSON.
    """

    segment_id: str
    revision: int
    contacts: str
    start: str
    ledger: str

    def record(self) -> JourneyRecord:
        """Return it as the record of a journey of this segment.

        Raises:
            ValueError: It is not what a carrier writes.
        """
        return JourneyRecord.of(
            self.segment_id,
            Ledger.from_json(self.ledger),
            start=int(self.start),
            revision=int(self.revision),
            contacts=cast("list[str]", json.loads(self.contacts)),
        )


def read_record(text: str) -> tuple[JourneyRecord, int]:
    """Return a journey's record, and how many of its segments' ledgers were not readable.

    Args:
        text: A JSON array of statements.
    """
    record, unread = JourneyRecord(), 0
    for values in json.loads(text):
        try:
            record |= Statement(*values).record()
        except (TypeError, ValueError):
            unread += 1
    return record, unread


def scored(text: str, rules: Rules = DEFAULT) -> str:
    """Return the score of a record as a JSON object; the names are those of table `cx_scores`.

    Args:
        text: A JSON array of statements.
        rules: The rules to score by.

    Example:
        >>> json.loads(scored("[]"))["Class"]
        'unclassified'
    """
    record, unread = read_record(text)
    try:
        found = _told(record, journey_score(record, rules))
    except LedgersDifferError:
        # Never a number that the journey's own service would not have given.
        found = {"Class": UNCLASSIFIED, "OtherRules": 1}
    return json.dumps({**found, "Unread": unread}, separators=(",", ":"))


def _told(record: JourneyRecord, score: JourneyScore) -> dict[str, Any]:
    verdicts = [segment.ledger.verdict for segment in record.segments.values()]
    latest = max(filter(None, verdicts), default=None)
    blame = score.blame
    return {
        "Score": score.value,
        "Class": score.class_,
        "Mean": score.mean,
        "Worst": score.worst,
        "Last": score.last,
        "Segments": len(record.segments),
        "Contacts": len(score.contacts),
        "Outcome": "" if latest is None else latest.outcome,
        "OutcomeAt": 0 if latest is None else latest.at,
        "BlameLayer": (blame and blame.layer) or "",
        "BlameSystem": (blame and blame.system) or "",
        "BlameStep": (blame and blame.step) or "",
        "BlameShare": 0.0 if blame is None else blame.share,
        "Charges": _charges(score),
    }


def _charges(score: JourneyScore) -> list[tuple[str, str, str, int]]:
    """Return thousandths of a point of all contacts by dimension, layer and system."""
    points: dict[tuple[str, str, str], int] = {}
    for contact in score.contacts:
        for reason in contact.score.reasons:
            key = (reason.dimension, reason.where.layer or "", reason.where.system or "")
            points[key] = points.get(key, 0) + milli(reason.points)
    return [(*key, lost) for key, lost in sorted(points.items())]


def serve(lines: Iterable[str], rules: Rules = DEFAULT) -> None:
    """Answer each record with its score, at once: the server waits for it.

    Args:
        lines: Records, a line each: `{"Record": "..."}`.
        rules: The rules to score by.
    """
    for line in lines:
        answer = {"result": scored(json.loads(line)["Record"], rules)}
        sys.stdout.write(json.dumps(answer, separators=(",", ":")) + "\n")
        sys.stdout.flush()


def main() -> None:
    """Score what comes on standard input, by the rules of the settings that are in force."""
    from cxotel.settings import active

    serve(sys.stdin, active().score)


if __name__ == "__main__":
    main()
