"""The customers: who they are, what they want and how they say it, by a seed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final, Literal

Way = Literal["call", "chat", "callback"]
"""How somebody gets in touch."""

WAYS: Final[dict[Way, int]] = {"call": 6, "chat": 3, "callback": 2}
"""How many in eleven get in touch in which way."""

_FIRST: Final = ("Ada", "Bo", "Carla", "Dmitri", "Esra", "Femi", "Greta", "Hiro", "Ines", "Jonas")
_LAST: Final = (
    "Aalborgsen", "Bellefleur", "Czarnowitz", "Dlaminiova", "Eichelberger", "Fitzwarren",
    "Grzybowska", "Hakkarinen", "Iversholt", "Jorgandottir",
)  # fmt: skip
_THINGS: Final = ("kettle", "toaster", "blender", "lamp", "radio", "drill")
_TROUBLES: Final = ("leaks all over the floor", "smells of burnt rubber", "hums at night")


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who gets in touch.

    Attributes:
        number: Which one, from 0.
        way: How they get in touch.
        name: Their name.
        phone: Their telephone number.
        email: Their e-mail address.
        code: What proves who they are.
        order: The order that it is about.
        words: What they say of it.
        needs_person: Whether their order cannot be settled by the bot alone.
        pace: How long they take to say something, in seconds.
    """

    number: int
    way: Way
    name: str
    phone: str
    email: str
    code: str
    order: str
    words: str
    needs_person: bool
    pace: float

    @property
    def private(self) -> tuple[str, ...]:
        """What of theirs must not be in any telemetry."""
        return (self.phone[1:], self.name, self.name.split()[-1], self.email, self.words)


def population(seed: int, size: int) -> list[Customer]:
    """Return the customers of a seed.

    Args:
        seed: The same seed, the same people.
        size: How many.

    Example:
        >>> population(1, 2) == population(1, 2)
        True
        >>> population(1, 1)[0].phone == population(2, 1)[0].phone
        False
    """
    random = Random(f"population:{seed}")  # noqa: S311 - it is to be the same again
    return [_customer(random, seed, number) for number in range(size)]


def _customer(random: Random, seed: int, number: int) -> Customer:
    first, last = random.choice(_FIRST), random.choice(_LAST)
    thing, trouble = random.choice(_THINGS), random.choice(_TROUBLES)
    way = random.choices(list(WAYS), list(WAYS.values()))[0]
    return Customer(
        number=number,
        way=way,
        name=f"{first} {last}",
        phone=f"+1555{seed % 100:02}{number:05}",
        email=f"{first}.{last}.{number}@mail.example".lower(),
        code=f"{random.randrange(100, 1000)}",
        order=f"{7_000_000 + (seed % 100) * 10_000 + number}",
        words=f"I want my money back for the {thing}, it {trouble}",
        needs_person=way == "callback" or random.random() < 0.5,
        pace=random.uniform(2.0, 6.0),
    )
