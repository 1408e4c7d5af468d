"""Observe one call of a vendor's client: the words that a vendor's table is written in."""

from cxotel.engine.call import Call, Exchange
from cxotel.engine.readers import (
    argument,
    body,
    const,
    count,
    elapsed,
    first,
    header,
    item,
    json_text,
    listed,
    mapped,
    number,
    walk,
)
from cxotel.engine.vocabulary import Arguments, Fact, Operation, Problem, Reader, Target, Vendor

__all__ = [
    "Arguments",
    "Call",
    "Exchange",
    "Fact",
    "Operation",
    "Problem",
    "Reader",
    "Target",
    "Vendor",
    "argument",
    "body",
    "const",
    "count",
    "elapsed",
    "first",
    "header",
    "item",
    "json_text",
    "listed",
    "mapped",
    "number",
    "walk",
]
