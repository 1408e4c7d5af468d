"""Run the Python examples of one Markdown page: `python -m tests.run_page PAGE`."""

from __future__ import annotations

import doctest
import sys
from pathlib import Path

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def run_page(page: Path) -> int:
    """Run a page's examples in order, in one namespace; the first that fails raises.

    Returns:
        How many examples the page has.
    """
    parsers = [PythonCodeBlockParser(doctest_optionflags=OPTIONS), SkipParser()]
    examples = list(Sybil(parsers=parsers).parse(page).examples())
    for example in examples:
        example.evaluate()
    return len(examples)


if __name__ == "__main__":
    sys.stdout.write(f"{run_page(Path(sys.argv[1]))} examples\n")
