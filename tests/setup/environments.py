"""Fresh environments that hold what a user's pip line installs, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import uv

PROJECT = Path(__file__).parents[2]


def build_wheel(into: Path) -> Path:
    """Build the project as it stands in the working tree, and return the wheel."""
    _uv("build", "--wheel", "--quiet", "--out-dir", str(into), str(PROJECT))
    (wheel,) = into.glob("*.whl")
    return wheel


def environment(at: Path, *requirements: str) -> Path:
    """Make an environment of this Python version and return its `bin` folder.

    Args:
        at: The folder to make.
        requirements: What is installed, as on pip's command line.
    """
    _uv("venv", "--quiet", "--python", sys.executable, str(at))
    _uv("pip", "install", "--quiet", "--python", str(at / "bin" / "python"), *requirements)
    return at / "bin"


def _uv(*arguments: str) -> None:
    subprocess.run([uv.find_uv_bin(), *arguments], check=True, cwd=PROJECT)
