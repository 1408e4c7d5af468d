"""Is this who they say?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxotel.demo.identity.client import IdentityTimeoutError

if TYPE_CHECKING:
    from cxotel.demo.identity.client import IdentityClient

_ATTEMPTS = 3


def authenticate(identity: IdentityClient, who: str, code: str) -> bool:
    """Tell whether *code* proves who somebody is; ask again where no answer comes in time.

    Raises:
        IdentityError: No answer came at all.
    """
    for _ in range(_ATTEMPTS - 1):
        try:
            return identity.verify(who, code)
        except IdentityTimeoutError:
            continue
    return identity.verify(who, code)
