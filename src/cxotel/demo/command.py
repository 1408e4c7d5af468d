"""What `cxotel demo` does: run the contact center, read its telemetry back, and report."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING

from cxotel.cli import OK, PROBLEM, UNUSABLE
from cxotel.cli.lines import duration, show
from cxotel.demo.contact_center import ServiceFailedError
from cxotel.demo.judging import judge
from cxotel.demo.progress import progress
from cxotel.demo.report import GOAL, report
from cxotel.demo.run import Options, Run
from cxotel.demo.run import run as run_everybody
from cxotel.reading import SourceError

if TYPE_CHECKING:
    from pathlib import Path

    from cxotel.demo.judging import Judgement

_SHOWN = 3


def run(*, seed: int, journeys: int, otlp_endpoint: str | None, file: Path, speed: float) -> int:
    """Run the demo, and say what it showed.

    Args:
        seed: Which customers come, and what goes wrong for whom.
        journeys: How many come.
        otlp_endpoint: An OTLP receiver that the telemetry is sent to as well, or None.
        file: The file that all telemetry goes to; what is in it is replaced. Beside it lies the
            injection log, with the ending ``.injected.json``.
        speed: How much faster than in real life people speak and think.

    Returns:
        0 where the blame is right as often as it should be, 1 where it is not or the demo was
        disturbed, 2 where it could not run.
    """
    options = Options(seed, journeys, speed, file, otlp_endpoint)
    started = time.monotonic()
    try:
        file.write_text("", encoding="utf-8")
        _say(f"a contact center opens on loopback (seed {seed}); its service starts")
        with progress("journeys", journeys) as advance:
            done = run_everybody(options, advance)
        judgement = judge(file, done.log)
    except OSError as error:
        _say(f"{file} cannot be written: {error.strerror}")
        return UNUSABLE
    except (ServiceFailedError, SourceError) as error:
        _say(str(error))
        return UNUSABLE
    _write_log(file, done, judgement)
    _say(f"closed after {duration((time.monotonic() - started) * 1000)}\n")
    show(report(judgement, file, bars=sys.stdout.isatty()))
    return _verdict(done, judgement)


def _verdict(done: Run, judgement: Judgement) -> int:
    for problem in done.problems[:_SHOWN]:
        _say(f"the demo itself went wrong: {problem}")
    well = not done.problems and judgement.share >= GOAL
    return OK if well else PROBLEM


def _write_log(file: Path, done: Run, judgement: Judgement) -> None:
    """Write down what was injected where, so that anybody can compare it with the telemetry."""
    journeys = {each.contact: each.journey for each in judgement.verdicts}
    log = [
        {
            "contact": contact,
            "journey": journeys[contact].id if contact in journeys else None,
            "injected": [fault._asdict() for fault in faults],
        }
        for contact, faults in done.log.items()
    ]
    text = json.dumps(log, indent=1)
    file.with_suffix(".injected.json").write_text(text + "\n", encoding="utf-8")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
