"""Read the registry's model, in OpenTelemetry's `definition/2` format, and check it.

The format is described by weaver's `semconv-syntax.v2.md`. What is checked here beyond it is ours:
every key has a privacy class, a note that says when it is set, and an example.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import yaml

MODEL = Path(__file__).parent.parent / "src/cxotel/semconv/model"
PRIVACY_CLASSES = ("public", "pseudonymous", "personal", "content")
TYPES = ("string", "int", "double", "boolean", "string[]")
INSTRUMENTS = ("histogram", "counter", "updowncounter", "gauge")
SECTIONS = ("file_format", "attributes", "attribute_groups", "spans", "events", "metrics")
NAME = re.compile(r"cx(\.[a-z][a-z0-9]*(_[a-z0-9]+)*)+")
REQUIRED = ("brief", "note", "stability", "examples", "type")
LONGEST_SUMMARY = 94
LONGEST_DESCRIPTION = 73
"""A brief becomes a docstring's first line, and a metric's an argument, in 100 columns."""

Node = dict[str, Any]


class ModelError(ValueError):
    """The model breaks a rule; the message lists every place and what to do."""


@dataclass(frozen=True, slots=True)
class Member:
    """One value of a closed set."""

    value: str
    brief: str

    @property
    def constant(self) -> str:
        """The member's name in Python."""
        return re.sub(r"\W", "_", self.value).upper()


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute key, ours or reused."""

    key: str
    type: str
    brief: str
    note: str
    privacy: str
    area: str
    examples: tuple[Any, ...] = ()
    members: tuple[Member, ...] = ()

    @property
    def constant(self) -> str:
        """The key's name in Python."""
        return constant(self.key)

    @property
    def class_name(self) -> str:
        """The name of the closed set's type in Python."""
        return "".join(part.capitalize() for part in re.split(r"[._]", self.key))


@dataclass(frozen=True, slots=True)
class Use:
    """An attribute as one signal uses it."""

    key: str
    requirement: str
    note: str


@dataclass(frozen=True, slots=True)
class Signal:
    """A span, an event or a metric."""

    name: str
    brief: str
    note: str
    area: str
    attributes: tuple[Use, ...]
    kind: str = ""
    span_name: str = ""
    instrument: str = ""
    unit: str = ""
    buckets: tuple[float, ...] = ()

    @property
    def constant(self) -> str:
        """The signal's name in Python."""
        return constant(self.name)


@dataclass(frozen=True, slots=True)
class Registry:
    """Everything the model defines, each list sorted by name."""

    attributes: tuple[Attribute, ...]
    reused: tuple[Attribute, ...]
    spans: tuple[Signal, ...]
    events: tuple[Signal, ...]
    metrics: tuple[Signal, ...]


@dataclass(slots=True)
class _Reader:
    """Collects what the files define, and every problem found on the way."""

    groups: dict[str, list[Node]] = field(default_factory=dict[str, list[Node]])
    problems: list[str] = field(default_factory=list[str])

    def expect(self, holds: object, problem: str) -> None:
        if not holds:
            self.problems.append(problem)

    def privacy(self, key: str, node: Node) -> str:
        found = node.get("annotations", {}).get("privacy", {}).get("class")
        self.expect(
            found in PRIVACY_CLASSES,
            f"{key}: no privacy class. Decide what may leave the process and add "
            f"`annotations: {{ privacy: {{ class: … }} }}`, one of {', '.join(PRIVACY_CLASSES)}",
        )
        return str(found)

    def attribute(self, area: str, node: Node) -> Attribute:
        key = str(node.get("key"))
        self.expect(NAME.fullmatch(key), f"{key}: a key is lower case, in `cx.`, words by `_`")
        for name in REQUIRED:
            self.expect(node.get(name), f"{key}: `{name}` is missing")
        self.expect(len(_text(node, "brief")) <= LONGEST_SUMMARY, f"{key}: brief too long")
        kind = node.get("type", "")
        members: tuple[Member, ...] = ()
        if isinstance(kind, dict):
            items = cast("Node", kind).get("members", ())
            members = tuple(self.member(key, item) for item in items)
            kind = "string"
        self.expect(kind in TYPES, f"{key}: unknown type {kind!r}")
        return Attribute(
            key=key,
            type=str(kind),
            brief=_text(node, "brief"),
            note=_text(node, "note"),
            privacy=self.privacy(key, node),
            area=area,
            examples=tuple(node.get("examples", ())),
            members=members,
        )

    def member(self, key: str, node: Node) -> Member:
        unknown = set(node) - {"id", "value", "brief", "stability", "note"}
        self.expect(not unknown, f"{key}: unknown {sorted(unknown)} in a member; quote its brief")
        for name in ("id", "value", "brief", "stability"):
            self.expect(node.get(name), f"{key}: a member has no `{name}`")
        return Member(str(node.get("value")), _text(node, "brief"))

    def reused(self, area: str, node: Node) -> Attribute:
        key = node["ref"]
        kind = node.get("annotations", {}).get("type")
        self.expect(kind in TYPES, f"{key}: unknown type {kind!r}")
        self.expect(node.get("note"), f"{key}: `note` is missing")
        return Attribute(key, str(kind), "", _text(node, "note"), self.privacy(key, node), area)

    def signal(self, area: str, kind: str, node: Node) -> Signal:
        name = str(node.get("type" if kind == "spans" else "name"))
        self.expect(NAME.fullmatch(name), f"{name}: a name is lower case, in `cx.`, words by `_`")
        for wanted in ("brief", "stability", "requirement_level"):
            self.expect(node.get(wanted), f"{name}: `{wanted}` is missing")
        uses = tuple(self.use(name, item) for item in self.flat(name, node.get("attributes", [])))
        for key in _repeated(use.key for use in uses):
            self.expect(holds=False, problem=f"{name}: {key} is listed twice")
        return Signal(
            name=name,
            brief=_text(node, "brief"),
            note=_text(node, "note"),
            area=area,
            attributes=uses,
            kind=node.get("kind", ""),
            span_name=_text(node.get("name", {}), "note") if kind == "spans" else "",
            instrument=node.get("instrument", ""),
            unit=node.get("unit", ""),
            buckets=tuple(node.get("annotations", {}).get("buckets", ())),
        )

    def flat(self, name: str, nodes: list[Node]) -> list[Node]:
        """Put the members of the groups that a signal refers to in their place."""
        found: list[Node] = []
        for node in nodes:
            group = node.get("ref_group")
            self.expect(group is None or group in self.groups, f"{name}: no group {group}")
            found.extend([node] if group is None else self.groups.get(group, []))
        return found

    def use(self, name: str, node: Node) -> Use:
        key = str(node.get("ref"))
        level = node.get("requirement_level")
        self.expect(level, f"{name}: {key} has no requirement level")
        if isinstance(level, dict):
            level = ", ".join(f"{word}: {when}" for word, when in cast("Node", level).items())
        return Use(key, str(level).replace("_", " "), _text(node, "note"))

    def metric(self, metric: Signal) -> None:
        name, rising = metric.name, list(metric.buckets) == sorted(set(metric.buckets))
        histogram = metric.instrument == "histogram"
        self.expect(metric.instrument in INSTRUMENTS, f"{name}: instrument {metric.instrument!r}?")
        self.expect(metric.unit, f"{name}: no unit")
        self.expect(bool(metric.buckets) == histogram, f"{name}: histograms alone have buckets")
        self.expect(rising, f"{name}: bucket boundaries must rise")
        self.expect(len(metric.brief) <= LONGEST_DESCRIPTION, f"{name}: brief too long")


