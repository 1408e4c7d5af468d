"""Auth0: the real clients of both its APIs, synchronous and asynchronous, held to the contract.

The far end is a loopback server after Auth0's API reference. It proves what the clients send and
make of replies; it does not prove that Auth0 itself answers so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from auth0.authentication import Database, Passwordless, RevokeToken, Users
from auth0.authentication.back_channel_login import BackChannelLogin
from auth0.authentication.exceptions import Auth0Error
from auth0.authentication.pushed_authorization_requests import PushedAuthorizationRequests
from auth0.management import ManagementClient
from auth0.management.core.api_error import ApiError

from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.testing import ABSENT, Case, Event, Example, VendorContract
from tests.vendors.far_ends.auth0 import (
    PASSWORD,
    USER,
    Auth0FarEnd,
    ask,
    async_management,
    login_client,
    management,
    rest_client,
)
from tests.vendors.scored import calls, lost, scored, watching

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cxotel.testing import At

# The library takes seconds to import, which the orders of patching do seven times.
pytestmark = pytest.mark.timeout(300)

STATUS, CODE = semconv.HTTP_RESPONSE_STATUS_CODE, semconv.CX_VENDOR_ERROR_CODE
RECORD, KIND = semconv.CX_RECORD_ID, semconv.CX_RECORD_TYPE
ABOUT = {KIND: "user", RECORD: USER}
SYNC, AWAITED = ("authentication",), ("authentication async",)
ADMIN = ("management", "management async")
REALM = "http://auth0.com/oauth/grant-type/password-realm"
CIBA = "urn:openid:params:grant-type:ciba"


def log_in(at: At, password: str = PASSWORD, name: str = "anna@example.com") -> Any:
    """Log a customer in by a password."""
    if hasattr(at.client, "login"):
        return at.client.login(username=name, password=password, realm="users")
    content = {"grant_type": REALM, "username": name, "password": password, "realm": "users"}
    return at.client.post(f"{at.far_end.url}/oauth/token", data=content)


def log_in_wrong(at: At) -> Any:
    """Log a customer in by a password that is none."""
    return log_in(at, "battery staple")


def poll(at: At) -> Any:
    """Ask whether the customer has answered on their telephone."""
    return at.client.backchannel_login("req-1")


def pending(code: str) -> Callable[[At], None]:
    """Return a preparation: how the customer's answer is still to come."""
    return lambda at: setattr(at.far_end, "pending", code)


def failing(operation: str, fault: Fault) -> Callable[[At], object]:
    """Return a preparation: something goes wrong at the far end."""
    return lambda at: at.far_end.faults.add("auth0", operation, fault)


def on(kind: Any, method: str, *args: Any, **values: Any) -> Callable[[At], Any]:
    """Return a call of another client of the Authentication API."""
    return lambda at: getattr(ask(kind, at.far_end), method)(*args, **values)


def refuse(operation: str) -> Callable[[At], object]:
    """Return a preparation: the far end repeats in its error what the customer said."""

    def prepare(at: At) -> object:
        said = at.canary
        words = f"{said.phone} {said.email} {said.name} {said.text}"
        return failing(operation, Fault(failure="invalid", message=words))(at)

    return prepare


def authenticated(result: str) -> tuple[Event, ...]:
    """Return the event of a customer who proved, or did not, who they are."""
    told = {semconv.CX_AUTHENTICATION_RESULT: result}
    return (Event(semconv.EVENT_CX_AUTHENTICATION, told),)


def refused(code: str, status: int = 400) -> dict[str, Any]:
    """Return what the span of a refused call says."""
    return {STATUS: status, CODE: code}


def signup(at: At, username: str = "anna") -> Any:
    """Sign a customer up."""
    made: Any = ask(Database, at.far_end)
    return made.signup("anna@example.com", "secret", "users", username=username)


def send_personal(at: At) -> Any:
    """Send everything of a customer's that must not leave, and get it back."""
    said = at.canary
    content = {"email": said.email, "phone": said.phone, "name": f"{said.name} {said.text}"}
    return at.client.post(f"{at.far_end.url}/passwordless/start", data=content)


