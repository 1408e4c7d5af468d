"""The command line: one file for each command.

Exit codes, of every command: 0 all is well, 1 a problem was found, 2 it was used wrongly or its
input cannot be read.
"""

from __future__ import annotations

import sys
from importlib import import_module

OK = 0
PROBLEM = 1
UNUSABLE = 2


def main() -> int:
    """Run the command line, or say in one line how to install it."""
    try:
        import_module("rich")
        from cxotel.cli.app import app
    except ImportError as error:
        if error.name is None or error.name.partition(".")[0] not in {"typer", "rich", "click"}:
            raise
        print(
            f"The command line needs {error.name}, which is not installed; "
            "run: pip install 'cxotel[cli]'",
            file=sys.stderr,
        )
        return UNUSABLE
    app(prog_name="cxotel")
    return OK
