"""How the command line that runs here is called, so that a printed command can be copied."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path
from typing import Final

NAME: Final = "cxotel"


def program() -> str:
    """Return what starts this very command line: its name, or its path where `PATH` lacks it.

    The path is relative to the working folder where it is inside it, as after `make demo`, whose
    environment nobody has activated.
    """
    running = Path(sys.argv[0])
    if running.stem != NAME or not running.is_file() or _is_on_path(running):
        return NAME
    here, running = Path.cwd(), running.absolute()
    # A file right in the working folder would be looked for on PATH by its bare name.
    inside = running.is_relative_to(here) and running.parent != here
    return shlex.quote(str(running.relative_to(here) if inside else running))


def _is_on_path(running: Path) -> bool:
    found = shutil.which(NAME)
    return found is not None and Path(found).resolve() == running.resolve()
