"""The shape of the code: who may import and touch what, and what importing cxotel costs."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import cxotel
from cxotel import semconv
from tests.source_tree import PACKAGE, Module, modules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

TOUCH_TELEMETRY = (
    "engine/",
    "journey/journey.py",
    "media/recorder/",
    "experience/processor.py",
    "experience/emit.py",  # the processor's metrics
)
PURE_EXPERIENCE = (
    "dimensions/",
    "evidence.",
    "ledger.",
    "rules.",
    "score.",
    "record.",
    "profiles.",
)
GIVES_TELEMETRY = {"get_tracer", "get_meter"}
MAKES_TELEMETRY = {
    "start_span",
    "start_as_current_span",
    "create_counter",
    "create_up_down_counter",
    "create_histogram",
    "create_gauge",
}
COSTLY = (
    "httpx",
    "opentelemetry.exporter",
    "opentelemetry.instrumentation",
    "opentelemetry.sdk",
    "tomli",
    "wrapt",
)
CLIENT_LIBRARIES = (
    "aioboto3",
    "aiobotocore",
    "aiortc",
    "aiosalesforce",
    "auth0",
    "boto3",
    "botocore",
    "freshdesk",
    "google.cloud",
    "hubspot",
    "intercom",
    "jira",
    "livekit",
    "okta",
    "plivo",
    "PowerPlatform",
    "PureCloudPlatformClientV2",
    "pysnc",
    "pyzoom",
    "ringcentral",
    "simple_salesforce",
    "stripe",
    "telnyx",
    "twilio",
    "vonage",
    "vonage_http_client",
    "wxc_sdk",
    "zeep",
    "zenpy",
)
APPLICATIONS = ("cli", "demo/", "testing")
"""Parts that use cxotel as a program would, and may import what they drive."""


def _is_pure(module: Module) -> bool:
    if module.name.startswith("media/"):
        return not module.name.startswith("media/recorder/")
    return module.name.startswith(tuple(f"experience/{name}" for name in PURE_EXPERIENCE))


def _belonging(names: Iterable[str], packages: Iterable[str]) -> set[str]:
    """Return the names that are one of the packages or inside one."""
    return {name for name in names for package in packages if f"{name}.".startswith(f"{package}.")}


def _makes_telemetry(module: Module) -> set[str]:
    if module.name.startswith((*TOUCH_TELEMETRY, "semconv/")):
        return set()
    methods = module.attributes_used()
    names = methods | module.names_used()
    instruments = {name for name in names if name.startswith("create_cx_")}
    return (methods & MAKES_TELEMETRY) | (names & GIVES_TELEMETRY) | instruments


def _impure_arithmetic(module: Module) -> set[str]:
    return _belonging(module.imports(), ["opentelemetry"]) if _is_pure(module) else set()


def _wraps(module: Module) -> set[str]:
    if module.name == "engine/patching.py":
        return set()
    return _belonging(module.imports(), ["wrapt"])


def _imports_a_client_library(module: Module) -> set[str]:
    if module.name.startswith(APPLICATIONS):
        return set()
    return _belonging(module.imports(), CLIENT_LIBRARIES)


def _literal_names(module: Module) -> set[str]:
    if module.name.startswith("semconv/"):
        return set()
    return {
        text
        for text in module.texts()
        if text in semconv.PRIVACY or re.match(r"(cx|gen_ai)\.[a-z]", text)
    }


def _says_nothing(module: Module) -> set[str]:
    return set() if ast.get_docstring(module.tree) else {"no docstring"}


def _offenders(rule: Callable[[Module], set[str]]) -> dict[str, set[str]]:
    return {module.name: found for module in modules() if (found := rule(module))}


def test_only_a_few_files_touch_a_tracer_or_meter() -> None:
    """Telemetry is made in the engine, the journey, the recorder and the processor."""
    assert _offenders(_makes_telemetry) == {}


def test_arithmetic_knows_nothing_of_opentelemetry() -> None:
    """Whoever disputes a score or a MOS can run its formulas without any telemetry."""
    assert _offenders(_impure_arithmetic) == {}


def _impure() -> set[str]:
    """Return every module that imports OpenTelemetry when it is loaded, itself or by another."""
    loads = {module.dotted: module.imports(at_start=True) - {"cxotel"} for module in modules()}
    impure = {name for name, imported in loads.items() if _belonging(imported, ["opentelemetry"])}
    while more := {name for name, imported in loads.items() if imported & impure} - impure:
        impure |= more
    return impure


def test_arithmetic_imports_only_arithmetic() -> None:
    """A pure file imports of cxotel only what is itself free of OpenTelemetry."""
    impure = _impure()

    assert impure, "nothing uses OpenTelemetry: the search is broken"
    assert (
        sorted(module.name for module in modules() if _is_pure(module) and module.dotted in impure)
        == []
    )


def test_only_patching_imports_wrapt() -> None:
    """Everything that wraps a client library's method does it in one place."""
    assert _offenders(_wraps) == {}


