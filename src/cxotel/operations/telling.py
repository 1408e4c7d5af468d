"""The words of alerts: who owns what is hurt, and the queries that show the journeys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxotel.operations.names import label, quoted
from cxotel.operations.signals import LAYER, SYSTEM
from cxotel.semconv import CxLayerValues

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxotel.operations.goals import Goals


def of(attribute: str) -> str:
    """Return a template of the value that an alert has of an attribute.

    Example:
        >>> of("cx.system")
        '{{ $labels.cx_system }}'
    """
    return f"{{{{ $labels.{label(attribute)} }}}}"


def owner(goals: Goals, layer: str | None = None) -> str:
    """Return a template of who owns an alert's system, or else its layer.

    Args:
        goals: They say who owns what.
        layer: The layer of all that the alert is about; its label's where left out.

    Example:
        >>> from cxotel.operations.goals import Goals
        >>> owner(Goals((), owners={"ai": "bot team"}), "ai")
        'bot team'
    """
    layers = [each.value for each in CxLayerValues]
    systems = {name: who for name, who in goals.owners.items() if name not in layers}
    owned = {name: who for name, who in goals.owners.items() if name in layers}
    if layer is not None:
        return _chosen({SYSTEM: systems}, owned.get(layer, f"whoever owns the layer {layer}"))
    unknown = (
        f"{{{{ with $labels.{LAYER} }}}}whoever owns the layer {{{{ . }}}}"
        f"{{{{ else }}}}whoever owns {{{{ $labels.{SYSTEM} }}}}{{{{ end }}}}"
    )
    return _chosen({SYSTEM: systems, LAYER: owned}, unknown)


def _chosen(owners: Mapping[str, Mapping[str, str]], otherwise: str) -> str:
    cases = [
        (f"eq $labels.{name} {quoted(value)}", who)
        for name, known in owners.items()
        for value, who in known.items()
    ]
    if not cases:
        return otherwise
    text = "".join(
        f"{{{{ {'else if' if number else 'if'} {condition} }}}}{who}"
        for number, (condition, who) in enumerate(cases)
    )
    return f"{text}{{{{ else }}}}{otherwise}{{{{ end }}}}"


def journey_owner() -> str:
    """Return a template of who owns an alert's journey."""
    return "{{ with $labels.owner }}{{ . }}{{ else }}whoever owns the journey{{ end }}"


def traceql(*conditions: str) -> str:
    """Return the query that shows spans in Tempo.

    Args:
        conditions: What holds of each span.
    """
    return f"{{ {' && '.join(conditions)} }}"


def span(attribute: str, value: str, compare: str = "=") -> str:
    """Return a condition on a span's text, in TraceQL.

    Args:
        attribute: The attribute.
        value: What it is compared with; it may hold templates.
        compare: How.

    Example:
        >>> span("cx.channel", "voice")
        'span.cx.channel = "voice"'
    """
    return f'span.{attribute} {compare} "{value}"'


def below(attribute: str, number: int) -> str:
    """Return a condition on a span's number, in TraceQL.

    Example:
        >>> below("cx.experience.score", 60)
        'span.cx.experience.score < 60'
    """
    return f"span.{attribute} < {number}"


def tags(values: Mapping[str, str]) -> str:
    """Return tags as Jaeger is asked for them: the field "Tags", or `tags=` of its API.

    Args:
        values: Attribute to its value, which may hold templates.

    Example:
        >>> tags({"cx.system": of("cx.system")})
        '{"cx.system":"{{ $labels.cx_system }}"}'
    """
    return "{" + ",".join(f'"{key}":"{value}"' for key, value in values.items()) + "}"
