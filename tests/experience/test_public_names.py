"""What `cxotel.experience` offers, whatever was imported before."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cxotel import experience


def test_every_public_name_can_be_used() -> None:
    """Names that are imported late are there all the same."""
    assert sorted(experience.__all__) == experience.__all__
    assert set(experience.__all__) <= set(dir(experience))
    for name in experience.__all__:
        assert getattr(experience, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'comfort'"):
        _ = experience.comfort  # type: ignore[attr-defined]


@pytest.mark.parametrize("first", ["cxotel.experience.segment", "cxotel.experience.score", "json"])
def test_score_is_the_function_whatever_was_imported_first(first: str) -> None:
    """A module of the same name does not take its place."""
    code = f"import {first}; from cxotel.experience import score, profiles; assert callable(score)"

    subprocess.run([sys.executable, "-c", code], check=True)


def test_scoring_loads_nothing_of_opentelemetry() -> None:
    """A batch job that merges ledgers needs none of it; the package itself needs the API alone."""
    code = (
        "import cxotel, sys; before = set(sys.modules); import cxotel.experience.segment, "
        "cxotel.experience.record, cxotel.experience.profiles; new = set(sys.modules) - before; "
        "assert not [name for name in new if name.startswith('opentelemetry')], new"
    )

    subprocess.run([sys.executable, "-c", code], check=True)
