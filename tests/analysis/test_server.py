"""What is shipped for a ClickHouse server runs in its engine."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
from importlib.resources import files
from typing import TYPE_CHECKING

from cxotel.analysis import analyze
from cxotel.experience.record import journey_score
from cxotel.reading import journey_ids, of_journey
from cxotel.reading.assemble import assemble
from cxotel.reading.file import FileSource
from tests.analysis.test_reading import DEMO
from tests.analysis.test_scores import in_process, in_table, scores

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from cxotel.analysis import Store

ASK = """
import sys
import chdb
query = (
    "SELECT cx_journey_score(Record) AS Found "
    "FROM file({path:String}, 'JSONEachRow', 'Record String')"
)
found = chdb.query(query, "JSONEachRow", udf_path=sys.argv[2], params={"path": sys.argv[1]})
sys.stdout.write(str(found))
"""


def test_every_journey_of_the_demo_has_its_score(store: Store, tmp_path: Path) -> None:
    """Forty journeys over two processes, a bot and four systems: tables and processes agree."""
    path = tmp_path / "demo.jsonl"
    path.write_bytes(gzip.decompress(DEMO.read_bytes()))
    spans = FileSource(path).every_span()
    store.read(DEMO)
    store.read(path)

    found = scores(store)

    assert len(found) == 40
    for journey_id in journey_ids(spans):
        journey = assemble(journey_id, of_journey(spans, journey_id))
        assert in_table(found[journey_id]) == in_process(journey.score)
        assert in_process(journey.score) == in_process(journey_score(journey.record))
        assert found[journey_id]["Name"] == journey.name
        assert found[journey_id]["Segments"] == len(journey.segments)


def test_the_function_for_a_server_gives_the_same_scores(store: Store, tmp_path: Path) -> None:
    """The shipped description starts a program that the engine asks for every record."""
    store.read(DEMO)
    records = store.ask("SELECT JourneyId, Record FROM cx_records ORDER BY JourneyId")
    expected = scores(store)
    asked = tmp_path / "records.jsonl"
    asked.write_text("".join(json.dumps({"Record": row["Record"]}) + "\n" for row in records))
    functions = tmp_path / "functions"
    functions.mkdir()
    description = files("cxotel.analysis.sql").joinpath("cx_journey_score.xml").read_text()
    (functions / "udf_config.xml").write_text(description)
    script = functions / "cx_journey_score"
    script.write_text(f"#!/bin/sh\nexec {sys.executable} -m cxotel.analysis.scoring\n")
    script.chmod(0o755)

    run = subprocess.run(
        [sys.executable, "-c", ASK, str(asked), str(functions)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**os.environ, "CXOTEL_CONFIG": ""},
    )

    found = [json.loads(json.loads(each)["Found"]) for each in run.stdout.splitlines()]
    assert [each["Score"] for each in found] == [
        expected[row["JourneyId"]]["Score"] for row in records
    ]


def test_a_run_scores_only_what_has_arrived_since(store: Store) -> None:
    """On a server the statement runs every minute: what did not change is left alone."""
    store.read(DEMO)

    store.run("score", since="2100-01-01 00:00:00")

    assert store.ask("SELECT count() AS Scores FROM cx_scores") == [{"Scores": 0}]


def test_analysing_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables lie in a temporary folder that is gone afterwards."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    analyze([DEMO])

    assert list(tmp_path.iterdir()) == []
