"""Auth0: logins through its authentication client, users through its generated management client.

The one returns what a reply says and raises what is refused; the other returns replies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from cxotel import semconv
from cxotel.engine import (
    Operation,
    Target,
    Vendor,
    body,
    count,
    header,
    number,
    seconds_until,
    told,
    unwaited,
    walk,
)
from cxotel.vendors.families import fern
from cxotel.vendors.families.rest_paths import segments, starred, words

if TYPE_CHECKING:
    from cxotel.engine import Call, Problem

_URNS = "http://auth0.com/oauth/grant-type/"
GRANTS = {
    "password": "password",
    f"{_URNS}password-realm": "password",
    f"{_URNS}passwordless/otp": "otp",
    "urn:openid:params:grant-type:ciba": "ciba",
    "authorization_code": "code",
    "refresh_token": "refresh",
    "client_credentials": "client",
}
"""https://auth0.com/docs/get-started/applications/application-grant-types."""
_PASSWORD = dict.fromkeys(
    ("invalid_grant", "invalid_user_password", "password_leaked", "too_many_attempts"), "failed"
)
ANSWERS: dict[str, dict[str, str | None]] = {
    "log_in": {**_PASSWORD, "unauthorized": "failed", "mfa_required": None},
    "check_code": {"invalid_grant": "failed", "too_many_attempts": "failed"},
    "poll_login": {
        "access_denied": "failed",
        "expired_token": "timed_out",
        "authorization_pending": None,
        "slow_down": None,
    },
    "sign_up": dict.fromkeys(
        ("invalid_password", "invalid_signup", "user_exists", "username_exists")
    ),
}
"""What is refused for the customer's sake, by operation and code, and what it says of who asks.

https://auth0.com/docs/libraries/common-auth0-library-authentication-errors; for the last two,
OpenID Connect Client-Initiated Backchannel Authentication, section 11.
"""


def _asked(call: Call) -> tuple[str, str]:
    """Return a request's verb and path; the authentication client has a URL."""
    if call.function == "request":
        return fern.asked(call)
    verb, url = map(str, call.args[:2])
    return verb, urlsplit(url).path


def _identify(call: Call) -> str:
    """Name a call by verb and path, and a request for a token by what it is granted for."""
    key = starred(*_asked(call), WORDS)
    grant: Any = walk(call.argument("json"), ("grant_type",))
    return f"{key} {GRANTS.get(grant, '')}" if key == "POST oauth/token" else key


def _document(reply: Any) -> Any:
    return fern.document(reply) if hasattr(reply, "status_code") else reply


def _failure(call: Call) -> Problem | None:
    """Find the problem of a reply; what the authentication client returns has none."""
    return FAILURE(call) if hasattr(call.response, "status_code") else None


def _answers(call: Call) -> dict[str, str | None]:
    return ANSWERS.get(call.plan.operation.name, {})


def _result(call: Call) -> str | None:
    """Read how an authentication ended, if it has: a second factor may still be wanted."""
    return "succeeded" if call.error is None else _answers(call).get(_code(call.error) or "")


def _code(error: Any) -> str | None:
    return walk(error, ("error_code",))


def _user(call: Call) -> str | None:
    """Read the id in a path such as `users/auth0%7C507f1f77`."""
    name, *rest = segments(_asked(call)[1])
    return unquote(rest[0]) if name in {"users", "user-blocks"} and rest else None


def _kind(call: Call) -> str | None:
    return "user" if segments(_asked(call)[1])[0].startswith("user") else None


def _anchor(client: Any) -> object:
    """Return what makes the requests of a client of either kind."""
    rest = walk(client, ("client",)) or fern.anchor(client)
    return rest or fern.anchor(walk(client, ("_api",))) or client


FAILURE = fern.failing("errorCode")
AUTHENTICATED = told("authentication", {semconv.CX_AUTHENTICATION_RESULT: _result}, when=_result)
_SHOWS = ("effort", "responsiveness", "reliability")
MADE = {semconv.CX_RECORD_ID: body("user_id")}

OPERATIONS = {
    "POST oauth/token password": Operation("log_in", shows=_SHOWS, facts=(AUTHENTICATED,)),
    "POST oauth/token otp": Operation("check_code", shows=_SHOWS, facts=(AUTHENTICATED,)),
    "POST oauth/token ciba": Operation("poll_login", shows=_SHOWS, facts=(AUTHENTICATED,)),
    "POST oauth/token code": Operation("exchange_code"),
    "POST oauth/token refresh": Operation("refresh_token"),
    "POST oauth/token client": Operation("fetch_token"),
    "POST oauth/revoke": Operation("revoke_token"),
    "POST oauth/par": Operation("push_authorization"),
    "POST bc-authorize": Operation("request_login"),
    "POST passwordless/start": Operation("send_code"),
    "POST dbconnections/signup": Operation("sign_up"),
    "POST dbconnections/change_password": Operation("request_password_change"),
    "GET userinfo": Operation("fetch_userinfo"),
    "GET .well-known/jwks.json": Operation("fetch_keys"),
    "GET users": Operation("search_users", response={semconv.CX_CALL_ITEMS: count(body("users"))}),
    "GET users-by-email": Operation("find_users", response={semconv.CX_CALL_ITEMS: count(body())}),
    "POST users": Operation("create_user", response=MADE),
    "GET users/*": Operation("fetch_user"),
    "PATCH users/*": Operation("update_user"),
    "DELETE users/*": Operation("delete_user"),
    "GET users/*/enrollments": Operation("list_enrollments"),
    "GET users/*/logs": unwaited("list_user_logs"),
    "GET user-blocks/*": Operation("fetch_user_block"),
    "DELETE user-blocks/*": Operation("unblock_user"),
    "POST tickets/password-change": Operation("create_password_ticket"),
    "POST tickets/email-verification": Operation("create_verification_ticket"),
    "POST jobs/verification-email": Operation("send_verification"),
    "POST guardian/enrollments/ticket": Operation("create_enrollment_ticket"),
}
WORDS = words(OPERATIONS)

VENDOR = Vendor(
    name="auth0",
    layer="identity",
    requires=("auth0-python >= 5",),
    targets=(
        *fern.targets("auth0.management"),
        Target("auth0.authentication.rest", "RestClient._request"),
        Target("auth0.authentication.rest_async", "AsyncRestClient._request"),
    ),
    clients=("auth0.management.", "auth0.authentication."),
    asides=(
        Target("auth0.management.token_provider", "TokenProvider._fetch_token"),
        Target("auth0.management.token_provider", "AsyncTokenProvider._fetch_token"),
    ),
    anchor=_anchor,
    identify=_identify,
    document=_document,
    failure=_failure,
    error_code=_code,
    refused=lambda call, problem: problem.code in _answers(call),
    raises=("auth0.management",),
    request={semconv.CX_RECORD_TYPE: _kind, semconv.CX_RECORD_ID: _user},
    response={
        semconv.CX_VENDOR_REQUEST_ID: header("x-auth0-requestid"),
        semconv.CX_RATE_LIMIT_LIMIT: number(header("x-ratelimit-limit")),
        semconv.CX_RATE_LIMIT_REMAINING: number(header("x-ratelimit-remaining")),
        # https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy
        semconv.CX_RATE_LIMIT_RESET: seconds_until(header("x-ratelimit-reset")),
    },
    operations=OPERATIONS,
)