def test_no_file_imports_a_client_library() -> None:
    """A vendor's library is patched when the user imports it; it may take seconds to load."""
    assert _offenders(_imports_a_client_library) == {}


def test_no_name_of_the_registry_is_a_literal() -> None:
    """Each name has one home: a typing error is found by the type checker, not in a backend."""
    assert _offenders(_literal_names) == {}


def test_every_file_says_what_it_is_for() -> None:
    """A reader learns from the first line what a file holds."""
    assert _offenders(_says_nothing) == {}


@pytest.mark.parametrize(
    ("rule", "name", "code", "found"),
    [
        (_makes_telemetry, "privacy.py", "trace.get_tracer('x')", "get_tracer"),
        (_makes_telemetry, "store.py", "tracer.start_span('x')", "start_span"),
        (_makes_telemetry, "store.py", "create_cx_journey_open(meter)", "create_cx_journey_open"),
        (
            _impure_arithmetic,
            "media/rtp/packet.py",
            "import opentelemetry.trace",
            "opentelemetry.trace",
        ),
        (_impure_arithmetic, "experience/score.py", "def f():\n import opentelemetry", None),
        (_wraps, "engine/life.py", "from wrapt import ObjectProxy", "wrapt.ObjectProxy"),
        (_imports_a_client_library, "vendors/twilio.py", "def f():\n import twilio.rest", None),
        (_imports_a_client_library, "vendors/ccai.py", "from google.cloud import x", None),
        (_literal_names, "journey.py", "span.set_attribute('cx.journey.id', 1)", "cx.journey.id"),
        (_literal_names, "journey.py", "f'cx.experience.lost.{name}'", "cx.experience.lost."),
        (_literal_names, "journey.py", "{'session.id': 1}", "session.id"),
        (_says_nothing, "journey.py", "x = 1", "no docstring"),
    ],
)
def test_each_rule_finds_what_breaks_it(
    rule: Callable[[Module], set[str]], name: str, code: str, found: str | None
) -> None:
    """The rules above are not empty: each finds its offence in a file that commits it."""
    offences = rule(Module(name, ast.parse(code)))

    assert offences
    assert found is None or found in offences


def test_what_types_alone_need_is_no_import() -> None:
    """Imports for the type checker cost nothing at run time and are free to all."""
    module = Module("media/rtp/packet.py", ast.parse("if TYPE_CHECKING:\n import opentelemetry"))

    assert _impure_arithmetic(module) == set()


def _loaded_after(code: str) -> set[str]:
    """Return the modules that a fresh interpreter has loaded after some code."""
    script = f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=50
    )
    return set(json.loads(run.stdout.splitlines()[-1]))


def test_importing_cxotel_loads_nothing_costly() -> None:
    """A program that imports cxotel starts about as fast as one that imports OpenTelemetry."""
    loaded = _loaded_after("import cxotel")

    assert _belonging(loaded, (*COSTLY, *CLIENT_LIBRARIES)) == set()
    assert "cxotel.semconv.metrics" not in loaded


def test_no_vendor_file_loads_a_client_library() -> None:
    """Even with every vendor's description loaded, no client library is."""
    vendors = [
        module.dotted for module in modules() if module.name.startswith(("vendors/", "engine/"))
    ]
    loaded = _loaded_after("".join(f"import {name}\n" for name in vendors))

    assert _belonging(loaded, CLIENT_LIBRARIES) == set()


def test_the_public_names_are_sorted_and_exist() -> None:
    """`cxotel.__all__` is in order, and each name in it can be used."""
    names = cxotel.__all__

    assert names == sorted(names, key=_isort_order)
    assert [name for name in names if not hasattr(cxotel, name)] == []
    assert set(names) <= set(dir(cxotel))


def test_nothing_else_is_public() -> None:
    """What a user sees of ours in `cxotel.` is what `__all__` promises, beside its submodules."""
    public = {
        name
        for name in dir(cxotel)
        if not name.startswith("_")
        and str(getattr(getattr(cxotel, name), "__module__", "")).startswith("cxotel")
    }

    assert public == {name for name in cxotel.__all__ if not name.startswith("_")}


def _isort_order(name: str) -> tuple[int, str]:
    """Sort constants first, then classes, then the rest, as ruff does."""
    if name.isupper():
        return (0, name)
    return (1 if name[0].isupper() else 2, name)


def test_the_package_is_typed() -> None:
    """A user's type checker reads cxotel's annotations."""
    assert (PACKAGE / "py.typed").exists()
