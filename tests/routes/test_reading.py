"""A table as a file: what it may say, and what it is told where it is wrong."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxotel import routes, semconv
from cxotel.routes import Route, RouteError, RouteTable, Tell
from cxotel.routes.shipped import text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEAD = """\
system: crm
layer: business_system
hosts: [crm.example.com]
routes:
"""


def broken(body: str) -> str:
    """Return what is said of a table."""
    with pytest.raises(RouteError) as caught:
        routes.loads(body, "crm.yaml")
    return str(caught.value)


def complained(make: Callable[[], RouteTable]) -> str:
    """Make a table and return what is said of it, or where it is from."""
    try:
        made = make()
    except RouteError as error:
        return str(error)
    return made.label


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("", "crm.yaml: it is empty"),
        ("- a", "crm.yaml:1: it must be a mapping, not ['a']"),
        ("system: crm\n", "crm.yaml:1: `layer` is missing"),
        (
            "system: crm\nlayer: ai\nhosts: [x.example.com]\nrotes: {}\n",
            "crm.yaml:4: unknown field 'rotes'; did you mean routes?",
        ),
        (
            "system: crm\nlayer: crm\nhosts: [x.example.com]\nroutes: {}\n",
            "crm.yaml:2: unknown layer 'crm'; use one of channel, contact_center,",
        ),
        (
            "system: My CRM\nlayer: ai\nhosts: [x.example.com]\nroutes: {}\n",
            "crm.yaml:1: 'My CRM' must be a name in snake_case",
        ),
        (
            "system: crm\nlayer: ai\nhosts: [https://x.example.com]\nroutes: {}\n",
            "crm.yaml:3: 'https://x.example.com' is no host; write it without https://",
        ),
        (
            "system: crm\nlayer: ai\nhosts: []\nroutes: {}\n",
            "crm.yaml:3: `hosts` names no host",
        ),
        (HEAD + "  {}\n", "crm.yaml:4: `routes` has no route"),
        (
            HEAD + "  /a/{id}: get_a\n",
            "crm.yaml:5: route '/a/{id}': a route is a method and a path",
        ),
        (HEAD + "  GET /a/{id}: Get A\n", "route 'GET /a/{id}': 'Get A' must be a name in snake"),
        (HEAD + "  GET /a/12345/b: get_a\n", "'12345' in its path looks like an id; write a name"),
        (HEAD + "  GET /a/{id}/{id}: get_a\n", "two names in its path are the same"),
        (HEAD + "  GET /a/{id+}/b: get_a\n", "{name+} stands for all that follows"),
        (
            HEAD + "  GET /a/{id}: get_a\n  GET /a/{other}: get_b\n",
            "crm.yaml:6: route 'GET /a/{other}': it is the same route as 'GET /a/{id}'",
        ),
        (
            HEAD + "  GET /a/{id}: get_a\n  GET /a/{id}: get_b\n",
            "crm.yaml:6: 'GET /a/{id}' is there since line 5",
        ),
        (
            HEAD + "  GET /a/{id}:\n    operation: get_a\n    layer: crm\n",
            "crm.yaml:7: route 'GET /a/{id}': unknown layer 'crm'; use one of",
        ),
        (
            HEAD + "  GET /a/{id}:\n    operaton: get_a\n",
            "crm.yaml:6: route 'GET /a/{id}': unknown field 'operaton'; did you mean operation?",
        ),
        (
            HEAD
            + "  GET /a/{id}:\n    operation: get_a\n    reads:\n      cx.record.id: path.ticket\n",
            "crm.yaml:8: route 'GET /a/{id}': 'path.ticket': the route's path has no {ticket}; its",
        ),
        (
            HEAD + "  GET /a/{id}:\n    operation: get_a\n    reads:\n      cx.record.id: ticket\n",
            "cx.record.id: 'ticket' is no place; write path.NAME",
        ),
        (
            HEAD + "  GET /a/{id}:\n    operation: get_a\n    reads:\n      cx.recrd.id: path.id\n",
            "there is no attribute 'cx.recrd.id'; did you mean cx.record.id?",
        ),
        (
            HEAD + "  GET /a/{id}:\n    operation: get_a\n    reads:\n      cx.system: reply.x\n",
            "cx.system is set by cxotel itself",
        ),
        (
            HEAD
            + "  GET /a/{id}:\n    operation: get_a\n    reads:\n      cx.queue.name: repyl.x\n",
            "cx.queue.name: 'repyl.x' is no place; did you mean reply?",
        ),
        (
            HEAD + "  GET /a/{id}:\n    operation: get_a\n    reads:\n      cx.record.id: item.x\n",
            "'item.x': there are items only beside `each`",
        ),
        (
            HEAD
            + "  GET /a/{id}:\n    operation: get_a\n    reads:\n      cx.queue.wait: "
            + "{from: reply.w, unit: h}\n",
            "unknown unit 'h'; use one of ms, s, min",
        ),
        (
            HEAD
            + "  GET /a/{id}:\n    operation: get_a\n    tells:\n      - kind: handoff\n"
            + "        reads:\n          cx.handoff.kind: bot_to_humans\n",
            "crm.yaml:10: route 'GET /a/{id}': unknown cx.handoff.kind 'bot_to_humans'; did you",
        ),
        (
            HEAD + "  GET /a/{id}:\n    operation: get_a\n    answers: [ok]\n",
            "crm.yaml:7: route 'GET /a/{id}': 'ok' is no HTTP status",
        ),
        (
            HEAD + "  GET /a/{id}:\n    operation: get_a\n    carry: cookie.x\n",
            "carry: 'cookie.x' is neither header.NAME nor body.FIELD",
        ),
        (HEAD + "  GET /a/{id}: [\n", "crm.yaml:6: is not YAML:"),
        ("a: &x [*x]\n", "crm.yaml:1: it is a part of itself"),
        ("a: 2026-01-01\n", "crm.yaml:1: '2026-01-01' is to be in quotes"),
        ("[" * 200, "crm.yaml"),
        ("a: !!python/object:os.system x\n", "crm.yaml:1: is not YAML: could not determine"),
    ],
)
def test_what_is_wrong_is_told_by_file_and_line(body: str, complaint: str) -> None:
    """Whoever writes a table reads where to look, and what to write in its place."""
    assert complaint in broken(body)


@given(st.text(max_size=200))
def test_any_text_gives_a_table_or_one_clear_error(body: str) -> None:
    """Nothing that can be in a file makes anything else than a `RouteError`."""
    assert complained(lambda: routes.loads(body, "crm.yaml")).startswith("crm.yaml")


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)
FIELDS = st.sampled_from(
    ["system", "layer", "hosts", "routes", "reads", "tells", "failure", "rate_limit", "carry"]
)


@given(st.data())
def test_any_change_of_a_good_table_gives_a_table_or_one_clear_error(data: st.DataObject) -> None:
    """The same for texts that are nearly tables."""
    lines = text().splitlines()
    number = data.draw(st.integers(0, len(lines) - 1))
    lines[number] = data.draw(st.text(max_size=30) | st.just("    ") | st.just("- x: y"))
    changed = "\n".join(lines)
    assert complained(lambda: routes.loads(changed, "crm.yaml")).startswith("crm.yaml")


@given(field=FIELDS, value=PLAIN)
def test_any_value_in_python_gives_a_table_or_one_clear_error(field: str, value: Any) -> None:
    """A table made in Python is checked as one in a file is."""
    given: dict[str, Any] = {
        "system": "crm",
        "layer": "business_system",
        "hosts": ["crm.example.com"],
        "routes": {"GET /a/{id}": {"operation": "get_a"}},
    }
    where = given if field in given or field in ("failure", "rate_limit") else None
    (given["routes"]["GET /a/{id}"] if where is None else where)[field] = value
    assert "RouteTable" in complained(lambda: RouteTable(**given))


def test_a_table_in_python_is_the_one_in_the_file() -> None:
    """Both ways lead to the same description."""
    made = RouteTable(
        system="crm",
        layer="business_system",
        hosts=["crm.example.com"],
        routes={
            "GET /queue/{id}": Route(
                operation="get_entry",
                reads={semconv.CX_RECORD_ID: {"from": "path.id", "numeric": True}},
                tells=[
                    Tell(
                        kind="queue", reads={semconv.CX_QUEUE_NAME: "reply.name"}, when="reply.open"
                    )
                ],
            )
        },
    )
    read = routes.loads(
        HEAD
        + """
  GET /queue/{id}:
    operation: get_entry
    reads:
      cx.record.id: {from: path.id, numeric: true}
    tells:
      - kind: queue
        when: reply.open
        reads:
          cx.queue.name: reply.name
