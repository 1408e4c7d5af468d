"""Write `docs/score.md` from the rules' code: their docstrings, their defaults, and a run.

Run it by `make generate`; `--check` writes nothing and fails when the page is not current.
"""

from __future__ import annotations

import inspect
import re
import sys
from dataclasses import Field, dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, Final

import jinja2

from cxotel.experience import record
from cxotel.experience.evidence import (
    DIMENSIONS,
    Evidence,
    Handoff,
    Media,
    Outcome,
    Queue,
    Turn,
    Where,
)
from cxotel.experience.ledger import NAMES
from cxotel.experience.rules import DEFAULT, Rules
from cxotel.experience.score import CLASSES, Score
from cxotel.experience.segment import Segment

ROOT: Final = Path(__file__).parent.parent
PAGE: Final = ROOT / "docs" / "score.md"
TEMPLATE: Final = Path(__file__).with_name("score_docs.md.j2")
PARTS: Final = ("Curve", "Kept", "Source", "Grade", "Args", "Value", "Raises", "Example")
"""Headings of a docstring's sections."""


@dataclass(frozen=True)
class Setting:
    """One number of a rule.

    Args:
        path: Its name in a settings file.
        default: Its value unless somebody changes it.
        meaning: What it says.
    """

    path: str
    default: str
    meaning: str


@dataclass(frozen=True)
class Rule:
    """One rule, as its docstring tells it.

    Args:
        name: Name of the class.
        brief: What it prices.
        curve: How.
        kept: What a ledger keeps for it.
        source: Who says so.
        grade: How far to trust that.
        settings: Its numbers.
    """

    name: str
    brief: str
    curve: str
    kept: str
    source: str
    grade: str
    settings: tuple[Setting, ...]


@dataclass(frozen=True)
class Dimension:
    """One dimension and its rules.

    Args:
        name: Name.
        question: What it asks.
        cap: Points of R that it can take at most.
        rules: Its rules.
    """

    name: str
    question: str
    cap: float
    rules: tuple[Rule, ...]


def main(arguments: list[str]) -> int:
    """Write the page, or compare it.

    Args:
        arguments: `--check` to compare only.

    Returns:
        The exit code: 0 when all is well.
    """
    text = render(DEFAULT)
    current = PAGE.read_text("utf-8") if PAGE.exists() else None
    if "--check" in arguments:
        if text != current:
            print("docs/score.md is not what the code says: run `make generate`", file=sys.stderr)
        return int(text != current)
    if text != current:
        PAGE.write_text(text, "utf-8")
        print("wrote docs/score.md")
    return 0


def render(rules: Rules) -> str:
    """Return the text of the page.

    Args:
        rules: The rules to tell of.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATE.parent),
        autoescape=False,  # noqa: S701  (Markdown, not HTML)
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template(TEMPLATE.name).render(
        dimensions=[_dimension(rules, name) for name in DIMENSIONS],
        coverage=_rule(rules.coverage, "coverage"),
        journey=sections(inspect.getdoc(record.journey_score) or ""),
        classes=CLASSES,
        names=NAMES,
        rules=rules,
        worked=worked(rules),
    )


def _dimension(rules: Rules, name: str) -> Dimension:
    dimension = getattr(rules, name)
    parts = [
        _rule(getattr(dimension, each.name), f"{name}.{each.name}")
        for each in fields(dimension)
        if is_dataclass(getattr(dimension, each.name))
    ]
    question = sections(inspect.getdoc(dimension) or "")[""].split("? ")[0].rstrip("?") + "?"
    return Dimension(name, question, dimension.cap, tuple(parts))


def _rule(rule: Any, path: str) -> Rule:
    found = sections(inspect.getdoc(rule) or "")
    meanings = _arguments(found.get("Args", ""))
    settings = tuple(
        Setting(f"{path}.{each.name}", _plain(each), meanings[each.name]) for each in fields(rule)
    )
    return Rule(
        type(rule).__name__,
        found[""],
        found["Curve"],
        found.get("Kept", ""),
        found["Source"],
        found["Grade"],
        settings,
    )


def sections(docstring: str) -> dict[str, str]:
    """Return the sections of a docstring by their headings; what stands first under none.

    Args:
        docstring: The docstring, without its indentation.
    """
    found: dict[str, list[str]] = {"": []}
    heading = ""
    for line in docstring.splitlines():
        start = re.match(rf"({'|'.join(PARTS)}):\s*(.*)", line)
        if start:
            heading = start[1]
            found[heading] = [start[2]]
        else:
            found[heading].append(line)
    return {
        name: "\n".join(lines) if name == "Args" else " ".join(" ".join(lines).split())
        for name, lines in found.items()
    }


def _arguments(text: str) -> dict[str, str]:
    """Return the meanings of arguments by their names."""
    found: dict[str, str] = {}
    for name, meaning in re.findall(r"^    (\w+): (.*(?:\n {8}.*)*)", text, re.MULTILINE):
        found[name] = " ".join(meaning.split())
    return found


def _plain(each: Field[Any]) -> str:
    return f"{each.default:g}"


@dataclass(frozen=True)
class Worked:
    """A journey worked out by hand, beside what the code says.

    Args:
        turn: Price of a turn of 1.2 s.
        mean: The cubic mean over turns, of which three were re-prompts.
        reprompts: Price of three re-prompts.
        transfer: Price of a warm transfer.
        effort: Both together.
        queue: Price of the queue.
        media: Loss of the leg.
        factors: What each dimension leaves, in the order of the page.
        r: R, worked out by hand.
        score: What the code says.
    """

    turn: float
    mean: float
    reprompts: float
    transfer: float
    effort: float
    queue: float
    media: float
    factors: tuple[float, ...]
    r: float
    score: Score


BASE: Final = 93.2


def worked(rules: Rules) -> Worked:
    """Work a journey out by hand, and compare with the score.

    Args:
        rules: The rules to price by.

    Raises:
        ValueError: When the two differ: the page would be wrong.
    """
    turn = rules.responsiveness.voice_turn.price(1_200) / 1000
    mean = round((4 * turn**3) ** (1 / 3), 3)
    reprompts = rules.effort.reprompt.price(3) / 1000
    effort = reprompts + rules.effort.transfer.warm
    queue = rules.reach.queue.price(45_000) / 1000
    media = rules.media.worst_leg.loss(91) / 1000
    factors = tuple(1 - points / BASE for points in (queue, mean, media, effort))
    r = BASE * factors[0] * factors[1] * factors[2] * factors[3]
    score = _observed(rules)
    if score.r is None or abs(score.r - r) > 0.01:
        raise ValueError(f"by hand {r}, by the code {score.r}")
    return Worked(
        turn, mean, reprompts, rules.effort.transfer.warm, effort, queue, media, factors, r, score
    )


def _observed(rules: Rules) -> Score:
    bot, center = Where("ai", "dialogflow", "ask"), Where("contact_center", "genesys_cloud")
    results = ("matched", "no_match", "no_match", "no_match")
    facts: list[Evidence] = [
        Turn(f"turn-{i}", bot, i * 30_000, i * 30_000 + 1_200, 1_200, None, "voice", result)
        for i, result in enumerate(results)
    ]
    facts += [
        Handoff("handoff", center, "transfer_warm", at=130_000),
        Queue("queue", center, "billing", 130_000, 175_000, 45_000),
        Media("leg", Where("connectivity", "carrier"), 91, "g107", 300_000, 0, name="customer"),
        Outcome("resolved", 500_000),
    ]
    segment = Segment(rules, id="example", start=0, channel="voice")
    for fact in facts:
        segment.observe(fact)
    return segment.score()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
