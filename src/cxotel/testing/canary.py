"""What must never leave: a phone number, an e-mail address, a name and a sentence of a customer."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Canary:
    """Values that occur nowhere else, to be sent, received, and then searched for.

    Each is found again by a part of it that survives URL encoding, JSON, capitals and formatting.

    Example:
        >>> CANARY.phone, CANARY.name
        ('+15558675309', 'Zebulon Quackenbush')
    """

    phone: str = "+15558675309"
    email: str = "quill.pomfret@wombat.example"
    name: str = "Zebulon Quackenbush"
    text: str = "my purple walrus ate the invoice"


CANARY = Canary()
"""The values that the contract suite uses."""

_MARKS = {
    "phone": ("5558675309", "867-5309", "867 5309"),
    "email": ("pomfret",),
    "name": ("quackenbush",),
    "text": ("walrus",),
}


def found_in(content: bytes | str) -> set[str]:
    """Return which of the values *content* betrays, by their names in `Canary`.

    Example:
        >>> sorted(found_in(b"To=%2B15558675309&Name=Zebulon+Quackenbush"))
        ['name', 'phone']
    """
    text = content if isinstance(content, str) else content.decode("utf-8", "replace")
    text = text.lower()
    return {name for name, marks in _MARKS.items() if any(mark in text for mark in marks)}


def all_names() -> set[str]:
    """Return the names of all values."""
    return {field.name for field in fields(Canary)}
