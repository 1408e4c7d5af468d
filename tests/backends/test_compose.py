"""The stack for Docker: its files are there, and everything that is named is a service of it.

Docker itself is not needed, and the images are not run.
"""

from __future__ import annotations

import json
import re
import subprocess
from importlib import util
from typing import TYPE_CHECKING, Any, Final
from urllib.request import Request, urlopen

import pytest
import yaml

from backends.listening import Listening
from backends.servers import STACK, provision
from cxotel.operations import files, load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.backends.conftest import Needs

COMPOSE: Final[dict[str, Any]] = yaml.safe_load((STACK / "compose.yaml").read_text("utf-8"))
SERVICES: Final[dict[str, Any]] = COMPOSE["services"]
LISTENS: Final = {
    "collector": {"14317", "14318", "18889"},
    "sampling-1": {"15317"},
    "sampling-2": {"15317"},
    "jaeger": {"4317", "16686"},
    "tempo": {"4317", "3200"},
    "prometheus": {"9090"},
    "alertmanager": {"9093"},
    "pager": {"8080"},
    "grafana": {"3000"},
}
"""On which of its ports each service is spoken to."""
_ADDRESS = re.compile(r"(?<![\w./:-])(?:http://)?([a-z][a-z0-9-]*):([0-9]{4,5})\b")


def mounted() -> Iterator[tuple[str, str, str]]:
    """Yield each file or folder that is mounted: by which service, from where, to where."""
    for name, service in SERVICES.items():
        for volume in service.get("volumes", ()):
            here, there, _ = volume.split(":")
            yield name, here, there


def test_everything_that_is_mounted_is_there() -> None:
    """Docker makes an empty folder of a file that is not there, and the program does not start."""
    written = {name.split("/", maxsplit=1)[0] for name in files(load())}
    for _, here, _ in mounted():
        assert (STACK / here).exists() or here.removeprefix("./") in written


def test_every_configuration_that_is_named_is_mounted() -> None:
    """A program is told of a file by the path that it has in the container."""
    for name, service in SERVICES.items():
        inside = [there for who, _, there in mounted() if who == name]
        for argument in service.get("command", ()):
            for path in re.findall(r"(/\S+\.(?:ya?ml|py))", argument):
                assert path in inside


def addresses() -> Iterator[tuple[str, str, str]]:
    """Yield each address of a service that a configuration names: where, host and port."""
    for name, service in SERVICES.items():
        for value in service.get("environment", {}).values():
            yield from ((name, *found) for found in _ADDRESS.findall(str(value)))
    told = {here for _, here, _ in mounted() if (STACK / here).is_file() and "py" not in here}
    told |= {f"grafana/{path.relative_to(STACK / 'grafana')}" for path in _provisioned()}
    for here in sorted(told):
        for line in (STACK / here).read_text("utf-8").splitlines():
            if not line.lstrip().startswith("#"):
                yield from ((here, *found) for found in _ADDRESS.findall(line))


def _provisioned() -> list[Path]:
    return sorted((STACK / "grafana" / "provisioning").rglob("*.yaml"))


def test_every_address_is_one_of_a_service() -> None:
    """No configuration names a host that is not there, or a port where nothing listens."""
    found = list(addresses())
    assert {host for _, host, _ in found} == LISTENS.keys() - {"grafana"}
    for where, host, port in found:
        assert port in LISTENS[host], where
    for name, service in SERVICES.items():
        for published in service.get("ports", ()):
            address, _, port = published.split(":")
            assert address == "127.0.0.1"
            assert port in LISTENS[name]
        assert set(service.get("depends_on", ())) <= SERVICES.keys()


def test_programs_listen_where_others_reach_them() -> None:
    """Ports are those that the configurations have, and hosts are not loopback in a container."""
    for name, ports in LISTENS.items():
        texts = [(STACK / here).read_text("utf-8") for who, here, _ in mounted()
                 if who == name and (STACK / here).is_file()]  # fmt: skip
        if name in {"prometheus", "alertmanager", "grafana"}:
            continue  # their own defaults
        assert all(any(port in text for text in texts) for port in ports), name
        variables = SERVICES[name].get("environment", {})
        for host in set(re.findall(r"\$\{(?:env:)?(\w+_HOST):-127", "".join(texts))):
            assert variables[host] == "0.0.0.0"


def test_images_are_pinned() -> None:
    """What runs today runs tomorrow."""
    for service in SERVICES.values():
        assert re.search(r":v?\d+\.\d+(\.\d+)?(-slim)?$", service["image"])


def test_grafana_leads_from_metrics_to_traces_and_back() -> None:
    """Exemplars lead to a trace, spans to metrics, and dashboards are where they are mounted."""
    told = [yaml.safe_load(path.read_text("utf-8")) for path in _provisioned()]
    sources = {one["uid"]: one for each in told for one in each.get("datasources", ())}
    (exemplars,) = sources["prometheus"]["jsonData"]["exemplarTraceIdDestinations"]
    assert exemplars["datasourceUid"] in sources
    to_metrics = sources["tempo"]["jsonData"]["tracesToMetrics"]
    assert to_metrics["datasourceUid"] in sources
    assert sources["tempo"]["jsonData"]["serviceMap"]["datasourceUid"] in sources
    (provider,) = [one for each in told for one in each.get("providers", ())]
    inside = {there: here for _, here, there in mounted()}
    assert inside[provider["options"]["path"]] == "./grafana"
    assert any(name.startswith("grafana/") for name in files(load()))


@pytest.mark.parametrize("service", ["collector", "sampling-1"])
def test_the_collectors_accept_their_configurations(service: str, needs: Needs) -> None:
    """The real Collector reads the same files with the same variables."""
    here = {there: str(STACK / from_) for who, from_, there in mounted() if who == service}
    told = [argument.split("=")[1] for argument in SERVICES[service]["command"]]
    checked = subprocess.run(
        [str(needs("otelcol")), "validate", *(f"--config={here[path]}" for path in told)],
        env=SERVICES[service]["environment"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr


def test_the_pager_prints_what_it_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever looks at the pager's log sees which alert it was."""
    spec = util.spec_from_file_location("pager", STACK / "pager.py")
    assert spec
    assert spec.loader
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    alert = {"status": "firing", "labels": {"alertname": "Hurt"}, "annotations": {"summary": "7"}}
    body = json.dumps({"alerts": [alert]}).encode()
    with Listening(module.Handler) as server:
        url = f"http://127.0.0.1:{server.port}/tickets"
        with urlopen(Request(url, body), timeout=5.0) as reply:
            assert reply.status == 200
    assert capsys.readouterr().out == "/tickets firing Hurt 7\n"


def test_a_grafana_without_docker_asks_the_servers_that_run(tmp_path: Path) -> None:
    """The same provisioning, with addresses and folders of this machine, and all dashboards."""
    sources = {
        name: f"http://127.0.0.1:{port}" for port, name in enumerate(("prometheus", "tempo"), 7)
    }
    folder = provision(tmp_path, {**sources, "jaeger": "http://127.0.0.1:9"})
    told = [yaml.safe_load(path.read_text("utf-8")) for path in folder.rglob("*.yaml")]
    urls = {one["url"] for each in told for one in each.get("datasources", ())}
    (path,) = (one["options"]["path"] for each in told for one in each.get("providers", ()))

    assert urls == {f"http://127.0.0.1:{port}" for port in (7, 8, 9)}
    assert len(list((tmp_path / "grafana").glob("*.json"))) == 5
    assert path == str(tmp_path / "grafana")
