"""Decide what may leave the process: attributes by class, customers as pseudonyms, plain ids."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from cxotel import semconv

if TYPE_CHECKING:
    from collections.abc import Mapping

_V = TypeVar("_V")

PSEUDONYM_LENGTH = 32
"""Hexadecimal digits of a pseudonym: 128 bits, the least that RFC 2104, section 5, advises."""
_SHORTEST_KEY = 16
_LONGEST_ID = 256
_LONGEST_CODE = 64


@dataclass(frozen=True, slots=True)
class Policy:
    """What may leave the process.

    Args:
        classes: Privacy classes of the registry whose attributes leave: by default `public` and
            `pseudonymous`; add `personal` or `content` only where your backend may hold them.
        key: Secret that pseudonyms are made with; without one there are none. At least 16 bytes,
            better 32 (RFC 2104, section 3). Who has it can find out whom a pseudonym stands for.

    Raises:
        ValueError: If a class is unknown, or the key is shorter than 16 bytes.

    Example:
        >>> Policy(key=b"an example is no good secret").classes == {"public", "pseudonymous"}
        True
    """

    classes: frozenset[str] = frozenset({"public", "pseudonymous"})
    key: bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse what would protect nobody."""
        unknown = self.classes - {"public", "pseudonymous", "personal", "content"}
        if unknown:
            raise ValueError(f"unknown privacy class: {', '.join(sorted(unknown))}")
        if self.key is not None and len(self.key) < _SHORTEST_KEY:
            raise ValueError(f"the key for pseudonyms needs at least {_SHORTEST_KEY} bytes")


class _Guard:
    """The policy in force, with the set of keys that it keeps inside."""

    __slots__ = ("inside", "policy")

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.inside = frozenset(
            key for key, kind in semconv.PRIVACY.items() if str(kind) not in policy.classes
        )


_guard = _Guard(Policy())


def policy() -> Policy:
    """Return the policy in force."""
    return _guard.policy


def set_policy(new: Policy) -> None:
    """Put *new* in force, for everything that is recorded from now on."""
    global _guard  # noqa: PLW0603 - one policy a process, replaced as a whole
    _guard = _Guard(new)


def permitted(key: str) -> bool:
    """Tell whether an attribute may leave. Keys outside the registry are their user's own affair.

    Example:
        >>> permitted("cx.queue.name"), permitted("cx.contact.address")
        (True, False)
    """
    return key not in _guard.inside


def filtered(attributes: Mapping[str, _V]) -> dict[str, _V]:
    """Return those of *attributes* that may leave.

    Example:
        >>> filtered({"cx.queue.name": "billing", "cx.bot.utterance": "my card is ..."})
        {'cx.queue.name': 'billing'}
    """
    inside = _guard.inside
    return {key: value for key, value in attributes.items() if key not in inside}


_NUMBER_OF_ADDRESS = re.compile(r"(?:[a-z]+:)?(\+?)[\d ().\-/]+")


def _canonical(value: str) -> str:
    """Write one phone number, or one e-mail address, always in the same way."""
    text = value.strip()
    number = _NUMBER_OF_ADDRESS.fullmatch(text)
    if number:
        return number[1] + re.sub(r"\D", "", text)
    return text.lower() if "@" in text else text


def pseudonym(value: object) -> str | None:
    """Return what stands for a person, a number or an address: always the same for the same.

    It is the HMAC-SHA256 (RFC 2104, RFC 4231) of the value under the policy's key, its first 128
    bits in hexadecimal. Phone numbers are compared by digits, e-mail addresses without case.

    Args:
        value: What identifies a customer in your own systems.

    Returns:
        32 hexadecimal digits; `None` without a key or a value.

    Example:
        >>> set_policy(Policy(key=b"an example is no good secret"))
        >>> pseudonym("+1 (555) 867-5309") == pseudonym("+15558675309")
        True
        >>> set_policy(Policy())
        >>> pseudonym("+15558675309")
    """
    key = _guard.policy.key
    if key is None or value is None or value == "":
        return None
    import hmac

    text = _canonical(str(value)).encode("utf-8", "surrogatepass")
    return hmac.digest(key, text, "sha256").hex()[:PSEUDONYM_LENGTH]


