"""`cxotel doctor`: what is installed, where telemetry goes, and what is wrong."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict
from importlib.metadata import version as installed
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cxotel.cli import PROBLEM
from cxotel.cli.findings import Finding
from cxotel.cli.lines import line, show

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cxotel.cli.findings import State
    from cxotel.cli.lines import Line
    from cxotel.settings import Settings

_MARKS: Final[Mapping[State, tuple[str, str]]] = {
    "ok": ("  ok   ", "green"),
    "absent": ("  -    ", "dim"),
    "note": ("  note ", "yellow"),
    "problem": ("  !!   ", "bold red"),
}


def doctor(
    *,
    send: Annotated[
        bool, typer.Option(help="Send a test span to see whether telemetry arrives.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON, for scripts.")] = False,
) -> None:
    """Tell what is installed, where telemetry goes, what is wrong.

    Run it with the Python and the environment variables of your application; under
    opentelemetry-instrument it tells what that has instrumented.

    Exit codes: 0 all is well, 1 a problem was found.
    """
    found = findings(send=send)
    problems = [finding for finding in found if finding.state == "problem"]
    if as_json:
        document = {
            "versions": _versions(),
            "findings": [asdict(finding) for finding in found],
            "problems": len(problems),
        }
        typer.echo(json.dumps(document, indent=2))
    else:
        show(_draw(found, problems))
    raise typer.Exit(PROBLEM if problems else 0)


def findings(*, send: bool = True) -> list[Finding]:
    """Return everything that was found.

    Args:
        send: Whether to send a test span.
    """
    from cxotel.cli.arrival import telemetry
    from cxotel.cli.libraries import libraries, others
    from cxotel.cli.routes import tables

    settings, said = _settings()
    return [
        *libraries(settings),
        *tables(settings),
        *others(settings),
        *said,
        *telemetry(settings.export, send=send),
    ]


def _settings() -> tuple[Settings, list[Finding]]:
    import os

    from cxotel.settings import Settings, SettingsError, load
    from cxotel.settings.environment import CXOTEL_CONFIG

    try:
        settings = load()
    except SettingsError as error:
        finding = Finding("settings", "cxotel", str(error), "problem", "Put it right there")
        return Settings(), [finding]
    path = os.environ.get(CXOTEL_CONFIG)
    where = (
        f"from {path}" if path else "the defaults and the environment; CXOTEL_CONFIG names no file"
    )
    key = "pseudonyms have a key" if settings.privacy.key else "no key: no pseudonyms"
    leaving = ", ".join(sorted(settings.privacy.classes))
    return settings, [
        Finding("settings", "settings", where),
        Finding("settings", "privacy", f"{key}; what leaves: {leaving}"),
    ]


def _versions() -> dict[str, str]:
    names = ("cxotel", "opentelemetry-sdk", "opentelemetry-instrumentation")
    return {"python": platform.python_version(), **{name: installed(name) for name in names}}


def _draw(found: Sequence[Finding], problems: Sequence[Finding]) -> list[Line]:
    lines = [line(", ".join(f"{name} {number}" for name, number in _versions().items()))]
    for area in dict.fromkeys(finding.area for finding in found):
        lines += [line(), line((area, "bold"))]
        here = [finding for finding in found if finding.area == area]
        width = max(len(finding.subject) for finding in here)
        for finding in here:
            lines += _finding(finding, width) if finding.state != "absent" else []
        lines += _absent([finding.subject for finding in here if finding.state == "absent"])
    words = f"{len(problems)} problem{'' if len(problems) == 1 else 's'} found"
    verdict = (words, "bold red") if problems else ("all is well", "bold green")
    return [*lines, line(), line(verdict)]


def _absent(names: Sequence[str]) -> list[Line]:
    """Name what is not there in as few lines as it takes: most people use few of many."""
    mark = _MARKS["absent"]
    rows = wrap(f"not installed: {', '.join(names)}", 92) if names else []
    return [line(mark if row == rows[0] else (" " * len(mark[0]), ""), row) for row in rows]


def _finding(finding: Finding, width: int) -> list[Line]:
    mark = _MARKS[finding.state]
    lines = [line(mark, f"{finding.subject:<{width}}  {finding.text}")]
    if finding.remedy:
        lines.append(line(f"{'':<{width + 9}}", (f"-> {finding.remedy}", "bold")))
    return lines
