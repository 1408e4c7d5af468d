"""Which packets of an RTP stream arrived, were lost, came late or twice, in constant memory."""

from __future__ import annotations

from copy import copy
from typing import Final

from cxotel.media.rtp.burst import GMIN, BurstMeter, Tally

WINDOW: Final = 100
"""How far behind the newest packet one may arrive and still count (RFC 3550 MAX_MISORDER)."""

MAX_DROPOUT: Final = 3000
"""How far ahead of the newest packet the next may be (RFC 3550 Appendix A.1)."""

_MASK: Final = (1 << WINDOW) - 1


class SequenceMeter:
    """Follow the sequence numbers of one stream.

    A packet is lost once it is `WINDOW` packets late, or the stream ends without it: only then is
    it known whether a hole was reordering. The stream may begin at any number.

    Args:
        gmin: Consecutive packets received that end a burst.

    Example:
        >>> meter = SequenceMeter()
        >>> for number in (65534, 65535, 1, 0, 1, 4):
        ...     fresh = meter.add(number)
        >>> meter.packets, meter.lost, meter.duplicates, meter.reordered
        (5, 2, 1, 1)

    Source: RFC 3550 Appendix A.1 and A.3.
    """

    __slots__ = (
        "_base",
        "_bursts",
        "_expected",
        "_head",
        "_jump",
        "_run",
        "_window",
        "decided",
        "decided_lost",
        "duplicates",
        "packets",
        "reordered",
        "restarts",
    )

    def __init__(self, gmin: int = GMIN) -> None:
        self.packets = 0
        self.duplicates = 0
        self.reordered = 0
        self.restarts = 0
        self.decided = 0
        self.decided_lost = 0
        self._bursts = BurstMeter(gmin)
        # Packets received that the burst meter has not been told of: telling it takes longer.
        self._run = 0
        # What was expected before the sender last restarted its numbers.
        self._expected = 0
        # The newest number, unwrapped; the first; which of the last WINDOW arrived, newest lowest.
        self._head = 0
        self._base = 1
        self._window = 0
        self._jump: int | None = None

    def add(self, sequence: int) -> int | None:
        """Take note of one packet.

        Args:
            sequence: Its sequence number, 16 bits.

        Returns:
            How far it is ahead of the newest before: 0 for the first and after a restart, negative
            for one that was overtaken. None for a duplicate, and for a number so far off that it
            is left out until the next one confirms it.
        """
        ahead = (sequence - self._head) & 0xFFFF
        if ahead == 1 and self._window:
            self._advance(1)
        elif not self._window:
            self._begin(sequence)
            ahead = 0
        elif ahead <= MAX_DROPOUT and ahead:
            self._advance(ahead)
        elif ahead == 0 or ahead > 0x10000 - WINDOW:
            return self._fill(-ahead & 0xFFFF)
        elif sequence == self._jump:
            self._restart(sequence)
            ahead = 0
        else:
            self._jump = (sequence + 1) & 0xFFFF
            return None
        self._jump = None
        self.packets += 1
        return ahead

    @property
    def expected(self) -> int:
        """Packets from the first to the newest."""
        return self._expected + self._head - self._base + 1

    @property
    def lost(self) -> int:
        """Packets that have not arrived; the youngest of them may still come."""
        return self.expected - self.packets

    @property
    def cumulative_lost(self) -> int:
        """Loss as RTCP reports it, where a packet that came twice makes up for a lost one."""
        return self.lost - self.duplicates

    @property
    def highest(self) -> int:
        """The newest sequence number with its wraps, as RTCP reports it."""
        return self._head

    def tally(self, *, final: bool = True) -> Tally:
        """Return how losses clump together.

        Args:
            final: Whether the stream ends here; otherwise what is not decided yet waits.
        """
        self._flush()
        if not final:
            return self._bursts.tally(final=False)
        end = copy(self)
        end._bursts = copy(self._bursts)  # noqa: SLF001 - a copy of ourselves
        end._decide(WINDOW)  # noqa: SLF001
        end._flush()  # noqa: SLF001
        return end._bursts.tally()  # noqa: SLF001

    def _begin(self, sequence: int) -> None:
        self._head = self._base = sequence
        self._window = 1

    def _advance(self, ahead: int) -> None:
        self._decide(ahead)
        self._window = (self._window << ahead | 1) & _MASK
        self._head += ahead

    def _fill(self, behind: int) -> int | None:
        if self._window >> behind & 1:
            self.duplicates += 1
            return None
        self._window |= 1 << behind
        # The first packet to arrive need not be the first that was sent.
        self._base = min(self._base, self._head - behind)
        self.packets += 1
        self.reordered += 1
        return -behind

    def _restart(self, sequence: int) -> None:
        """Believe a jump that the following number confirmed; its first packet counts as well."""
        self._decide(WINDOW)
        self._expected += self._head - self._base + 1
        self._begin((sequence - 1) & 0xFFFF)
        self._advance(1)
        self.packets += 1
        self.restarts += 1

    def _decide(self, ahead: int) -> None:
        """Give up the holes that fall out of the window when it moves ahead."""
        oldest = min(WINDOW - 1, self._head - self._base)
        for behind in range(oldest, max(0, WINDOW - ahead) - 1, -1):
            self.decided += 1
            if self._window >> behind & 1:
                self._run += 1
            else:
                self._give_up(1)
        if ahead > WINDOW:
            self.decided += ahead - WINDOW
            self._give_up(ahead - WINDOW)

    def _give_up(self, count: int) -> None:
        self._flush()
        self.decided_lost += count
        self._bursts.lost(count)

    def _flush(self) -> None:
        if self._run:
            self._bursts.received(self._run)
            self._run = 0
