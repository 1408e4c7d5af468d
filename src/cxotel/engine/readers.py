"""Small functions that read one value from a call: the right-hand sides of a vendor's table."""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from cxotel.engine.documents import walk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxotel.engine.call import Call
    from cxotel.engine.vocabulary import Reader

BODY_LIMIT = 65_536
"""Replies above this many bytes are not parsed, unless set: 64 KiB of JSON take about 0.2 ms."""
_body_limit = BODY_LIMIT


def set_body_limit(limit: int) -> None:
    """Parse replies of up to *limit* bytes from now on."""
    global _body_limit  # noqa: PLW0603 - one limit a process, read on each call
    _body_limit = limit


def const(value: object, *, when: Reader | None = None) -> Reader:
    """Return a reader of a fixed value.

    Args:
        value: The value.
        when: Only where this reader finds something that is true.
    """
    if when is None:
        return lambda _: value
    return lambda call: value if when(call) else None


def argument(name: str, *path: str | int) -> Reader:
    """Return a reader of one of the call's arguments, or of something inside it.

    Args:
        name: The parameter's name in the client's own signature.
        path: Keys, attributes or positions that lead from there to the value.
    """
    return lambda call: walk(call.argument(name), path)


def body(*path: str | int) -> Reader:
    """Return a reader of a value in the reply's document.

    Args:
        path: Keys, attributes or positions that lead to the value.
    """
    return lambda call: walk(call.document, path)


def item(*path: str | int) -> Reader:
    """Return a reader of a value in the item that a `Fact` is told of."""
    return lambda call: walk(call.item, path)


def header(name: str) -> Reader:
    """Return a reader of a header of the call's last HTTP reply."""
    return lambda call: call.headers.get(name)


def mapped(reader: Reader, names: Mapping[Any, object]) -> Reader:
    """Return a reader that translates the vendor's word into ours; an unknown word is absent."""
    return lambda call: names.get(reader(call))


def named(collection: str, reader: Reader) -> Reader:
    """Return a reader of an id in a resource's name, such as `agents` in `projects/P/agents/A`.

    Args:
        collection: What comes before the id; see https://google.aip.dev/122.
        reader: Where the name is.
    """

    def read(call: Call) -> str | None:
        parts = str(reader(call) or "").split("/")
        return parts[parts.index(collection) + 1] if collection in parts[:-1] else None

    return read


def number(reader: Reader, scale: float = 1) -> Reader:
    """Return a reader of a whole number, from a number or a string of one.

    Args:
        reader: Where the number is.
        scale: What to multiply it with, such as 1000 for seconds to milliseconds.
    """

    def read(call: Call) -> int | None:
        value: Any = reader(call)
        return None if value is None or value == "" else round(float(value) * scale)

    return read


def decimal(reader: Reader) -> Reader:
    """Return a reader of a number of at most four decimals: a 32-bit float makes 0.9 0.89999998.

    Args:
        reader: Where the number is.
    """

    def read(call: Call) -> float | None:
        value: Any = reader(call)
        return None if value is None else round(float(value), 4)

    return read


class IssuedId(str):
    """An id as its vendor issues it: it may leave although it could be somebody's number."""

    __slots__ = ()


def issued_id(reader: Reader, form: str) -> Reader:
    """Return a reader of an id that the vendor itself issues, in a form of which it can be told.

    Ids with the digits of a telephone number do not leave otherwise: use this only for a field
    that never holds what a person typed in, such as a record's id.

    Args:
        reader: Where the id is; a value of another form is left to the usual rules.
        form: A regular expression for the whole of it, such as `[0-9a-f]{32}`.
    """
    pattern = re.compile(form)

    def read(call: Call) -> object:
        value: Any = reader(call)
        text = str(value) if isinstance(value, int) else value
        return IssuedId(text) if isinstance(text, str) and pattern.fullmatch(text) else value

    return read


