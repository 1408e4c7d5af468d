"""A million spans of 100,000 journeys, written and analysed: `python -m bench.analysis`.

Not part of `python -m bench`: it takes about two minutes and 1.5 GB of disk while it runs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cxotel import semconv
from cxotel.analysis.store import Store
from cxotel.experience.evidence import Call, Outcome, Queue, Where
from cxotel.experience.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from typing import IO

JOURNEYS: Final = 100_000
VARIANTS: Final = 400
A_LINE: Final = 50
"""Journeys in a line of the file: 500 spans, as an exporter's batch has them."""
DAY_MS: Final = 86_400_000
SYSTEMS: Final = (
    ("business_system", "salesforce", "query_order"),
    ("identity", "okta", "verify_factor"),
    ("ai", "dialogflow", "detect_intent"),
    ("contact_center", "twilio", "place_call"),
)
CALLS: Final = 7
"""Calls of a journey; with two steps and the span that carries it, ten spans."""


def _attribute(key: str, value: object) -> dict[str, Any]:
    kind = "intValue" if isinstance(value, int) else "stringValue"
    return {"key": key, "value": {kind: str(value)}}


def _span(name: str, kind: int, start: int, length: int, told: dict[str, object]) -> dict[str, Any]:
    attributes = {semconv.CX_JOURNEY_ID: "@J", semconv.SESSION_ID: "@J", **told}
    return {
        "traceId": "@J",
        "spanId": f"@S{length % 10_000:04d}",
        "parentSpanId": "@S0000",
        "flags": 256,
        "name": name,
        "kind": kind,
        # The day and the nanoseconds are filled in, journey by journey.
        "startTimeUnixNano": f"@T{start:07d}@N",
        "endTimeUnixNano": f"@T{start + length:07d}@N",
        "attributes": [_attribute(key, value) for key, value in attributes.items()],
        "status": {"code": 2} if semconv.ERROR_TYPE in told else {},
    }


def _calls(draw: random.Random, segment: Segment) -> Iterator[dict[str, Any]]:
    at = 0
    for number in range(CALLS):
        layer, system, operation = draw.choice(SYSTEMS)
        length = round(draw.lognormvariate(5.5, 1.2)) + number
        error = "503" if draw.random() < 0.03 else None
        where = Where(layer, system, "find order")
        points = segment.observe(Call(str(number), where, at, at + length, True, error))
        told: dict[str, object] = {
            semconv.CX_SYSTEM: system,
            semconv.CX_LAYER: layer,
            semconv.CX_OPERATION_NAME: operation,
            semconv.SERVICE_PEER_NAME: system,
            semconv.CX_EVIDENCE_KIND: "call",
            semconv.CX_STEP_NAME: "find order",
            semconv.CX_CHANNEL: "voice",
        }
        told |= {semconv.ERROR_TYPE: error} if error else {}
        cost = sum(point.points for point in points)
        told |= {semconv.CX_EXPERIENCE_POINTS: round(cost + 0.5)} if cost else {}
        yield _span(f"{operation} {system}", 3, at, length, told)
        at += length


def _variant(draw: random.Random) -> str:
    """Return the spans of a journey as JSON, with marks for its id and its time."""
    segment = Segment(id="a", start=0, channel="voice", waiting=True)
    spans = list(_calls(draw, segment))
    end = min(9_000_000, max(int(span["endTimeUnixNano"][2:9]) for span in spans))
    segment.observe(Queue("q", wait=round(draw.lognormvariate(10, 1))))
    chances = {"resolved": 70, "contained": 15, "unresolved": 8, "abandoned": 5, "failed": 2}
    outcome = draw.choices(list(chances), list(chances.values()))[0]
    segment.observe(Outcome(outcome, end))
    spans += [
        _span(f"step {number}", 1, number, end - number - 1, {semconv.CX_STEP_NAME: "find order"})
        for number in (1, 2)
    ]
    spans.append(_span("refund", 1, 0, end, _carrier(segment)))
    for number, span in enumerate(spans):
        span["spanId"] = f"@S{(len(spans) - 1 - number):04d}"
    return json.dumps(spans, separators=(",", ":"))[1:-1]


