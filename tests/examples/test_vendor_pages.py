"""The pages on vendors: their tables come from the code."""

from __future__ import annotations

from cxotel import vendors
from tools.generate_vendor_docs import FOLDER, main, render
from tools.vendor_index import Entry


def test_the_tables_are_what_the_code_says() -> None:
    """Somebody who changes a vendor is reminded to write its page anew."""
    assert main(["--check"]) == 0


def test_every_vendor_has_a_page_with_all_tables() -> None:
    """No vendor goes without a page, and each says which calls it knows and what it captures."""
    for name in vendors.VENDORS:
        page = (FOLDER / f"{name}.md").read_text("utf-8")
        assert page.count("<!-- generated: ") == 3
        for operation in vendors.load(name).operations.values():
            assert f"`{operation.name} {name}`" in page


def test_every_vendor_is_told_of_in_the_index() -> None:
    """The index says of each vendor what never leaves, and what is not seen or not proved."""
    for name in vendors.VENDORS:
        entry = Entry(name, vendors.load(name), FOLDER)
        assert entry.never, name
        assert entry.limits, name


def test_a_changed_table_is_noticed() -> None:
    """What stands between the marks is made anew; the rest of a page is left alone."""
    vendor = vendors.load("salesforce")

    page = "before\n<!-- generated: libraries -->\nold\n<!-- end -->\nafter\n"

    libraries = "\n".join(f"- `{requirement}`" for requirement in vendor.requires)
    assert render(page, vendor) == page.replace("old", libraries)
