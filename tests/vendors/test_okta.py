"""Okta: the real client, which is asynchronous, held to the contract.

The far end is a loopback server that follows Okta's reference. It proves what the client sends and
makes of replies; it does not prove that Okta itself answers so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cxotel import semconv
from cxotel.demo.far_ends import Fault
from cxotel.testing import ABSENT, Case, Event, Example, VendorContract
from tests.vendors.far_ends.okta import (
    CODE,
    LOGIN,
    PASSCODE,
    PASSWORD,
    PUSH,
    TRANSACTION,
    USER,
    OktaFarEnd,
    ask,
    client,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.testing import At

pytestmark = pytest.mark.timeout(300)  # importing the library takes seconds

STATUS = semconv.HTTP_RESPONSE_STATUS_CODE
RECORD, ERROR = semconv.CX_RECORD_ID, semconv.CX_VENDOR_ERROR_CODE
ABOUT = {RECORD: USER}
IS_USER = {semconv.CX_RECORD_TYPE: "user"}
PROFILE = {"profile": {"login": LOGIN, "email": LOGIN, "firstName": "J", "lastName": "C"}}


def failing(operation: str, fault: Fault) -> Callable[[At], object]:
    """Return a preparation: something goes wrong at the far end."""
    return lambda at: at.far_end.faults.add("okta", operation, fault)


def own(method: str, path: str, content: object = None) -> Callable[[At], Any]:
    """Return a request of one's own."""
    return lambda at: ask(at.client, method, f"/api/v1/{path}", content)


def on_user(operation: str, method: str, path: str, content: object = None, **more: Any) -> Example:
    """Return an example about the user who is always there."""
    attributes = {**ABOUT, **more.pop("attributes", {})}
    call = own(method, f"users/{USER}{path}", content)
    return Example(operation=operation, call=call, attributes=attributes, **more)


def proved(result: str, **more: Any) -> tuple[Event, ...]:
    """Return the event of an authentication that ended."""
    told = {semconv.CX_AUTHENTICATION_RESULT: result, **more}
    return (Event(semconv.EVENT_CX_AUTHENTICATION, told),)


def polled(result: str) -> tuple[Event, ...]:
    """Return the event of a push that came to an end."""
    id_ = {semconv.CX_AUTHENTICATION_ID: TRANSACTION}
    told = {semconv.CX_AUTHENTICATION_RESULT: result, **id_}
    return (Event(semconv.EVENT_CX_AUTHENTICATION, told),)


def push(state: str) -> Callable[[At], object]:
    """Return a preparation: what became of the push."""
    return lambda at: setattr(at.far_end, "pushed", state)


POLL = f"/factors/{PUSH}/transactions/{TRANSACTION}"
SIGN_IN = {"username": LOGIN, "password": PASSWORD}

