"""What may leave of a value that a vendor's reply holds, decided by its key's privacy class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxotel import privacy, semconv
from cxotel.engine.readers import IssuedId

if TYPE_CHECKING:
    from collections.abc import Callable


def permit(key: str) -> Callable[[Any], object] | None:
    """Return what lets a value of *key* out, or `None` where no value of it ever leaves.

    Ids pass where they cannot be a phone number, an address or words, or where the vendor's table
    says that the vendor issues them; names pass where they can be a label, numbers and booleans
    where the registry says that the key has one.

    Args:
        key: An attribute key; one outside the registry is its author's own affair.
    """
    if not privacy.permitted(key):
        return None
    kind = semconv.TYPES.get(key)
    text = privacy.identifier if semconv.PRIVACY.get(key) == "pseudonymous" else privacy.label
    if kind == "string":
        return lambda value: str(value) if type(value) is IssuedId else text(value)
    if kind == "string[]":
        return lambda values: _each(text, values)
    return _PLAIN.get(kind or "", _unchanged)


def _each(text: Callable[[Any], str | None], values: Any) -> list[str] | None:
    if not isinstance(values, (list, tuple)):
        return None
    let_out = [text(value) for value in values]  # pyright: ignore[reportUnknownVariableType] - any
    return [value for value in let_out if value is not None] or None


def _int(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _double(value: Any) -> float | None:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if number else None


def _boolean(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _unchanged(value: Any) -> object:
    return value


_PLAIN: dict[str, Callable[[Any], object]] = {
    "int": _int,
    "double": _double,
    "boolean": _boolean,
}
