"""How tables are switched on: by name, by path, by the settings, and all at once."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

import cxotel
from cxotel import routes, semconv, settings
from cxotel.engine import shield
from cxotel.engine.instrumentation import instrumented
from cxotel.routes import RouteTable
from cxotel.testing import Telemetry
from tests.routes.far_ends import SystemFarEnd

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLE = """\
system: {system}
layer: business_system
hosts: ["{host}"]
routes:
  GET /customers/{{id}}: get_customer
"""


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    shield.forget()
    yield
    cxotel.uninstrument()
    settings.deactivate()


def written(folder: Path, system: str = "crm", host: str = "crm.example.com") -> Path:
    """Write a table and return its path."""
    path = folder / f"{system}.yaml"
    path.write_text(TABLE.format(system=system, host=host))
    return path


def test_a_table_of_ours_is_switched_on_by_its_name() -> None:
    """Like a client library; where a system has both, its name means both."""
    with cxotel.instrument("front"):
        assert list(instrumented()) == ["front"]
    with cxotel.instrument("freshdesk"):
        assert "freshdesk_routes" in instrumented()
    assert instrumented() == {}


def test_all_tables_of_ours_are_on_by_default() -> None:
    """A rule about hosts costs nothing where nobody calls them."""
    cxotel.instrument()
    assert set(routes.names()) <= instrumented().keys()


def test_without_pyyaml_ours_are_off_and_all_else_is_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an extra: nobody is bothered who did not ask for it."""
    routes.shipped.cache_clear()
    monkeypatch.setitem(sys.modules, "yaml", None)
    with Telemetry() as telemetry:
        cxotel.instrument()
        assert "twilio" in instrumented()
        assert "front" not in instrumented()
        assert telemetry.logs == []
    with pytest.raises(ValueError, match=r"pip install 'cxotel\[routes\]'"):
        cxotel.instrument("front")
    routes.shipped.cache_clear()


def test_the_settings_switch_a_table_off() -> None:
    """By the table's name or the system's, as for client libraries."""
    off = {"vendors": {"front": False, "freshdesk": False}}
    settings.activate(settings.load(environ={}, given=off))
    cxotel.instrument()
    assert "gorgias" in instrumented()
    assert not {"front", "freshdesk_routes"} & instrumented().keys()


def test_a_path_or_a_table_is_given(tmp_path: Path) -> None:
    """One or several, a file or a table made in Python, beside everything else."""
    made = RouteTable(
        system="erp", layer="business_system", hosts=["e.example.com"], routes={"GET /a": "get_a"}
    )
    cxotel.instrument("front", routes=[written(tmp_path), made])
    assert set(instrumented()) == {"crm", "erp", "front"}
    cxotel.uninstrument("crm")
    assert set(instrumented()) == {"erp", "front"}


def test_ones_own_table_stands_above_ours(tmp_path: Path) -> None:
    """A table of the user's for Front replaces the one that comes with cxotel."""
    cxotel.instrument(routes=written(tmp_path, "front", "front.example.com"))
    assert instrumented()["front"].vendor.hosts[0].name == "front.example.com"


def test_the_settings_name_tables(tmp_path: Path) -> None:
    """In the file, or in a variable for those who change no code."""
    one, other = written(tmp_path, "crm"), written(tmp_path, "erp")
    found = settings.load(environ={"CXOTEL_ROUTES": f"{one},{other}"})
    assert found.routes == (str(one), str(other))
    settings.activate(settings.load(environ={}, given={"routes": {"files": [str(one)]}}))
    cxotel.instrument()
    assert "crm" in instrumented()
    assert "erp" not in instrumented()


def test_a_broken_table_costs_itself_and_one_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The application starts, everything else is observed, and the line says where to look."""
    broken = tmp_path / "broken.yaml"
    broken.write_text("system: crm\nlayer: crm\n")
    files = {"routes": {"files": [str(broken), str(written(tmp_path, "erp"))]}}
    settings.activate(settings.load(environ={}, given=files))
    with caplog.at_level(logging.WARNING, "cxotel"):
        cxotel.instrument()
        cxotel.instrument(routes=broken)

    assert "erp" in instrumented()
    lines = [record.getMessage() for record in caplog.records if "broken" in record.getMessage()]
    assert lines == [f"{broken}:1: `hosts` is missing; this table is left out"]


def test_a_name_that_nobody_has_is_refused() -> None:
    """A typing error at the start of a program is found there."""
    with pytest.raises(ValueError, match="unknown vendor 'frontt'"):
        cxotel.instrument("frontt")


def test_one_client_alone(tmp_path: Path) -> None:
    """A table observes the calls of a single session, if that is all that is wanted."""
    with SystemFarEnd("crm", {"GET /customers/{id}": (200, {})}) as far_end, Telemetry() as seen:
        table = routes.load(written(tmp_path, "crm", far_end.url.removeprefix("http://")))
        with requests.Session() as chosen, requests.Session() as other:
            cxotel.instrument_client(chosen, table.vendor, tracer_provider=seen.tracer_provider)
            for session in (chosen, other):
                session.get(f"{far_end.url}/customers/c-1")
            cxotel.uninstrument_client(chosen, table.vendor)

        assert [span["name"] for span in seen.spans] == ["get_customer crm"]


def test_no_code_at_all(tmp_path: Path) -> None:
    """A program that knows nothing of cxotel, started by `opentelemetry-instrument`."""
    with SystemFarEnd("crm", {"GET /customers/{id}": (200, {})}) as far_end:
        path = written(tmp_path, "crm", far_end.url.removeprefix("http://"))
        program = f"import requests; requests.get('{far_end.url}/customers/c-1')"
        file = tmp_path / "spans.jsonl"
        instrument = str(Path(sys.executable).with_name("opentelemetry-instrument"))
        subprocess.run(
            [instrument, sys.executable, "-c", program],
            env={
                **os.environ,
                "CXOTEL_ROUTES": str(path),
                "CXOTEL_FILE": str(file),
                "OTEL_TRACES_EXPORTER": "none",
                "OTEL_METRICS_EXPORTER": "none",
                "OTEL_PYTHON_DISABLED_INSTRUMENTATIONS": "requests,urllib3",
            },
            check=True,
            timeout=50,
        )

        assert '"get_customer crm"' in file.read_text()
        assert semconv.URL_TEMPLATE in file.read_text()
