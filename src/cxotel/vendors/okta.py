"""Okta, seen where its client sends each request, tokens included: what fails is returned there.

The client tries again on its own, and may answer from a cache of its own; a login stands where an
id may stand.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cxotel import semconv
from cxotel.engine import (
    Operation,
    Problem,
    Target,
    Vendor,
    body,
    const,
    count,
    header,
    json_text,
    named,
    number,
    seconds_until,
    told,
    unwaited,
    walk,
)
from cxotel.vendors.families.rest_paths import starred, words

if TYPE_CHECKING:
    from cxotel.engine import Call, Reader
    from cxotel.semconv import CxImpairmentDimension

_FIRST_ERROR = 400
_USER = re.compile(r"00u[A-Za-z0-9]{17}")
"""An id, and no login: https://developer.okta.com/docs/api/openapi/okta-management/."""
PROVES: tuple[CxImpairmentDimension, ...] = ("effort", "responsiveness", "reliability")
"""What a call shows in which the customer proves who they are: also how often they had to."""
ENDED = {
    "SUCCESS": "succeeded",
    "REJECTED": "failed",
    "FAILED": "failed",
    "PASSCODE_REPLAYED": "failed",
    "LOCKED_OUT": "failed",
    "TIMEOUT": "timed_out",
    "TIME_WINDOW_EXCEEDED": "timed_out",
}
"""`factorResult` of a verification, and `status` of a sign-in; others say that it goes on."""
UNPROVED = {"E0000004": "failed", "E0000068": "failed", "E0000069": "failed", "E0000082": "failed"}
"""Codes that say that the customer did not prove who they are.

https://developer.okta.com/docs/reference/error-codes/
"""
REFUSALS = frozenset({*UNPROVED, "E0000014"})
"""Codes by which Okta says no to a customer: also to a password that its policy does not allow."""


def _path(call: Call) -> str:
    url: str = call.argument("request")["url"]
    return urlsplit(url).path.removeprefix("/api/v1").strip("/")


def _identify(call: Call) -> str:
    """Name a call by verb and path, in which what is no word of the table is a star."""
    return starred(call.argument("request")["method"], _path(call), KNOWN)


def _user(reader: Reader) -> Reader:
    """Return a reader of a user's id; a login, which stands in the same place, is absent."""

    def read(call: Call) -> str | None:
        found = str(reader(call))
        return found if _USER.fullmatch(found) else None

    return read


def _failure(call: Call) -> Problem | None:
    """Find the error in a reply: its status, or what became of the connection."""
    _, details, _, error = call.response
    status = walk(details, ("status",)) or 0
    if status >= _FIRST_ERROR:
        code = walk(call.document, ("errorCode",)) or walk(call.document, ("error",))
        return Problem(str(status), code)
    return None if error is None else Problem(type(error).__qualname__)


def _result(call: Call) -> str | None:
    """Read how an authentication ended; one that goes on with a challenge has not ended."""
    said: Any = call.document
    state = walk(said, ("factorResult",)) or walk(said, ("status",))
    return ENDED.get(state) or UNPROVED.get(walk(said, ("errorCode",)))


def _proving(name: str, about: dict[str, Reader] | None = None) -> Operation:
    """Return an operation that tells how an authentication ended, where it did."""
    reads = {semconv.CX_AUTHENTICATION_RESULT: _result, **(about or {})}
    return Operation(name, shows=PROVES, facts=(told("authentication", reads, when=_result),))


FOUND = {semconv.CX_CALL_ITEMS: count(lambda call: call.document)}
USER = {semconv.CX_RECORD_TYPE: const("user")}
CREATED = {**USER, semconv.CX_RECORD_ID: _user(body("id"))}
UPDATE, CHANGE = Operation("update_user", request=USER), Operation("change_password")
VERIFY = _proving("verify_factor")

OPERATIONS = {
    "POST authn": _proving("sign_in"),
    "POST authn/factors/*/verify": VERIFY,
    "POST users/*/factors/*/verify": VERIFY,
    "GET users/*/factors/*/transactions/*": _proving(
        "fetch_verification", {semconv.CX_AUTHENTICATION_ID: named("transactions", _path)}
    ),
    "GET users/*/factors": Operation("list_factors"),
    "POST users/*/factors": Operation("enroll_factor"),
    "POST users/*/factors/*/lifecycle/activate": Operation("activate_factor"),
    "POST users/*/factors/*/resend": Operation("resend_code"),
    "DELETE users/*/factors/*": Operation("remove_factor"),
    "GET users": Operation("search_users", response=FOUND),
    "POST users": Operation("create_user", response=CREATED),
    "GET users/*": Operation("fetch_user", response=CREATED),
    "POST users/*": UPDATE,
    "PUT users/*": UPDATE,
    "DELETE users/*": Operation("delete_user", request=USER),
    "GET users/*/groups": Operation("list_user_groups", response=FOUND),
    "POST users/*/lifecycle/activate": Operation("activate_user"),
    "POST users/*/lifecycle/deactivate": Operation("deactivate_user"),
    "POST users/*/lifecycle/suspend": Operation("suspend_user"),
    "POST users/*/lifecycle/unsuspend": Operation("unsuspend_user"),
    "POST users/*/lifecycle/unlock": Operation("unlock_user"),
    "POST users/*/lifecycle/expire_password": Operation("expire_password"),
    "POST users/*/lifecycle/reset_password": Operation("reset_password"),
    "POST users/*/lifecycle/reset_factors": Operation("reset_factors"),
    "POST users/*/credentials/change_password": CHANGE,
    "POST users/*/credentials/forgot_password": Operation("start_password_reset"),
    "GET sessions/*": Operation("fetch_session"),
    "POST sessions/*/lifecycle/refresh": Operation("refresh_session"),
    "DELETE sessions/*": Operation("sign_out"),
    "DELETE users/*/sessions": Operation("sign_out"),
    "GET groups": unwaited("list_groups"),
    "PUT groups/*/users/*": Operation("add_user_to_group"),
    "GET logs": unwaited("list_events"),
    "POST oauth2/v1/token": Operation("fetch_token"),
}
KNOWN = words(OPERATIONS)

VENDOR = Vendor(
    name="okta",
    layer="identity",
    requires=("okta >= 3",),
    targets=(Target("okta.request_executor", "RequestExecutor.fire_request"),),
    clients=("okta.",),
    anchor=lambda client: getattr(client, "_request_executor", client),
    identify=_identify,
    document=lambda reply: json_text(reply[2]),
    failure=_failure,
    refused=lambda _, problem: problem.code in REFUSALS,
    raises=("okta",),
    throttled=frozenset({"E0000047"}),
    request={semconv.CX_RECORD_ID: _user(named("users", _path))},
    response={
        semconv.CX_VENDOR_REQUEST_ID: header("X-Okta-Request-Id"),
        semconv.CX_RATE_LIMIT_LIMIT: number(header("X-Rate-Limit-Limit")),
        semconv.CX_RATE_LIMIT_REMAINING: number(header("X-Rate-Limit-Remaining")),
        semconv.CX_RATE_LIMIT_RESET: seconds_until(header("X-Rate-Limit-Reset")),
    },
    operations=OPERATIONS,
)