def _carrier(segment: Segment) -> dict[str, object]:
    found = segment.score()
    told: dict[str, object] = {
        semconv.CX_JOURNEY_NAME: "refund",
        semconv.CX_CHANNEL: "voice",
        semconv.CX_CONTACT_ID: "CA@J",
        semconv.CX_EXPERIENCE_CLASS: found.class_,
        semconv.CX_EXPERIENCE_ALGORITHM: found.algorithm,
        semconv.CX_EXPERIENCE_LEDGER: segment.ledger().to_json().decode(),
        semconv.CX_SEGMENT_REVISION: 0,
    }
    told |= {semconv.CX_EXPERIENCE_SCORE: found.value} if found.value is not None else {}
    if found.blame is not None:
        told[semconv.CX_EXPERIENCE_BLAME_LAYER] = found.blame.layer or ""
        told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] = found.blame.system or ""
    return told


def write(path: Path, journeys: int, seed: int = 7) -> None:
    """Write journeys of ten spans each to a file of OTLP JSON lines.

    Args:
        path: The file.
        journeys: How many.
        seed: Where the random numbers begin.
    """
    draw = random.Random(seed)  # noqa: S311 - reproducible randomness is wanted
    variants = [_variant(draw) for _ in range(VARIANTS)]
    with path.open("w", encoding="ascii") as file:
        for first in range(0, journeys, A_LINE):
            _line(file, draw, variants, min(A_LINE, journeys - first))


def _line(file: IO[str], draw: random.Random, variants: list[str], number: int) -> None:
    resource = {"attributes": [_attribute("service.name", draw.choice(("bridge", "bot", "crm")))]}
    scope = json.dumps({"name": "cxotel.journey", "version": "0.1.0"})
    spans = ",".join(_journey(draw, draw.choice(variants)) for _ in range(number))
    head = f'{{"resourceSpans":[{{"resource":{json.dumps(resource)},"scopeSpans":[{{"scope":{scope}'
    file.write(f'{head},"spans":[{spans}]}}]}}]}}\n')


def _journey(draw: random.Random, variant: str) -> str:
    journey_id = f"{draw.getrandbits(128):032x}"
    # Milliseconds since the epoch less their last seven digits, which the variant has.
    when = f"{176_000 + draw.randrange(60)}"
    filled = variant.replace("@J", journey_id).replace("@S", journey_id[:12]).replace("@T", when)
    first, *others = filled.split("@N")
    # Clocks give nanoseconds: what is compressed has to hold them.
    return first + "".join(f"{draw.randrange(1_000_000):06d}{other}" for other in others)


@contextmanager
def _timed(what: str, spans: int) -> Generator[None]:
    start, before = time.perf_counter(), sum(os.times()[:2])
    yield
    wall, used = time.perf_counter() - start, sum(os.times()[:2]) - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    each = used / spans * 1e6
    print(f"{what:<34}{wall:>8.1f} s{used:>8.1f} s CPU{each:>8.1f} us a span{peak:>8.0f} MiB peak")


def _sizes(store: Store) -> None:
    rows = store.ask(
        "SELECT table, sum(rows) AS Rows, sum(data_compressed_bytes) AS Compressed, "
        "sum(data_uncompressed_bytes) AS Raw FROM system.parts "
        "WHERE active AND database = currentDatabase() GROUP BY table ORDER BY table"
    )
    for row in rows:
        each = row["Compressed"] / max(1, row["Rows"])
        print(
            f"  {row['table']:<20}{row['Rows']:>10} rows{row['Compressed'] / 1e6:>9.1f} MB"
            f"{row['Raw'] / 1e6:>9.1f} MB raw{each:>8.1f} bytes a row"
        )


def main() -> None:
    """Write, read, score and ask; print what each takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--journeys", type=int, default=JOURNEYS)
    journeys = parser.parse_args().journeys
    spans = 10 * journeys
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "tables") as store:
        path = Path(folder) / "journeys.jsonl"
        with _timed("write", spans):
            write(path, journeys)
        size = path.stat().st_size
        print(f"  {spans} spans, {size / 1e6:.0f} MB of OTLP JSON, {size / spans:.0f} bytes a span")
        with _timed("read", spans):
            store.read(path)
        with _timed("score", spans):
            store.score()
        for name in ("kpis", "blame", "impact", "worst", "dependencies"):
            with _timed(f"ask: {name}", spans):
                rows = store.rows(name, top=10, since="1970-01-01 00:00:00")
        _sizes(store)
        print(f"  first dependency: {rows[0]}")


if __name__ == "__main__":
    main()