UNTOLD = {
    semconv.CX_RATE_LIMIT_LIMIT: ABSENT,
    semconv.CX_RATE_LIMIT_REMAINING: ABSENT,
    semconv.CX_RATE_LIMIT_RESET: ABSENT,
    semconv.CX_VENDOR_REQUEST_ID: ABSENT,
    STATUS: ABSENT,
}


def slow(at: At) -> Any:
    """Make a call that is never answered, as each client does."""
    return at.client.users.get(USER) if hasattr(at.client, "users") else log_in(at)


def logins(variants: tuple[str, ...]) -> tuple[Example, ...]:
    """Return examples of logins that the clients of the Authentication API share."""
    return (
        Example(
            operation="log_in",
            variants=variants,
            call=log_in,
            events=authenticated("succeeded"),
        ),
        Example(
            operation="log_in",
            variants=variants,
            call=log_in_wrong,
            raises=Auth0Error,
            attributes=refused("invalid_grant", 403),
            events=authenticated("failed"),
        ),
        Example(
            operation="log_in",
            variants=variants,
            prepare=failing("token", Fault(status=403, code="mfa_required")),
            call=log_in,
            raises=Auth0Error,
            attributes=refused("mfa_required", 403),
        ),
        Example(
            operation="log_in",
            variants=variants,
            prepare=failing("token", Fault(failure="unavailable")),
            call=log_in,
            raises=Auth0Error,
            error="Auth0Error",
            attributes=refused("service_unavailable", 503),
        ),
    )


