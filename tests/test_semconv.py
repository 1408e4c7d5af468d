"""The registry of names: its generated files, its privacy classes, and the rules it follows."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import Histogram, InMemoryMetricReader

from cxotel import semconv
from cxotel.semconv import attributes, events, metrics
from tools.generate_semconv import ROOT, main, render
from tools.semconv_model import MODEL, ModelError, load

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import Enum

REGISTRY = load()
KEYS = [attribute.key for attribute in (*REGISTRY.attributes, *REGISTRY.reused)]


@pytest.mark.parametrize("path", sorted(render(REGISTRY)))
def test_generated_files_are_current(path: str) -> None:
    """What is committed is what the model says; `make generate` was not forgotten."""
    assert (ROOT / path).read_text("utf-8") == render(REGISTRY)[path]


def test_check_passes_and_writes_nothing() -> None:
    """`make check-generated` succeeds on a current tree."""
    assert main(["--check"]) == 0


@pytest.mark.parametrize("key", KEYS)
def test_every_key_has_a_constant_and_a_privacy_class(key: str) -> None:
    """A user finds each key as a constant, and may look up what happens to its values."""
    name = key.replace(".", "_").upper()

    assert getattr(semconv, name) == key
    assert semconv.PRIVACY[key] in {"public", "pseudonymous", "personal", "content"}


def test_nothing_but_the_registrys_keys_is_classified() -> None:
    """The tables of privacy classes and of types know the registry's keys and no others."""
    assert sorted(semconv.PRIVACY) == sorted(KEYS)
    assert sorted(semconv.TYPES) == sorted(KEYS)


def test_durations_on_spans_are_whole_milliseconds() -> None:
    """What people compare with a whole number is one; enumerations are strings."""
    assert semconv.TYPES[semconv.CX_QUEUE_WAIT] == "int"
    assert semconv.TYPES[semconv.CX_EXPERIENCE_SCORE] == "int"
    assert semconv.TYPES[semconv.CX_CHANNEL] == "string"
    assert semconv.TYPES[semconv.CX_EVIDENCE_SHOWS] == "string[]"


@pytest.mark.parametrize("attribute", REGISTRY.attributes, ids=lambda attribute: attribute.key)
def test_values_of_a_closed_set_are_members_of_an_enumeration(attribute: Any) -> None:
    """`CxLayerValues.AI` is the string "ai", prints as it, and nothing is missing."""
    if not attribute.members:
        assert not hasattr(semconv, f"{attribute.class_name}Values")
        return
    values: type[Enum] = getattr(semconv, f"{attribute.class_name}Values")

    assert [f"{value}" for value in values] == [member.value for member in attribute.members]
    assert all(isinstance(value, str) for value in values)
    assert getattr(semconv, attribute.class_name).__args__ == tuple(map(str, values))


def test_the_public_face_is_flat_and_complete() -> None:
    """All attributes and events can be had from `cxotel.semconv`, under the same names."""
    together = {*attributes.__all__, *events.__all__}

    assert set(semconv.__all__) == together
    assert all(hasattr(semconv, name) for name in together)


def test_names_follow_opentelemetrys_rules() -> None:
    """Names are lower case with dots and underscores, and stay in our own namespace."""
    signals = (*REGISTRY.spans, *REGISTRY.events, *REGISTRY.metrics)
    ours = [item.key for item in REGISTRY.attributes] + [signal.name for signal in signals]

    assert [name for name in ours if not re.fullmatch(r"cx(\.[a-z][a-z0-9_]*)+", name)] == []
    assert [name for name in ours if name.endswith(("_total", "."))] == []
    assert [item.key for item in REGISTRY.reused if item.key.startswith("cx.")] == []


def test_no_name_is_also_a_namespace() -> None:
    """No attribute's key is the beginning of another's, and no metric's name either."""
    for names in (KEYS, [metric.name for metric in REGISTRY.metrics]):
        assert [(a, b) for a in names for b in names if b.startswith(f"{a}.")] == []


def test_every_key_of_the_registry_is_used_or_declared_for_later() -> None:
    """A signal's attributes all exist; keys for journeys' changes stand on their own."""
    used = {
        use.key
        for signal in (*REGISTRY.spans, *REGISTRY.events, *REGISTRY.metrics)
        for use in signal.attributes
    }
    unused = {attribute.key for attribute in REGISTRY.attributes} - used

    assert used <= set(KEYS)
    assert unused == {
        semconv.CX_CALLBACK_SYSTEM,
        semconv.CX_CONFIG_VERSION,
        semconv.CX_LINK_RELATION,
        semconv.CX_OWNER_NAME,
        semconv.CX_PROMPT_VERSION,
    }


def test_metrics_carry_nothing_unbounded_or_private() -> None:
    """No metric has an attribute that names a person or has a value per contact."""
    for metric in metrics.METRICS.values():
        assert {semconv.PRIVACY[key] for key in metric.attributes} <= {"public"}
        assert [key for key in metric.attributes if key.endswith(".id")] == []


