"""What tests with real programs share: without a program they are skipped, and say how to get it.

`CXOTEL_REQUIRE_BACKENDS=1` makes a missing program a failure, where all are known to be there.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, NoReturn, Protocol, TypeVar

import pytest

from backends.programs import MissingProgramError, find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

Running = TypeVar("Running")


class Needs(Protocol):
    """Find a program by its name, or skip the test."""

    def __call__(self, name: str, /) -> Path:
        """Return where the program is."""
        ...


class Serve(Protocol):
    """Start servers that run until the fixture ends, or skip the test: `serve(Jaeger)`."""

    def __call__(self, make: Callable[[], AbstractContextManager[Running]], /) -> Running:
        """Make a server, start it, and return it."""
        ...


def absent(error: MissingProgramError) -> NoReturn:
    """Skip the test for want of a program, or fail it where all must be there."""
    if os.environ.get("CXOTEL_REQUIRE_BACKENDS") == "1":
        pytest.fail(str(error), pytrace=False)
    pytest.skip(str(error))


@pytest.fixture(scope="session")
def needs() -> Needs:
    """Return what finds a program, such as `promtool`."""

    def look(name: str) -> Path:
        try:
            return find(name)
        except MissingProgramError as error:
            absent(error)

    return look


def _serving() -> Iterator[Serve]:
    with ExitStack() as stack:

        def start(make: Callable[[], AbstractContextManager[Running]]) -> Running:
            try:
                return stack.enter_context(make())
            except MissingProgramError as error:
                absent(error)

        yield start


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Return what starts servers for one test."""
    yield from _serving()


@pytest.fixture(scope="module")
def serve_module() -> Iterator[Serve]:
    """Return what starts servers that all tests of a module share."""
    yield from _serving()
