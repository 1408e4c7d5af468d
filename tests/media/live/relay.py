"""A relay for UDP that drops and delays, and keeps what it passed on as a capture would."""

from __future__ import annotations

import heapq
import random
import selectors
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.media.frames import udp

if TYPE_CHECKING:
    from collections.abc import Iterable

    from typing_extensions import Self

Address = tuple[str, int]


def free_socket(host: str) -> socket.socket:
    """Return a UDP socket on a free port."""
    found = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    found.bind((host, 0))
    found.setblocking(False)
    return found


@dataclass(slots=True)
class Harm:
    """What a relay does to packets of RTP.

    Args:
        loss: Share of packets that are dropped.
        burst: How long a loss lasts on average, packets.
        jitter: The most that a packet is delayed, seconds; the delay is evenly distributed.
        in_order: Whether packets stay in their order.
        seed: Of the dice.
    """

    loss: float = 0.0
    burst: float = 1.0
    jitter: float = 0.0
    in_order: bool = True
    seed: int = 7
    dice: random.Random = field(init=False)
    losing: bool = False
    begun: bool = False

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def drops(self) -> bool:
        """Throw the dice for a packet: a chain of two states, so that losses may clump."""
        leave = 1.0 / self.burst
        enter = leave * self.loss / (1.0 - self.loss)
        self.losing = self.dice.random() < ((1.0 - leave) if self.losing else enter)
        return self.losing

    def delay(self) -> float:
        """Throw the dice for a packet that is not dropped, seconds.

        The first is on time: what overtakes the first packet, tshark counts as never expected.
        """
        late = self.dice.random() * self.jitter if self.begun else 0.0
        self.begun = True
        return late


def is_rtp(data: bytes) -> bool:
    """Tell RTP from RTCP and from what sets calls up."""
    return len(data) >= 12 and data[0] >> 6 == 2 and not 192 <= data[1] < 224


class Relay:
    """Pass datagrams on between two parties, in a thread of its own.

    Each party has a door: what comes in at one door goes out at the other.

    Args:
        host: The address of both doors.
        harm: What to do to RTP that leaves by the second door.
    """

    def __init__(self, host: str, harm: Harm) -> None:
        self.doors = free_socket(host), free_socket(host)
        self.parties: list[Address | None] = [None, None]
        self.passed: list[tuple[float, bytes]] = []
        """RTP that left by the second door, as IP packets, with the time."""
        self.harm = harm
        self.dropped = 0
        self._waiting: list[tuple[float, int, bytes]] = []
        self._last = 0.0
        self._number = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()
        for door in self.doors:
            door.close()

    @property
    def ports(self) -> tuple[int, int]:
        """The ports of the doors."""
        first, second = (int(door.getsockname()[1]) for door in self.doors)
        return first, second

    def _run(self) -> None:
        with selectors.DefaultSelector() as selector:
            for door in (0, 1):
                selector.register(self.doors[door], selectors.EVENT_READ, door)
            while not self._end.is_set():
                due = self._waiting[0][0] - time.monotonic() if self._waiting else 0.05
                for key, _ in selector.select(max(0.0, min(due, 0.05))):
                    self._take(key.data)
                self._send_due()

    def _take(self, door: int) -> None:
        try:
            data = self.doors[door].recv(65536)
        except OSError:
            return
        if door == 1:
            self._send(0, data)
        elif not is_rtp(data):
            self._send(1, data)
        elif self.harm.drops():
            self.dropped += 1
        else:
            self._delay(data)

    def _delay(self, data: bytes) -> None:
        due = time.monotonic() + self.harm.delay()
        if self.harm.in_order:
            due = self._last = max(due, self._last)
        self._number += 1
        heapq.heappush(self._waiting, (due, self._number, data))

    def _send_due(self) -> None:
        while self._waiting and self._waiting[0][0] <= time.monotonic():
            _, _, data = heapq.heappop(self._waiting)
            self._send(1, data)
            ends = self.doors[1].getsockname(), self.parties[1] or ("127.0.0.1", 9)
            self.passed.append((time.time(), udp(data, *ends)))

    def _send(self, door: int, data: bytes) -> None:
        party = self.parties[door]
        if party is not None:
            try:
                self.doors[door].sendto(data, party)
            except OSError:
                return


def sent(frames: Iterable[tuple[float, bytes]]) -> list[tuple[float, bytes]]:
    """Return captured IP packets without the marker bit, which tshark's jitter leaves out."""
    return [(time, ip[:29] + bytes((ip[29] & 127,)) + ip[30:]) for time, ip in frames]
