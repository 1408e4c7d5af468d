"""The public face of the package."""

from __future__ import annotations

import subprocess
import sys
from inspect import getdoc

import pytest

import cxotel


@pytest.mark.parametrize("name", [name for name in cxotel.__all__ if name != "__version__"])
def test_each_public_name_is_documented(name: str) -> None:
    """`help` says at least a sentence about each public name."""
    assert (getdoc(getattr(cxotel, name)) or "").partition("\n")[0].endswith(".")


def test_a_misspelt_name_is_an_attribute_error() -> None:
    """A name that does not exist is reported as Python does."""
    with pytest.raises(AttributeError, match="has no attribute 'jurney'"):
        cxotel.jurney  # noqa: B018 # pyright: ignore[reportAttributeAccessIssue]


def test_modules_do_not_hide_what_bears_their_name() -> None:
    """`cxotel.journey` and `cxotel.configure` stay what they are, whatever is imported."""
    code = (
        "import cxotel, cxotel._configure, importlib; importlib.import_module('cxotel.journey');"
        "print(type(cxotel.journey).__name__, callable(cxotel.configure))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=50
    )
    assert done.stdout.split() == ["type", "True"]