_WRITTEN_LIKE_AN_ID = re.compile(r"[A-Za-z0-9._:/~=|#\-]+")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_ACCOUNT = re.compile(r"(?:arn:[\w-]+:[\w-]+:[\w-]*:\d+:|projects/[^/]+/)")
"""How Amazon's and Google's names begin: with the number of your own account."""
_LIKE_A_NUMBER = re.compile(
    r"(?:^|[:=|#])\d{7,19}(?![0-9A-Za-z])"  # the whole value, or after a scheme: tel:5558675309
    r"|(?<![0-9A-Za-z])\d{10,19}(?![0-9A-Za-z])"  # anywhere, once it has the length of one
    r"|(?<!\d)\d{3}[.\-]\d{3}[.\-]\d{4}(?!\d)"  # as it is written in North America
    r"|(?<![0-9A-Za-z])\d{2,5}(?:[.\-]\d{2,5}){2,}(?![0-9A-Za-z])"  # and elsewhere: 030-12-34-56
)


def looks_personal(text: str) -> bool:
    """Tell whether *text* could be a phone or card number, an address, or words.

    A plus sign, an at sign, a space or a letter outside ASCII is enough; so are 7 to 19 digits
    alone (E.164 numbers have up to 15, payment cards up to 19). UUIDs and the vendors' ids of
    letters and digits are none of this. It is a safety net for ids, not a scrubber of text.

    Example:
        >>> looks_personal("CA0123456789abcdef0123456789abcdef")
        False
        >>> looks_personal("whatsapp:+15558675309")
        True
    """
    if len(text) > _LONGEST_ID:
        return True
    if text.isalnum() and text.isascii():  # most ids are, and this is ten times as fast
        return text.isdecimal() and 7 <= len(text) <= 19
    if not _WRITTEN_LIKE_AN_ID.fullmatch(text):
        return True
    if not _LIKE_A_NUMBER.search(text):
        return False
    rest = _UUID.sub("x", _ACCOUNT.sub("", text, count=1))
    return _LIKE_A_NUMBER.search(rest) is not None


def identifier(value: object, *, numeric: bool = False) -> str | None:
    """Return an id that may leave: itself, or a pseudonym where it looks like a person's number.

    Args:
        value: The id as your code or a vendor has it: a string, a whole number or a UUID.
        numeric: Whether the vendor defines this field as a number of its own, as Zendesk does for
            tickets: then digits alone pass.

    Returns:
        The id; a pseudonym where it looks personal and a key is configured; otherwise `None`.

    Example:
        >>> identifier("CA0123456789abcdef0123456789abcdef")
        'CA0123456789abcdef0123456789abcdef'
        >>> identifier("+15558675309"), identifier("jane@example.com"), identifier("Jane Doe")
        (None, None, None)
        >>> identifier(360012345678, numeric=True)
        '360012345678'
    """
    if not isinstance(value, (str, int, UUID)) or isinstance(value, bool) or value == "":
        return None
    text = str(value)
    if numeric and text.isdecimal() and text.isascii():
        return text
    return pseudonym(text) if looks_personal(text) else text


_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/\-]*")


def code(value: object) -> str | None:
    """Return *value* where it is a short code such as `no_match`: 64 characters at most, no space.

    Example:
        >>> code("no_match"), code("Mrs Doe was angry")
        ('no_match', None)
    """
    short = isinstance(value, str) and len(value) <= _LONGEST_CODE and _CODE.fullmatch(value)
    return str(value) if short and not looks_personal(str(value)) else None


_SEVEN_DIGITS = re.compile(r"(?:\D*\d){7}")


def label(value: object) -> str | None:
    """Return *value* where it can be the name of a queue: 64 characters, no number, no address.

    Example:
        >>> label("Billing, English"), label("+15558675309"), label("jane@example.com")
        ('Billing, English', None, None)
    """
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_CODE or "@" in value:
        return None
    return value if not _SEVEN_DIGITS.match(value) or _UUID.fullmatch(value) else None
