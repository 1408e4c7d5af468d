"""What the application says about a journey, worked out for one run of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from cxotel import semconv
from cxotel.engine.shield import shielded, warn_once
from cxotel.journey.checks import left_out, word
from cxotel.journey.ids import given_id
from cxotel.journey.words import CHANNELS, RELATIONS, complaint
from cxotel.privacy import filtered, identifier, policy, pseudonym

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias, TypeVar
    from uuid import UUID

    from opentelemetry.util.types import AttributeValue

    R = TypeVar("R")
    Id: TypeAlias = str | int | UUID | None
    Attributes: TypeAlias = Mapping[str, AttributeValue] | None
    # Not `Callable[..., R]`: type checkers would then know nothing of a lambda's parameters.
    From: TypeAlias = (
        Callable[[Any], R]
        | Callable[[Any, Any], R]
        | Callable[[Any, Any, Any], R]
        | Callable[[Any, Any, Any, Any], R]
    )


NAME_IS_WRONG = "name must be a string that is not empty"


def usable(name: object) -> bool:
    """Tell whether *name* can be the name of a span."""
    return isinstance(name, str) and bool(name)


@dataclass(frozen=True, slots=True)
class Details:
    """The details of one run: everything in it may leave the process."""

    name: str
    journey_id: str | None = None
    channel: str | None = None
    contact_id: str | None = None
    aliases: tuple[str, ...] = ()
    customer: str | None = None
    relation: str | None = None
    attributes: Mapping[str, AttributeValue] | None = None

    @property
    def contacts(self) -> tuple[str, ...]:
        """The contact's id and its aliases."""
        return (self.contact_id, *self.aliases) if self.contact_id else self.aliases

    def as_attributes(self) -> dict[str, AttributeValue]:
        """Return what a span says of the contact; the application's own attributes come last."""
        told = {
            semconv.CX_CHANNEL: self.channel,
            semconv.CX_CONTACT_ID: self.contact_id,
            semconv.CX_CONTACT_ALIASES: self.aliases or None,
            semconv.CX_CONTACT_RELATION: self.relation,
            semconv.ENDUSER_PSEUDO_ID: self.customer,
        }
        known_ones = {key: value for key, value in told.items() if value is not None}
        return filtered({**known_ones, **(self.attributes or {})})


@dataclass(frozen=True, slots=True)
class Description:
    """The details as the application gives them: values, or functions of a call's arguments."""

    name: str
    journey_id: Any = None
    channel: Any = None
    contact_id: Any = None
    aliases: Any = None
    customer: Any = None
    relation: Any = None
    attributes: Any = None

    def complaints(self) -> list[str]:
        """Say what cannot be right, as far as that is known before any call."""
        found = (
            None if usable(self.name) else NAME_IS_WRONG,
            None if callable(self.channel) else complaint("channel", self.channel, CHANNELS),
            None if callable(self.relation) else complaint("relation", self.relation, RELATIONS),
        )
        return [each for each in found if each]

    def of(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Details:
        """Work the details out for a call with these arguments. Never raises."""
        name = self.name if usable(self.name) else "journey"

        def told(what: str) -> Any:
            value = getattr(self, what)
            if not callable(value):
                return value
            with shielded(f"working out {what} of journey {name}"):
                return value(*args, **kwargs)
            return None

        return Details(
            name,
            journey_id=given_id(name, told("journey_id")),
            channel=word("journey", "channel", told("channel"), CHANNELS),
            contact_id=_identifier(name, "contact_id", told("contact_id")),
            aliases=_identifiers(name, told("aliases")),
            customer=_customer(name, told("customer")),
            relation=word("journey", "relation", told("relation"), RELATIONS),
            attributes=_attributes(told("attributes")),
        )


def _identifier(name: str, what: str, value: object) -> str | None:
    if value is None or value == "":
        return None
    found = identifier(value)
    if found is None:
        warn_once(
            f"journey {name}: {what}",
            f"cxotel.journey({name!r}): {what} looks like a phone number, an address or text and "
            "is left out; configure a key for pseudonyms, or give an opaque id",
        )
    return found


def _identifiers(name: str, value: object) -> tuple[str, ...]:
    is_one = isinstance(value, (str, bytes)) or not isinstance(value, Iterable)
    several = cast("Iterable[object]", [value] if is_one else value)
    found = (_identifier(name, "aliases", each) for each in several)
    return tuple(each for each in found if each)


def _customer(name: str, value: object) -> str | None:
    if value is not None and policy().key is None:
        warn_once(
            "customer without a key",
            f"cxotel.journey({name!r}): customer is left out, as there is no key for pseudonyms",
        )
    return pseudonym(value)


def _attributes(value: object) -> Mapping[str, AttributeValue] | None:
    if value is None or isinstance(value, Mapping):
        return cast("Mapping[str, AttributeValue] | None", value)
    left_out("journey", "attributes must be a mapping")
    return None