def numeric_id(reader: Reader) -> Reader:
    """Return a reader of an id that the vendor itself issues as a whole number.

    Args:
        reader: Where the id is; see `issued_id`.
    """
    return issued_id(reader, "[0-9]+")


def word(reader: Reader) -> Reader:
    """Return a reader of a text that is one word, such as `customer_request`.

    What a person may have typed or said is absent.

    Args:
        reader: Where the text is.
    """

    def read(call: Call) -> str | None:
        value: Any = reader(call)
        return value if isinstance(value, str) and re.fullmatch(r"[\w.:-]{1,64}", value) else None

    return read


def moment(reader: Reader) -> Reader:
    """Return a reader of a time, as whole milliseconds since the epoch.

    Understands RFC 3339, the dates of e-mail (RFC 5322 section 3.3) and `datetime`; a time without
    a zone is taken as UTC.

    Args:
        reader: Where the time is.
    """

    def read(call: Call) -> int | None:
        value: Any = reader(call)
        if not value:
            return None
        if isinstance(value, str):
            value = _parsed(value)
        if value.tzinfo is None:
            value = value.replace(tzinfo=timezone.utc)
        return round(value.timestamp() * 1000)

    return read


def _parsed(text: str) -> datetime:
    if text[:1].isdigit():
        # Python 3.10 knows no final Z, no offset without its colon, no fraction of other lengths.
        iso = re.sub(r"\.(\d+)", lambda found: f".{found[1][:6]:0<6}", text.replace("Z", "+00:00"))
        return datetime.fromisoformat(re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", iso))
    from email.utils import parsedate_to_datetime  # costs import time

    return parsedate_to_datetime(text)


def first(*readers: Reader) -> Reader:
    """Return a reader of the first of several values that is there."""

    def read(call: Call) -> object:
        for reader in readers:
            value = reader(call)
            if value is not None and value != "":
                return value
        return None

    return read


def ended_at(call: Call) -> int:
    """Read when the call ended: for a fact that is told by having been asked for."""
    return call.ended_ns // 1_000_000


def seconds_until(moment: Reader) -> Reader:
    """Return a reader of how long after the call something is, in whole seconds, at least 0.

    Args:
        moment: When it is, in seconds since the epoch, as many vendors tell when a limit begins
            anew.
    """
    at = number(moment)

    def read(call: Call) -> int | None:
        ends = at(call)
        return None if ends is None else max(0, ends - call.ended_ns // 1_000_000_000)

    return read


def raised(call: Call) -> bool:
    """Tell whether the client raised: of a refusal that is told, there is no reply to read."""
    return call.error is not None


def elapsed(call: Call) -> int:
    """Read how long the call took, in milliseconds."""
    return call.milliseconds


def digest(*readers: Reader) -> Reader:
    """Return a reader of an id for what several of the vendor's own ids and times name together.

    It is no pseudonym: read only what the vendor itself made up.

    Args:
        readers: The parts; without the first there is no id.
    """

    def read(call: Call) -> str | None:
        parts = [reader(call) for reader in readers]
        if parts[0] is None:
            return None
        from hashlib import blake2b  # costs import time

        return blake2b(repr(parts).encode(), digest_size=8).hexdigest()

    return read


def count(reader: Reader) -> Reader:
    """Return a reader of a list's length."""

    def read(call: Call) -> int | None:
        value: Any = reader(call)
        return None if value is None else len(value)

    return read


def json_text(text: str | bytes | None) -> Any:
    """Parse a reply's text; `None` where it is empty, too long or not JSON.

    Args:
        text: The body; one above the limit of `set_body_limit` is not parsed at all.
    """
    if not text or len(text) > _body_limit:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None  # a proxy's HTML page, a truncated reply: nothing that we could read


def having(field: str, document: Reader) -> Reader:
    """Return a reader of those items of a list that have a field.

    Args:
        field: The field's name.
        document: Where the list is.
    """

    def read(call: Call) -> list[Any]:
        items: Any = document(call)
        return [one for one in items or () if walk(one, (field,)) is not None]

    return read
