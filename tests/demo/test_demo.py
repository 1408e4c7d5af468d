"""A small run of the whole demo, as its user starts it, and what is then in the file."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from cxotel import semconv
from cxotel.demo.injection import plan
from cxotel.demo.population import population
from cxotel.experience.scopes import JOURNEY_SCOPE
from cxotel.reading.file import FileSource

if TYPE_CHECKING:
    from pathlib import Path

    from cxotel.reading.model import Span

SEED, JOURNEYS = 5, 30
CXOTEL = (sys.executable, "-c", "from cxotel.cli import main; main()")
TAKES = 240
"""Seconds, on a machine that does much else at the same time."""

pytestmark = pytest.mark.timeout(TAKES)


@dataclass(frozen=True)
class Run:
    """What one run leaves behind."""

    code: int
    output: str
    progress: str
    file: Path
    log: list[dict[str, Any]]
    spans: list[Span]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run the demo once."""
    file = tmp_path_factory.mktemp("demo") / "journeys.jsonl"
    options = ("--seed", str(SEED), "--journeys", str(JOURNEYS), "--speed", "40")
    done = subprocess.run(
        [*CXOTEL, "demo", *options, "--file", str(file)],
        capture_output=True,
        text=True,
        check=False,
        timeout=TAKES,
    )
    log = json.loads(file.with_suffix(".injected.json").read_text())
    return Run(done.returncode, done.stdout, done.stderr, file, log, FileSource(file).every_span())


def test_the_blame_is_right(demo: Run) -> None:
    """The demo ends well, and says how often the telemetry blamed the system of the fault."""
    assert demo.code == 0, demo.output + demo.progress
    assert "journeys with faults (goal: 95%)" in demo.output


def test_everybody_is_in_the_file_and_the_log_tells_what_the_seed_says(demo: Run) -> None:
    """The injection log is what the seed chose, and each of its lines is found in the file."""
    chosen = Counter(
        tuple(fault.kind for fault in faults) for faults in plan(SEED, population(SEED, JOURNEYS))
    )
    logged = Counter(tuple(fault["kind"] for fault in line["injected"]) for line in demo.log)

    assert logged == chosen
    assert {line["journey"] for line in demo.log} == {span.journey_id for span in demo.spans}
    assert len({line["journey"] for line in demo.log}) == JOURNEYS


def test_every_span_bears_its_journey(demo: Run) -> None:
    """No span of the service is without a journey's id, and `session.id` is the same."""
    assert demo.spans
    assert [span.name for span in demo.spans if not span.journey_id] == []
    assert all(span.text(semconv.SESSION_ID) == span.journey_id for span in demo.spans)


def test_every_segment_has_one_carrier_with_a_score(demo: Run) -> None:
    """Each trace has one root, a journey's span that bears ledger and score; no other span does."""
    roots = [span for span in demo.spans if not span.parent_id]
    carriers = [span for span in demo.spans if semconv.CX_EXPERIENCE_LEDGER in span.attributes]

    assert {id(span) for span in roots} == {id(span) for span in carriers}
    assert all(span.scope == JOURNEY_SCOPE for span in carriers)
    assert all(span.whole(semconv.CX_EXPERIENCE_SCORE) is not None for span in carriers)
    assert len({span.trace_id for span in carriers}) == len(carriers)
    assert {span.trace_id for span in demo.spans} == {span.trace_id for span in carriers}
    assert sum(semconv.CX_EXPERIENCE_SCORE in span.attributes for span in demo.spans) == len(
        carriers
    )


def test_all_vendors_are_seen_by_their_real_client_libraries(demo: Run) -> None:
    """Calls of four vendors and of the in-house identity service are named by what they mean."""
    systems = {str(span.text(semconv.CX_SYSTEM)) for span in demo.spans if span.kind == "CLIENT"}

    assert systems == {"amazon_connect", "dialogflow", "identity", "salesforce", "twilio"}
    assert {span.scope for span in demo.spans} == {
        JOURNEY_SCOPE,
        *(f"cxotel.{system}" for system in systems),
    }


def test_nothing_private_is_in_the_file(demo: Run) -> None:
    """Not a telephone number, a name, an address or a word that a customer said gets out."""
    text = demo.file.read_text(encoding="utf-8")
    private = [word for person in population(SEED, JOURNEYS) for word in person.private]

    assert private
    assert [word for word in private if word in text] == []


def test_no_label_is_in_the_file(demo: Run) -> None:
    """What was injected is nowhere but in the injection log."""
    text = demo.file.read_text(encoding="utf-8")
    kinds = {fault["kind"] for line in demo.log for fault in line["injected"]}

    assert kinds
    assert [kind for kind in kinds if kind in text] == []


def test_the_output_is_plain_when_piped_and_tells_what_to_do_next(demo: Run) -> None:
    """Progress goes to standard error in lines; the report has no colours, and names a command."""
    command = demo.output.strip().splitlines()[-1]

    assert "\x1b" not in demo.output + demo.progress
    assert f"journeys: {JOURNEYS} of {JOURNEYS}" in demo.progress
    assert command.startswith("next:          cxotel journey ")
    assert command.endswith(f" --from {demo.file}")


def test_the_next_command_shows_the_journey(demo: Run) -> None:
    """The command that the demo names works as it stands."""
    words = demo.output.strip().splitlines()[-1].split()[2:]
    shown = subprocess.run(
        [*CXOTEL, *words],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert "who lost the points" in shown.stdout
