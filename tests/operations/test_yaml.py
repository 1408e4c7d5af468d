"""What is written as YAML means what it should, and is read by people."""

from __future__ import annotations

import yaml
from hypothesis import given
from hypothesis import strategies as st

from cxotel.operations.plain_yaml import Node, write

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
LINES = st.lists(st.sampled_from(["a > 1", "  and b", "or", "", " ", "# no", "c: d"]), max_size=4)
SCALARS: st.SearchStrategy[Node] = st.one_of(
    TEXTS, LINES.map("\n".join), st.booleans(), st.integers(), st.floats(-1e6, 1e6), st.just(1e-07)
)
NODES: st.SearchStrategy[Node] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=8,
)


@given(st.lists(NODES, min_size=1, max_size=3))
def test_a_reader_of_yaml_finds_what_was_written(documents: list[Node]) -> None:
    """Whatever texts a user has in their file of journeys, the rule files say the same."""
    text = write(*documents, comment="made by hand\n\nand so on")
    assert list(yaml.safe_load_all(text)) == documents


def test_an_expression_keeps_its_lines() -> None:
    """PromQL over several lines is no single line with signs for line breaks."""
    assert write({"expr": "a > 1\n  and b"}) == "expr: |-\n  a > 1\n    and b\n"
