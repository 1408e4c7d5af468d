"""`docs/score.md` is what the code says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxotel.experience.rules import DEFAULT, Rules
from tools import generate_score_docs
from tools.generate_score_docs import PAGE, main, render

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_page_is_current() -> None:
    """`make generate` was not forgotten."""
    assert PAGE.read_text("utf-8") == render(DEFAULT)
    assert main(["--check"]) == 0


def test_every_setting_is_on_the_page() -> None:
    """Whoever wants to change a number finds its name."""
    page = PAGE.read_text("utf-8")

    for name in ("reach.queue.free", "effort.hold.shortest", "coverage.lost", "blame_from"):
        assert f"`{name}`" in page


def test_a_page_that_is_not_current_is_found_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--check` fails and writes nothing; without it the page is written once."""
    page = tmp_path / "score.md"
    monkeypatch.setattr(generate_score_docs, "PAGE", page)

    assert main(["--check"]) == 1
    assert not page.exists()
    assert main([]) == 0
    assert page.read_text("utf-8") == render(DEFAULT)
    assert main([]) == 0
    assert capsys.readouterr().out.count("wrote") == 1


def test_the_journey_by_hand_follows_the_rules() -> None:
    """Other rules give another page, whose sums still come out."""
    other = render(Rules.from_mapping({"effort": {"transfer": {"warm": 9}}}))

    assert "one warm transfer:\n   9; together 28." in other
