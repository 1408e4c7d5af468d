"""Reports of quality that vendors make themselves.

Each module reads those of one vendor into records, from JSON text, from what was read from it, or
from the objects of the vendor's client library. A vendor's MOS stays the vendor's: its judgement
is `reported` and its model `vendor`, for nobody agrees on what goes into it.

What a vendor does not tell is None. What it tells that makes no sense is None as well, and a
problem of the record. What is no report at all raises `cxotel.media.errors.MalformedError`.
"""