CASE = Case(
    vendor="okta",
    far_end=OktaFarEnd,
    clients={"async": client},
    reset=lambda far_end: far_end.clear(),
    common={
        STATUS: 200,
        semconv.SERVER_ADDRESS: "127.0.0.1",
        semconv.CX_VENDOR_REQUEST_ID: str,
        semconv.CX_RATE_LIMIT_LIMIT: 600,
        semconv.CX_RATE_LIMIT_REMAINING: int,
        semconv.CX_RATE_LIMIT_RESET: int,
    },
    examples=(
        Example(
            operation="fetch_user",
            call=lambda at: at.client.get_user(USER),
            attributes={**ABOUT, **IS_USER},
        ),
        Example(
            operation="fetch_user",
            call=lambda at: at.client.get_user(LOGIN),
            attributes={**ABOUT, **IS_USER},
        ),
        Example(
            operation="fetch_user",
            call=lambda at: at.client.get_user("nobody@customer.example"),
            error="404",
            attributes={STATUS: 404, ERROR: "E0000007", **IS_USER},
        ),
        Example(
            operation="search_users",
            call=lambda at: at.client.list_users(search='profile.login eq "jane"'),
            attributes={semconv.CX_CALL_ITEMS: 1},
        ),
        Example(
            operation="create_user",
            call=own("POST", "users", PROFILE),
            attributes={RECORD: str, **IS_USER},
        ),
        on_user("update_user", "POST", "", PROFILE, attributes=IS_USER),
        on_user("update_user", "PUT", "", PROFILE, attributes=IS_USER),
        on_user("delete_user", "DELETE", "", attributes={**IS_USER, STATUS: 204}),
        on_user("list_user_groups", "GET", "/groups", attributes={semconv.CX_CALL_ITEMS: 0}),
        Example(
            operation="sign_in", call=own("POST", "authn", SIGN_IN), events=proved("succeeded")
        ),
        Example(
            operation="sign_in", call=own("POST", "authn", {**SIGN_IN, "then": "MFA_REQUIRED"})
        ),
        Example(
            operation="sign_in",
            call=own("POST", "authn", {**SIGN_IN, "password": "wrong"}),
            attributes={STATUS: 401, ERROR: "E0000004"},
            events=proved("failed"),
        ),
        Example(
            operation="verify_factor",
            call=own("POST", f"authn/factors/{CODE}/verify", {"passCode": PASSCODE}),
            events=proved("succeeded"),
        ),
        on_user(
            "verify_factor", "POST", f"/factors/{CODE}/verify", {"a": 1}, attributes={STATUS: 201}
        ),
        on_user(
            "verify_factor",
            "POST",
            f"/factors/{CODE}/verify",
            {"passCode": PASSCODE},
            events=proved("succeeded"),
        ),
        on_user(
            "verify_factor",
            "POST",
            f"/factors/{CODE}/verify",
            {"passCode": "000000"},
            attributes={STATUS: 403, ERROR: "E0000068"},
            events=proved("failed"),
        ),
        on_user("fetch_verification", "GET", POLL),
        on_user(
            "fetch_verification", "GET", POLL, prepare=push("SUCCESS"), events=polled("succeeded")
        ),
        on_user(
            "fetch_verification", "GET", POLL, prepare=push("REJECTED"), events=polled("failed")
        ),
        on_user(
            "fetch_verification", "GET", POLL, prepare=push("TIMEOUT"), events=polled("timed_out")
        ),
        Example(
            operation="list_factors",
            call=lambda at: at.client.list_factors(USER),
            attributes=ABOUT,
        ),
        on_user("enroll_factor", "POST", "/factors", {"factorType": "sms"}),
        on_user(
            "activate_factor", "POST", f"/factors/{CODE}/lifecycle/activate", {"passCode": "1"}
        ),
        on_user("resend_code", "POST", f"/factors/{CODE}/resend"),
        on_user("remove_factor", "DELETE", f"/factors/{CODE}", attributes={STATUS: 204}),
        *(
            on_user(operation, "POST", f"/lifecycle/{path}")
            for operation, path in (
                ("activate_user", "activate"),
                ("deactivate_user", "deactivate"),
                ("suspend_user", "suspend"),
                ("unsuspend_user", "unsuspend"),
                ("expire_password", "expire_password"),
                ("reset_password", "reset_password"),
                ("reset_factors", "reset_factors"),
            )
        ),
        Example(
            operation="unlock_user",
            call=lambda at: at.client.unlock_user(USER),
            attributes=ABOUT,
        ),
        on_user(
            "change_password",
            "POST",
            "/credentials/change_password",
            {"oldPassword": {"value": PASSWORD}, "newPassword": {"value": "battery staple"}},
        ),
        on_user(
            "change_password",
            "POST",
            "/credentials/change_password",
            {"oldPassword": {"value": "wrong"}, "newPassword": {"value": "battery staple"}},
            attributes={STATUS: 403, ERROR: "E0000014"},
        ),
        on_user("start_password_reset", "POST", "/credentials/forgot_password"),
        Example(operation="fetch_session", call=lambda at: at.client.get_session("101W")),
        Example(operation="refresh_session", call=own("POST", "sessions/101W/lifecycle/refresh")),
        Example(
            operation="sign_out",
            call=lambda at: at.client.revoke_session("101W"),
            attributes={STATUS: 204},
        ),
        on_user("sign_out", "DELETE", "/sessions", attributes={STATUS: 204}),
        Example(operation="list_groups", call=own("GET", "groups")),
        Example(
            operation="add_user_to_group",
            call=own("PUT", f"groups/00g1/users/{USER}"),
            attributes={**ABOUT, STATUS: 204},
        ),
        Example(operation="list_events", call=own("GET", "logs?since=2026-05-04")),
        Example(
            operation="fetch_token",
            call=lambda at: ask(at.client, "POST", "/oauth2/v1/token", {"grant_type": "x"}),
        ),
        Example(operation="request", call=own("GET", "apps")),
    ),
    slow=Example(
        operation="fetch_user",
        prepare=failing("user", Fault(hang=True)),
        call=lambda at: at.client.get_user(USER),
        attributes={**ABOUT, **IS_USER, STATUS: ABSENT},
    ),
    canaries=(
        Example(
            operation="create_user",
            call=lambda at: ask(
                at.client,
                "POST",
                "/api/v1/users",
                {
                    "profile": {
                        "lastName": at.canary.name,
                        "email": at.canary.email,
                        "mobilePhone": at.canary.phone,
                        "note": at.canary.text,
                    }
                },
            ),
        ),
        Example(
            operation="fetch_user",
            prepare=lambda at: failing(
                "user",
                Fault(
                    failure="invalid",
                    message=f"{at.canary.phone} {at.canary.email} {at.canary.name} "
                    f"{at.canary.text}",
                ),
            )(at),
            call=lambda at: at.client.get_user(at.canary.email),
            error="400",
        ),
    ),
)


class TestOkta(VendorContract):
    """The contract that every vendor keeps."""

    case = CASE
