"""How a printed command begins: as the reader can type it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from cxotel.cli.program import program

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project's folder with an environment that nobody activated, and go there."""
    path = tmp_path / "a project" / ".venv" / "bin" / "cxotel"
    path.parent.mkdir(parents=True)
    path.touch(mode=0o755)
    monkeypatch.chdir(tmp_path / "a project")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "argv", [".venv/bin/cxotel"])
    return path


def test_an_environment_that_is_not_activated_is_named_by_its_path(script: Path) -> None:
    """After `make demo` the command is not on PATH: the path from here is shown."""
    assert script.is_file()
    assert program() == ".venv/bin/cxotel"


def test_an_activated_environment_needs_no_path(
    script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a shell finds this very command, its name is enough."""
    monkeypatch.setenv("PATH", str(script.parent))
    assert program() == "cxotel"


def test_another_installation_on_path_is_not_meant(
    script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a shell would find the command of another environment, the path is shown."""
    assert script.is_file()
    other = tmp_path / "cxotel"
    other.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(other.parent))
    assert program() == ".venv/bin/cxotel"


def test_in_the_folder_of_the_command_the_whole_path_is_shown(
    script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shell looks for a bare name on PATH alone; the path is quoted for it."""
    monkeypatch.setattr(sys, "argv", [str(script)])
    monkeypatch.chdir(script.parent)
    assert program() == f"'{script}'"


def test_started_in_another_way_it_is_called_by_its_name(
    script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`python -c` and the like have no path to show."""
    assert script.is_file()
    monkeypatch.setattr(sys, "argv", ["-c"])
    assert program() == "cxotel"
