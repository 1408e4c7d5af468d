"""The kinds of values that two runs of a call gave."""

from __future__ import annotations


def kind_of(value: object) -> str | None:
    """Return the full name of *value*'s class, or `None` for `None`.

    Some client libraries make the classes of their exceptions anew for each client: two runs never
    have the same class, only the same name.
    """
    if value is None:
        return None
    kind = value.__class__
    return f"{kind.__module__}.{kind.__qualname__}"


def kinds_of(error: BaseException | None) -> list[str | None]:
    """Return the kinds of *error*, its cause and its context."""
    chain = [error, error.__cause__, error.__context__] if error else [None]
    return [kind_of(one) for one in chain]
