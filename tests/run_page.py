"""Run the Python examples of one Markdown page: `python -m tests.run_page PAGE`."""

from __future__ import annotations

import doctest
import sys
from pathlib import Path
from typing import Any

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

from cxotel.demo.far_ends.dialogflow import DialogflowFarEnd
from cxotel.demo.far_ends.far_end import HttpFarEnd

OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def run_page(page: Path) -> int:
    """Run a page's examples in order, in one namespace; the first that fails raises.

    Returns:
        How many examples the page has.
    """
    parsers = [PythonCodeBlockParser(doctest_optionflags=OPTIONS), SkipParser()]
    document = Sybil(parsers=parsers).parse(page)
    examples = list(document.examples())
    try:
        for example in examples:
            example.evaluate()
    finally:
        _end_far_ends(document.namespace)
    return len(examples)


def _end_far_ends(namespace: dict[str, Any]) -> None:
    """End what still serves: a thread that outlives the interpreter now and then crashes it."""
    for made in namespace.values():
        if isinstance(made, (HttpFarEnd, DialogflowFarEnd)):
            made.stop()


if __name__ == "__main__":
    sys.stdout.write(f"{run_page(Path(sys.argv[1]))} examples\n")
