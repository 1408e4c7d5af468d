"""The files that docs/writing-a-vendor.md shows, as whoever follows the page would write them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.source_tree import ROOT

PAGE = ROOT / "docs" / "writing-a-vendor.md"
FOLDER = Path(__file__).parent / "toy"
NAMES = ("switchboard.py", "exchange.py", "cxotel_switchboard.py", "test_switchboard.py")
_SHOWN = re.compile(r"^`(\w+\.\w+)`:\n\n```\w+\n(.*?)^```", re.DOTALL | re.MULTILINE)


def shown() -> dict[str, str]:
    """Return the page's files by name."""
    return dict(_SHOWN.findall(PAGE.read_text("utf-8")))


def sources() -> dict[str, str]:
    """Return the same files as they are in this test suite, with a user's imports."""
    package = "tests.contract.toy."
    return {name: (FOLDER / name).read_text("utf-8").replace(package, "") for name in NAMES}


def write_files() -> None:
    """Write the page's files into the current folder."""
    for name, text in shown().items():
        Path(name).write_text(text, "utf-8")


def install() -> None:
    """Do what installing the page's distribution does: make its entry points known."""
    information = Path("cxotel_switchboard-1.0.dist-info")
    information.mkdir()
    text = shown()["pyproject.toml"]
    group, line = re.findall(r'entry-points\.(\w+)\]\n(\w+ = ".*")', text)[0]
    entry = line.replace('"', "")
    (information / "entry_points.txt").write_text(f"[{group}]\n{entry}\n", "utf-8")
    name = "Metadata-Version: 2.1\nName: cxotel-switchboard\nVersion: 1.0\n"
    (information / "METADATA").write_text(name, "utf-8")


def run_contract() -> None:
    """Run the page's contract; the orders of importing take long, and this suite runs them too."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "not orders"]
    subprocess.run(
        [*command, "test_switchboard.py"],
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(Path.cwd()), str(ROOT)])},
        timeout=50,
    )
