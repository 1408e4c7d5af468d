"""Whose client an object is."""

from __future__ import annotations

import boto3
import pytest

import cxotel
from cxotel.engine.instrumentation import instrumented


@pytest.mark.parametrize(
    ("service", "vendor"), [("connect", "amazon_connect"), ("cognito-idp", "amazon_cognito")]
)
def test_services_of_one_library_are_told_apart(service: str, vendor: str) -> None:
    """boto3 makes the classes of all its clients in one module: the class's name decides."""
    client = boto3.client(service, region_name="eu-west-1")  # pyright: ignore[reportUnknownMemberType, reportCallIssue, reportUnknownVariableType, reportArgumentType] - by parameter
    cxotel.instrument_client(client)
    assert list(instrumented()) == [vendor]
    cxotel.uninstrument_client(client)
    assert instrumented() == {}


def test_who_is_nobodys_client_is_named() -> None:
    """The message says what to pass."""
    with pytest.raises(ValueError, match=r"builtins\.object is no known vendor's client; pass"):
        cxotel.instrument_client(object())
