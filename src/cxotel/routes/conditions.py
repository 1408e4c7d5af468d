"""When a fact is told, or a reply is a failure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxotel.routes.places import place

if TYPE_CHECKING:
    from cxotel.engine import Call, Reader
    from cxotel.routes.node import Node
    from cxotel.routes.places import Around

_WORDS: Final = ("from", "is", "not")


def condition(node: Node, around: Around) -> Reader:
    """Return a reader that tells whether a condition holds.

    Args:
        node: A place, whose value must be true; or `{from: place, is: value}`, `is` or `not` with
            one value or a list of them.
        around: What the place may refer to.

    Raises:
        RouteError: It is none.
    """
    if not node.is_mapping:
        return node.fit(lambda text: place(text, around))
    fields = node.mapping("condition")
    if set(fields) not in ({"from", "is"}, {"from", "not"}):
        raise node.error(f"a condition has `from` and one of `is` and `not`, not {list(fields)}")
    reader = fields["from"].fit(lambda text: place(text, around))
    wanted = "is" in fields
    values = [one.plain for one in fields["is" if wanted else "not"].each()]

    def holds(call: Call) -> bool:
        value = reader(call)
        # In Python True is 1; in JSON it is not.
        found = any(value == one and type(value) is type(one) for one in values)
        return found is wanted

    return holds
