"""Which route a path is: a tree of segments, in which a fixed word stands above a name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from cxotel.routes.errors import UnfitError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
"""RFC 9110 section 9.3 and RFC 5789."""
_NAMED = re.compile(r"([^{}]*)\{(\w+)(\+?)\}([^{}]*)")
_LIKE_AN_ID = re.compile(r"\d{5,}|[0-9a-f]{8}-[0-9a-f]{4}-|@|%40", re.IGNORECASE)
_LONGEST = 200
_MOST_SEGMENTS = 32


class Part(NamedTuple):
    """One segment of a template: a fixed text, or a name between fixed texts.

    Args:
        before: What a segment begins with; all of it, where there is no name.
        name: The name of what follows, or `None`.
        after: What it ends with.
        is_rest: Whether it stands for all segments that follow.
    """

    before: str
    name: str | None = None
    after: str = ""
    is_rest: bool = False


class Template(NamedTuple):
    """What a route looks like: `GET /conversations/{conversation_id}`."""

    method: str
    path: str
    parts: tuple[Part, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names in its path."""
        return tuple(part.name for part in self.parts if part.name)


def template(text: object) -> Template:
    """Read a route's template.

    Raises:
        UnfitError: It is none.

    Example:
        >>> template("GET /tickets/{id}.json").names
        ('id',)
    """
    method, _, path = text.partition(" ") if isinstance(text, str) else ("", "", "")
    path = path.strip()
    if method not in METHODS or not path.startswith("/") or len(path) > _LONGEST:
        raise UnfitError(
            f"a route is a method and a path, such as 'GET /tickets/{{ticket_id}}'; methods are "
            f"{', '.join(METHODS)}"
        )
    parts = tuple(_part(segment) for segment in _segments(path))
    made = Template(method, path, parts)
    _check(made)
    return made


def _part(segment: str) -> Part:
    found = _NAMED.fullmatch(segment)
    if found:
        before, name, rest, after = found.groups()
        return Part(before, name, after, bool(rest))
    if {*"{}?#<>* "} & {*segment}:
        raise UnfitError(
            f"{segment!r} in its path is neither a fixed text nor one {{name}} with text around it"
        )
    if _LIKE_AN_ID.search(segment):
        raise UnfitError(f"{segment!r} in its path looks like an id; write a name: {{id}}")
    return Part(segment)


def _check(made: Template) -> None:
    names = made.names
    if len(set(names)) < len(names):
        raise UnfitError("two names in its path are the same")
    if len(made.parts) > _MOST_SEGMENTS:
        raise UnfitError(f"its path has more than {_MOST_SEGMENTS} parts")
    if any(part.is_rest for part in made.parts[:-1]) or any(
        part.is_rest and (part.before or part.after) for part in made.parts
    ):
        raise UnfitError("{name+} stands for all that follows: it can only be the last part, alone")


class Match(NamedTuple):
    """The route that a path is, and what its names stand for."""

    key: str
    values: dict[str, str]


class _Branch:
    """What may follow at one point of a path."""

    __slots__ = ("fixed", "key", "named", "names", "rest")

    def __init__(self) -> None:
        self.fixed: dict[str, _Branch] = {}
        self.named: list[tuple[Part, _Branch]] = []
        self.rest: tuple[Part, _Branch] | None = None
        self.key: str | None = None
        self.names: tuple[str, ...] = ()

    def follow(self, part: Part) -> _Branch:
        """Return the branch for *part*, made if it is not there."""
        if part.is_rest:
            self.rest = self.rest or (part, _Branch())
            return self.rest[1]
        if part.name is None:
            return self.fixed.setdefault(part.before, _Branch())
        for other, branch in self.named:
            if (other.before, other.after) == (part.before, part.after):
                return branch
        self.named.append((part, _Branch()))
        # The longer the text around a name, the more it says.
        self.named.sort(key=lambda one: -len(one[0].before + one[0].after))
        return self.follow(part)


class Matcher:
    """Finds the route of a path.

    Args:
        templates: The routes, by their keys.

    Raises:
        UnfitError: Two routes are one and the same.

    Example:
        >>> matcher = Matcher([("a", template("GET /tickets/{id}"))])
        >>> matcher.match("GET", "/tickets/7/")
        Match(key='a', values={'id': '7'})
        >>> matcher.match("GET", "/tickets/7/notes") is None
        True
    """

    def __init__(self, templates: Iterable[tuple[str, Template]]) -> None:
        self._roots: dict[str, _Branch] = {}
        for key, one in templates:
            branch = self._roots.setdefault(one.method, _Branch())
            for part in one.parts:
                branch = branch.follow(part)
            if branch.key is not None:
                raise UnfitError(f"it is the same route as '{branch.key}'")
            branch.key, branch.names = key, one.names

    def match(self, method: str, path: str) -> Match | None:
        """Return the route of a request, or `None`.

        Args:
            method: The method in capitals.
            path: The path as it was sent.
        """
        root = self._roots.get(method)
        segments = _segments(path)
        if root is None or len(segments) > _MOST_SEGMENTS:
            return None
        values: list[str] = []
        found = _find(root, segments, 0, values)
        if found is None or found.key is None:
            return None
        return Match(found.key, dict(zip(found.names, map(unquote, values), strict=True)))


def _segments(path: str) -> list[str]:
    return [segment for segment in path.split("/") if segment]


def _find(branch: _Branch, segments: Sequence[str], at: int, values: list[str]) -> _Branch | None:
    """Follow *segments* from position *at*; *values* collects what names stand for."""
    if at == len(segments):
        return branch if branch.key is not None else None
    segment = segments[at]
    following = branch.fixed.get(segment)
    found = _find(following, segments, at + 1, values) if following else None
    if found:
        return found
    for part, named in branch.named:
        value = _between(segment, part)
        if value is not None:
            values.append(value)
            found = _find(named, segments, at + 1, values)
            if found:
                return found
            values.pop()
    if branch.rest:
        values.append("/".join(segments[at:]))
        return branch.rest[1]
    return None


def _between(segment: str, part: Part) -> str | None:
    """Return what a name stands for in *segment*, or `None` where the texts around differ."""
    fits = segment.startswith(part.before) and segment.endswith(part.after)
    value = segment[len(part.before) : len(segment) - len(part.after)] if fits else ""
    return value or None
