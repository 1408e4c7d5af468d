"""Files passed to the engine through a pipe: how far it is can be told, and names need no care.

The engine would take `*` and `{a,b}` in a file's name for a pattern.
"""

from __future__ import annotations

import errno
import gzip
import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path
    from typing import IO

PIECE: Final = 1 << 20
"""Bytes that are passed at once."""
_PATIENCE: Final = 0.01


class UnreadableError(Exception):
    """A file that cannot be read, or holds no OTLP; the message says which and why."""


@contextmanager
def fed(path: Path, folder: Path, tell: Callable[[int], None]) -> Generator[Path]:
    """Give a pipe from which a file can be read while the block runs.

    Args:
        path: The file; one whose name ends in `.gz` is decompressed.
        folder: Where the pipe is made.
        tell: Called with the number of bytes of the file that have been passed.

    Raises:
        UnreadableError: The file cannot be read, or does not begin as JSON does.
    """
    check(path)
    pipe = folder / "spans.jsonl"
    os.mkfifo(pipe)
    feed = _Feed(path, pipe, tell)
    feed.start()
    try:
        yield pipe
    finally:
        feed.stop()
        pipe.unlink()
    if feed.error is not None:
        raise UnreadableError(f"{path} cannot be read: {feed.error}") from feed.error


def check(path: Path) -> None:
    """Look whether a file may hold OTLP JSON lines.

    Raises:
        UnreadableError: The file cannot be read, or does not begin as JSON does.
    """
    try:
        with _opened(path) as file:
            begin = file.read(4096).lstrip()
    except (OSError, EOFError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UnreadableError(f"{path} cannot be read: {reason}") from error
    if begin and not begin.startswith(b"{"):
        raise UnreadableError(
            f"{path} holds no OTLP JSON lines, which cxotel.configure(file=...) and the "
            "Collector's file exporter write"
        )


def _opened(path: Path) -> IO[bytes]:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")  # pyright: ignore[reportReturnType] - both read bytes


class _Feed(threading.Thread):
    """Write a file into a pipe."""

    def __init__(self, path: Path, pipe: Path, tell: Callable[[int], None]) -> None:
        super().__init__(name="cxotel-feed", daemon=True)
        self._path, self._pipe, self._tell = path, pipe, tell
        self._stopped = threading.Event()
        self.error: Exception | None = None

    def run(self) -> None:
        """Pass the file on until its end, or until nobody reads any more."""
        try:
            end = self._open()
            if end is not None:
                with os.fdopen(end, "wb", buffering=0) as out, _opened(self._path) as file:
                    self._pass(file, out)
        except BrokenPipeError:
            return  # the query has failed, and says so itself
        except (OSError, EOFError) as error:
            self.error = error

    def stop(self) -> None:
        """Wait until all is passed, or until nobody can read it."""
        self._stopped.set()
        self.join()

    def _open(self) -> int | None:
        """Open the pipe once there is a reader: a query that failed early never reads."""
        while not self._stopped.is_set():
            try:
                end = os.open(self._pipe, os.O_WRONLY | os.O_NONBLOCK)
            except OSError as error:
                if error.errno != errno.ENXIO:
                    raise
                self._stopped.wait(_PATIENCE)
            else:
                os.set_blocking(end, True)
                return end
        return None

    def _pass(self, file: IO[bytes], out: IO[bytes]) -> None:
        passed = 0
        while piece := file.read(PIECE):
            rest = memoryview(piece)
            while rest:
                rest = rest[out.write(rest) or 0 :]
            passed += len(piece)
            self._tell(passed)