"""
    )

    [one], [other] = made.vendor.operations.values(), read.vendor.operations.values()
    assert made.routes.keys() == read.routes.keys()
    assert (one.name, one.static, one.shows) == (other.name, other.static, other.shows)
    assert [fact.kind for fact in one.facts] == [fact.kind for fact in other.facts] == ["queue"]


def test_a_table_in_python_says_what_is_wrong_with_it() -> None:
    """Without lines, the route is named."""
    with pytest.raises(RouteError) as caught:
        RouteTable(
            system="crm",
            layer="business_system",
            hosts=["crm.example.com"],
            routes={"GET /a/{id}": Route(operation="get_a", carry="nowhere")},
        )
    assert str(caught.value) == (
        "RouteTable 'crm': route 'GET /a/{id}': carry: 'nowhere' is neither header.NAME nor "
        "body.FIELD"
    )


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """So is one that is no text."""
    with pytest.raises(RouteError, match=r"gone\.yaml: cannot be read: No such file"):
        routes.load(tmp_path / "gone.yaml")
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(RouteError, match=r"bytes\.yaml: is not text in UTF-8"):
        routes.load(tmp_path / "bytes.yaml")


def test_without_pyyaml_the_command_that_installs_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is an extra of ours; tables in Python do not need it."""
    monkeypatch.setitem(sys.modules, "yaml", None)

    assert broken(HEAD) == (
        "crm.yaml: tables of routes need PyYAML; run: pip install 'cxotel[routes]'"
    )


@pytest.mark.parametrize("name", routes.names())
def test_a_table_of_ours_is_in_order(name: str) -> None:
    """Each has a reference, some routes, and names that a span can have."""
    table = routes.shipped(name)

    assert table.reference is not None
    assert table.reference.startswith("https://")
    assert 12 <= len(table.routes) <= 25
    assert all(operation.name != "request" for operation in table.vendor.operations.values())
    assert table.vendor.name == name


def test_the_template_is_a_table_also_where_its_comments_are_taken_off() -> None:
    """Whoever uncomments what the template offers gets a table that works."""
    offered = [line for line in text().splitlines() if not line.startswith("#")]
    begun = "\n".join(
        line.replace("  # ", "  ", 1) if _is_offer(line) else line for line in offered
    )

    table = routes.loads(begun, "template.yaml")

    assert len(table.routes) == 7
    kinds = [fact.kind for one in table.vendor.operations.values() for fact in one.facts]
    assert kinds == ["handoff", "queue"]


def _is_offer(line: str) -> bool:
    """Tell whether a comment is a piece of YAML, and no remark."""
    words = line.strip().removeprefix("# ")
    is_remark = words[:1].isupper() and not words.startswith(("GET ", "POST "))
    return line.startswith("  # ") and not is_remark and not words.startswith(("an id", "-"))
