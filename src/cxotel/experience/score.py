"""From a ledger to a number that explains itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from cxotel.experience import reasons
from cxotel.experience.arithmetic import MILLI, milli
from cxotel.experience.dimensions.media import BASE
from cxotel.experience.dimensions.resolution import LOST
from cxotel.experience.evidence import DIMENSIONS, Where
from cxotel.experience.ledger import Entry, Key, LedgersDifferError
from cxotel.experience.rules import DEFAULT
from cxotel.experience.wording import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxotel.experience.dimensions.priced import Priced, Rows
    from cxotel.experience.ledger import Ledger
    from cxotel.experience.rules import Rules

UNCLASSIFIED: Final = "unclassified"

CLASSES: Final = (
    (90, "very_satisfied"),
    (80, "satisfied"),
    (70, "some_dissatisfied"),
    (60, "many_dissatisfied"),
    (50, "nearly_all_dissatisfied"),
    (0, "not_recommended"),
)
"""The lowest score of each class (ITU-T G.107 Annex B, Table B.1, and G.109)."""

WITHOUT_MEDIA: Final = frozenset({"chat", "messaging", "email", "sms", "web"})
"""Channels in which nobody hears anybody."""

STRETCHED_FROM: Final = 90
"""From here to 93.2, the best there is, R is stretched to 100."""


class Reason(NamedTuple):
    """One cause of lost points; ``str()`` says it as a person would.

    Args:
        dimension: The dimension that lost them.
        where: Layer, system and step that are charged; unknown ones for nobody.
        reason: The ledger's reason.
        points: Points of R.
        detail: What happened, in words.
    """

    dimension: str
    where: Where
    reason: str
    points: float
    detail: str = ""

    def __str__(self) -> str:
        who = self.where.system or self.where.step
        return f"{self.dimension} {self.points:.0f} ({who + ': ' if who else ''}{self.detail})"


class Blame(NamedTuple):
    """Who took most.

    Args:
        layer: Its layer.
        system: Its system.
        step: The step in which it took most.
        share: Its share (0..1) of all points that were lost.
    """

    layer: str | None
    system: str | None
    step: str | None
    share: float


@dataclass(frozen=True, slots=True)
class Score:
    """A score with its class, its coverage and its reasons.

    Args:
        value: The published whole number, 0..100; None below the coverage floor.
        r: The rating on the E-model's scale, 0..93.2; None below the coverage floor.
        class_: The class of `value`.
        coverage: Share of the channel's dimensions that evidence could speak on.
        lost: Points of R per dimension, every dimension that lost any.
        reasons: All causes, the worst first; per dimension their points sum to `lost`.
        blame: Who took most, if anybody took enough to be blamed.
        algorithm: Name of the method.
    """

    value: int | None
    r: float | None
    class_: str
    coverage: float
    lost: Mapping[str, float]
    reasons: tuple[Reason, ...]
    blame: Blame | None
    algorithm: str


def score(ledger: Ledger, rules: Rules = DEFAULT, *, excused: int = 0) -> Score:
    """Score a ledger.

    R is 93.2 times the product, over dimensions, of what each leaves: 1 - points/93.2. The score is
    R up to 90; from 90 to 93.2 it is stretched to 90..100, and published as the nearest whole
    number, from which the class is read.

    Args:
        ledger: What was lost.
        rules: The rules that the ledger was priced by.
        excused: Repeat contacts that a change of channel in an earlier contact explains.

    Raises:
        LedgersDifferError: When the ledger was priced by other rules.

    Example:
        >>> from cxotel.experience.ledger import Entry, Key, Ledger
        >>> leg = {Key("media", "connectivity", "", "", "leg"): Entry(maximum=21_200)}
        >>> result = score(Ledger(DEFAULT.fingerprint, leg, frozenset({"media", "reach"})))
        >>> result.value, result.class_
        (72, 'some_dissatisfied')
    """
    return Scorer(rules).score(ledger, excused=excused)


class Scorer:
    """Score ledger after ledger by the same rules; a dimension that stayed is not priced again.

    Args:
        rules: The rules that the ledgers were priced by.
    """

    __slots__ = ("_judged", "_rules")

    def __init__(self, rules: Rules = DEFAULT) -> None:
        self._rules = rules
        self._judged: dict[str, _Judged] = {}

    def score(self, ledger: Ledger, *, excused: int = 0) -> Score:
        """Score a ledger: see `cxotel.experience.score.score`."""
        rules = self._rules
        if ledger.rules != rules.fingerprint:
            raise LedgersDifferError(
                f"the ledger was priced by rules {ledger.rules}, not by {rules.fingerprint}"
            )
        rows = _rows(ledger, excused)
        judged = {name: self._judge(name, rows[name]) for name in DIMENSIONS if name in rows}
        return _score(judged, coverage(ledger), rules)

    def _judge(self, dimension: str, rows: Rows) -> _Judged:
        known = self._judged.get(dimension)
        if known is not None and known.rows == rows:
            return known
        price: Priced = getattr(self._rules, dimension).price(rows)
        judged = _Judged(rows, price.points, _causes(dimension, price, dict(rows)))
        self._judged[dimension] = judged
        return judged


class _Judged(NamedTuple):
    """The price of a dimension, and its causes in the order in which they are sorted."""

    rows: Rows
    points: int
    causes: list[tuple[int, Key, Reason]]


def _score(judged: dict[str, _Judged], known: float, rules: Rules) -> Score:
    lost = {name: each.points / MILLI for name, each in judged.items() if each.points}
    found = sorted(cause for each in judged.values() for cause in each.causes)
    causes = tuple(cause for _, _, cause in found)
    value, r = _value([each.points for each in judged.values()])
    if known < (rules.coverage.lost if lost else rules.coverage.nothing_lost):
        value = r = None
    return Score(
        value, r, class_of(value), known, lost, causes, _blame(causes, rules), rules.algorithm
    )


def class_of(value: int | None) -> str:
    """Return the class of a published score.

    Example:
        >>> class_of(58), class_of(None)
        ('nearly_all_dissatisfied', 'unclassified')
    """
    if value is None:
        return UNCLASSIFIED
    return next(name for least, name in CLASSES if value >= least)


def applicable(channels: frozenset[str]) -> frozenset[str]:
    """Return the dimensions that apply to *channels*: all, unless nobody can hear anybody."""
    silent = bool(channels) and channels <= WITHOUT_MEDIA
    return frozenset(DIMENSIONS) - ({"media"} if silent else set())


def coverage(ledger: Ledger) -> float:
    """Return the share of the applicable dimensions on which something could be seen."""
    apply = applicable(ledger.channels)
    return len(ledger.shows & apply) / len(apply)


def not_resolved(ledger: Ledger) -> bool:
    """Tell whether the customer is known not to have got what they came for."""
    verdict = ledger.verdict
    if verdict is not None:
        return verdict.outcome in LOST
    return _never_connected(ledger)


def _rows(ledger: Ledger, excused: int) -> dict[str, Rows]:
    """Return the ledger's rows per dimension, in canonical order, the outcome among them."""
    rows: dict[str, Rows] = {}
    for key in sorted(ledger.entries):
        entry = ledger.entries[key]
        if excused and key.reason == reasons.REPEAT_CONTACT:
            fewer = min(excused, entry.number)
            entry, excused = entry._replace(number=entry.number - fewer), excused - fewer
        rows.setdefault(key.dimension, []).append((key, entry))
    rows.setdefault("resolution", []).extend(_outcome(ledger))
    return rows


