"""Run small programs in interpreters of their own, as users do."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_OURS = ("OTEL_", "CXOTEL_")


class Ran(NamedTuple):
    """How a program ended, and what it wrote."""

    code: int
    out: str
    log: tuple[str, ...]
    """The lines on standard error, where the program logs."""

    def lines_about(self, text: str) -> list[str]:
        """Return the log lines that hold *text*."""
        return [line for line in self.log if text in line]


def run(
    program: str,
    environ: Mapping[str, str] | None = None,
    *,
    python: str = sys.executable,
    through: Sequence[str] = (),
    timeout: float = 30.0,
) -> Ran:
    """Run a program and return what came of it.

    Args:
        program: Python source, or the path of a file that holds some.
        environ: Variables beside this process's own; none of `OTEL_*` and `CXOTEL_*` is inherited.
        python: The interpreter.
        through: What stands before the interpreter: `["opentelemetry-instrument"]`.
        timeout: Seconds until the program is ended.
    """
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(_OURS)}
    source = [program] if program.endswith(".py") else ["-c", textwrap.dedent(program)]
    ended = subprocess.run(
        [*through, python, *source],
        env={**inherited, **(environ or {})},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Ran(ended.returncode, ended.stdout, tuple(ended.stderr.splitlines()))
