"""Write YAML that people read: a small part of it, so that no library is needed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, Union

if TYPE_CHECKING:
    from collections.abc import Iterator

Scalar = str | int | float | bool
Node = Union[Scalar, "Mapping[str, Node]", "Sequence[Node]"]
"""What can be written."""

_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*")
"""Texts that mean themselves, without quotes."""
_WORDS: Final = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
"""Texts that would be taken for something else."""
_BLOCK: Final = re.compile(r"[!-~][ -~]*(?:\n {0,8}[!-~][ -~]*)*\n?")
"""Lines that can stand as they are: printable, none empty, the first not indented."""


def write(*documents: Node, comment: str = "") -> str:
    r"""Return documents as YAML.

    Args:
        documents: The documents.
        comment: What stands above them, without `#`.

    Example:
        >>> print(write({"for": "5m", "labels": {"severity": "page"}, "of": [1, "yes"]}), end="")
        for: 5m
        labels:
          severity: page
        of:
          - 1
          - "yes"
    """
    above = "".join(f"# {line}".rstrip() + "\n" for line in comment.splitlines())
    return above + "---\n".join("\n".join(_lines(each)) + "\n" for each in documents)


def _lines(node: Node) -> Iterator[str]:
    if isinstance(node, Mapping) and node:
        for key, value in node.items():
            yield from _under(f"{_scalar(key)}:", value)
    elif isinstance(node, Sequence) and not isinstance(node, str) and node:
        for item in node:
            yield from _item(item)
    else:
        yield _scalar(node)


def _under(head: str, value: Node) -> Iterator[str]:
    """Write what belongs to a key: beside it, or below it."""
    if isinstance(value, str) and "\n" in value and _BLOCK.fullmatch(value):
        yield f"{head} |" if value.endswith("\n") else f"{head} |-"
        yield from (f"  {line}" for line in value.splitlines())
    elif isinstance(value, (Mapping, Sequence)) and not isinstance(value, str) and value:
        yield head
        yield from (f"  {line}" for line in _lines(value))
    else:
        yield f"{head} {_scalar(value)}"


def _item(item: Node) -> Iterator[str]:
    if isinstance(item, str):
        yield f"- {_scalar(item)}"
        return
    for number, line in enumerate(_lines(item)):
        yield f"{'  ' if number else '- '}{line}"


def _scalar(node: Node) -> str:
    if isinstance(node, str):
        is_plain = _PLAIN.fullmatch(node) and node.lower() not in _WORDS
        return node if is_plain or _is_length(node) else _quoted(node)
    text = json.dumps(node)
    # YAML takes 1e-07 for a text: its numbers have a point before the exponent.
    return text.replace("e", ".0e") if isinstance(node, float) and "." not in text else text


def _quoted(text: str) -> str:
    """Write a text as JSON does, but for signs that YAML has no such escapes for."""
    return "".join(
        sign if sign.isprintable() else f"\\U{ord(sign):08x}"
        for sign in json.dumps(text, ensure_ascii=False)
    )


def _is_length(text: str) -> bool:
    """Tell whether it is a length of time, such as `5m`: a number with letters after it."""
    return re.fullmatch(r"[0-9]+[a-z]", text) is not None