def constant(name: str) -> str:
    """Return a key's or signal's name in Python.

    >>> constant("cx.bot.turn.measured_from")
    'CX_BOT_TURN_MEASURED_FROM'
    """
    return name.replace(".", "_").upper()


def load(model: Path = MODEL) -> Registry:
    """Read and check all files of a model.

    Args:
        model: The folder of YAML files.

    Raises:
        ModelError: The model breaks a rule.
    """
    files: dict[str, Node] = {
        path.stem: yaml.safe_load(path.read_text("utf-8"))
        for path in sorted(model.glob("*.yaml"))
        if path.stem != "manifest"
    }
    reader = _Reader()
    for area, content in files.items():
        reader.expect(content.get("file_format") == "definition/2", f"{area}: file_format?")
        reader.expect(set(content) <= set(SECTIONS), f"{area}: unknown part in {sorted(content)}")
        for group in content.get("attribute_groups", ()):
            reader.groups[group["id"]] = group["attributes"]
    registry = _read(reader, files)
    _check(reader, registry)
    if reader.problems:
        raise ModelError("The registry's model is wrong:\n- " + "\n- ".join(reader.problems))
    return registry


def _read(reader: _Reader, files: dict[str, Node]) -> Registry:
    def section(name: str) -> list[tuple[str, Node]]:
        return [(area, node) for area, file in files.items() for node in file.get(name, ())]

    def signals(kind: str) -> tuple[Signal, ...]:
        found = (reader.signal(area, kind, node) for area, node in section(kind))
        return tuple(sorted(found, key=lambda signal: signal.name))

    attributes = [reader.attribute(area, node) for area, node in section("attributes")]
    reused = [reader.reused("reused", node) for node in reader.groups.get("cx.reused", ())]
    return Registry(
        attributes=tuple(sorted(attributes, key=lambda attribute: attribute.key)),
        reused=tuple(sorted(reused, key=lambda attribute: attribute.key)),
        spans=signals("spans"),
        events=signals("events"),
        metrics=signals("metrics"),
    )


def _check(reader: _Reader, registry: Registry) -> None:
    """Check what can only be seen of the whole: names that collide, references to nothing."""
    keys = [attribute.key for attribute in (*registry.attributes, *registry.reused)]
    for names in (
        keys,
        [span.name for span in registry.spans],
        [event.name for event in registry.events],
        [metric.name for metric in registry.metrics],
    ):
        for name in _repeated(names):
            reader.expect(holds=False, problem=f"{name}: defined twice")
    for short, long in itertools.permutations(keys, 2):
        clash = long.startswith(f"{short}.")
        reader.expect(not clash, f"{short}: is also the namespace of {long}; rename one")
    for signal in (*registry.spans, *registry.events, *registry.metrics):
        for use in signal.attributes:
            reader.expect(use.key in keys, f"{signal.name}: {use.key} is not defined")
    for metric in registry.metrics:
        reader.metric(metric)


def _repeated(names: Any) -> list[str]:
    ordered = sorted(names)
    return [name for name, following in itertools.pairwise(ordered) if name == following]


def _text(node: Node, name: str) -> str:
    return " ".join(str(node.get(name) or "").split())
