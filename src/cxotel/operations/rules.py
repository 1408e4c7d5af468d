"""Prometheus rules as data, and as the documents that Prometheus loads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxotel.operations.plain_yaml import Node

Severity = Literal["page", "ticket"]
"""Whether it wakes somebody, or waits for office hours."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A rule that keeps the result of an expression as series of its own.

    Args:
        name: The series' name.
        expression: PromQL.
        labels: Labels that the series get.
    """

    name: str
    expression: str
    labels: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def document(self) -> dict[str, Node]:
        """The rule, as Prometheus reads it."""
        labels: dict[str, Node] = {"labels": dict(self.labels)} if self.labels else {}
        return {"record": self.name, "expr": self.expression, **labels}


@dataclass(frozen=True, slots=True)
class Annotations:
    """What an alert tells whoever gets it; texts may hold Prometheus's templates.

    Args:
        summary: What happened, in one line.
        meaning: What it means to customers.
        owner: Who owns what is hurt.
        look_first: What to look at first.
        traceql: The query that shows the journeys in Tempo.
        jaeger_tags: The tags that show them in Jaeger.
    """

    summary: str
    meaning: str
    owner: str
    look_first: str
    traceql: str
    jaeger_tags: str

    @property
    def document(self) -> dict[str, Node]:
        """The annotations, as Prometheus reads them."""
        return {
            "summary": self.summary,
            "meaning": self.meaning,
            "owner": self.owner,
            "look_first": self.look_first,
            "traceql": self.traceql,
            "jaeger_tags": self.jaeger_tags,
        }


@dataclass(frozen=True, slots=True)
class Alert:
    """A rule that calls somebody.

    Args:
        name: The alert's name.
        expression: PromQL; each series of its result is an alert.
        lasting: How long it must hold first.
        severity: Whether it wakes somebody.
        annotations: What it tells.
        keeps: How long it goes on after the expression holds no more, so that it does not flap.
    """

    name: str
    expression: str
    lasting: str
    severity: Severity
    annotations: Annotations
    keeps: str

    @property
    def document(self) -> dict[str, Node]:
        """The rule, as Prometheus reads it."""
        return {
            "alert": self.name,
            "expr": self.expression,
            "for": self.lasting,
            "keep_firing_for": self.keeps,
            "labels": {"severity": self.severity},
            "annotations": self.annotations.document,
        }


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that are evaluated one after another.

    Args:
        name: The group's name.
        rules: The rules; each sees what those before it have recorded.
        interval: How often; as often as Prometheus is told to where left out.
    """

    name: str
    rules: tuple[Recording | Alert, ...]
    interval: str | None = None

    @property
    def document(self) -> dict[str, Node]:
        """The group, as Prometheus reads it."""
        interval: dict[str, Node] = {"interval": self.interval} if self.interval else {}
        return {"name": self.name, **interval, "rules": [rule.document for rule in self.rules]}
