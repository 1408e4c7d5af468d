"""Every example that a user may copy runs: in the README, the docs, and docstrings.

In Markdown, each block marked `python` runs. Blocks of one page share their names, in order; each
page has an interpreter and an empty folder of its own, and exports nothing unless it says so.
A block that begins with `>>>` is compared with its output. A comment that readers do not see can
prepare something, or set the next block aside, which then must still compile:

    <!--- invisible-code-block: python
    from tests.helpers import ...
    -->

    <!--- skip: next -->

Blocks of other languages (`console`, `toml`, `text`, ...) do not run.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.source_tree import PACKAGE, ROOT, modules

if TYPE_CHECKING:
    from pathlib import Path

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
WITH_DOCTESTS = [
    module.dotted for module in modules() if ">>>" in (PACKAGE / module.name).read_text("utf-8")
]
RUN_DOCTESTS = """
import doctest, importlib, sys
module = importlib.import_module(sys.argv[1])
results = doctest.testmod(module, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
sys.exit(results.failed or not results.attempted)
"""


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Start the interpreter in a folder, so that no example leaves anything behind."""
    silent = {f"OTEL_{signal}_EXPORTER": "none" for signal in ("TRACES", "METRICS", "LOGS")}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, **silent, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=55,
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_example_of_a_page_runs(page: Path, tmp_path: Path) -> None:
    """Whoever copies a page's examples, top to bottom, gets what the page says."""
    run = _run(tmp_path, "-m", "tests.run_page", str(page))

    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_example_of_a_page_compiles(page: Path) -> None:
    """An example that cannot run here, for want of a vendor's account, is at least Python."""
    blocks = re.findall(r"^```python\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)

    for block in blocks:
        if ">>>" not in block:
            compile(block, str(page), "exec")


@pytest.mark.parametrize("module", WITH_DOCTESTS)
def test_every_example_of_a_docstring_runs(module: str, tmp_path: Path) -> None:
    """What a docstring shows is what the function does."""
    run = _run(tmp_path, "-c", RUN_DOCTESTS, module)

    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("```python\nassert 1 == 2\n```\n", "AssertionError"),
        ("```python\n>>> 1 + 1\n3\n```\n", "Expected:"),
        ("```python\nx = 1\n```\n\n```python\nprint(y)\n```\n", "NameError"),
    ],
)
def test_a_wrong_example_is_noticed(tmp_path: Path, text: str, complaint: str) -> None:
    """A page whose example fails, or shows another output, fails this test suite."""
    page = tmp_path / "page.md"
    page.write_text(text, "utf-8")

    run = _run(tmp_path, "-m", "tests.run_page", str(page))

    assert run.returncode != 0
    assert complaint in run.stdout + run.stderr


def test_hidden_blocks_run_and_skipped_ones_do_not(tmp_path: Path) -> None:
    """A page can prepare what its examples need, and set an example aside."""
    page = tmp_path / "page.md"
    page.write_text(
        "<!--- invisible-code-block: python\nx = 1\n-->\n\n"
        "```python\nassert x == 1\n```\n\n"
        "<!--- skip: next -->\n\n```python\nraise SystemExit(1)\n```\n\n"
        "```console\n$ rm -rf nothing\n```\n",
        "utf-8",
    )

    run = _run(tmp_path, "-m", "tests.run_page", str(page))

    assert run.returncode == 0, run.stdout + run.stderr
