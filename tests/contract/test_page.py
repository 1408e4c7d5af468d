"""docs/writing-a-vendor.md shows the vendor that this suite tests."""

from __future__ import annotations

import re

from cxotel.testing import CHECKS
from tests.contract.page import NAMES, PAGE, shown, sources


def test_the_page_shows_the_files_that_are_tested() -> None:
    """Whoever copies the page's files has exactly those that pass the contract here."""
    files = shown()

    assert {name: files.get(name) for name in NAMES} == sources()


def test_the_page_names_every_check() -> None:
    """A check that fails can be looked up on the page."""
    named = set(re.findall(r"^\| `(\w+)` \|", PAGE.read_text("utf-8"), re.MULTILINE))
    checks = {check.__name__.removeprefix("check_") for check in CHECKS}

    assert checks <= named
