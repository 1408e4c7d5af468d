"""Objectives in the formats of other tools: Sloth's and OpenSLO's.

Sources: Sloth, `prometheus/v1` specification; OpenSLO 1.0, kind `SLO`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxotel.operations.slo import SLO, slos

if TYPE_CHECKING:
    from cxotel.operations.goals import Goals
    from cxotel.operations.plain_yaml import Node
    from cxotel.operations.slo import Slo

_WINDOW = "[{{.window}}]"


def sloth(goals: Goals) -> Node:
    """Return all objectives as one document for Sloth, which makes rules of its own of them."""
    return {
        "version": "prometheus/v1",
        "service": goals.service,
        "slos": [_sloth(slo) for slo in slos(goals)],
    }


def _sloth(slo: Slo) -> Node:
    return {
        "name": dashed(slo.name),
        "objective": slo.objective,
        "description": slo.description,
        "labels": {key: value for key, value in slo.labels.items() if key != SLO},
        "sli": {
            "events": {
                "error_query": f"sum(rate({slo.bad}{_WINDOW})) or vector(0)",
                "total_query": f"sum(rate({slo.total}{_WINDOW}))",
            }
        },
        "alerting": {
            "name": f"CxJourneyBudgetBurns{_joined(slo.name)}",
            "annotations": {"summary": slo.description},
            "page_alert": {"labels": {"severity": "page"}},
            "ticket_alert": {"labels": {"severity": "ticket"}},
        },
    }


def openslo(goals: Goals) -> list[Node]:
    """Return a document of OpenSLO for each objective."""
    return [_openslo(slo, goals) for slo in slos(goals)]


def _openslo(slo: Slo, goals: Goals) -> Node:
    return {
        "apiVersion": "openslo/v1",
        "kind": "SLO",
        "metadata": {"name": dashed(slo.name), "displayName": slo.name},
        "spec": {
            "description": slo.description,
            "service": goals.service,
            "indicator": {
                "metadata": {"name": dashed(slo.name)},
                "spec": {
                    "ratioMetric": {
                        "counter": True,
                        "bad": _source(f"sum({slo.bad})"),
                        "total": _source(f"sum({slo.total})"),
                    }
                },
            },
            "timeWindow": [{"duration": goals.window, "isRolling": True}],
            "budgetingMethod": "Occurrences",
            "objectives": [
                {"displayName": slo.description, "target": round(slo.objective / 100, 8)}
            ],
        },
    }


def _source(query: str) -> Node:
    return {"metricSource": {"type": "Prometheus", "spec": {"query": query}}}


def _joined(name: str) -> str:
    """Return a name as part of an alert's: Sloth's alerts differ by nothing else."""
    return "".join(word.capitalize() for word in dashed(name).split("-"))


def dashed(name: str) -> str:
    """Return a name as these formats want it: small letters, digits and dashes.

    Example:
        >>> dashed("Order status-score")
        'order-status-score'
    """
    return "-".join("".join(sign if sign.isalnum() else " " for sign in name.lower()).split())
