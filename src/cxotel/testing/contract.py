"""The contract suite as a test class: subclass it, say what is specific to a vendor, run pytest."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from cxotel.testing.checks import BY_CLIENT, WHOLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxotel.testing.case import Case


class VendorContract:
    """Hold a vendor to the contract; pytest collects subclasses whose name begins with `Test`.

    A subclass sets `case`. Each check runs with each of its clients, and the orders of patching
    and importing in interpreters of their own.

    Example:
        >>> class TestNothing(VendorContract):
        ...     "Without a case there is nothing to collect."
        >>> [name for name in dir(TestNothing) if name.startswith("test_")]
        ['test_contract']
    """

    case: ClassVar[Case]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Tell the case where it can be found from another interpreter."""
        super().__init_subclass__(**kwargs)
        case = vars(cls).get("case")
        if case is not None and not case.reference:
            cls.case = replace(case, reference=f"{cls.__module__}:{cls.__qualname__}.case")

    def pytest_generate_tests(self, metafunc: Any) -> None:
        """Make one test of each check and client; pytest calls it."""
        if "check" in metafunc.fixturenames:
            checks = self._checks()
            metafunc.parametrize("check", checks.values(), ids=list(checks))

    def _checks(self) -> dict[str, Callable[[], None]]:
        checks: dict[str, Callable[[], None]] = {}
        for check in BY_CLIENT:
            for variant in self.case.variants:
                name = f"{check.__name__.removeprefix('check_')}-{variant}"
                checks[name] = partial(check, self.case.only(variant))
        for check in WHOLE:
            checks[check.__name__.removeprefix("check_")] = partial(check, self.case)
        return checks

    def test_contract(self, check: Callable[[], None]) -> None:
        """The vendor keeps one phrase of the contract."""
        check()