@pytest.mark.parametrize("name", sorted(metrics.METRICS))
def test_each_metric_can_be_created_with_its_unit_and_buckets(name: str) -> None:
    """A created instrument reaches the reader with the registry's unit, words and buckets."""
    definition = metrics.METRICS[name]
    reader = InMemoryMetricReader()
    provider = MeterProvider(metric_readers=[reader], shutdown_on_exit=False)
    create: Callable[..., Any] = getattr(metrics, f"create_{name.replace('.', '_')}")

    if definition.instrument == "gauge":
        create(provider.get_meter("test"), _observe)
    else:
        _record(create(provider.get_meter("test")))

    data = reader.get_metrics_data()
    assert data is not None
    metric = data.resource_metrics[0].scope_metrics[0].metrics[0]
    assert (metric.name, metric.unit) == (name, definition.unit)
    assert metric.description == definition.description
    if isinstance(metric.data, Histogram):
        assert tuple(metric.data.data_points[0].explicit_bounds) == definition.buckets
    provider.shutdown()


def _observe(options: CallbackOptions) -> list[Observation]:
    return [Observation(1)]


def _record(instrument: Any) -> None:
    record = getattr(instrument, "record", None) or instrument.add
    record(1)


def test_durations_on_metrics_are_in_seconds() -> None:
    """A metric of time has the unit `s`, whatever the attribute beside it has."""
    for metric in metrics.METRICS.values():
        timed = metric.name.endswith(("age", "duration", "jitter", "mouth_to_ear", "round_trip"))
        assert (metric.unit == "s") == timed, metric.name


def test_the_model_is_installed_with_the_package() -> None:
    """Whoever has weaver can check live telemetry against the installed registry."""
    installed = Path(semconv.__file__).parent / "model"

    assert (installed / "manifest.yaml").exists()
    assert {path.name for path in installed.glob("*.yaml")} == {
        path.name for path in MODEL.glob("*.yaml")
    }


def _drop_class(model: dict[str, Any]) -> None:
    del model["attributes"][0]["annotations"]


def _wrong_class(model: dict[str, Any]) -> None:
    model["attributes"][0]["annotations"]["privacy"]["class"] = "secret"


def _no_note(model: dict[str, Any]) -> None:
    del model["attributes"][0]["note"]


def _unknown_type(model: dict[str, Any]) -> None:
    model["attributes"][0]["type"] = "str"


def _upper_case(model: dict[str, Any]) -> None:
    model["attributes"][0]["key"] = "cx.queueId"


def _twice(model: dict[str, Any]) -> None:
    model["attributes"].append(model["attributes"][1])


def _namespace(model: dict[str, Any]) -> None:
    model["attributes"][0]["key"] = "cx.queue"


def _dangling(model: dict[str, Any]) -> None:
    model["events"][0]["attributes"].append({"ref": "cx.no.such", "requirement_level": "required"})


def _no_level(model: dict[str, Any]) -> None:
    del model["spans"][0]["attributes"][0]["requirement_level"]


def _no_unit(model: dict[str, Any]) -> None:
    del model["metrics"][0]["unit"]


def _falling_buckets(model: dict[str, Any]) -> None:
    model["metrics"][0]["annotations"]["buckets"] = [5, 1]


def _old_format(model: dict[str, Any]) -> None:
    model["file_format"] = "definition/1"


def _unknown_section(model: dict[str, Any]) -> None:
    model["groups"] = []


def _no_group(model: dict[str, Any]) -> None:
    model["events"][0]["attributes"].append({"ref_group": "cx.no.such"})


def _split_brief(model: dict[str, Any]) -> None:
    members = model["attributes"][4]["type"]["members"]
    members[0] |= {"brief": "An agent", " took it": None}


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (_drop_class, "cx.queue.id: no privacy class"),
        (_wrong_class, "cx.queue.id: no privacy class"),
        (_no_note, "cx.queue.id: `note` is missing"),
        (_unknown_type, "cx.queue.id: unknown type 'str'"),
        (_upper_case, "cx.queueId: a key is lower case"),
        (_twice, "cx.queue.name: defined twice"),
        (_namespace, "cx.queue: is also the namespace of cx.queue.name"),
        (_dangling, "cx.queue: cx.no.such is not defined"),
        (_no_level, "cx.wait: cx.evidence.kind has no requirement level"),
        (_no_unit, "cx.queue.wait.duration: no unit"),
        (_falling_buckets, "cx.queue.wait.duration: bucket boundaries must rise"),
        (_old_format, "queue: file_format?"),
        (_unknown_section, "queue: unknown part"),
        (_no_group, "cx.queue: no group cx.no.such"),
        (_split_brief, "quote its brief"),
    ],
)
def test_a_wrong_model_is_refused_with_the_place_named(
    tmp_path: Path, spoil: Callable[[dict[str, Any]], None], complaint: str
) -> None:
    """Generation fails on a key without a class, and on each other broken rule, saying where."""
    shutil.copytree(MODEL, tmp_path, dirs_exist_ok=True)
    queue = tmp_path / "queue.yaml"
    model = yaml.safe_load(queue.read_text("utf-8"))
    spoil(model)
    queue.write_text(yaml.safe_dump(model), "utf-8")

    with pytest.raises(ModelError, match=re.escape(complaint)):
        load(tmp_path)