def _outcome(ledger: Ledger) -> Rows:
    verdict = ledger.verdict
    if verdict is None:
        name = reasons.NEVER_CONNECTED
        return [(Key("resolution", reason=name), Entry(1))] if _never_connected(ledger) else []
    if not verdict.charged:
        return []
    key = Key("resolution", verdict.layer, verdict.system, verdict.step, verdict.outcome)
    return [(key, Entry(1))]


def _never_connected(ledger: Ledger) -> bool:
    failed = connected = False
    for key in ledger.entries:
        failed = failed or key.reason == reasons.FAILED_ATTEMPT
        connected = connected or key.reason == reasons.CONNECTED
    return failed and not connected


def _value(points: list[int]) -> tuple[int | None, float | None]:
    """Return the published number and R; whole numbers all the way, so that halves round up."""
    base = milli(BASE)
    kept, scale = base, MILLI
    for lost in points:
        kept, scale = kept * (base - lost), scale * base
    over = kept - STRETCHED_FROM * scale
    if over <= 0:
        return (2 * kept + scale) // (2 * scale), kept / scale
    room = base - STRETCHED_FROM * MILLI
    upper, lower = over * 10 * MILLI, scale * room
    return STRETCHED_FROM + (2 * upper + lower) // (2 * lower), kept / scale


def _causes(
    dimension: str, price: Priced, entries: dict[Key, Entry]
) -> list[tuple[int, Key, Reason]]:
    points: dict[Key, int] = {}
    for key, part in price.parts:
        points[key] = points.get(key, 0) + part
    return [
        (-part, key, Reason(dimension, key.where, key.reason, part / MILLI, text))
        for key, part in points.items()
        if part
        for text in (phrase(key.reason, entries[key]),)
    ]


def _blame(causes: tuple[Reason, ...], rules: Rules) -> Blame | None:
    """Blame the system that took most, if it took enough; nobody for what nobody is charged."""
    systems: dict[tuple[str | None, str | None], dict[str | None, float]] = {}
    for cause in causes:
        who = (cause.where.layer, cause.where.system)
        if who != (None, None):
            steps = systems.setdefault(who, {})
            steps[cause.where.step] = steps.get(cause.where.step, 0.0) + cause.points
    if not systems:
        return None
    who, steps = max(systems.items(), key=lambda each: sum(each[1].values()))
    points = sum(steps.values())
    if points < rules.blame_from:
        return None
    whole = sum(cause.points for cause in causes)
    return Blame(*who, max(steps, key=lambda step: steps[step]), points / whole)
