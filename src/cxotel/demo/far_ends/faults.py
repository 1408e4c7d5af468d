"""What goes wrong at the far ends.

Faults live here and nowhere else: neither the service under observation nor the telemetry sees a
label. What hit which request is kept in `Faults.injected`, to compare a diagnosis with.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

ANY = "*"
FailureKind = Literal[
    "throttled", "unavailable", "server_error", "unauthorized", "not_found", "invalid", "conflict"
]
"""What went wrong, in words that every vendor has its own status and code for."""
_INJECTED_SIZE = 10_000


@dataclass(frozen=True, slots=True)
class Failure:
    """How a vendor says that it failed.

    Attributes:
        status: The HTTP status.
        code: The vendor's own error code.
        message: The vendor's words. Real ones repeat what the customer sent.
        headers: Header fields of the answer.
    """

    status: int
    code: str
    message: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


class RefusedError(Exception):
    """A far end's handler refuses a request in its vendor's words."""

    def __init__(self, status: int, code: str, message: str) -> None:
        """Refuse with an HTTP status, the vendor's error code and its message."""
        super().__init__(message)
        self.failure = Failure(status, code, message)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong at a far end.

    Attributes:
        latency: Seconds to wait before anything else.
        failure: Fail in the vendor's own way for this kind of failure.
        status: Fail with this HTTP status (of gRPC: the canonical code's number) in its place.
        code: The vendor's error code in place of its usual one.
        message: The vendor's message in place of its usual one.
        retry_after: Seconds after which the vendor says that one may try again.
        hang: Never answer: the client gives up, or the far end stops.
        reset: Drop the connection without an answer.
        truncate: Send only this many bytes of the answer's body, then close; of a stream of
            messages, this many messages.
        changes: Values that replace those of the usual answer's JSON body, or of a bot's turn.
        times: How many requests it hits; None for all until it is removed.
        scope: Hit only requests of the contact whose number, name or id this is.
    """

    latency: float = 0.0
    failure: FailureKind | None = None
    status: int | None = None
    code: str | None = None
    message: str | None = None
    retry_after: float | None = None
    hang: bool = False
    reset: bool = False
    truncate: int | None = None
    changes: Mapping[str, Any] = field(default_factory=dict[str, Any])
    times: int | None = None
    scope: str | None = None

    @property
    def fails(self) -> bool:
        """Whether the answer is an error."""
        return self.failure is not None or self.status is not None

    def failure_of(self, table: Mapping[str, Failure]) -> Failure:
        """Put the failure in a vendor's words.

        Args:
            table: The vendor's usual answer to each kind of failure.

        Example:
            >>> table = {"throttled": Failure(429, "20429", "Too Many Requests")}
            >>> Fault(failure="throttled", retry_after=2).failure_of(table).headers
            {'Retry-After': '2'}
        """
        usual = table[self.failure or "server_error"]
        headers = dict(usual.headers)
        if self.retry_after is not None:
            headers["Retry-After"] = f"{self.retry_after:g}"
        return Failure(
            usual.status if self.status is None else self.status,
            usual.code if self.code is None else self.code,
            usual.message if self.message is None else self.message,
            headers,
        )


@dataclass(frozen=True, slots=True)
class Injected:
    """One fault that hit one request.

    Attributes:
        system: The vendor.
        operation: What was asked for.
        fault: What went wrong.
        at: When, in seconds since the epoch.
    """

    system: str
    operation: str
    fault: Fault
    at: float


class Faults:
    """What goes wrong where; one table may serve all far ends at once.

    Example:
        >>> faults = Faults()
        >>> _ = faults.add("twilio", "create_call", Fault(failure="throttled", times=1))
        >>> [fault.failure for fault in faults.take("twilio", "create_call", "To=+15550100")]
        ['throttled']
        >>> faults.take("twilio", "create_call", "To=+15550100")
        []
    """

    def __init__(self) -> None:
        """Start with nothing wrong."""
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._faults: dict[int, tuple[str, str, Fault]] = {}
        self._injected: deque[Injected] = deque(maxlen=_INJECTED_SIZE)

    def add(self, system: str, operation: str, fault: Fault) -> int:
        """Let something go wrong.

        Args:
            system: The vendor, or `ANY`.
            operation: The far end's name of the operation, or `ANY`.
            fault: What goes wrong.

        Returns:
            A number by which to remove it.
        """
        with self._lock:
            number = next(self._numbers)
            self._faults[number] = (system, operation, fault)
        return number

    def remove(self, number: int) -> None:
        """End a fault; one that has ended already is no error."""
        with self._lock:
            self._faults.pop(number, None)

    def clear(self) -> None:
        """End all faults and forget which requests they hit."""
        with self._lock:
            self._faults.clear()
            self._injected.clear()

    @property
    def injected(self) -> list[Injected]:
        """The newest faults that hit a request, oldest first."""
        with self._lock:
            return list(self._injected)

    def take(self, system: str, operation: str, text: str) -> list[Fault]:
        """Return the faults that hit a request, and count them.

        Args:
            system: The vendor.
            operation: What the request asks for.
            text: What the request says, in which scopes are looked for.
        """
        with self._lock:
            hits = [
                number
                for number, (where, what, fault) in self._faults.items()
                if where in (ANY, system)
                and what in (ANY, operation)
                and (fault.scope is None or fault.scope in text)
            ]
            return [self._count(number, system, operation) for number in hits]

    def _count(self, number: int, system: str, operation: str) -> Fault:
        where, what, fault = self._faults[number]
        self._injected.append(Injected(system, operation, fault, time.time()))
        if fault.times is not None:
            left = replace(fault, times=fault.times - 1)
            self._faults[number] = (where, what, left)
            if left.times == 0:
                del self._faults[number]
        return fault
