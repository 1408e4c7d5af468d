"""`cxotel routes`, and what `cxotel doctor` says of tables."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from cxotel import routes, settings
from cxotel.cli.app import app
from cxotel.cli.routes import tables

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from typer.testing import Result

BROKEN = "system: crm\nlayer: crm\nhosts: [crm.example.com]\nroutes: {GET /a: get_a}\n"


def cxotel(*arguments: str) -> Result:
    """Run the command line."""
    return CliRunner().invoke(app, ["routes", *arguments])


def written(folder: Path, content: str) -> Path:
    """Write a table and return its path."""
    path = folder / "crm.yaml"
    path.write_text(content)
    return path


def test_the_list_names_every_table_and_its_hosts() -> None:
    """Whoever wonders whether a system is known finds it here."""
    lines = cxotel("list").stdout.splitlines()

    assert [line.split()[0] for line in lines] == list(routes.names())
    assert ".freshdesk.com/api/v2" in lines[0]


def test_a_table_in_order_is_summed_up(tmp_path: Path) -> None:
    """The exit code is 0, for a check in a pipeline."""
    path = written(tmp_path, BROKEN.replace("layer: crm", "layer: ai"))
    ended = cxotel("check", str(path))

    assert ended.exit_code == 0
    assert ended.stdout == f"{path}: crm, 1 route at crm.example.com\n"


def test_what_is_wrong_is_told_by_line(tmp_path: Path) -> None:
    """The exit code is 1, and the words are those of the log and of the doctor."""
    path = written(tmp_path, BROKEN)
    ended = cxotel("check", str(path))

    assert ended.exit_code == 1
    assert f"{path}:2: unknown layer 'crm'; use one of" in ended.output


def test_a_table_begins_with_the_template_or_one_of_ours(tmp_path: Path) -> None:
    """What is written out is in order as it is."""
    for name in ((), ("front",)):
        ended = cxotel("template", *name)
        path = written(tmp_path, ended.stdout)
        assert cxotel("check", str(path)).exit_code == 0
    refused = cxotel("template", "back")
    assert refused.exit_code == 1
    assert "no table is called 'back'; there are" in refused.output


def test_the_doctor_names_tables_and_what_is_wrong_with_them(tmp_path: Path) -> None:
    """One line for each file, and one for those that come with cxotel."""
    path = written(tmp_path, BROKEN)
    found = list(tables(settings.load(environ={"CXOTEL_ROUTES": str(path)})))

    assert [(one.subject, one.state) for one in found] == [
        (str(path), "problem"),
        ("with cxotel", "ok"),
    ]
    assert "unknown layer 'crm'" in found[0].text
    assert found[0].remedy == f"cxotel routes check {path}"
    assert "gorgias" in found[1].text


def test_the_doctor_leaves_out_what_is_switched_off() -> None:
    """The settings name a table, or its system."""
    off = {"vendors": {"front": False, "freshdesk": False}}
    [found] = tables(settings.load(environ={}, given=off))

    assert found.text.startswith("gorgias, kustomer, nice_cxone, talkdesk: ")


def test_without_pyyaml_the_doctor_says_how_to_get_the_tables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """That is no problem: nobody has asked for them."""
    routes.shipped.cache_clear()
    monkeypatch.setitem(sys.modules, "yaml", None)
    [found] = tables(settings.load(environ={}))
    routes.shipped.cache_clear()

    assert (found.state, found.text) == (
        "note",
        "they need PyYAML: pip install 'cxotel[routes]'",
    )