CASE = Case(
    vendor="auth0",
    far_end=Auth0FarEnd,
    clients={
        "authentication": login_client,
        "authentication async": rest_client,
        "management": management,
        "management async": async_management,
    },
    reset=lambda far_end: far_end.clear(),
    common={
        STATUS: 200,
        semconv.SERVER_ADDRESS: "127.0.0.1",
        semconv.CX_VENDOR_REQUEST_ID: str,
        semconv.CX_RATE_LIMIT_LIMIT: 100,
        semconv.CX_RATE_LIMIT_REMAINING: 99,
        semconv.CX_RATE_LIMIT_RESET: int,
    },
    examples=(
        *logins((*SYNC, *AWAITED)),
        Example(
            operation="check_code",
            variants=SYNC,
            call=lambda at: at.client.passwordless_login(
                "+15550100", "17686", "sms", "openid", "api"
            ),
            events=authenticated("succeeded"),
        ),
        Example(
            operation="check_code",
            variants=SYNC,
            call=lambda at: at.client.passwordless_login(
                "+15550100", "00000", "sms", "openid", "api"
            ),
            raises=Auth0Error,
            attributes=refused("invalid_grant", 403),
            events=authenticated("failed"),
        ),
        Example(
            operation="poll_login",
            variants=SYNC,
            call=poll,
            events=authenticated("succeeded"),
        ),
        Example(
            operation="poll_login",
            variants=SYNC,
            prepare=pending("authorization_pending"),
            call=poll,
            raises=Auth0Error,
            attributes=refused("authorization_pending"),
        ),
        Example(
            operation="poll_login",
            variants=SYNC,
            prepare=pending("expired_token"),
            call=poll,
            raises=Auth0Error,
            attributes=refused("expired_token"),
            events=authenticated("timed_out"),
        ),
        Example(
            operation="exchange_code",
            variants=SYNC,
            call=lambda at: at.client.authorization_code("code", "https://app.example"),
        ),
        Example(
            operation="refresh_token",
            variants=SYNC,
            call=lambda at: at.client.refresh_token("token"),
        ),
        Example(
            operation="fetch_token",
            variants=SYNC,
            call=lambda at: at.client.client_credentials("https://api.example"),
        ),
        Example(
            operation="revoke_token",
            variants=SYNC,
            call=on(RevokeToken, "revoke_refresh_token", "token"),
            attributes={STATUS: 204},
        ),
        Example(
            operation="push_authorization",
            variants=SYNC,
            call=on(
                PushedAuthorizationRequests,
                "pushed_authorization_request",
                "code",
                "https://app.example",
            ),
            attributes={STATUS: 201},
        ),
        Example(
            operation="request_login",
            variants=SYNC,
            call=on(
                BackChannelLogin,
                "back_channel_login",
                binding_message="1234",
                login_hint='{"format": "iss_sub"}',
                scope="openid",
            ),
        ),
        Example(operation="send_code", variants=SYNC, call=on(Passwordless, "sms", "+15550100")),
        Example(operation="sign_up", variants=SYNC, call=signup),
        Example(
            operation="sign_up",
            variants=SYNC,
            call=lambda at: signup(at, "taken"),
            raises=Auth0Error,
            attributes=refused("invalid_signup"),
        ),
        Example(
            operation="request_password_change",
            variants=SYNC,
            call=on(Database, "change_password", "anna@example.com", "users"),
        ),
        Example(
            operation="fetch_userinfo",
            variants=SYNC,
            call=lambda at: Users(at.far_end.domain, protocol="http").userinfo("token"),
            attributes={KIND: "user"},
        ),
        Example(
            operation="fetch_keys",
            variants=AWAITED,
            call=lambda at: at.client.get(f"{at.far_end.url}/.well-known/jwks.json"),
        ),
        Example(
            operation="create_user",
            variants=ADMIN,
            call=lambda at: at.client.users.create(connection="users", email="a@example.com"),
            attributes={**ABOUT, STATUS: 201},
        ),
        Example(
            operation="search_users",
            variants=ADMIN,
            call=lambda at: at.client.users.list(q="blocked:true"),
            attributes={KIND: "user", semconv.CX_CALL_ITEMS: 1},
        ),
        Example(
            operation="find_users",
            variants=ADMIN,
            call=lambda at: at.client.users.list_users_by_email(email="a@example.com"),
            attributes={KIND: "user", semconv.CX_CALL_ITEMS: 1},
        ),
        Example(
            operation="fetch_user",
            variants=ADMIN,
            call=lambda at: at.client.users.get(USER),
            attributes=ABOUT,
        ),
        Example(
            operation="update_user",
            variants=ADMIN,
            call=lambda at: at.client.users.update(USER, blocked=True),
            attributes=ABOUT,
        ),
        Example(
            operation="delete_user",
            variants=ADMIN,
            call=lambda at: at.client.users.delete(USER),
            attributes={**ABOUT, STATUS: 204},
        ),
        Example(
            operation="list_enrollments",
            variants=ADMIN,
            call=lambda at: at.client.users.enrollments.get(USER),
            attributes=ABOUT,
        ),
        Example(
            operation="list_user_logs",
            variants=ADMIN,
            call=lambda at: at.client.users.logs.list(USER),
            attributes=ABOUT,
        ),
        Example(
            operation="fetch_user_block",
            variants=ADMIN,
            call=lambda at: at.client.user_blocks.list(USER),
            attributes=ABOUT,
        ),
        Example(
            operation="unblock_user",
            variants=ADMIN,
            call=lambda at: at.client.user_blocks.delete(USER),
            attributes={**ABOUT, STATUS: 204},
        ),
        Example(
            operation="create_password_ticket",
            variants=ADMIN,
            call=lambda at: at.client.tickets.change_password(user_id=USER),
            attributes={STATUS: 201},
        ),
        Example(
            operation="create_verification_ticket",
            variants=ADMIN,
            call=lambda at: at.client.tickets.verify_email(user_id=USER),
            attributes={STATUS: 201},
        ),
        Example(
            operation="send_verification",
            variants=ADMIN,
            call=lambda at: at.client.jobs.verification_email.create(user_id=USER),
            attributes={STATUS: 201},
        ),
        Example(
            operation="create_enrollment_ticket",
            variants=ADMIN,
            call=lambda at: at.client.guardian.enrollments.create_ticket(user_id=USER),
        ),
        Example(operation="request", variants=ADMIN, call=lambda at: at.client.roles.list()),
        Example(
            operation="fetch_user",
            variants=ADMIN,
            prepare=failing("user", Fault(failure="not_found")),
            call=lambda at: at.client.users.get(USER),
            raises=ApiError,
            error="404",
            attributes={**ABOUT, **refused("inexistent_user", 404)},
        ),
    ),
    slow=Example(
        operation="log_in",
        prepare=lambda at: [
            at.far_end.faults.add("auth0", name, Fault(hang=True)) for name in ("token", "user")
        ],
        call=slow,
        clients={
            "authentication": lambda far_end: login_client(far_end, timeout=0.3),
            "management": lambda far_end: management(far_end, timeout=0.3),
        },
        raises=Exception,  # that of requests, or that of httpx: both are called ReadTimeout
        error="ReadTimeout",
        attributes=UNTOLD,
    ),
    canaries=(
        Example(operation="send_code", variants=(*SYNC, *AWAITED), call=send_personal),
        Example(
            operation="send_code",
            variants=(*SYNC, *AWAITED),
            prepare=refuse("send_code"),
            call=send_personal,
            raises=Auth0Error,
        ),
        Example(
            operation="update_user",
            variants=ADMIN,
            call=lambda at: at.client.users.update(
                USER,
                name=at.canary.name,
                email=at.canary.email,
                phone_number=at.canary.phone,
                user_metadata={"note": at.canary.text},
            ),
        ),
        Example(
            operation="fetch_user",
            variants=ADMIN,
            call=lambda at: at.client.users.get(f"sms|{at.canary.phone}"),
        ),
        Example(
            operation="update_user",
            variants=ADMIN,
            prepare=refuse("user"),
            call=lambda at: at.client.users.update(USER, blocked=True),
            raises=ApiError,
        ),
    ),
)


