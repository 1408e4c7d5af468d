"""Try rules with promtool: made-up series go in, and what fires is read back."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cxotel.operations.shipped import ALERTS, RECORDINGS, files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cxotel.operations import Goals

_TOLD = "alertname, severity, cx_slo, cx_journey_name, cx_layer, cx_system, cloud_region"


@dataclass(frozen=True, slots=True)
class Firing:
    """An alert that is expected to fire.

    Attributes:
        alert: Its name.
        severity: Whom it calls.
        labels: What else it is told apart by.
    """

    alert: str
    severity: str
    labels: Mapping[str, str]

    @property
    def series(self) -> str:
        """The alert as promtool compares it."""
        terms = {"alertname": self.alert, "severity": self.severity, **self.labels}
        return "{" + ",".join(f'{key}="{value}"' for key, value in terms.items()) + "}"


def write(folder: Path, goals: Goals, scale: float = 1.0) -> list[str]:
    """Write the rule files into a folder, and return their paths."""
    written = files(goals, scale)
    for name in (RECORDINGS, ALERTS):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(written[name], "utf-8")
    return [str(folder / name) for name in (RECORDINGS, ALERTS)]


def check(promtool: Path, folder: Path, goals: Goals) -> str:
    """Let promtool check the rules, and return what it says."""
    done = subprocess.run(
        [promtool, "check", "rules", "--lint=all", "--lint-fatal", *write(folder, goals)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def complaint(
    promtool: Path,
    folder: Path,
    goals: Goals,
    series: Mapping[str, str],
    expected: Mapping[str, list[Firing]],
    *,
    scale: float = 1.0,
) -> str:
    """Return what promtool has against it; nothing where exactly the expected alerts fire.

    Args:
        promtool: The program.
        folder: Where files may be written.
        goals: What the rules are made of.
        series: Values by series, one a minute, in promtool's notation.
        expected: What fires, by the time after the beginning.
        scale: What the rules' windows are multiplied by.
    """
    queries = [
        {
            "expr": f'count by ({_TOLD}) (ALERTS{{alertstate="firing"}})',
            "eval_time": at,
            "exp_samples": [{"labels": each.series, "value": 1} for each in firing],
        }
        for at, firing in expected.items()
    ]
    told = [{"series": name, "values": values} for name, values in series.items()]
    document = {
        "rule_files": write(folder, goals, scale),
        "evaluation_interval": "1m",
        "tests": [{"interval": "1m", "input_series": told, "promql_expr_test": queries}],
    }
    # What is JSON is YAML.
    (folder / "test.yml").write_text(json.dumps(document), "utf-8")
    done = subprocess.run(
        [promtool, "test", "rules", str(folder / "test.yml")],
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def count(*stretches: tuple[float, int], start: float = 0.0) -> str:
    """Return the values of a counter in promtool's notation.

    Args:
        stretches: By how much it grows each interval, and for how many.
        start: Where it begins.

    Example:
        >>> count((1, 2), (0, 3))
        '0+1x2 2+0x2'
    """
    parts: list[str] = []
    value = start
    for number, (step, length) in enumerate(stretches):
        first = value if number == 0 else value + step
        last = first + step * (length if number == 0 else length - 1)
        parts.append(f"{first:g}+{step:g}x{length if number == 0 else length - 1}")
        value = last
    return " ".join(parts)
