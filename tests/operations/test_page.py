"""The page on operations says what the rules do."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from cxotel.operations import Thresholds, files, load
from cxotel.operations.reading import from_mapping
from cxotel.operations.shipped import ALERTS, RECORDINGS
from cxotel.semconv import metrics

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")


def test_the_table_of_alerts_is_that_of_the_rules() -> None:
    """Each alert once, in order, with how long it must hold and whom it calls."""
    document = yaml.safe_load(files(load())[ALERTS])
    rules = [rule for group in document["groups"] for rule in group["rules"]]
    rows = re.findall(r"^\| `(Cx\w+)` \| .+ \| (\w+) \| (\w+) \| .+ \|$", PAGE, re.MULTILINE)
    assert rows == [(rule["alert"], rule["for"], rule["labels"]["severity"]) for rule in rules]


def test_the_thresholds_in_the_table_are_the_defaults() -> None:
    """The page names the numbers that hold where the file says nothing."""
    told = Thresholds()
    for words in (
        f"`minimum` ({told.minimum})",
        f"bots pass {told.escalation_rise:g} times",
        f"less than {told.containment_fall:g} times",
        f"understand {told.not_understood:.0%}".replace("%", " %"),
        f"more than {told.looping:g} points",
        f"{told.poor_media:.0%} of the legs".replace("%", " %"),
        f"throttles {told.throttled:.0%}".replace("%", " %"),
        f"spend {told.impact:g} minutes",
        f"its `longest` ({told.longest.replace('h', ' h')})",
    ):
        assert words in PAGE, words


def test_the_file_on_the_page_can_be_used(tmp_path: Path) -> None:
    """What is copied from the page works."""
    import sys
    from importlib import import_module

    toml = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    (block,) = re.findall(r"```toml\n(.+?)```", PAGE, re.DOTALL)
    assert from_mapping(toml.loads(block), "page").thresholds.minimum == 50


def test_the_series_on_the_page_exist() -> None:
    """Every recorded series and every metric that the page names is one."""
    text = yaml.safe_load(files(load())[RECORDINGS])
    recorded = {rule["record"] for group in text["groups"] for rule in group["rules"]}
    for name in re.findall(r"`(cx_\w+:[\w:]+)`", PAGE):
        assert name in recorded, name
    known = {name.replace(".", "_") for name in metrics.METRICS}
    for name in re.findall(r"`(cx_(?:journey|experience|bot|media|vendor|queue)_\w+)`", PAGE):
        base = re.sub(r"(_seconds)?(_total|_bucket)?$", "", name)
        labels = {
            key.replace(".", "_") for each in metrics.METRICS.values() for key in each.attributes
        }
        assert base in known or name in labels, name
