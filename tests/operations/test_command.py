"""`cxotel dashboards`, as a user types it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from cxotel.cli.app import app
from cxotel.operations import files, load
from cxotel.operations.reading import DEFAULT

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result


def dashboards(*arguments: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(app, ["dashboards", *arguments])


def test_everything_is_written_and_named(tmp_path: Path) -> None:
    """The command says what it wrote, of which journeys, and what to do next."""
    ended = dashboards("--out", str(tmp_path))
    assert ended.exit_code == 0
    for name, text in files(load()).items():
        assert (tmp_path / name).read_text("utf-8") == text
        assert str(tmp_path / name) in ended.stdout
    assert "objectives of refund, return, callback, over 30d" in ended.stdout
    assert "that is the example's: cxotel dashboards --init writes it for you" in ended.stdout
    assert 'rule_files: ["rules/*.yml"]' in ended.stdout


def test_one_format_alone(tmp_path: Path) -> None:
    """Whoever has dashboards already takes the rules."""
    ended = dashboards("--out", str(tmp_path), "--format", "prometheus")
    assert ended.exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rules"]
    assert "Sloth" not in ended.stdout


def test_a_format_that_there_is_not(tmp_path: Path) -> None:
    """Nothing is written, and the formats are named."""
    ended = dashboards("--out", str(tmp_path), "--format", "datadog")
    assert ended.exit_code == 2
    assert ended.stderr == "no format datadog; there are prometheus, slo, grafana\n"
    assert list(tmp_path.iterdir()) == []


def test_a_file_to_begin_with_is_written_once(tmp_path: Path) -> None:
    """It can be used as it is, and is never overwritten."""
    ended = dashboards("--init", "--out", str(tmp_path))
    path = tmp_path / "journeys.toml"
    assert ended.exit_code == 0
    assert path.read_text("utf-8") == DEFAULT.read_text("utf-8")
    assert dashboards("--journeys", str(path), "--out", str(tmp_path)).exit_code == 0
    again = dashboards("--init", "--out", str(tmp_path))
    assert again.exit_code == 2
    assert again.stderr == f"{path} is there already, and stays as it is\n"


def test_a_file_that_does_not_fit(tmp_path: Path) -> None:
    """The file and the key are named, and nothing is written."""
    path = tmp_path / "mine.toml"
    path.write_text("[journeys.refund]\noutcome = 999\n", "utf-8")
    ended = dashboards("--journeys", str(path), "--out", str(tmp_path / "out"))
    assert ended.exit_code == 2
    assert ended.stderr.startswith(f"{path}: journeys.refund.outcome must be a percentage")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """One line, and no traceback."""
    path = tmp_path / "file"
    path.write_text("", "utf-8")
    ended = dashboards("--out", str(path))
    assert ended.exit_code == 2
    assert ended.stderr.endswith("cannot be written: Not a directory\n")


def test_a_reader_who_has_enough_is_no_file_that_cannot_be_written(tmp_path: Path) -> None:
    """`cxotel dashboards --init | head -1` ends without a word about files."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-c", "from cxotel.cli import main; raise SystemExit(main())"]
    ran = subprocess.run(
        [*command, "dashboards", "--init", "--out", str(tmp_path / "operations")],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=60,
    )
    os.close(writing)

    assert "cannot be written" not in ran.stderr
    assert (tmp_path / "operations" / "journeys.toml").exists()
