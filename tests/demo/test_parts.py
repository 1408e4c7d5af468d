"""The parts of the demo: who comes, what goes wrong, who is right about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import cxotel
from cxotel import ExperienceProcessor
from cxotel.cli.lines import plain
from cxotel.demo.command import run
from cxotel.demo.injection import KINDS, Injection, plan
from cxotel.demo.judging import NOBODY, judge
from cxotel.demo.population import WAYS, population
from cxotel.demo.report import report
from cxotel.demo.visits import Script
from cxotel.exporting.json_lines import SpanLines, WholeLines
from cxotel.testing import Telemetry
from tests.source_tree import modules

if TYPE_CHECKING:
    from pathlib import Path

CALL = "CA" + "0" * 32
POOR_LINE = Injection("poor line", "twilio", 2.8, "MOS")
LONG_QUEUE = Injection("long queue", "amazon_connect", 300.0, "s")


def test_a_seed_chooses_the_same_people_and_faults() -> None:
    """Who runs the demo again with the same seed sees the same go wrong for the same people."""
    first, again = population(7, 200), population(7, 200)

    assert first == again
    assert plan(7, first) == plan(7, again)
    assert plan(7, first) != plan(8, first)


def test_everything_that_can_go_wrong_does() -> None:
    """Over a few hundred journeys every kind of fault comes alone, and many come in pairs."""
    people = population(1, 600)
    planned = plan(1, people)

    assert {faults[0].kind for faults in planned if len(faults) == 1} == set(KINDS)
    assert any(len(faults) == 2 for faults in planned)
    assert any(not faults for faults in planned)
    assert {person.way for person in people} == set(WAYS)


def test_faults_come_only_to_whom_they_can_come() -> None:
    """Nobody waits in a queue who needs no person; two faults are never of one system."""
    people = population(2, 600)

    for person, faults in zip(people, plan(2, people), strict=True):
        assert all(KINDS[fault.kind].fits(person) for fault in faults)
        assert len({fault.system for fault in faults}) == len(faults)


def test_no_two_customers_share_what_faults_find_them_by() -> None:
    """A fault hits one customer only: no number is part of another one."""
    people = population(3, 500)
    keys = [key for person in people for key in (person.phone, person.order)]

    assert len(set(keys)) == len(keys)
    assert len({len(person.phone) for person in people}) == 1


def test_a_customer_who_is_not_understood_says_it_again_and_then_asks_for_a_person() -> None:
    """Customers of the demo behave as people do with bots."""
    script = Script(["my code", "my wish"])

    heard = [script.next(text) for text in ("Hello", "Thanks", "Sorry?", "Sorry?", "Sorry?", "Yes")]

    assert heard == ["my code", "my wish", "my wish", "my wish", "agent", "my wish"]


def test_the_service_knows_nothing_of_faults_or_customers() -> None:
    """The service under observation cannot see a label: nothing in it imports where they are."""
    hidden = ("faults", "injection", "population", "visits", "judging", "run", "contact_center")
    service = [module for module in modules() if module.name.startswith("demo/service/")]
    names = {name for module in service for name in module.imports()}

    assert service
    assert {name for name in names if name.startswith("cxotel.demo.")}
    assert [name for name in names if set(name.split(".")) & set(hidden)] == []


def test_nothing_but_the_command_line_knows_the_demo() -> None:
    """The library cannot see a label either: no module of it imports the demo."""
    library = [module for module in modules() if not module.name.startswith(("demo/", "cli/"))]

    assert library
    assert [
        module.name
        for module in library
        if any(name.startswith("cxotel.demo") for name in module.imports())
    ] == []


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file with the telemetry of one journey that twilio has hurt."""
    path = tmp_path / "journeys.jsonl"
    with Telemetry(processors=[ExperienceProcessor()]) as telemetry:
        with cxotel.journey("refund", channel="chat", contact_id=CALL):
            for dimension in ("effort", "reliability"):
                cxotel.impairment(dimension, 10, reason="test", layer="ai", system="twilio")
        SpanLines(WholeLines(path)).export(telemetry.finished)
    return path


def test_the_blame_is_right_where_it_names_the_system_of_the_fault(file: Path) -> None:
    """One fault, and its system is blamed: right."""
    judged = judge(file, {CALL: (POOR_LINE,)})

    assert judged.share == 1.0
    assert judged.confusion() == {"poor line": {"twilio": 1}}


def test_the_blame_is_wrong_where_it_names_another_system(file: Path) -> None:
    """One fault, and another system is blamed: wrong, and the table tells which one."""
    judged = judge(file, {CALL: (LONG_QUEUE,)})

    assert judged.share == 0.0
    assert judged.confusion() == {"long queue": {"twilio": 1}}


def test_of_two_faults_either_may_be_blamed_but_it_shows_that_one_is_missing(file: Path) -> None:
    """Two faults: the blame names one; that the other is nowhere among the reasons is told."""
    [verdict] = judge(file, {CALL: (LONG_QUEUE, POOR_LINE)}).verdicts

    assert verdict.right
    assert not verdict.complete


def test_to_blame_somebody_for_nothing_is_wrong(file: Path) -> None:
    """No fault, and yet a system is blamed: a false alarm."""
    [verdict] = judge(file, {CALL: ()}).verdicts

    assert (verdict.blamed, verdict.blamed_on_span, verdict.right) == ("twilio", "twilio", False)
    assert verdict.culprits == {NOBODY}


def test_points_that_no_system_lost_are_told_with_what_they_are_of(tmp_path: Path) -> None:
    """Points for how a journey ended are nobody's; the table says so, and what they are for."""
    path = tmp_path / "journeys.jsonl"
    with Telemetry(processors=[ExperienceProcessor()]) as telemetry:
        with cxotel.journey("refund", channel="chat", contact_id=CALL):
            cxotel.impairment("effort", 10, reason="test", layer="ai", system="twilio")
            cxotel.outcome("unresolved")
        SpanLines(WholeLines(path)).export(telemetry.finished)
    lines = plain(report(judge(path, {CALL: ()}), path, bars=False))
    first = lines.index("points lost, by layer and system") + 1

    assert [line.split(maxsplit=1)[1] for line in lines[first : first + 2]] == [
        "-                not blamed on any system (resolution)",
        "ai               twilio",
    ]


def test_a_journey_that_is_not_in_the_file_counts_as_wrong(file: Path) -> None:
    """Telemetry that got lost does not improve the figures."""
    judged = judge(file, {CALL: (POOR_LINE,), "chat-00000001": (LONG_QUEUE,)})

    assert judged.missing == 1
    assert judged.share == 0.5


def test_a_file_that_cannot_be_written_is_said_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody waits for a demo whose telemetry has nowhere to go."""
    code = run(seed=1, journeys=1, otlp_endpoint=None, file=tmp_path / "no" / "f", speed=1)

    assert code == 2
    assert "cannot be written: No such file or directory" in capsys.readouterr().err
