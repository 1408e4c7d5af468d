"""The rules of the experience score as one typed, validated configuration object."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields, is_dataclass, replace
from hashlib import sha256
from typing import Any, Final, cast

from cxotel.experience.dimensions.effort import Effort
from cxotel.experience.dimensions.media import Media
from cxotel.experience.dimensions.reach import Reach
from cxotel.experience.dimensions.reliability import Reliability
from cxotel.experience.dimensions.resolution import Resolution
from cxotel.experience.dimensions.responsiveness import Responsiveness
from cxotel.experience.dimensions.settings import HIGHEST, portion

ALGORITHM: Final = "cxotel/1"


@dataclass(frozen=True, slots=True)
class Coverage:
    """Say how much must be known before a score is published.

    Curve: the share of the channel's dimensions on which something observed was able to show an
        impairment, at least 0.3 where points were lost, and 0.5 where none were: one fast call does
        not make anybody very satisfied.
    Source: Teams CQD leaves streams without metrics unclassified; the floors are ours.
    Grade: V for the idea.

    Args:
        lost: Share that is needed where points were lost.
        nothing_lost: Share that is needed where none were.
    """

    lost: float = portion(0.3)
    nothing_lost: float = portion(0.5)


@dataclass(frozen=True, slots=True)
class Rules:
    """Hold every cap, weight, threshold and floor of the score.

    Times are in seconds, prices in points of R.

    Args:
        reach: Could the customer get through?
        responsiveness: Did it answer in time?
        reliability: Did its parts work?
        media: Could they hear each other?
        effort: How often did they have to start over?
        resolution: Did they get what they came for?
        coverage: How much must be known before a score is published.
        blame_from: Points from which a system is blamed: fewer leave the customer, taken alone,
            in the best class (93.2 - 90).

    Example:
        >>> rules = Rules.from_mapping({"reach": {"queue": {"points": 8}}})
        >>> rules.reach.queue.price(90_000)
        8000
        >>> rules.algorithm == DEFAULT.algorithm + "+" + rules.fingerprint
        True
    """

    reach: Reach = field(default_factory=Reach)
    responsiveness: Responsiveness = field(default_factory=Responsiveness)
    reliability: Reliability = field(default_factory=Reliability)
    media: Media = field(default_factory=Media)
    effort: Effort = field(default_factory=Effort)
    resolution: Resolution = field(default_factory=Resolution)
    coverage: Coverage = field(default_factory=Coverage)
    blame_from: float = 3.2
    fingerprint: str = field(init=False, compare=False, repr=False)
    """Eight hexadecimal digits that tell these rules from others."""

    def __post_init__(self) -> None:
        _check(self, "")
        text = json.dumps(_values(self), sort_keys=True, separators=(",", ":"))
        digest = sha256(text.encode("ascii")).hexdigest()[:8]
        object.__setattr__(self, "fingerprint", digest)

    @property
    def algorithm(self) -> str:
        """Return ``cxotel/1``, with the fingerprint behind a plus unless these are the defaults."""
        if self.fingerprint == DEFAULT.fingerprint:
            return ALGORITHM
        return f"{ALGORITHM}+{self.fingerprint}"

    @classmethod
    def from_mapping(cls, values: Mapping[str, object]) -> Rules:
        """Return the default rules, changed by *values*, as a TOML table holds them.

        Args:
            values: Tables of numbers, named like the fields of these rules.

        Raises:
            ValueError: When a key is not known or a value not possible; it names the key and says
                what was expected.

        Example:
            >>> Rules.from_mapping({"reach": {"queue": {"free": "long"}}})
            Traceback (most recent call last):
            ValueError: reach.queue.free: expected a number from 0 to 1e+06, got 'long'
        """
        return _changed(cls(), values, "")


def _changed(rules: Any, values: object, path: str) -> Any:
    """Return the dataclass *rules* with *values* in the place of its own."""
    if not isinstance(values, Mapping):
        # One kind of error for all that a settings file can get wrong.
        raise ValueError(f"{path or 'rules'}: expected a table, got {values!r}")  # noqa: TRY004
    known = {each.name: getattr(rules, each.name) for each in _settings(rules)}
    changes: dict[str, object] = {}
    for key, value in cast("Mapping[str, object]", values).items():
        name = f"{path}.{key}" if path else str(key)
        if key not in known:
            raise ValueError(f"{name}: unknown, expected one of {', '.join(known)}")
        present = known[key]
        changes[key] = _changed(present, value, name) if is_dataclass(present) else value
    return replace(rules, **changes)


def _settings(rules: Any) -> list[Field[Any]]:
    return [each for each in fields(rules) if each.init]


def _check(rules: Any, path: str) -> None:
    """Raise a ValueError that names the first value that is not possible."""
    for each in _settings(rules):
        value, name = getattr(rules, each.name), f"{path}{each.name}"
        if is_dataclass(value):
            _check(value, f"{name}.")
        elif not _possible(value, each):
            raise ValueError(f"{name}: expected {_expected(each)}, got {value!r}")


def _possible(value: object, each: Field[Any]) -> bool:
    kinds = (int,) if isinstance(each.default, int) else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds):
        return False
    above, most = each.metadata.get("above"), each.metadata.get("most", HIGHEST)
    return (value >= 0 if above is None else value > above) and value <= most


def _expected(each: Field[Any]) -> str:
    kind = "a whole number" if isinstance(each.default, int) else "a number"
    least = "from 0" if "above" not in each.metadata else f"above {each.metadata['above']:g}"
    return f"{kind} {least} to {each.metadata.get('most', HIGHEST):g}"


def _values(rules: Any) -> dict[str, object]:
    """Return all values as nested tables of floats, so that 8 and 8.0 are the same."""
    return {
        each.name: _values(value) if is_dataclass(value) else float(value)
        for each in _settings(rules)
        for value in (getattr(rules, each.name),)
    }


DEFAULT: Final = Rules()
"""The rules of ``cxotel/1``."""
