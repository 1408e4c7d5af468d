"""A file that is read once, from its begin to its end, in pieces of bounded size."""

from __future__ import annotations

from typing import Final, Protocol

from cxotel.media.errors import MalformedError

HEAD: Final = 4096
"""How many bytes are looked at to recognise a file."""

MAX_PIECE: Final = 1 << 20
"""More bytes than this are no packet: captures cut packets at 256 KiB."""


class Readable(Protocol):
    """Whatever bytes can be read from: a file, standard input, a pipe."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes, none at the end."""
        ...


class Source:
    """Bytes to be read once, whose begin can be looked at before.

    Args:
        file: Where they come from; it need not be able to go back.

    Example:
        >>> import io
        >>> source = Source(io.BytesIO(b"one two"))
        >>> source.head, source.read(3), source.rest(100)
        (b'one two', b'one', b' two')
    """

    __slots__ = ("_file", "_waiting", "cut", "head")

    def __init__(self, file: Readable) -> None:
        self._file = file
        self.head = self._fetch(HEAD)
        """The first bytes, which reading begins with all the same."""
        self._waiting = self.head
        self.cut = False
        """Whether the file ended inside a piece."""

    def read(self, size: int) -> bytes:
        """Return so many bytes, fewer only at the end.

        Args:
            size: How many.

        Raises:
            MalformedError: Nobody needs that many at once.
        """
        if not 0 <= size <= MAX_PIECE:
            raise MalformedError(f"a piece of {size} bytes is no packet")
        piece = self._take(size)
        self.cut = self.cut or 0 < len(piece) < size
        return piece

    def rest(self, limit: int) -> bytes:
        """Return everything that is left.

        Args:
            limit: How many bytes it may be.

        Raises:
            MalformedError: There is more.
        """
        found = self._take(limit + 1)
        if len(found) > limit:
            raise MalformedError(f"more than {limit // (1 << 20)} MiB are no report")
        return found

    def _take(self, size: int) -> bytes:
        piece, self._waiting = self._waiting[:size], self._waiting[size:]
        missing = size - len(piece)
        return piece + self._fetch(missing) if missing else piece

    def _fetch(self, size: int) -> bytes:
        pieces: list[bytes] = []
        # A pipe hands out what is there, which may be less than was asked for.
        while size > 0 and (piece := self._file.read(min(size, MAX_PIECE))):
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)
