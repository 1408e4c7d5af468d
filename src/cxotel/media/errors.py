"""The one error that the readers of media data raise."""

from __future__ import annotations


class MalformedError(ValueError):
    """What was read is not what it should be; the message says what is wrong.

    Example:
        >>> str(MalformedError("RTP: 3 bytes are no header"))
        'RTP: 3 bytes are no header'
    """