class TestAuth0(VendorContract):
    """The contract that every vendor keeps."""

    case = CASE


@pytest.fixture
def far_end() -> Iterator[Auth0FarEnd]:
    """A server of one's own; no handler of it may crash."""
    with Auth0FarEnd() as running:
        yield running
    assert running.crashes == []


def test_a_wrong_password_is_not_blamed_on_auth0(far_end: Auth0FarEnd) -> None:
    """Whoever mistypes a password and tries again costs effort, and no failure of Auth0's."""
    with login_client(far_end) as auth0, scored("auth0") as told:
        with pytest.raises(Auth0Error):
            auth0.login("anna@example.com", "battery staple", realm="users")
        auth0.login("anna@example.com", PASSWORD, realm="users")
    assert lost(told) == {"effort"}


def test_an_outage_is_blamed_on_auth0(far_end: Auth0FarEnd) -> None:
    """A login that fails for Auth0's sake costs reliability where the journey meets it."""
    far_end.faults.add("auth0", "token", Fault(failure="unavailable"))
    with (
        login_client(far_end) as auth0,
        pytest.raises(Auth0Error),
        scored("auth0") as told,
    ):
        auth0.login("anna@example.com", PASSWORD, realm="users")
    assert told[semconv.CX_EXPERIENCE_BLAME_SYSTEM] == "auth0"
    assert told[semconv.CX_EXPERIENCE_BLAME_LAYER] == "identity"
    assert "reliability" in lost(told)


def test_an_account_that_is_locked_is_no_throttling(far_end: Auth0FarEnd) -> None:
    """Auth0 answers too many wrong passwords with 429: that is the customer's account alone."""
    locked = Fault(status=429, code="too_many_attempts")
    far_end.faults.add("auth0", "token", locked)
    with (
        login_client(far_end) as auth0,
        watching("auth0") as telemetry,
        pytest.raises(Auth0Error),
    ):
        auth0.login("anna@example.com", PASSWORD, realm="users")
    (span,) = calls(telemetry)
    assert semconv.CX_CALL_THROTTLED not in span["attributes"]
    assert span["events"][0]["attributes"][semconv.CX_AUTHENTICATION_RESULT] == "failed"


def test_getting_a_token_first_is_no_attempt_of_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """The management client gets a token by itself: a call tells of its own request alone."""
    with Auth0FarEnd(tls=True) as far_end:
        monkeypatch.setenv("SSL_CERT_FILE", str(far_end.server.ca_file))
        about: dict[str, Any] = {"domain": far_end.domain, "client_id": "c", "client_secret": "s"}
        with httpx.Client() as http, watching("auth0") as telemetry:
            ManagementClient(**about, httpx_client=http).users.get(USER)
    (span,) = calls(telemetry)
    assert semconv.HTTP_REQUEST_RESEND_COUNT not in span["attributes"]
    assert far_end.received.operations == ["token", "user"]
