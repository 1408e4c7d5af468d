"""Test with the newest and with the oldest dependencies that pyproject.toml allows.

Each session runs on an interpreter found on this machine; one that is not there is named, and
its session is left out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv"
nox.options.reuse_venv = "yes"

SUPPORTED = ("3.13", "3.12", "3.11", "3.10")
PROJECT = nox.project.load_toml("pyproject.toml")
TEST_TOOLS = nox.project.dependency_groups(PROJECT, "test")
# Otherwise uv takes a package it built earlier from a folder whose pyproject.toml is the same.
THIS_TREE = ("--reinstall-package", "cxotel")


def _candidates(version: str) -> list[str]:
    """List where an interpreter of one version may be: on PATH, and among pyenv's versions."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    named = [f"python{version}", *map(str, pyenv.glob(f"versions/{version}.*/bin/python"))]
    return [path for path in map(shutil.which, named) if path]


def _runs(interpreter: str, version: str) -> bool:
    """Tell whether a candidate really is that version: a shim may point to nothing."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    found = subprocess.run([interpreter, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603
    return found.stdout.strip() == version


def _find(version: str) -> str | None:
    return next((path for path in _candidates(version) if _runs(path, version)), None)


INTERPRETERS = {version: path for version in SUPPORTED if (path := _find(version))}
NEWEST = next(iter(INTERPRETERS.values()), None)
OLDEST = INTERPRETERS.get(SUPPORTED[-1])


def _test(session: nox.Session, *options: str) -> None:
    # Many tests start interpreters: where bytecode is not kept, each compiles all it imports.
    environment = {"PYTHONDONTWRITEBYTECODE": ""}
    if "CXOTEL_PROVE" in os.environ:
        environment["CXOTEL_PROVED"] = session.name.split("-")[0]
    # A file stays together: its tests share far ends that take a while to start.
    spread = ("-n", "2", "--dist", "loadfile")
    session.run("python", "-m", "pytest", *spread, *options, *session.posargs, env=environment)


@nox.session(python=NEWEST)
def newest(session: nox.Session) -> None:
    """Test with the newest dependencies, on the newest interpreter found."""
    if SUPPORTED[0] not in INTERPRETERS:
        session.warn(f"Not run: Python {SUPPORTED[0]} (none found); using {session.python}")
    session.install("--upgrade", *THIS_TREE, ".[all,demo]", *TEST_TOOLS)
    _test(session)


@nox.session(python=OLDEST)
def oldest(session: nox.Session) -> None:
    """Test with the lowest versions that pyproject.toml allows, on Python 3.10."""
    if OLDEST is None:
        session.skip(f"Not run: the oldest dependencies (no Python {SUPPORTED[-1]} found)")
    lowest = Path(session.create_tmp()) / "lowest.txt"
    session.run(
        *("uv", "pip", "compile", "pyproject.toml", "--extra", "all", "--quiet"),
        *("--resolution", "lowest-direct", "--python", session.virtualenv.bin + "/python"),
        *("--output-file", str(lowest)),
    )
    session.install("--constraint", str(lowest), *THIS_TREE, ".[all]", *TEST_TOOLS)
    # Backends take what the newest sends and what the oldest sends alike; they are slow to start.
    _test(session, "--ignore=tests/backends")
