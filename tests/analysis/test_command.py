"""`cxotel analyze` as a user types it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from cxotel import settings
from cxotel.cli.app import app
from tests.analysis.lines import line, write
from tests.analysis.test_reading import DEMO
from tests.cli import sample

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def usual_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Start each test with no settings in force."""
    monkeypatch.delenv("CXOTEL_CONFIG", raising=False)
    settings.deactivate()
    yield
    settings.deactivate()


def refused(*arguments: str) -> str:
    """Run the command, which is to refuse in one line, and return that."""
    result = CliRunner().invoke(app, ["analyze", *arguments])
    assert result.exit_code == 2
    assert result.stdout == ""
    [told] = result.stderr.splitlines()
    return told


def test_a_file_is_told_in_words() -> None:
    """How many journeys, how they fared, which went worst, who is to blame, what they depend on."""
    result = CliRunner().invoke(app, ["analyze", str(DEMO), "--top", "2"])

    assert result.exit_code == 0
    lines = [" ".join(each.split()) for each in result.stdout.splitlines()]
    assert lines[0] == "40 journeys, 659 spans"
    assert (
        "kind journeys mean median p10 success abandoned escalated contained resolved in p50 p95"
        in lines
    )
    assert any(each.startswith("all 40 87 88") for each in lines)
    assert any(each.startswith("54 60a57154a99718ddca28831185c5c681 refund") for each in lines)
    assert any(each.startswith("dialogflow responsiveness, effort") for each in lines)
    assert any(each.startswith("contact-center-bridge dialogflow 95 0.0%") for each in lines)


def test_json_is_for_scripts(tmp_path: Path) -> None:
    """Everything that is told can be read by a program; several files are one."""
    path = sample.write(tmp_path / "journeys.jsonl")

    result = CliRunner().invoke(app, ["analyze", str(DEMO), str(path), "--json", "--top", "1"])

    found = json.loads(result.stdout)
    assert found["spans"] == 668
    assert found["figures"][-1]["journeys"] == 41
    assert [each["id"] for each in found["worst"]] == [sample.JOURNEY]
    assert found["worst"][0]["class"] == "not_recommended"


def test_journeys_of_other_rules_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The report says which settings are missing, instead of scores that nobody else has."""
    config = tmp_path / "cxotel.toml"
    config.write_text("[score.reach.queue]\npoints = 8\n")
    monkeypatch.setenv("CXOTEL_CONFIG", str(config))

    result = CliRunner().invoke(app, ["analyze", str(DEMO)])

    assert "not scored: 40 journeys of other rules" in result.stdout
    assert "no journey has a score" in result.stdout


def test_the_schema_is_written_for_a_server() -> None:
    """It holds the views with the attributes' names, and no mark that is still to be filled in."""
    result = CliRunner().invoke(app, ["analyze", "--schema"])

    assert result.exit_code == 0
    assert "SpanAttributes['cx.experience.ledger']" in result.stdout
    assert "{CX_" not in result.stdout


def test_a_missing_file_is_told() -> None:
    """The line names the file and the reason."""
    assert refused("nowhere.jsonl") == "nowhere.jsonl cannot be read: No such file or directory"


def test_a_file_of_another_kind_is_told(tmp_path: Path) -> None:
    """A picture is no telemetry; the line says what is expected."""
    path = tmp_path / "picture.png"
    path.write_bytes(b"\x89PNG\r\n")

    assert refused(str(path)).startswith(f"{path} holds no OTLP JSON lines")


def test_json_without_spans_is_told(tmp_path: Path) -> None:
    """JSON of another kind is not taken for a file without journeys."""
    path = write(tmp_path / "other.jsonl", ['{"a": 1}'])

    assert refused(str(path)).startswith("there is no span in what was read")


def test_spans_without_a_journey_are_no_error(tmp_path: Path) -> None:
    """A service that marks no journey yet still learns what it depends on."""
    result = CliRunner().invoke(
        app, ["analyze", str(write(tmp_path / "plain.jsonl", [line({"a": 1})]))]
    )

    assert result.exit_code == 0
    assert result.stdout.startswith("0 journeys, 1 span\n")


def test_no_file_is_asked_for() -> None:
    """Without a file the command says that it needs one."""
    assert refused() == "name the files to analyze, such as journeys.jsonl"


def test_the_missing_extra_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has not installed the engine reads what to run."""
    monkeypatch.setitem(sys.modules, "chdb", None)

    assert refused(str(DEMO)).endswith("run: pip install 'cxotel[analyze]'")
