"""The page on configuration: generated, and complete."""

from __future__ import annotations

import re

from cxotel.settings.environment import STANDARD, VARIABLES
from cxotel.settings.schema import ENTRIES
from tests.source_tree import PACKAGE, modules
from tools.generate_config_docs import main, render


def test_the_page_is_what_the_code_declares() -> None:
    """Somebody who changes a setting is reminded to write the page anew."""
    assert main(["--check"]) == 0


def test_every_setting_and_variable_is_on_the_page() -> None:
    """Nothing can be configured that the page does not tell."""
    page = render()
    names = [entry.key for entry in ENTRIES.values()]
    names += [variable.name for variable in (*VARIABLES, *STANDARD)]
    assert [name for name in names if f"`{name}" not in page] == []


def test_every_variable_that_the_code_reads_is_declared() -> None:
    """No file reads a variable of ours that is not in the table."""
    declared = {variable.name for variable in VARIABLES}
    read = {
        name
        for module in modules()
        for name in re.findall(r"CXOTEL_[A-Z_]+", (PACKAGE / module.name).read_text("utf-8"))
    }
    assert read == declared
    assert {entry.variable for entry in ENTRIES.values() if entry.variable} <= declared
