"""A time limit for client libraries that make their own sessions of `requests` and set none."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter

if TYPE_CHECKING:
    from collections.abc import Generator

    import requests

SHORT, LONG = 0.3, 10.0
"""Seconds until a request to `localhost`, and to anywhere else, is given up."""


@contextmanager
def impatient() -> Generator[None, None, None]:
    """Give requests without a time limit one, for the length of a block.

    Two clients of one far end have limits of their own where they call it by different names.
    """
    patient = HTTPAdapter.send

    def send(
        adapter: HTTPAdapter, request: requests.PreparedRequest, *args: Any, **more: Any
    ) -> Any:
        limit = SHORT if urlsplit(request.url or "").hostname == "localhost" else LONG
        more["timeout"] = more.get("timeout") or limit
        return patient(adapter, request, *args, **more)

    with mock.patch.object(HTTPAdapter, "send", send):
        yield
